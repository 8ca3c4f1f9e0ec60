"""What comes from outside or must be calibrated: suppliers and measuring instruments."""

from django.db import models
from django.db.models import Q

from khcn.domains.qms.models.system import Owned, Unit
from khcn.web.fields import Identified


class Supplier(Owned):
    """A supplier: consultant, courier, IT service … with the criteria it is judged by (8.4)."""

    name = models.CharField("nhà cung cấp", max_length=300)
    service = models.CharField("dịch vụ, hàng hóa", max_length=300)
    criteria = models.TextField("tiêu chí lựa chọn")
    contract = models.CharField("hợp đồng", max_length=200, blank=True)
    is_consultant = models.BooleanField("tư vấn ISO", default=False)

    class Meta:
        verbose_name = "nhà cung cấp"
        verbose_name_plural = "nhà cung cấp"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SupplierEvaluation(Identified):
    """The evaluation of a supplier in one year, 0–100."""

    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="evaluations", verbose_name="nhà cung cấp")
    year = models.PositiveSmallIntegerField("năm")
    score = models.PositiveSmallIntegerField("điểm")
    is_approved = models.BooleanField("được chấp nhận")
    note = models.CharField("nhận xét", max_length=300, blank=True)

    class Meta:
        verbose_name = "đánh giá nhà cung cấp"
        verbose_name_plural = "đánh giá nhà cung cấp"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "year"], name="supplier_year_once"),
            models.CheckConstraint(name="supplier_score", condition=Q(score__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.year}: {self.score}"


class Instrument(Owned):
    """A measuring instrument of a laboratory unit (7.1.5)."""

    code = models.CharField("mã", max_length=40)
    name = models.CharField("phương tiện đo", max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="nơi dùng")
    every_months = models.PositiveSmallIntegerField("chu kỳ (tháng)")
    retired_on = models.DateField("thôi dùng", null=True, blank=True)

    class Meta:
        verbose_name = "phương tiện đo"
        verbose_name_plural = "phương tiện đo"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["system", "code"], name="instrument_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Calibration(Identified):
    """One calibration, with its certificate and the day it runs out."""

    instrument = models.ForeignKey(
        Instrument, models.CASCADE, related_name="calibrations", verbose_name="phương tiện đo"
    )
    done_on = models.DateField("ngày")
    valid_until = models.DateField("có giá trị đến")
    certificate = models.CharField("giấy chứng nhận", max_length=120)
    has_passed = models.BooleanField("đạt")

    class Meta:
        verbose_name = "kiểm định, hiệu chuẩn"
        verbose_name_plural = "kiểm định, hiệu chuẩn"
        ordering = ["-done_on"]

    def __str__(self) -> str:
        return f"{self.instrument}: {self.certificate}"
