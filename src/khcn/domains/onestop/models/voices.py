"""What people say afterwards – surveys, complaints – and what the national portal is told."""

from django.db import models
from django.db.models import Q

from khcn.domains.onestop.choices import ComplaintState, MessageState, NationalStatus, Satisfaction
from khcn.domains.onestop.models.dossiers import Dossier
from khcn.kernel.orgs.models import Organisation, User
from khcn.web.fields import EnumField, Identified, Versioned


class SurveyAnswer(models.Model):
    """One answer to the survey of a dossier; once per dossier."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="survey", verbose_name="hồ sơ")
    overall = EnumField("hài lòng chung", enum=Satisfaction)
    attitude = EnumField("thái độ phục vụ", enum=Satisfaction)
    time = EnumField("thời gian", enum=Satisfaction)
    comment = models.TextField("góp ý", blank=True)
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = "phiếu khảo sát"
        verbose_name_plural = "phiếu khảo sát"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.dossier}: {self.get_overall_display()}"


class Complaint(Versioned):
    """A complaint or suggestion (PAKN) about an agency, perhaps about one dossier, with its limits."""

    code = models.CharField("mã", max_length=30, unique=True)
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan")
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name="hồ sơ"
    )
    sender_name = models.CharField("người gửi", max_length=200)
    sender_contact = models.CharField("liên hệ", max_length=200, blank=True)
    contents = models.TextField("nội dung")
    state = EnumField("trạng thái", enum=ComplaintState, default=ComplaintState.RECEIVED)
    received_at = models.DateTimeField("nhận lúc")
    answer = models.TextField("trả lời", blank=True)
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    published_at = models.DateTimeField("công khai lúc", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người xử lý"
    )
    due_at = models.DateTimeField("hạn bước kế tiếp", null=True, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)

    class Meta:
        verbose_name = "phản ánh, kiến nghị"
        verbose_name_plural = "phản ánh, kiến nghị"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.code} {self.contents[:60]}"


class PortalMessage(Identified):
    """One status on its way to the national portal; `uid` is the message id under which it may arrive twice.

    place: running number within the dossier, so that the portal never goes back to an older status.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="messages", verbose_name="hồ sơ")
    place = models.PositiveIntegerField("thứ tự")
    status = EnumField("trạng thái", enum=NationalStatus)
    payload = models.JSONField("nội dung")
    state = EnumField("gửi", enum=MessageState, default=MessageState.WAITING)
    attempts = models.PositiveSmallIntegerField("số lần gửi", default=0)
    created_at = models.DateTimeField("tạo lúc")
    next_try_at = models.DateTimeField("gửi lại lúc")
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    answer = models.CharField("trả lời", max_length=500, blank=True)

    class Meta:
        verbose_name = "tin đồng bộ"
        verbose_name_plural = "tin đồng bộ"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["dossier", "place"], name="portal_message_place_once")]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="portal_message_waiting")]

    def __str__(self) -> str:
        return f"{self.dossier} #{self.place}: {self.status}"
