"""Read tables of tasks: what is to be done, who leads it, under which group.

A table without such columns gives nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from khcn.domains.programme.rules.plan_reading.table_heads import head_of
from khcn.standards.officialdoc import Block, Span, fold

_UNIT = re.compile(r"chu tri|co quan|don vi(?! tinh)|to chuc thuc hien|trach nhiem|nguoi thuc hien")
_LEADS = re.compile(r"chu tri|thuc hien|chiu trach nhiem")
_PARTNER = re.compile(r"phoi hop")
_TASK = re.compile(r"nhiem vu|noi dung|cong viec|hoat dong|giai phap|trach nhiem|ten (?:de|du|chuong)|de tai|dau viec")
_OTHER = re.compile(r"^(?:stt|tt|so tt|ghi chu|thoi gian|tien do|san pham|ket qua|kinh phi|lo trinh|nguon)\b")
_GROUP_NUMBER = re.compile(r"(?:[IVX]{1,5}|[A-HĐ])\.?")
_NUMBER = re.compile(r"(?:\d{1,3}(?:\.\d{1,2})*|[a-z]|[IVX]{1,5}|[A-HĐ])[.)]?")
_TOTAL = re.compile(r"^(?:tong (?:cong|so)|cong|tong)\b")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of a table: its words, the units that lead it ("" when none is named), the group heading above it."""

    text: str
    lead: str
    group: str
    span: Span


def read_task_table(block: Block) -> list[TaskRow]:
    """Return the tasks of a table with a column of tasks, in order; [] when `block` is no such table."""
    head = head_of(block.rows)
    unit = _column(head.labels, _UNIT, prefer=_LEADS, but=_PARTNER)
    task = _column(head.labels, _TASK, prefer=_TASK, but=_PARTNER, taken=unit)
    if task is None or (unit is None and len(head.labels) < 2):
        return []
    rows: list[TaskRow] = []
    group, lead = "", ""
    for index in range(head.rows, len(block.rows)):
        cells = [cell.strip() for cell in block.rows[index]]
        filled = [cell for cell in cells if cell]
        text = cells[task] if task < len(cells) else ""
        named = cells[unit] if unit is not None and unit < len(cells) else ""
        if not filled or _TOTAL.match(fold(filled[0])):
            continue
        if _is_group(filled, named):
            group, lead = (filled[-1] if _NUMBER.fullmatch(filled[0]) else filled[0]).strip(" :.;"), ""
            continue
        lead = named or lead
        if text:
            rows.append(TaskRow(text, lead, group, block.lines[index].span))
    return rows


def _is_group(filled: Sequence[str], named: str) -> bool:
    """Whether a row only names a group: a Roman number or letter and a text, or a single text."""
    if named:
        return False
    if len(filled) == 1:
        return not _NUMBER.fullmatch(filled[0])
    return len(filled) == 2 and bool(_GROUP_NUMBER.fullmatch(filled[0]))


def _column(
    labels: Sequence[str],
    wanted: re.Pattern[str],
    *,
    prefer: re.Pattern[str],
    but: re.Pattern[str],
    taken: int | None = None,
) -> int | None:
    found = [i for i, label in enumerate(labels) if i != taken and wanted.search(label) and not _OTHER.match(label)]
    found = [i for i in found if not but.search(labels[i]) or prefer.search(labels[i])] or found
    return next((i for i in found if prefer.search(labels[i])), found[0] if found else None)
