"""Reads `$filter` into a tree: the expressions and functions of OGC 18-088 clause 9.3.3.5, by precedence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from khcn.standards.sensorthings.model import Misread

COMPARING = ("eq", "ne", "gt", "ge", "lt", "le")
ADDING = ("add", "sub")
MULTIPLYING = ("mul", "div", "mod")
#: Functions and how many arguments they take.
FUNCTIONS = {
    "substringof": 2, "contains": 2, "startswith": 2, "endswith": 2, "length": 1, "tolower": 1, "toupper": 1,
    "trim": 1, "year": 1, "month": 1, "day": 1, "hour": 1, "minute": 1, "second": 1, "date": 1, "now": 0, "round": 1,
    "floor": 1, "ceiling": 1, "st_within": 2, "st_intersects": 2, "geo.intersects": 2,
}  # fmt: skip
LONGEST, DEEPEST = 4_000, 40
_TOKEN = re.compile(
    r"\s*(?:(?P<geo>geography'(?:[^']|'')*')|(?P<text>'(?:[^']|'')*')"
    r"|(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)|(?P<day>\d{4}-\d\d-\d\d)"
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<name>@?[A-Za-z_][\w.@]*(?:/@?[A-Za-z_][\w.@]*)*)"
    r"|(?P<mark>[(),]))"
)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written out: text, number, moment, truth, None, or a shape in WKT."""

    value: str | float | bool | datetime | None
    is_shape: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """A property of the entity, or of one that its links lead to."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """Two sides joined by and, or, a comparison or an arithmetic operator."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    inner: Node


Node = Literal | Path | Call | Binary | Not


def read_filter(text: str) -> Node:
    """Return the tree of a condition. Raises Misread with what is wrong."""
    if len(text) > LONGEST:
        raise Misread("Biểu thức $filter quá dài.")
    reader = _Reader(_tokens(text))
    tree = reader.either()
    if reader.kind:
        raise Misread(f"Biểu thức $filter thừa “{reader.text}”.")
    if not _is_condition(tree):
        raise Misread("Biểu thức $filter phải là một điều kiện đúng hoặc sai.")
    return tree


def _is_condition(tree: Node) -> bool:
    match tree:
        case Not(inner):
            return _is_condition(inner)
        case Binary(operator, left, right):
            if operator in ("and", "or"):
                return _is_condition(left) and _is_condition(right)
            return operator in COMPARING
        case Call(name):
            return name in {"substringof", "contains", "startswith", "endswith", "st_within", "st_intersects",
                            "geo.intersects"}  # fmt: skip
        case Literal(value):
            return isinstance(value, bool)
    return False


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(text):
        if not text[place:].strip():
            break
        match = _TOKEN.match(text, place)
        if match is None:
            raise Misread(f"Không hiểu biểu thức $filter từ “{text[place : place + 20].strip()}”.")
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        place = match.end()
    return found


class _Reader:
    """Reads tokens by precedence: or, and, not, comparison, addition, multiplication, values."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    @property
    def kind(self) -> str:
        """Kind of the next token, empty at the end."""
        return self._tokens[self._place][0] if self._place < len(self._tokens) else ""

    @property
    def text(self) -> str:
        """The next token."""
        return self._tokens[self._place][1] if self._place < len(self._tokens) else ""

    def either(self) -> Node:
        """Conditions joined by `or`."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise Misread("Biểu thức $filter lồng nhau quá sâu.")
        found = self._both()
        while self._takes("or"):
            found = Binary("or", found, self._both())
        self._depth -= 1
        return found

    def _both(self) -> Node:
        found = self._opposite()
        while self._takes("and"):
            found = Binary("and", found, self._opposite())
        return found

    def _opposite(self) -> Node:
        count = 0
        while self._takes("not"):
            count += 1
        inner = self._comparison()
        return Not(inner) if count % 2 else inner

    def _comparison(self) -> Node:
        left = self._sum()
        if self.kind == "name" and self.text in COMPARING:
            operator = self._next()
            return Binary(operator, left, self._sum())
        return left

    def _sum(self) -> Node:
        found = self._product()
        while self.kind == "name" and self.text in ADDING:
            operator = self._next()
            found = Binary(operator, found, self._product())
        return found

    def _product(self) -> Node:
        found = self._value()
        while self.kind == "name" and self.text in MULTIPLYING:
            operator = self._next()
            found = Binary(operator, found, self._value())
        return found

    def _value(self) -> Node:
        kind, text = self.kind, self.text
        if not kind:
            raise Misread("Biểu thức $filter bị cắt ngang.")
        if kind == "mark" and text == "(":
            self._next()
            inner = self.either()
            self._expect(")")
            return inner
        self._next()
        match kind:
            case "text":
                return Literal(text[1:-1].replace("''", "'"))
            case "geo":
                return Literal(text[len("geography'") : -1].replace("''", "'"), is_shape=True)
            case "number":
                return Literal(float(text))
            case "time" | "day":
                return Literal(_moment(text))
            case "name":
                return self._named(text)
        raise Misread(f"Không hiểu “{text}” trong $filter.")

    def _named(self, text: str) -> Node:
        if self.kind == "mark" and self.text == "(":
            return self._call(text)
        words: dict[str, bool | None] = {"true": True, "false": False, "null": None}
        if text in words:
            return Literal(words[text])
        return Path(tuple(text.split("/")))

    def _call(self, name: str) -> Node:
        if name not in FUNCTIONS:
            raise Misread(f"Không có hàm {name} trong $filter.")
        self._next()
        arguments: list[Node] = []
        while self.text != ")" or self.kind != "mark":
            arguments.append(self.either())
            if self.kind == "mark" and self.text == ",":
                self._next()
            elif not (self.kind == "mark" and self.text == ")"):
                raise Misread(f"Hàm {name} thiếu dấu đóng ngoặc.")
        self._expect(")")
        if len(arguments) != FUNCTIONS[name]:
            raise Misread(f"Hàm {name} cần {FUNCTIONS[name]} tham số.")
        return Call(name, tuple(arguments))

    def _takes(self, word: str) -> bool:
        if self.kind == "name" and self.text == word:
            self._next()
            return True
        return False

    def _expect(self, mark: str) -> None:
        if self.kind != "mark" or self.text != mark:
            raise Misread(f"Biểu thức $filter thiếu “{mark}”.")
        self._next()

    def _next(self) -> str:
        text = self.text
        self._place += 1
        return text


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Misread(f"“{text}” không phải thời điểm có thật.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
