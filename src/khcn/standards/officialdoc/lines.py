"""Split the text of an official document into cleaned physical lines that remember where they stood.

Does not join lines; `paragraphs` does.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

_LINE = re.compile(r"([^\n\r\f\v\x85\u2028\u2029]*)(\r\n|[\n\r\f\v\x85\u2028\u2029]|\Z)")
_SPACES = dict.fromkeys(
    [0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x0000, *range(0x01, 0x09), *range(0x0E, 0x20)],
    " ",
)
_DROPPED = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_DASHES = {0x2010: "-", 0x2011: "-", 0x2212: "-", 0xF02D: "-", 0x2012: "–", 0x2015: "—"}
_ROMAN_SIGNS = {0x2160 + i: r for i, r in enumerate(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"])}
_TABLE = {**_SPACES, **_DROPPED, **_DASHES, **_ROMAN_SIGNS}
_SYMBOL_FONT_BULLET = re.compile(r"^[\ue000-\uf8ff]\s*")
_ORNAMENT = re.compile(r"^[\s\-_=~*.–—|+#¯•o]{3,}$|^[|_]+$")
_PAGE_NUMBER = re.compile(r"^(?:[-–—]\s*)?(?:trang\s*:?\s*)?(\d{1,3})(?:\s*[-–—]|\s*/\s*\d{1,3})?$", re.IGNORECASE)
_WIDE_GAP = re.compile(r"\t+| {4,}")
_PIPE_EDGE = re.compile(r"^\s*\|\s*|\s*\|\s*$")


@dataclass(frozen=True, slots=True)
class Span:
    """Where a passage stands in the original text: character offsets [start, end), first and last line, page
    (1-based).
    """

    start: int
    end: int
    line: int
    last_line: int
    page: int

    def joined(self, other: "Span") -> "Span":
        """Return the smallest span that covers both."""
        first = self if self.start <= other.start else other
        return Span(
            first.start,
            max(self.end, other.end),
            min(self.line, other.line),
            max(self.last_line, other.last_line),
            first.page,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One non-blank physical line: cleaned NFC text and its place in the original; the cells of a flattened row are one
    line, from `number` to `last`.
    """

    text: str
    start: int
    end: int
    number: int
    last: int
    page: int
    indent: int
    blanks_before: int
    after_ornament: bool
    exact: bool
    columns: tuple[str, ...]

    @property
    def span(self) -> Span:
        return Span(self.start, self.end, self.number, self.last, self.page)


def clean(text: str) -> str:
    """Return `text` in NFC with one kind of space and hyphen, outer and repeated white space removed."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_TABLE).split())


def split_lines(text: str) -> tuple[Line, ...]:
    """Split `text` into its non-blank lines without ornaments and page numbers.

    A form feed starts a new page. Columns are what wide gaps, tabs or "|" divide; a plain line has one column.
    """
    lines: list[Line] = []
    blanks, page, ornament = 0, 1, False
    page_ends: set[int] = set()
    for number, match in enumerate(_LINE.finditer(text), start=1):
        raw = match.group(1)
        if raw.strip():
            line = _line(raw, match.start(1), number, page, blanks, ornament)
            if line is None:
                ornament = True
            else:
                lines.append(line)
                blanks, ornament = 0, False
        else:
            blanks += 1
        if match.group(2) == "\f":
            page += 1
            page_ends.add(len(lines))
        if match.end() >= len(text):
            break
    return _without_page_numbers(lines, page_ends)


def _line(raw: str, start: int, number: int, page: int, blanks: int, ornament: bool) -> Line | None:
    body = raw.strip()
    offset = start + raw.index(body[0])
    translated = unicodedata.normalize("NFC", body).translate(_TABLE)
    translated = _SYMBOL_FONT_BULLET.sub("• ", translated)
    if _ORNAMENT.match(translated):
        return None
    columns: tuple[str, ...]
    if "|" in translated:
        # Only a line framed on both sides has edges; a lone edge is an empty first or last cell.
        framed = translated.startswith("|") and translated.endswith("|")
        inner = _PIPE_EDGE.sub("", translated) if framed else translated
        columns = tuple(" ".join(cell.split()) for cell in inner.split("|"))
        text = " | ".join(columns) if len(columns) > 1 else columns[0]
    else:
        columns = tuple(" ".join(cell.split()) for cell in _WIDE_GAP.split(translated.strip()))
        text = " ".join(translated.split())
    if not text or not text.strip(" |"):
        return None
    indent = len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip())
    return Line(
        text=text,
        start=offset,
        end=offset + len(body),
        number=number,
        last=number,
        page=page,
        indent=indent,
        blanks_before=blanks,
        after_ornament=ornament,
        exact=text == body,
        columns=columns,
    )


def _without_page_numbers(lines: list[Line], page_ends: set[int]) -> tuple[Line, ...]:
    """Drop lone numbers that count pages: at a page edge, or rising in step through the text with many lines
    between.
    """
    candidates = [(i, int(m.group(1))) for i, line in enumerate(lines) if (m := _PAGE_NUMBER.match(line.text))]
    dropped = {i for i, _ in candidates if i in page_ends or i + 1 in page_ends}
    for (i, value), (j, after) in pairwise(candidates):
        if after == value + 1 and j - i >= 12:
            dropped |= {i, j}
    if len(candidates) == 1 and candidates[0][1] <= 9:
        dropped.add(candidates[0][0])
    return tuple(line for i, line in enumerate(lines) if i not in dropped)
