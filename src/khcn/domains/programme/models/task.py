"""The task, its people, work and products."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.programme.choices import (
    AssetTrackState,
    AwardMode,
    Grade,
    LumpMode,
    ProductForm,
    ProductType,
    Purpose,
    RecoveryState,
    ResultState,
    Sector,
    SettlementState,
    TaskKind,
    TaskLevel,
    TaskState,
    UptakeState,
    WorkTitle,
)
from khcn.domains.programme.models.law import RuleSet
from khcn.domains.programme.models.pipeline import Application, Order
from khcn.domains.programme.models.plan import ContentLine, Plan, PlanField, PlanItem
from khcn.kernel.orgs.models import Organisation, Person
from khcn.kernel.places.models import Place
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned, VndField


class Task(Versioned):
    """An approved task (nhiệm vụ KH&CN), from the decision to the archive.

    `state` is the main track up to acceptance; then result, settlement, asset, uptake (and recovery) run in parallel.
    Identity: `code` for people (pattern is data of the rule set), `uid` outside. `rule_set` is pinned at approval.
    """

    code = models.CharField("mã số", max_length=40, unique=True)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="kế hoạch")
    field = models.ForeignKey(
        PlanField, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="lĩnh vực"
    )
    line = models.ForeignKey(
        ContentLine, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="nội dung của kế hoạch"
    )
    plan_item = models.ForeignKey(
        PlanItem, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="dòng phụ lục"
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="đặt hàng"
    )
    application = models.OneToOneField(
        Application, models.PROTECT, null=True, blank=True, related_name="task", verbose_name="hồ sơ trúng tuyển"
    )
    title = models.CharField("tên nhiệm vụ", max_length=500)
    kind = EnumField("loại", enum=TaskKind)
    level = EnumField("cấp", enum=TaskLevel, default=TaskLevel.PROVINCIAL)
    mode = EnumField("phương thức", enum=AwardMode, default=AwardMode.SELECTION)
    lump_mode = EnumField("phương thức khoán", enum=LumpMode, default=LumpMode.PARTIAL)
    objective = models.TextField("mục tiêu", blank=True)
    place = models.CharField("địa bàn", max_length=300, blank=True)
    host = models.ForeignKey(Organisation, models.PROTECT, related_name="hosted_tasks", verbose_name="tổ chức chủ trì")
    pi = models.ForeignKey(Person, models.PROTECT, related_name="led_tasks", verbose_name="chủ nhiệm")
    orderer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan đặt hàng"
    )
    partners = models.ManyToManyField(Organisation, blank=True, related_name="+", verbose_name="đơn vị phối hợp")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name="bộ quy tắc")
    decision_number = models.CharField("quyết định phê duyệt", max_length=80, blank=True)
    approved_on = models.DateField("phê duyệt ngày")
    start_on = models.DateField("bắt đầu", null=True, blank=True)
    end_on = models.DateField("kết thúc", null=True, blank=True)
    original_end_on = models.DateField("kết thúc theo hợp đồng gốc", null=True, blank=True)
    state_vnd = VndField("ngân sách nhà nước", default=0)
    counterpart_vnd = VndField("vốn đối ứng", default=0)
    state = EnumField("trạng thái", enum=TaskState, default=TaskState.APPROVED)
    result_state = EnumField("đăng ký, công nhận", enum=ResultState, default=ResultState.NOT_STARTED)
    settlement_state = EnumField("quyết toán, thanh lý", enum=SettlementState, default=SettlementState.NOT_STARTED)
    asset_state = EnumField("tài sản", enum=AssetTrackState, default=AssetTrackState.NOT_STARTED)
    uptake_state = EnumField("ứng dụng", enum=UptakeState, default=UptakeState.NOT_STARTED)
    recovery_state = EnumField("thu hồi", enum=RecoveryState, default=RecoveryState.NOT_STARTED)
    grade = EnumField("xếp loại", enum=Grade, blank=True, default="")
    accepted_on = models.DateField("nghiệm thu ngày", null=True, blank=True)
    recognised_on = models.DateField("công nhận ngày", null=True, blank=True)
    not_applied_reason = models.TextField("lý do chưa ứng dụng", blank=True)
    funding_stopped_on = models.DateField("ngừng cấp kinh phí từ", null=True, blank=True)
    is_secret = models.BooleanField("bí mật nhà nước (chỉ ghi tên mục)", default=False)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=700, editable=False, db_index=True)

    class Meta:
        verbose_name = "nhiệm vụ"
        verbose_name_plural = "nhiệm vụ"
        ordering = ["-approved_on", "code"]
        indexes = [
            models.Index(fields=["plan", "state"]),
            models.Index(fields=["state", "end_on"]),
            models.Index(fields=["approved_on"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="task_dates_in_order", condition=Q(start_on=None) | Q(end_on=None) | Q(start_on__lte=F("end_on"))
            ),
            models.CheckConstraint(
                name="task_money_not_negative", condition=Q(state_vnd__gte=0, counterpart_vnd__gte=0)
            ),
            models.CheckConstraint(
                name="task_accepted_has_grade", condition=~Q(state="accepted") | Q(grade__in=["excellent", "pass"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.title}")[:700]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Participation(Identified):
    """A person's part in a task, with the months and the coefficient that pay for it."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="participations", verbose_name="nhiệm vụ")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations", verbose_name="người")
    title = EnumField("chức danh", enum=WorkTitle)
    months = models.DecimalField("tháng công", max_digits=6, decimal_places=2, default=0)

    class Meta:
        verbose_name = "tham gia"
        verbose_name_plural = "tham gia"
        constraints = [
            models.UniqueConstraint(fields=["task", "person"], name="participation_once"),
            models.CheckConstraint(name="participation_months", condition=Q(months__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.title}"


class WorkContent(Versioned):
    """One content of work of a task with its time and how much is done."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="contents", verbose_name="nhiệm vụ")
    ordinal = models.PositiveIntegerField("thứ tự")
    title = models.CharField("nội dung", max_length=500)
    start_on = models.DateField("từ", null=True, blank=True)
    end_on = models.DateField("đến", null=True, blank=True)
    percent_done = models.PositiveSmallIntegerField("% hoàn thành", default=0)

    class Meta:
        verbose_name = "nội dung công việc"
        verbose_name_plural = "nội dung công việc"
        ordering = ["task", "ordinal", "id"]
        constraints = [models.CheckConstraint(name="content_percent", condition=Q(percent_done__lte=100))]

    def __str__(self) -> str:
        return self.title


class Product(Versioned):
    """A result that a task owes. Type, purpose and sector lock at contract, so no target is met by relabelling.

    grade is set by the acceptance council, per product line.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="products", verbose_name="nhiệm vụ")
    code = models.CharField("mã", max_length=40, unique=True)
    name = models.CharField("tên sản phẩm", max_length=300)
    type = EnumField("loại sản phẩm", enum=ProductType)
    form = EnumField("dạng", enum=ProductForm, default=ProductForm.FORM_1)
    purpose = EnumField("phục vụ", enum=Purpose)
    sector = EnumField("ngành", enum=Sector)
    locked_on = models.DateField("khóa phân loại ngày", null=True, blank=True)
    ordered_quantity = models.DecimalField("số lượng đặt hàng", max_digits=14, decimal_places=3, default=1)
    delivered_quantity = models.DecimalField("số lượng đạt", max_digits=14, decimal_places=3, null=True, blank=True)
    unit = models.CharField("đơn vị tính", max_length=60, blank=True)
    quality = models.TextField("yêu cầu chất lượng", blank=True)
    application_place = models.CharField("địa chỉ ứng dụng", max_length=300, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nơi ứng dụng"
    )
    grade = EnumField("kết quả nghiệm thu", enum=Grade, blank=True, default="")
    graded_on = models.DateField("nghiệm thu ngày", null=True, blank=True)
    folded = models.CharField(max_length=400, editable=False, blank=True, default="")

    class Meta:
        verbose_name = "sản phẩm"
        verbose_name_plural = "sản phẩm"
        ordering = ["task", "code"]
        indexes = [
            models.Index(fields=["type", "sector", "purpose"]),
            models.Index(fields=["task", "type", "purpose", "sector", "grade"], name="product_task_stage"),
        ]
        constraints = [
            models.CheckConstraint(
                name="product_quantities",
                condition=Q(ordered_quantity__gt=0) & (Q(delivered_quantity=None) | Q(delivered_quantity__gte=0)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded text for search."""
        self.folded = folded_product(self.code, self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


def folded_product(code: str, name: str) -> str:
    """What a product is searched by."""
    return fold(f"{code} {name}")[:400]


class Reclassification(Identified):
    """A change of a locked product's type, purpose or sector: asked with a reason, decided by another person."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="reclassifications", verbose_name="sản phẩm")
    attribute = models.CharField("thuộc tính", max_length=20)
    old = models.CharField("cũ", max_length=40)
    new = models.CharField("mới", max_length=40)
    reason = models.TextField("lý do")
    asked_by = models.ForeignKey("orgs.User", models.PROTECT, related_name="+", verbose_name="người đề nghị")
    asked_at = models.DateTimeField("đề nghị lúc", auto_now_add=True)
    decided_by = models.ForeignKey(
        "orgs.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người duyệt"
    )
    decided_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    is_approved = models.BooleanField("đồng ý", null=True)

    class Meta:
        verbose_name = "phân loại lại"
        verbose_name_plural = "phân loại lại"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="reclassification_two_people", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.old} → {self.new}"
