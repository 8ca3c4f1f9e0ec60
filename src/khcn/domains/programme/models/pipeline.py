"""From an idea to an approved task: proposals, look-ups, order lists, calls, applications."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.programme.choices import (
    ApplicationState,
    AwardMode,
    CallState,
    CriteriaKind,
    LumpMode,
    OrderListState,
    ProposalState,
    TaskKind,
    TaskLevel,
)
from khcn.domains.programme.models.law import RuleSet
from khcn.domains.programme.models.plan import ContentLine, Plan, PlanField, PlanItem
from khcn.kernel.orgs.models import Organisation, Person, User
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned, VndField


class Proposal(Versioned):
    """An idea for a task, filed by anyone; ends listed in an order list, or dropped with reasons.

    is_secret: what the proposer declared, None until then; a secret one keeps no contents here and goes on paper.
    wish_uid: the wish of another room (an improvement that needs research) from which it grew.
    """

    code = models.CharField("mã", max_length=40, unique=True)
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name="kế hoạch"
    )
    field = models.ForeignKey(
        PlanField, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lĩnh vực"
    )
    line = models.ForeignKey(
        ContentLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nội dung của kế hoạch"
    )
    plan_item = models.ForeignKey(
        PlanItem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dòng phụ lục"
    )
    title = models.CharField("tên nhiệm vụ đề xuất", max_length=500)
    kind = EnumField("loại nhiệm vụ", enum=TaskKind, default=TaskKind.RESEARCH)
    level = EnumField("cấp", enum=TaskLevel, default=TaskLevel.PROVINCIAL)
    grounds = models.TextField("căn cứ đề xuất", blank=True)
    need = models.TextField("tính cấp thiết", blank=True)
    objective = models.TextField("mục tiêu", blank=True)
    contents = models.TextField("nội dung chính", blank=True)
    expected_products = models.TextField("sản phẩm dự kiến", blank=True)
    application_address = models.TextField("địa chỉ ứng dụng, cam kết sử dụng", blank=True)
    effects = models.TextField("dự kiến hiệu quả mang lại", blank=True)
    place = models.CharField("địa bàn", max_length=300, blank=True)
    year_from = models.PositiveSmallIntegerField("dự kiến từ năm", null=True, blank=True)
    year_to = models.PositiveSmallIntegerField("đến năm", null=True, blank=True)
    budget_vnd = VndField("kinh phí dự kiến", null=True, blank=True)
    proposer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="đơn vị đề xuất")
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người đề xuất")
    orderer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan đặt hàng"
    )
    state = EnumField("trạng thái", enum=ProposalState, default=ProposalState.DRAFT)
    rule_set = models.ForeignKey(
        RuleSet, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bộ quy tắc"
    )
    submitted_on = models.DateField("ngày nộp", null=True, blank=True)
    conclusion = models.TextField("kết luận của hội đồng", blank=True)
    is_secret = models.BooleanField("thuộc bí mật nhà nước", null=True, blank=True)
    wish_uid = models.UUIDField("từ sáng kiến", null=True, blank=True, unique=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=700, editable=False, db_index=True)

    class Meta:
        verbose_name = "đề xuất"
        verbose_name_plural = "đề xuất"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="proposal_budget_not_negative", condition=Q(budget_vnd=None) | Q(budget_vnd__gte=0)
            ),
            models.CheckConstraint(
                name="proposal_years_in_order",
                condition=Q(year_from=None) | Q(year_to=None) | Q(year_from__lte=F("year_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.title}")[:700]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class SimilarityCheck(Identified):
    """A look-up of a topic against proposals, tasks and results, with a person's verdict; a paper for the council.

    hits: [{key, corpus, code, title, year, host, relation, facets: [{facet, outcome, asked, found}], asked_spans,
    found_spans}], at most five, as shown to the person. No score is kept: the order proves nothing.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="checks", verbose_name="đề xuất")
    query = models.TextField("nội dung tra cứu")
    corpora = models.JSONField("nguồn tra cứu", default=list)
    corpus_size = models.PositiveIntegerField("số bản ghi đã tra", default=0)
    hits = models.JSONField("kết quả", default=list)
    checked_at = models.DateTimeField("tra cứu lúc", auto_now_add=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người tra cứu")
    is_duplicate = models.BooleanField("trùng lặp", null=True)
    verdict = models.TextField("nhận định của người tra cứu", blank=True)
    signed_at = models.DateTimeField("ký lúc", null=True, blank=True)

    class Meta:
        verbose_name = "phiếu tra cứu"
        verbose_name_plural = "phiếu tra cứu"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Tra cứu {self.proposal}"


class OrderList(Versioned):
    """The list of tasks the province orders, approved by its Chairman and published."""

    code = models.CharField("mã", max_length=40, unique=True)
    title = models.CharField("tên", max_length=300)
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="order_lists", verbose_name="kế hoạch"
    )
    year = models.PositiveSmallIntegerField("năm")
    state = EnumField("trạng thái", enum=OrderListState, default=OrderListState.DRAFT)
    decision_number = models.CharField("quyết định số", max_length=80, blank=True)
    approved_on = models.DateField("phê duyệt ngày", null=True, blank=True)
    published_on = models.DateField("công bố ngày", null=True, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=450, editable=False, blank=True, default="")

    class Meta:
        verbose_name = "danh mục đặt hàng"
        verbose_name_plural = "danh mục đặt hàng"
        ordering = ["-year", "-id"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.title} {self.decision_number}")[:450]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Order(Versioned):
    """One ordered task: what is wanted, how it will be awarded, and who will use the result."""

    order_list = models.ForeignKey(OrderList, models.CASCADE, related_name="orders", verbose_name="danh mục")
    proposal = models.OneToOneField(
        Proposal, models.PROTECT, null=True, blank=True, related_name="order", verbose_name="đề xuất"
    )
    title = models.CharField("tên nhiệm vụ", max_length=500)
    kind = EnumField("loại nhiệm vụ", enum=TaskKind)
    objective = models.TextField("định hướng mục tiêu", blank=True)
    products = models.TextField("yêu cầu sản phẩm", blank=True)
    mode = EnumField("phương thức", enum=AwardMode, default=AwardMode.SELECTION)
    direct_ground = models.CharField("căn cứ giao trực tiếp", max_length=300, blank=True)
    direct_reason = models.TextField("thuyết minh căn cứ giao trực tiếp", blank=True)
    criteria = EnumField("thang điểm", enum=CriteriaKind, default=CriteriaKind.APPLIED_RESEARCH)
    budget_vnd = VndField("kinh phí dự kiến", null=True, blank=True)
    orderer = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="cơ quan đặt hàng, tiếp nhận kết quả",
    )
    folded = models.CharField(max_length=500, editable=False, blank=True, default="")

    class Meta:
        verbose_name = "nhiệm vụ đặt hàng"
        verbose_name_plural = "nhiệm vụ đặt hàng"
        ordering = ["order_list", "id"]
        constraints = [
            models.CheckConstraint(
                name="order_direct_has_ground",
                condition=~Q(mode="direct") | ~Q(direct_ground=""),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded name, by which its calls and dossiers are found too."""
        self.folded = fold(self.title)[:500]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Call(Versioned):
    """A public notice (or a direct assignment) asking for applications to one order until a date."""

    code = models.CharField("mã", max_length=40, unique=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="calls", verbose_name="nhiệm vụ đặt hàng")
    round = models.PositiveSmallIntegerField("lần thông báo", default=1)
    state = EnumField("trạng thái", enum=CallState, default=CallState.DRAFT)
    opens_on = models.DateField("thông báo ngày", null=True, blank=True)
    closes_on = models.DateField("hạn nhận hồ sơ", null=True, blank=True)
    opened_on = models.DateField("mở hồ sơ ngày", null=True, blank=True)
    invited = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tổ chức được giao trực tiếp",
    )
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name="bộ quy tắc")
    folded = models.CharField(max_length=40, editable=False, blank=True, default="")

    class Meta:
        verbose_name = "thông báo tuyển chọn"
        verbose_name_plural = "thông báo tuyển chọn"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "round"], name="call_round_once"),
            models.CheckConstraint(
                name="call_dates_in_order",
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(opens_on__lte=F("closes_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.order}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded code for search; the task's name is folded at the order."""
        self.folded = fold(self.code)[:40]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Application(Versioned):
    """An organisation's dossier for a call, replaceable until the deadline, then opened, judged, appraised.

    dossier: {"objective", "place", "contents": [{title, month_from, month_to}], "products": [{name, type, form,
    purpose, sector, quantity, unit, quality, place}], "team": [{person, title, months}], "budget": [{kind, source,
    year, amount_vnd, is_lump, note, justification}], "papers": {code: true}}; people by uid, amounts in đồng.
    """

    code = models.CharField("mã", max_length=40, unique=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications", verbose_name="thông báo")
    host = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="tổ chức chủ trì")
    pi = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="chủ nhiệm")
    partners = models.ManyToManyField(Organisation, blank=True, related_name="+", verbose_name="đơn vị phối hợp")
    state = EnumField("trạng thái", enum=ApplicationState, default=ApplicationState.DRAFT)
    summary = models.TextField("tóm tắt thuyết minh", blank=True)
    dossier = models.JSONField("thuyết minh", default=dict, blank=True)
    state_vnd = VndField("ngân sách nhà nước", default=0)
    counterpart_vnd = VndField("vốn đối ứng", default=0)
    months = models.PositiveSmallIntegerField("thời gian (tháng)", default=24)
    lump_mode = EnumField("phương thức khoán", enum=LumpMode, default=LumpMode.PARTIAL)
    submitted_at = models.DateTimeField("nộp lúc", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người nộp"
    )
    eligibility = models.JSONField("kiểm tra điều kiện", null=True, blank=True)
    invalid_reason = models.TextField("lý do không hợp lệ", blank=True)
    score = models.JSONField("kết quả chấm điểm", null=True, blank=True)
    rank = models.PositiveSmallIntegerField("xếp hạng", null=True, blank=True)
    appraised_vnd = VndField("kinh phí thẩm định", null=True, blank=True)
    appraisal = models.JSONField("kết quả thẩm định", null=True, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=40, editable=False, blank=True, default="")

    class Meta:
        verbose_name = "hồ sơ đăng ký"
        verbose_name_plural = "hồ sơ đăng ký"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "host"],
                condition=~Q(state__in=["withdrawn", "invalid", "rejected", "cancelled"]),
                name="application_host_once",
            ),
            models.CheckConstraint(
                name="application_money_not_negative", condition=Q(state_vnd__gte=0, counterpart_vnd__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.host}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded code for search; names are folded at the order, the host and the leader."""
        self.folded = fold(self.code)[:40]
        super().save(*args, **kwargs)  # type: ignore[arg-type]
