"""What a person must know or do, and what was sent to tell them."""

from django.db import models

from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.orgs.models import User
from khcn.web.fields import EnumField, Identified


class Notice(Identified):
    """One line in a person's inbox: read, or done when the matter is settled. Never deleted."""

    recipient = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name="người nhận")
    kind = EnumField("loại", enum=NoticeKind, default=NoticeKind.INFORM)
    title = models.CharField("nội dung", max_length=300)
    body = models.TextField("chi tiết", blank=True)
    url = models.CharField("đường dẫn", max_length=300, blank=True)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_uid = models.UUIDField(null=True, blank=True)
    due_on = models.DateField("hạn", null=True, blank=True)
    created_at = models.DateTimeField("lúc", auto_now_add=True)
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)
    done_at = models.DateTimeField("xong lúc", null=True, blank=True)
    emailed_at = models.DateTimeField("gửi thư lúc", null=True, blank=True)

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recipient", "done_at", "read_at"]),
            models.Index(fields=["subject_type", "subject_uid"]),
        ]

    def __str__(self) -> str:
        return self.title
