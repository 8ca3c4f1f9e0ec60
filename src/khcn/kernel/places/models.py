"""Administrative units over time and named places."""

from django.db import models
from django.db.models import F, Q
from shapely.geometry import Point

from khcn.kernel.orgs.models import Dated
from khcn.kernel.places.choices import UnitLevel
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified
from khcn.web.geometry import GeometryField


class AdministrativeUnit(Identified, Dated):
    """A province, district or commune as it stood for a while, with the code of its list.

    A merger ends it and names successors. Identity: (`code`, `valid_from`) for people, `uid` outside.
    latitude/longitude: the centre in its list, always there; geometry: the boundary, once somebody has loaded one.
    """

    code = models.CharField("mã", max_length=10)
    name = models.CharField("tên", max_length=120)
    level = EnumField("cấp", enum=UnitLevel)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="thuộc"
    )
    latitude = models.FloatField("vĩ độ trung tâm", null=True, blank=True)
    longitude = models.FloatField("kinh độ trung tâm", null=True, blank=True)
    geometry = GeometryField("ranh giới", null=True, blank=True)
    folded = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta:
        verbose_name = "đơn vị hành chính"
        verbose_name_plural = "đơn vị hành chính"
        ordering = ["level", "folded"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="unit_code_from"),
            models.CheckConstraint(
                name="unit_dates_in_order",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded name for search."""
        self.folded = fold(self.name)[:200]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class AdministrativeSuccession(models.Model):
    """One unit's territory (or part of it) passing to another on a date.

    area_share: the part of the predecessor's area, 0 to 1, measured once both boundaries are loaded.
    """

    predecessor = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="succeeded_by", verbose_name="trước"
    )
    successor = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="succeeds", verbose_name="kế thừa")
    is_partial = models.BooleanField("một phần", default=False)
    area_share = models.FloatField("phần diện tích", null=True, blank=True)
    on = models.DateField("từ ngày")
    decision = models.CharField("văn bản", max_length=200, blank=True)

    class Meta:
        verbose_name = "kế thừa địa giới"
        verbose_name_plural = "kế thừa địa giới"
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="unit_succession_once")]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class BoundaryEdition(Identified):
    """One file of boundaries that somebody loaded: where it came from, for which day, and its digest."""

    name = models.CharField("tên", max_length=300)
    holds_on = models.DateField("ranh giới của ngày")
    source = models.CharField("nguồn", max_length=300)
    licence = models.CharField("giấy phép", max_length=120, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    tolerance_deg = models.FloatField("sai số đơn giản hóa (độ)")
    loaded_at = models.DateTimeField("nạp lúc", auto_now_add=True)

    class Meta:
        verbose_name = "bộ ranh giới"
        verbose_name_plural = "bộ ranh giới"
        ordering = ["-holds_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["sha256", "holds_on"], name="boundary_edition_once")]

    def __str__(self) -> str:
        return self.name


class UnitBoundary(models.Model):
    """A unit's boundary in one edition: as given, and simplified together with its neighbours, without gaps."""

    edition = models.ForeignKey(BoundaryEdition, models.PROTECT, related_name="boundaries", verbose_name="bộ")
    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="boundaries", verbose_name="đơn vị")
    geometry = GeometryField("ranh giới")
    simplified = GeometryField("ranh giới đơn giản hóa")

    class Meta:
        verbose_name = "ranh giới"
        verbose_name_plural = "ranh giới"
        constraints = [models.UniqueConstraint(fields=["edition", "unit"], name="unit_boundary_once")]

    def __str__(self) -> str:
        return f"{self.unit} ({self.edition})"


class Place(Identified):
    """A named spot or area where something is done: a plot, a plant, a site of application.

    geometry: a point or a shape. latitude and longitude read its middle and, set together, make it a point.
    """

    name = models.CharField("địa điểm", max_length=300)
    unit = models.ForeignKey(
        AdministrativeUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="places",
        verbose_name="đơn vị hành chính",
    )
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    geometry = GeometryField("vị trí", null=True, blank=True)
    folded = models.CharField(max_length=300, editable=False, blank=True, default="")

    class Meta:
        verbose_name = "địa điểm"
        verbose_name_plural = "địa điểm"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded name for search."""
        self.folded = fold(self.name)[:300]
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def latitude(self) -> float | None:
        """Degrees north of the middle, None without a geometry."""
        return None if self.geometry is None else self.geometry.representative_point().y

    @latitude.setter
    def latitude(self, value: float | None) -> None:
        self._set_degrees("latitude", value)

    @property
    def longitude(self) -> float | None:
        """Degrees east of the middle, None without a geometry."""
        return None if self.geometry is None else self.geometry.representative_point().x

    @longitude.setter
    def longitude(self, value: float | None) -> None:
        self._set_degrees("longitude", value)

    def _set_degrees(self, name: str, value: float | None) -> None:
        """Keep one coordinate until its pair comes: `Place(latitude=…, longitude=…)` sets them one after the other."""
        pair = self.__dict__.setdefault("_degrees", {"latitude": self.latitude, "longitude": self.longitude})
        pair[name] = value
        if pair["latitude"] is None or pair["longitude"] is None:
            self.geometry = None
        else:
            self.geometry = Point(pair["longitude"], pair["latitude"])
            del self.__dict__["_degrees"]
