"""Turns the guide's Markdown into HTML: the part of CommonMark that the guide uses, nothing else.

Headings, paragraphs, lists of one level, quotes, tables, fenced code, pictures, links, bold, emphasis and code.
Every text is escaped, so a page of the guide can carry no HTML of its own. A test holds the result against a full
Markdown parser.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from khcn.lib.text import fold

_HEADING = re.compile(r"(#{1,4})\s+(.+)")
_BULLET = re.compile(r"[-*]\s+(.*)")
_NUMBER = re.compile(r"\d+\.\s+(.*)")
_FENCE = "```"
_INLINE = re.compile(
    r"!\[(?P<alt>[^\]]*)\]\((?P<source>[^)\s]+)\)|\[(?P<words>[^\]]+)\]\((?P<target>[^)\s]+)\)"
    r"|\*\*(?P<bold>[^*]+?)\*\*|\*(?P<slanted>[^*\s][^*]*?)\*|`(?P<code>[^`]+)`"
)
Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page: depth 1 to 4, its words, and the name by which an address reaches it."""

    depth: int
    text: str
    anchor: str


def anchor_of(text: str) -> str:
    """The name of a heading in addresses: small letters without diacritics, words joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))


def headings_of(source: str) -> list[Heading]:
    """The headings of a page in their order; fenced code is passed over."""
    found = []
    fenced = False
    for line in source.splitlines():
        fenced ^= line.startswith(_FENCE)
        match = None if fenced else _HEADING.fullmatch(line)
        if match:
            words = re.sub(r"[*`]", "", match[2])
            found.append(Heading(len(match[1]), words, anchor_of(words)))
    return found


def as_html(source: str, address: Address) -> str:
    """The page as HTML. address: turns what a link or picture names into an address of the application."""
    lines, at, parts = source.splitlines(), 0, []
    while at < len(lines):
        taken, part = _block(lines[at:], address)
        at += taken
        if part:
            parts.append(part)
    return "\n".join(parts)


def _block(lines: list[str], address: Address) -> tuple[int, str]:
    """The first block of the lines: how many lines it takes, and its HTML."""
    first = lines[0]
    if not first.strip():
        return 1, ""
    heading = _HEADING.fullmatch(first)
    if heading:
        depth, anchor = len(heading[1]), anchor_of(re.sub(r"[*`]", "", heading[2]))
        return 1, f'<h{depth} id="{anchor}">{_inline(heading[2], address)}</h{depth}>'
    if first.startswith(_FENCE):
        end = next((n for n, line in enumerate(lines[1:], 1) if line.startswith(_FENCE)), len(lines))
        return end + 1, f"<pre><code>{escape(chr(10).join(lines[1:end]))}\n</code></pre>"
    if first.startswith("|"):
        return _table(lines, address)
    if first.startswith(">"):
        block = _run(lines, lambda line: line.startswith(">"))
        return len(
            block
        ), f"<blockquote>\n{as_html(chr(10).join(line[1:].lstrip() for line in block), address)}\n</blockquote>"
    for pattern, tag in ((_BULLET, "ul"), (_NUMBER, "ol")):
        if pattern.match(first):
            return _list(lines, pattern, tag, address)
    block = _run(lines, lambda line: bool(line.strip()) and not _starts_block(line))
    return len(block), f"<p>{_inline(chr(10).join(line.strip() for line in block), address)}</p>"


def _run(lines: list[str], belongs: Callable[[str], bool]) -> list[str]:
    """The first line and those after it that belong with it."""
    end = next((n for n, line in enumerate(lines[1:], 1) if not belongs(line)), len(lines))
    return lines[:end]


def _starts_block(line: str) -> bool:
    return bool(_HEADING.fullmatch(line) or _BULLET.match(line) or _NUMBER.match(line)) or line.startswith(
        (_FENCE, ">", "|")
    )


def _list(lines: list[str], pattern: re.Pattern[str], tag: str, address: Address) -> tuple[int, str]:
    """A list; a line that is set in belongs to the point above it."""
    block = _run(lines, lambda line: bool(pattern.match(line)) or (line.startswith("  ") and bool(line.strip())))
    points: list[str] = []
    for line in block:
        match = pattern.match(line)
        if match:
            points.append(match[1])
        else:
            points[-1] += "\n" + line.strip()
    inside = "\n".join(f"<li>{_inline(point, address)}</li>" for point in points)
    return len(block), f"<{tag}>\n{inside}\n</{tag}>"


def _table(lines: list[str], address: Address) -> tuple[int, str]:
    block = _run(lines, lambda line: line.startswith("|"))
    rows = [[_inline(cell.strip(), address) for cell in line.strip().strip("|").split("|")] for line in block]
    head = "".join(f"<th>{cell}</th>" for cell in rows[0])
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows[2:])
    return len(block), f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _inline(text: str, address: Address) -> str:
    """Pictures, links, bold and code inside a line of text."""

    def drawn(match: re.Match[str]) -> str:
        if match["source"] is not None:
            return f'<img src="{escape(address(match["source"]))}" alt="{escape(match["alt"])}" loading="lazy">'
        if match["target"] is not None:
            return f'<a href="{escape(address(match["target"]))}">{_inline(match["words"], address)}</a>'
        if match["bold"] is not None:
            return f"<strong>{_inline(match['bold'], address)}</strong>"
        if match["slanted"] is not None:
            return f"<em>{_inline(match['slanted'], address)}</em>"
        return f"<code>{escape(match['code'])}</code>"

    parts, at = [], 0
    for match in _INLINE.finditer(text):
        parts += [escape(text[at : match.start()], quote=False), drawn(match)]
        at = match.end()
    return "".join([*parts, escape(text[at:], quote=False)])
