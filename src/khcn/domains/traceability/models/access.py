"""Programs that capture and ask: their keys, the company prefixes they speak for, and what they may see."""

import uuid

from django.db import models


class Client(models.Model):
    """One program of one party, known by an API key of which only the digest is kept.

    Born when an officer registers it, ended by `is_active`. It captures events whose names begin with one of its
    prefixes, and sees what it captured and what names its prefixes; `sees_all` is for the province's own programs.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("tên", max_length=200)
    key_digest = models.CharField("dấu của khóa", max_length=64, unique=True)
    prefixes = models.JSONField("mã doanh nghiệp", default=list, blank=True)
    may_capture = models.BooleanField("được ghi sự kiện", default=True)
    may_query = models.BooleanField("được truy vấn", default=True)
    sees_all = models.BooleanField("thấy mọi sự kiện", default=False)
    is_active = models.BooleanField("đang dùng", default=True)
    created_at = models.DateTimeField("lúc tạo", auto_now_add=True)

    class Meta:
        verbose_name = "chương trình kết nối"
        verbose_name_plural = "chương trình kết nối"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
