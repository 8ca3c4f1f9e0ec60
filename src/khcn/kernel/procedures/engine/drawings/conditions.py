"""Conditions as other tools write them, in the engine's own language where they say no more than it can.

`${approved}`, `!done`, `a == 'x' && b`, `bpmn:getDataObject('a') = 'x'`, `amount gt 5`, `Service Level = "Premium"`,
`Đủ hồ sơ?`. Names of several words become one. Anything else is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from khcn.kernel.procedures.engine.expressions import BadExpression, Expression, read
from khcn.kernel.procedures.engine.expressions.parsing import Binary, Literal, Name, Node, Unary

_WRAPPED = re.compile(r"^\s*[$#]\{(.*)\}\s*$", re.DOTALL)
_DATA_OBJECT = re.compile(r"bpmn:getDataObject\(\s*'([^\W\d]\w*)'\s*\)")
_SINGLE_QUOTED = re.compile(r"'([^'\"\\]*)'")
_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*")')
_TYPOGRAPHIC = str.maketrans("“”‘’", "\"\"''")
_WORD_SIGNS = {"eq": "=", "ne": "!=", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
_WORD_SIGN = re.compile(rf"(?<=[\w\")]) +({'|'.join(_WORD_SIGNS)}) +(?=[\w\"(-])")
#: Words between which a name of several words never runs on; the rest are those of programs.
_BREAKS = frozenset(
    ["and", "or", "not", "in", "true", "false", "nothing", "và", "hoặc", "không", "trong", "đúng", "sai", "for", "if",
     "else", "then", "lambda", "import", "is", "new", "instanceof", "return", "while", "empty", "null", "some", "every",
     "satisfies", "function"]
)  # fmt: skip
_SEVERAL_WORDS = re.compile(
    r"^(?P<name>[^\W\d]\w*(?: +\w+)+)(?P<rest> *(?:!=|<=|>=|[=<>]) *(?:\"\"|-?\d+(?:\.\d+)?|true|false))?$"
)
_PARTS = re.compile(r"( +(?:and|or) +|[()]|\bnot +|^không +)", re.IGNORECASE)
_SIGNS = ((re.compile(r"==="), "="), (re.compile(r"=="), "="), (re.compile(r"&&"), " and "),
          (re.compile(r"\|\|"), " or "), (re.compile(r"!(?!=)"), " not "))  # fmt: skip


def is_written_as_expression(text: str) -> bool:
    """Whether a text says by its own signs that it is an expression: `${…}`, `#{…}`, `= …`."""
    return _WRAPPED.match(text) is not None or text.lstrip().startswith("=")


def converted(text: str) -> Expression | None:
    """The condition in the engine's language, None when it cannot be said there."""
    wrapped = _WRAPPED.match(text)
    body = wrapped.group(1) if wrapped else text.strip().removeprefix("=").removesuffix("?")
    body = _SINGLE_QUOTED.sub(r'"\1"', _DATA_OBJECT.sub(r"\1", body.translate(_TYPOGRAPHIC)))
    outside, texts = _without_texts(body)
    for sign, ours in _SIGNS:
        outside = sign.sub(ours, outside)
    outside = _WORD_SIGN.sub(lambda found: f" {_WORD_SIGNS[found[1]]} ", " ".join(outside.split()))
    for tried in (outside, _with_whole_names(outside)):
        try:
            return read(_with_texts(tried, texts))
        except BadExpression:
            continue
    return None


def _without_texts(body: str) -> tuple[str, list[str]]:
    """The condition with every text emptied, and the texts."""
    parts = _QUOTED.split(body)
    return '""'.join(parts[0::2]), parts[1::2]


def _with_texts(outside: str, texts: list[str]) -> str:
    parts = outside.split('""')
    return "".join(f"{part}{text}" for part, text in zip(parts, [*texts, ""], strict=True))


def _with_whole_names(outside: str) -> str:
    """The condition with names of several words made one, where they stand alone or are compared with a value."""
    return "".join(part if number % 2 else _whole_name(part) for number, part in enumerate(_PARTS.split(outside)))


def _whole_name(part: str) -> str:
    found = _SEVERAL_WORDS.match(part.strip())
    if found is None or _BREAKS & {word.lower() for word in found["name"].split()}:
        return part
    return "_".join(found["name"].lower().split()) + (found["rest"] or "")


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that conditions ask for, as its use shows it. texts: those it is compared with."""

    kind: str
    texts: tuple[str, ...] = ()


def asked_for(expressions: Iterable[Expression]) -> dict[str, Asked]:
    """The facts that conditions ask for, each with its type: bool, number or text."""
    kinds: dict[str, str] = {}
    texts: dict[str, list[str]] = {}
    for expression in expressions:
        _look(expression.tree, kinds, texts)
    return {name: Asked(kind, tuple(dict.fromkeys(texts.get(name, ())))) for name, kind in kinds.items()}


def _look(node: Node, kinds: dict[str, str], texts: dict[str, list[str]]) -> None:
    match node:
        case Name(name):
            kinds.setdefault(name, "bool")
        case Unary(_, of):
            _look(of, kinds, texts)
        case Binary(sign, left, right) if sign in ("and", "or"):
            _look(left, kinds, texts)
            _look(right, kinds, texts)
        case Binary(_, Name(name), Literal(value)) | Binary(_, Literal(value), Name(name)):
            kinds[name] = "bool" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
            if isinstance(value, str):
                texts.setdefault(name, []).append(value)
        case Binary(_, left, right):
            for side in (left, right):
                if isinstance(side, Name):
                    kinds.setdefault(side.name, "number")
                else:
                    _look(side, kinds, texts)
