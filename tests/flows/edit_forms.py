"""Finds every form on an existing record by reading the views behind the addresses; tests use it.

A form is found in two ways: as a route that takes a record and a POST, and as an act of one of the registries that one
view runs. What a form shows of the stored record is seen where a form class is given `initial` or `instance`, or fills
itself from a record when it is made.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from django.forms import BaseForm
from django.urls import URLPattern, get_resolver

from khcn.domains.programme.views import issues
from khcn.domains.programme.views.acts import Act
from khcn.domains.programme.views.councils import acts as councils
from khcn.domains.programme.views.tasks import page as tasks
from khcn.domains.qms.views import acts as quality

#: Names that carry nothing of a record, where they stand in `initial`.
_NEUTRAL = {"timezone", "today", "request", "reverse", "date", "actor", "on"}
_VERSION = {"version_of", "run_act"}
_HEADER = "X-Khcn-Version"


@dataclass(frozen=True)
class EditForm:
    """One form. shows_stored: it is filled from the record; asks_version: what is sent names the version it saw."""

    name: str
    shows_stored: bool
    asks_version: bool


@cache
def edit_forms() -> tuple[EditForm, ...]:
    """Every form on an existing record, in the order of the addresses, then of the registries."""
    return (*_routes(), *_acts())


def _routes() -> Iterator[EditForm]:
    for route, pattern in _patterns(get_resolver()):
        view = inspect.unwrap(pattern.callback)
        if "<" not in route or not view.__module__.startswith("khcn."):
            continue
        nodes = [node for function in _closure(view) for node in ast.walk(function)]
        if any(isinstance(node, ast.Attribute) and node.attr in {"POST", "FILES", "body"} for node in nodes):
            names = {node.id for node in nodes if isinstance(node, ast.Name)}
            texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
            shows = _shows_stored(nodes) or any(_fills_itself(sys.modules[view.__module__], name) for name in names)
            yield EditForm(str(pattern.name), shows, bool(names & _VERSION) or _HEADER in texts)


def _acts() -> Iterator[EditForm]:
    plain = Act.__dataclass_fields__["initial"].default
    for view, registry in (("task_act", tasks.ACTS), ("council_act", councils.ACTS), ("issue_act", issues.ACTS)):
        for act in registry.values():
            yield EditForm(f"{view}:{act.slug}", _code(act.initial) is not _code(plain), not act.is_addition)
    bare = quality.Act.__dataclass_fields__["initial"].default
    for (machine, event), step in quality.ACTS.items():
        yield EditForm(f"qms_act:{machine}.{event}", _code(step.initial) is not _code(bare), True)


def _code(function: Any) -> Any:
    return function.__code__


def _patterns(resolver: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern
        else:
            yield from _patterns(pattern, prefix + str(pattern.pattern))


def _closure(view: Callable[..., Any]) -> list[ast.FunctionDef]:
    """The view with the functions of its own module that it names, and those that these name."""
    known = _functions(sys.modules[view.__module__])
    found: dict[str, ast.FunctionDef] = {}
    waiting = [view.__name__]
    while waiting:
        name = waiting.pop()
        if name in found or name not in known:
            continue
        found[name] = known[name]
        waiting += [node.id for node in ast.walk(known[name]) if isinstance(node, ast.Name)]
    return list(found.values())


@cache
def _functions(module: ModuleType) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.FunctionDef)}


def _shows_stored(nodes: list[ast.AST]) -> bool:
    given = [
        keyword.value
        for node in nodes
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in {"initial", "instance"}
    ]
    return any(isinstance(part, ast.Name) and part.id not in _NEUTRAL for value in given for part in ast.walk(value))


def _fills_itself(module: ModuleType, name: str) -> bool:
    """Whether `name` is a form class of ours whose making takes the stored values of a record."""
    found = getattr(module, name, None)
    if not (isinstance(found, type) and issubclass(found, BaseForm)):
        return False
    made = [
        inspect.getsource(kind.__dict__["__init__"])
        for kind in found.__mro__
        if kind.__module__.startswith("khcn.domains") and "__init__" in kind.__dict__
    ]
    return any(re.search(r"self\.initial\b|[\"']initial[\"']", source) for source in made)
