"""Captured events as they were sent, the names in them, and the jobs that brought them."""

import uuid

from django.db import models

from khcn.domains.traceability.models.access import Client
from khcn.domains.traceability.models.names import Ident


class Context(models.Model):
    """One JSON-LD context; events of the same document share it. Never changed, never ended."""

    digest = models.CharField("dấu", max_length=64, unique=True)
    value = models.JSONField("ngữ cảnh")

    class Meta:
        verbose_name = "ngữ cảnh"
        verbose_name_plural = "ngữ cảnh"

    def __str__(self) -> str:
        return self.digest[:12]


class CaptureJob(models.Model):
    """One document that was sent: its bytes, what came of it, and its place in the chain of jobs.

    Born with the request and finished in the same transaction; kept for audit, since `chain` is the digest of the job
    before it, of the document and of the events it stored.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", verbose_name="chương trình kết nối")
    behaviour = models.CharField("khi có lỗi", max_length=8)
    success = models.BooleanField("thành công")
    errors = models.JSONField("lỗi", default=list)
    event_count = models.PositiveIntegerField("số sự kiện", default=0)
    stored_count = models.PositiveIntegerField("số sự kiện đã ghi", default=0)
    document = models.BinaryField("văn bản gốc, nén")
    created_at = models.DateTimeField("lúc nhận")
    finished_at = models.DateTimeField("lúc xong")
    chain = models.CharField("mắt xích", max_length=64)

    class Meta:
        verbose_name = "lần ghi"
        verbose_name_plural = "lần ghi"
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.uid)


def _word(label: str, *, indexed: bool = False) -> models.ForeignKey:
    """indexed: whether the column needs an index of its own; the others begin an index of the table."""
    return models.ForeignKey(
        Ident, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=label, db_index=indexed
    )


class CapturedEvent(models.Model):
    """One event: what is asked often in columns, the whole in `body`, in the bytes that go out again.

    Born by capture, never changed: an error declaration is an event of its own, and what was derived from the event
    that it takes back goes. `key` is the event hash, for a declaration the hash of hash and declaration, so that
    capturing again stores nothing.
    """

    seq = models.BigAutoField(primary_key=True)
    key = models.BinaryField("dấu", max_length=32, unique=True)
    event_id = models.TextField("mã sự kiện", db_index=True)
    kind = models.CharField("loại", max_length=120)
    event_time = models.DateTimeField("lúc xảy ra")
    record_time = models.DateTimeField("lúc ghi")
    action = models.CharField("hành động", max_length=7, blank=True)
    biz_step = _word("bước nghiệp vụ")
    disposition = _word("tình trạng")
    read_point = _word("điểm ghi nhận")
    biz_location = _word("địa điểm")
    transformation = _word("mã chế biến", indexed=True)
    declares_error = models.BooleanField("là lời khai sai sót", default=False)
    context = models.ForeignKey(
        Context, on_delete=models.PROTECT, related_name="+", verbose_name="ngữ cảnh", db_index=False
    )
    job = models.ForeignKey(CaptureJob, on_delete=models.PROTECT, related_name="events", verbose_name="lần ghi")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", verbose_name="chương trình kết nối")
    body = models.BinaryField("sự kiện")

    class Meta:
        verbose_name = "sự kiện"
        verbose_name_plural = "sự kiện"
        indexes = [
            models.Index(fields=["event_time", "seq"], name="traceability_event_time"),
            models.Index(fields=["biz_step", "seq"], name="traceability_event_step"),
            models.Index(fields=["disposition", "seq"], name="traceability_event_disp"),
            models.Index(fields=["read_point", "seq"], name="traceability_event_read"),
            models.Index(fields=["biz_location", "seq"], name="traceability_event_place"),
        ]

    def __str__(self) -> str:
        return self.event_id


class EventName(models.Model):
    """One identifier in one event, with what it is there."""

    id = models.BigAutoField(primary_key=True)
    ident = models.ForeignKey(Ident, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name="mã")
    event = models.ForeignKey(CapturedEvent, on_delete=models.CASCADE, related_name="+", verbose_name="sự kiện")
    role = models.SmallIntegerField("vai trò")

    class Meta:
        verbose_name = "mã trong sự kiện"
        verbose_name_plural = "mã trong sự kiện"
        indexes = [models.Index(fields=["ident", "role", "event"], name="traceability_name_event")]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.ident_id}"


class Reader(models.Model):
    """One company prefix that occurs in one event: its party may read it."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(CapturedEvent, on_delete=models.CASCADE, related_name="+", verbose_name="sự kiện")
    prefix = models.CharField("mã doanh nghiệp", max_length=12)

    class Meta:
        verbose_name = "bên được đọc"
        verbose_name_plural = "bên được đọc"
        indexes = [models.Index(fields=["prefix", "event"], name="traceability_reader_event")]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.prefix}"
