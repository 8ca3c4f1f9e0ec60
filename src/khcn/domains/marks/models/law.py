"""Dated numbers that a rule or the office sets: fees, days before reminders, shares, limits."""

from django.db import models
from django.db.models import F, Q

from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.orgs.models import Dated
from khcn.web.fields import EnumField


class MarkParameter(Dated):
    """One threshold from a day on, with where it comes from."""

    key = models.CharField("khóa", max_length=60)
    value = models.DecimalField("giá trị", max_digits=14, decimal_places=4)
    unit = models.CharField("đơn vị", max_length=30, blank=True)
    citation = models.CharField("căn cứ", max_length=200)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)
    note = models.CharField("ghi chú", max_length=200, blank=True)

    class Meta:
        verbose_name = "tham số sở hữu trí tuệ"
        verbose_name_plural = "tham số sở hữu trí tuệ"
        ordering = ["key", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="marks_parameter_from_once"),
            models.CheckConstraint(
                name="marks_threshold_dates",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
