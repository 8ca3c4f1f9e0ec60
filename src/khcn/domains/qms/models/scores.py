"""The yearly answer to "is the system applied effectively?", with its frozen evidence."""

from django.db import models
from django.db.models import Q

from khcn.domains.qms.choices import YearState
from khcn.domains.qms.models.system import Owned
from khcn.kernel.orgs.models import User
from khcn.web.fields import EnumField


class AgencyYear(Owned):
    """One computation of an agency's gates and score for a year; a new computation is a new row, the last one counts.

    evidence: {"parameters": {...}, "facts": {...}, "ids": {...}}; sha256 over gates, scores and evidence.
    """

    year = models.PositiveSmallIntegerField("năm")
    state = EnumField("trạng thái", enum=YearState, default=YearState.COMPUTED)
    as_of = models.DateField("số liệu đến ngày")
    gates = models.JSONField("điều kiện", default=dict)
    scores = models.JSONField("điểm", default=dict)
    total = models.DecimalField("tổng điểm", max_digits=6, decimal_places=2)
    is_announced = models.BooleanField("đã công bố")
    is_electronic = models.BooleanField("đang chạy điện tử")
    is_effective = models.BooleanField("áp dụng hiệu quả")
    evidence = models.JSONField("minh chứng", default=dict)
    sha256 = models.CharField("SHA-256", max_length=64)
    computed_at = models.DateTimeField("tính lúc", auto_now_add=True)
    computed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người tính")
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người xác nhận"
    )
    confirmed_on = models.DateField("xác nhận ngày", null=True, blank=True)
    decision_number = models.CharField("văn bản xác nhận", max_length=120, blank=True)

    class Meta:
        verbose_name = "kết quả áp dụng trong năm"
        verbose_name_plural = "kết quả áp dụng trong năm"
        ordering = ["-year", "-id"]
        indexes = [models.Index(fields=["system", "year"])]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "year"], condition=Q(state="confirmed"), name="one_confirmed_year"
            ),
            models.CheckConstraint(
                name="confirmed_year_has_decision",
                condition=~Q(state="confirmed") | (Q(confirmed_on__isnull=False) & ~Q(decision_number="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} năm {self.year}"

    @property
    def code(self) -> str:
        """Agency and year."""
        return f"{self.system.code}-{self.year}"
