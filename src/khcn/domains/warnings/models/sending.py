"""Who receives warnings, by post and area, and what reached whom."""

from django.db import models

from khcn.domains.warnings.choices import WarningChannel, WarningDeliveryState
from khcn.domains.warnings.models.cases import CapMessage
from khcn.kernel.orgs.models import Organisation
from khcn.web.fields import EnumField, Identified


class Recipient(Identified):
    """A post or machine that receives warnings; never a person, who changes.

    units: communes that concern it, empty for all. least_level: warnings below it are not sent (0: all).
    """

    name = models.CharField("nơi nhận", max_length=200)
    post = models.CharField("chức vụ", max_length=120, blank=True)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan phát")
    channel = EnumField("kênh", enum=WarningChannel)
    address = models.CharField("địa chỉ", max_length=300)
    units = models.JSONField("xã, phường", default=list, blank=True)
    least_level = models.PositiveSmallIntegerField("từ cấp", default=0)
    hears_exercises = models.BooleanField("nhận tin diễn tập", default=True)
    is_active = models.BooleanField("đang nhận", default=True)

    class Meta:
        verbose_name = "nơi nhận cảnh báo"
        verbose_name_plural = "nơi nhận cảnh báo"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "channel", "address"], name="warnings_recipient_once")]

    def __str__(self) -> str:
        return self.name


class Delivery(Identified):
    """One message to one recipient by its channel; `uid` is the key by which a receiver knows a repeat.

    begun_at: set before each attempt, so that one that died in the middle is known. receipt: what the gateway answered.
    """

    message = models.ForeignKey(CapMessage, models.PROTECT, related_name="deliveries", verbose_name="bản tin")
    recipient = models.ForeignKey(Recipient, models.PROTECT, related_name="deliveries", verbose_name="nơi nhận")
    channel = EnumField("kênh", enum=WarningChannel)
    address = models.CharField("địa chỉ", max_length=300)
    state = EnumField("trạng thái", enum=WarningDeliveryState, default=WarningDeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField("số lần gửi", default=0)
    next_at = models.DateTimeField("gửi lúc")
    begun_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("gửi đi lúc", null=True, blank=True)
    confirmed_at = models.DateTimeField("nhận lúc", null=True, blank=True)
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)
    receipt = models.CharField("biên nhận", max_length=120, blank=True)
    error = models.CharField("lỗi", max_length=300, blank=True)

    class Meta:
        verbose_name = "lượt gửi"
        verbose_name_plural = "lượt gửi"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["message", "recipient", "channel"], name="warnings_delivery_once")
        ]

    def __str__(self) -> str:
        return f"{self.message} → {self.recipient}"
