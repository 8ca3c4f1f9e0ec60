"""Conditions as other tools write them, in the engine's own language where they say no more than it can.

`${approved}`, `!done`, `a == 'x' && b`, `bpmn:getDataObject('a') = 'x'`. Anything else is not guessed at.
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
_SIGNS = ((re.compile(r"==="), "="), (re.compile(r"=="), "="), (re.compile(r"&&"), " and "),
          (re.compile(r"\|\|"), " or "), (re.compile(r"!(?!=)"), " not "))  # fmt: skip


def converted(text: str) -> Expression | None:
    """The condition in the engine's language, None when it cannot be said there."""
    wrapped = _WRAPPED.match(text)
    body = wrapped.group(1) if wrapped else text.removeprefix("=")
    body = _SINGLE_QUOTED.sub(r'"\1"', _DATA_OBJECT.sub(r"\1", body))
    for sign, ours in _SIGNS:
        body = sign.sub(ours, body)
    try:
        return read(" ".join(body.split()))
    except BadExpression:
        return None


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
