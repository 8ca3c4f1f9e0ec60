"""Checks a GeoJSON plot file against the rules of the information system; finds everything, mends nothing."""

import json
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import shapely
from shapely.geometry import LinearRing, Polygon

from khcn.standards.eudr.limits import Finding, Limits
from khcn.standards.geodesy import area_m2

PROPERTIES = ("ProducerName", "ProducerCountry", "ProductionPlace", "Area")
_BY_LOWER = {name.lower(): name for name in PROPERTIES}
_DEPTH = {"Point": 0, "MultiPoint": 1, "Polygon": 2, "MultiPolygon": 3}
_REFUSED = ("LineString", "MultiLineString")
_LEAST_CORNERS = 4
_LEAST_M2 = 1e-6


def read_plots(raw: bytes, limits: Limits, *, countries: frozenset[str], by_commodity: bool = False) -> list[Finding]:
    """Every finding in a file. countries: ISO codes that exist. by_commodity: the file names each producer's country.

    by_commodity is type II of the file description, which several producers share.
    """
    if len(raw) > limits.package_most_bytes:
        return [Finding("too_large", "", str(len(raw)))]
    try:
        value = json.loads(raw.decode("utf-8"), parse_float=Decimal)
    except (UnicodeDecodeError, ValueError, RecursionError):
        return [Finding("not_json", "")]
    return check_plots(value, limits, countries=countries, by_commodity=by_commodity)


def check_plots(value: Any, limits: Limits, *, countries: frozenset[str], by_commodity: bool = False) -> list[Finding]:
    """Every finding in a FeatureCollection, a Feature or a bare geometry."""
    found: list[Finding] = []
    features = list(_features(value, found))
    if not features and not found:
        found.append(Finding("empty", ""))
    for pointer, feature in features:
        properties = feature.get("properties")
        properties = properties if isinstance(properties, Mapping) else {}
        found += _properties(properties, f"{pointer}/properties", limits, countries, by_commodity)
        geometry = feature.get("geometry")
        if not isinstance(geometry, Mapping):
            found.append(Finding("geometry_missing", f"{pointer}/geometry"))
            continue
        found += _geometry(geometry, f"{pointer}/geometry", properties, limits)
    return found


def _features(value: Any, found: list[Finding]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    kind = str(value.get("type")) if isinstance(value, Mapping) else ""
    if kind == "FeatureCollection" and isinstance(value.get("features"), list):
        for at, feature in enumerate(value["features"]):
            if isinstance(feature, Mapping) and feature.get("type") == "Feature":
                yield f"/features/{at}", feature
            else:
                found.append(Finding("not_feature", f"/features/{at}"))
    elif kind == "Feature":
        yield "", value
    elif kind in _DEPTH or kind == "GeometryCollection" or kind in _REFUSED:
        yield "", {"type": "Feature", "geometry": value, "properties": {}}
    else:
        found.append(Finding("not_feature", ""))


def _properties(
    properties: Mapping[str, Any], pointer: str, limits: Limits, countries: frozenset[str], by_commodity: bool
) -> Iterator[Finding]:
    for name in properties:
        meant = _BY_LOWER.get(str(name).lower())
        if meant is not None and meant != name:
            yield Finding("property_case", f"{pointer}/{name}", meant, is_fatal=False)
    country = properties.get("ProducerCountry")
    if country is None and by_commodity:
        yield Finding("country_missing", f"{pointer}/ProducerCountry")
    if country is not None and (not isinstance(country, str) or country not in countries):
        yield Finding("country_unknown", f"{pointer}/ProducerCountry", str(country))
    producer = properties.get("ProducerName")
    if isinstance(producer, str) and len(producer) > limits.producer_letters:
        yield Finding("producer_long", f"{pointer}/ProducerName", str(len(producer)))


def _geometry(
    geometry: Mapping[str, Any], pointer: str, properties: Mapping[str, Any], limits: Limits
) -> Iterator[Finding]:
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        if not isinstance(parts, list) or not parts:
            yield Finding("geometry_missing", f"{pointer}/geometries")
            return
        for at, part in enumerate(parts):
            if isinstance(part, Mapping) and part.get("type") != "GeometryCollection":
                yield from _geometry(part, f"{pointer}/geometries/{at}", properties, limits)
            else:
                yield Finding("type_refused", f"{pointer}/geometries/{at}")
        return
    if not isinstance(kind, str) or kind not in _DEPTH:
        yield Finding("type_refused", f"{pointer}/type", str(kind))
        return
    positions = list(_positions(geometry.get("coordinates"), f"{pointer}/coordinates", _DEPTH[kind]))
    if not positions or any(position is None for _at, position in positions):
        wrong = next((where for where, position in positions if position is None), f"{pointer}/coordinates")
        yield Finding("coordinates_shape", wrong)
        return
    yield from _ranges(positions, limits)
    if kind in ("Point", "MultiPoint"):
        yield from _point_area(properties, pointer.removesuffix("/geometry") + "/properties/Area", limits)
        return
    polygons = [geometry["coordinates"]] if kind == "Polygon" else geometry["coordinates"]
    for number, rings in enumerate(polygons):
        place = f"{pointer}/coordinates" + (f"/{number}" if kind == "MultiPolygon" else "")
        yield from _rings(rings, place, limits)


def _positions(value: Any, pointer: str, depth: int) -> Iterator[tuple[str, Any]]:
    """(place, position) of every position; None where the nesting or the numbers are wrong."""
    if not isinstance(value, list) or not value:
        yield pointer, None
    elif depth == 0:
        numbers = len(value) >= 2 and all(
            isinstance(one, int | float | Decimal) and not isinstance(one, bool) and math.isfinite(one) for one in value
        )
        yield pointer, value if numbers else None
    else:
        for at, one in enumerate(value):
            yield from _positions(one, f"{pointer}/{at}", depth - 1)


def _ranges(positions: list[tuple[str, Any]], limits: Limits) -> Iterator[Finding]:
    coarse = 0
    for place, (longitude, latitude, *_more) in positions:
        if abs(longitude) > 180 or abs(latitude) > 90:
            swapped = abs(longitude) <= 90 and abs(latitude) <= 180
            yield Finding("swapped" if swapped else "out_of_range", place, f"{longitude}, {latitude}")
        elif min(_decimals(longitude), _decimals(latitude)) < limits.decimals:
            coarse += 1
    if coarse:
        yield Finding("few_decimals", positions[0][0], str(coarse), is_fatal=False)


def _decimals(number: Any) -> int:
    exponent = (number if isinstance(number, Decimal) else Decimal(repr(number))).as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _point_area(properties: Mapping[str, Any], pointer: str, limits: Limits) -> Iterator[Finding]:
    area = properties.get("Area")
    if area is None:
        yield Finding("area_assumed", pointer, f"{limits.point_most_ha:g}", is_fatal=False)
    elif isinstance(area, bool) or not isinstance(area, int | float | Decimal):
        yield Finding("area_no_number", pointer, str(area))
    elif area > limits.point_most_ha:
        yield Finding("point_too_large", pointer, f"{area:g}")
    elif area < limits.point_least_ha:
        yield Finding("point_too_small", pointer, f"{area:g}")


def _rings(rings: list[Any], pointer: str, limits: Limits) -> Iterator[Finding]:
    if len(rings) > 1:
        yield Finding("hole", f"{pointer}/1", str(len(rings) - 1))
    outer = [(round(float(x), limits.decimals), round(float(y), limits.decimals)) for x, y, *_more in rings[0]]
    place = f"{pointer}/0"
    if outer[0] != outer[-1]:
        yield Finding("open_ring", place)
        return
    repeated = next((at for at in range(1, len(outer)) if outer[at] == outer[at - 1]), None)
    if repeated is not None:
        yield Finding("repeated_point", f"{place}/{repeated}")
    if len(set(outer)) < _LEAST_CORNERS - 1:
        yield Finding("few_points", place)
        return
    ring = LinearRing(outer)
    polygon = Polygon(ring)
    if not ring.is_simple or not polygon.is_valid:
        yield Finding("zero_area" if shapely.area(shapely.convex_hull(ring)) == 0 else "self_crossing", place)
    elif area_m2(polygon) < _LEAST_M2:
        yield Finding("zero_area", place)
