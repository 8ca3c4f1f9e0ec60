"""What each node of a drawing becomes by its kind alone, and what of it cannot run; flows are `translating`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from khcn.kernel.procedures.choices import NormUnit, StepClock, StepKind, StepSign, UnitRule
from khcn.kernel.procedures.engine.definition import Step
from khcn.kernel.procedures.engine.drawings.events import SEND, EventReader
from khcn.lib.labelled import Labelled
from khcn.standards.bpmn import Drawing, Node, Process

_MACHINE_TASKS = {"serviceTask": "dịch vụ", "scriptTask": "mã lệnh", "businessRuleTask": "quy tắc nghiệp vụ"}
_OWN_TEXTS = ("role", "form", "output", "wait", "message", "action", "call", "table", "note", "lane")
_OWN_CHOICES: dict[str, type[Labelled]] = {
    "kind": StepKind, "unit_rule": UnitRule, "norm_unit": NormUnit, "sign": StepSign, "clock": StepClock,
}  # fmt: skip
#: A step run keeps this much of the name of the message that it waits for.
_MESSAGE_LIMIT = 120


class NodeReader(EventReader):
    """Turns nodes into steps, and keeps obstacles and notes by the way."""

    def __init__(self, drawing: Drawing, process: Process) -> None:
        super().__init__(process)
        self.drawing = drawing
        self.calls: dict[str, str] = {}
        self.nodes = drawing.nodes_of(process.id)
        self.by_id = {node.id: node for node in self.nodes}
        self.drawn = [
            flow for flow in drawing.flows_of(process.id) if flow.source in self.by_id and flow.target in self.by_id
        ]

    def _step(self, node: Node) -> Step:
        """The step that a node becomes: by its kind, then by what our own extension says of it."""
        step = self._own(node, self._by_kind(node))
        return replace(step, message=step.message[:_MESSAGE_LIMIT])

    def _by_kind(self, node: Node) -> Step:
        step = Step(node.id, node.name, StepKind.HUMAN, scope=node.scope, lane=" / ".join(node.lane))
        if node.attributes.get("isForCompensation") == "true":
            self._stop(node.id, node.name, "Việc bù trừ chưa chạy được ở đây.")
        match node.tag:
            case "startEvent":
                return self._start(node, step)
            case "endEvent":
                return self._end(node, step)
            case "intermediateCatchEvent" | "boundaryEvent":
                return self._catch(node, step)
            case "intermediateThrowEvent" | "implicitThrowEvent":
                return self._throw(node, step)
            case "receiveTask":
                self._note(node, "Bước nhận: đi tiếp khi hồ sơ khác gửi tới hoặc người có vai trò ghi nhận đã nhận.")
                return replace(step, kind=StepKind.MESSAGE, message=node.message or node.name or node.id)
            case "sendTask":
                self._note(node, "Bước gửi: máy gửi thông điệp cho các hồ sơ cùng đối tượng đang chờ rồi đi tiếp.")
                return replace(step, kind=StepKind.SYSTEM, action=SEND, message=self._sent(node))
            case "serviceTask" | "scriptTask" | "businessRuleTask":
                if not (node.extension.get("action") or node.extension.get("table")):
                    what = _MACHINE_TASKS[node.tag]
                    self._note(node, f"Việc của máy ({what}) chưa gắn chức năng: chạy như việc do người xác nhận.")
                return step
            case "exclusiveGateway":
                return replace(step, kind=StepKind.DECISION)
            case "inclusiveGateway" | "parallelGateway":
                return self._fork_or_join(node, step)
            case "complexGateway":
                if node.expressions.get("activationCondition"):
                    self._stop(node.id, node.name, "Điều kiện mở của cổng phức hợp chưa chạy được; hãy thay cổng khác.")
                else:
                    self._note(node, "Cổng phức hợp chạy như cổng bao gồm: chọn một hay nhiều nhánh, gộp thì chờ đủ.")
                return self._fork_or_join(node, step)
            case "eventBasedGateway":
                if node.attributes.get("instantiate") == "true":
                    self._note(node, "Cổng sự kiện mở quy trình: hồ sơ được mở trước, rồi chờ việc xảy ra đầu tiên.")
                return replace(step, kind=StepKind.FIRST)
            case "subProcess" | "transaction" | "adHocSubProcess":
                return self._sub_process(node, step)
            case "callActivity":
                return self._call(node, step)
            case "choreographyTask" | "subChoreography" | "callChoreography":
                self._stop(node.id, node.name, "Sơ đồ phối hợp (choreography) là bản vẽ, không chạy được.")
                if node.tag == "subChoreography":
                    return replace(step, kind=StepKind.SUBPROCESS)
        return step

    def _fork_or_join(self, node: Node, step: Step) -> Step:
        forks = sum(flow.source == node.id for flow in self.drawn) > 1
        return replace(step, kind=StepKind.FORK if forks else StepKind.JOIN)

    def _sub_process(self, node: Node, step: Step) -> Step:
        if node.tag == "transaction":
            self._note(node, "Giao dịch chạy như quy trình con; không có phần bù trừ tự động.")
        if not any(one.scope == node.id for one in self.nodes):
            self._note(node, "Quy trình con được vẽ rỗng: chạy như một việc của người.")
            return step
        return replace(step, kind=StepKind.SUBPROCESS)

    def _call(self, node: Node, step: Step) -> Step:
        called = node.attributes.get("calledElement", "").rsplit(":", 1)[-1] or node.extension.get("call", "")
        if not called:
            self._note(node, "Bước gọi chưa ghi quy trình được gọi: chạy như một việc của người.")
            return step
        beside = next((one for one in self.drawing.processes if one.id == called), None)
        if beside is not None:
            # The draft that the process beside became has a code; it was told when the drawing was kept.
            called, name = self.calls.get(node.id, called), (beside.name or called)[:80]
            self._note(node, f"Gọi quy trình “{name}” của cùng bản vẽ; quy trình ấy phải có hiệu lực từ trước.")
        else:
            self._note(node, f"Gọi quy trình mã “{called}”; quy trình ấy phải có hiệu lực khi hồ sơ đến bước này.")
        return replace(step, kind=StepKind.CALL, call=called)

    def _own(self, node: Node, step: Step) -> Step:
        """What our own extension says of the step goes before what the drawing's shape says."""
        own = node.extension
        if not own:
            return step
        values: dict[str, object] = {name: own[name] for name in _OWN_TEXTS if own.get(name)}
        for name, enum in _OWN_CHOICES.items():
            if own.get(name) in enum.values():
                values[name] = enum(own[name])
        if own.get("norm"):
            try:
                values["norm"] = Decimal(own["norm"])
            except ArithmeticError:
                self._stop(node.id, node.name, f"Định mức “{own['norm']}” không phải là số.")
        if own.get("returns_to"):
            values["returns_to"] = tuple(own["returns_to"].split())
        return replace(step, **values)  # type: ignore[arg-type]
