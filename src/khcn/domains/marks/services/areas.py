"""Drafts the area of a right from a shape or a list of communes, and issues it from a day on."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import shapely
from django.db import transaction
from django.utils import timezone
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from khcn.domains.marks.errors import AreaUnreadable, MarkStepRefused
from khcn.domains.marks.models import AreaUnit, AreaVersion, Right
from khcn.domains.marks.permissions import require_decider, require_keeper
from khcn.domains.marks.services.specifications import end_earlier
from khcn.kernel.audit.services import record
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeUnit
from khcn.kernel.places.queries import units_on as units_in_force
from khcn.kernel.places.services.locating import VIETNAM_DEGREES
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.text import fold

MAX_GEOJSON_BYTES = 10 * 1024 * 1024
MAX_VERTICES = 200_000
CHANGEABLE = ("decision", "note", "units_on", "geometry")


def draft_area(
    *, by: Actor, right: Right, units: Sequence[AdministrativeUnit], units_on: date,
    geometry: BaseGeometry | None = None, **values: Any,
) -> AreaVersion:  # fmt: skip
    """Begin the next version of the area; one draft at a time. Raises Forbidden, Refused for an empty area."""
    require_keeper(by, right)
    _require_some(units, geometry)
    with transaction.atomic():
        Right.objects.select_for_update().get(pk=right.pk)
        if right.areas.filter(issued_at=None).exists():
            raise MarkStepRefused("Quyền đang có một khu vực dự thảo. Ban hành hoặc sửa bản đó.")
        last = right.areas.order_by("-number").values_list("number", flat=True).first() or 0
        kept = {name: value for name, value in values.items() if name in CHANGEABLE}
        area = AreaVersion.objects.create(
            right=right, number=last + 1, units_on=units_on, geometry=geometry, drafted_by_id=by.user_id, **kept
        )
        _set_units(area, units)
        record(by=by, verb="mark.area", subject=right, after={"number": last + 1, "units": len(units)})
    return area


def change_area(
    *, by: Actor, area: AreaVersion, units: Sequence[AdministrativeUnit], changes: Mapping[str, Any],
    expected_version: int | None = None,
) -> AreaVersion:  # fmt: skip
    """Change a draft; a shape that is not given stays. Raises MarkStepRefused once it is issued, Stale."""
    require_keeper(by, area.right)
    wanted = {name: value for name, value in changes.items() if name in CHANGEABLE}
    _require_some(units, wanted.get("geometry", area.geometry))
    with transaction.atomic():
        area.claim(expected_version, {name: value for name, value in wanted.items() if name != "geometry"})
        area.refresh_from_db(fields=["issued_at"])
        if area.issued_at is not None:
            raise MarkStepRefused("Khu vực đã ban hành thì không sửa; lập bản mới.")
        for name, value in wanted.items():
            setattr(area, name, value)
        area.drafted_by_id = by.user_id or area.drafted_by_id
        area.save()
        _set_units(area, units)
        record(by=by, verb="mark.area", subject=area.right, after={"number": area.number, "units": len(units)})
    return area


def issue_area(
    *, by: Actor, area: AreaVersion, valid_from: date, decision: str, expected_version: int | None = None
) -> AreaVersion:
    """Put a draft into effect from a day on; the version before ends that day. Raises as for a specification."""
    right = area.right
    require_decider(by, right)
    if not by.is_system and by.user_id == area.drafted_by_id:
        raise Forbidden("Người soạn không tự ban hành khu vực.")
    if not decision.strip():
        raise Refused("Ghi số quyết định.", field="decision")
    with transaction.atomic():
        area.claim(expected_version)
        area.refresh_from_db(fields=["issued_at"])
        if area.issued_at is not None:
            raise MarkStepRefused("Khu vực đã ban hành.")
        end_earlier(right.areas.filter(issued_at__isnull=False, valid_to=None), valid_from)
        area.valid_from, area.decision, area.issued_at = valid_from, decision.strip()[:200], timezone.now()
        area.save()
        record(
            by=by, verb="mark.issue_area", subject=right,
            after={"number": area.number, "from": valid_from, "decision": decision},
        )  # fmt: skip
    return area


def read_units(text: str, on: date) -> list[AdministrativeUnit]:
    """The communes of a day that lines name by code or name ("Phú Nghĩa, Bù Gia Mập" where names repeat).

    A name after a code is for people only. Raises AreaUnreadable that names every line which is none, or several.
    """
    units = list(units_in_force(on, level=UnitLevel.COMMUNE).select_related("parent").defer("geometry"))
    by_code = {unit.code: unit for unit in units}
    by_name: dict[str, list[AdministrativeUnit]] = {}
    for unit in units:
        by_name.setdefault(_bare(unit.name), []).append(unit)
    found: dict[int, AdministrativeUnit] = {}
    faults = []
    for line in filter(None, (line.strip() for line in text.replace(";", "\n").splitlines())):
        name, _comma, within = line.partition(",")
        code = line.split(maxsplit=1)[0]
        chosen = [by_code[code]] if code in by_code else by_name.get(_bare(name), [])
        if within.strip() and code not in by_code:
            chosen = [one for one in chosen if one.parent and _bare(within) in _bare(one.parent.name)]
        if len(chosen) != 1:
            faults.append(line)
            continue
        found[chosen[0].pk] = chosen[0]
    if faults:
        listed = ", ".join(faults[:5])
        raise AreaUnreadable(
            f"Không rõ xã, phường: {listed}. Ghi mã, hoặc tên kèm huyện như “Phú Nghĩa, Bù Gia Mập”.", field="units"
        )
    return sorted(found.values(), key=lambda one: one.code)


def read_geojson(content: bytes) -> BaseGeometry:
    """The polygons of a GeoJSON file as one shape. Raises AreaUnreadable."""
    if len(content) > MAX_GEOJSON_BYTES:
        raise AreaUnreadable("Tệp ranh giới lớn hơn 10 MB.", field="file")
    try:
        value = json.loads(content)
        parts = [shape(one) for one in _geometries(value)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ShapelyError) as error:
        raise AreaUnreadable("Tệp không phải là GeoJSON đọc được.", field="file") from error
    if not parts or any(one.geom_type not in ("Polygon", "MultiPolygon") or one.is_empty for one in parts):
        raise AreaUnreadable("Ranh giới phải là vùng (Polygon, MultiPolygon).", field="file")
    if sum(shapely.get_num_coordinates(one) for one in parts) > MAX_VERTICES:
        raise AreaUnreadable("Ranh giới có quá nhiều đỉnh; đơn giản hóa rồi gửi lại.", field="file")
    for part in parts:
        if not part.is_valid:
            raise AreaUnreadable(f"Ranh giới không hợp lệ: {explain_validity(part)}.", field="file")
    whole = shapely.force_2d(shapely.union_all(parts))
    if not shapely.box(*VIETNAM_DEGREES).contains(whole):
        raise AreaUnreadable("Ranh giới nằm ngoài Việt Nam; tọa độ phải là kinh độ, vĩ độ WGS 84.", field="file")
    return whole


def _geometries(value: Any) -> list[Any]:
    match value["type"]:
        case "FeatureCollection":
            return [one["geometry"] for one in value["features"]]
        case "Feature":
            return [value["geometry"]]
        case "GeometryCollection":
            return list(value["geometries"])
        case _:
            return [value]


def _bare(name: str) -> str:
    """A name without the word for its kind, folded."""
    folded = fold(name).strip()
    for word in ("xa ", "phuong ", "thi tran ", "huyen ", "thi xa ", "thanh pho "):
        if folded.startswith(word):
            return folded[len(word) :]
    return folded


def _require_some(units: Sequence[AdministrativeUnit], geometry: BaseGeometry | None) -> None:
    if not units and geometry is None:
        raise Refused("Ghi danh sách xã, phường hoặc gửi tệp ranh giới.", field="units")


def _set_units(area: AreaVersion, units: Sequence[AdministrativeUnit]) -> None:
    area.units.all().delete()
    AreaUnit.objects.bulk_create([AreaUnit(area=area, unit=unit) for unit in units])
