"""Reads observations out of a table: which column is the time, which columns are series, what does not fit.

Three shapes: wide (one row per time, one column per series), long (columns for station, property, time, value), and
the text files of automatic environmental stations (no heading; name, value, unit, time, state). Times without an offset
are of the mapping's offset. Nothing is stored here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta, timezone
from typing import Any

from khcn.domains.hazards.rules.checks import is_number
from khcn.lib.moments import read_moment
from khcn.lib.text import fold

Fault = tuple[int, str, str]
WIDE, LONG = "wide", "long"
_TIME_WORDS = ("thoi gian", "thoi diem", "time", "ngay gio", "datetime", "phenomenontime", "timestamp")
_DAY_WORDS = ("ngay", "date")
_HOUR_WORDS = ("gio", "hour", "time of day")
_STATION_WORDS = ("tram", "ma tram", "station", "thing")
_PROPERTY_WORDS = ("yeu to", "thong so", "chuoi", "property", "datastream", "ten thong so")
_VALUE_WORDS = ("tri so", "gia tri", "value", "result", "ket qua")
_STATE_WORDS = ("trang thai", "status", "quality")
_MISSING = {"", "-", "–", "na", "n/a", "nan", "null", "none", "///", "-9999", "-999", "-99.9"}
#: States of the text files: measuring, calibrating, faulty device. Only the first gives a value.
MEASURING, CALIBRATING, FAULTY = "00", "01", "02"
_AUTOMATIC = re.compile(
    r"^[A-Za-z0-9_-]{1,40}[\t;, ]\s*-?\d[\d.]*\s*[\t;, ][^\t;]{1,20}[\t;, ]\s*\d{14}[\t;, ]\s*0[0-2]\s*$"
)
_HOUR = re.compile(r"(\d{1,2})(?:[:hg.](\d{2})?(?::(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a table is read. series: column → code of a series (wide), or word of the table → code (long).

    columns: for "time" (or "day" and "hour"), and in a long table "station", "property", "value", "state".
    """

    shape: str = WIDE
    columns: Map[str, str] = field(default_factory=dict)
    series: Map[str, str] = field(default_factory=dict)
    offset_h: float = 7.0

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Found:
    """One value of a table: its row, the code of the series, the moment (UTC), None for a value that is missing."""

    row: int
    series: str
    at: datetime
    value: float | None


def read_mapping(kept: Map[str, Any]) -> Mapping:
    """Return the mapping that was kept."""
    return Mapping(
        str(kept.get("shape", WIDE)), dict(kept.get("columns", {})), dict(kept.get("series", {})),
        float(kept.get("offset_h", 7.0)),
    )  # fmt: skip


def fingerprint(columns: Sequence[str]) -> str:
    """Return the digest by which a table with the same columns is known again."""
    return hashlib.sha256("\n".join(fold(column) for column in columns).encode()).hexdigest()


def is_automatic(text: str) -> bool:
    """Whether the text is a file of an automatic station: its first lines are name, value, unit, time, state."""
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines() if line.strip()][:5]
    return bool(lines) and all(_AUTOMATIC.match(line) for line in lines)


AUTOMATIC_COLUMNS = ("Thông số", "Giá trị", "Đơn vị", "Thời gian", "Trạng thái")


def automatic_rows(text: str) -> list[list[str | None]]:
    """Return the cells of such a file, one row per line that holds something; a line with other cells stays short."""
    rows: list[list[str | None]] = []
    for line in text.lstrip("\ufeff").splitlines():
        if line.strip():
            parts = [part.strip() or None for part in re.split(r"[\t;]", line.strip())]
            rows.append(parts if len(parts) >= 5 else [*re.split(r"[\s,;]+", line.strip())])
    return rows


def suggest_mapping(
    columns: Sequence[str], series: Map[str, Sequence[str]], *, station: str = ""
) -> Mapping:  # fmt: skip
    """Return how the columns are likely meant. series: code → words that name it, best first.

    station: code of the only station that the table is about, "" for a table about several.
    """
    picked: dict[str, str] = {}
    for key, words in (
        ("time", _TIME_WORDS), ("day", _DAY_WORDS), ("hour", _HOUR_WORDS), ("station", _STATION_WORDS),
        ("property", _PROPERTY_WORDS), ("value", _VALUE_WORDS), ("state", _STATE_WORDS),
    ):  # fmt: skip
        found = _named(columns, words, taken=picked.values())
        if found:
            picked[key] = found
    if "time" in picked:
        picked.pop("day", None)
        picked.pop("hour", None)
    if "value" in picked and "property" in picked:
        return Mapping(LONG, picked, _words(series, station))
    times: dict[str, str] = {key: picked[key] for key in ("time", "day", "hour") if key in picked}
    free = [column for column in columns if column not in times.values()]
    wide: dict[str, str] = {}
    for column in free:
        code = _series_named(column, series, taken=set(wide.values()))
        if code:
            wide[column] = code
    return Mapping(WIDE, times, wide)


def _named(columns: Sequence[str], words: Sequence[str], *, taken: Any) -> str:
    folded = {column: fold(column) for column in columns if column not in set(taken)}
    for word in words:
        for column, name in folded.items():
            if name == word or re.sub(r"\s*\(.*\)$", "", name) == word:
                return column
    return ""


def _series_named(column: str, series: Map[str, Sequence[str]], *, taken: set[str]) -> str:
    name = fold(column)
    plain = re.sub(r"\s*[(\[].*$", "", name).strip()
    for code, words in series.items():
        if code not in taken and any(fold(word) in {name, plain} for word in words):
            return code
    return ""


def _words(series: Map[str, Sequence[str]], station: str) -> dict[str, str]:
    """Folded word → code for a long table; words that name two series are left out where no station decides."""
    found: dict[str, str] = {}
    twice = set()
    for code, words in series.items():
        if station and not code.startswith(f"{station}."):
            continue
        for word in words:
            key = fold(word)
            if found.get(key, code) != code:
                twice.add(key)
            found[key] = code
    return {word: code for word, code in found.items() if word not in twice}


def read_values(
    columns: Sequence[str], rows: Sequence[tuple[int, Sequence[Any]]], mapping: Mapping, known: Map[str, str]
) -> tuple[list[Found], list[Fault]]:
    """Return the values of the rows and everything that does not fit, as (row, column, sentence).

    known: "station.property" → code of the series, for long tables that name both.
    """
    places = {column: place for place, column in enumerate(columns)}
    values: list[Found] = []
    faults: list[Fault] = []
    missing = [name for name in mapping.columns.values() if name and name not in places]
    if missing or not _has_time(mapping):
        name = missing[0] if missing else ""
        return [], [(0, name, "Chưa chỉ ra cột thời gian." if not name else f"Tệp không có cột “{name}”.")]
    zone = timezone(timedelta(hours=mapping.offset_h))
    seen: dict[tuple[str, datetime], tuple[int, float | None]] = {}

    def keep(one: Found, column: str) -> None:
        before = seen.get((one.series, one.at))
        if before is None:
            seen[one.series, one.at] = (one.row, one.value)
            values.append(one)
        elif before[1] != one.value:
            other = before[0]
            faults.append((one.row, column, f"Trùng thời điểm với dòng {other} nhưng khác trị số."))

    for number, cells in rows:
        cell = _picker(cells, places)
        at = _moment_of(cell, mapping, zone)
        if at is None:
            faults.append((number, mapping.columns.get("time") or mapping.columns.get("day", ""),
                           "Không đọc được thời gian; ghi như 14:30 03/10/2017."))  # fmt: skip
            continue
        for column, code in _asked(cell, mapping, known, number, faults):
            raw = cell(column)
            state = str(cell(mapping.columns.get("state", "")) or MEASURING).strip()
            number_read = None if state in (CALIBRATING, FAULTY) else read_number(raw)
            if number_read is None and state not in (CALIBRATING, FAULTY) and not _is_missing(raw):
                faults.append((number, column, f"“{str(raw)[:40]}” không phải là số."))
                continue
            if mapping.shape == WIDE and raw is None:
                continue  # an empty cell says nothing, not even that the value is missing
            keep(Found(number, code, at, number_read), column)
    return values, faults


def _has_time(mapping: Mapping) -> bool:
    return bool(mapping.columns.get("time") or mapping.columns.get("day"))


def _picker(cells: Sequence[Any], places: Map[str, int]) -> Any:
    def cell(column: str) -> Any:
        place = places.get(column)
        return cells[place] if place is not None and place < len(cells) else None

    return cell


def _asked(
    cell: Any, mapping: Mapping, known: Map[str, str], number: int, faults: list[Fault]
) -> list[tuple[str, str]]:
    """(column of the value, code of the series) for a row."""
    if mapping.shape == WIDE:
        return [(column, code) for column, code in mapping.series.items() if code]
    station = str(cell(mapping.columns.get("station", "")) or "").strip()
    named = str(cell(mapping.columns.get("property", "")) or "").strip()
    code = known.get(f"{fold(station)}.{fold(named)}") or mapping.series.get(fold(named)) or ""
    if not code:
        words = " ".join(filter(None, (station, named)))[:60]
        text = f"Không có chuỗi quan trắc nào tên “{words}”."
        faults.append((number, mapping.columns.get("property", ""), text))
        return []
    return [(mapping.columns["value"], code)]


def _moment_of(cell: Any, mapping: Mapping, zone: timezone) -> datetime | None:
    if mapping.columns.get("time"):
        return read_moment(cell(mapping.columns["time"]), zone)
    day = cell(mapping.columns["day"])
    if mapping.columns.get("hour"):
        return _joined(day, cell(mapping.columns["hour"]), zone)
    return read_moment(day, zone)


def _joined(day: Any, hour: Any, zone: timezone) -> datetime | None:
    start = read_moment(day, zone)
    if start is None or hour is None:
        return None
    if isinstance(hour, datetime | time):
        return start + timedelta(hours=hour.hour, minutes=hour.minute, seconds=hour.second)
    if isinstance(hour, int | float) and not isinstance(hour, bool):
        return start + timedelta(hours=float(hour) * 24 if 0 < hour < 1 else float(hour)) if 0 <= hour <= 24 else None
    found = _HOUR.fullmatch(str(hour).strip())
    if not found or int(found[1]) > 24:
        return None
    return start + timedelta(hours=int(found[1]), minutes=int(found[2] or 0), seconds=int(found[3] or 0))


def _is_missing(value: Any) -> bool:
    return value is None or str(value).strip().lower() in _MISSING


def read_number(value: Any) -> float | None:
    """Return the number in a cell, None for a missing or unreadable one. A comma is a decimal mark, as in offices."""
    if isinstance(value, bool) or _is_missing(value):
        return None
    if isinstance(value, int | float):
        return float(value) if is_number(float(value)) else None
    text = str(value).strip().replace("\u00a0", "").replace(" ", "")
    if "," in text and "." not in text:
        text = text.replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        return None
    return number if is_number(number) else None
