"""Join physical lines into the paragraphs, items and table rows that the writer meant.

Blank lines are trusted only when the text is not double-spaced; otherwise numbering, punctuation, capitals, and whether
the next word would still have fitted on the line decide.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from khcn.lib.syllables import is_syllable
from khcn.lib.text import fold
from khcn.standards.officialdoc.lines import Line, Span
from khcn.standards.officialdoc.markers import Marker, Style, read_marker

UNWRAPPED_WIDTH = 170  # longer lines are whole paragraphs (Word export), not lines of a page
_TERMINAL = (".", ";", ":", "!", "?", "…", "./.")
_HYPHEN_SPLIT = re.compile(r"[^\W_]-$")
_LAST_LETTERS = re.compile(r"([^\W\d_]+)-$")
_FIRST_LETTERS = re.compile(r"[^\W\d_]+")
_ACT_NUMBER_END = re.compile(r"\d+\s?/\s?(?:[A-ZĐ\d]*)$|\d{1,2}/\d{1,2}/$")
_ACT_PART_END = re.compile(r"\d-[A-ZĐ][\wĐđ]*/$")
_GOES_ON = re.compile(r"^(?:Trong đó|Đồng thời|Ngoài ra|Bên cạnh đó|Qua đó|Từ đó|Định kỳ)\b")
_DANGLING = re.compile(
    r"(?:^|\s)(?:của|và|các|những|về|cho|theo|tại|trong|với|từ|bằng|hoặc|do|đến|số|ngày|tháng|thuộc|trên|là|được|"
    r"có|để|Sở|Bộ|UBND|tỉnh)$"
)
_OPENERS = re.compile(
    r"^(?:căn cứ|xét đề nghị|theo đề nghị|thực hiện (?:nghị quyết|quyết định|chỉ thị|kế hoạch|chương trình|"
    r"kết luận|công văn)"
    r"|ubnd tỉnh|ủy ban nhân dân|uỷ ban nhân dân)\b",
    re.IGNORECASE,
)
_TABLE_START = 3  # columns by which tabs or wide gaps make a table row


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, numbered item or table of the document.

    `text` is the joined text without its marker; `rows` holds the cells when the block is a table; `pieces` gives, for
    each line, where its text begins within `text`.
    """

    text: str
    marker: Marker | None
    lines: tuple[Line, ...]
    pieces: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def style(self) -> Style | None:
        return self.marker.style if self.marker else None

    @property
    def label(self) -> str:
        return self.marker.raw.strip() if self.marker else ""

    @property
    def full_text(self) -> str:
        """The text with its marker as written."""
        return f"{self.label} {self.text}" if self.marker else self.text

    @property
    def span(self) -> Span:
        return self.lines[0].span.joined(self.lines[-1].span)

    def span_of(self, begin: int, end: int) -> Span:
        """Return where `text[begin:end]` stands in the original, to the character where the line was clean, else to
        the line.
        """
        first = self._line_at(begin)
        last = self._line_at(max(begin, end - 1))
        line_first, line_last = self.lines[first], self.lines[last]
        start, stop = line_first.start, line_last.end
        skipped = len(self.marker.raw) if self.marker else 0
        if line_first.exact:
            start += begin - self.pieces[first] + (skipped if first == 0 else 0)
        if line_last.exact:
            stop = min(stop, line_last.start + end - self.pieces[last] + (skipped if last == 0 else 0))
        return Span(start, max(start, stop), line_first.number, line_last.last, line_first.page)

    def _line_at(self, position: int) -> int:
        low, high = 0, len(self.pieces) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.pieces[middle] <= position:
                low = middle
            else:
                high = middle - 1
        return low


@dataclass(frozen=True, slots=True)
class Layout:
    """How the text was typed: width of a full line (None when lines are whole paragraphs), and what blanks and
    indents mean.
    """

    width: int | None
    blanks_separate: bool
    indents_open: bool


def measure_layout(lines: Sequence[Line]) -> Layout:
    """Return the layout of `lines`, from their lengths, blank lines and indents."""
    texts = [line for line in lines if len(line.columns) < _TABLE_START]
    lengths = sorted(len(line.text) for line in texts)
    if not lengths:
        return Layout(None, True, False)
    high = lengths[min(len(lengths) - 1, int(len(lengths) * 0.9))]
    unwrapped = high > UNWRAPPED_WIDTH or (lengths[-1] > UNWRAPPED_WIDTH * 1.5)
    inside = [
        (before, line)
        for before, line in pairwise(texts)
        if line.text[:1].islower() and read_marker(line.text) is None and not before.text.endswith(_TERMINAL)
    ]
    split_inside = sum(1 for _, line in inside if line.blanks_before)
    blank = sum(1 for line in texts if line.blanks_before)
    separate = blank >= 0.05 * len(texts) and split_inside < 0.25 * max(1, len(inside))
    indented = sum(1 for line in texts if line.indent)
    continued_indented = sum(1 for _, line in inside if line.indent)
    opens = 0 < indented < 0.6 * len(texts) and continued_indented <= 0.1 * len(inside)
    return Layout(None if unwrapped else max(high, 40), separate, opens)


def join_lines(lines: Sequence[Line], layout: Layout) -> tuple[Block, ...]:
    """Join `lines` into blocks. Linear in the number of lines."""
    blocks: list[Block] = []
    current: list[Line] = []
    i = 0
    while i < len(lines):
        stop = _table_end(lines, i)
        if stop > i:
            _flush(current, blocks)
            blocks.append(_table(lines[i:stop]))
            i = stop
            continue
        line = lines[i]
        if current and not _continues(current, line, layout):
            _flush(current, blocks)
        current.append(line)
        i += 1
    _flush(current, blocks)
    return tuple(blocks)


def _flush(current: list[Line], blocks: list[Block]) -> None:
    if current:
        blocks.append(make_block(current))
        current.clear()


def make_block(lines: Sequence[Line]) -> Block:
    """Return one block of all `lines`, its marker read from the first."""
    marker = read_marker(lines[0].text)
    text = lines[0].text[len(marker.raw) :] if marker else lines[0].text
    pieces = [0]
    parts = [text]
    length = len(text)
    for before, line in pairwise(lines):
        glue = "" if _is_split_word(before.text, line.text) else " "
        if not glue and _is_hyphenated(before.text, line.text):
            parts[-1] = parts[-1][:-1]
            length -= 1
        parts.append(glue + line.text)
        pieces.append(length + len(glue))
        length += len(glue) + len(line.text)
    return Block("".join(parts), marker, tuple(lines), tuple(pieces))


def _is_split_word(before: str, after: str) -> bool:
    if _HYPHEN_SPLIT.search(before) and after[:1].isalnum():
        return True
    if _ACT_NUMBER_END.search(before) and (after[:1].isupper() or after[:1].isdigit()):
        return True
    if _ACT_PART_END.search(before) and after[:1].isupper():
        return True
    return bool(re.match(r"[/-][A-ZĐ]{2,}", after) and re.search(r"[\dA-ZĐ]$", before))


def _is_hyphenated(before: str, after: str) -> bool:
    """Whether the hyphen at the line's end divides one syllable ("tr-" / "ường") and belongs to neither part."""
    left, right = _LAST_LETTERS.search(before), _FIRST_LETTERS.match(after)
    if left is None or right is None or right.group()[0].isupper():
        return False
    whole = left.group(1) + right.group()
    return is_syllable(whole) and not (is_syllable(left.group(1)) and is_syllable(right.group()))


def _table_end(lines: Sequence[Line], start: int) -> int:
    """Return the end of the table that begins at `start`, or `start` when none does.

    A row is a line with "|", or one of two or more neighbouring lines that tabs or wide gaps divide into three or more.
    """
    if _is_piped(lines[start]):
        stop = start + 1
        while stop < len(lines) and _is_piped(lines[stop]):
            stop += 1
        return stop
    stop = start
    while stop < len(lines) and len(lines[stop].columns) >= _TABLE_START and not _is_piped(lines[stop]):
        stop += 1
    return stop if stop - start >= 2 else start


def _is_piped(line: Line) -> bool:
    return len(line.columns) > 1 and " | " in f" {line.text} "


def _table(lines: Sequence[Line]) -> Block:
    rows = tuple(line.columns for line in lines)
    pieces, parts, length = [], [], 0
    for line in lines:
        pieces.append(length)
        parts.append(line.text)
        length += len(line.text) + 1
    return Block("\n".join(parts), None, tuple(lines), tuple(pieces), rows)


def _continues(current: Sequence[Line], line: Line, layout: Layout) -> bool:
    """Whether `line` goes on with the paragraph of `current`."""
    before, text = current[-1].text, line.text
    ended = before.endswith(_TERMINAL)
    if _is_split_word(before, text):
        return True
    marker = read_marker(text)
    if marker is not None:
        return _is_false_marker(marker, before, text, layout) and not ended
    if len(current) == 1 and _is_bare_marker(before):
        return True
    if line.after_ornament:
        return False
    if before.endswith((" -", " –")):
        return True
    first = text[0]
    goes_on = first.islower() or first in ",;.:)]”’%&/"
    if goes_on and not ended:
        return True
    if layout.width is None:
        return False
    if _DANGLING.search(before) and len(before) > 0.6 * layout.width:
        return True
    if layout.blanks_separate and line.blanks_before and not before.endswith(","):
        return False
    if _is_capitals(before) or _is_capitals(text):
        return _is_capitals(before) and _is_capitals(text) and not ended and not line.blanks_before > 1
    if layout.indents_open and line.indent and not current[-1].indent and not goes_on:
        return False
    full = len(before) + 1 + len(text.split(" ", 1)[0]) > 0.84 * layout.width
    if goes_on:
        return full
    if _OPENERS.match(text) and (ended or before.endswith(",")):
        return False
    if ended and not layout.blanks_separate and _GOES_ON.match(text) and len(before) > 0.7 * layout.width:
        return not before.endswith("./.")
    if ended:
        return full and layout.blanks_separate and not before.endswith((":", ";", "./.")) and _is_inside(current)
    return full


def _is_inside(current: Sequence[Line]) -> bool:
    # A sentence that ends exactly at the margin: only single-spaced text with separating blanks lets us go on.
    return any(line.blanks_before for line in current) or len(current) > 1


def _is_false_marker(marker: Marker, before: str, text: str, layout: Layout) -> bool:
    """Whether a dash or plus at the line's start is only a broken "cơ khí - tự động hóa" or "2021 - 2025"."""
    if marker.style not in (Style.DASH, Style.PLUS) or layout.width is None:
        return False
    rest = text[len(marker.raw) :]
    if rest[:4].isdigit() and re.search(r"(?:19|20)\d\d$", before):
        return True
    return rest[:1].islower() and len(before) > 0.8 * layout.width and not fold(before).startswith("noi nhan")


def _is_bare_marker(text: str) -> bool:
    """Whether a line holds only "Phần thứ hai" or "Chương I", whose title stands on the next line."""
    marker = read_marker(text)
    return (
        marker is not None
        and marker.style in (Style.PART, Style.CHAPTER, Style.SECTION)
        and len(marker.raw) >= len(text)
    )


def _is_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 3 and all(not c.islower() for c in letters)
