"""Layers: what they are, who keeps and shares them, the rules and looks they have, and templates of registers."""

from typing import Any

from django.db import models

from khcn.domains.geodata.choices import Access, GeometryType, LayerKind, TopologyKind, UpdateCycle
from khcn.domains.geodata.rules.fields import Field, read_fields
from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.orgs.models import Organisation
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned


class LayerTemplate(models.Model):
    """A register as some rule of the field asks for it: fields, rules and look from which a layer is set up."""

    key = models.SlugField("khóa", max_length=60, unique=True)
    title = models.CharField("tên", max_length=200)
    summary = models.CharField("mô tả", max_length=600, blank=True)
    geometry_type = EnumField("loại hình", enum=GeometryType)
    fields = models.JSONField("các trường", default=list)
    title_field = models.CharField("trường làm tên", max_length=40, blank=True)
    rules = models.JSONField("quy tắc hình", default=list, blank=True)
    look = models.JSONField("kiểu hiển thị", default=dict, blank=True)
    update_cycle = EnumField("chu kỳ cập nhật", enum=UpdateCycle, default=UpdateCycle.AS_NEEDED)
    legal_basis = models.CharField("căn cứ", max_length=300, blank=True)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)

    class Meta:
        verbose_name = "mẫu sổ"
        verbose_name_plural = "mẫu sổ"
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title


class Layer(Versioned):
    """A layer of map objects under one owner.

    Born by its owner's office; filled by imports and changes; never deleted, only closed. Identity: `key` in addresses
    and interfaces, `uid` outside. `version_number` is the number of its latest version, 0 before the first.
    """

    key = models.SlugField("khóa", max_length=60, unique=True)
    title = models.CharField("tên", max_length=200)
    summary = models.TextField("mô tả", blank=True)
    kind = EnumField("dùng làm", enum=LayerKind, default=LayerKind.REGISTER)
    geometry_type = EnumField("loại hình", enum=GeometryType)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan quản lý")
    entry_epsg = models.PositiveIntegerField("hệ tọa độ nhập (EPSG)", default=9212)
    access = EnumField("mức truy cập", enum=Access, default=Access.INTERNAL)
    fields = models.JSONField("các trường", default=list)
    title_field = models.CharField("trường làm tên", max_length=40, blank=True)
    needs_approval = models.BooleanField("biến động phải được duyệt", default=True)
    licence = models.CharField("điều kiện sử dụng", max_length=200, blank=True)
    update_cycle = EnumField("chu kỳ cập nhật", enum=UpdateCycle, default=UpdateCycle.AS_NEEDED)
    legal_basis = models.CharField("căn cứ", max_length=300, blank=True)
    template = models.ForeignKey(
        LayerTemplate, models.PROTECT, null=True, blank=True, related_name="layers", verbose_name="theo mẫu"
    )
    version_number = models.PositiveIntegerField("phiên bản dữ liệu", default=0)
    object_count = models.PositiveIntegerField("số đối tượng", default=0)
    bbox = models.JSONField("khung", null=True, blank=True)
    is_open = models.BooleanField("đang dùng", default=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=400, editable=False, db_index=True)

    class Meta:
        verbose_name = "lớp dữ liệu"
        verbose_name_plural = "lớp dữ liệu"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.key} {self.title} {self.summary}")[:400]
        super().save(*args, **kwargs)

    @property
    def described_fields(self) -> tuple[Field, ...]:
        """The fields of its objects."""
        return read_fields(self.fields)


class LayerShare(models.Model):
    """Another organisation that reads a layer as its owner does, and may propose and check where so granted."""

    layer = models.ForeignKey(Layer, models.CASCADE, related_name="shares", verbose_name="lớp")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan")
    may_edit = models.BooleanField("được đề nghị biến động", default=False)

    class Meta:
        verbose_name = "chia sẻ lớp"
        verbose_name_plural = "chia sẻ lớp"
        constraints = [models.UniqueConstraint(fields=["layer", "organisation"], name="geodata_share_once")]

    def __str__(self) -> str:
        return f"{self.layer} → {self.organisation}"


class TopologyRule(Identified):
    """A rule that the layer's shapes keep; a broken blocking rule stops approval, never a proposal."""

    layer = models.ForeignKey(Layer, models.CASCADE, related_name="rules", verbose_name="lớp")
    kind = EnumField("quy tắc", enum=TopologyKind)
    other = models.ForeignKey(Layer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lớp kia")
    amount = models.FloatField("mức (m²)", null=True, blank=True)
    is_blocking = models.BooleanField("chặn duyệt", default=True)

    class Meta:
        verbose_name = "quy tắc hình"
        verbose_name_plural = "quy tắc hình"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.layer}: {TopologyKind(self.kind).label}"


class Style(Identified):
    """A way to draw a layer; one of them is the usual one."""

    layer = models.ForeignKey(Layer, models.CASCADE, related_name="styles", verbose_name="lớp")
    name = models.CharField("tên", max_length=120)
    look = models.JSONField("kiểu hiển thị", default=dict)
    is_usual = models.BooleanField("dùng thường", default=False)

    class Meta:
        verbose_name = "kiểu hiển thị"
        verbose_name_plural = "kiểu hiển thị"
        ordering = ["-is_usual", "name"]
        constraints = [models.UniqueConstraint(fields=["layer", "name"], name="geodata_style_once")]

    def __str__(self) -> str:
        return self.name
