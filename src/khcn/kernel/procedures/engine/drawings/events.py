"""What events of a drawing become: waits, rings, sends, throws and catches."""

from __future__ import annotations

import re
from dataclasses import replace

from khcn.kernel.procedures.choices import NormUnit, StepKind
from khcn.kernel.procedures.engine.definition import Step
from khcn.kernel.procedures.engine.drawings.conditions import converted, is_written_as_expression
from khcn.kernel.procedures.engine.drawings.durations import Duration, cycle, iso_duration, spoken_duration
from khcn.kernel.procedures.engine.drawings.remarks import Remarks
from khcn.kernel.procedures.engine.expressions.parsing import Name
from khcn.standards.bpmn import Drawing, EventDefinition, Node, Process

#: The registered system step that sends a message or signal to cases that wait for it.
SEND = "procedures.send"
NAMES = {
    "signal": "tín hiệu", "escalation": "leo thang", "compensate": "bù trừ", "cancel": "hủy giao dịch",
    "conditional": "điều kiện", "error": "lỗi", "link": "liên kết", "timer": "hẹn giờ", "message": "thông điệp",
}  # fmt: skip
THROWN = frozenset({"error", "escalation", "cancel"})
"""Kinds that are thrown to a boundary around them."""
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}")


class EventReader(Remarks):
    """Turns events into steps."""

    drawing: Drawing
    process: Process
    nodes: tuple[Node, ...]
    by_id: dict[str, Node]

    def _ask(self, source: str, name: str, kind: str) -> None:
        raise NotImplementedError

    def _opens_event_sub_process(self, node: Node) -> bool:
        around = self.by_id.get(node.scope)
        return around is not None and around.attributes.get("triggeredByEvent") == "true"

    def _start(self, node: Node, step: Step) -> Step:
        for event in () if self._opens_event_sub_process(node) else node.events:
            if event.kind in ("message", "signal", "timer", "conditional"):
                self._note(
                    node,
                    f"Bắt đầu khi có {NAMES[event.kind]}: hồ sơ được mở bởi người hay phần mềm nhận biết việc đó.",
                )
            else:
                self._stop(
                    node.id, node.name, f"Bắt đầu bằng {NAMES.get(event.kind, event.kind)} chưa chạy được ở đây."
                )
        return replace(step, kind=StepKind.START)

    def _end(self, node: Node, step: Step) -> Step:
        kinds = {event.kind for event in node.events}
        if "terminate" in kinds:
            return replace(step, kind=StepKind.TERMINATE)
        thrown = next((event for event in node.events if event.kind in THROWN), None)
        if thrown is not None:
            return self._thrown_at_end(node, step, thrown)
        if kinds & {"message", "signal"}:
            return self._throw(node, step)
        for kind in sorted(kinds):
            self._stop(node.id, node.name, f"Kết thúc bằng {NAMES.get(kind, kind)} chưa chạy được.")
        return replace(step, kind=StepKind.END)

    def _thrown_at_end(self, node: Node, step: Step, event: EventDefinition) -> Step:
        """An end that is caught around it ends what it is in; uncaught, an error or a cancellation ends the case."""
        message = f"{event.kind}:{event.name}"
        if event.kind == "escalation":
            if not self._is_caught(node, event):
                self._note(node, "Không có sự kiện biên nào bắt leo thang này: kết thúc như thường.")
            return replace(step, kind=StepKind.END, message=message)
        if not self._is_caught(node, event):
            if node.scope:
                self._stop(
                    node.id, node.name, f"Kết thúc bằng {NAMES[event.kind]} trong quy trình con mà không có nơi bắt."
                )
            else:
                self._note(node, f"Kết thúc bằng {NAMES[event.kind]}: toàn bộ hồ sơ kết thúc tại đây.")
        return replace(step, kind=StepKind.TERMINATE, message=message)

    def _is_caught(self, node: Node, event: EventDefinition) -> bool:
        """Whether something around the node catches the event, by its name or any of its kind: a boundary of one of the
        sub-processes that it lies in, or a sub-process beside it that the event opens."""
        scope = node.scope
        while True:
            for one in self.nodes:
                beside = self._opens_event_sub_process(one) and self.by_id[one.scope].scope == scope
                if (one.tag == "startEvent" and beside) or (scope and one.attached_to == scope):
                    caught = [each.name for each in one.events if each.kind == event.kind]
                    if event.name in caught or "" in caught:
                        return True
            if not scope:
                return False
            scope = self.by_id[scope].scope if scope in self.by_id else ""

    def _catch(self, node: Node, step: Step) -> Step:
        interrupting = node.attributes.get("cancelActivity") != "false"
        step = replace(step, host=node.attached_to, interrupting=interrupting)
        if len(node.events) != 1:
            return self._several(node, step)
        event = node.events[0]
        match event.kind:
            case "timer":
                return self._timer(node, step)
            case "link" if not node.attached_to:
                return replace(step, kind=StepKind.JOIN)
            case "message" | "signal":
                sender = "signal:" if event.kind == "signal" else ""
                self._note(
                    node,
                    f"Chờ {NAMES[event.kind]}: đi tiếp khi hồ sơ khác gửi tới hoặc người có vai trò ghi nhận đã đến.",
                )
                return replace(step, kind=StepKind.MESSAGE, message=sender + (event.name or node.name or node.id))
            case "conditional":
                said = f" “{event.text[:80]}”" if event.text else ""
                self._note(node, f"Chờ điều kiện{said}: người có vai trò ghi nhận khi điều kiện xảy ra.")
                return replace(step, kind=StepKind.MESSAGE, message=f"conditional:{node.name or node.id}"[:120])
            case "error" | "escalation" | "cancel" if node.attached_to:
                self._note(
                    node,
                    f"Bắt {NAMES[event.kind]}: do bước bên trong phát ra, hoặc người có vai trò ghi nhận đã xảy ra.",
                )
                return replace(step, kind=StepKind.MESSAGE, message=f"{event.kind}:{event.name}"[:120])
        self._stop(node.id, node.name, f"Chờ {NAMES.get(event.kind, event.kind)} chưa chạy được ở đây.")
        return replace(step, kind=StepKind.MESSAGE, message=node.name or node.id)

    def _several(self, node: Node, step: Step) -> Step:
        """An event that waits for several things, or does not say for what: a person records that it came."""
        kinds = [event.kind for event in node.events]
        if "timer" in kinds or "compensate" in kinds:
            self._stop(node.id, node.name, "Sự kiện chờ nhiều thứ cùng lúc, trong đó có hẹn giờ hoặc bù trừ.")
        elif not kinds:
            self._note(node, "Sự kiện chờ chưa ghi chờ gì: người có vai trò ghi nhận khi việc xảy ra.")
        elif node.attributes.get("parallelMultiple") == "true":
            self._note(node, "Sự kiện chờ nhiều thứ: người có vai trò ghi nhận khi đã đến đủ.")
        else:
            self._note(node, "Sự kiện chờ nhiều thứ: người có vai trò ghi nhận khi có một thứ đến.")
        return replace(step, kind=StepKind.MESSAGE, message=(node.name or node.id)[:120])

    def _timer(self, node: Node, step: Step) -> Step:
        event = next(one for one in node.events if one.kind == "timer")
        event = replace(event, text=event.text.strip("\"'“” "))
        step = replace(step, kind=StepKind.TIMER)
        if node.extension.get("norm") or node.extension.get("wait"):
            return step
        if event.form == "timeDate" and _DAY.match(event.text):
            return replace(step, wait=f'date("{event.text[:10]}")')
        found = iso_duration(event.text)
        if found is None and (again := cycle(event.text)):
            times, found = again
            if node.attached_to and not step.interrupting and times != "1":
                self._stop(node.id, node.name, "Hẹn giờ nhắc lại nhiều lần chưa chạy được; hãy vẽ vòng lặp.")
            else:
                self._note(node, "Hẹn giờ theo chu kỳ: ở đây chỉ chờ một chu kỳ.")
        if found is None and (found := spoken_duration(event.text)):
            self._note(node, f"Thời gian chờ “{event.text[:40]}” được đọc là {found.text}.")
        if found is None and not event.text and (found := spoken_duration(node.name)):
            self._note(node, f"Bản vẽ không ghi thời gian chờ; lấy theo tên gọi: {found.text}.")
        if found is not None:
            return self._waiting(node, step, found, is_iso=event.text.startswith("P"))
        expression = converted(event.text) if is_written_as_expression(event.text) else None
        if expression is not None and isinstance(expression.tree, Name):
            is_date = event.form == "timeDate"
            if is_date:
                self._note(node, f"Chờ đến ngày ghi trong dữ liệu “{expression.text[:60]}”.")
            else:
                self._note(node, f"Chờ số ngày ghi trong dữ liệu “{expression.text[:60]}”.")
            self._ask(node.id, expression.tree.name, "date" if is_date else "number")
            return replace(step, wait=expression.text, norm_unit=NormUnit.CALENDAR_DAY)
        what = (
            "chưa ghi thời gian" if not event.text else f"ghi “{event.text[:40]}”, không phải khoảng thời gian đọc được"
        )
        self._stop(node.id, node.name, f"Sự kiện hẹn giờ {what}.")
        return step

    def _waiting(self, node: Node, step: Step, found: Duration, *, is_iso: bool) -> Step:
        if found.mixed:
            self._stop(node.id, node.name, "Khoảng thời gian gồm cả tháng và ngày; hãy ghi một đơn vị.")
        if is_iso and found.unit is NormUnit.WORKING_HOUR:
            self._note(node, "Giờ trong bản vẽ được tính là giờ làm việc.")
        return replace(step, norm=found.amount, norm_unit=found.unit)

    def _throw(self, node: Node, step: Step) -> Step:
        kinds = {event.kind for event in node.events}
        if not kinds or kinds == {"link"}:
            return replace(step, kind=StepKind.JOIN)
        if kinds == {"escalation"}:
            event = node.events[0]
            if not self._is_caught(node, event):
                self._note(node, "Không có sự kiện biên nào bắt leo thang này: hồ sơ đi tiếp như thường.")
            return replace(step, kind=StepKind.JOIN, message=f"escalation:{event.name}"[:120])
        if kinds <= {"message", "signal"}:
            self._note(node, "Sự kiện gửi: máy gửi cho các hồ sơ đang chờ rồi đi tiếp.")
            return replace(step, kind=StepKind.SYSTEM, action=SEND, message=self._sent(node))
        for kind in sorted(kinds):
            self._stop(node.id, node.name, f"Phát {NAMES.get(kind, kind)} chưa chạy được ở đây.")
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
