"""Element strings, as scanners deliver them (with FNC1) and as people write them (with brackets).

FNC1 is read as the control character GS or as ^; a symbology identifier such as ]C1 is dropped. The text is split and
each value checked; nothing is looked up.
"""

import re
from collections.abc import Iterable, Mapping

from khcn.standards.gs1.application_identifiers import BY_AI, LENGTH_BY_PREFIX, PREDEFINED_PREFIXES
from khcn.standards.gs1.element_values import check_value, identifier
from khcn.standards.gs1.errors import ElementRefused

GS = "\x1d"
_SYMBOLOGY = re.compile(r"\](?:C1|e0|d2|Q3|J1)")
_BRACKET = re.compile(r"(?<!\\)\(([0-9]{2,4})\)")
LONGEST_TEXT = 8_192


def _collect(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    elements: dict[str, str] = {}
    for ai, value in pairs:
        check_value(ai, value)
        if elements.setdefault(ai, value) != value:
            raise ElementRefused("repeated", f"({ai}) stands twice with different values.", ai)
    return elements


def _bracketed_pairs(text: str) -> Iterable[tuple[str, str]]:
    starts = [match for match in _BRACKET.finditer(text) if match[1] in BY_AI or match.start() == 0]
    if not starts or starts[0].start():
        raise ElementRefused("brackets", "The text does not begin with an identifier in brackets.")
    ends = [*(match.start() for match in starts[1:]), len(text)]
    for match, end in zip(starts, ends, strict=True):
        yield match[1], text[match.end() : end].replace("\\(", "(")


def _scanned_pairs(text: str) -> Iterable[tuple[str, str]]:
    at = 1 if text[:1] == GS else 0
    while at < len(text):
        prefix = text[at : at + 2]
        size = LENGTH_BY_PREFIX.get(prefix)
        if size is None:
            raise ElementRefused("unknown_ai", f"No application identifier begins with {prefix}.", prefix)
        entry = identifier(text[at : at + size])
        at += size
        stop = text.find(GS, at)
        if stop < 0:
            stop = len(text)
        if entry.ai[:2] in PREDEFINED_PREFIXES:
            stop = min(stop, at + entry.longest)
        yield entry.ai, text[at:stop]
        at = stop + 1 if text[stop : stop + 1] == GS else stop


def parse_element_string(text: str) -> dict[str, str]:
    """Identifier to value, in the order of the text. Raises ElementRefused at the first thing that is wrong."""
    if len(text) > LONGEST_TEXT:
        raise ElementRefused("length", f"An element string has at most {LONGEST_TEXT} characters.")
    if text.startswith(("(", "\\(")):
        return _collect(_bracketed_pairs(text))
    scanned = _SYMBOLOGY.sub("", text, count=1).replace("^", GS)
    elements = _collect(_scanned_pairs(scanned))
    if not elements:
        raise ElementRefused("empty", "The text holds no element string.")
    return elements


def format_bracketed(elements: Mapping[str, str]) -> str:
    """The form for people, (01)…(10)…; a bracket that would read as an identifier is escaped with a backslash."""
    parts = []
    for ai, value in elements.items():
        escaped = _BRACKET.sub(lambda match: f"\\{match[0]}" if match[1] in BY_AI else match[0], value)
        parts.append(f"({ai}){escaped}")
    return "".join(parts)


def format_scanned(elements: Mapping[str, str], *, fnc1: str = "^") -> str:
    """The form of scanners: FNC1 first, and again after each value whose length is not predefined."""
    text = ""
    separate = True
    for ai, value in elements.items():
        text += (fnc1 if separate else "") + ai + value
        separate = ai[:2] not in PREDEFINED_PREFIXES
    return text
