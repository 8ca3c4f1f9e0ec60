"""Procedures and their versions: the pinned definition, and its steps, transitions and tables as rows.

`ProcedureVersion.definition` is what the engine runs, canonical and digested; the rows beside it are written by the
same service and exist for SQL: worklists, statistics, where-used.
"""

from django.db import models
from django.db.models import Q

from khcn.kernel.documents.models import StoredFile
from khcn.kernel.orgs.models import Organisation, User
from khcn.kernel.procedures.choices import (
    HitPolicy,
    NormUnit,
    ProcedureKind,
    StepClock,
    StepKind,
    StepSign,
    UnitRule,
    VersionState,
)
from khcn.web.fields import EnumField, Identified, Versioned


class Procedure(Versioned):
    """A way of working that an office has written down. Identity: `code`, as on its cover (`QT 01/VP`).

    owner: the office that controls it; empty for one shared by every office of the province.
    """

    code = models.CharField("mã", max_length=60, unique=True)
    title = models.CharField("tên", max_length=500)
    kind = EnumField("loại", enum=ProcedureKind, default=ProcedureKind.INTERNAL)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan ban hành"
    )
    field = models.CharField("lĩnh vực", max_length=200, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=600, editable=False, db_index=True, default="")

    class Meta:
        verbose_name = "quy trình"
        verbose_name_plural = "quy trình"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ProcedureVersion(Versioned):
    """One controlled revision of a procedure. Changed only as a draft; cases pin the one they began on.

    definition: canonical JSON of `engine.Definition`; sha256: its digest. drawing: BPMN 2.0 text, empty when the
    procedure was only ever a step table. limit_amount + limit_unit: the legal time of a whole case, empty for none.
    """

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions", verbose_name="quy trình")
    issue_no = models.PositiveSmallIntegerField("lần ban hành", default=1)
    revision_no = models.PositiveSmallIntegerField("lần sửa đổi", default=0)
    state = EnumField("trạng thái", enum=VersionState, default=VersionState.DRAFT)
    definition = models.JSONField("nội dung", default=dict)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    drawing = models.TextField("bản vẽ BPMN", blank=True)
    purpose = models.TextField("mục đích", blank=True)
    scope = models.TextField("phạm vi", blank=True)
    legal_basis = models.TextField("căn cứ pháp lý", blank=True)
    terms = models.TextField("định nghĩa, viết tắt", blank=True)
    conditions = models.TextField("yêu cầu, điều kiện", blank=True)
    records_kept = models.TextField("hồ sơ lưu", blank=True)
    limit_amount = models.DecimalField("thời hạn", max_digits=7, decimal_places=2, null=True, blank=True)
    limit_unit = EnumField("đơn vị", enum=NormUnit, default=NormUnit.WORKING_DAY)
    cut_off = models.TimeField("giờ chốt nhận trong ngày", null=True, blank=True)
    change_note = models.CharField("nội dung sửa đổi", max_length=500, blank=True)
    decision_number = models.CharField("quyết định số", max_length=80, blank=True)
    effective_from = models.DateField("hiệu lực từ", null=True, blank=True)
    effective_to = models.DateField("đến trước ngày", null=True, blank=True)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người soạn")
    approver = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người phê duyệt"
    )
    approved_at = models.DateTimeField("phê duyệt lúc", null=True, blank=True)

    class Meta:
        verbose_name = "phiên bản quy trình"
        verbose_name_plural = "phiên bản quy trình"
        ordering = ["procedure", "-issue_no", "-revision_no"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "issue_no", "revision_no"], name="procedure_version_once"),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(state="effective"), name="procedure_one_effective_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure.code}, lần {self.issue_no}.{self.revision_no}"

    @property
    def number(self) -> str:
        """Issue and revision as printed: "2.1"."""
        return f"{self.issue_no}.{self.revision_no}"


class Step(models.Model):
    """One step of a version as a row. place: its line in the step table, from 1. lane: who, as drawn."""

    version = models.ForeignKey(ProcedureVersion, models.CASCADE, related_name="steps", verbose_name="phiên bản")
    key = models.CharField("khóa", max_length=120)
    place = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tên bước", max_length=500)
    kind = EnumField("loại", enum=StepKind)
    role = models.CharField("vai trò", max_length=40, blank=True)
    unit_rule = EnumField("đơn vị làm", enum=UnitRule, default=UnitRule.DECIDING)
    norm = models.DecimalField("định mức thời gian", max_digits=7, decimal_places=2, null=True, blank=True)
    norm_unit = EnumField("đơn vị", enum=NormUnit, default=NormUnit.WORKING_HOUR)
    sign = EnumField("ký", enum=StepSign, default=StepSign.NONE)
    clock = EnumField("đồng hồ", enum=StepClock, default=StepClock.RUN)
    form_key = models.CharField("biểu mẫu", max_length=60, blank=True)
    output = models.CharField("kết quả", max_length=300, blank=True)
    lane = models.CharField("làn", max_length=200, blank=True)

    class Meta:
        verbose_name = "bước"
        verbose_name_plural = "bước"
        ordering = ["version", "place"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="step_key_once")]

    def __str__(self) -> str:
        return self.name or self.key


class Transition(models.Model):
    """A way from one step to another; `guard` is an expression of the engine's grammar, empty for always."""

    version = models.ForeignKey(ProcedureVersion, models.CASCADE, related_name="transitions", verbose_name="phiên bản")
    key = models.CharField("khóa", max_length=120)
    source = models.ForeignKey(Step, models.CASCADE, related_name="leaving", verbose_name="từ")
    target = models.ForeignKey(Step, models.CASCADE, related_name="arriving", verbose_name="đến")
    guard = models.TextField("điều kiện", blank=True)
    place = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "chuyển bước"
        verbose_name_plural = "chuyển bước"
        ordering = ["version", "place"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="transition_key_once")]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class DecisionTable(models.Model):
    """A decision table of a version, for search and where-used; what it says is in the definition."""

    version = models.ForeignKey(ProcedureVersion, models.CASCADE, related_name="tables", verbose_name="phiên bản")
    key = models.CharField("khóa", max_length=120)
    name = models.CharField("tên", max_length=300)
    hit_policy = EnumField("cách chọn dòng", enum=HitPolicy)
    rows = models.PositiveIntegerField("số dòng", default=0)

    class Meta:
        verbose_name = "bảng quyết định"
        verbose_name_plural = "bảng quyết định"
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="table_key_once")]

    def __str__(self) -> str:
        return self.name


class FormTemplate(Identified):
    """A Word template that an office uploaded for one form of a procedure; the newest row counts."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="templates", verbose_name="quy trình")
    form_key = models.CharField("biểu mẫu", max_length=60)
    title = models.CharField("tên", max_length=300)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="tệp")
    uploaded_at = models.DateTimeField("tải lên lúc", auto_now_add=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người tải lên")

    class Meta:
        verbose_name = "mẫu in"
        verbose_name_plural = "mẫu in"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
