"""Sets a controlled document as a PDF by the Typst compiler; equal input gives equal bytes."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import files

import typst

FONTS = ("Times New Roman", "Tinos", "Liberation Serif", "Libertinus Serif")
_SHEET = files("khcn.domains.qms.rules.controlled_copy").joinpath("sheet.typ")
_FIXED_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A line of the amendment log: day, part, what and why, issue.revision."""

    on: str
    part: str
    reason: str
    number: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a controlled document shows: cover facts, people, sections, steps, amendment log. Dates as printed."""

    agency: str
    code: str
    title: str
    type: str
    issue_no: int
    revision_no: int
    effective_from: str
    author: str
    reviewer: str
    approver: str
    sections: Sequence[tuple[str, str]]
    steps: Sequence[tuple[str, str, str, str, str]]
    amendments: Sequence[Amendment]


def render_sheet(sheet: Sheet) -> bytes:
    """The document as PDF bytes."""
    content = {**asdict(sheet), "fonts": list(FONTS)}
    return typst.compile(
        _SHEET.read_bytes(),
        sys_inputs={"sheet": json.dumps(content, ensure_ascii=False)},
        timestamp=_FIXED_MOMENT,
    )
