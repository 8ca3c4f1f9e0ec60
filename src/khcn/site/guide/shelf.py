"""The pages of the guide as files in docs/vi: which there are, in their order, what they say, where words stand.

Reads files only; the order is that of the links in the index page.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from khcn.lib.text import fold, fold_words
from khcn.site.guide.markup import Heading, headings_of

FOLDER: Path = settings.ROOT / "docs" / "vi"
PICTURES = FOLDER / "images"
INDEX = "README"
_LINK = re.compile(r"\]\(([a-z0-9-]+)\.md\)")


@dataclass(frozen=True, slots=True)
class GuidePage:
    """One page: its name in addresses, its title, its Markdown and its headings."""

    name: str
    title: str
    source: str
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A heading that answers a search: the page and the heading."""

    page: GuidePage
    heading: Heading


def pages() -> list[GuidePage]:
    """Every page in the order of the index, without the index."""
    index = page_named(INDEX)
    names = dict.fromkeys(_LINK.findall(index.source)) if index else {}
    return [page for name in names if (page := page_named(name))]


def page_named(name: str) -> GuidePage | None:
    """The page, or None where there is none of that name."""
    path = FOLDER / f"{name}.md"
    if not re.fullmatch(r"[A-Za-z0-9-]+", name) or not path.is_file():
        return None
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> GuidePage:
    """The page as it was at that change of its file."""
    source = path.read_text("utf-8")
    headings = tuple(headings_of(source))
    return GuidePage(path.stem, headings[0].text if headings else path.stem, source, headings)


def picture_named(name: str) -> Path | None:
    """The file of a picture, or None."""
    path = PICTURES / name
    return path if re.fullmatch(r"[a-z0-9-]+\.png", name) and path.is_file() else None


def places_of(text: str) -> list[Place]:
    """Headings that hold every word asked for, diacritics aside, in the order of the guide."""
    words = fold_words(text)
    if not words:
        return []
    return [
        Place(page, heading)
        for page in pages()
        for heading in page.headings
        if all(word in fold(f"{page.title} {heading.text}") for word in words)
        and (heading.depth > 1 or all(word in fold(heading.text) for word in words))
    ]
