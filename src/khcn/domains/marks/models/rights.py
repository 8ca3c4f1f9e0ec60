"""Rights, who owns and manages them, their goods, and the dated versions of what the goods must be."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from khcn.domains.marks.choices import RightKind, RightRole, RightState
from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.orgs.models import Dated, Organisation, User
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned


class Right(Versioned):
    """One right of intellectual property in the name of goods of a place.

    Identity: `code` for people, `uid` outside. Never deleted: a right that ended keeps its day. status: whether numbers
    and days were compared with the certificate. term_years: for how long a right to use is granted.
    """

    code = models.SlugField("mã", max_length=60, unique=True)
    kind = EnumField("loại quyền", enum=RightKind)
    name = models.CharField("tên", max_length=200)
    sign = models.CharField("dấu hiệu được bảo hộ", max_length=200, blank=True)
    goods = models.TextField("hàng hóa", blank=True)
    state = EnumField("trạng thái", enum=RightState, default=RightState.PREPARING)
    application_number = models.CharField("số đơn", max_length=60, blank=True)
    filed_on = models.DateField("ngày nộp đơn", null=True, blank=True)
    registration_number = models.CharField("số giấy chứng nhận", max_length=60, blank=True)
    registered_on = models.DateField("ngày cấp", null=True, blank=True)
    decision = models.CharField("quyết định", max_length=200, blank=True)
    expires_on = models.DateField("hết hiệu lực", null=True, blank=True)
    term_years = models.PositiveSmallIntegerField("thời hạn quyền sử dụng, năm", default=5)
    is_public = models.BooleanField("công khai", default=False)
    is_illustration = models.BooleanField("minh họa", default=False)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)
    note = models.TextField("ghi chú", blank=True)
    folded = models.CharField(max_length=600, editable=False, db_index=True)

    class Meta:
        verbose_name = "quyền sở hữu công nghiệp"
        verbose_name_plural = "quyền sở hữu công nghiệp"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="marks_right_registered_with_its_day",
                condition=~Q(state=RightState.REGISTERED) | Q(registered_on__isnull=False),
            ),
            models.CheckConstraint(
                name="marks_right_days_in_order",
                condition=Q(expires_on=None) | Q(registered_on=None) | Q(registered_on__lt=F("expires_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text for search."""
        numbers = f"{self.code} {self.application_number} {self.registration_number}"
        self.folded = fold(f"{numbers} {self.name} {self.sign} {self.goods}")[:600]
        super().save(*args, **kwargs)


class RightParty(Identified, Dated):
    """Who owns or manages a right, for a while; one of a role at a time. name: as in the papers of its day."""

    right = models.ForeignKey(Right, models.CASCADE, related_name="parties", verbose_name="quyền")
    role = EnumField("vai trò", enum=RightRole)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan, tổ chức"
    )
    name = models.CharField("tên", max_length=300)
    basis = models.CharField("căn cứ", max_length=200, blank=True)

    class Meta:
        verbose_name = "chủ thể của quyền"
        verbose_name_plural = "chủ thể của quyền"
        ordering = ["role", "-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["right", "role"], condition=Q(valid_to=None), name="marks_party_one_current"
            ),
            models.CheckConstraint(
                name="marks_party_dates",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RightClass(models.Model):
    """One class of goods and services (Nice) of a mark, and which of its goods."""

    right = models.ForeignKey(Right, models.CASCADE, related_name="classes", verbose_name="quyền")
    number = models.PositiveSmallIntegerField("nhóm")
    goods = models.CharField("hàng hóa, dịch vụ", max_length=500)

    class Meta:
        verbose_name = "nhóm hàng hóa, dịch vụ"
        verbose_name_plural = "nhóm hàng hóa, dịch vụ"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["right", "number"], name="marks_class_once"),
            models.CheckConstraint(name="marks_class_of_nice", condition=Q(number__gte=1, number__lte=45)),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.goods}"


class RightProduct(Identified):
    """A named product that may bear the mark.

    most_kg_per_ha: what a hectare can bear in a year, as raw goods. raw_per_kg: raw goods in one kilogram of it.
    """

    right = models.ForeignKey(Right, models.CASCADE, related_name="products", verbose_name="quyền")
    place = models.PositiveSmallIntegerField("thứ tự", default=1)
    name = models.CharField("tên sản phẩm", max_length=200)
    most_kg_per_ha = models.DecimalField(
        "sản lượng cao nhất, kg/ha/năm", max_digits=10, decimal_places=1, null=True, blank=True
    )
    raw_per_kg = models.DecimalField("kg nguyên liệu cho 1 kg", max_digits=7, decimal_places=3, null=True, blank=True)
    is_active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = "sản phẩm mang quyền"
        verbose_name_plural = "sản phẩm mang quyền"
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["right", "name"], name="marks_product_once")]

    def __str__(self) -> str:
        return self.name


class Specification(Versioned, Dated):
    """What the goods of a right must be, from the day it was issued until the next version is.

    Without `issued_at` it is a draft and holds for nobody. least_share: part of the mass that must come from the area.
    """

    right = models.ForeignKey(Right, models.CASCADE, related_name="specifications", verbose_name="quyền")
    number = models.PositiveSmallIntegerField("lần")
    title = models.CharField("tên", max_length=300)
    decision = models.CharField("quyết định", max_length=200, blank=True)
    summary = models.TextField("mô tả, điều kiện", blank=True)
    least_share = models.DecimalField("tỷ lệ nguyên liệu tối thiểu từ khu vực", max_digits=4, decimal_places=3)
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người soạn")
    issued_at = models.DateTimeField("ban hành lúc", null=True, blank=True)

    class Meta:
        verbose_name = "bản mô tả"
        verbose_name_plural = "bản mô tả"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["right", "number"], name="marks_specification_once"),
            models.CheckConstraint(
                name="marks_specification_share", condition=Q(least_share__gte=0, least_share__lte=1)
            ),
            models.CheckConstraint(
                name="marks_specification_dates",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SpecParameter(Identified):
    """One thing that a specification asks of the goods: a number between limits, or words that somebody confirms.

    product: the product it concerns, empty for all. is_critical: without it the goods may not bear the mark.
    """

    specification = models.ForeignKey(
        Specification, models.CASCADE, related_name="parameters", verbose_name="bản mô tả"
    )
    place = models.PositiveSmallIntegerField("thứ tự", default=1)
    name = models.CharField("chỉ tiêu", max_length=200)
    unit = models.CharField("đơn vị", max_length=30, blank=True)
    minimum = models.DecimalField("thấp nhất", max_digits=14, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField("cao nhất", max_digits=14, decimal_places=4, null=True, blank=True)
    wording = models.CharField("yêu cầu", max_length=300, blank=True)
    method = models.CharField("phương pháp thử", max_length=200, blank=True)
    product = models.ForeignKey(
        RightProduct, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="sản phẩm"
    )
    is_critical = models.BooleanField("bắt buộc", default=True)

    class Meta:
        verbose_name = "chỉ tiêu của bản mô tả"
        verbose_name_plural = "chỉ tiêu của bản mô tả"
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["specification", "name", "product"], name="marks_parameter_once"),
            models.UniqueConstraint(
                fields=["specification", "name"], condition=Q(product=None), name="marks_parameter_of_all_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
