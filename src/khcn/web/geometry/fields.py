"""`GeometryField`: a shapely geometry in lon/lat degrees (EPSG:4326), stored as PostGIS geometry or as WKB."""

from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

SRID = 4326


def as_geometry(value: Any) -> BaseGeometry | None:
    """The geometry behind a shapely object, WKB (bytes or hexadecimal), WKT or GeoJSON mapping, in two dimensions.

    None and "" give None. Raises ValidationError for what cannot be read, is empty, or lies outside ±180/±90 degrees.
    """
    if value is None or value == "":
        return None
    try:
        match value:
            case BaseGeometry():
                read = value
            case bytes() | bytearray() | memoryview():
                read = shapely.from_wkb(bytes(value))
            case str() if value.lstrip()[:2] in ("00", "01"):
                read = shapely.from_wkb(value.strip())
            case str():
                read = shapely.from_wkt(value)
            case dict():
                read = shape(value)
            case _:
                raise ValidationError(_("Không đọc được hình dạng địa lý."), code="invalid")
    except (ShapelyError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValidationError(_("Không đọc được hình dạng địa lý."), code="invalid") from error
    if read.is_empty:
        raise ValidationError(_("Hình dạng địa lý không có điểm nào."), code="empty")
    min_x, min_y, max_x, max_y = read.bounds
    if not (-180 <= min_x <= max_x <= 180 and -90 <= min_y <= max_y <= 90):
        raise ValidationError(_("Tọa độ phải là kinh độ, vĩ độ WGS 84 tính bằng độ."), code="outside")
    return shapely.force_2d(read)


class GeometryField(models.Field):
    """A geometry of any kind.

    Look-ups: `bbox_overlaps`, `intersects`, `contains`, `within`, `touches`, `crosses`, `overlaps`, `same_shape`,
    `dwithin` (shape, metres).
    """

    description = _("Hình dạng địa lý WGS 84")
    empty_strings_allowed = False

    def db_type(self, connection: Any) -> str:
        """A real geometry column on PostgreSQL (with PostGIS), a blob of WKB elsewhere."""
        return f"geometry(Geometry,{SRID})" if connection.vendor == "postgresql" else "BLOB"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """PostgreSQL reads hexadecimal EWKB once told what it is."""
        plain = connection.vendor != "postgresql" or hasattr(value, "as_sql")
        return "%s" if plain else "%s::geometry"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> BaseGeometry | None:
        """WKB, or hexadecimal EWKB from PostGIS, to shapely; the database is trusted."""
        return None if value is None else shapely.from_wkb(value)

    def to_python(self, value: Any) -> BaseGeometry | None:
        """Read any form that `as_geometry` knows."""
        return as_geometry(value)

    def get_prep_value(self, value: Any) -> Any:
        """Check and read the value; an expression passes as it is."""
        value = super().get_prep_value(value)
        return value if hasattr(value, "resolve_expression") else as_geometry(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The bytes that the database at hand keeps."""
        geometry = value if prepared else self.get_prep_value(value)
        if not isinstance(geometry, BaseGeometry):
            return geometry
        if connection.vendor == "postgresql":
            return shapely.to_wkb(shapely.set_srid(geometry, SRID), hex=True, include_srid=True)
        return shapely.to_wkb(geometry)

    def value_to_string(self, obj: models.Model) -> str:
        """Hexadecimal WKB, for fixtures: text in degrees would lose the last digit."""
        geometry = self.value_from_object(obj)
        return "" if geometry is None else shapely.to_wkb(geometry, hex=True)

    def formfield(self, **kwargs: Any) -> None:
        """No form edits a shape as text; files and map tools do."""
        return None
