"""From a definition to a drawing: what BPMN has a shape for is drawn as such, the rest is kept in our extension."""

from __future__ import annotations

from khcn.kernel.procedures.choices import NormUnit, StepKind
from khcn.kernel.procedures.engine.definition import Definition, Step
from khcn.kernel.procedures.engine.drawings.contents import write_contents
from khcn.standards import bpmn
from khcn.standards.bpmn import Drawing, Shape, Wire, build

_TAGS = {
    StepKind.START: "startEvent",
    StepKind.END: "endEvent",
    StepKind.TERMINATE: "endEvent",
    StepKind.HUMAN: "userTask",
    StepKind.COUNCIL: "userTask",
    StepKind.DECISION: "exclusiveGateway",
    StepKind.FORK: "parallelGateway",
    StepKind.JOIN: "parallelGateway",
    StepKind.FIRST: "eventBasedGateway",
    StepKind.SYSTEM: "serviceTask",
    StepKind.TIMER: "intermediateCatchEvent",
    StepKind.MESSAGE: "intermediateCatchEvent",
    StepKind.CALL: "callActivity",
    StepKind.SUBPROCESS: "subProcess",
}
_ISO = {NormUnit.CALENDAR_DAY: "P{}D", NormUnit.MONTH: "P{}M"}


def draw(definition: Definition, *, process: str, name: str) -> bytes:
    """The definition as BPMN 2.0 XML with a layout of its own; reading it back gives an equal definition."""
    return build(
        process=process, name=name, shapes=_shapes(definition), wires=_wires(definition),
        contents=write_contents(definition),
    )  # fmt: skip


def redraw(definition: Definition, drawing: Drawing, *, process: str) -> bytes | None:
    """The drawing with what the definition says now, its shapes where they stand; None when steps or ways differ."""
    return bpmn.redraw(
        drawing, process=process, shapes=_shapes(definition), wires=_wires(definition),
        contents=write_contents(definition),
    )  # fmt: skip


def _shapes(definition: Definition) -> list[Shape]:
    return [_shape(step, definition) for step in definition.steps]


def _wires(definition: Definition) -> list[Wire]:
    return [Wire(flow.key, flow.source, flow.target, flow.name, flow.guard, flow.default) for flow in definition.flows]


def _shape(step: Step, definition: Definition) -> Shape:
    tag = "boundaryEvent" if step.host else _TAGS[step.kind]
    ways = [flow for flow in definition.flows if flow.source == step.key]
    if step.kind is StepKind.FORK and any(flow.guard for flow in ways):
        tag = "inclusiveGateway"
    event = {StepKind.TIMER: "timer", StepKind.MESSAGE: "message", StepKind.TERMINATE: "terminate"}.get(step.kind, "")
    timer = None
    if step.kind is StepKind.TIMER and step.norm is not None and step.norm_unit in _ISO:
        timer = ("timeDuration", _ISO[step.norm_unit].format(int(step.norm)))
    attributes = {}
    if step.host and not step.interrupting:
        attributes["cancelActivity"] = "false"
    if step.kind is StepKind.CALL:
        attributes["calledElement"] = step.call
    message = step.message if step.kind is StepKind.MESSAGE else ""
    return Shape(step.key, tag, step.name, step.scope, step.host, event, timer, message, attributes, _extension(step))


def _extension(step: Step) -> dict[str, str]:
    """Everything of a step that its shape does not say."""
    own = {
        name: str(value)
        for name in ("role", "form", "output", "wait", "message", "action", "call", "table", "note")
        if (value := getattr(step, name))
    }
    own["kind"] = str(step.kind)
    if step.norm is not None:
        own |= {"norm": format(step.norm, "f"), "norm_unit": str(step.norm_unit)}
    if step.returns_to:
        own["returns_to"] = " ".join(step.returns_to)
    default = Step("", "", step.kind)
    for name in ("unit_rule", "sign", "clock"):
        if getattr(step, name) != getattr(default, name):
            own[name] = str(getattr(step, name))
    if step.lane:
        own["lane"] = step.lane
    return own
