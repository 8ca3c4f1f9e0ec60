"""What a border of a plot must be, and what is worth a second look: area, neighbours, commune, accuracy. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from khcn.lib.failure import Refused
from khcn.standards.geodesy import area_m2

_M2_PER_HA = Decimal(10_000)
_EDGE_DEG = 1e-6  # a decimetre: borders that run along a boundary lie inside
_MOST_CORNERS = 20_000
_PLACE = re.compile(r"\[(-?[0-9.e+-]+) (-?[0-9.e+-]+)")
_HOME = (102.0, 8.0, 118.0, 24.0)  # west, south, east, north of Vietnam with its sea


def checked_border(shape: BaseGeometry | None) -> BaseGeometry:
    """The border as one or several polygons, or the point of a small plot, on the map of Vietnam. Raises Refused."""
    if shape is None or shape.is_empty:
        raise Refused("Chưa có ranh giới. Hãy vẽ, đo hoặc chọn tệp.", field="geometry")
    if not isinstance(shape, Polygon | MultiPolygon):
        raise Refused("Ranh giới lô đất phải là một vùng khép kín.", field="geometry")
    if shapely.get_num_coordinates(shape) > _MOST_CORNERS:
        raise Refused(f"Ranh giới có quá nhiều điểm; nhiều nhất {_MOST_CORNERS} điểm.", field="geometry")
    if not shape.is_valid:
        where = _PLACE.search(shapely.is_valid_reason(shape))
        if where is None:
            raise Refused("Các cạnh của ranh giới cắt nhau hoặc trùng nhau. Hãy vẽ lại.", field="geometry")
        east, north = (_number(float(text), 6) for text in where.groups())
        raise Refused(
            f"Các cạnh của ranh giới cắt nhau gần vĩ độ {north}, kinh độ {east}. Hãy sửa các góc ở đó.",
            field="geometry",
        )
    west, south, east, north = shape.bounds
    if west < _HOME[0] or south < _HOME[1] or east > _HOME[2] or north > _HOME[3]:
        raise Refused(
            "Ranh giới nằm ngoài Việt Nam. Hãy kiểm tra hệ tọa độ và thứ tự kinh độ, vĩ độ.", field="geometry"
        )
    if area_m2(shape) < 1:
        raise Refused("Ranh giới không có diện tích. Hãy đo ít nhất ba góc.", field="geometry")
    return shape


def area_ha(shape: BaseGeometry) -> Decimal:
    """Hectares on the ellipsoid, to the square metre."""
    return (Decimal(repr(area_m2(shape))) / _M2_PER_HA).quantize(Decimal("0.0001"))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth a second look: a code for programs, a sentence for people."""

    code: str
    text: str


def _number(value: float | Decimal, digits: int = 2) -> str:
    return f"{value:,.{digits}f}".replace(",", " ").replace(".", ",")


def findings_of(
    shape: BaseGeometry, *, declared_ha: Decimal | None, accuracy_m: float | None,
    neighbours: Iterable[tuple[str, BaseGeometry]], commune: tuple[str, BaseGeometry] | None,
    limits: Mapping[str, Decimal], province: BaseGeometry | None = None,
) -> list[Finding]:  # fmt: skip
    """What is worth a second look, nothing of it forbids the border.

    province: what is known of the province's territory around the border; None where no boundary is loaded.
    """
    found: list[Finding] = []
    if province is not None and not province.buffer(_EDGE_DEG).covers(shape):
        if province.intersects(shape):
            found.append(Finding("province", "Một phần ranh giới nằm ngoài địa bàn tỉnh. Hãy kiểm tra lại các góc."))
        else:
            found.append(
                Finding("province", "Ranh giới nằm ngoài địa bàn tỉnh. Hãy kiểm tra hệ tọa độ và thứ tự tọa độ.")
            )
    measured = area_ha(shape)
    slack = limits.get("plot.area_slack", Decimal(1))
    if declared_ha and abs(measured - declared_ha) > slack * declared_ha:
        own, said = _number(measured), _number(declared_ha)
        found.append(Finding("area", f"Diện tích đo được {own} ha, khác diện tích khai {said} ha."))
    least = float(limits.get("plot.overlap_m2", Decimal(0)))
    for name, other in neighbours:
        shared = area_m2(shape.intersection(other)) if shape.intersects(other) else 0.0
        if shared > least:
            amount = _number(shared, 0)
            found.append(Finding("overlap", f"Chồng lên {name} {amount} m²."))
    if commune is not None and not commune[1].buffer(_EDGE_DEG).covers(shape):
        unit = commune[0]
        found.append(Finding("commune", f"Một phần nằm ngoài {unit}."))
    worst = float(limits.get("plot.accuracy_m", Decimal(1_000)))
    if accuracy_m is not None and accuracy_m > worst:
        own, most = _number(accuracy_m, 0), _number(worst, 0)
        found.append(Finding("accuracy", f"Máy đo có sai số {own} m, lớn hơn {most} m."))
    return found
