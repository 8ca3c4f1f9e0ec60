"""Recognise what numbers or bullets a line: "I.", "1.", "1.1.", "a)", "(1)", "-", "+", "Điều 2.", "Phần thứ nhất"."""

import re
from dataclasses import dataclass
from enum import IntEnum

from khcn.standards.officialdoc.letters import UPPER

_UPPER = UPPER
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_ORDINAL_WORDS = {"nhất": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7}


class Style(IntEnum):
    """Kinds of numbering in the order in which Vietnamese official documents nest them."""

    PART = 0
    CHAPTER = 1
    SECTION = 2
    UPPER_LETTER = 3
    ROMAN = 4
    ARTICLE = 5
    ARABIC = 6
    DECIMAL_2 = 7
    DECIMAL_3 = 8
    DECIMAL_4 = 9
    CAPTION = 10
    LETTER = 11
    PARENTHESISED = 12
    DASH = 13
    PLUS = 14
    STAR = 15
    DOT = 16

    @property
    def is_bullet(self) -> bool:
        return self >= Style.DASH


@dataclass(frozen=True, slots=True)
class Marker:
    """The numbering of a block: its style, its ordinal where it has one, and the characters as written."""

    style: Style
    ordinal: int | None
    raw: str


_PART = re.compile(
    r"^phần\s+(?:thứ\s+)?(nhất|một|hai|ba|tư|bốn|năm|sáu|bảy|[ivx]+|\d{1,2}|[a-d])(?=[\s.:\-–]|$)\s*[.:\-–]?\s*",
    re.IGNORECASE,
)
_CHAPTER = re.compile(r"^chương\s+([ivx]+|\d{1,2})(?=[\s.:\-–]|$)\s*[.:\-–]?\s*", re.IGNORECASE)
_SECTION = re.compile(r"^mục\s+([ivx]+|\d{1,2})(?=[\s.:\-–]|$)\s*[.:\-–]?\s*", re.IGNORECASE)
_ARTICLE = re.compile(r"^điều\s+(\d{1,3})[a-zđ]?\s*[.:]\s*", re.IGNORECASE)
_ROMAN = re.compile(r"^([IVX]{1,6})(?:\s*[.)/:]\s*|\s?[-–]\s*)(?=[^\s.\d])")
_UPPER_LETTER = re.compile(rf"^([A-HK-LĐ])(?:[.)/]\s+|[-–]\s+)(?=[{_UPPER}])")
_DECIMAL = re.compile(rf"^(\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})(?:\s*[.):]\s*|\s+|[-–]\s+)(?=[{_UPPER}\"“(])")
_ARABIC = re.compile(
    rf"^(\d{{1,2}})(?:\s?\.\s+(?=\D|\d{{1,3}}(?:[.,]\d+)?\s?(?:%|[^\W\d_]))|\.(?=[{_UPPER}])|\s?[/:-]\s+(?=[{_UPPER}]))"
)
_NUMBER_PAREN = re.compile(r"^(?:\((\d{1,2})\)|(\d{1,2})\))\s*(?=\S)")
_LETTER = re.compile(r"^(?:\(?([a-hk-zđi])\d?\)\s*|([a-hk-zđ])\.\s+)(?=\S)")
_DASH = re.compile(r"^[-–—]\s*(?=\S)")
_PLUS = re.compile(r"^\+\s*(?=\S)")
_STAR = re.compile(r"^(?:\*{1,3}|[►➢➤✓✔❖♦])\s*(?=\S)")
_DOT = re.compile(rf"^(?:[•●▪■◦○·∙□◆]\s*|[o○]\s+(?=[{_UPPER}]))(?=\S)")


def roman_value(text: str) -> int | None:
    """Return the value of a Roman numeral up to 39 written in capitals, or None when it is not one ("IIX")."""
    total = 0
    for i, sign in enumerate(text):
        value = _ROMAN_VALUES.get(sign)
        if value is None:
            return None
        following = _ROMAN_VALUES.get(text[i + 1]) if i + 1 < len(text) else 0
        total += -value if value < (following or 0) else value
    return total if text and _roman(total) == text else None


def _roman(value: int) -> str:
    ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
    return "X" * (value // 10) + ones[value % 10]


def _ordinal(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    return roman_value(word.upper()) or _ORDINAL_WORDS.get(word.lower())


def read_marker(text: str) -> Marker | None:
    """Return the marker at the start of `text`, or None.

    Years, thousands ("1.500 ha") and numbers of acts are not markers.
    """
    first = text[:1]
    if not first:
        return None
    if first in "-–—":
        found = _DASH.match(text)
        return Marker(Style.DASH, None, found.group()) if found else None
    if first == "+":
        found = _PLUS.match(text)
        return Marker(Style.PLUS, None, found.group()) if found else None
    if first.isdigit():
        return _read_digit_marker(text)
    return _read_letter_marker(text)


def _read_digit_marker(text: str) -> Marker | None:
    if found := _DECIMAL.match(text):
        parts = found.group(1).split(".")
        style = (Style.DECIMAL_2, Style.DECIMAL_3, Style.DECIMAL_4)[min(len(parts), 4) - 2]
        return Marker(style, int(parts[-1]), found.group())
    if found := _ARABIC.match(text):
        return Marker(Style.ARABIC, int(found.group(1)), found.group())
    if found := _NUMBER_PAREN.match(text):
        return Marker(Style.PARENTHESISED, int(found.group(1) or found.group(2)), found.group())
    return None


def _read_letter_marker(text: str) -> Marker | None:
    first = text[0]
    if first == "(":
        if found := _NUMBER_PAREN.match(text):
            return Marker(Style.PARENTHESISED, int(found.group(1) or found.group(2)), found.group())
        found = _LETTER.match(text)
        return Marker(Style.LETTER, ord(found.group(1) or found.group(2)) - 96, found.group()) if found else None
    if (found := _ROMAN.match(text)) and (value := roman_value(found.group(1))):
        return Marker(Style.ROMAN, value, found.group())
    for pattern, style in (
        (_PART, Style.PART),
        (_CHAPTER, Style.CHAPTER),
        (_SECTION, Style.SECTION),
        (_ARTICLE, Style.ARTICLE),
    ):
        if found := pattern.match(text):
            return Marker(style, _ordinal(found.group(1)), found.group())
    if found := _UPPER_LETTER.match(text):
        return Marker(Style.UPPER_LETTER, ord(found.group(1)) - 64, found.group())
    for pattern, style in ((_STAR, Style.STAR), (_DOT, Style.DOT)):
        if found := pattern.match(text):
            return Marker(style, None, found.group())
    if found := _LETTER.match(text):
        return Marker(Style.LETTER, ord(found.group(1) or found.group(2)) - 96, found.group())
    return None
