"""Turns the guide's Markdown into HTML by markdown-it: CommonMark and tables; HTML in a page is shown, never passed on.

Headings get a name of their own in addresses, links and pictures lead where the caller says.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from khcn.lib.text import fold

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page: depth 1 to 6, its words, and the name by which an address reaches it."""

    depth: int
    text: str
    anchor: str


def anchor_of(text: str) -> str:
    """The name of a heading in addresses: small letters without diacritics, words joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))


def headings_of(source: str) -> list[Heading]:
    """The headings of a page in their order."""
    return [Heading(int(opened.tag[1]), text, anchor_of(text)) for opened, text in _headings(_PARSER.parse(source))]


def as_html(source: str, address: Address) -> str:
    """The page as HTML. address: turns what a link or picture names into an address of the application."""
    tokens = _PARSER.parse(source)
    for opened, text in _headings(tokens):
        opened.attrSet("id", anchor_of(text))
    for token in tokens:
        for part in token.children or ():
            if part.type == "image":
                part.attrSet("src", address(str(part.attrs["src"])))
                part.attrSet("loading", "lazy")
            elif part.type == "link_open":
                part.attrSet("href", address(str(part.attrs["href"])))
    return str(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def _headings(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    """The opening of each heading with its words, without their marks."""
    for opened, inline in pairwise(tokens):
        if opened.type == "heading_open":
            yield opened, "".join(part.content for part in inline.children or ())
