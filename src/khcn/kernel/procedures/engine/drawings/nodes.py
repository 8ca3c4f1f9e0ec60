"""What each node of a drawing becomes by its kind alone, and what of it cannot run; flows are `translating`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from khcn.kernel.procedures.choices import NormUnit, StepClock, StepKind, StepSign, UnitRule
from khcn.kernel.procedures.engine.definition import Step
from khcn.kernel.procedures.engine.drawings.conditions import converted
from khcn.lib.labelled import Labelled
from khcn.standards.bpmn import Drawing, Node, Process

#: The registered system step that sends a message or signal to cases that wait for it.
SEND = "procedures.send"
_DURATION = re.compile(
    r"^P(?:(?P<Y>\d+)Y)?(?:(?P<M>\d+)M)?(?:(?P<W>\d+)W)?(?:(?P<D>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:\d+S)?)?$"
)
_MACHINE_TASKS = {"serviceTask": "dịch vụ", "scriptTask": "mã lệnh", "businessRuleTask": "quy tắc nghiệp vụ"}
_UNMAPPED_EVENTS = {
    "signal": "tín hiệu", "escalation": "leo thang", "compensate": "bù trừ", "cancel": "hủy giao dịch",
    "conditional": "điều kiện", "error": "lỗi", "link": "liên kết", "timer": "hẹn giờ", "message": "thông điệp",
}  # fmt: skip
_OWN_TEXTS = ("role", "form", "output", "wait", "message", "action", "call", "table", "note", "lane")
_OWN_CHOICES: dict[str, type[Labelled]] = {
    "kind": StepKind, "unit_rule": UnitRule, "norm_unit": NormUnit, "sign": StepSign, "clock": StepClock,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """An obstacle or a note. node: id in the drawing, empty for the whole process; reason: a whole sentence."""

    process: str
    node: str
    name: str
    reason: str


class NodeReader:
    """Turns nodes into steps, and keeps obstacles and notes by the way."""

    def __init__(self, drawing: Drawing, process: Process) -> None:
        self.drawing = drawing
        self.process = process
        self.nodes = drawing.nodes_of(process.id)
        self.by_id = {node.id: node for node in self.nodes}
        self.drawn = [
            flow for flow in drawing.flows_of(process.id) if flow.source in self.by_id and flow.target in self.by_id
        ]
        self.obstacles: list[Remark] = []
        self.notes: list[Remark] = []

    # -- remarks

    def _stop(self, node: str, name: str, reason: str) -> None:
        self.obstacles.append(Remark(self.process.id, node, name, reason))

    def _note(self, node: Node, reason: str) -> None:
        self.notes.append(Remark(self.process.id, node.id, node.name, reason))

    def _note_once(self, reason: str) -> None:
        self.notes.append(Remark(self.process.id, "", self.process.name, reason))

    # -- nodes

    def _step(self, node: Node) -> Step:
        """The step that a node becomes by its kind alone."""
        step = Step(node.id, node.name, StepKind.HUMAN, scope=node.scope, lane=" / ".join(node.lane))
        if node.attributes.get("isForCompensation") == "true":
            self._stop(node.id, node.name, "Việc bù trừ chưa chạy được ở đây.")
        if node.loop in ("parallel", "sequential"):
            self._stop(
                node.id, node.name, "Bước lặp nhiều lần (multi-instance) chưa chạy được: bản vẽ không nói số lần."
            )
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
                forks = sum(flow.source == node.id for flow in self.drawn) > 1
                return replace(step, kind=StepKind.FORK if forks else StepKind.JOIN)
            case "eventBasedGateway":
                if node.attributes.get("instantiate") == "true":
                    self._stop(node.id, node.name, "Cổng sự kiện dùng để mở quy trình chưa chạy được.")
                return replace(step, kind=StepKind.FIRST)
            case "complexGateway":
                self._stop(node.id, node.name, "Cổng phức hợp không có nghĩa chung để chạy; hãy thay bằng cổng khác.")
                return replace(step, kind=StepKind.JOIN)
            case "subProcess" | "transaction" | "adHocSubProcess":
                return self._sub_process(node, step)
            case "callActivity":
                return self._call(node, step)
            case "choreographyTask" | "subChoreography" | "callChoreography":
                self._stop(node.id, node.name, "Sơ đồ phối hợp (choreography) là bản vẽ, không chạy được.")
        return step

    def _start(self, node: Node, step: Step) -> Step:
        for event in node.events:
            if event.kind in ("message", "signal"):
                self._note(
                    node, "Bắt đầu khi nhận thông điệp hoặc tín hiệu: hồ sơ được mở bởi người hay phần mềm nhận nó."
                )
            else:
                self._stop(
                    node.id, node.name, f"Bắt đầu bằng {_UNMAPPED_EVENTS.get(event.kind, event.kind)} chưa chạy được."
                )
        return replace(step, kind=StepKind.START)

    def _end(self, node: Node, step: Step) -> Step:
        kinds = {event.kind for event in node.events}
        if "terminate" in kinds:
            return replace(step, kind=StepKind.TERMINATE)
        if "error" in kinds and self._catches_error(node):
            return replace(step, kind=StepKind.TERMINATE, message=self._error(node))
        if kinds & {"message", "signal"}:
            return self._throw(node, step)
        for event in node.events:
            self._stop(
                node.id, node.name, f"Kết thúc bằng {_UNMAPPED_EVENTS.get(event.kind, event.kind)} chưa chạy được."
            )
        return replace(step, kind=StepKind.END)

    @staticmethod
    def _error(node: Node) -> str:
        return next((f"error:{event.name}" for event in node.events if event.kind == "error"), "error:")

    def _catches_error(self, node: Node) -> bool:
        """Whether the sub-process around an error end has a boundary that catches it."""
        return any(
            one.attached_to == node.scope and any(event.kind == "error" for event in one.events)
            for one in self.nodes
            if one.tag == "boundaryEvent" and node.scope
        )

    def _catch(self, node: Node, step: Step) -> Step:
        interrupting = node.attributes.get("cancelActivity") != "false"
        step = replace(step, host=node.attached_to, interrupting=interrupting)
        if len(node.events) != 1:
            self._stop(node.id, node.name, "Sự kiện chờ chưa ghi chờ gì, hoặc chờ nhiều thứ cùng lúc.")
            return replace(step, kind=StepKind.MESSAGE, message=node.name or node.id)
        event = node.events[0]
        if event.kind == "timer":
            return self._timer(node, step)
        if event.kind in ("message", "signal"):
            sender = "signal:" if event.kind == "signal" else ""
            return replace(step, kind=StepKind.MESSAGE, message=sender + (event.name or node.name or node.id))
        if event.kind == "link":
            return replace(step, kind=StepKind.JOIN)
        if event.kind == "error" and node.attached_to:
            thrown = any(
                one.scope == node.attached_to and one.tag == "endEvent" and any(e.kind == "error" for e in one.events)
                for one in self.nodes
            )
            if thrown:
                return replace(step, kind=StepKind.MESSAGE, message=self._error(node))
        self._stop(node.id, node.name, f"Chờ {_UNMAPPED_EVENTS.get(event.kind, event.kind)} chưa chạy được ở đây.")
        return replace(step, kind=StepKind.MESSAGE, message=node.name or node.id)

    def _timer(self, node: Node, step: Step) -> Step:
        event = node.events[0]
        step = replace(step, kind=StepKind.TIMER)
        if node.extension.get("norm") or node.extension.get("wait"):
            return step
        if event.form == "timeDate" and (expression := converted(f'date("{event.text[:10]}")')):
            return replace(step, wait=expression.text)
        found = _DURATION.match(event.text) if event.form == "timeDuration" else None
        if found is None or not any(found.groupdict().values()):
            what = (
                "chưa ghi thời gian"
                if not event.text
                else f"ghi “{event.text[:40]}”, không phải khoảng thời gian đọc được"
            )
            self._stop(node.id, node.name, f"Sự kiện hẹn giờ {what}.")
            return step
        years, months, weeks, days, hours, minutes = (Decimal(found[name] or 0) for name in "YMWDhm")
        if months or years:
            if weeks or days or hours or minutes:
                self._stop(node.id, node.name, "Khoảng thời gian gồm cả tháng và ngày; hãy ghi một đơn vị.")
            return replace(step, norm=years * 12 + months, norm_unit=NormUnit.MONTH)
        if hours or minutes:
            self._note(node, "Giờ trong bản vẽ được tính là giờ làm việc.")
            total = (weeks * 7 + days) * 8 + hours + (minutes / 60).quantize(Decimal("0.01"))
            return replace(step, norm=total, norm_unit=NormUnit.WORKING_HOUR)
        return replace(step, norm=weeks * 7 + days, norm_unit=NormUnit.CALENDAR_DAY)

    def _throw(self, node: Node, step: Step) -> Step:
        kinds = {event.kind for event in node.events}
        if not kinds or kinds == {"link"}:
            return replace(step, kind=StepKind.JOIN)
        if kinds <= {"message", "signal"}:
            self._note(node, "Sự kiện gửi: máy gửi cho các hồ sơ đang chờ rồi đi tiếp.")
            return replace(step, kind=StepKind.SYSTEM, action=SEND, message=self._sent(node))
        for kind in sorted(kinds):
            self._stop(node.id, node.name, f"Phát {_UNMAPPED_EVENTS.get(kind, kind)} chưa chạy được ở đây.")
        return replace(step, kind=StepKind.JOIN)

    def _sent(self, node: Node) -> str:
        """The name under which the receiving event of a message flow waits; else the event's own."""
        for link in self.drawing.links:
            if link.kind == "messageFlow" and link.source == node.id:
                target = next((one for one in self.drawing.nodes if one.id == link.target), None)
                if target is not None:
                    named = next((event.name for event in target.events if event.kind == "message"), "")
                    return named or target.message or target.name or target.id
        event = node.events[0] if node.events else None
        sender = "signal:" if event is not None and event.kind == "signal" else ""
        return sender + ((event.name if event else "") or node.message or node.name or node.id)

    def _sub_process(self, node: Node, step: Step) -> Step:
        if node.attributes.get("triggeredByEvent") == "true":
            self._stop(node.id, node.name, "Quy trình con do sự kiện mở (event sub-process) chưa chạy được.")
        if node.tag == "adHocSubProcess":
            self._stop(node.id, node.name, "Quy trình con tự do (ad-hoc) chưa chạy được.")
        if node.tag == "transaction":
            self._note(node, "Giao dịch chạy như quy trình con; không có phần hủy và bù trừ.")
        if node.loop == "standard":
            self._stop(node.id, node.name, "Quy trình con lặp lại chưa chạy được; hãy vẽ vòng lặp bằng cổng.")
        if not any(one.scope == node.id for one in self.nodes):
            self._note(node, "Quy trình con được vẽ rỗng: chạy như một việc của người.")
            return step
        return replace(step, kind=StepKind.SUBPROCESS)

    def _call(self, node: Node, step: Step) -> Step:
        called = node.attributes.get("calledElement", "").rsplit(":", 1)[-1] or node.extension.get("call", "")
        if not called:
            self._note(node, "Bước gọi chưa ghi quy trình được gọi: chạy như một việc của người.")
            return step
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
