"""Who may use a right: the application and its checks, the plots, the term, and every act with its day."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from khcn.domains.marks.choices import CheckKind, UseAct, UseState
from khcn.domains.marks.models.areas import AreaVersion
from khcn.domains.marks.models.rights import Right, RightProduct, SpecParameter
from khcn.kernel.orgs.models import Organisation, User
from khcn.kernel.places.models import AdministrativeUnit
from khcn.kernel.procedures.models import Case
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned
from khcn.web.geometry import GeometryField


class UseRight(Versioned):
    """One member's right to use a mark, from the application on; never deleted.

    Identity: `code` for people; `uid` stands in the QR of the certificate. party_uri: the member as events of the trace
    name it. state: as of the latest act; what held on an earlier day is read from the acts.
    """

    right = models.ForeignKey(Right, models.PROTECT, related_name="uses", verbose_name="quyền")
    code = models.SlugField("mã", max_length=80, unique=True)
    holder = models.CharField("người sử dụng", max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tổ chức trong hệ thống"
    )
    party_uri = models.CharField("mã cơ sở truy xuất", max_length=300, blank=True, db_index=True)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    phone = models.CharField("điện thoại", max_length=30, blank=True)
    products = models.ManyToManyField(RightProduct, related_name="+", verbose_name="sản phẩm")
    state = EnumField("trạng thái", enum=UseState, default=UseState.APPLIED)
    applied_on = models.DateField("ngày nộp hồ sơ")
    number = models.CharField("số giấy chứng nhận", max_length=60, blank=True)
    decision = models.CharField("quyết định", max_length=200, blank=True)
    granted_on = models.DateField("ngày cấp", null=True, blank=True)
    valid_to = models.DateField("hết hạn", null=True, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="hồ sơ")
    is_illustration = models.BooleanField("minh họa", default=False)
    note = models.TextField("ghi chú", blank=True)
    folded = models.CharField(max_length=500, editable=False, db_index=True)

    class Meta:
        verbose_name = "quyền sử dụng"
        verbose_name_plural = "quyền sử dụng"
        ordering = ["holder", "id"]
        constraints = [
            models.CheckConstraint(
                name="marks_use_term", condition=Q(granted_on=None) | Q(valid_to=None) | Q(granted_on__lt=F("valid_to"))
            )
        ]

    def __str__(self) -> str:
        return self.holder

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.number} {self.holder} {self.address}")[:500]
        super().save(*args, **kwargs)

    def has_expired(self, on: date) -> bool:
        """Whether the term is over."""
        return self.valid_to is not None and self.valid_to <= on


class UseStep(Identified):
    """One act on a right to use and the day from which it counts."""

    use = models.ForeignKey(UseRight, models.CASCADE, related_name="steps", verbose_name="quyền sử dụng")
    act = EnumField("việc", enum=UseAct)
    on = models.DateField("từ ngày")
    until = models.DateField("đến ngày", null=True, blank=True)
    decision = models.CharField("quyết định", max_length=200, blank=True)
    reason = models.CharField("lý do", max_length=500, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người làm")
    done_at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "việc với quyền sử dụng"
        verbose_name_plural = "việc với quyền sử dụng"
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.use}: {self.get_act_display()}"  # type: ignore[attr-defined]


class UsePlot(Identified):
    """A plot from which a member takes goods, with the part of it that lay in the area on the day of the check."""

    use = models.ForeignKey(UseRight, models.CASCADE, related_name="plots", verbose_name="quyền sử dụng")
    name = models.CharField("tên thửa", max_length=120)
    site_uri = models.CharField("mã địa điểm truy xuất", max_length=300, blank=True, db_index=True)
    commune = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="xã, phường"
    )
    area_ha = models.DecimalField("diện tích, ha", max_digits=9, decimal_places=4, null=True, blank=True)
    geometry = GeometryField("ranh giới", null=True, blank=True)
    area = models.ForeignKey(
        AreaVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="xét theo khu vực"
    )
    least = models.FloatField("phần trong khu vực, ít nhất", default=0)
    most = models.FloatField("phần trong khu vực, nhiều nhất", default=1)
    checked_on = models.DateField("ngày xét", null=True, blank=True)

    class Meta:
        verbose_name = "thửa đất của thành viên"
        verbose_name_plural = "thửa đất của thành viên"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["use", "name"], name="marks_plot_once")]

    def __str__(self) -> str:
        return self.name


class UseCheck(Identified):
    """What was found of place, product or people of an application."""

    use = models.ForeignKey(UseRight, models.CASCADE, related_name="checks", verbose_name="quyền sử dụng")
    kind = EnumField("nội dung", enum=CheckKind)
    passed = models.BooleanField("đạt")
    note = models.CharField("nhận xét", max_length=500, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người kiểm tra")
    done_on = models.DateField("ngày kiểm tra")

    class Meta:
        verbose_name = "kết quả kiểm tra"
        verbose_name_plural = "kết quả kiểm tra"
        ordering = ["-done_on", "-id"]

    def __str__(self) -> str:
        return f"{self.use}: {self.get_kind_display()}"  # type: ignore[attr-defined]


class LabResult(Identified):
    """One parameter of the specification as measured; `passed` is worked out from its limits when it is entered."""

    use = models.ForeignKey(UseRight, models.CASCADE, related_name="results", verbose_name="quyền sử dụng")
    parameter = models.ForeignKey(SpecParameter, models.PROTECT, related_name="+", verbose_name="chỉ tiêu")
    lot_code = models.CharField("số lô", max_length=60, blank=True)
    value = models.DecimalField("kết quả", max_digits=14, decimal_places=4, null=True, blank=True)
    passed = models.BooleanField("đạt")
    laboratory = models.CharField("phòng thử nghiệm", max_length=200, blank=True)
    report_number = models.CharField("số phiếu", max_length=80, blank=True)
    sampled_on = models.DateField("ngày lấy mẫu")

    class Meta:
        verbose_name = "kết quả thử nghiệm"
        verbose_name_plural = "kết quả thử nghiệm"
        ordering = ["-sampled_on", "parameter__place", "id"]

    def __str__(self) -> str:
        return f"{self.parameter}: {self.value}"
