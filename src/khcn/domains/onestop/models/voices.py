"""What people say afterwards – surveys, complaints – and what the national portal is told."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from khcn.domains.onestop.choices import ComplaintState, MessageState, NationalStatus, Satisfaction
from khcn.domains.onestop.models.dossiers import Dossier
from khcn.kernel.orgs.models import Organisation, User
from khcn.lib.text import fold
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


class SurveyCampaign(Versioned):
    """A survey of everybody an agency serves, for some days, open to whoever has its address; not about one dossier.

    tracking: what stands in the address and its QR code.
    """

    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan")
    title = models.CharField("tên đợt khảo sát", max_length=200)
    introduction = models.TextField("lời mời", blank=True)
    opens_on = models.DateField("từ ngày")
    closes_on = models.DateField("đến hết ngày")
    tracking = models.CharField("mã", max_length=16, unique=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người lập")
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=200, editable=False, default="")

    class Meta:
        verbose_name = "đợt khảo sát"
        verbose_name_plural = "đợt khảo sát"
        ordering = ["-opens_on", "-id"]
        constraints = [models.CheckConstraint(name="campaign_in_order", condition=Q(closes_on__gte=F("opens_on")))]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded title for search."""
        self.folded = fold(self.title)[:200]
        super().save(*args, **kwargs)

    @property
    def code(self) -> str:
        """What stands in its address."""
        return self.tracking

    def is_open_on(self, on: date) -> bool:
        """True while answers are taken."""
        return self.opens_on <= on <= self.closes_on


class CampaignAnswer(models.Model):
    """One answer to a campaign; who answered is not asked."""

    campaign = models.ForeignKey(SurveyCampaign, models.PROTECT, related_name="answers", verbose_name="đợt khảo sát")
    overall = EnumField("hài lòng chung", enum=Satisfaction)
    attitude = EnumField("thái độ phục vụ", enum=Satisfaction)
    time = EnumField("thời gian", enum=Satisfaction)
    comment = models.TextField("góp ý", blank=True)
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = "phiếu trả lời"
        verbose_name_plural = "phiếu trả lời"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.get_overall_display()}"


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
