"""Management reviews, announcements of conformity, and inspections by the standing body."""

from django.db import models
from django.db.models import Q

from khcn.domains.qms.choices import AnnouncementState, InspectionMode, InspectionState, ReviewState, Severity
from khcn.domains.qms.models.improvement import Nonconformity
from khcn.domains.qms.models.people import Membership
from khcn.domains.qms.models.system import Owned
from khcn.kernel.documents.models import Document
from khcn.kernel.orgs.models import Organisation, User
from khcn.web.fields import EnumField, Identified


class ManagementReview(Owned):
    """A review by the head: inputs filled from records and frozen with their digest, minutes, decisions (9.3)."""

    code = models.CharField("mã", max_length=40)
    year = models.PositiveSmallIntegerField("năm")
    state = EnumField("trạng thái", enum=ReviewState, default=ReviewState.PLANNED)
    planned_on = models.DateField("dự kiến")
    frozen_on = models.DateField("chốt đầu vào ngày", null=True, blank=True)
    inputs = models.JSONField("đầu vào", default=dict)
    inputs_sha256 = models.CharField("SHA-256 đầu vào", max_length=64, blank=True)
    held_on = models.DateField("họp ngày", null=True, blank=True)
    attendees = models.TextField("thành phần", blank=True)
    minutes = models.TextField("diễn biến, kết luận", blank=True)
    signed_on = models.DateField("ký ngày", null=True, blank=True)
    signed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người ký"
    )
    paper = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="biên bản"
    )

    class Meta:
        verbose_name = "xem xét của lãnh đạo"
        verbose_name_plural = "xem xét của lãnh đạo"
        ordering = ["-planned_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="management_review_once"),
            models.CheckConstraint(name="review_frozen_has_digest", condition=Q(frozen_on=None) | ~Q(inputs_sha256="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} năm {self.year}"


class ReviewDecision(Identified):
    """A decision of a management review, tracked as an action (9.3.3)."""

    review = models.ForeignKey(ManagementReview, models.CASCADE, related_name="decisions", verbose_name="cuộc họp")
    what = models.CharField("kết luận, việc phải làm", max_length=500)
    owner = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name="người làm")
    due_on = models.DateField("hạn")
    done_on = models.DateField("xong ngày", null=True, blank=True)
    result = models.CharField("kết quả", max_length=500, blank=True)

    class Meta:
        verbose_name = "kết luận"
        verbose_name_plural = "kết luận"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(name="decision_done_has_result", condition=Q(done_on=None) | ~Q(result=""))
        ]

    def __str__(self) -> str:
        return self.what


class Announcement(Owned):
    """The announcement that the system conforms to the standard, with the frozen list of procedures in scope.

    procedures: [{"code", "title", "issue", "revision"}] at the time of drafting. At most one is published.
    """

    number = models.CharField("số", max_length=80, blank=True)
    state = EnumField("trạng thái", enum=AnnouncementState, default=AnnouncementState.DRAFTED)
    standard = models.CharField("tiêu chuẩn", max_length=60)
    scope = models.TextField("phạm vi")
    procedures = models.JSONField("danh mục quy trình", default=list)
    is_renewal = models.BooleanField("công bố lại", default=False)
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người soạn")
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người xác nhận"
    )
    confirmed_on = models.DateField("xác nhận ngày", null=True, blank=True)
    effective_from = models.DateField("hiệu lực từ", null=True, blank=True)
    published_on = models.DateField("công bố ngày", null=True, blank=True)
    superseded_on = models.DateField("thay thế ngày", null=True, blank=True)
    paper = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bản công bố"
    )

    class Meta:
        verbose_name = "công bố phù hợp"
        verbose_name_plural = "công bố phù hợp"
        ordering = ["-effective_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["system"], condition=Q(state="published"), name="one_published_announcement"
            ),
            models.CheckConstraint(
                name="announcement_published_whole",
                condition=~Q(state="published") | (Q(published_on__isnull=False) & Q(effective_from__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.number or "Bản công bố (dự thảo)"

    @property
    def code(self) -> str:
        """Its number."""
        return self.number


class Inspection(Owned):
    """A check of an agency's system by the standing body, on site or by file. It is not an internal audit."""

    code = models.CharField("mã", max_length=40)
    year = models.PositiveSmallIntegerField("năm")
    inspector = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan kiểm tra")
    mode = EnumField("hình thức", enum=InspectionMode)
    state = EnumField("trạng thái", enum=InspectionState, default=InspectionState.PLANNED)
    decision_number = models.CharField("kế hoạch, quyết định số", max_length=120)
    planned_on = models.DateField("dự kiến")
    checked_on = models.DateField("kiểm tra ngày", null=True, blank=True)
    team = models.TextField("đoàn kiểm tra", blank=True)
    conclusion = models.TextField("kết luận", blank=True)
    reported_on = models.DateField("báo cáo ngày", null=True, blank=True)

    class Meta:
        verbose_name = "kiểm tra"
        verbose_name_plural = "kiểm tra của Sở"
        ordering = ["-planned_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["inspector", "code"], name="inspection_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} – {self.system}"


class InspectionFinding(Identified):
    """What an inspection found and how it was mended."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="findings", verbose_name="kiểm tra")
    clause = models.CharField("điều", max_length=12, blank=True)
    content = models.TextField("nội dung")
    severity = EnumField("mức", enum=Severity, default=Severity.MINOR)
    due_on = models.DateField("hạn khắc phục")
    remedy = models.TextField("kết quả khắc phục", blank=True)
    remedied_on = models.DateField("khắc phục ngày", null=True, blank=True)
    nonconformity = models.ForeignKey(
        Nonconformity, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="sự không phù hợp"
    )

    class Meta:
        verbose_name = "kết quả kiểm tra"
        verbose_name_plural = "kết quả kiểm tra"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(name="inspection_remedy_has_text", condition=Q(remedied_on=None) | ~Q(remedy=""))
        ]

    def __str__(self) -> str:
        return self.content[:80]
