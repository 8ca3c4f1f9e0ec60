"""From text to a tree: words, and a Pratt parser over them, with limits on length and depth.

    points >= 80 and not (field in ["y tế", "môi trường"]) or due < date("2025-12-31")

Operators from loose to tight: or, and, not, comparisons (= != < <= > >= in), + -, * /, unary -. Names may be dotted.
Texts stand in double quotes; `true`, `false` and `nothing` are values. `và`, `hoặc`, `không` are read as and, or, not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from khcn.lib.text import nfc
from khcn.lib.unreadable import Unreadable

LENGTH_LIMIT = 2000
DEPTH_LIMIT = 40
OPERATORS_LIMIT = 200
_WORD = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w.])|(?P<text>"(?:[^"\\]|\\["\\])*")"""
    r"""|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)|(?P<sign>!=|<=|>=|[=<>+\-*/(),\[\]]))"""
)
_SPOKEN = {"và": "and", "hoặc": "or", "không": "not", "trong": "in", "đúng": "true", "sai": "false"}
_RESERVED = frozenset({"and", "or", "not", "in", "true", "false", "nothing"})
_BINDING = {
    "or": 10, "and": 20, "=": 40, "!=": 40, "<": 40, "<=": 40, ">": 40, ">=": 40, "in": 40, "+": 50, "-": 50, "*": 60,
    "/": 60,
}  # fmt: skip
_NOT, _NEGATE = 30, 70


class BadExpression(Unreadable):
    """A condition does not read, or does not fit the facts it is asked about."""

    code = "bad_expression"


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written out."""

    value: object


@dataclass(frozen=True, slots=True)
class Name:
    """A fact looked up by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of values."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """`not` or `-` before a value."""

    sign: str
    of: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """Two values joined by an operator."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language applied to values."""

    name: str
    items: tuple[Node, ...]


Node = Literal | Name | Listing | Unary | Binary | Call


class _Word(NamedTuple):
    kind: str
    text: str
    at: int


def parse(text: str) -> Node:
    """The tree of an expression. Raises BadExpression with the place of the fault."""
    text = nfc(text)
    if len(text) > LENGTH_LIMIT:
        raise BadExpression(f"Điều kiện dài quá {LENGTH_LIMIT} ký tự.")
    parser = _Parser(_words(text))
    tree = parser.expression(0, 0)
    parser.expect("end")
    return tree


def _words(text: str) -> list[_Word]:
    words, at = [], 0
    end = len(text.rstrip())
    while at < end:
        found = _WORD.match(text, at)
        if found is None or found.lastgroup is None:
            raise BadExpression(f"Không hiểu điều kiện từ ký tự thứ {at + 1}: “{text[at : at + 20].strip()}”.")
        word = found.group(found.lastgroup)
        kind = found.lastgroup
        if kind == "name":
            word = _SPOKEN.get(word.lower(), word)
            kind = "sign" if word in _RESERVED else "name"
        words.append(_Word(kind, word, found.start(found.lastgroup) + 1))
        at = found.end()
    words.append(_Word("end", "", len(text) + 1))
    return words


class _Parser:
    def __init__(self, words: list[_Word]) -> None:
        self._words = words
        self._at = 0
        self._operators = 0

    @property
    def _next(self) -> _Word:
        return self._words[self._at]

    def _take(self) -> _Word:
        word = self._words[self._at]
        self._at += word.kind != "end"
        return word

    def expect(self, sign: str) -> None:
        """Take the sign (or the end), or say what stands there instead."""
        word = self._next
        if (word.kind if sign == "end" else word.text) != sign or (sign != "end" and word.kind != "sign"):
            wanted = "kết thúc" if sign == "end" else f"“{sign}”"
            found = f"“{word.text}”" if word.text else "hết câu"
            raise BadExpression(f"Ở ký tự thứ {word.at} cần {wanted} nhưng gặp {found}.")
        self._take()

    def expression(self, binding: int, depth: int) -> Node:
        """Read an expression whose operators bind tighter than `binding`."""
        if depth > DEPTH_LIMIT:
            raise BadExpression("Điều kiện lồng nhau quá sâu.")
        left = self._prefix(depth)
        compared = False
        while self._next.kind == "sign" and _BINDING.get(self._next.text, -1) > binding:
            sign = self._take().text
            self._operators += 1
            if self._operators > OPERATORS_LIMIT:
                raise BadExpression(f"Điều kiện có quá {OPERATORS_LIMIT} phép tính; hãy dùng bảng quyết định.")
            if _BINDING[sign] == 40:
                if compared:
                    raise BadExpression("Nối hai phép so sánh bằng “and”, ví dụ: a < b and b < c.")
                compared = True
            left = Binary(sign, left, self.expression(_BINDING[sign], depth + 1))
        return left

    def _prefix(self, depth: int) -> Node:
        word = self._take()
        if word.kind == "number":
            return Literal(Decimal(word.text))
        if word.kind == "text":
            return Literal(re.sub(r"\\(.)", r"\1", word.text[1:-1]))
        if word.kind == "name":
            if self._next.text == "(" and self._next.kind == "sign":
                self._take()
                return Call(word.text, self._items(")", depth))
            return Name(word.text)
        match word.text:
            case "true" | "false":
                return Literal(word.text == "true")
            case "nothing":
                return Literal(None)
            case "not":
                return Unary("not", self.expression(_NOT, depth + 1))
            case "-":
                return Unary("-", self.expression(_NEGATE, depth + 1))
            case "[":
                return Listing(self._items("]", depth))
            case "(":
                inner = self.expression(0, depth + 1)
                self.expect(")")
                return inner
        found = f"“{word.text}”" if word.text else "hết câu"
        raise BadExpression(f"Ở ký tự thứ {word.at} cần một giá trị nhưng gặp {found}.")

    def _items(self, closing: str, depth: int) -> tuple[Node, ...]:
        items: list[Node] = []
        if self._next.text == closing and self._next.kind == "sign":
            self._take()
            return ()
        while True:
            items.append(self.expression(0, depth + 1))
            if self._next.kind == "sign" and self._next.text == ",":
                self._take()
                continue
            self.expect(closing)
            return tuple(items)
