"""Read tables of targets: STT | Chỉ tiêu | ĐVT | a column for each year, in Word tables or lines with "|" or tabs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from khcn.domains.programme.rules.plan_reading.deadlines import read_deadlines
from khcn.domains.programme.rules.plan_reading.model import Operator, ReadTarget
from khcn.domains.programme.rules.plan_reading.numerals import NUMBER, read_number
from khcn.domains.programme.rules.plan_reading.table_heads import head_of
from khcn.standards.officialdoc import Block
from khcn.standards.officialdoc.letters import compile_letters

_LABEL = re.compile(r"chi tieu|muc tieu|ten chi|noi dung|tieu chi|chi so")
_UNIT = re.compile(r"don vi(?: tinh)?$|^dvt|^d\.?v\.?t|don vi do|^don vi tinh")
_NOT_VALUE = re.compile(
    r"thuc hien|hien trang|^th\b|uoc|ghi chu|co quan|don vi (?:chu|phoi|thuc)|chu tri|phoi hop|nguon|^stt|^tt$|"
    r"so voi|can cu|ket qua|"
    r"trach nhiem|theo doi|giai phap|lo trinh thuc|thoi gian|san pham|kinh phi"
)
_VALUE = re.compile(r"nam \d{4}|^\d{4}$|\b20\d\d\b|ke hoach|\bkh\b|muc tieu|gia tri|chi tieu|phan dau|giao|so luong")
_CELL = compile_letters(
    rf"^(?P<op>≥|>=|≤|<=|>|<|=|ít nhất|tối thiểu|không dưới|trên|hơn|từ|không quá|tối đa|dưới|khoảng|đạt)?\s*"
    rf"(?P<first>{NUMBER})\s*(?P<p1>%)?(?:\s*[-–]\s*(?P<second>{NUMBER}))?\s*(?P<percent>%)?\s*(?P<more>trở "
    rf"lên)?\s*(?P<unit>[\p{{Ll}}][^\d|]{{0,40}})?$",
    re.IGNORECASE,
)
_WORDS: dict[str, Operator] = {
    "≥": ">=",
    ">=": ">=",
    "ít nhất": ">=",
    "tối thiểu": ">=",
    "không dưới": ">=",
    "từ": ">=",
    "≤": "<=",
    "<=": "<=",
    "không quá": "<=",
    "tối đa": "<=",
    ">": ">",
    "trên": ">",
    "hơn": ">",
    "<": "<",
    "dưới": "<",
}


@dataclass(frozen=True, slots=True)
class _Columns:
    label: int
    unit: int | None
    values: tuple[tuple[int, date | None], ...]
    rows_of_head: int


def read_target_table(
    block: Block, *, inherited: date | None, default: date | None, theme: str | None
) -> list[ReadTarget]:
    """Return one target for each number in a year or value column of a table of targets, [] when the table is not
    one.
    """
    columns = _columns(block.rows)
    if columns is None:
        return []
    targets: list[ReadTarget] = []
    group = theme
    for index in range(columns.rows_of_head, len(block.rows)):
        row = block.rows[index]
        label = row[columns.label] if columns.label < len(row) else ""
        cells = [(row[i], due) for i, due in columns.values if i < len(row) and row[i].strip()]
        if not label.strip() or not any(_CELL.match(cell.strip()) for cell, _ in cells):
            group = label.strip() or group
            continue
        unit = row[columns.unit].strip() if columns.unit is not None and columns.unit < len(row) else ""
        for cell, due in cells:
            target = _target(label.strip(), cell.strip(), unit, due or inherited or default, group, block, index)
            if target is not None:
                targets.append(target)
    return targets


def _columns(rows: Sequence[Sequence[str]]) -> _Columns | None:
    found = head_of(rows)
    head, count = found.labels, found.rows
    label = next((i for i, cell in enumerate(head) if _LABEL.search(cell) and not _NOT_VALUE.match(cell)), None)
    if label is None:
        return None
    unit = next((i for i, cell in enumerate(head) if _UNIT.search(cell) and i != label), None)
    values: list[tuple[int, date | None]] = []
    for i, cell in enumerate(head):
        if (
            i <= label
            or i == unit
            or not cell
            or (_NOT_VALUE.search(cell) and not re.search(r"ke hoach|muc tieu|\bkh\b", cell))
        ):
            continue
        if _VALUE.search(cell):
            values.append((i, _due(cell)))
    if not values or (unit is None and not any(due for _, due in values) and len(rows) < 2):
        return None
    return _Columns(label, unit, tuple(values), count)


def _due(cell: str) -> date | None:
    years = re.findall(r"(?:19|20)\d\d", cell)
    if years:
        return date(int(years[-1]), 12, 31)
    deadlines = read_deadlines(cell)
    return deadlines[-1].due_on if deadlines else None


def _target(
    label: str, cell: str, unit: str, due: date | None, theme: str | None, block: Block, index: int
) -> ReadTarget | None:
    found = _CELL.match(cell)
    if found is None:
        return None
    value = read_number(found.group("first"))
    upper: Decimal | None = read_number(found.group("second")) if found.group("second") else None
    if value is None:
        return None
    word = (found.group("op") or "").lower()
    operator: Operator = _WORDS.get(word) or (">=" if found.group("more") or upper is not None else "=")
    percent = bool(found.group("p1") or found.group("percent") or "%" in unit or "phần trăm" in unit.lower())
    named = "%" if percent else (unit or (found.group("unit") or "").strip())
    if not percent and not unit and "%" in label:
        percent, named = True, "%"
    line = block.lines[index].span if index < len(block.lines) else block.span
    return ReadTarget(
        sentence=f"{label}: {cell}" + (f" {unit}" if unit and unit not in cell else ""),
        operator=operator,
        quantity=value,
        unit=named,
        due_on=due,
        subject=label,
        confidence=0.85 if named else 0.7,
        span=line,
        upper=upper,
        theme=theme,
        approximate=word == "khoảng",
    )
