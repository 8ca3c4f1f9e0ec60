"""While a task runs: contract, obligations and reports, inspections, changes, difficulties, directives."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.programme.choices import (
    ChangeKind,
    ChangeRequestState,
    InspectionKind,
    IssueKind,
    IssueLevel,
    IssueState,
    ObligationKind,
)
from khcn.domains.programme.models.plan import Plan
from khcn.domains.programme.models.task import Task
from khcn.kernel.orgs.models import Organisation, User
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned, VndField


class Contract(Versioned):
    """The contract under which a task runs; annexes change it, liquidation ends it.

    first_advance_cap_vnd: computed from the dated share when it is signed; the database compares advances with it.
    """

    task = models.OneToOneField(Task, models.PROTECT, related_name="contract", verbose_name="nhiệm vụ")
    number = models.CharField("số hợp đồng", max_length=80, unique=True)
    signed_on = models.DateField("ngày ký")
    start_on = models.DateField("từ ngày")
    end_on = models.DateField("đến ngày")
    state_vnd = VndField("ngân sách nhà nước")
    counterpart_vnd = VndField("vốn đối ứng", default=0)
    manager = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị quản lý kinh phí"
    )
    liquidated_on = models.DateField("thanh lý ngày", null=True, blank=True)
    first_advance_cap_vnd = VndField("mức tạm ứng lần đầu tối đa", null=True, blank=True)

    class Meta:
        verbose_name = "hợp đồng"
        verbose_name_plural = "hợp đồng"
        constraints = [
            models.CheckConstraint(name="contract_dates_in_order", condition=Q(start_on__lte=F("end_on"))),
            models.CheckConstraint(
                name="contract_money_not_negative", condition=Q(state_vnd__gte=0, counterpart_vnd__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"Hợp đồng {self.number}"

    @property
    def is_live(self) -> bool:
        """True until it is liquidated."""
        return self.liquidated_on is None


class ContractAnnex(Identified):
    """A signed change of a contract, usually following an approved change request."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="annexes", verbose_name="hợp đồng")
    number = models.CharField("số phụ lục", max_length=80)
    signed_on = models.DateField("ngày ký")
    summary = models.TextField("nội dung thay đổi")
    change = models.OneToOneField(
        "ChangeRequest", models.PROTECT, null=True, blank=True, related_name="annex", verbose_name="đề nghị điều chỉnh"
    )

    class Meta:
        verbose_name = "phụ lục hợp đồng"
        verbose_name_plural = "phụ lục hợp đồng"
        ordering = ["signed_on", "id"]
        constraints = [models.UniqueConstraint(fields=["contract", "number"], name="annex_once")]

    def __str__(self) -> str:
        return f"Phụ lục {self.number}"


class ReportObligation(Identified):
    """A report that a host owes by a date; missed when no report came by then."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="obligations", verbose_name="nhiệm vụ")
    kind = EnumField("loại", enum=ObligationKind, default=ObligationKind.PROGRESS)
    period_from = models.DateField("kỳ từ")
    period_to = models.DateField("kỳ đến")
    due_on = models.DateField("hạn nộp", db_index=True)
    waived = models.BooleanField("không phải nộp", default=False)

    class Meta:
        verbose_name = "nghĩa vụ báo cáo"
        verbose_name_plural = "nghĩa vụ báo cáo"
        ordering = ["task", "due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "kind", "period_to"], name="obligation_once"),
            models.CheckConstraint(name="obligation_period_in_order", condition=Q(period_from__lte=F("period_to"))),
        ]

    def __str__(self) -> str:
        return f"{self.task.code}: báo cáo hạn {self.due_on:%d/%m/%Y}"


class ProgressReport(Versioned):
    """What a host reports of one period: work, money, difficulties, proposals; accepted or returned by the Sở."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="progress_reports", verbose_name="nhiệm vụ")
    obligation = models.OneToOneField(
        ReportObligation, models.PROTECT, null=True, blank=True, related_name="report", verbose_name="nghĩa vụ"
    )
    content = models.TextField("nội dung đã thực hiện")
    percent_done = models.PositiveSmallIntegerField("% khối lượng")
    spent_vnd = VndField("kinh phí đã sử dụng", default=0)
    difficulties = models.TextField("khó khăn, vướng mắc", blank=True)
    proposals = models.TextField("kiến nghị", blank=True)
    submitted_on = models.DateField("nộp ngày", null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người nộp")
    checked_on = models.DateField("kiểm tra ngày", null=True, blank=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người kiểm tra"
    )
    is_accepted = models.BooleanField("đạt yêu cầu", null=True)
    remark = models.TextField("ý kiến", blank=True)

    class Meta:
        verbose_name = "báo cáo tiến độ"
        verbose_name_plural = "báo cáo tiến độ"
        ordering = ["-submitted_on", "-id"]
        constraints = [
            models.CheckConstraint(name="progress_values", condition=Q(percent_done__lte=100, spent_vnd__gte=0))
        ]

    def __str__(self) -> str:
        return f"Báo cáo tiến độ {self.task.code}"


class Inspection(Versioned):
    """A visit to a task, planned or ad hoc, with volume and funds confirmed and recommendations followed up."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="inspections", verbose_name="nhiệm vụ")
    kind = EnumField("loại", enum=InspectionKind, default=InspectionKind.PERIODIC)
    notified_on = models.DateField("thông báo ngày", null=True, blank=True)
    held_on = models.DateField("kiểm tra ngày")
    findings = models.TextField("kết quả kiểm tra", blank=True)
    conclusion = models.TextField("kết luận", blank=True)
    recommendations = models.TextField("kiến nghị", blank=True)
    compliance = models.TextField("tình hình chấp hành", blank=True)
    is_complied = models.BooleanField("đã chấp hành", null=True)
    percent_confirmed = models.PositiveSmallIntegerField("khối lượng xác nhận (%)", null=True, blank=True)
    volume_confirmed_on = models.DateField("xác nhận khối lượng ngày (B-1)", null=True, blank=True)
    volume_confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người xác nhận khối lượng"
    )
    funds_confirmed_vnd = VndField("kinh phí xác nhận", null=True, blank=True)
    funds_confirmed_on = models.DateField("xác nhận kinh phí ngày (B-2)", null=True, blank=True)
    funds_confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người xác nhận kinh phí"
    )

    class Meta:
        verbose_name = "kiểm tra"
        verbose_name_plural = "kiểm tra"
        ordering = ["-held_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="inspection_two_confirmers",
                condition=Q(volume_confirmed_by=None)
                | Q(funds_confirmed_by=None)
                | ~Q(volume_confirmed_by=F("funds_confirmed_by")),
            ),
            models.CheckConstraint(
                name="inspection_values",
                condition=(Q(percent_confirmed=None) | Q(percent_confirmed__lte=100))
                & (Q(funds_confirmed_vnd=None) | Q(funds_confirmed_vnd__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"Kiểm tra {self.task.code} ngày {self.held_on:%d/%m/%Y}"


class ChangeRequest(Versioned):
    """A host's wish to change its task; who decides follows from what changes and from the lump-sum mode.

    difference: {"field": [old, new]} as shown to the decider; detail: further inputs of the rule (cause, months …).
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="changes", verbose_name="nhiệm vụ")
    kind = EnumField("nội dung điều chỉnh", enum=ChangeKind)
    state = EnumField("trạng thái", enum=ChangeRequestState, default=ChangeRequestState.DRAFT)
    difference = models.JSONField("thay đổi", default=dict)
    detail = models.JSONField("dữ liệu kèm theo", default=dict)
    reason = models.TextField("lý do")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người đề nghị")
    submitted_on = models.DateField("gửi ngày", null=True, blank=True)
    authority = models.CharField("thẩm quyền", max_length=40, blank=True)
    orderer_consent = models.CharField("văn bản đồng ý của cơ quan đặt hàng", max_length=200, blank=True)
    decision_number = models.CharField("quyết định số", max_length=80, blank=True)
    decided_on = models.DateField("quyết định ngày", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người quyết định"
    )
    answer = models.TextField("trả lời", blank=True)

    class Meta:
        verbose_name = "đề nghị điều chỉnh"
        verbose_name_plural = "đề nghị điều chỉnh"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Điều chỉnh {self.task.code}: {ChangeKind(self.kind).label}"


class Termination(Versioned):
    """The early end of a task: notice of pause, site check, decision with refund and assets."""

    task = models.OneToOneField(Task, models.PROTECT, related_name="termination", verbose_name="nhiệm vụ")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người đề nghị")
    ground = models.TextField("căn cứ, lý do")
    is_objective = models.BooleanField("nguyên nhân khách quan", null=True)
    paused_on = models.DateField("thông báo tạm dừng ngày", null=True, blank=True)
    checked_on = models.DateField("kiểm tra hiện trường ngày", null=True, blank=True)
    findings = models.TextField("kết quả kiểm tra", blank=True)
    decision_number = models.CharField("quyết định số", max_length=80, blank=True)
    decided_on = models.DateField("quyết định ngày", null=True, blank=True)
    refund_vnd = VndField("phải hoàn trả", default=0)
    assets_note = models.TextField("xử lý tài sản", blank=True)

    class Meta:
        verbose_name = "chấm dứt"
        verbose_name_plural = "chấm dứt"
        constraints = [models.CheckConstraint(name="termination_refund", condition=Q(refund_vnd__gte=0))]

    def __str__(self) -> str:
        return f"Chấm dứt {self.task.code}"


class Issue(Versioned):
    """A difficulty raised by a unit, solved at the level that can; open, it needs a state-of-play line each period."""

    code = models.CharField("mã", max_length=40, unique=True)
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="issues", verbose_name="kế hoạch"
    )
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="issues", verbose_name="nhiệm vụ"
    )
    kind = EnumField("loại", enum=IssueKind)
    title = models.CharField("vấn đề", max_length=300)
    description = models.TextField("mô tả", blank=True)
    proposal = models.TextField("đề xuất", blank=True)
    reporter = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="đơn vị nêu")
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người nêu")
    raised_on = models.DateField("ngày nêu")
    level = EnumField("cấp giải quyết", enum=IssueLevel, default=IssueLevel.DEPARTMENT)
    assignee = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị giải quyết"
    )
    due_on = models.DateField("hạn giải quyết", null=True, blank=True)
    state = EnumField("trạng thái", enum=IssueState, default=IssueState.RAISED)
    answer = models.TextField("kết quả giải quyết", blank=True)
    answered_on = models.DateField("trả lời ngày", null=True, blank=True)
    closed_on = models.DateField("đóng ngày", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="gộp vào"
    )
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=350, editable=False, blank=True, default="")

    class Meta:
        verbose_name = "khó khăn, vướng mắc"
        verbose_name_plural = "khó khăn, vướng mắc"
        ordering = ["-raised_on", "-id"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.title}")[:350]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class IssueNote(Identified):
    """The state of play of a difficulty in one report period."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="notes", verbose_name="vướng mắc")
    on = models.DateField("ngày")
    text = models.TextField("tình hình")
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")

    class Meta:
        verbose_name = "tình hình xử lý"
        verbose_name_plural = "tình hình xử lý"
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return self.text[:80]


class Directive(Versioned):
    """A paper urging a unit to act, on a difficulty, a task or a duty, with its deadline and what came of it."""

    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="directives", verbose_name="kế hoạch"
    )
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="directives", verbose_name="nhiệm vụ"
    )
    issue = models.ForeignKey(
        Issue, models.PROTECT, null=True, blank=True, related_name="directives", verbose_name="vướng mắc"
    )
    number = models.CharField("số, ký hiệu", max_length=80, blank=True)
    issued_on = models.DateField("ngày")
    content = models.TextField("nội dung chỉ đạo")
    addressee = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="gửi")
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ban hành")
    due_on = models.DateField("hạn", null=True, blank=True)
    done_on = models.DateField("xong ngày", null=True, blank=True)
    result = models.TextField("kết quả", blank=True)

    class Meta:
        verbose_name = "văn bản đôn đốc"
        verbose_name_plural = "văn bản đôn đốc"
        ordering = ["-issued_on", "-id"]

    def __str__(self) -> str:
        return f"{self.number} {self.content[:80]}".strip()
