"""The child process that lets GDAL read one file: limited memory and time, so that no file brings the server down.

    python -I gdal_program.py SOURCE TARGET '{"part": "", "memory_bytes": …, "cpu_seconds": …, "max_rows": …}'

TARGET gets MessagePack: parts, part, driver, crs, encoding, columns, values (a list per column), shapes (WKB). Exit 3:
the file is refused, and TARGET holds {"refused": code}. It imports nothing of the house and reaches no network.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

REFUSED_EXIT = 3


class Refusal(Exception):
    """The file cannot be used; the argument is the code."""


def main(source: str, target: str, settings: dict[str, Any]) -> int:
    """Read and write; returns the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (settings["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (settings["cpu_seconds"],) * 2)
    # No network, no helpers, no reading beside the file.
    os.environ.update(GDAL_HTTP_MAX_RETRY="0", CPL_CURL_ENABLE_VSIMEM="NO", GDAL_DISABLE_READDIR_ON_OPEN="FALSE",
                      GDAL_SKIP="HTTP,WFS,OAPIF,CSW,Elasticsearch,Carto,NGW,PLSCENES,AmigoCloud,EEDA,ADBC",
                      OGR_DXF_MAX_NESTING="10", SHAPE_ENCODING="")  # fmt: skip
    import msgspec

    try:
        answer = read(source, settings)
    except Refusal as refusal:
        Path(target).write_bytes(msgspec.msgpack.encode({"refused": str(refusal)}))
        return REFUSED_EXIT
    Path(target).write_bytes(msgspec.msgpack.encode(answer))
    return 0


def read(source: str, settings: dict[str, Any]) -> dict[str, Any]:
    """The wanted part of a source. Raises Refusal."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

    try:
        listed = [(str(name), kind) for name, kind in pyogrio.list_layers(source).tolist()]
        parts = [name for name, kind in listed if kind is not None] or [name for name, _kind in listed]
        if not parts:
            raise Refusal("no_part")
        part = settings["part"] or parts[0]
        if part not in parts:
            raise Refusal("no_such_part")
        facts = pyogrio.read_info(source, layer=part, force_feature_count=True)
        if facts["features"] > settings["max_rows"]:
            raise Refusal("too_many")
        meta, shapes, values = _read(pyogrio, source, part, facts, settings["encoding"])
    except (DataSourceError, DataLayerError, FieldError, GeometryError, UnicodeError, ValueError) as error:
        raise Refusal("unreadable") from error
    return {
        "parts": parts, "part": part, "driver": facts["driver"], "crs": meta["crs"] or "",
        "encoding": settings["encoding"] or meta["encoding"] or "", "columns": [str(one) for one in meta["fields"]],
        "values": [[_plain(one) for one in column.tolist()] for column in values],
        "shapes": [_wkb(one) for one in shapes],
    }  # fmt: skip


def _read(pyogrio: Any, source: str, part: str, facts: dict[str, Any], encoding: str) -> Any:
    options: dict[str, Any] = {"layer": part, "force_2d": True, "datetime_as_string": True}
    if encoding:
        options["encoding"] = encoding
    try:
        meta, _fids, shapes, values = pyogrio.raw.read(source, **options)
    except UnicodeError:
        meta, _fids, shapes, values = pyogrio.raw.read(source, **options, encoding="ISO-8859-1")
    return meta, shapes if shapes is not None else [], values


def _plain(value: Any) -> Any:
    """A value that MessagePack holds; NaN, GDAL's way to say that a number is missing, becomes nothing."""
    if value is None or isinstance(value, str | bool | int | float):
        return None if value != value else value
    return str(value)


def _wkb(shape: Any) -> bytes | None:
    return bytes(shape) if shape is not None else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
