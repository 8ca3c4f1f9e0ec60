"""Internal audits: the yearly programme, each audit with its team, its checklist and what was found."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.qms.choices import AuditState, FindingKind, ProgrammeState
from khcn.domains.qms.models.documents import ControlledDocument
from khcn.domains.qms.models.improvement import Nonconformity
from khcn.domains.qms.models.people import Membership
from khcn.domains.qms.models.system import Owned, Unit
from khcn.kernel.orgs.models import User
from khcn.web.fields import EnumField, Identified


class AuditProgramme(Owned):
    """What an agency will audit in a year, weighted by risk; approved by the head."""

    year = models.PositiveSmallIntegerField("năm")
    state = EnumField("trạng thái", enum=ProgrammeState, default=ProgrammeState.DRAFT)
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người lập")
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người duyệt"
    )
    approved_on = models.DateField("duyệt ngày", null=True, blank=True)

    class Meta:
        verbose_name = "chương trình đánh giá"
        verbose_name_plural = "chương trình đánh giá"
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["system", "year"], name="audit_programme_once")]

    def __str__(self) -> str:
        return f"Chương trình đánh giá nội bộ năm {self.year}"

    @property
    def code(self) -> str:
        """The year, as people call it."""
        return f"CTĐG-{self.year}"


class ProgrammeLine(Identified):
    """A procedure or unit to audit, the month, and the weight its risks and history give it."""

    programme = models.ForeignKey(AuditProgramme, models.CASCADE, related_name="lines", verbose_name="chương trình")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="bộ phận")
    document = models.ForeignKey(
        ControlledDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quy trình"
    )
    clauses = models.CharField("điều khoản", max_length=120)
    month = models.PositiveSmallIntegerField("tháng")
    weight = models.PositiveSmallIntegerField("trọng số rủi ro", default=0)
    why = models.CharField("vì sao", max_length=300, blank=True)

    class Meta:
        verbose_name = "dòng chương trình"
        verbose_name_plural = "dòng chương trình"
        ordering = ["month", "-weight", "id"]
        constraints = [models.CheckConstraint(name="programme_month", condition=Q(month__gte=1, month__lte=12))]

    def __str__(self) -> str:
        return f"Tháng {self.month}: {self.document or self.unit}"


class Audit(Owned):
    """One internal audit of a unit. seed: the number from which the sample of dossiers can be drawn again."""

    code = models.CharField("mã", max_length=40)
    programme = models.ForeignKey(AuditProgramme, models.PROTECT, related_name="audits", verbose_name="chương trình")
    lines = models.ManyToManyField(ProgrammeLine, blank=True, related_name="audits", verbose_name="nội dung")
    auditee = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="bộ phận được đánh giá")
    state = EnumField("trạng thái", enum=AuditState, default=AuditState.PLANNED)
    scope = models.TextField("phạm vi")
    criteria = models.TextField("chuẩn mực")
    timetable = models.TextField("lịch đánh giá", blank=True)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày")
    notified_on = models.DateField("thông báo ngày", null=True, blank=True)
    seed = models.BigIntegerField("số gieo lấy mẫu")
    sample_size = models.PositiveSmallIntegerField("số hồ sơ lấy mẫu", default=5)
    population = models.PositiveIntegerField("tổng số hồ sơ", null=True, blank=True)
    population_digest = models.CharField("dấu vết tập hồ sơ", max_length=64, blank=True)
    conclusion = models.TextField("kết luận", blank=True)
    reported_on = models.DateField("báo cáo ngày", null=True, blank=True)
    closed_on = models.DateField("kết thúc ngày", null=True, blank=True)

    class Meta:
        verbose_name = "đợt đánh giá nội bộ"
        verbose_name_plural = "đợt đánh giá nội bộ"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="audit_once"),
            models.CheckConstraint(name="audit_dates", condition=Q(starts_on__lte=F("ends_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.code} – {self.auditee}"


class AuditTeam(Identified):
    """An auditor of one audit; comes from another unit and holds a certificate in force."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="team", verbose_name="đợt đánh giá")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name="chuyên gia")
    is_lead = models.BooleanField("trưởng đoàn", default=False)

    class Meta:
        verbose_name = "thành viên đoàn"
        verbose_name_plural = "đoàn đánh giá"
        ordering = ["-is_lead", "id"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "member"], name="audit_team_once"),
            models.UniqueConstraint(fields=["audit"], condition=Q(is_lead=True), name="audit_one_lead"),
        ]

    def __str__(self) -> str:
        return str(self.member)


class ChecklistItem(Identified):
    """One point to look at: clause × procedure × a real dossier; with what was found there.

    finding empty: not looked at yet. A minor or major finding leads to a nonconformity.
    """

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="items", verbose_name="đợt đánh giá")
    ordinal = models.PositiveSmallIntegerField("thứ tự")
    clause = models.CharField("điều", max_length=12)
    document = models.ForeignKey(
        ControlledDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quy trình"
    )
    question = models.CharField("câu hỏi", max_length=500)
    case_uid = models.UUIDField("hồ sơ", null=True, blank=True)
    case_code = models.CharField("mã hồ sơ", max_length=80, blank=True)
    finding = EnumField("kết luận", enum=FindingKind, blank=True, default="")
    statement = models.TextField("phát hiện", blank=True)
    evidence = models.TextField("bằng chứng", blank=True)
    found_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người ghi"
    )
    found_on = models.DateField("ghi ngày", null=True, blank=True)
    nonconformity = models.ForeignKey(
        Nonconformity, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="sự không phù hợp"
    )

    class Meta:
        verbose_name = "điểm kiểm tra"
        verbose_name_plural = "bảng câu hỏi"
        ordering = ["ordinal", "id"]
        constraints = [
            models.CheckConstraint(
                name="finding_has_evidence",
                condition=Q(finding="") | (~Q(evidence="") & Q(found_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="nonconforming_finding_has_statement",
                condition=~Q(finding__in=["minor", "major"]) | ~Q(statement=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.question}"
