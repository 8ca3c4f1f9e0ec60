"""Objects of layers over time, and the versions that say which states were there."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from khcn.domains.geodata.choices import Access
from khcn.domains.geodata.models.layers import Layer
from khcn.kernel.orgs.models import Dated
from khcn.web.fields import EnumField, Identified
from khcn.web.geometry import GeometryField


class LayerVersion(Identified):
    """What one import or change made of a layer; never changed. digest: chained over the states added and ended."""

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="versions", verbose_name="lớp")
    number = models.PositiveIntegerField("số")
    reason = models.CharField("lý do", max_length=400)
    made_at = models.DateTimeField("lúc")
    made_by = models.CharField("người làm", max_length=200)
    added = models.PositiveIntegerField("thêm")
    ended = models.PositiveIntegerField("kết thúc")
    count = models.PositiveIntegerField("số đối tượng")
    digest = models.CharField("dấu", max_length=64)
    previous = models.CharField("dấu trước", max_length=64, blank=True)

    class Meta:
        verbose_name = "phiên bản lớp"
        verbose_name_plural = "phiên bản lớp"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["layer", "number"], name="geodata_version_once")]

    def __str__(self) -> str:
        return f"{self.layer} v{self.number}"


class Feature(Identified, Dated):
    """One state of one object: its shape and fields from a day up to, not including, another.

    Identity: (`layer`, `code`) is the object; the state without an end is the current one. Only the end of a state is
    ever set, once; a state replaced on the day it began was never valid, but stays in the history.
    added_in and ended_in: numbers of the versions that brought the state and its end. area_m2: in the layer's entry
    system. folded: code and text fields that everybody who reads the layer may read, for search.
    """

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="features", verbose_name="lớp")
    code = models.CharField("mã", max_length=60)
    title = models.CharField("tên", max_length=200, blank=True)
    geometry = GeometryField("hình")
    properties = models.JSONField("các trường", default=dict)
    access = EnumField("mức truy cập", enum=Access, default=Access.OPEN)
    area_m2 = models.FloatField("diện tích (m²)", default=0)
    added_in = models.PositiveIntegerField("thêm ở phiên bản")
    ended_in = models.PositiveIntegerField("kết thúc ở phiên bản", null=True, blank=True)
    digest = models.CharField("dấu", max_length=64)
    folded = models.CharField(max_length=400, editable=False)

    class Meta:
        verbose_name = "đối tượng"
        verbose_name_plural = "đối tượng"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["layer", "code", "added_in"], name="geodata_state_once"),
            models.UniqueConstraint(
                fields=["layer", "code"], condition=Q(valid_to=None), name="geodata_one_current_state"
            ),
            models.CheckConstraint(
                name="geodata_state_dates", condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to"))
            ),
        ]
        indexes = [models.Index(fields=["layer", "id"], name="geodata_by_layer")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    def snapshot(self) -> dict[str, Any]:
        """What a proposal keeps of the state it was written against."""
        return {
            "code": self.code, "title": self.title, "valid_from": str(self.valid_from), "digest": self.digest,
            "access": str(self.access), "properties": self.properties,
            "geometry": self.geometry.__geo_interface__,
        }  # fmt: skip
