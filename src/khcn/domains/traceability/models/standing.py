"""Queries that clients keep under a name."""

from django.db import models

from khcn.domains.traceability.models.access import Client


class NamedQuery(models.Model):
    """One question under a name of its client's choice. Born by POST, ended by DELETE."""

    name = models.CharField("tên", max_length=200)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", verbose_name="chương trình kết nối")
    parameters = models.JSONField("tham số")
    created_at = models.DateTimeField("lúc tạo", auto_now_add=True)

    class Meta:
        verbose_name = "truy vấn đặt tên"
        verbose_name_plural = "truy vấn đặt tên"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["client", "name"], name="traceability_query_once")]

    def __str__(self) -> str:
        return self.name
