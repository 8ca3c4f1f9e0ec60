"""Indicators, the targets set on them, and measured values that can be recomputed."""

from django.db import models
from django.db.models import F, Q

from khcn.kernel.indicators.choices import DenominatorPolicy, Operator
from khcn.kernel.orgs.models import User
from khcn.web.fields import EnumField, Identified


class Indicator(Identified):
    """What is measured, by which registered source, and how it reads. A changed definition is a new version."""

    code = models.CharField("mã", max_length=40)
    version = models.PositiveIntegerField("phiên bản định nghĩa", default=1)
    name = models.CharField("tên chỉ tiêu", max_length=300)
    unit = models.CharField("đơn vị tính", max_length=60)
    definition = models.TextField("cách tính")
    source = models.CharField("nguồn tính", max_length=80, blank=True, help_text="trống: nhập tay có minh chứng")
    parameters = models.JSONField("tham số", default=dict)

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="indicator_version_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Target(Identified):
    """What a scope (a plan, by uid) promised of an indicator, in the words of its document."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets", verbose_name="chỉ tiêu")
    scope_uid = models.UUIDField("phạm vi", db_index=True)
    ordinal = models.PositiveIntegerField("thứ tự", default=1)
    operator = EnumField("so sánh", enum=Operator, max_length=4)
    value = models.DecimalField("mức", max_digits=18, decimal_places=3)
    unit = models.CharField("đơn vị tính", max_length=200, blank=True)
    due_on = models.DateField("hạn", null=True, blank=True)
    sentence = models.TextField("nguyên văn")
    denominator = EnumField("mẫu số", enum=DenominatorPolicy, default=DenominatorPolicy.NONE)
    frozen_on = models.DateField("mốc cố định mẫu số", null=True, blank=True)

    class Meta:
        verbose_name = "mức chỉ tiêu"
        verbose_name_plural = "mức chỉ tiêu"
        ordering = ["scope_uid", "ordinal"]
        constraints = [models.CheckConstraint(name="target_value_not_negative", condition=Q(value__gte=0))]

    def __str__(self) -> str:
        return f"{self.indicator.code}: {self.operator} {self.value.normalize():f} {self.unit}"


class IndicatorValue(Identified):
    """One measurement, frozen with everything needed to make it again.

    value NULL means nothing to count yet ("chưa có"), never zero or 100 %.
    evidence: {"numerator": [...], "denominator": [...], "excluded": [[id, reason], ...], "stages": {...}}.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values", verbose_name="chỉ tiêu")
    scope_uid = models.UUIDField("phạm vi", db_index=True)
    period_from = models.DateField("từ")
    period_to = models.DateField("đến")
    as_of = models.DateField("số liệu đến ngày")
    value = models.DecimalField("giá trị", max_digits=22, decimal_places=6, null=True)
    evidence = models.JSONField("minh chứng", default=dict)
    parameters = models.JSONField("tham số", default=dict)
    source = models.CharField("nguồn", max_length=80)
    sha256 = models.CharField("SHA-256", max_length=64)
    measured_at = models.DateTimeField("tính lúc", auto_now_add=True)
    measured_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người tính")

    class Meta:
        verbose_name = "giá trị chỉ tiêu"
        verbose_name_plural = "giá trị chỉ tiêu"
        ordering = ["indicator", "-as_of", "-id"]
        constraints = [
            models.CheckConstraint(name="value_period_in_order", condition=Q(period_from__lte=F("period_to")))
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} đến {self.as_of:%d/%m/%Y}: {self.value}"
