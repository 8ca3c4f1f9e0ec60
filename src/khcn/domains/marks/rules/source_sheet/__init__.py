"""Sets the printed source and the pages of screens as PDF by Typst; equal input gives equal bytes. Pure."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files

import typst

from khcn.domains.marks.rules.source_print import SourcePage

_FOLDER = files("khcn.domains.marks.rules.source_sheet")
_FIXED_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
FONTS = ("DejaVu Sans Mono", "Liberation Mono")


def render_source(title: str, pages: Sequence[SourcePage], whole: int) -> bytes:
    """The pages with the program's title and "page n of all" on each. whole: how many pages the source has."""
    content = {
        "title": title, "whole": whole, "fonts": list(FONTS),
        "pages": [{"number": one.number, "path": one.path, "text": "\n".join(one.lines)} for one in pages],
    }  # fmt: skip
    return _set("source.typ", content)


def render_screens(title: str, screens: Sequence[tuple[str, bytes]]) -> bytes:
    """One screen a page with its name below. screens: (name, bytes of a PNG or JPEG)."""
    content: dict[str, object] = {
        "title": title,
        "screens": [{"title": name, "image": list(image)} for name, image in screens],
    }
    return _set("screens.typ", content)


def _set(sheet: str, content: dict[str, object]) -> bytes:
    source = _FOLDER.joinpath(sheet).read_bytes()
    return typst.compile(source, sys_inputs={"sheet": json.dumps(content, ensure_ascii=False)}, timestamp=_FIXED_MOMENT)
