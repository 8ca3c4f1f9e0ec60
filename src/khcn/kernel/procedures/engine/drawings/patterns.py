"""What a drawing says in one shape and the engine runs in several steps: loops, ad-hoc and event sub-processes, starts.

Steps and flows made here carry keys with two underscores; the drawing itself stays as it was drawn.
"""

from __future__ import annotations

import re
from dataclasses import replace

from khcn.kernel.procedures.choices import FieldKind, StepKind
from khcn.kernel.procedures.engine.definition import Field, Flow, Step
from khcn.kernel.procedures.engine.drawings.nodes import NodeReader
from khcn.standards.bpmn import Node

AGAIN, ENOUGH = "Làm lại", "Xong"
_NOT_IN_A_NAME = re.compile(r"[^0-9A-Za-z_]")


def fact_for(prefix: str, key: str) -> str:
    """The name of a fact that is asked for at a step."""
    return f"{prefix}_{_NOT_IN_A_NAME.sub('_', key)}"


def quoted(text: str) -> str:
    """The text as conditions write it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Patterns(NodeReader):
    """Rewrites steps and flows already translated."""

    steps: dict[str, Step]
    flows: dict[str, Flow]

    def _add_field(self, step: str, field: Field) -> None:
        raise NotImplementedError

    def _connect(self, key: str, source: str, target: str, guard: str = "", *, default: bool = False) -> None:
        self.flows[key] = Flow(key, source, target, guard, default)

    def _new(self, key: str, name: str, kind: StepKind, scope: str) -> str:
        self.steps[key] = Step(key, name, kind, scope=scope)
        return key

    def _inside(self, scope: str) -> list[Step]:
        return [step for step in self.steps.values() if step.scope == scope]

    # -- repetitions

    def _loop(self, node: Node) -> None:
        """A step that is done several times asks, each time, whether it is enough."""
        step = self.steps[node.id]
        several = node.loop in ("parallel", "sequential")
        count = node.expressions.get("loopCardinality", "")
        if several:
            times = f" ({count[:40]} lần)" if count else ""
            self._note(
                node, f"Bước làm nhiều lần{times}: làm lần lượt, sau mỗi lần người làm chọn “{ENOUGH}” hoặc “{AGAIN}”."
            )
        else:
            self._note(node, f"Việc lặp: người làm chọn “{ENOUGH}” hoặc “{AGAIN}”.")
        asking = node.id
        if step.kind is not StepKind.HUMAN:
            name = f"Làm lại “{step.name or node.id}”?"[:500]
            asking = self._new(f"{node.id}__loop", name, StepKind.HUMAN, step.scope)
            self.steps[asking] = replace(self.steps[asking], lane=step.lane)
            for flow in [one for one in self.flows.values() if one.source == node.id]:
                self.flows[flow.key] = replace(flow, source=asking)
            self._connect(f"{asking}__flow", node.id, asking)
        fact = fact_for("lap", node.id)
        self._add_field(
            asking, Field(fact, "Làm lại bước này?", FieldKind.CHOICE, required=True, options=(ENOUGH, AGAIN))
        )
        ways = [flow for flow in self.flows.values() if flow.source == asking]
        for way in ways:
            enough = f"{fact} = {quoted(ENOUGH)}"
            self.flows[way.key] = replace(way, guard=f"{enough} and ({way.guard})" if way.guard else enough)
        if not ways:
            end = self._new(f"{node.id}__end", "Xong", StepKind.END, step.scope)
            self._connect(f"{end}__flow", asking, end, default=True)
        again = f"{node.id}__again"
        self.flows[again] = Flow(again, asking, node.id, f"{fact} = {quoted(AGAIN)}", name=AGAIN)

    def _ad_hoc(self, node: Node) -> None:
        """People choose which of the things inside are done next, again and again until they say it is enough."""
        inside = self._inside(node.id)
        if self.steps[node.id].kind is not StepKind.SUBPROCESS or any(one.kind is StepKind.START for one in inside):
            return
        keys = {one.key for one in inside}
        targets = {flow.target for flow in self.flows.values() if flow.source in keys}
        sources = {flow.source for flow in self.flows.values() if flow.source in keys}
        first = [one for one in inside if one.key not in targets and not one.host]
        last = [one for one in inside if one.key not in sources and one.kind not in (StepKind.END, StepKind.TERMINATE)]
        if not first:
            return
        start = self._new(f"{node.id}__start", "Bắt đầu", StepKind.START, node.id)
        name = f"Chọn việc trong “{node.name or node.id}”"[:500]
        asking = self._new(f"{node.id}__choose", name, StepKind.HUMAN, node.id)
        end = self._new(f"{node.id}__end", "Xong", StepKind.END, node.id)
        gathered = self._new(f"{node.id}__gathered", "", StepKind.JOIN, node.id)
        self.steps[asking] = replace(self.steps[asking], lane=self.steps[node.id].lane)
        fact = fact_for("chon", node.id)
        labels: dict[str, str] = {}
        for number, one in enumerate(first, 1):
            label = one.name or f"Việc {number}"
            labels[one.key] = label if label not in (*labels.values(), ENOUGH) else f"{label} ({number})"
        options = (*labels.values(), ENOUGH)
        self._add_field(asking, Field(fact, "Làm gì tiếp?", FieldKind.CHOICES, required=True, options=options))
        self._connect(f"{start}__flow", start, asking)
        for key, label in labels.items():
            self._connect(f"{asking}__{key}", asking, key, f"{quoted(label)} in {fact}")
        self._connect(f"{asking}__end", asking, end, default=True)
        for one in last:
            self._connect(f"{one.key}__gathered", one.key, gathered)
        self._connect(f"{gathered}__flow", gathered, asking)
        self._note(node, "Quy trình con tự do (ad-hoc): người làm chọn việc cần làm, làm xong lại chọn, đến khi đủ.")

    # -- starts and event sub-processes

    def _several_starts(self, scope: str) -> None:
        """Whoever opens a case that may begin in several places says where."""
        starts = [one for one in self._inside(scope) if one.kind is StepKind.START]
        if len(starts) < 2:
            return
        holder = scope or self.process.id
        start = self._new(f"{holder}__start", "Bắt đầu", StepKind.START, scope)
        asking = self._new(f"{holder}__which", "Bắt đầu từ đâu?", StepKind.HUMAN, scope)
        fact = fact_for("bat_dau", holder)
        labels: dict[str, str] = {}
        for number, one in enumerate(starts, 1):
            label = one.name or f"Bắt đầu {number}"
            labels[one.key] = label if label not in labels.values() else f"{label} ({number})"
            self.steps[one.key] = replace(one, kind=StepKind.JOIN)
        self._add_field(
            asking, Field(fact, "Bắt đầu từ đâu?", FieldKind.CHOICE, required=True, options=tuple(labels.values()))
        )
        self._connect(f"{start}__flow", start, asking)
        for key, label in labels.items():
            self._connect(f"{asking}__{key}", asking, key, f"{fact} = {quoted(label)}")
        self._note_once(f"{len(starts)} sự kiện bắt đầu: người mở hồ sơ chọn bắt đầu từ đâu.")

    def _event_sub_processes(self) -> None:
        """A sub-process that an event opens watches what is around it, as a boundary does."""
        found = [one for one in self.nodes if one.attributes.get("triggeredByEvent") == "true"]
        found = [one for one in found if self.steps[one.id].kind is StepKind.SUBPROCESS]
        if any(not one.scope for one in found):
            whole = self._wrap({one.id for one in found if not one.scope})
        for node in found:
            starts = [one for one in self.nodes if one.scope == node.id and one.tag == "startEvent"]
            if len(starts) != 1:
                self._stop(
                    node.id, node.name, "Quy trình con do sự kiện mở (event sub-process) phải có đúng một sự kiện mở."
                )
                continue
            self._watch(node, starts[0], node.scope or whole)

    def _wrap(self, watchers: set[str]) -> str:
        """Put everything at the process's own level into one sub-process, which can be watched."""
        whole = f"{self.process.id}__whole"
        for step in self._inside(""):
            if step.key not in watchers:
                self.steps[step.key] = replace(step, scope=whole)
        self._new(whole, self.process.name or "Toàn bộ quy trình", StepKind.SUBPROCESS, "")
        start = self._new(f"{whole}__start", "Bắt đầu", StepKind.START, "")
        end = self._new(f"{whole}__end", "Kết thúc", StepKind.END, "")
        self._connect(f"{start}__flow", start, whole)
        self._connect(f"{end}__flow", whole, end)
        return whole

    def _watch(self, node: Node, start: Node, host: str) -> None:
        around = self.steps[host].scope
        self.steps[node.id] = replace(self.steps[node.id], scope=around)
        interrupting = start.attributes.get("isInterrupting") != "false"
        drawn = replace(
            start, id=f"{start.id}__trigger", scope=around, attached_to=host, tag="boundaryEvent",
            attributes={"cancelActivity": "true" if interrupting else "false"},
        )  # fmt: skip
        trigger = Step(drawn.id, start.name or node.name, StepKind.MESSAGE, scope=around, lane=" / ".join(start.lane))
        self.by_id[drawn.id] = drawn
        self.steps[drawn.id] = self._catch(drawn, trigger)
        self._connect(f"{drawn.id}__flow", drawn.id, node.id)
        if interrupting:
            for way in [flow for flow in self.flows.values() if flow.source == host]:
                key = f"{way.key}__{node.id}"
                self.flows[key] = replace(way, key=key, source=node.id)
        if interrupting:
            self._note(node, "Quy trình con do sự kiện mở thay cho phần còn lại khi sự kiện xảy ra.")
        else:
            self._note(node, "Quy trình con do sự kiện mở chạy song song khi sự kiện xảy ra.")
