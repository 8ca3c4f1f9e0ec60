"""What growers and plants write down: templates, records, the lots they make, and who holds how much of them."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from khcn.domains.traceability.choices import FieldAct, FieldSource, Sector
from khcn.domains.traceability.models.events import CaptureJob
from khcn.domains.traceability.models.parties import Party, Product, Site
from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.orgs.models import Dated, User
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned


class FormTemplate(Versioned, Dated):
    """One small form of one trade, from a day on: what it asks and which event it becomes.

    Identity: (`code`, `valid_from`). A change is a new row; records keep the row they were written with. `fields` are
    {key, label, kind, unit, required, options}; kinds: number, text, choice, day.
    """

    code = models.CharField("mã mẫu", max_length=40)
    sector = EnumField("ngành hàng", enum=Sector)
    title = models.CharField("tên mẫu", max_length=120)
    act = EnumField("loại việc", enum=FieldAct)
    icon = models.CharField("biểu tượng", max_length=40, default="pencil")
    biz_step = models.CharField("bước theo EPCIS", max_length=60)
    disposition = models.CharField("tình trạng theo EPCIS", max_length=60, blank=True)
    fields = models.JSONField("các ô cần ghi", default=list, blank=True)
    most_kg_per_ha = models.DecimalField("sản lượng cao nhất, kg/ha/năm", max_digits=10, decimal_places=1, null=True)
    least_share = models.DecimalField("tỷ lệ thu hồi thấp nhất", max_digits=5, decimal_places=3, null=True)
    most_share = models.DecimalField("tỷ lệ thu hồi cao nhất", max_digits=5, decimal_places=3, null=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    citation = models.CharField("căn cứ", max_length=200, blank=True)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)

    class Meta:
        verbose_name = "mẫu ghi"
        verbose_name_plural = "mẫu ghi"
        ordering = ["sector", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="traceability_template_once"),
            models.CheckConstraint(
                name="traceability_template_dates",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Lot(Identified):
    """One lot of one product as a record made it. Identity: `uri`, which events and the QR name; `code` for people."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="lots", verbose_name="sản phẩm")
    code = models.CharField("số lô", max_length=20)
    uri = models.CharField("mã truy vết", max_length=300, unique=True)
    made_on = models.DateField("ngày tạo lô")
    expires_on = models.DateField("hạn dùng", null=True, blank=True)
    quantity_kg = models.DecimalField("khối lượng, kg", max_digits=14, decimal_places=3)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+", verbose_name="nơi tạo lô")
    withdrawn = models.BooleanField("đã hủy ghi", default=False)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=400, editable=False, db_index=True)

    class Meta:
        verbose_name = "lô hàng"
        verbose_name_plural = "lô hàng"
        ordering = ["-made_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["product", "code"], name="traceability_lot_once")]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.product.name} {self.product.party.name} {self.product.gtin}")[:400]
        super().save(*args, **kwargs)


class FieldRecord(Identified):
    """One form as it was filled in: the act, the event it became, and who wrote it.

    `uid` is made by the phone before anything is sent, so that sending twice is the same as once. Never changed; taken
    back by an error declaration, after which `withdrawn_at` is set.
    """

    template = models.ForeignKey(FormTemplate, models.PROTECT, related_name="+", verbose_name="mẫu ghi")
    party = models.ForeignKey(Party, models.PROTECT, related_name="records", verbose_name="cơ sở")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="records", verbose_name="địa điểm")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+", verbose_name="lô tạo ra")
    buyer = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", verbose_name="bên nhận")
    occurred_at = models.DateTimeField("lúc làm")
    answers = models.JSONField("nội dung ghi")
    digest = models.CharField("dấu nội dung", max_length=64)
    sentence = models.CharField("tóm tắt", max_length=300)
    event_id = models.TextField("mã sự kiện", db_index=True)
    job = models.ForeignKey(CaptureJob, models.PROTECT, related_name="+", verbose_name="lần ghi")
    source = EnumField("ghi bằng", enum=FieldSource)
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")
    written_at = models.DateTimeField("lúc ghi")
    withdrawn_at = models.DateTimeField("lúc hủy", null=True)
    withdrawn_reason = models.CharField("lý do hủy", max_length=300, blank=True)

    class Meta:
        verbose_name = "dòng nhật ký"
        verbose_name_plural = "dòng nhật ký"
        ordering = ["-occurred_at", "-id"]
        indexes = [models.Index(fields=["party", "-occurred_at"], name="traceability_record_party")]

    def __str__(self) -> str:
        return self.sentence


class LotUse(models.Model):
    """How much of a lot one record used, made, sent or received."""

    record = models.ForeignKey(FieldRecord, models.PROTECT, related_name="uses", verbose_name="dòng nhật ký")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="uses", verbose_name="lô hàng")
    kg = models.DecimalField("khối lượng, kg", max_digits=14, decimal_places=3)
    is_output = models.BooleanField("là lô tạo ra", default=False)

    class Meta:
        verbose_name = "khối lượng của lô trong nhật ký"
        verbose_name_plural = "khối lượng của lô trong nhật ký"

    def __str__(self) -> str:
        return f"{self.lot}: {self.kg}"


class Holding(models.Model):
    """How much of a lot a party has, and how much is on its way to it; below zero where more was used than declared."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="holdings", verbose_name="lô hàng")
    party = models.ForeignKey(Party, models.PROTECT, related_name="holdings", verbose_name="cơ sở")
    kg = models.DecimalField("đang giữ, kg", max_digits=14, decimal_places=3, default=0)
    coming_kg = models.DecimalField("đang đến, kg", max_digits=14, decimal_places=3, default=0)

    class Meta:
        verbose_name = "tồn lô"
        verbose_name_plural = "tồn lô"
        constraints = [models.UniqueConstraint(fields=["lot", "party"], name="traceability_holding_once")]

    def __str__(self) -> str:
        return f"{self.lot} – {self.party}: {self.kg}"
