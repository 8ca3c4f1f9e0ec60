"""The ledger of stamps: designs, printed ranges, certified lots, what was issued to them, voided and scanned."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.marks.choices import Outcome
from khcn.domains.marks.models.rights import Right, RightProduct
from khcn.domains.marks.models.uses import UseRight
from khcn.kernel.orgs.models import User
from khcn.web.fields import EnumField, Identified, Versioned


class StampDesign(Versioned):
    """One kind of stamp. Identity: `prefix`, printed before the number. kg: the mass that one stamp covers."""

    right = models.ForeignKey(Right, models.PROTECT, related_name="designs", verbose_name="quyền")
    name = models.CharField("tên mẫu tem", max_length=120)
    prefix = models.CharField("ký hiệu", max_length=8, unique=True)
    kg = models.DecimalField("khối lượng mỗi tem, kg", max_digits=9, decimal_places=3)
    is_active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = "mẫu tem"
        verbose_name_plural = "mẫu tem"
        ordering = ["name", "id"]
        constraints = [models.CheckConstraint(name="marks_design_weighs", condition=Q(kg__gt=0))]

    def __str__(self) -> str:
        return self.name


class StampOrder(Identified):
    """Stamps ordered of a printer: numbers `first` to `last` of the design, each with a tail nobody can guess."""

    design = models.ForeignKey(StampDesign, models.PROTECT, related_name="orders", verbose_name="mẫu tem")
    printer = models.CharField("nơi in", max_length=200)
    first = models.PositiveIntegerField("từ số")
    last = models.PositiveIntegerField("đến số")
    ordered_on = models.DateField("ngày đặt in")
    received_on = models.DateField("ngày nhận tem", null=True, blank=True)
    secret = models.CharField(max_length=64, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người đặt")

    class Meta:
        verbose_name = "đợt in tem"
        verbose_name_plural = "đợt in tem"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="marks_order_range", condition=Q(first__lte=F("last"))),
            models.UniqueConstraint(fields=["design", "first"], name="marks_order_first_once"),
        ]

    def __str__(self) -> str:
        return f"{self.design.prefix} {self.first}–{self.last}"

    @property
    def count(self) -> int:
        """How many stamps."""
        return self.last - self.first + 1


class CertifiedLot(Identified):
    """A lot that a member may stamp, with the verdict and the mass that it was certified for on that day."""

    use = models.ForeignKey(UseRight, models.PROTECT, related_name="lots", verbose_name="quyền sử dụng")
    product = models.ForeignKey(RightProduct, models.PROTECT, related_name="+", verbose_name="sản phẩm")
    lot_uri = models.CharField("mã truy vết", max_length=300, db_index=True)
    lot_code = models.CharField("số lô", max_length=60)
    made_on = models.DateField("ngày tạo lô")
    lot_kg = models.DecimalField("khối lượng lô, kg", max_digits=14, decimal_places=3)
    kg = models.DecimalField("khối lượng được chứng nhận, kg", max_digits=14, decimal_places=3)
    outcome = EnumField("kết luận", enum=Outcome)
    least = models.FloatField("phần từ khu vực, ít nhất")
    most = models.FloatField("phần từ khu vực, nhiều nhất")
    reasons = models.JSONField("lý do", default=list, blank=True)
    certified_on = models.DateField("ngày chứng nhận")
    certified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người chứng nhận")

    class Meta:
        verbose_name = "lô được chứng nhận"
        verbose_name_plural = "lô được chứng nhận"
        ordering = ["-certified_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["use", "lot_uri"], name="marks_certified_once")]

    def __str__(self) -> str:
        return self.lot_code


class StampIssue(Identified):
    """A range of stamps handed out for a certified lot. kg: the mass of one stamp then."""

    order = models.ForeignKey(StampOrder, models.PROTECT, related_name="issues", verbose_name="đợt in")
    lot = models.ForeignKey(CertifiedLot, models.PROTECT, related_name="issues", verbose_name="lô")
    first = models.PositiveIntegerField("từ số")
    last = models.PositiveIntegerField("đến số")
    kg = models.DecimalField("khối lượng mỗi tem, kg", max_digits=9, decimal_places=3)
    used = models.PositiveIntegerField("đã dán", default=0)
    issued_on = models.DateField("ngày cấp")
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người cấp")

    class Meta:
        verbose_name = "lần cấp tem"
        verbose_name_plural = "lần cấp tem"
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.CheckConstraint(name="marks_issue_range", condition=Q(first__lte=F("last"))),
            models.UniqueConstraint(fields=["order", "first"], name="marks_issue_first_once"),
        ]

    def __str__(self) -> str:
        return f"{self.order.design.prefix} {self.first}–{self.last}"

    @property
    def count(self) -> int:
        """How many stamps."""
        return self.last - self.first + 1


class StampVoid(Identified):
    """Stamps of an issue that were spoilt, lost or taken back; their mass may be stamped again."""

    issue = models.ForeignKey(StampIssue, models.PROTECT, related_name="voids", verbose_name="lần cấp")
    first = models.PositiveIntegerField("từ số")
    last = models.PositiveIntegerField("đến số")
    reason = models.CharField("lý do", max_length=200)
    voided_on = models.DateField("ngày hủy")
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người hủy")

    class Meta:
        verbose_name = "tem hủy"
        verbose_name_plural = "tem hủy"
        ordering = ["first"]
        constraints = [models.CheckConstraint(name="marks_void_range", condition=Q(first__lte=F("last")))]

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"

    @property
    def count(self) -> int:
        """How many stamps."""
        return self.last - self.first + 1


class StampScan(models.Model):
    """One look-up of a stamp: when, and from which network in a form that names nobody."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(StampOrder, models.CASCADE, related_name="+", verbose_name="đợt in")
    number = models.PositiveIntegerField("số tem")
    at = models.DateTimeField("lúc quét")
    network = models.CharField("mạng, đã băm", max_length=16)

    class Meta:
        verbose_name = "lượt quét tem"
        verbose_name_plural = "lượt quét tem"
        indexes = [models.Index(fields=["order", "number", "at"], name="marks_scan_stamp")]

    def __str__(self) -> str:
        return str(self.number)
