"""Identifiers, each kept once in its canonical spelling, and what master data say about them."""

from django.db import models


class Ident(models.Model):
    """One identifier or word: everywhere else it is a number. Born with the first event that names it, never ended."""

    id = models.BigAutoField(primary_key=True)
    uri = models.TextField("mã", unique=True)

    class Meta:
        verbose_name = "mã"
        verbose_name_plural = "mã"

    def __str__(self) -> str:
        return self.uri


class Master(models.Model):
    """What a vocabulary says of one identifier: the latest captured statement of its attributes and its children."""

    ident = models.ForeignKey(Ident, on_delete=models.PROTECT, related_name="+", verbose_name="mã")
    vocabulary = models.TextField("danh mục")
    attributes = models.JSONField("thuộc tính", default=list)
    children = models.JSONField("mã con", default=list)
    recorded_at = models.DateTimeField("lúc ghi")

    class Meta:
        verbose_name = "dữ liệu gốc"
        verbose_name_plural = "dữ liệu gốc"
        constraints = [models.UniqueConstraint(fields=["ident", "vocabulary"], name="traceability_master_once")]

    def __str__(self) -> str:
        return f"{self.vocabulary}: {self.ident_id}"
