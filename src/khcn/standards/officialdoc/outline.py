"""Nest the blocks of a document by their numbering."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from khcn.standards.officialdoc.lines import Span
from khcn.standards.officialdoc.markers import Style
from khcn.standards.officialdoc.paragraphs import Block

_CAPTION_LENGTH = 90
_END = (".", ";", ",", "!", "?", "…", "./.")


@dataclass(frozen=True, slots=True)
class Node:
    """A block and the blocks under it."""

    block: Block
    children: tuple["Node", ...] = ()

    @property
    def text(self) -> str:
        return self.block.text

    @property
    def style(self) -> Style | None:
        return self.block.style

    @property
    def is_table(self) -> bool:
        return bool(self.block.rows)

    @property
    def span(self) -> Span:
        """From this block to the end of its last descendant."""
        last = self
        while last.children:
            last = last.children[-1]
        return self.block.span.joined(last.block.span)

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all under it in document order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


@dataclass(slots=True)
class _Draft:
    block: Block
    rank: float
    children: list["_Draft"] = field(default_factory=list)


def is_capitals(text: str) -> bool:
    """Whether `text` has letters and none is lower case, as headings have."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 3 and all(not c.islower() for c in letters)


def _rank(block: Block, stack: Sequence[_Draft], *, letters_within: bool) -> float | None:
    """Return how deep `block` may open a level; None for a plain paragraph that opens none.

    letters_within: the document begins with Roman numbers, so that capital letters divide what they open.
    """
    style = block.style
    if style is Style.UPPER_LETTER and letters_within:
        return Style.ROMAN + 0.5
    if style is None:
        if block.rows:
            return None
        if is_capitals(block.text) and len(block.text) < 160:
            return float(Style.ROMAN)
        if block.text.endswith(":") or (len(block.text) < _CAPTION_LENGTH and not block.text.endswith(_END)):
            numbered = [draft.rank for draft in stack if not _is_loose(draft)]
            return max(Style.CAPTION + 0.5, numbered[-1] + 0.5 if numbered else 0.0)
        return None
    if style.is_bullet:
        # Writers choose bullets freely: a kind that is not yet open goes one step under what is open.
        bullets = [draft for draft in stack if draft.block.style is not None and draft.block.style.is_bullet]
        same = [draft.rank for draft in bullets if draft.block.style == style]
        return same[-1] if same else max(float(style), bullets[-1].rank + 0.01 if bullets else 0.0)
    return float(style)


def _is_loose(draft: _Draft) -> bool:
    style = draft.block.style
    return (style is None and draft.rank > Style.ROMAN) or (style is not None and style.is_bullet)


def _awaits_text(draft: _Draft) -> bool:
    """Whether a caption without number ("Mục tiêu chung") may still take paragraphs as its text."""
    caption = draft.block.style is None and not draft.block.text.endswith(":")
    return caption and all(child.block.style is None for child in draft.children)


def build_outline(blocks: Iterable[Block]) -> tuple[Node, ...]:
    """Return the top nodes of `blocks`, each with the blocks nested under it. Linear in the number of blocks."""
    roots: list[_Draft] = []
    stack: list[_Draft] = []
    blocks = tuple(blocks)
    first = next((block.style for block in blocks if block.style in (Style.ROMAN, Style.UPPER_LETTER)), None)
    for block in blocks:
        rank = _rank(block, stack, letters_within=first is Style.ROMAN)
        draft = _Draft(block, 99.0 if rank is None else rank)
        if rank is None and not block.rows:
            while stack and _is_loose(stack[-1]) and not _awaits_text(stack[-1]):
                stack.pop()
        while stack and stack[-1].rank >= draft.rank:
            stack.pop()
        (stack[-1].children if stack else roots).append(draft)
        if rank is not None:
            stack.append(draft)
    return tuple(_freeze(draft) for draft in roots)


def _freeze(draft: _Draft) -> Node:
    # As deep as there are ranks open at once, which the distinct styles bound.
    return Node(draft.block, tuple(_freeze(child) for child in draft.children))
