"""Vietnam's public holidays as dated rows for a working calendar, seeded from the `holidays` package.

A starting point to be checked by a person: the package learns of yearly swaps late or never, so the rows of
data/reference/calendar/exceptions.csv are laid over these, and the office edits the result.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import date
from io import StringIO

import holidays

from khcn.lib.calendar import DayException, ExceptionKind
from khcn.lib.dates import parse_date_vi
from khcn.lib.text import nfc

#: Source of the ordinary holidays: Bộ luật Lao động 2019 (45/2019/QH14), Điều 112.
LABOUR_CODE = "Bộ luật Lao động 2019, Điều 112"
_PACKAGE = "thư viện holidays, cần đối chiếu văn bản"
_SWAP = re.compile(r"\(thay cho ngày (\d{2}/\d{2}/\d{4})\)")
_COLUMNS = ("on", "kind", "name", "basis")


def seed_exceptions(years: Iterable[int]) -> tuple[DayException, ...]:
    """Holidays, days off in lieu and swaps of the years, by date, as the package knows them.

    Weekend days that the package lists as holidays are kept: they name the day, and change no count.
    """
    wanted = sorted(set(years))
    found = holidays.Vietnam(years=wanted, language="vi", expand=False)
    rows: list[DayException] = []
    for day, name in found.items():
        swap = _SWAP.search(name)
        if swap:
            worked = parse_date_vi(swap.group(1))
            rows.append(DayException(day, ExceptionKind.SWAP_OFF, nfc(name), _PACKAGE))
            rows.append(DayException(worked, ExceptionKind.SWAP_ON, f"Làm bù cho ngày nghỉ {day:%d/%m/%Y}", _PACKAGE))
        else:
            rows.append(DayException(day, ExceptionKind.HOLIDAY, nfc(name), LABOUR_CODE))
    return tuple(sorted(rows))


def read_exceptions(content: str) -> tuple[DayException, ...]:
    """The rows of a reference table in CSV with the columns on (ISO date), kind, name, basis.

    Raises UnreadableDate for a bad date, ValueError for another column set, kind or a missing basis.
    """
    table = csv.DictReader(StringIO(content))
    if tuple(table.fieldnames or ()) != _COLUMNS:
        raise ValueError(f"columns must be {', '.join(_COLUMNS)}")
    rows = []
    for line in table:
        if not line["basis"]:
            raise ValueError(f"a row needs its basis: {line['on']}")
        rows.append(
            DayException(parse_date_vi(line["on"]), ExceptionKind(line["kind"]), nfc(line["name"]), line["basis"])
        )
    return tuple(rows)


def merge_exceptions(seeded: Iterable[DayException], official: Iterable[DayException]) -> tuple[DayException, ...]:
    """The seeded rows with every date that an official row names replaced by the official rows, by date."""
    given = tuple(official)
    named = {row.on for row in given}
    return tuple(sorted((*(row for row in seeded if row.on not in named), *given)))


def last_confirmed_day(years: Iterable[int]) -> date:
    """31 December of the last of the years: up to where a seed may be called known."""
    return date(max(years), 12, 31)
