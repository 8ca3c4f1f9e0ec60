"""Files of observations on their way in, and how files with the same columns were read before."""

from django.db import models

from khcn.domains.hazards.choices import StationFileState
from khcn.domains.hazards.models.stations import Station
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.orgs.models import Organisation, User
from khcn.web.fields import EnumField, Identified, Versioned


class MappingProfile(Identified):
    """How a table with these very columns is read; remembered when a file is taken in.

    fingerprint: digest of the columns. mapping: what `rules.station_tables.Mapping` holds.
    """

    owner = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name="cơ quan")
    name = models.CharField("tên", max_length=120)
    fingerprint = models.CharField("dấu của các cột", max_length=64)
    mapping = models.JSONField("cách đọc", default=dict)
    used_at = models.DateTimeField("dùng lần cuối", auto_now=True)

    class Meta:
        verbose_name = "cách đọc tệp"
        verbose_name_plural = "cách đọc tệp"
        ordering = ["-used_at"]
        constraints = [models.UniqueConstraint(fields=["owner", "fingerprint"], name="hazards_profile_once")]

    def __str__(self) -> str:
        return self.name


class StationFile(Versioned):
    """A file of observations: kept, read under a mapping, then taken in whole or dropped.

    faults: (row, column, sentence). new, same, corrected: what taking it in did, or would do.
    """

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan")
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="files", verbose_name="trạm"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="tệp")
    filename = models.CharField("tên tệp", max_length=255)
    state = EnumField("trạng thái", enum=StationFileState, default=StationFileState.PREPARED)
    columns = models.JSONField("các cột", default=list)
    mapping = models.JSONField("cách đọc", default=dict)
    row_count = models.PositiveIntegerField("số dòng", default=0)
    value_count = models.PositiveIntegerField("số trị số", default=0)
    faults = models.JSONField("lỗi", default=list)
    fault_count = models.PositiveIntegerField("số lỗi", default=0)
    first_at = models.DateTimeField("từ", null=True, blank=True)
    last_at = models.DateTimeField("đến", null=True, blank=True)
    new = models.PositiveIntegerField("trị số mới", default=0)
    same = models.PositiveIntegerField("đã có", default=0)
    corrected = models.PositiveIntegerField("đính chính", default=0)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người gửi")
    applied_at = models.DateTimeField("nhập lúc", null=True, blank=True)

    class Meta:
        verbose_name = "tệp số liệu"
        verbose_name_plural = "tệp số liệu"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename
