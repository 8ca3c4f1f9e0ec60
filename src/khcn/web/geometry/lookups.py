"""The spatial look-ups: PostGIS functions on PostgreSQL; R*Tree candidates and shapely functions on SQLite."""

from typing import Any

from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import FieldGetDbPrepValueMixin
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from khcn.standards.geodesy import bounds_around
from khcn.web.geometry.fields import GeometryField, as_geometry
from khcn.web.geometry.sqlite import rtree_of

WRONG_PAIR = "dwithin takes (geometry, metres)"


class SpatialLookup(FieldGetDbPrepValueMixin, models.Lookup):
    """A look-up with one function per database; `{lhs}` and `{rhs}` stand for the two geometries."""

    postgis = ""
    sqlite = ""

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """The PostGIS function; the planner takes the GiST index by itself."""
        return self._fill(self.postgis, compiler, connection)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """The shapely function, after the R*Tree has cut the candidates where the shape asked about is known."""
        sql, params = self._fill(self.sqlite, compiler, connection)
        bounds = self.search_bounds()
        if bounds is None or not isinstance(self.lhs, Col):
            return sql, params
        model = self.lhs.target.model
        quote = connection.ops.quote_name
        key = f"{quote(self.lhs.alias)}.{quote(model._meta.pk.column)}"
        tree = quote(rtree_of(model._meta.db_table, str(self.lhs.target.column)))
        inside = "max_x >= %s AND min_x <= %s AND max_y >= %s AND min_y <= %s"
        min_x, min_y, max_x, max_y = bounds
        candidates = f"{key} IN (SELECT id FROM {tree} WHERE {inside})"  # noqa: S608 the names are quoted
        return f"({candidates} AND {sql})", [min_x, max_x, min_y, max_y, *params]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """No other database is served."""
        raise NotImplementedError(f"spatial look-ups need PostgreSQL or SQLite, not {connection.vendor}")

    def search_bounds(self) -> tuple[float, float, float, float] | None:
        """Degrees in which matches must lie, None when the other side is a column."""
        return self.rhs.bounds if isinstance(self.rhs, BaseGeometry) else None

    def _fill(self, template: str, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        if connection.vendor == "postgresql" and isinstance(self.rhs, BaseGeometry):
            rhs = f"{rhs}::geometry"
        return template.format(lhs=lhs, rhs=rhs), [*lhs_params, *rhs_params]


@GeometryField.register_lookup
class BboxOverlaps(SpatialLookup):
    """The bounding boxes share a point."""

    lookup_name = "bbox_overlaps"
    postgis = "{lhs} && {rhs}"
    sqlite = "khcn_bbox_overlaps({lhs}, {rhs})"


@GeometryField.register_lookup
class Intersects(SpatialLookup):
    """The shapes share a point, borders included."""

    lookup_name = "intersects"
    postgis = "ST_Intersects({lhs}, {rhs})"
    sqlite = "khcn_intersects({lhs}, {rhs})"


@GeometryField.register_lookup
class Contains(SpatialLookup):
    """The stored shape contains the given one; a point on the border is not contained."""

    lookup_name = "contains"
    postgis = "ST_Contains({lhs}, {rhs})"
    sqlite = "khcn_contains({lhs}, {rhs})"


@GeometryField.register_lookup
class Within(SpatialLookup):
    """The stored shape lies within the given one, not only along its border."""

    lookup_name = "within"
    postgis = "ST_Within({lhs}, {rhs})"
    sqlite = "khcn_within({lhs}, {rhs})"


@GeometryField.register_lookup
class Touches(SpatialLookup):
    """The shapes share borders only."""

    lookup_name = "touches"
    postgis = "ST_Touches({lhs}, {rhs})"
    sqlite = "khcn_touches({lhs}, {rhs})"


@GeometryField.register_lookup
class Crosses(SpatialLookup):
    """The shapes cross, as a road crosses a forest."""

    lookup_name = "crosses"
    postgis = "ST_Crosses({lhs}, {rhs})"
    sqlite = "khcn_crosses({lhs}, {rhs})"


@GeometryField.register_lookup
class Overlaps(SpatialLookup):
    """The shapes share a part, and each has one of its own."""

    lookup_name = "overlaps"
    postgis = "ST_Overlaps({lhs}, {rhs})"
    sqlite = "khcn_overlaps({lhs}, {rhs})"


@GeometryField.register_lookup
class SameShape(SpatialLookup):
    """The shapes cover the same points, however they are drawn."""

    lookup_name = "same_shape"
    postgis = "ST_Equals({lhs}, {rhs})"
    sqlite = "khcn_equals({lhs}, {rhs})"


@GeometryField.register_lookup
class DWithin(SpatialLookup):
    """The stored shape lies within a distance on the ellipsoid: `geometry__dwithin=(shape, metres)`."""

    lookup_name = "dwithin"
    postgis = "({lhs} && {box}::geometry AND ST_DWithin({lhs}::geography, {rhs}::geography, {metres}))"
    sqlite = "khcn_dwithin({lhs}, {rhs}, {metres})"

    def get_prep_lookup(self) -> BaseGeometry:
        """Take the pair apart. Raises TypeError for anything but (geometry, metres)."""
        if not isinstance(self.rhs, tuple) or len(self.rhs) != 2:
            raise TypeError(WRONG_PAIR)
        geometry, metres = as_geometry(self.rhs[0]), float(self.rhs[1])
        if geometry is None or not metres >= 0:
            raise TypeError(WRONG_PAIR)
        self.metres = metres
        return geometry

    def search_bounds(self) -> tuple[float, float, float, float]:
        """The shape's bounds, widened by the distance."""
        return bounds_around(self.rhs, self.metres)

    def _fill(self, template: str, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        around = self.lhs.output_field.get_db_prep_value(box(*self.search_bounds()), connection, prepared=True)
        filled = template.replace("{metres}", repr(self.metres))
        if "{box}" not in filled:
            return super()._fill(filled, compiler, connection)
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        sql = filled.format(lhs=lhs, rhs=f"{rhs}::geometry", box="%s")
        return sql, [*lhs_params, around, *lhs_params, *rhs_params]
