"""Cuts the text of a reading into stretches that items stand on, so that a page can mark and link them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the text. keys: the items read from it; opens: those whose first piece it is."""

    text: str
    keys: tuple[str, ...]
    opens: tuple[str, ...]
    unsure: bool


def stretches(text: str, places: Iterable[tuple[str, dict[str, Any], bool]]) -> list[Stretch]:
    """Return `text` in pieces, in order and complete.

    places: (key of the item, its span as JSON, whether the reader was unsure). Passages may overlap and repeat.
    """
    spans = [
        (max(0, span["start"]), min(len(text), span["end"]), key, unsure)
        for key, span, unsure in places
        if span and span["start"] < span["end"]
    ]
    cuts = sorted({0, len(text), *(start for start, *_ in spans), *(end for _, end, *_ in spans)})
    begins: dict[int, list[tuple[int, str, bool]]] = {}
    for start, end, key, unsure in spans:
        begins.setdefault(start, []).append((end, key, unsure))
    pieces: list[Stretch] = []
    standing: list[tuple[int, str, bool]] = []
    opened: set[str] = set()
    for start, end in pairwise(cuts):
        standing = [item for item in standing if item[0] > start] + begins.get(start, [])
        keys = tuple(dict.fromkeys(key for _, key, _ in standing))
        opens = tuple(key for key in keys if key not in opened)
        opened.update(opens)
        pieces.append(Stretch(text[start:end], keys, opens, any(unsure for *_, unsure in standing)))
    return pieces
