"""Values measured: one current value per series and time, what it replaced, and the newest of each series."""

from django.db import models

from khcn.domains.hazards.choices import ObservationDoor, Quality
from khcn.domains.hazards.models.stations import Datastream
from khcn.kernel.orgs.models import User
from khcn.web.fields import EnumField


class Observation(models.Model):
    """A value at a time, which ends its interval. Identity: (`datastream`, `phenomenon_time`).

    result: in the property's unit, None for a value known to be missing. quality: `choices.Quality`; checks: bits of
    `choices.CHECK_LABELS` that it failed; revision: 1, one more with each correction.
    """

    datastream = models.ForeignKey(Datastream, models.PROTECT, related_name="observations", verbose_name="chuỗi")
    phenomenon_time = models.DateTimeField("thời điểm đo")
    result = models.FloatField("trị số", null=True, blank=True)
    quality = models.PositiveSmallIntegerField("chất lượng", default=int(Quality.RAW))
    checks = models.PositiveSmallIntegerField("kiểm tra không đạt", default=0)
    revision = models.PositiveSmallIntegerField("lần sửa", default=1)
    received_at = models.DateTimeField("nhận lúc")
    door = EnumField("đường vào", enum=ObservationDoor)

    class Meta:
        verbose_name = "trị số quan trắc"
        verbose_name_plural = "trị số quan trắc"
        ordering = ["datastream", "phenomenon_time"]
        constraints = [
            models.UniqueConstraint(fields=["datastream", "phenomenon_time"], name="hazards_observation_once")
        ]

    def __str__(self) -> str:
        return f"{self.datastream} {self.phenomenon_time:%Y-%m-%dT%H:%MZ}"


class ObservationRevision(models.Model):
    """What a correction replaced; append-only. revision: the one that this value was."""

    datastream = models.ForeignKey(Datastream, models.PROTECT, related_name="revisions", verbose_name="chuỗi")
    phenomenon_time = models.DateTimeField("thời điểm đo")
    revision = models.PositiveSmallIntegerField("lần sửa")
    result = models.FloatField("trị số cũ", null=True)
    quality = models.PositiveSmallIntegerField("chất lượng cũ")
    received_at = models.DateTimeField("nhận lúc")
    door = EnumField("đường vào", enum=ObservationDoor)
    replaced_at = models.DateTimeField("thay lúc")
    replaced_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người sửa")
    reason = models.CharField("lý do", max_length=300, blank=True)

    class Meta:
        verbose_name = "trị số trước khi sửa"
        verbose_name_plural = "trị số trước khi sửa"
        ordering = ["datastream", "phenomenon_time", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["datastream", "phenomenon_time", "revision"], name="hazards_revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.datastream} {self.phenomenon_time:%Y-%m-%dT%H:%MZ} r{self.revision}"


class LatestObservation(models.Model):
    """The newest value of a series, so that "what is it now" costs one row; also the lock of whoever writes to it."""

    datastream = models.OneToOneField(
        Datastream, models.CASCADE, primary_key=True, related_name="latest", verbose_name="chuỗi"
    )
    phenomenon_time = models.DateTimeField("thời điểm đo", null=True, db_index=True)
    result = models.FloatField("trị số", null=True)
    quality = models.PositiveSmallIntegerField("chất lượng", default=int(Quality.RAW))
    received_at = models.DateTimeField("nhận lúc", null=True)
    unmoved_since = models.DateTimeField("không đổi từ", null=True)

    class Meta:
        verbose_name = "trị số mới nhất"
        verbose_name_plural = "trị số mới nhất"

    def __str__(self) -> str:
        return str(self.datastream_id)
