"""What stands behind the page of a QR: papers, labels, scans, reports of fakes, recalls, and the dated profile."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.traceability.choices import EvidenceKind, FakeReportState
from khcn.domains.traceability.models.fieldwork import Lot
from khcn.domains.traceability.models.parties import Product
from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.orgs.models import Dated, User
from khcn.web.fields import EnumField, Identified, Versioned


class Evidence(Identified):
    """A test or certificate of a product, or of one lot of it; shown to consumers while it is valid."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="evidence", verbose_name="sản phẩm")
    lot = models.ForeignKey(
        Lot, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name="chỉ cho lô"
    )
    kind = EnumField("loại giấy", enum=EvidenceKind)
    title = models.CharField("tên giấy", max_length=200)
    number = models.CharField("số", max_length=80, blank=True)
    issuer = models.CharField("nơi cấp", max_length=200)
    issued_on = models.DateField("ngày cấp")
    expires_on = models.DateField("hết hạn", null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="tệp")

    class Meta:
        verbose_name = "giấy kiểm nghiệm, chứng nhận"
        verbose_name_plural = "giấy kiểm nghiệm, chứng nhận"
        ordering = ["-issued_on", "-id"]

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()


class LabelBatch(Identified):
    """Numbered labels printed for a lot. A serial is the batch, the number and a few letters that nobody can guess."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="label_batches", verbose_name="lô hàng")
    count = models.PositiveIntegerField("số tem")
    secret = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField("lúc in", auto_now_add=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người in")

    class Meta:
        verbose_name = "đợt tem"
        verbose_name_plural = "đợt tem"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.lot}: {self.count}"


class Scan(models.Model):
    """One opening of the page of a numbered label: when, and from which network in a form that names nobody."""

    id = models.BigAutoField(primary_key=True)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", verbose_name="lô hàng")
    serial = models.CharField("số tem", max_length=20)
    at = models.DateTimeField("lúc quét")
    network = models.CharField("mạng, đã băm", max_length=16)

    class Meta:
        verbose_name = "lượt quét"
        verbose_name_plural = "lượt quét"
        indexes = [models.Index(fields=["lot", "serial", "at"], name="traceability_scan_serial")]

    def __str__(self) -> str:
        return self.serial


class FakeReport(Versioned):
    """What somebody says about goods that do not look like what their QR shows. Born public, closed by an officer."""

    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+", verbose_name="lô hàng")
    serial = models.CharField("số tem", max_length=20, blank=True)
    contents = models.TextField("nội dung")
    bought_at = models.CharField("nơi mua", max_length=200, blank=True)
    contact = models.CharField("liên hệ", max_length=120, blank=True)
    sent_at = models.DateTimeField("lúc gửi")
    state = EnumField("trạng thái", enum=FakeReportState, default=FakeReportState.NEW)
    answer = models.TextField("kết quả xem xét", blank=True)

    class Meta:
        verbose_name = "phản ánh hàng giả"
        verbose_name_plural = "phản ánh hàng giả"
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return self.contents[:80]


class Recall(Versioned):
    """A lot called back, or a drill of it: what it reached, who was told and how long it took is kept as found."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="recalls", verbose_name="lô hàng")
    reason = models.CharField("lý do", max_length=300)
    advice = models.CharField("người mua cần làm gì", max_length=300, blank=True)
    is_drill = models.BooleanField("diễn tập", default=False)
    started_at = models.DateTimeField("bắt đầu")
    started_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ra lệnh")
    report = models.JSONField("báo cáo", default=dict)
    closed_at = models.DateTimeField("kết thúc", null=True, blank=True)
    conclusion = models.CharField("kết luận", max_length=300, blank=True)

    class Meta:
        verbose_name = "thu hồi"
        verbose_name_plural = "thu hồi"
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.lot}: {self.reason}"


class RecalledLot(models.Model):
    """One lot that a recall reached; its page warns while the recall is open."""

    recall = models.ForeignKey(Recall, models.CASCADE, related_name="lots", verbose_name="thu hồi")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", verbose_name="lô hàng")
    is_certain = models.BooleanField("chắc chắn", default=True)

    class Meta:
        verbose_name = "lô bị thu hồi"
        verbose_name_plural = "lô bị thu hồi"
        constraints = [models.UniqueConstraint(fields=["recall", "lot"], name="traceability_recalled_once")]

    def __str__(self) -> str:
        return str(self.lot)


class ProfileItem(Dated):
    """One of the things that the law wants known of traced goods, while it wants it; `key` names our check of it."""

    key = models.CharField("khóa", max_length=40)
    number = models.PositiveSmallIntegerField("thứ tự")
    title = models.CharField("nội dung", max_length=200)
    advice = models.CharField("cách bổ sung", max_length=300)
    weight = models.PositiveSmallIntegerField("điểm", default=10)
    citation = models.CharField("căn cứ", max_length=200)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)

    class Meta:
        verbose_name = "mục thông tin bắt buộc"
        verbose_name_plural = "mục thông tin bắt buộc"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="traceability_item_once"),
            models.CheckConstraint(
                name="traceability_item_dates",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TraceParameter(Dated):
    """One threshold of traceability from a day on, with where it comes from."""

    key = models.CharField("khóa", max_length=60)
    value = models.DecimalField("giá trị", max_digits=14, decimal_places=4)
    citation = models.CharField("căn cứ", max_length=200)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)
    note = models.CharField("ghi chú", max_length=200, blank=True)

    class Meta:
        verbose_name = "tham số truy xuất"
        verbose_name_plural = "tham số truy xuất"
        ordering = ["key", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="traceability_parameter_once")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
