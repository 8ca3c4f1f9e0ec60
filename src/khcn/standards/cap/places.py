"""Polygons, circles and lists as CAP writes them inside one text; reads them or says what is wrong with them."""

from __future__ import annotations

import math
import re

from khcn.standards.cap.model import Circle, Point

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_QUOTED_OR_BARE = re.compile(r'"([^"]*)"|(\S+)')


class MisreadPlace(ValueError):
    """A polygon or circle is not written as CAP 1.2 section 3.2.4 asks; the message is the end of a sentence."""


def _pair(text: str) -> Point:
    parts = text.split(",")
    if len(parts) != 2 or not all(_NUMBER.fullmatch(part) for part in parts):
        raise MisreadPlace(f"“{text[:40]}” không phải cặp “vĩ độ,kinh độ”")
    latitude, longitude = float(parts[0]), float(parts[1])
    if not -90 <= latitude <= 90:
        raise MisreadPlace(f"vĩ độ {parts[0]} nằm ngoài khoảng -90 đến 90 (CAP viết vĩ độ trước, kinh độ sau)")
    if not -180 <= longitude <= 180:
        raise MisreadPlace(f"kinh độ {parts[1]} nằm ngoài khoảng -180 đến 180")
    return latitude, longitude


def read_polygon(text: str) -> tuple[Point, ...]:
    """Return the ring, closed. Raises MisreadPlace for fewer than four pairs, an open ring or points off the Earth."""
    ring = tuple(_pair(part) for part in text.split())
    if len(ring) < 4:
        raise MisreadPlace(f"đa giác cần ít nhất 4 cặp tọa độ, ở đây có {len(ring)}")
    if ring[0] != ring[-1]:
        raise MisreadPlace("đa giác chưa khép kín: cặp tọa độ cuối phải trùng cặp đầu")
    return ring


def write_polygon(ring: tuple[Point, ...]) -> str:
    """Return the ring as CAP writes it, six decimals at most (about a decimetre)."""
    return " ".join(f"{_short(latitude)},{_short(longitude)}" for latitude, longitude in ring)


def read_circle(text: str) -> Circle:
    """Return centre and radius in km. Raises MisreadPlace."""
    parts = text.split()
    if len(parts) != 2:
        raise MisreadPlace("vòng tròn viết là “vĩ độ,kinh độ bán-kính-km”, cách nhau một dấu cách")
    if not _NUMBER.fullmatch(parts[1]) or not math.isfinite(float(parts[1])) or float(parts[1]) < 0:
        raise MisreadPlace(f"bán kính “{parts[1][:40]}” phải là số km không âm")
    return Circle(_pair(parts[0]), float(parts[1]))


def write_circle(circle: Circle) -> str:
    """Return the circle as CAP writes it."""
    return f"{write_polygon((circle.centre,))} {_short(circle.radius_km)}"


def read_list(text: str) -> tuple[str, ...]:
    """Return the members of a space-separated list; a member with spaces stands in quotation marks."""
    return tuple(quoted or bare for quoted, bare in _QUOTED_OR_BARE.findall(text))


def write_list(members: tuple[str, ...]) -> str:
    """Return the members in one text, those with spaces in quotation marks."""
    return " ".join(f'"{member}"' if any(mark.isspace() for mark in member) else member for member in members)


def crosses_itself(ring: tuple[Point, ...]) -> bool:
    """Whether two sides of a closed ring that are no neighbours touch or cross: then no inside can be told."""
    from shapely.geometry import LinearRing

    distinct = [point for index, point in enumerate(ring) if index == 0 or point != ring[index - 1]]
    return len(distinct) < 4 or not LinearRing([(x, y) for y, x in distinct]).is_simple


def _short(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")
