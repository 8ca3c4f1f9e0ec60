"""What stops a definition from running: faults and remarks in whole sentences, each naming the step or flow.

A version with a fault cannot be submitted; remarks are shown and do not stop anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from khcn.kernel.procedures.choices import StepKind
from khcn.kernel.procedures.engine.definition import WAITING_KINDS, WORK_KINDS, Definition, Flow, Step
from khcn.kernel.procedures.engine.expressions import BadExpression, read
from khcn.kernel.procedures.engine.tables import analyse

STEPS_LIMIT = 2000
NAME_SHOWN = 80
"""Signs of a name or key that a sentence repeats."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. at: key of the step, flow, table or form; stops: False for a remark."""

    at: str
    sentence: str
    stops: bool = True


def faults_of(definition: Definition, *, actions: Collection[str] | None = None) -> list[Fault]:
    """All faults and remarks. actions: keys of the registered system steps, None when that is not to be checked."""
    if len(definition.steps) > STEPS_LIMIT:
        return [Fault("", f"Quy trình có quá {STEPS_LIMIT} bước.")]
    found = [*_keys(definition)]
    if found:
        return found
    return [
        *_ends(definition),
        *(fault for step in definition.steps for fault in _step_faults(definition, step, actions)),
        *_guards(definition),
        *_circles(definition),
        *_tables(definition),
        *_forms(definition),
    ]


def stops(definition: Definition, *, actions: Collection[str] | None = None) -> bool:
    """True when the definition cannot run."""
    return any(fault.stops for fault in faults_of(definition, actions=actions))


def _keys(definition: Definition) -> Iterator[Fault]:
    keys: set[str] = set()
    parts: list[Step | Flow] = [*definition.steps, *definition.flows]
    for part in parts:
        if not part.key or len(part.key) > 120:
            yield Fault(part.key, f"“{_name(part)}” thiếu mã hoặc mã dài quá 120 ký tự.")
        if part.key in keys:
            yield Fault(part.key, f"Mã “{part.key[:NAME_SHOWN]}” dùng hai lần.")
        keys.add(part.key)
    steps = {step.key: step for step in definition.steps}
    for flow in definition.flows:
        for end in (flow.source, flow.target):
            if end not in steps:
                yield Fault(flow.key, f"Đường nối “{_name(flow)}” trỏ tới bước không có: “{end[:NAME_SHOWN]}”.")
        if flow.source in steps and flow.target in steps and steps[flow.source].scope != steps[flow.target].scope:
            yield Fault(flow.key, f"Đường nối “{_name(flow)}” đi xuyên qua ranh giới quy trình con.")
    for step in definition.steps:
        if step.scope and (step.scope not in steps or steps[step.scope].kind is not StepKind.SUBPROCESS):
            yield Fault(step.key, f"“{_name(step)}” nằm trong quy trình con không có.")
        if step.host and step.host not in steps:
            yield Fault(step.key, f"“{_name(step)}” gắn vào bước không có.")
        elif step.host and steps[step.host].host:
            yield Fault(step.key, f"“{_name(step)}” gắn vào một sự kiện biên; hãy gắn nó vào bước hoặc quy trình con.")
        elif step.host and steps[step.host].scope != step.scope:
            yield Fault(step.key, f"“{_name(step)}” và bước mà nó gắn vào nằm ở hai quy trình con khác nhau.")


def _ends(definition: Definition) -> Iterator[Fault]:
    scopes = ["", *(step.key for step in definition.steps if step.kind is StepKind.SUBPROCESS)]
    for scope in scopes:
        inside = [step for step in definition.steps if step.scope == scope]
        where = f"Quy trình con “{_name(definition.step(scope))}”" if scope else "Quy trình"
        starts = [step.key for step in inside if step.kind is StepKind.START]
        if not starts:
            yield Fault(scope, f"{where} chưa có bước bắt đầu.")
            continue
        if len(starts) > 1:
            yield Fault(scope, f"{where} có nhiều bước bắt đầu; chỉ giữ một.")
        reached, frontier = set(starts), list(starts)
        while frontier:
            at = frontier.pop()
            nearby = [flow.target for flow in definition.flows if flow.source == at]
            nearby += [step.key for step in inside if step.host == at]
            new = set(nearby) - reached
            reached |= new
            frontier += new
        for step in inside:
            if step.key not in reached:
                yield Fault(step.key, f"Không có đường nào dẫn tới “{_name(step)}”.")


def _step_faults(definition: Definition, step: Step, actions: Collection[str] | None) -> Iterator[Fault]:
    name = f"“{_name(step)}”"
    leaving = [flow for flow in definition.flows if flow.source == step.key]
    arriving = [flow for flow in definition.flows if flow.target == step.key]
    if step.obstacle:
        yield Fault(step.key, f"{name}: {step.obstacle}")
    if step.kind is StepKind.START and arriving:
        yield Fault(step.key, f"Không được nối vào bước bắt đầu {name}.")
    if step.kind in (StepKind.END, StepKind.TERMINATE) and leaving:
        yield Fault(step.key, f"Không được nối ra từ bước kết thúc {name}.")
    if step.kind in (StepKind.START, StepKind.DECISION, StepKind.FORK, StepKind.FIRST) and not leaving:
        yield Fault(step.key, f"Bước {name} chưa nối tới bước nào.")
    if step.kind is StepKind.DECISION and len(leaving) > 1:
        if sum(flow.default for flow in leaving) > 1:
            yield Fault(step.key, f"Rẽ nhánh {name} có nhiều nhánh mặc định.")
        for flow in leaving[:-1] if not any(flow.default for flow in leaving) else leaving:
            if not flow.guard and not flow.default:
                yield Fault(flow.key, f"Nhánh “{_name(flow)}” của {name} chưa có điều kiện.")
        flow = leaving[-1]
        if not any(one.default for one in leaving):
            if not flow.guard:
                yield Fault(flow.key, f"Nhánh “{_name(flow)}” của {name} chưa có điều kiện.")
            else:
                yield Fault(step.key, f"Rẽ nhánh {name} không có nhánh mặc định.", stops=False)
    if step.kind is StepKind.HUMAN and not step.role:
        yield Fault(step.key, f"Bước {name} chưa ghi vai trò người làm.")
    if step.kind in WORK_KINDS and step.norm is None:
        yield Fault(step.key, f"Bước {name} chưa có định mức thời gian.", stops=False)
    if step.norm is not None and step.norm < 0:
        yield Fault(step.key, f"Định mức của {name} không được âm.")
    if step.kind is StepKind.TIMER and not step.wait and step.norm is None:
        yield Fault(step.key, f"Bước chờ {name} chưa ghi thời gian chờ.")
    if step.kind is StepKind.MESSAGE and not step.message:
        yield Fault(step.key, f"Bước {name} chưa ghi thông điệp phải chờ.")
    if step.kind is StepKind.CALL and not step.call:
        yield Fault(step.key, f"Bước {name} chưa ghi mã quy trình được gọi.")
    if step.kind is StepKind.SYSTEM and not (step.action or step.table):
        yield Fault(step.key, f"Bước máy {name} chưa gắn việc hoặc bảng quyết định.")
    if step.action and actions is not None and step.action not in actions:
        yield Fault(step.key, f"Bước máy {name} gọi việc chưa có trong hệ thống: “{step.action}”.")
    if step.table and definition.table(step.table) is None:
        yield Fault(step.key, f"Bước {name} dùng bảng quyết định không có: “{step.table}”.")
    if step.form and definition.form(step.form) is None:
        yield Fault(step.key, f"Bước {name} dùng biểu mẫu không có: “{step.form}”.")
    if step.host and (step.kind not in (StepKind.TIMER, StepKind.MESSAGE)):
        yield Fault(step.key, f"{name} gắn vào bước khác thì phải là chờ thời gian hoặc chờ thông điệp.")
    if step.host and definition.step(step.host).kind not in WAITING_KINDS:
        yield Fault(step.key, f"{name} gắn vào bước không chờ gì.")
    if step.kind is StepKind.FIRST:
        targets = [definition.step(flow.target) for flow in leaving]
        if any(target.kind not in (StepKind.TIMER, StepKind.MESSAGE, StepKind.HUMAN) for target in targets):
            yield Fault(step.key, f"Sau {name} chỉ được là bước chờ thời gian, chờ thông điệp hoặc việc của người.")
    keys = {one.key: one for one in definition.steps}
    for target in step.returns_to:
        if target not in keys or keys[target].scope != step.scope:
            yield Fault(step.key, f"Bước {name} trả lại về bước không có: “{target}”.")
    if step.wait:
        yield from _reads(step.key, f"Thời gian chờ của {name}", step.wait)


def _guards(definition: Definition) -> Iterator[Fault]:
    names = {step.key: _name(step) for step in definition.steps}
    for flow in definition.flows:
        if flow.guard:
            yield from _reads(flow.key, f"Điều kiện từ “{names[flow.source]}” tới “{names[flow.target]}”", flow.guard)


def _reads(at: str, what: str, text: str) -> Iterator[Fault]:
    try:
        read(text)
    except BadExpression as fault:
        yield Fault(at, f"{what}: {fault.message}")


def _circles(definition: Definition) -> Iterator[Fault]:
    """Circles of steps at which nothing waits: a case would turn in them for ever."""
    waiting = {step.key for step in definition.steps if step.kind in WAITING_KINDS - {StepKind.SYSTEM}}
    onward: dict[str, list[str]] = {step.key: [] for step in definition.steps}
    for flow in definition.flows:
        if flow.source not in waiting and flow.target not in waiting:
            onward[flow.source].append(flow.target)
    names = {step.key: _name(step) for step in definition.steps}
    colour: dict[str, int] = {}
    for first in onward:
        if first in colour:
            continue
        colour[first] = 1
        path = [(first, iter(onward[first]))]
        while path:
            at, rest = path[-1]
            following = next(rest, None)
            if following is None:
                colour[at] = 2
                path.pop()
            elif colour.get(following) == 1:
                yield Fault(following, f"Vòng lặp qua “{names[following]}” không có bước nào chờ.")
            elif following not in colour:
                colour[following] = 1
                path.append((following, iter(onward[following])))


def _tables(definition: Definition) -> Iterator[Fault]:
    for table in definition.tables:
        for finding in analyse(table):
            yield Fault(table.key, finding.sentence, stops=finding.kind in ("unread", "overlap"))


def _forms(definition: Definition) -> Iterator[Fault]:
    for form in definition.forms:
        seen: set[str] = set()
        for one in form.fields:
            if not one.key.isidentifier():
                yield Fault(form.key, f"Ô “{one.label}” của biểu mẫu “{form.title}” có mã không hợp lệ: “{one.key}”.")
            if one.key in seen:
                yield Fault(form.key, f"Biểu mẫu “{form.title}” dùng hai lần mã “{one.key}”.")
            seen.add(one.key)
            if one.shown_if:
                yield from _reads(form.key, f"Điều kiện hiện ô “{one.label}”", one.shown_if)


def _name(part: Step | Flow) -> str:
    """What people know it by, cut where a name is a whole text."""
    name = part.name or part.key
    return name if len(name) <= NAME_SHOWN else f"{name[:NAME_SHOWN]}…"
