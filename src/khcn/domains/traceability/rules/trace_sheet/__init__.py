"""Sets the trace of a lot as a PDF by the Typst compiler. Pure."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import files

import typst

_SHEET = files("khcn.domains.traceability.rules.trace_sheet").joinpath("trace.typ")
_FONTS = ("Times New Roman", "Tinos", "Liberation Serif", "Libertinus Serif")
_FIXED_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lot in lines (term, text), and the things of its trace (direction, name, party, kilograms, certainty)."""

    facts: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, str, str, str, str]]


def render_trace(sheet: Sheet) -> bytes:
    """The sheet as PDF bytes; equal input gives equal bytes."""
    content = {**asdict(sheet), "fonts": list(_FONTS)}
    return typst.compile(
        _SHEET.read_bytes(), sys_inputs={"sheet": json.dumps(content, ensure_ascii=False)}, timestamp=_FIXED_MOMENT
    )
