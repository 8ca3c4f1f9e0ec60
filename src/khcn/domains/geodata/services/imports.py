"""Takes files into layers: what does not fit is told row by row, and nothing is kept unless everything fits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from django.db import transaction

from khcn.domains.geodata.choices import Access, LayerImportState
from khcn.domains.geodata.models import Feature, Layer, LayerImport, LayerVersion
from khcn.domains.geodata.permissions import may_approve, may_edit, require
from khcn.domains.geodata.queries.home import home_shape
from khcn.domains.geodata.rules.digests import object_digest
from khcn.domains.geodata.rules.fields import read_values
from khcn.domains.geodata.rules.source_tables import SourceTable, suggest_code_column, suggest_mapping
from khcn.domains.geodata.services.versions import NewObject, check_code, check_shape, write_version
from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import store_file
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.standards.coordinate_systems import SYSTEMS, are_swapped, system_of, systems_that_fit, to_wgs84

KEPT_FAULTS = 500
PREVIEWED = 300
PREVIEW_TOLERANCE_DEG = 0.0005


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gives under a mapping: objects, faults (row from 1, field or "", sentence), how many rows fail."""

    objects: list[NewObject]
    faults: list[tuple[int, str, str]]
    detected: list[int]


def read_objects(
    layer: Layer, table: SourceTable, *, epsg: int, mapping: Mapping[str, str], code_column: str, repair: bool = False
) -> Reading:
    """Objects of a file and everything that does not fit, also the system of coordinates. Raises UnknownSystem.

    repair: mend self-crossing outlines instead of refusing their rows.
    """
    system_of(epsg)
    present = np.array([shape for shape in table.shapes if shape is not None and not shape.is_empty], dtype=object)
    home = home_shape()
    detected = systems_that_fit(present, home)
    faults: list[tuple[int, str, str]] = []
    if detected and epsg not in detected:
        names = ", ".join(f"EPSG:{code} ({SYSTEMS[code].name})" for code in detected[:3])
        faults.append((0, "epsg", f"Khai báo EPSG:{epsg} nhưng tọa độ khớp với {names}. Chọn lại hệ tọa độ."))
        return Reading([], faults, detected)
    if not detected and are_swapped(present, home, epsg):
        faults.append((0, "epsg", "Tọa độ bị đổi chỗ hai trục (X là hướng Bắc, Y là hướng Đông). Sửa tệp rồi gửi lại."))
        return Reading([], faults, detected)
    shapes = np.array(table.shapes, dtype=object)
    known = np.array([shape is not None and not shape.is_empty for shape in shapes], dtype=bool)
    moved = shapes.copy()
    if known.any():
        moved[known] = to_wgs84(shapes[known], epsg)
    fields, seen = layer.described_fields, set()
    columns = {name: table.column(column) for name, column in mapping.items() if column in table.columns}
    codes = table.column(code_column) if code_column in table.columns else None
    objects = []
    for row in range(table.row_count):
        shape = moved[row] if known[row] else None
        if shape is not None and repair and not shape.is_valid:
            shape = _mended(shape)
        code = _code(codes[row] if codes is not None else row + 1)
        values, wrong = read_values(fields, {name: column[row] for name, column in columns.items()})
        found = [(row + 1, name, text) for name, text in wrong]
        fault = "Dòng không có hình." if shape is None else check_shape(layer, shape)
        found += [(row + 1, "geometry", fault)] if fault else []
        fault = check_code(code) or (f"Mã {code} bị trùng trong tệp." if code in seen else "")
        found += [(row + 1, "code", fault)] if fault else []
        seen.add(code)
        faults += found
        if not found and shape is not None:
            objects.append(NewObject(code, shape, values, Access.OPEN))
    return Reading(objects, faults, detected)


def prepare_import(
    *, by: Actor, layer: Layer, content: bytes, table: SourceTable, declared_epsg: int, effective_on: date,
    mapping: Mapping[str, str] | None = None, code_column: str | None = None, replaces: bool = False,
    repair: bool = False,
) -> LayerImport:  # fmt: skip
    """Keep a file, how it is to be read, what does not fit, and a preview; the layer stays as it is.

    mapping: field → column; None takes that of the last file with the same columns, else what the names suggest.
    """
    require(may_edit(by, layer), "Việc này dành cho người được đề nghị biến động của lớp.")
    mapping, code_column = _remembered(layer, table, mapping, code_column)
    reading = read_objects(
        layer, table, epsg=declared_epsg, mapping=mapping, code_column=code_column, repair=repair
    )  # fmt: skip
    with transaction.atomic():
        stored = store_file(by=by, content=content, media_type="application/octet-stream")
        batch = LayerImport.objects.create(
            layer=layer, file=stored, filename=table.filename[:255], part=table.part[:200], driver=table.driver[:60],
            declared_epsg=declared_epsg, stated_epsg=table.stated_epsg, detected=reading.detected[:6],
            encoding=table.encoding[:40], columns=list(table.columns), mapping=dict(mapping),
            code_column=code_column, replaces=replaces, effective_on=effective_on, row_count=table.row_count,
            faults=reading.faults[:KEPT_FAULTS], fault_count=len(reading.faults),
            preview=_preview(reading.objects), sent_by_id=by.user_id,
        )  # fmt: skip
        record(
            by=by, verb="map_import.prepare", subject=batch,
            after={"layer": layer.key, "rows": table.row_count, "faults": len(reading.faults), "sha256": stored.sha256},
        )  # fmt: skip
    return batch


def reread_import(
    *, by: Actor, batch: LayerImport, table: SourceTable, changes: Mapping[str, Any], repair: bool = False,
    expected_version: int | None = None,
) -> LayerImport:  # fmt: skip
    """Read the kept file in another way: system, mapping, code column, day, whole or in addition."""
    require(may_edit(by, batch.layer), "Việc này dành cho người được đề nghị biến động của lớp.")
    with transaction.atomic():
        batch.claim(expected_version, dict(changes))
        _must_wait(batch)
        for name in ("declared_epsg", "mapping", "code_column", "replaces", "effective_on"):
            if name in changes:
                setattr(batch, name, changes[name])
        reading = read_objects(
            batch.layer, table, epsg=batch.declared_epsg, mapping=batch.mapping, code_column=batch.code_column,
            repair=repair,
        )  # fmt: skip
        batch.row_count, batch.detected = table.row_count, reading.detected[:6]
        batch.faults, batch.fault_count = reading.faults[:KEPT_FAULTS], len(reading.faults)
        batch.preview = _preview(reading.objects)
        batch.save()
        record(by=by, verb="map_import.reread", subject=batch, after={"faults": batch.fault_count})
    return batch


def apply_import(
    *, by: Actor, batch: LayerImport, table: SourceTable, repair: bool = False, expected_version: int | None = None,
    now: datetime | None = None,
) -> LayerVersion:  # fmt: skip
    """Make a version of the layer out of the whole file, or refuse all of it.

    A layer that holds data already is changed only with the approval of its owner's leader who did not send the file.
    Objects that are as they were stay untouched.
    """
    layer = batch.layer
    require(may_edit(by, layer) or may_approve(by, layer), "Việc này dành cho cơ quan quản lý lớp dữ liệu.")
    if layer.version_number and layer.needs_approval:
        require(may_approve(by, layer), "Lớp đã có dữ liệu: lãnh đạo cơ quan quản lý lớp duyệt việc nhập tệp.")
        if batch.sent_by_id is not None and batch.sent_by_id == by.user_id:
            raise Refused("Người gửi tệp không được tự duyệt việc nhập.")
    with transaction.atomic():
        batch.claim(expected_version)
        _must_wait(batch)
        reading = read_objects(
            layer, table, epsg=batch.declared_epsg, mapping=batch.mapping, code_column=batch.code_column, repair=repair
        )  # fmt: skip
        if reading.faults:
            raise Refused(f"Tệp còn {len(reading.faults)} lỗi nên chưa nhập dòng nào.")
        if not reading.objects:
            raise Refused("Tệp không có đối tượng nào.")
        version = _take_in(by, layer, batch, reading.objects, now)
        batch.state, batch.applied_by_id, batch.applied_at = LayerImportState.APPLIED, by.user_id, version.made_at
        batch.made_version, batch.preview = version.number, []
        batch.save()
        record(
            by=by, verb="map_import.apply", subject=batch,
            after={"version": version.number, "added": version.added, "ended": version.ended, "digest": version.digest},
        )  # fmt: skip
    return version


def drop_import(*, by: Actor, batch: LayerImport, expected_version: int | None = None) -> None:
    """Put a file aside; the layer stays as it is."""
    require(may_edit(by, batch.layer), "Việc này dành cho người được đề nghị biến động của lớp.")
    with transaction.atomic():
        batch.claim(expected_version)
        _must_wait(batch)
        batch.state, batch.preview = LayerImportState.DROPPED, []
        batch.save()
        record(by=by, verb="map_import.drop", subject=batch)


def _take_in(
    by: Actor, layer: Layer, batch: LayerImport, objects: list[NewObject], now: datetime | None
) -> LayerVersion:
    known = {
        code: (pk, digest)
        for code, pk, digest in Feature.objects.filter(layer=layer, valid_to=None).values_list("code", "pk", "digest")
    }
    digests = {one.code: _digest(one) for one in objects} if known else {}
    add = [one for one in objects if known.get(one.code, (0, ""))[1] != digests.get(one.code, "-")]
    ended = {known[one.code][0] for one in add if one.code in known}
    if batch.replaces:
        coming = {one.code for one in objects}
        ended |= {pk for code, (pk, _digest_of) in known.items() if code not in coming}
    end = [
        state for start in range(0, len(ended), 900)
        for state in Feature.objects.filter(pk__in=sorted(ended)[start : start + 900]).defer("geometry", "properties")
    ]  # fmt: skip
    if not add and not end:
        raise Refused("Tệp không khác dữ liệu đang có.")
    return write_version(
        by=by, layer=layer, add=add, end=end, on=batch.effective_on, reason=f"Nhập tệp {batch.filename}", now=now
    )


def _digest(one: NewObject) -> str:
    return object_digest(one.code, one.geometry, one.properties, str(one.access))


def _remembered(
    layer: Layer, table: SourceTable, mapping: Mapping[str, str] | None, code_column: str | None
) -> tuple[dict[str, str], str]:
    if mapping is not None:
        return dict(mapping), code_column or ""
    for earlier in LayerImport.objects.filter(layer=layer).exclude(state=LayerImportState.DROPPED).order_by("-id")[:20]:
        if sorted(earlier.columns) == sorted(table.columns):
            return dict(earlier.mapping), earlier.code_column if code_column is None else code_column
    suggested = suggest_mapping(layer.described_fields, table.columns)
    return suggested, suggest_code_column(table.columns) if code_column is None else code_column


def _must_wait(batch: LayerImport) -> None:
    batch.refresh_from_db(fields=["state"])
    if batch.state != LayerImportState.PREPARED:
        raise Refused("Tệp này đã được nhập hoặc đã bỏ.")


def _code(raw: Any) -> str:
    if isinstance(raw, float) and raw == int(raw):
        raw = int(raw)
    return "" if raw is None else str(raw).strip()


def _mended(shape: Any) -> Any:
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    return mended if not mended.is_empty else shape


def _preview(objects: list[NewObject]) -> list[dict[str, Any]]:
    """The first objects as small GeoJSON features."""
    return [
        {
            "type": "Feature", "id": one.code, "properties": {"ma": one.code},
            "geometry": one.geometry.simplify(PREVIEW_TOLERANCE_DEG).__geo_interface__,
        }
        for one in objects[:PREVIEWED]
    ]  # fmt: skip
