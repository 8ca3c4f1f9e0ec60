"""Write out the automatic numbers of a Word document ("I.", "1.2.", "a)", "-"), which its text does not hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DASHES = {"-": "-", "–": "-", "—": "-", "\uf02d": "-", "\u2010": "-", "\u2212": "-", "+": "+", "\uf02b": "+"}
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    style: str
    text: str
    start: int
    legal: bool


@dataclass(slots=True)
class Numbering:
    """The numbering definitions of a document and how far each list has counted."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    overrides: dict[tuple[str, int], int] = field(default_factory=dict)
    counters: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: Any) -> "Numbering":
        """Return the numbering of a numbering.xml root element (None: a document without lists)."""
        numbering = cls()
        if root is None:
            return numbering
        for abstract in root.iter(f"{_W}abstractNum"):
            found = {int(n): level for n, level in _levels(abstract)}
            numbering.levels[abstract.get(f"{_W}abstractNumId", "")] = found
        for number in root.iter(f"{_W}num"):
            key = number.get(f"{_W}numId", "")
            linked = number.find(f"{_W}abstractNumId")
            numbering.lists[key] = linked.get(f"{_W}val", "") if linked is not None else ""
            for override in number.iter(f"{_W}lvlOverride"):
                level = int(override.get(f"{_W}ilvl", "0"))
                start = override.find(f"{_W}startOverride")
                if start is not None:
                    numbering.overrides[key, level] = int(start.get(f"{_W}val", "1"))
                for _, changed in _levels(override):
                    numbering.levels.setdefault(numbering.lists[key], {})[level] = changed
        return numbering

    def label(self, list_id: str, level: int) -> str:
        """Count the next item of a list at `level` (0-based) and return its label, "" when the list has none."""
        abstract = self.lists.get(list_id, "")
        definition = self.levels.get(abstract, {}).get(level)
        if definition is None or not 0 <= level < _LEVELS:
            return ""
        counters = self.counters.setdefault(abstract, [None] * _LEVELS)
        if (list_id, level) in self.overrides and (list_id, level) not in self.begun:
            counters[level] = None
            start = self.overrides[list_id, level]
        else:
            start = definition.start
        self.begun.add((list_id, level))
        current = counters[level]
        counters[level] = start if current is None else current + 1
        for deeper in range(level + 1, _LEVELS):
            counters[deeper] = None
        if definition.style == "bullet":
            mark = definition.text.strip()[:1]
            return _DASHES.get(mark, "•")
        return re.sub(
            r"%([1-9])", lambda m: self._shown(abstract, counters, int(m.group(1)) - 1, definition), definition.text
        )

    def _shown(self, abstract: str, counters: list[int | None], level: int, asking: _Level) -> str:
        definition = self.levels[abstract].get(level, asking)
        value = counters[level]
        if value is None:
            value = counters[level] = definition.start
        return format_count(value, "decimal" if asking.legal else definition.style)


def _levels(parent: Any) -> Iterator[tuple[str, _Level]]:
    for level in parent.iter(f"{_W}lvl"):
        style, text, start = (level.find(_W + name) for name in ("numFmt", "lvlText", "start"))
        yield (
            level.get(f"{_W}ilvl", "0"),
            _Level(
                style=style.get(f"{_W}val", "decimal") if style is not None else "decimal",
                text=text.get(f"{_W}val", "") if text is not None else "",
                start=int(start.get(f"{_W}val", "1")) if start is not None else 1,
                legal=level.find(f"{_W}isLgl") is not None,
            ),
        )


def format_count(value: int, style: str) -> str:
    """Return `value` in a Word number format: decimal, upperRoman, lowerRoman, upperLetter, lowerLetter,
    decimalZero, none.
    """
    if style in ("upperRoman", "lowerRoman"):
        shown = _roman(value)
        return shown if style == "upperRoman" else shown.lower()
    if style in ("upperLetter", "lowerLetter"):
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter.upper() if style == "upperLetter" else letter
    if style == "decimalZero":
        return f"{value:02d}"
    return "" if style == "none" else str(value)


def _roman(value: int) -> str:
    shown = ""
    for size, sign in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        count, value = divmod(value, size)
        shown += sign * count
    return shown
