"""Keys with which desktop programs ask and edit in a person's name."""

from django.db import models

from khcn.kernel.orgs.models import User
from khcn.web.fields import Identified


class MapKey(Identified):
    """A person's key for programs such as QGIS; only its digest is kept, and it ends on a day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="người dùng")
    name = models.CharField("dùng cho", max_length=120)
    digest = models.CharField("dấu của khóa", max_length=64, unique=True)
    created_at = models.DateTimeField("cấp lúc", auto_now_add=True)
    ends_on = models.DateField("hết hạn")
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)

    class Meta:
        verbose_name = "khóa kết nối bản đồ"
        verbose_name_plural = "khóa kết nối bản đồ"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
