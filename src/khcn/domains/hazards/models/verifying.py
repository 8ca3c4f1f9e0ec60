"""What was warned of and what damage came, as other rooms told it: the ground on which warnings are verified."""

from django.db import models


class GivenWarning(models.Model):
    """A message of warning that went out. ends_at: when it runs out, or was replaced or cancelled."""

    case = models.CharField("cảnh báo", max_length=40, db_index=True)
    message = models.CharField("mã bản tin", max_length=60, unique=True)
    hazard = models.SlugField("loại thiên tai", max_length=40)
    level = models.PositiveSmallIntegerField("cấp độ", null=True)
    units = models.JSONField("xã, phường", default=list)
    issued_at = models.DateTimeField("phát lúc")
    onset_at = models.DateTimeField("bắt đầu lúc")
    ends_at = models.DateTimeField("hết hiệu lực lúc")
    is_illustration = models.BooleanField("minh họa", default=False)

    class Meta:
        verbose_name = "cảnh báo đã phát"
        verbose_name_plural = "cảnh báo đã phát"
        ordering = ["issued_at", "id"]

    def __str__(self) -> str:
        return self.message


class SeenHarm(models.Model):
    """Damage that was reported and accepted."""

    report = models.CharField("báo cáo", max_length=40, unique=True)
    hazard = models.SlugField("loại thiên tai", max_length=40)
    unit = models.CharField("mã đơn vị hành chính", max_length=10)
    happened_at = models.DateTimeField("xảy ra lúc")
    is_illustration = models.BooleanField("minh họa", default=False)

    class Meta:
        verbose_name = "thiệt hại đã xác nhận"
        verbose_name_plural = "thiệt hại đã xác nhận"
        ordering = ["happened_at", "id"]

    def __str__(self) -> str:
        return self.report
