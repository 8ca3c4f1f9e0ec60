"""Reads the list of administrative units and their succession out of the `vietnamadminunits` package.

The package knows two lists, before and after 01/07/2025; names that changed at another time come from a table of dated
names laid over it. Boundaries are not in it.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.services import SuccessionRow, UnitRow
from khcn.lib.text import nfc
from khcn.web.reference import day

MERGER = date(2025, 7, 1)
PROVINCES_DECISION = "Nghị quyết 202/2025/QH15 ngày 12/06/2025"
"""Source of the 34 provinces: the National Assembly's resolution; in force with the two-level government on MERGER."""

Row = sqlite3.Row


@dataclass(frozen=True, slots=True)
class UnitList:
    """Units, parents first, and the successions among them."""

    units: tuple[UnitRow, ...]
    successions: tuple[SuccessionRow, ...]


def read_package(*, communes_of: frozenset[str] | None, names: Iterable[Mapping[str, str]] = ()) -> UnitList:
    """All provinces of both lists; districts and communes of the provinces with these codes (None: of all).

    names: rows level, code, name, valid_from, valid_to, decision of units whose name changed within one list; the rows
    of one code and list must cover the unit's whole time. Raises ValueError where they do not.
    """
    old = _table("admin_units_legacy", ("province", "district", "ward"))
    new = _table("admin_units", ("province", "ward"))
    converter = json.loads((_data() / "converter_2025.json").read_text("utf-8"))
    merged: dict[str, list[str]] = converter["DICT_PROVINCE"]
    builder = _Builder(old, new, merged, communes_of)
    builder.add_provinces()
    builder.add_districts_and_communes(converter)
    return _with_dated_names(builder.units, builder.successions, names)


class _Builder:
    """Collects rows and links of both lists by the package's own keys."""

    def __init__(
        self, old: list[Row], new: list[Row], merged: Mapping[str, list[str]], communes_of: frozenset[str] | None
    ) -> None:
        self.old, self.new, self.merged, self.communes_of = old, new, merged, communes_of
        self.units: list[UnitRow] = []
        self.successions: list[SuccessionRow] = []
        self.old_province: dict[str, UnitRow] = {}
        self.new_province: dict[str, UnitRow] = {}

    def add_provinces(self) -> None:
        """Provinces that stand alone on both lists are one row; the others end and begin with the merger."""
        before = {row["provinceKey"]: row for row in self.old}
        after = {row["provinceKey"]: row for row in self.new}
        for key, parts in sorted(self.merged.items(), key=lambda item: after[item[0]]["provinceCode"]):
            unchanged = len(parts) == 1 and before[parts[0]]["provinceCode"] == after[key]["provinceCode"]
            current = _province(after[key], None if unchanged else MERGER, None)
            self.new_province[key] = current
            for part in parts:
                self.old_province[part] = current if unchanged else _province(before[part], None, MERGER)
                if not unchanged:
                    self.units.append(self.old_province[part])
                    self._follow(self.old_province[part], current, decision=PROVINCES_DECISION)
            self.units.append(current)

    def add_districts_and_communes(self, converter: Mapping[str, Any]) -> None:
        """Districts and communes of the wanted provinces, with what became of each."""
        old = [row for row in self.old if self._wanted(row)]
        communes: dict[str, UnitRow] = {}
        districts: dict[str, UnitRow] = {}
        for row in old:
            province = self.old_province[row["provinceKey"]]
            path = f"{row['provinceKey']}_{row['districtKey']}"
            if path not in districts:
                districts[path] = _row(row, "district", UnitLevel.DISTRICT, province, None, MERGER)
                self.units.append(districts[path])
            if row["wardCode"]:
                communes[f"{path}_{row['wardKey']}"] = _row(
                    row, "ward", UnitLevel.COMMUNE, districts[path], None, MERGER
                )
        self.units += communes.values()
        current = {
            (row["provinceKey"], row["wardKey"]): _row(
                row, "ward", UnitLevel.COMMUNE, self.new_province[row["provinceKey"]], MERGER, None
            )
            for row in self.new
            if self._wanted(row)
        }
        self.units += current.values()
        self._link(converter, districts, communes, current)

    def _link(
        self,
        converter: Mapping[str, Any],
        districts: Mapping[str, UnitRow],
        communes: Mapping[str, UnitRow],
        current: Mapping[tuple[str, str], UnitRow],
    ) -> None:
        of_district: dict[str, dict[str, UnitRow]] = defaultdict(dict)
        for province, path, ward, is_partial in _passings(converter):
            after = current.get((province, ward))
            district = path.rsplit("_", 1)[0]
            if after is None or district not in districts:
                continue
            of_district[district][after.code] = after
            if path in communes:
                self._follow(communes[path], after, is_partial=is_partial)
        for district, successors in of_district.items():
            for after in successors.values():
                self._follow(districts[district], after, is_partial=True)

    def _wanted(self, row: Row) -> bool:
        return self.communes_of is None or row["provinceCode"] in self.communes_of

    def _follow(self, before: UnitRow, after: UnitRow, *, is_partial: bool = False, decision: str = "") -> None:
        self.successions.append(
            SuccessionRow(before.key, after.key, on=MERGER, is_partial=is_partial, decision=decision)
        )


def _passings(converter: Mapping[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    """(new province, path of the old commune, new commune, only a part) by the package's keys."""
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, paths in wards.items():
            for path in paths:
                yield province, path, ward, False
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for path, parts in divided.items():
            for part in parts:
                yield province, path, part["newWardKey"], True


def _with_dated_names(
    units: list[UnitRow], successions: list[SuccessionRow], names: Iterable[Mapping[str, str]]
) -> UnitList:
    """Split the units whose name changed within one list, and lead the successions to the right part."""
    spells: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for name in names:
        spells[name["code"]].append(name)
    first: dict[tuple[str, date | None], tuple[str, date | None]] = {}
    last: dict[tuple[str, date | None], tuple[str, date | None]] = {}
    done: list[UnitRow] = []
    renamings: list[SuccessionRow] = []
    for unit in units:
        mine = [row for row in spells.get(unit.code, ()) if row["level"] == unit.level and _inside(unit, row)]
        if not mine:
            done.append(unit)
            continue
        mine.sort(key=lambda row: row["valid_from"])
        _check_cover(unit, mine)
        parts = [
            replace(unit, name=row["name"], valid_from=day(row["valid_from"]), valid_to=day(row["valid_to"]))
            for row in mine
        ]
        done += parts
        first[unit.key], last[unit.key] = parts[0].key, parts[-1].key
        for before, after, row in zip(parts, parts[1:], mine[1:], strict=False):
            renamings.append(SuccessionRow(before.key, after.key, on=_start(after), decision=row["decision"]))
    links = [replace(link, predecessor=last.get(link.predecessor, link.predecessor)) for link in successions]
    return UnitList(
        tuple(replace(unit, parent=first.get(unit.parent, unit.parent) if unit.parent else None) for unit in done),
        tuple(links + renamings),
    )


def _inside(unit: UnitRow, row: Mapping[str, str]) -> bool:
    start, end = day(row["valid_from"]), day(row["valid_to"])
    begins_before = unit.valid_from is not None and (start is None or start < unit.valid_from)
    ends_after = unit.valid_to is not None and (end is None or end > unit.valid_to)
    return not begins_before and not ends_after


def _check_cover(unit: UnitRow, rows: list[Mapping[str, str]]) -> None:
    edges = [day(rows[0]["valid_from"]), *(day(row["valid_from"]) for row in rows[1:]), day(rows[-1]["valid_to"])]
    ends = [day(row["valid_to"]) for row in rows]
    if edges[0] != unit.valid_from or edges[1:] != ends or edges[-1] != unit.valid_to:
        raise ValueError(f"dated names of {unit.code} leave a gap in {unit.valid_from}–{unit.valid_to}")


def _start(unit: UnitRow) -> date:
    if unit.valid_from is None:
        raise ValueError(f"{unit.code} {unit.name} follows another name but has no first day")
    return unit.valid_from


def _province(row: Row, valid_from: date | None, valid_to: date | None) -> UnitRow:
    return _row(row, "province", UnitLevel.PROVINCE, None, valid_from, valid_to)


def _row(
    row: Row, kind: str, level: UnitLevel, parent: UnitRow | None, valid_from: date | None, valid_to: date | None
) -> UnitRow:
    return UnitRow(
        code=row[f"{kind}Code"], name=nfc(row[kind]), level=level, parent=parent.key if parent else None,
        valid_from=valid_from, valid_to=valid_to, latitude=row[f"{kind}Lat"], longitude=row[f"{kind}Lon"],
    )  # fmt: skip


def _data() -> Path:
    """The package's data folder, without importing the package: it would parse four megabytes of JSON on the way."""
    spec = find_spec("vietnamadminunits")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("vietnamadminunits is not installed; see requirements/base.txt")
    return Path(spec.submodule_search_locations[0]) / "data"


def _table(name: str, kinds: tuple[str, ...]) -> list[Row]:
    columns = ", ".join(f"{kind}, {kind}Code, {kind}Key, {kind}Lat, {kind}Lon" for kind in kinds)
    with closing(sqlite3.connect(f"file:{_data() / 'dataset.db'}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        return database.execute(f"SELECT {columns} FROM {name} ORDER BY rowid").fetchall()  # noqa: S608 fixed names
