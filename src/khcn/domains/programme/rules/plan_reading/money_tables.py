"""Read tables of money: sources by row or by column, years, and the row or column of totals. Amounts in đồng."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from khcn.domains.programme.rules.plan_reading.model import Passage
from khcn.domains.programme.rules.plan_reading.numerals import read_number
from khcn.domains.programme.rules.plan_reading.table_heads import Head, head_of
from khcn.standards.officialdoc import Block, Span, fold

_UNIT = re.compile(r"(?:(ty|ti)|(trieu|tr\.?)|(nghin|ngan|1000|1\.000)) ?(?:dong|vnd|d)\b")
_PLAIN_UNIT = re.compile(r"\b(?:dong|vnd)\b")
_TOTAL = re.compile(r"^(?:tong(?: (?:cong|so|kinh phi|von|du toan|nhu cau))*|cong)\b")
_SOURCE = re.compile(
    r"ngan sach|nguon|\bvon\b|doi ung|xa hoi|tai tro|su nghiep|\boda\b|doanh nghiep|trung uong|\bns\w{1,3}\b"
)
_YEAR = re.compile(r"20\d\d")
_ASIDE = re.compile(r"^(?:stt|tt|so tt|ghi chu|co quan|don vi(?! tinh)|thoi gian|trong do)\b")


@dataclass(frozen=True, slots=True)
class MoneyTable:
    """What a table says about money; total None when the table names none and its rows cannot be summed."""

    sources: tuple[Passage, ...]
    total_vnd: int | None
    span: Span
    is_summed: bool


def money_unit(text: str) -> int | None:
    """Return how many đồng one counted unit is in a note such as "Đơn vị tính: triệu đồng", or None."""
    folded = fold(text)
    if found := _UNIT.search(folded):
        return 10**9 if found.group(1) else 10**6 if found.group(2) else 10**3
    return 1 if _PLAIN_UNIT.search(folded) else None


def read_money_table(block: Block, *, unit: int | None) -> MoneyTable | None:
    """Return what a table in the money section says, or None when it holds no amounts.

    unit: đồng per counted unit as a note before the table says; the table's own heading comes first.
    """
    head = head_of(block.rows)
    factor = money_unit(" ".join(head.labels)) or unit or 1
    body = list(range(head.rows, len(block.rows)))
    cells = {i: _aligned(block.rows[i], len(head.labels)) for i in body}
    amounts = {i: _amounts(cells[i], head, factor) for i in body}
    body = [i for i in body if amounts[i]]
    if not body:
        return None
    label = _label_column(cells, body, head)
    names = {i: cells[i][label].strip() if label < len(cells[i]) else "" for i in body}
    totals = [i for i in body if any(_TOTAL.match(fold(cell)) for cell in cells[i] if cell.strip())]
    rows = [i for i in body if i not in totals]
    by_row = [i for i in rows if names[i] and _SOURCE.search(fold(names[i]))]
    columns = [
        c for c, text in enumerate(head.labels) if c != label and _SOURCE.search(text) and not _TOTAL.match(text)
    ]
    sources: list[Passage] = []
    if by_row and len(by_row) * 2 >= len(rows):
        sources = [Passage(names[i], block.lines[i].span, 0.85, _row_value(amounts[i], head)) for i in rows if names[i]]
    elif len(columns) >= 2:
        sources = [Passage(_shown(block.rows[: head.rows], c), block.lines[0].span, 0.8) for c in columns]
    value = _row_value(amounts[totals[-1]], head) if totals else None
    summed = value is None
    if summed and (sources or all(_YEAR.search(names[i]) for i in rows)):
        parts = [_row_value(amounts[i], head) for i in rows]
        value = sum(part for part in parts if part is not None) if all(part is not None for part in parts) else None
    return MoneyTable(tuple(sources), value, block.lines[totals[-1]].span if totals else block.span, summed)


def _amounts(row: Sequence[str], head: Head, factor: int) -> dict[int, int]:
    """Return the amounts of a row by column; numbering, years and remarks are no amounts."""
    found: dict[int, int] = {}
    for i, cell in enumerate(row):
        label = head.labels[i] if i < len(head.labels) else ""
        text = re.sub(r"\s*(?:tỷ|tỉ|triệu|nghìn|đồng|vnđ|đ)\b.*$", "", cell.strip(), flags=re.IGNORECASE)
        value = read_number(text) if text else None
        if value is None or _ASIDE.match(label) or (i == 0 and len(row) > 2 and value < Decimal(1000) and not label):
            continue
        if i == 0 or re.fullmatch(r"20\d\d", text):
            continue
        own = money_unit(cell) or factor
        amount = value * own
        if amount == amount.to_integral_value():
            found[i] = int(amount)
    return found


def _aligned(row: Sequence[str], width: int) -> Sequence[str]:
    """Return a row of totals whose merged first cells were lost with its figures under their columns again."""
    if len(row) < width and row and _TOTAL.match(fold(row[0])):
        return [row[0], *[""] * (width - len(row)), *row[1:]]
    return row


def _label_column(rows: Mapping[int, Sequence[str]], body: Sequence[int], head: Head) -> int:
    """Return the column of the rows' names: the one with the most letters."""
    width = max(len(rows[i]) for i in body)
    letters = [
        sum(sum(c.isalpha() for c in rows[i][column]) for i in body if column < len(rows[i]))
        - (10_000 if column < len(head.labels) and _ASIDE.match(head.labels[column]) else 0)
        for column in range(width)
    ]
    return letters.index(max(letters)) if max(letters) > 0 else 0


def _row_value(amounts: dict[int, int], head: Head) -> int | None:
    """Return what a row comes to: its column of totals, its only amount, or the sum of its years."""
    named = [i for i in amounts if i < len(head.labels) and _TOTAL.match(head.labels[i])]
    if named:
        return amounts[named[-1]]
    if len(amounts) == 1:
        return next(iter(amounts.values()))
    parts = [
        i for i in amounts if i < len(head.labels) and (_YEAR.search(head.labels[i]) or _SOURCE.search(head.labels[i]))
    ]
    return sum(amounts[i] for i in parts) if parts and len(parts) == len(amounts) else None


def _shown(heads: Sequence[Sequence[str]], column: int) -> str:
    """Return the heading of a column as written, its lowest row first found."""
    return next((row[column].strip() for row in reversed(heads) if column < len(row) and row[column].strip()), "")
