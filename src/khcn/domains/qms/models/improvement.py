"""What went wrong and what was done: nonconformities with their actions, wrong outputs, complaints."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.qms.choices import Disposition, NonconformitySource, NonconformityState, Severity
from khcn.domains.qms.models.context import Risk
from khcn.domains.qms.models.documents import ControlledDocument
from khcn.domains.qms.models.people import Membership
from khcn.domains.qms.models.system import Owned, Unit
from khcn.kernel.orgs.models import User
from khcn.web.fields import EnumField, Identified


class Nonconformity(Owned):
    """A requirement not met: corrected, its cause found and removed, the effect checked by somebody else (10.2).

    trigger: key of what opened it by itself (unique: the same cause opens it once). whys: up to five answers to "why?".
    extended_to: a later deadline that the head approved.
    """

    code = models.CharField("mã", max_length=40)
    source = EnumField("nguồn", enum=NonconformitySource)
    severity = EnumField("mức", enum=Severity, default=Severity.MINOR)
    title = models.CharField("sự không phù hợp", max_length=300)
    description = models.TextField("mô tả, bằng chứng")
    clause = models.CharField("điều", max_length=12, blank=True)
    document = models.ForeignKey(
        ControlledDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quy trình"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bộ phận")
    owner = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người chịu trách nhiệm"
    )
    state = EnumField("trạng thái", enum=NonconformityState, default=NonconformityState.DRAFT)
    detected_on = models.DateField("phát hiện ngày")
    due_on = models.DateField("hạn khắc phục", null=True, blank=True)
    extended_to = models.DateField("gia hạn đến", null=True, blank=True)
    extended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người duyệt gia hạn"
    )
    extension_reason = models.CharField("lý do gia hạn", max_length=300, blank=True)
    correction = models.TextField("xử lý ngay", blank=True)
    whys = models.JSONField("chuỗi vì sao", default=list)
    root_cause = models.TextField("nguyên nhân gốc", blank=True)
    plan_approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người duyệt kế hoạch"
    )
    finished_on = models.DateField("khắc phục xong ngày", null=True, blank=True)
    closed_on = models.DateField("đóng ngày", null=True, blank=True)
    risk = models.ForeignKey(
        Risk, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="rủi ro cập nhật"
    )
    trigger = models.CharField(max_length=160, blank=True)

    class Meta:
        verbose_name = "sự không phù hợp"
        verbose_name_plural = "sự không phù hợp"
        ordering = ["-detected_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="nonconformity_once"),
            models.UniqueConstraint(fields=["system", "trigger"], condition=~Q(trigger=""), name="nc_trigger_once"),
            models.CheckConstraint(
                name="nc_extension_is_approved",
                condition=Q(extended_to=None) | (Q(extended_by__isnull=False) & ~Q(extension_reason="")),
            ),
            models.CheckConstraint(
                name="nc_closed_is_dated", condition=~Q(state="closed") | Q(closed_on__isnull=False)
            ),
            models.CheckConstraint(
                name="nc_due_after_found", condition=Q(due_on=None) | Q(due_on__gte=F("detected_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def deadline(self):
        """The day up to which it must be mended, extension included; None before the owner has one."""
        return self.extended_to or self.due_on


class CorrectiveAction(Identified):
    """One thing to do against the cause, by somebody until a day, with evidence when done."""

    nonconformity = models.ForeignKey(
        Nonconformity, models.CASCADE, related_name="actions", verbose_name="sự không phù hợp"
    )
    what = models.CharField("việc phải làm", max_length=500)
    owner = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name="người làm")
    due_on = models.DateField("hạn")
    done_on = models.DateField("xong ngày", null=True, blank=True)
    evidence = models.CharField("minh chứng", max_length=500, blank=True)

    class Meta:
        verbose_name = "hành động khắc phục"
        verbose_name_plural = "hành động khắc phục"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(name="action_done_has_evidence", condition=Q(done_on=None) | ~Q(evidence=""))
        ]

    def __str__(self) -> str:
        return self.what


class EffectivenessCheck(Identified):
    """A look, some time after the actions, at whether the cause is gone; by somebody other than the owner."""

    nonconformity = models.ForeignKey(
        Nonconformity, models.CASCADE, related_name="checks", verbose_name="sự không phù hợp"
    )
    on = models.DateField("ngày kiểm tra")
    is_effective = models.BooleanField("có hiệu lực")
    evidence = models.TextField("bằng chứng")
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người kiểm tra")

    class Meta:
        verbose_name = "kiểm tra hiệu lực"
        verbose_name_plural = "kiểm tra hiệu lực"
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.nonconformity.code}: {self.on:%d/%m/%Y}"


class NonconformingOutput(Owned):
    """A wrong or late result, and what was done with it (8.7). trigger: key of what noted it by itself, once."""

    case_code = models.CharField("mã hồ sơ", max_length=80)
    description = models.TextField("sai, chậm ở đâu")
    disposition = EnumField("xử lý", enum=Disposition)
    found_on = models.DateField("phát hiện ngày")
    handled_on = models.DateField("xử lý xong ngày", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người quyết định")
    nonconformity = models.ForeignKey(
        Nonconformity, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="sự không phù hợp"
    )
    trigger = models.CharField(max_length=160, blank=True)

    class Meta:
        verbose_name = "kết quả không phù hợp"
        verbose_name_plural = "kết quả không phù hợp"
        ordering = ["-found_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "trigger"], condition=~Q(trigger=""), name="output_trigger_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_code}: {self.description[:60]}"


class Complaint(Owned):
    """A complaint or remark of a citizen or organisation on the agency's service, with its clock (9.1.2)."""

    code = models.CharField("mã", max_length=40)
    from_whom = models.CharField("người phản ánh", max_length=200)
    content = models.TextField("nội dung")
    case_code = models.CharField("mã hồ sơ", max_length=80, blank=True)
    received_on = models.DateField("nhận ngày")
    due_on = models.DateField("hạn trả lời")
    answered_on = models.DateField("trả lời ngày", null=True, blank=True)
    answer = models.TextField("nội dung trả lời", blank=True)
    is_justified = models.BooleanField("phản ánh đúng", null=True, blank=True)
    nonconformity = models.ForeignKey(
        Nonconformity, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="sự không phù hợp"
    )

    class Meta:
        verbose_name = "phản ánh, kiến nghị"
        verbose_name_plural = "phản ánh, kiến nghị"
        ordering = ["-received_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="complaint_once"),
            models.CheckConstraint(name="complaint_answered_has_text", condition=Q(answered_on=None) | ~Q(answer="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.content[:60]}"
