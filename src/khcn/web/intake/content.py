"""What was taken from a file: text, pages, tables and warnings for the person who sent it."""

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["docx", "pdf", "scan", "txt"]
Table = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class IntakeText:
    """Text of a file.

    text: all text in reading order; a form feed stands between pages, table rows are lines "| cell | cell |".
    pages: the text of each page; one page where the format has none. source_kind: "scan" when letters were recognised
    from images. tables: the cells of each table in order; they stand in `text` too.
    warnings: whole Vietnamese sentences about what may have been read badly.
    """

    text: str
    pages: tuple[str, ...]
    source_kind: SourceKind
    warnings: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """How much a file may cost.

    Bytes as sent, pages, pages that may be recognised from images, seconds for one page.
    """

    max_bytes: int = 30 * 1024 * 1024
    max_pages: int = 400
    max_scanned_pages: int = 60
    page_seconds: int = 90


DEFAULT_INTAKE_LIMITS = IntakeLimits()


def table_row(cells: tuple[str, ...] | list[str]) -> str:
    """Return the line that stands for a table row in the text."""
    return "| " + " | ".join(" ".join(cell.replace("|", "/").split()) for cell in cells) + " |"
