"""Subscriptions to named queries, and the reports that wait to be delivered to them."""

from django.db import models

from khcn.domains.traceability.choices import NotificationState
from khcn.domains.traceability.models.standing import NamedQuery
from khcn.web.fields import EnumField, Identified


class Subscription(Identified):
    """A wish to be told of what answers a query, by POST to an address: at once (`stream`), or at set times.

    `last_seq` is the last event that was looked at, so that every event is reported once. Ended by DELETE.
    """

    query = models.ForeignKey(NamedQuery, models.CASCADE, related_name="+", verbose_name="truy vấn")
    destination = models.URLField("nơi nhận", max_length=500)
    signature_token = models.CharField("khóa ký", max_length=200, blank=True)
    report_if_empty = models.BooleanField("báo cả khi không có gì", default=False)
    stream = models.BooleanField("báo ngay", default=False)
    schedule = models.JSONField("lịch báo", default=dict)
    created_at = models.DateTimeField("lúc đăng ký")
    last_seq = models.BigIntegerField("sự kiện cuối đã xét", default=0)
    next_at = models.DateTimeField("lần báo tới", null=True)

    class Meta:
        verbose_name = "đăng ký nhận kết quả"
        verbose_name_plural = "đăng ký nhận kết quả"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.destination


class Delivery(Identified):
    """One report on its way: the very bytes, how often it was tried, what came of it. Dead ones can be sent again."""

    subscription = models.ForeignKey(
        Subscription, models.CASCADE, related_name="deliveries", verbose_name="đăng ký nhận kết quả"
    )
    body = models.BinaryField("nội dung, nén")
    event_count = models.PositiveIntegerField("số sự kiện", default=0)
    made_at = models.DateTimeField("lúc lập")
    state = EnumField("trạng thái", enum=NotificationState, default=NotificationState.WAITING)
    attempts = models.PositiveSmallIntegerField("số lần gửi", default=0)
    next_at = models.DateTimeField("gửi từ lúc")
    error = models.CharField("lỗi", max_length=300, blank=True)

    class Meta:
        verbose_name = "kết quả chờ gửi"
        verbose_name_plural = "kết quả chờ gửi"
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "next_at"], name="traceability_delivery_due")]

    def __str__(self) -> str:
        return f"{self.subscription}: {self.event_count}"
