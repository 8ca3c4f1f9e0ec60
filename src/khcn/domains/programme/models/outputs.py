"""Reports as frozen runs, and lists that a person saved."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.programme.choices import PeriodKind, ReportCode, ReportRunState
from khcn.domains.programme.models.plan import Plan
from khcn.kernel.documents.models import Document
from khcn.kernel.orgs.models import Organisation, User
from khcn.web.fields import EnumField, Identified, Versioned


class ReportRun(Versioned):
    """One report of one period: figures frozen in `snapshot` with their SHA-256, then written, signed, issued.

    A correction is a new run that names the one it corrects; an issued run is never changed.
    """

    code = models.CharField("mã", max_length=60, unique=True)
    report = EnumField("báo cáo", enum=ReportCode)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="report_runs", verbose_name="kế hoạch")
    period = EnumField("kỳ", enum=PeriodKind)
    period_from = models.DateField("từ ngày")
    period_to = models.DateField("đến ngày")
    as_of = models.DateField("số liệu đến ngày")
    due_on = models.DateField("hạn gửi", null=True, blank=True)
    state = EnumField("trạng thái", enum=ReportRunState, default=ReportRunState.COLLECTING)
    number = models.PositiveSmallIntegerField("lần", default=1)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name="đính chính cho"
    )
    snapshot = models.JSONField("số liệu chốt", null=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    narrative = models.JSONField("phần lời", default=dict)
    progress = models.PositiveSmallIntegerField("tiến độ (%)", default=0)
    failure = models.TextField("lỗi", blank=True)
    document_number = models.CharField("số, ký hiệu", max_length=80, blank=True)
    issued_on = models.DateField("ban hành ngày", null=True, blank=True)
    word = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bản Word")
    workbook = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bảng Excel"
    )
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người lập")
    query = models.JSONField("điều kiện (báo cáo đột xuất)", default=dict)

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="report_period_in_order", condition=Q(period_from__lte=F("period_to"))),
            models.UniqueConstraint(
                fields=["plan", "report", "period_from", "period_to", "number"], name="report_run_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{ReportCode(self.report).label} ({self.period_from:%d/%m/%Y}–{self.period_to:%d/%m/%Y})"


class SavedFilter(Identified):
    """A list's filters under a name, kept by one person."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="của")
    page = models.CharField("danh sách", max_length=40)
    name = models.CharField("tên", max_length=80)
    query = models.CharField("điều kiện", max_length=1000)
    is_shared = models.BooleanField("dùng chung", default=False)

    class Meta:
        verbose_name = "bộ lọc đã lưu"
        verbose_name_plural = "bộ lọc đã lưu"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "page", "name"], name="saved_filter_once")]

    def __str__(self) -> str:
        return self.name


class AgencyEffectiveness(Identified):
    """That an agency applied the electronic quality system effectively for a while, by a decision of the province.

    The quality system itself will write these rows; until then the standing body enters them with their paper.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan")
    effective_from = models.DateField("từ ngày")
    effective_until = models.DateField("đến ngày", null=True, blank=True)
    decision_number = models.CharField("văn bản đánh giá", max_length=120)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")

    class Meta:
        verbose_name = "áp dụng hiệu quả ISO điện tử"
        verbose_name_plural = "áp dụng hiệu quả ISO điện tử"
        ordering = ["-effective_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "effective_from", "effective_until"], name="effectiveness_once"
            ),
            models.CheckConstraint(
                name="effectiveness_in_order",
                condition=Q(effective_until=None) | Q(effective_from__lte=F("effective_until")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: từ {self.effective_from:%d/%m/%Y}"
