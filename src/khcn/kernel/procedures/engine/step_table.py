"""A procedure as the table that offices know – who, what, time, form, output – and back, without loss.

One row per step. "Bước tiếp theo" holds `B3`, or `B3 nếu amount > 5; B4 còn lại`; empty means the next row. Start and
end may be left out: they are added around the first row and after rows that lead nowhere. "Gắn với" keeps what the
columns have no place for, as `message: biên bản; table: tuyen`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation

from khcn.kernel.procedures.choices import NormUnit, StepClock, StepKind, StepSign, UnitRule
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step
from khcn.lib.labelled import Labelled
from khcn.lib.labelled import gettext_noop as _
from khcn.lib.money import format_number
from khcn.lib.roles import Role
from khcn.lib.text import fold, nfc

#: key → heading, in the order of the columns.
COLUMNS: dict[str, str] = {
    "key": _("Mã bước"),
    "name": _("Tên bước"),
    "kind": _("Loại"),
    "role": _("Vai trò"),
    "unit_rule": _("Đơn vị làm"),
    "norm": _("Thời gian"),
    "norm_unit": _("Đơn vị thời gian"),
    "form": _("Biểu mẫu"),
    "output": _("Kết quả"),
    "clock": _("Đồng hồ"),
    "sign": _("Ký"),
    "returns_to": _("Trả lại về"),
    "next": _("Bước tiếp theo"),
    "more": _("Gắn với"),
}
CHOICES: dict[str, type[Labelled]] = {
    "kind": StepKind, "unit_rule": UnitRule, "norm_unit": NormUnit, "clock": StepClock, "sign": StepSign,
}  # fmt: skip
_MORE = ("message", "table", "action", "call", "wait", "scope", "host", "interrupting", "lane", "note", "obstacle")
_OTHERWISE = ("còn lại", "else")
_IF = ("nếu ", "if ")
_ROLES = {fold(role.label): role.value for role in Role}
_KEY = re.compile(r"[^\s;]{1,120}")


def as_read(row: Mapping[str, str]) -> list[str]:
    """A row's texts in the order of the columns as people read them: roles by name; `definition_from` reads both."""
    by_code = {role.value: role.label for role in Role}
    return [by_code.get(row[name], row[name]) if name == "role" else row[name] for name in COLUMNS]


@dataclass(frozen=True, slots=True)
class RowFault:
    """A cell that does not read. row: from 1; column: key of COLUMNS."""

    row: int
    column: str
    sentence: str


def rows_of(definition: Definition) -> list[dict[str, str]]:
    """The definition as rows of texts by column key."""
    rows = []
    for place, step in enumerate(definition.steps):
        following = definition.steps[place + 1].key if place + 1 < len(definition.steps) else ""
        rows.append(
            {
                "key": step.key,
                "name": step.name,
                "kind": step.kind.label,
                "role": step.role,
                "unit_rule": step.unit_rule.label,
                "norm": "" if step.norm is None else format_number(step.norm),
                "norm_unit": step.norm_unit.label,
                "form": step.form,
                "output": step.output,
                "clock": step.clock.label,
                "sign": step.sign.label,
                "returns_to": "; ".join(step.returns_to),
                "next": _next_text([flow for flow in definition.flows if flow.source == step.key], following),
                "more": _more_text(step),
            }
        )
    return rows


def definition_from(
    rows: Sequence[Mapping[str, str]], base: Definition | None = None
) -> tuple[Definition, list[RowFault]]:
    """The definition that rows say, and the cells that do not read. Rows without key and name are passed over.

    base: whose forms, tables and facts are kept, and whose flows keep their keys and names where their ends stay.
    """
    faults: list[RowFault] = []
    steps: list[Step] = []
    ways: list[tuple[int, str, str]] = []
    for number, raw in enumerate(rows, 1):
        row = {name: nfc(str(raw.get(name) or "")).strip() for name in COLUMNS}
        if not row["key"] and not row["name"]:
            continue
        row["key"] = row["key"] or f"B{number}"
        steps.append(_step(number, row, faults))
        ways.append((number, row["key"], row["next"]))
    flows = _flows(ways, steps, faults)
    steps, flows = _with_ends(steps, flows)
    known = {step.key for step in steps}
    for flow in flows:
        if flow.target not in known:
            number = next((n for n, key, _text in ways if key == flow.source), 0)
            faults.append(RowFault(number, "next", f"Không có bước mã “{flow.target}”."))
    kept = {(flow.source, flow.target, flow.guard, flow.default): flow for flow in (base.flows if base else ())}
    taken = {flow.key for flow in kept.values()}
    named = []
    for flow in flows:
        earlier = kept.pop((flow.source, flow.target, flow.guard, flow.default), None)
        named.append(earlier or replace(flow, key=_free(f"{flow.source}_{flow.target}"[:110], taken)))
    definition = Definition(
        tuple(steps), tuple(named), base.tables if base else (), base.forms if base else (), base.facts if base else {}
    )
    return definition, faults


def _free(key: str, taken: set[str]) -> str:
    number, found = 1, key
    while found in taken:
        number += 1
        found = f"{key}_{number}"
    taken.add(found)
    return found


def _step(number: int, row: dict[str, str], faults: list[RowFault]) -> Step:
    if not _KEY.fullmatch(row["key"]):
        faults.append(RowFault(number, "key", "Mã bước viết liền, không có dấu cách và dấu chấm phẩy."))
    values: dict[str, object] = {name: row[name] for name in ("key", "name", "form", "output")}
    values["role"] = _ROLES.get(fold(row["role"]), row["role"])
    for name, enum in CHOICES.items():
        values[name] = _choice(number, name, row[name], enum, faults)
    if row["norm"]:
        try:
            values["norm"] = Decimal(row["norm"].replace(".", "").replace(",", "."))
        except InvalidOperation:
            faults.append(RowFault(number, "norm", f"“{row['norm']}” không phải là số, ví dụ 0,5."))
    values["returns_to"] = tuple(part.strip() for part in row["returns_to"].split(";") if part.strip())
    for part in row["more"].split(";"):
        name, colon, text = part.partition(":")
        name = name.strip()
        if not part.strip():
            continue
        if name not in _MORE or not colon:
            faults.append(RowFault(number, "more", f"Không hiểu “{part.strip()}”; viết dạng “message: tên”."))
        elif name == "interrupting":
            values[name] = fold(text.strip()) not in {"khong", "no", "false"}
        else:
            values[name] = text.strip()
    return Step(**values)  # type: ignore[arg-type]


def _choice(number: int, name: str, text: str, enum: type[Labelled], faults: list[RowFault]) -> Labelled:
    default = {one.name: one.default for one in fields(Step)}.get(name)
    first = StepKind.HUMAN if enum is StepKind else default
    if not text:
        return first  # type: ignore[return-value]
    for member in enum:
        if fold(text) in (fold(member.value), fold(member.label)):
            return member
    offered = ", ".join(member.label for member in enum)
    faults.append(RowFault(number, name, f"“{text}” không phải là một trong: {offered}."))
    return first  # type: ignore[return-value]


def _flows(ways: list[tuple[int, str, str]], steps: list[Step], faults: list[RowFault]) -> list[Flow]:
    by_key = {step.key: step for step in steps}
    flows = []
    for place, (number, key, text) in enumerate(ways):
        kind = by_key[key].kind
        if not text:
            following = ways[place + 1][1] if place + 1 < len(ways) else ""
            if following and kind not in (StepKind.END, StepKind.TERMINATE):
                flows.append(Flow("", key, following))
            continue
        if text == "–":
            continue
        for part in _parts(text):
            target, _space, rest = part.partition(" ")
            rest = rest.strip()
            if rest in ("", *_OTHERWISE):
                flows.append(Flow("", key, target, default=bool(rest)))
            elif rest.startswith(_IF):
                flows.append(Flow("", key, target, rest.partition(" ")[2].strip()))
            else:
                faults.append(RowFault(number, "next", f"Không hiểu “{part}”; viết “B3 nếu điều kiện; B4 còn lại”."))
    return flows


def _parts(text: str) -> list[str]:
    """Split at semicolons outside double quotes."""
    return [part.strip() for part in re.findall(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)+', text) if part.strip()]


def _with_ends(steps: list[Step], flows: list[Flow]) -> tuple[list[Step], list[Flow]]:
    """A start before the first row, an end after rows that lead nowhere, where the table has none."""
    outer = [step for step in steps if not step.scope]
    if outer and not any(step.kind is StepKind.START for step in outer):
        steps = [Step("bat_dau", "Bắt đầu", StepKind.START), *steps]
        flows = [Flow("", "bat_dau", outer[0].key), *flows]
    if outer and not any(step.kind in (StepKind.END, StepKind.TERMINATE) for step in outer):
        sources = {flow.source for flow in flows}
        last = [step.key for step in outer if step.key not in sources]
        steps = [*steps, Step("ket_thuc", "Kết thúc", StepKind.END)]
        flows = [*flows, *(Flow("", key, "ket_thuc") for key in last)]
    return steps, flows


def _next_text(ways: list[Flow], following: str) -> str:
    if not ways:
        return "–" if following else ""
    if len(ways) == 1 and ways[0].target == following and not ways[0].guard and not ways[0].default:
        return ""
    parts = []
    for way in ways:
        tail = f" nếu {way.guard}" if way.guard else f" {_OTHERWISE[0]}" if way.default else ""
        parts.append(way.target + tail)
    return "; ".join(parts)


def _more_text(step: Step) -> str:
    parts = [
        f"{name}: {value.replace(';', ',')}"
        for name in _MORE
        if isinstance(value := getattr(step, name), str) and value
    ]
    if not step.interrupting:
        parts.append("interrupting: không")
    return "; ".join(parts)
