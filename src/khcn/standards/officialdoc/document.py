"""Read the text of an official document of the NĐ 30/2020/NĐ-CP genre into its parts.

Parts: header (issuer, number, place and date), kind and title, preamble, body outline, recipients, signature, annexes.
What the parts mean for a plan is not decided here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from khcn.lib.text import fold
from khcn.standards.officialdoc.closing import Closing, is_annex_heading, read_closing, starts_closing
from khcn.standards.officialdoc.flattened import join_flattened_rows
from khcn.standards.officialdoc.header import Header, find_title, read_header
from khcn.standards.officialdoc.lines import Line, Span, split_lines
from khcn.standards.officialdoc.markers import Style
from khcn.standards.officialdoc.outline import Node, build_outline, is_capitals
from khcn.standards.officialdoc.paragraphs import Block, Layout, join_lines, measure_layout


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """An official document read into parts; every block knows where it stands in the original text."""

    header: Header
    kind: str | None
    title: str | None
    title_span: Span | None
    preamble: tuple[Block, ...]
    body: tuple[Node, ...]
    closing: Closing
    annexes: tuple[Node, ...]
    decision: "OfficialDocument | None" = None


def read_document(text: str) -> OfficialDocument:
    """Read `text` (any line ends, form feeds between pages, any Unicode form). Never raises; linear in its length.

    A decision with a plan attached ("Ban hành kèm theo …") gives the plan, with the decision in `decision`.
    """
    lines = join_flattened_rows(split_lines(text))
    layout = measure_layout(lines)
    return _read(lines, layout)


def _read(lines: Sequence[Line], layout: Layout) -> OfficialDocument:
    title = find_title(lines)
    header = read_header(lines[: title.first])
    rest = lines[title.last :]
    body_end = _body_end(rest)
    closing, after = read_closing(rest[body_end:])
    blocks = join_lines(rest[:body_end], layout)
    preamble, body = _split_preamble(blocks)
    attached = _attached(after, fold(title.kind or ""))
    annex_lines = after if attached is None else ()
    document = OfficialDocument(
        header=header,
        kind=title.kind,
        title=title.text,
        title_span=title.span,
        preamble=preamble,
        body=build_outline(body),
        closing=closing,
        annexes=build_outline(join_lines(annex_lines, layout)),
    )
    if attached is None:
        return document
    inner = _read(after[attached:], layout)
    return OfficialDocument(
        header=header,
        kind=inner.kind,
        title=inner.title or title.text,
        title_span=inner.title_span,
        preamble=inner.preamble,
        body=inner.body,
        closing=inner.closing if inner.closing.recipients else closing,
        annexes=inner.annexes,
        decision=document,
    )


def _body_end(lines: Sequence[Line]) -> int:
    for i, line in enumerate(lines):
        if starts_closing(line) or (i > 0 and is_annex_heading(line)):
            return i
    return len(lines)


def _attached(lines: Sequence[Line], outer: str) -> int | None:
    """Return where a plan attached to a decision begins, or None."""
    if not outer.startswith("quyet dinh"):
        return None
    for i, line in enumerate(lines):
        title = find_title(lines[i : i + 1])
        if title.kind is not None and not fold(title.kind).startswith("quyet dinh"):
            return i
        if is_annex_heading(line):
            return None
    return None


def _split_preamble(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Divide before the first numbered heading; dashes there belong to the preamble (bases listed one by one)."""
    for i, block in enumerate(blocks):
        numbered = block.style is not None and not block.style.is_bullet and block.style != Style.LETTER
        if numbered and (is_capitals(block.text) or not _BASIS.match(fold(block.text))):
            return tuple(blocks[:i]), tuple(blocks[i:])
        capitals = block.style is None and not block.rows and _is_section_caption(block.text)
        if capitals:
            return tuple(blocks[:i]), tuple(blocks[i:])
    return tuple(blocks), ()


_BASIS = re.compile(r"(?:can cu (?!phap ly|xay dung|lap |de xuat)|theo de nghi|xet de nghi)")


def _is_section_caption(text: str) -> bool:
    folded = fold(text).strip(" :.")
    return len(folded) < 60 and folded.startswith(
        ("muc tieu", "muc dich", "quan diem", "noi dung", "nhiem vu", "chi tieu", "can cu phap ly", "su can thiet")
    )
