"""The words and punctuation that the decree prescribes around what a document says; both writers use these lines."""

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from khcn.lib.dates import format_long
from khcn.lib.text import nfc
from khcn.standards.nd30 import layout
from khcn.standards.nd30.document import (
    Authority,
    Block,
    Heading,
    HeadingLevel,
    Inline,
    OfficialDocument,
    Paragraph,
    Run,
    Signature,
)
from khcn.standards.nd30.text_width import width_pt

CLOSING = "./."
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


_NOT_PRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_Value = TypeVar("_Value")


def printable(value: _Value) -> _Value:
    """The same document (or any part of it) with every text composed (TCVN 6909) and without control characters.

    Imported data may hold what neither XML nor a page can show.
    """
    changed: Any = value
    if isinstance(value, str) and not isinstance(value, Enum):
        changed = nfc(_NOT_PRINTABLE.sub("", value))
    elif isinstance(value, tuple | list):
        changed = tuple(printable(item) for item in value)
    elif is_dataclass(value) and not isinstance(value, type):
        changed = replace(value, **{item.name: printable(getattr(value, item.name)) for item in fields(value)})
    return changed


def number_line(document: OfficialDocument) -> str:
    """ "Số: 05/BC-SKHCN"; numbers below 10 take a leading zero; room is left while there is none (Mục II.3)."""
    if document.number is None:
        return ""
    number = document.number.number
    shown = "      " if number is None else f"{number:02d}"
    return f"Số: {shown}/{document.number.notation}"


def place_date_line(document: OfficialDocument) -> str:
    """ "Đồng Nai, ngày 05 tháng 01 năm 2026"; the day stays open when it is not known yet (Mục II.4)."""
    if document.issued_on:
        return f"{document.place}, {format_long(document.issued_on)}"
    return f"{document.place}, ngày      tháng      năm        "


def ground_lines(grounds: Sequence[str]) -> list[str]:
    """Legal grounds: each ends with a semicolon, the last with a full stop (Mục II.6.a)."""
    return _listed(grounds)


def addressee_lines(addressees: Sequence[str]) -> list[str]:
    """One addressee as it is; several as "- A;" … "- C." (Mục II.9.d)."""
    if len(addressees) == 1:
        return [addressees[0].rstrip(";. ")]
    return [f"- {line}" for line in _listed(addressees)]


def recipient_lines(document: OfficialDocument) -> list[str]:
    """ "- Như trên;" … "- Lưu: VT, QLKH." (Mục II.9.d)."""
    lines = [*document.recipients, *([f"Lưu: {document.archive}"] if document.archive else [])]
    return [f"- {line}" for line in _listed(lines)]


def signature_lines(signature: Signature) -> list[str]:
    """The lines in capitals above a signature: authority, then title (Mục II.7.b, đ)."""
    title = signature.title.upper()
    if signature.authority is None:
        return [title]
    if signature.authority is Authority.ACTING:
        return [f"Q. {title}"]
    return [f"{signature.authority} {signature.on_behalf_of.upper()}", title]


def annex_label(index: int, count: int) -> str:
    """ "Phụ lục" alone, or with a Roman number when there are several (Mục III.1.a)."""
    return "Phụ lục" if count == 1 else f"Phụ lục {_roman(index + 1)}"


def annex_reference(document: OfficialDocument) -> str:
    """ "(Kèm theo Báo cáo số 05/BC-SKHCN ngày … của …)" (Mục III.1.c)."""
    kind = document.title.capitalize() if document.title else "Công văn"
    number = number_line(document).removeprefix("Số: ").strip()
    date = format_long(document.issued_on) if document.issued_on else "ngày      tháng      năm        "
    numbered = f" số {number if document.number and document.number.number else '      ' + number}" if number else ""
    return f"(Kèm theo {kind}{numbered} {date} của {issuer_name(document)})"


def heading_line(heading: Heading) -> str:
    """Label, its punctuation and the text on one line; a section's text in capitals (Mục II.6.đ, Mục V.6)."""
    match heading.level:
        case HeadingLevel.SECTION:
            return f"{heading.label}. {heading.text.upper()}"
        case HeadingLevel.POINT:
            return f"{heading.label}) {heading.text}"
        case _:
            return f"{heading.label}. {heading.text}"


def issuer_lines(name: str, *, bold: bool) -> list[str]:
    """The name in capitals, in as few lines as the letterhead needs, of about equal length (Mục II.2.b).

    Line breaks in the name are kept, since only a person knows which words belong together.
    """
    if "\n" in name:
        return [line.strip() for line in name.upper().splitlines()]
    words = name.upper().split()
    room = layout.LETTERHEAD_LEFT_MM * layout.POINTS_PER_MM
    for count in range(1, len(words) + 1):
        lines = _balanced(words, count, bold=bold)
        if all(width_pt(line, layout.ISSUER_PT, bold=bold) <= room for line in lines):
            return lines
    return words


def issuer_name(document: OfficialDocument) -> str:
    """The issuer's name on one line."""
    return " ".join(document.issuer.name.split())


def closed_body(document: OfficialDocument) -> list[Block]:
    """The body with the sign ./. after its last paragraph; forms and bodies that end otherwise are left alone."""
    blocks = list(document.body)
    if blocks and not document.kind.is_form and isinstance(last := blocks[-1], Paragraph):
        blocks[-1] = replace(last, content=_closed(last.content))
    return blocks


def runs_of(content: Inline) -> list[Run]:
    """The content as runs."""
    return [Run(content)] if isinstance(content, str) else list(content)


def plain(content: Inline) -> str:
    """The text of the content."""
    return "".join(run.text for run in runs_of(content))


def _balanced(words: list[str], count: int, *, bold: bool) -> list[str]:
    """The words over `count` lines, each filled up to its share of the whole."""
    share = width_pt(" ".join(words), layout.ISSUER_PT, bold=bold) / count
    lines: list[list[str]] = [[]]
    for word in words:
        tried = " ".join([*lines[-1], word])
        overshoot = width_pt(tried, layout.ISSUER_PT, bold=bold) - share
        if lines[-1] and len(lines) < count and overshoot > width_pt(word, layout.ISSUER_PT, bold=bold) / 2:
            lines.append([])
        lines[-1].append(word)
    return [" ".join(line) for line in lines]


def _closed(content: Inline) -> list[Run]:
    runs = runs_of(content)
    text = runs[-1].text.rstrip()
    if not text.endswith(CLOSING):
        runs[-1] = replace(runs[-1], text=text.rstrip(".;") + CLOSING)
    return runs


def _listed(lines: Sequence[str]) -> list[str]:
    bare = [line.strip().rstrip(";.,") for line in lines]
    return [f"{line};" for line in bare[:-1]] + [f"{line}." for line in bare[-1:]]


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text += letters
            number -= value
    return text
