"""Reads a file of map data that a person sent: zipped Shapefile, FileGDB and TAB, single files, and spreadsheets.

GDAL works in a child process (`gdal_program`); archives are checked before they are unpacked. Text in TCVN3 or VNI is
converted to Unicode. Nothing is stored, and no value is judged: that is the services' part.
"""

import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from khcn.domains.geodata.choices import GeometryType
from khcn.domains.geodata.errors import SourceRefused
from khcn.domains.geodata.models import Layer
from khcn.domains.geodata.queries import gdal_program
from khcn.domains.geodata.rules.source_tables import (
    SourceTable,
    coordinate_columns,
    corners_to_shapes,
    fitted,
    points_of,
    suggest_code_column,
)
from khcn.lib.encodings import ENCODING_NAMES, Encoding, detect_encoding, to_unicode
from khcn.lib.text import nfc
from khcn.standards.coordinate_systems import SYSTEMS
from khcn.web.archive_limits import ArchiveLimits, check_zip
from khcn.web.spreadsheets.reading import read_table

SINGLE = (".gpkg", ".geojson", ".json", ".kml", ".kmz", ".fgb", ".dxf", ".dgn", ".tab", ".mif")
SHEETS = (".xlsx", ".csv")
ENDINGS = (".zip", *SINGLE, *SHEETS)
MAX_ROWS = 500_000
MEMORY_BYTES, CPU_SECONDS, WAIT_SECONDS = 3 * 1024**3, 240, 300
_LIMITS = ArchiveLimits(max_entries=2_000, max_unpacked_bytes=1024**3)
_REFUSED = {
    "no_part": "Tệp không có lớp nào.",
    "no_such_part": "Tệp không có lớp này; chọn lại lớp trong tệp.",
    "too_many": "Tệp có quá nhiều đối tượng; tách thành nhiều tệp.",
    "unreadable": "Không đọc được tệp; kiểm tra định dạng và các tệp đi kèm (.dbf, .shx, .prj …).",
}
_SAMPLE_LETTERS = 20_000
_FARTHEST = 1e8


def read_source(
    content: bytes, filename: str, layer: Layer, *, part: str = "", code_column: str = "", encoding: str = ""
) -> SourceTable:
    """The wanted part of a file, its shapes fitted to the layer's kind. Raises SourceRefused or ArchiveRefused.

    code_column: groups corner points of a spreadsheet. encoding: of the text in the file, detected when empty.
    """
    ending = PurePosixPath(filename.lower()).suffix
    if not content:
        raise SourceRefused("Tệp trống (0 byte).", field="file")
    if ending in SHEETS:
        return _read_sheet(content, filename, layer, code_column)
    if ending not in ENDINGS:
        raise SourceRefused(f"Chỉ nhận tệp {', '.join(ENDINGS)}.", field="file")
    with tempfile.TemporaryDirectory(prefix="khcn-ban-do-") as folder:
        source = _unpack(content, Path(folder)) if ending == ".zip" else Path(folder) / f"nguon{ending}"
        if ending != ".zip":
            source.write_bytes(content)
        answer = _run(source, Path(folder), part, encoding)
    return _table(answer, filename, GeometryType(layer.geometry_type))


def _unpack(content: bytes, folder: Path) -> Path:
    """Unpack a checked archive; the one source in it. Raises SourceRefused for none or several."""
    check_zip(content, _LIMITS)
    inside = folder / "giai-nen"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(inside)
    found = sorted(path for path in inside.rglob("*.gdb") if path.is_dir())
    if not found:
        endings = (".shp", *SINGLE)
        found = sorted(path for path in inside.rglob("*") if path.suffix.lower() in endings and path.is_file())
    if len(found) != 1:
        names = ", ".join(path.name for path in found[:5]) or "không có"
        raise SourceRefused(f"Tệp nén phải chứa đúng một nguồn dữ liệu bản đồ ({names}).", field="file")
    return found[0]


def _run(source: Path, folder: Path, part: str, encoding: str) -> dict[str, Any]:
    target = folder / "ket-qua"
    settings = {
        "part": part, "encoding": encoding, "memory_bytes": MEMORY_BYTES, "cpu_seconds": CPU_SECONDS,
        "max_rows": MAX_ROWS,
    }  # fmt: skip
    command = [sys.executable, "-I", gdal_program.__file__, str(source), str(target), json.dumps(settings)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=WAIT_SECONDS, check=False)  # noqa: S603 – our program
    except subprocess.TimeoutExpired as error:
        raise SourceRefused("Đọc tệp quá lâu; tách thành nhiều tệp nhỏ hơn.", field="file") from error
    if done.returncode not in (0, gdal_program.REFUSED_EXIT) or not target.is_file():
        raise SourceRefused(_REFUSED["unreadable"], field="file")
    answer: dict[str, Any] = msgspec.msgpack.decode(target.read_bytes())
    if "refused" in answer:
        raise SourceRefused(_REFUSED[answer["refused"]], field="file")
    return answer


def _table(answer: dict[str, Any], filename: str, kind: GeometryType) -> SourceTable:
    notes: list[str] = []
    columns, values = _unicode(answer["columns"], answer["values"], notes)
    shapes = np.empty(len(answer["shapes"]), dtype=object)
    shapes[:] = shapely.from_wkb(answer["shapes"], on_invalid="ignore")
    with np.errstate(all="ignore"):
        reach = np.abs(shapely.bounds(shapes)).max(axis=1)
        shapes[~(reach < _FARTHEST)] = None  # empty, infinite, or no coordinates of this earth
    return SourceTable(
        filename=filename, driver=answer["driver"], part=answer["part"], parts=tuple(answer["parts"]),
        columns=tuple(columns), values=tuple(tuple(column) for column in values), shapes=fitted(shapes, kind),
        stated_epsg=epsg_of(answer["crs"]), encoding=notes[0] if notes else answer["encoding"], notes=tuple(notes),
    )  # fmt: skip


def _unicode(columns: list[str], values: list[list[Any]], notes: list[str]) -> tuple[list[str], list[list[Any]]]:
    """Text columns in Unicode; the encoding is judged column by column, since fields may have been typed apart."""
    done = []
    for column in values:
        texts = [value for value in column if isinstance(value, str) and not value.isascii()]
        found: Encoding = detect_encoding(" ".join(texts)[:_SAMPLE_LETTERS]) if texts else "unicode"
        if found != "unicode" and ENCODING_NAMES[found] not in notes:
            notes.append(ENCODING_NAMES[found])
        done.append([to_unicode(value, found) if isinstance(value, str) else value for value in column])
    return [to_unicode(name) for name in columns], done


def epsg_of(crs: str) -> int | None:
    """The served system behind a CRS as a file states it, None for none or one that is not served.

    A drawing program's own VN-2000 carries no code: it is told by its central meridian, scale and false easting.
    """
    if not crs:
        return None
    try:
        read = CRS.from_user_input(crs)
    except CRSError:
        return None
    if read.is_bound and read.source_crs is not None:
        read = read.source_crs
    code = read.to_epsg(min_confidence=60)
    if code in SYSTEMS:
        return code
    if read.is_geographic:
        return 4326 if "WGS" in read.name or "84" in read.name else 4756 if "2000" in read.name else None
    operation = read.coordinate_operation
    known = {one.name: one.value for one in operation.params} if operation else {}
    meridian, scale = known.get("Longitude of natural origin"), known.get("Scale factor at natural origin")
    world = "WGS 84 /" in read.name or "WGS_1984_UTM" in read.name
    for system in SYSTEMS.values():
        if system.meridian == meridian and system.scale == scale and system.is_vn2000 is not world:
            return system.epsg
    return None


def _read_sheet(content: bytes, filename: str, layer: Layer, code_column: str) -> SourceTable:
    table = read_table(content, filename, expected_titles=[field.title for field in layer.described_fields])
    columns = tuple(nfc(str(header)) for header in table.headers)
    rows = [dict(zip(columns, row.cells, strict=False)) for row in table.rows]
    if not rows:
        raise SourceRefused("Bảng không có dòng nào.", field="file")
    pair = coordinate_columns(columns, rows[0])
    if pair is None:
        raise SourceRefused(
            "Bảng cần hai cột tọa độ: kinh độ và vĩ độ, hoặc X (Bắc) và Y (Đông) theo VN-2000.", field="file"
        )  # fmt: skip
    points = points_of([row.get(pair[0]) for row in rows], [row.get(pair[1]) for row in rows])
    kind, shapes = GeometryType(layer.geometry_type), points
    if kind is not GeometryType.POINT:
        code = code_column or suggest_code_column(columns)
        if not code or code not in columns:
            raise SourceRefused("Bảng tọa độ góc cần một cột mã để biết điểm thuộc đối tượng nào.", field="file")
        firsts, shapes = corners_to_shapes([row.get(code) for row in rows], points, kind)
        rows = [rows[first] for first in firsts]
    return SourceTable(
        filename=filename, driver="Excel/CSV", part="", parts=(), columns=columns,
        values=tuple(tuple(row.get(column) for row in rows) for column in columns), shapes=shapes,
        encoding="Unicode",
    )  # fmt: skip
