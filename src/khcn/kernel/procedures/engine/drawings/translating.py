"""From a drawing to definitions, one per process: every node becomes a step, and whatever cannot run is named.

Obstacles stop a process from running as drawn. Notes say how something drawn is run here when it is not word for word:
a gateway without conditions asks the person, a machine's task without a program waits for a person, and so on. Nothing
is dropped: the drawing itself is kept beside the definition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from khcn.kernel.procedures.choices import FieldKind, StepKind
from khcn.kernel.procedures.engine.checks import STEPS_LIMIT, faults_of
from khcn.kernel.procedures.engine.definition import WAITING_KINDS, Definition, Field, Flow, Form, Step
from khcn.kernel.procedures.engine.drawings.conditions import Asked, asked_for, converted
from khcn.kernel.procedures.engine.drawings.contents import read_contents
from khcn.kernel.procedures.engine.drawings.patterns import Patterns, fact_for, quoted
from khcn.kernel.procedures.engine.drawings.remarks import Remark
from khcn.kernel.procedures.engine.expressions import Expression
from khcn.lib.roles import Role
from khcn.standards.bpmn import Drawing, Node, Process, SequenceFlow

_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})
_KINDS_ASKED = {"bool": FieldKind.YES_NO, "number": FieldKind.NUMBER, "date": FieldKind.DATE}


@dataclass(frozen=True, slots=True)
class Translation:
    """One process of a drawing as a definition."""

    process: Process
    definition: Definition
    obstacles: tuple[Remark, ...]
    notes: tuple[Remark, ...]

    @property
    def is_executable(self) -> bool:
        """True when nothing stops the process from running as drawn."""
        return not self.obstacles


def translate_all(drawing: Drawing) -> list[Translation]:
    """Every process of the drawing, in document order."""
    return [translate(drawing, process) for process in drawing.processes]


def translate(drawing: Drawing, process: Process, *, base: Definition | None = None) -> Translation:
    """One process as a definition. base: the definition that forms, tables and facts are taken over from."""
    return _Translator(drawing, process, base).translation()


class _Translator(Patterns):
    def __init__(self, drawing: Drawing, process: Process, base: Definition | None) -> None:
        super().__init__(drawing, process)
        kept = base or read_contents(process.contents)
        self.forms: dict[str, Form] = {form.key: form for form in kept.forms} if kept else {}
        self.tables = kept.tables if kept else ()
        self.facts: dict[str, str] = dict(kept.facts) if kept else {}
        self.calls = {step.key: step.call for step in kept.steps if step.call} if kept else {}
        self.conditions: dict[str, list[Expression]] = defaultdict(list)
        self.timed: dict[str, dict[str, Asked]] = defaultdict(dict)
        self.steps: dict[str, Step] = {}
        self.flows: dict[str, Flow] = {}

    def translation(self) -> Translation:
        """Translate nodes, then flows, then what both need."""
        if max(len(self.nodes), len(self.drawn) // 4) > STEPS_LIMIT:
            return self._too_large()
        if sum(process.id == self.process.id for process in self.drawing.processes) > 1:
            first = self.nodes[0].id if self.nodes else ""
            self._stop(first, self.process.name, f"Mã “{self.process.id[:80]}” dùng cho nhiều quy trình của bản vẽ.")
        for flow in self.drawing.flows_of(self.process.id):
            if flow not in self.drawn:
                self._stop(flow.id, flow.name, "Đường nối có một đầu không gắn vào bước nào.")
        for node in self.nodes:
            if node.id in self.steps:
                self._stop(node.id, node.name, f"Mã “{node.id[:80]}” dùng cho nhiều phần tử của bản vẽ.")
            self.steps[node.id] = self._step(node)
        for flow in self.drawn:
            guard = self._guard(flow)
            self.flows[flow.id] = Flow(flow.id, flow.source, flow.target, guard, flow.is_default, flow.name)
        for source, conditions in self.conditions.items():
            self._ask_before(source, asked_for(conditions))
        for source, wanted in self.timed.items():
            self._ask_before(source, wanted)
        self._link_events()
        for node in self.nodes:
            self._branching(node)
            if node.loop:
                self._loop(node)
            if node.tag == "adHocSubProcess":
                self._ad_hoc(node)
        self._event_sub_processes()
        for scope in ["", *(step.key for step in self.steps.values() if step.kind is StepKind.SUBPROCESS)]:
            self._starts(scope)
            self._several_starts(scope)
        self._roles()
        if self.drawing.data:
            self._note_once("Đối tượng dữ liệu và kho dữ liệu được giữ trong bản vẽ, không điều khiển việc chạy.")
        definition = Definition(
            tuple(self.steps.values()), tuple(self.flows.values()), self.tables, tuple(self.forms.values()), self.facts
        )
        if not self.nodes:
            self._stop("", self.process.name, "Quy trình được vẽ rỗng, không có bước nào.")
        else:
            named = {remark.node for remark in self.obstacles}
            for fault in faults_of(definition):
                source = self.flows[fault.at].source if fault.at in self.flows else fault.at
                if fault.stops and not {fault.at, source} & named:
                    self._stop(fault.at, self._name_of(fault.at), fault.sentence)
        marked = [
            replace(step, obstacle=next((one.reason for one in self.obstacles if one.node == step.key), step.obstacle))
            for step in definition.steps
        ]
        return Translation(
            self.process, replace(definition, steps=tuple(marked)), tuple(self.obstacles), tuple(self.notes)
        )

    def _too_large(self) -> Translation:
        """The steps by their names alone: nobody runs them, and the drawing is kept."""
        self._stop("", self.process.name, "Quy trình có quá nhiều bước hoặc đường nối; hãy tách thành nhiều quy trình.")
        reason = self.obstacles[-1].reason
        steps = {node.id: Step(node.id, node.name, StepKind.HUMAN, obstacle=reason) for node in self.nodes}
        return Translation(self.process, Definition(tuple(steps.values()), ()), tuple(self.obstacles), ())

    def _ask(self, source: str, name: str, kind: str) -> None:
        self.timed[source][name] = Asked(kind)

    def _name_of(self, key: str) -> str:
        step = self.steps.get(key)
        flow = self.flows.get(key)
        return step.name if step else flow.name if flow else ""

    # -- flows

    def _guard(self, flow: SequenceFlow) -> str:
        if not flow.condition:
            return ""
        expression = converted(flow.condition)
        if expression is None:
            source = self.by_id[flow.source]
            self._stop(
                source.id, source.name, f"Điều kiện “{flow.condition[:80]}” viết bằng ngôn ngữ khác, không đọc được."
            )
            return ""
        if expression.text != flow.condition:
            self._note(self.by_id[flow.source], f"Điều kiện “{flow.condition[:80]}” được viết lại: {expression.text}")
        self.conditions[flow.source].append(expression)
        return expression.text

    def _ask_before(self, source: str, wanted: dict[str, Asked]) -> None:
        """Have the people before a condition answer what it asks for, unless something else gives it."""
        given = {field.key for form in self.forms.values() for field in form.fields} | self.facts.keys()
        given |= {column.name for table in self.tables for column in table.outputs}
        missing = {name: asked for name, asked in wanted.items() if name not in given and name.isidentifier()}
        if not missing:
            return
        askers = self._people_before(source)
        for asker in askers:
            for name, asked in missing.items():
                self._add_field(asker, _question(name, asked))
            self._note(self.by_id[asker], f"Thêm ô nhập cho dữ liệu mà nhánh rẽ cần: {', '.join(missing)}.")
        if not askers:
            self._note(self.by_id[source], f"Dữ liệu {', '.join(missing)} phải có sẵn khi mở hồ sơ.")

    def _people_before(self, source: str) -> list[str]:
        host = self.steps[source].host
        found, seen = [], {source}
        frontier = [source] if not host else sorted({flow.source for flow in self.drawn if flow.target == host})
        while frontier:
            at = frontier.pop()
            if self.steps[at].kind is StepKind.HUMAN:
                found.append(at)
                continue
            if at != source and self.steps[at].kind in WAITING_KINDS:
                continue
            before = {flow.source for flow in self.drawn if flow.target == at} - seen
            seen |= before
            frontier += sorted(before)
        return found

    def _add_field(self, step: str, field: Field) -> None:
        key = self.steps[step].form or f"nhap_{step}"
        form = self.forms.get(key) or Form(key, self.steps[step].name or "Nhập dữ liệu")
        if field.key not in {one.key for one in form.fields}:
            self.forms[key] = replace(form, fields=(*form.fields, field))
        self.steps[step] = replace(self.steps[step], form=key)

    def _link_events(self) -> None:
        """A throwing link goes on at the catching link of its name."""
        catching = {
            node.events[0].name or node.name: node.id
            for node in self.nodes
            if node.tag == "intermediateCatchEvent" and node.events and node.events[0].kind == "link"
        }
        for node in self.nodes:
            if node.tag == "intermediateThrowEvent" and any(event.kind == "link" for event in node.events):
                target = catching.get(node.events[0].name or node.name)
                if target is None:
                    self._stop(node.id, node.name, "Sự kiện liên kết không có nơi đến cùng tên.")
                else:
                    key = f"{node.id}__link"
                    self.flows[key] = Flow(key, node.id, target)

    def _branching(self, node: Node) -> None:
        """A gateway whose branches carry no conditions asks the person who comes to it."""
        step = self.steps[node.id]
        if node.tag not in _CHOOSING or node.extension.get("table"):
            return
        ways = [flow for flow in self.flows.values() if flow.source == node.id]
        if len(ways) < 2:
            return
        bare = [way for way in ways if not way.guard and not way.default]
        if not bare or any(remark.node == node.id for remark in self.obstacles):
            return
        labels = self._labels(ways)
        several = node.tag != "exclusiveGateway"
        key = fact_for("chon", node.id)
        self.steps[node.id] = replace(step, kind=StepKind.HUMAN, name=node.name or "Chọn nhánh")
        arriving = [flow for flow in self.flows.values() if flow.target == node.id]
        if several and len(arriving) > 1:
            gathered = self._new(f"{node.id}__gathered", "", StepKind.JOIN, node.scope)
            for flow in arriving:
                self.flows[flow.key] = replace(flow, target=gathered)
            self._connect(f"{gathered}__flow", gathered, node.id)
        kind = FieldKind.CHOICES if several else FieldKind.CHOICE
        self._add_field(
            node.id, Field(key, node.name or "Chọn nhánh", kind, required=True, options=tuple(labels.values()))
        )
        for way in ways:
            text = quoted(labels[way.key])
            guard = f"{text} in {key}" if several else f"{key} = {text}"
            self.flows[way.key] = replace(way, guard=guard, default=False)
        self._note(node, "Cổng rẽ không có điều kiện: người xử lý chọn nhánh khi đến đây.")

    def _labels(self, ways: Sequence[Flow]) -> dict[str, str]:
        labels: dict[str, str] = {}
        for number, way in enumerate(ways, 1):
            label = way.name or self.steps[way.target].name or f"Nhánh {number}"
            labels[way.key] = label if label not in labels.values() else f"{label} ({number})"
        return labels

    # -- starts and roles

    def _starts(self, scope: str) -> None:
        """A level without a start event begins at every node that nothing leads to (BPMN 2.0.2, 10.5.2 and 13.2.1)."""
        inside = [step for step in self.steps.values() if step.scope == scope]
        if not inside or any(step.kind is StepKind.START for step in inside):
            return
        targets = {flow.target for flow in self.flows.values() if flow.source != flow.target}
        first = [
            step.key
            for step in inside
            if step.key not in targets and not step.host and not self._is_compensation(step.key)
        ]
        if not first:
            return
        key = f"{scope or self.process.id}__start"
        self.steps[key] = Step(key, "Bắt đầu", StepKind.START, scope=scope)
        for number, target in enumerate(first, 1):
            self.flows[f"{key}_{number}"] = Flow(f"{key}_{number}", key, target)
        where = self.steps[scope].name if scope else self.process.name
        self.notes.append(
            Remark(
                self.process.id, scope, where, "Không vẽ sự kiện bắt đầu: mọi bước không có đường đến được mở cùng lúc."
            )
        )

    def _is_compensation(self, key: str) -> bool:
        node = self.by_id.get(key)
        return node is not None and node.attributes.get("isForCompensation") == "true"

    def _roles(self) -> None:
        """Work, and what a person records as having come, gets a role; our own drawings say which."""
        bare = defaultdict(list)
        for key, step in self.steps.items():
            drawn = self.by_id.get(key)
            is_recorded = step.kind is StepKind.MESSAGE and not (drawn is not None and drawn.extension)
            if (step.kind is StepKind.HUMAN or is_recorded) and not step.role:
                bare[step.lane].append(key)
                self.steps[key] = replace(step, role=str(Role.SPECIALIST))
        for lane, keys in bare.items():
            where = f"làn “{lane}”" if lane else "không có làn"
            self._note_once(f"{len(keys)} bước ({where}) chưa gán vai trò của cơ quan: tạm giao chuyên viên.")


def _question(name: str, asked: Asked) -> Field:
    """A field for a fact: the texts that it is compared with are offered when there are several."""
    label = name.replace("_", " ")
    if asked.kind == "text" and len(asked.texts) > 1:
        return Field(name, label, FieldKind.CHOICE, required=True, options=asked.texts)
    kind = _KINDS_ASKED.get(asked.kind, FieldKind.TEXT)
    return Field(name, label, kind, required=kind is not FieldKind.YES_NO)
