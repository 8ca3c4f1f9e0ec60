"""What a version of a procedure says, as values: steps, flows, decision tables, forms; to and from plain JSON.

Reading is strict (unknown words are refused with their place); whether a definition can run is `checks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from khcn.kernel.procedures.choices import FieldKind, HitPolicy, NormUnit, StepClock, StepKind, StepSign, UnitRule
from khcn.lib.labelled import Labelled
from khcn.lib.unreadable import Unreadable

E = TypeVar("E", bound=Labelled)

#: Tokens rest at steps of these kinds until something completes them.
WAITING_KINDS = frozenset(
    {
        StepKind.HUMAN, StepKind.COUNCIL, StepKind.SYSTEM, StepKind.TIMER, StepKind.MESSAGE, StepKind.CALL,
        StepKind.SUBPROCESS,
    }
)  # fmt: skip
WORK_KINDS = frozenset({StepKind.HUMAN, StepKind.COUNCIL})
"""Kinds that a person completes."""
TAKEN_KINDS = WORK_KINDS | {StepKind.MESSAGE}
"""Kinds that a person may complete: work, and a message that somebody of the step's role records as having come."""


class BadDefinition(Unreadable):
    """A definition does not read; `field` is the place of the fault."""

    code = "bad_definition"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. unit: of a number. minimum/maximum: bounds of a number, amount or text's length.

    shown_if: expression over the form's own values and the case's facts; hidden fields are neither asked nor kept.
    reuse: name under which the person's earlier answers are offered. fact: name among the case's facts, default key.
    """

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    help: str = ""
    unit: str = ""
    options: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    shown_if: str = ""
    reuse: str = ""
    columns: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form of typed fields, filled when a step is completed."""

    key: str
    title: str
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """An input (an expression) or an output (a name) of a decision table, with the type of its values."""

    name: str
    type: str = "text"
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a decision table: a test per input ("-" for any) and an expression per output."""

    tests: tuple[str, ...]
    results: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table; `tables` evaluates it and finds overlaps and gaps."""

    key: str
    name: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]
    hit_policy: HitPolicy = HitPolicy.UNIQUE


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    role + unit_rule: whose work. norm + norm_unit: its time. form: key of the form that completes it. returns_to: keys
    of earlier steps it may be sent back to. wait: fact or expression giving a timer's moment or amount (`norm` when
    empty). message: name of the message waited for; of a step at which nothing waits, what it throws to a boundary
    around it. action: registered system step. call: code of another procedure. table: decision table evaluated on
    arrival. scope: sub-process that contains it. host: step whose boundary it is; interrupting: reaching it ends the
    host. obstacle: why the step, as drawn, cannot run; empty when it can.
    """

    key: str
    name: str
    kind: StepKind
    role: str = ""
    unit_rule: UnitRule = UnitRule.DECIDING
    norm: Decimal | None = None
    norm_unit: NormUnit = NormUnit.WORKING_HOUR
    form: str = ""
    output: str = ""
    sign: StepSign = StepSign.NONE
    clock: StepClock = StepClock.RUN
    returns_to: tuple[str, ...] = ()
    wait: str = ""
    message: str = ""
    action: str = ""
    call: str = ""
    table: str = ""
    scope: str = ""
    host: str = ""
    interrupting: bool = True
    lane: str = ""
    note: str = ""
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A way from `source` to `target`; taken when `guard` holds (empty: always). default: taken when no other is."""

    key: str
    source: str
    target: str
    guard: str = ""
    default: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole procedure. facts: type by name of what conditions may use besides form fields and table outputs."""

    steps: tuple[Step, ...]
    flows: tuple[Flow, ...]
    tables: tuple[Table, ...] = ()
    forms: tuple[Form, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def step(self, key: str) -> Step:
        """The step with the key. Raises KeyError."""
        return next(step for step in self.steps if step.key == key)

    def form(self, key: str) -> Form | None:
        """The form with the key, None for an empty or unknown one."""
        return next((form for form in self.forms if form.key == key), None)

    def table(self, key: str) -> Table | None:
        """The decision table with the key, None for an empty or unknown one."""
        return next((table for table in self.tables if table.key == key), None)


def as_plain(definition: Definition) -> dict[str, Any]:
    """The definition as JSON values; default values are left out, so that equal definitions have one form."""
    return {
        "steps": [_plain(step) for step in definition.steps],
        "flows": [_plain(flow) for flow in definition.flows],
        "tables": [_plain(table) for table in definition.tables],
        "forms": [_plain(form) for form in definition.forms],
        "facts": dict(sorted(definition.facts.items())),
    }


def from_plain(value: Mapping[str, Any]) -> Definition:
    """The definition that as_plain wrote. Raises BadDefinition naming the place of the first fault."""
    if not isinstance(value, Mapping):
        raise BadDefinition("Nội dung quy trình phải là một đối tượng.", field="/")
    facts = value.get("facts", {})
    if not isinstance(facts, Mapping):
        raise BadDefinition("Danh sách dữ liệu phải là một đối tượng.", field="/facts")
    return Definition(
        steps=tuple(_step(item, f"/steps/{n}") for n, item in enumerate(_items(value, "steps"))),
        flows=tuple(_flow(item, f"/flows/{n}") for n, item in enumerate(_items(value, "flows"))),
        tables=tuple(_table(item, f"/tables/{n}") for n, item in enumerate(_items(value, "tables"))),
        forms=tuple(_form(item, f"/forms/{n}") for n, item in enumerate(_items(value, "forms"))),
        facts={str(name): str(kind) for name, kind in facts.items()},
    )


def _plain(part: Any) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for one in fields(part):
        value = getattr(part, one.name)
        if value == one.default and one.name not in {"key", "name"}:
            continue
        if isinstance(value, Decimal):
            value = format(value, "f")
        elif isinstance(value, tuple):
            value = [item if isinstance(item, str) else _plain(item) for item in value]
        elif isinstance(value, Labelled):
            value = value.value
        result[one.name] = value
    return result


def _items(value: Mapping[str, Any], name: str) -> list[Any]:
    items = value.get(name, [])
    if not isinstance(items, list):
        raise BadDefinition("Chỗ này phải là một danh sách.", field=f"/{name}")
    return items


def _known(item: Any, kind: type, place: str) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        raise BadDefinition("Chỗ này phải là một đối tượng.", field=place)
    names = {one.name for one in fields(kind)}
    for name in item:
        if name not in names:
            raise BadDefinition(f"Không có mục “{name}” ở đây.", field=f"{place}/{name}")
    return dict(item)


def _text(item: dict[str, Any], names: Iterable[str], place: str) -> None:
    for name in names:
        if name in item and not isinstance(item[name], str):
            raise BadDefinition(f"Mục “{name}” phải là chữ.", field=f"{place}/{name}")


def _choice(item: dict[str, Any], name: str, enum: type[E], place: str) -> None:
    if name in item:
        try:
            item[name] = enum(item[name])
        except ValueError as fault:
            raise BadDefinition(
                f"“{item[name]}” không phải là giá trị của “{name}”.", field=f"{place}/{name}"
            ) from fault


def _number(item: dict[str, Any], name: str, place: str) -> None:
    if item.get(name) is not None:
        try:
            item[name] = Decimal(str(item[name]))
        except InvalidOperation as fault:
            raise BadDefinition(f"“{item[name]}” không phải là số.", field=f"{place}/{name}") from fault
        if not item[name].is_finite() or abs(item[name]) > 10**15:
            raise BadDefinition("Số này quá lớn.", field=f"{place}/{name}")


def _texts(item: dict[str, Any], name: str, place: str) -> None:
    if name in item:
        if not isinstance(item[name], list | tuple) or not all(isinstance(one, str) for one in item[name]):
            raise BadDefinition(f"Mục “{name}” phải là danh sách chữ.", field=f"{place}/{name}")
        item[name] = tuple(item[name])


def _made(kind: type, item: dict[str, Any], place: str) -> Any:
    try:
        return kind(**item)
    except TypeError as fault:
        raise BadDefinition("Chỗ này thiếu mục bắt buộc (mã, tên hoặc loại).", field=place) from fault


def _step(raw: Any, place: str) -> Step:
    item = _known(raw, Step, place)
    for name, enum in (
        ("kind", StepKind), ("unit_rule", UnitRule), ("norm_unit", NormUnit), ("sign", StepSign), ("clock", StepClock)
    ):  # fmt: skip
        _choice(item, name, enum, place)
    _number(item, "norm", place)
    _texts(item, "returns_to", place)
    _text(
        item,
        [
            "key",
            "name",
            "role",
            "form",
            "output",
            "wait",
            "message",
            "action",
            "call",
            "table",
            "scope",
            "host",
            "lane",
            "note",
            "obstacle",
        ],
        place,
    )
    return _made(Step, item, place)


def _flow(raw: Any, place: str) -> Flow:
    item = _known(raw, Flow, place)
    _text(item, ("key", "source", "target", "guard", "name"), place)
    return _made(Flow, item, place)


def _form(raw: Any, place: str) -> Form:
    item = _known(raw, Form, place)
    _text(item, ("key", "title"), place)
    item["fields"] = tuple(_field(one, f"{place}/fields/{n}") for n, one in enumerate(item.get("fields", ())))
    return _made(Form, item, place)


def _field(raw: Any, place: str) -> Field:
    item = _known(raw, Field, place)
    _choice(item, "kind", FieldKind, place)
    _text(item, ("key", "label", "help", "unit", "shown_if", "reuse"), place)
    _number(item, "minimum", place)
    _number(item, "maximum", place)
    _texts(item, "options", place)
    columns = item.get("columns", ())
    if columns and place.count("/columns/"):
        raise BadDefinition("Bảng không nằm trong bảng.", field=place)
    item["columns"] = tuple(_field(one, f"{place}/columns/{n}") for n, one in enumerate(columns))
    return _made(Field, item, place)


def _table(raw: Any, place: str) -> Table:
    item = _known(raw, Table, place)
    _choice(item, "hit_policy", HitPolicy, place)
    _text(item, ("key", "name"), place)
    for side in ("inputs", "outputs"):
        columns = []
        for number, one in enumerate(item.get(side, ())):
            spot = f"{place}/{side}/{number}"
            column = _known(one, Column, spot)
            _text(column, ("name", "type"), spot)
            _texts(column, "options", spot)
            columns.append(_made(Column, column, spot))
        item[side] = tuple(columns)
    rules = []
    for number, one in enumerate(item.get("rules", ())):
        spot = f"{place}/rules/{number}"
        rule = _known(one, Rule, spot)
        _texts(rule, "tests", spot)
        _texts(rule, "results", spot)
        rules.append(_made(Rule, rule, spot))
    item["rules"] = tuple(rules)
    return _made(Table, item, place)
