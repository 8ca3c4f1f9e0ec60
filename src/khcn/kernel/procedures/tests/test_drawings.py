"""Drawings as definitions and back; outside drawings that are said to run do run to their end."""

import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from khcn.kernel.procedures.choices import FieldKind, NormUnit, StepClock, StepKind
from khcn.kernel.procedures.engine.checks import faults_of
from khcn.kernel.procedures.engine.definition import Definition, Flow, Form, Step
from khcn.kernel.procedures.engine.drawings import draw, translate, translate_all
from khcn.kernel.procedures.engine.expressions import read as read_expression
from khcn.kernel.procedures.engine.machine import Finished, Graph, Machine
from khcn.kernel.procedures.models import Procedure
from khcn.kernel.procedures.tests.samples import permit
from khcn.standards.bpmn import BPMN, read

REFERENCE = Path(__file__).resolve().parents[5] / "../shared/reference/bpmn"
DRAWINGS = sorted(REFERENCE.glob("*.bpmn"))
needs_reference = pytest.mark.skipif(
    not DRAWINGS, reason="the MIWG reference drawings are not at ../shared/reference/bpmn"
)


def invented(form: Form | None, dice: random.Random) -> dict[str, Any]:
    """Answers to a form, by chance."""
    values: dict[str, Any] = {}
    for field in form.fields if form else ():
        match field.kind:
            case FieldKind.CHOICE:
                values[field.key] = dice.choice(field.options)
            case FieldKind.CHOICES:
                values[field.key] = dice.sample(field.options, dice.randint(1, len(field.options)))
            case FieldKind.YES_NO:
                values[field.key] = dice.random() < 0.5
            case FieldKind.NUMBER | FieldKind.MONEY:
                values[field.key] = Decimal(dice.randint(0, 100))
            case _:
                values[field.key] = dice.choice(["yes", "no", "Premium"])
    return values


def play(definition: Definition, dice: random.Random, limit: int = 400) -> bool:
    """Run a definition by chance; True when it finished within the limit of steps."""
    graph = Graph(definition)
    facts: dict[str, Any] = {}
    machine = Machine(graph, holds=lambda flow: read_expression(flow.guard).holds(facts))
    changes = machine.start()
    for _ in range(limit):
        if isinstance(changes[-1], Finished):
            return True
        ready = [one for one in machine.tokens.values() if not one.waits_at_join]
        ready = [one for one in ready if graph.steps[one.step].kind is not StepKind.SUBPROCESS]
        token = dice.choice([one for one in ready if one.host is None] or ready)
        if dice.random() < 0.2:
            token = dice.choice(ready)
        facts |= invented(definition.form(graph.steps[token.step].form), dice)
        changes = machine.complete(token.id)
    return isinstance(changes[-1], Finished)


@needs_reference
def test_reference_drawings_executable_processes_are_as_many_as_claimed():
    counts = {path.stem: sum(one.is_executable for one in translate_all(read(path.read_bytes()))) for path in DRAWINGS}

    assert counts == {
        "A.1.0": 1, "A.2.0": 1, "A.2.1": 1, "A.3.0": 0, "A.4.0": 2, "A.4.1": 2, "C.1.0": 1, "C.1.1": 1, "C.2.0": 4,
        "C.3.0": 0, "C.4.0": 4,
    }  # fmt: skip


@needs_reference
@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_reference_processes_said_to_run_do_run(path):
    for one in translate_all(read(path.read_bytes())):
        if one.is_executable:
            assert not [fault for fault in faults_of(one.definition) if fault.stops]
            for seed in range(30):
                assert play(one.definition, random.Random(seed)), (path.stem, one.process.id, seed)


@needs_reference
@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_reference_nodes_all_become_steps_and_obstacles_name_them(path):
    drawing = read(path.read_bytes())

    for one in translate_all(drawing):
        steps = {step.key for step in one.definition.steps}
        assert {node.id for node in drawing.nodes_of(one.process.id)} <= steps
        for remark in (*one.obstacles, *one.notes):
            assert remark.reason.endswith((".", ")")) or ":" in remark.reason
            assert not remark.node or remark.node in steps | {flow.key for flow in one.definition.flows}


def test_definition_drawn_and_read_back_is_equal():
    definition = permit()

    drawing = read(draw(definition, process="QT-01", name="Cấp giấy phép"))
    back = translate(drawing, drawing.processes[0])

    assert back.is_executable, back.obstacles
    assert {step.key: step for step in back.definition.steps} == {step.key: step for step in definition.steps}
    assert set(back.definition.flows) == set(definition.flows)
    assert (back.definition.tables, back.definition.forms) == (definition.tables, definition.forms)
    assert dict(back.definition.facts) == dict(definition.facts)


def test_timers_boundaries_and_subprocesses_survive_the_drawing():
    definition = Definition(
        steps=(
            Step("s", "Bắt đầu", StepKind.START),
            Step("p", "Con", StepKind.SUBPROCESS),
            Step("s2", "Vào", StepKind.START, scope="p"),
            Step("x", "Làm", StepKind.HUMAN, "specialist", scope="p", returns_to=("x",), clock=StepClock.PAUSE),
            Step("e2", "Ra", StepKind.END, scope="p"),
            Step("t", "Quá hạn", StepKind.TIMER, norm=Decimal(3), norm_unit=NormUnit.CALENDAR_DAY, host="p"),
            Step("m", "Nhắc", StepKind.MESSAGE, message="nhac", host="p", interrupting=False),
            Step("c", "Gọi", StepKind.CALL, call="QT-02"),
            Step("e", "Hết", StepKind.END),
        ),
        flows=(
            Flow("f1", "s", "p"), Flow("f2", "s2", "x"), Flow("f3", "x", "e2"), Flow("f4", "p", "c"),
            Flow("f5", "t", "e"), Flow("f6", "m", "e"), Flow("f7", "c", "e"),
        ),
    )  # fmt: skip

    drawing = read(draw(definition, process="P", name="P"))
    back = translate(drawing, drawing.processes[0]).definition

    assert {step.key: step for step in back.steps} == {step.key: step for step in definition.steps}
    assert set(back.flows) == set(definition.flows)


def drawn(body: str):
    """One process with the body, translated."""
    text = f'<definitions xmlns="{BPMN}" targetNamespace="x"><process id="p">{body}</process></definitions>'
    drawing = read(text.encode())
    return translate(drawing, drawing.processes[0])


CATCH = '<intermediateCatchEvent id="b" name="Chờ"><{}EventDefinition/></intermediateCatchEvent>'
CHAIN = '<sequenceFlow id="f" sourceRef="a" targetRef="b"/><sequenceFlow id="g" sourceRef="b" targetRef="c"/>'


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (CATCH.format("timer"), "chưa ghi thời gian"),
        (CATCH.format("conditional"), "điều kiện"),
        ('<task id="b" name="Chờ"><multiInstanceLoopCharacteristics/></task>', "lặp nhiều lần"),
        ('<complexGateway id="b" name="Chờ"/>', "phức hợp"),
        (CATCH.format("escalation").replace("Catch", "Throw"), "leo thang"),
        ('<adHocSubProcess id="b" name="Chờ"><task id="z"/></adHocSubProcess>', "ad-hoc"),
        ('<subProcess id="b" name="Chờ" triggeredByEvent="true"><task id="z"/></subProcess>', "event sub-process"),
        ('<task id="b" name="Chờ" isForCompensation="true"/>', "bù trừ"),
    ],
)  # fmt: skip
def test_what_cannot_run_is_an_obstacle_that_names_the_node(node, words):
    one = drawn(f'<startEvent id="a"/>{node}<endEvent id="c"/>{CHAIN}')

    found = [remark for remark in one.obstacles if words in remark.reason]
    assert found, one.obstacles
    assert found[0].name == "Chờ"
    assert any(fault.stops for fault in faults_of(one.definition))


def test_gateway_without_conditions_asks_the_person():
    one = drawn(
        '<startEvent id="a"/><exclusiveGateway id="b" name="Đạt?"/><task id="c" name="Cấp"/>'
        '<task id="d" name="Từ chối"/>'
        '<sequenceFlow id="f" sourceRef="a" targetRef="b"/><sequenceFlow id="g" name="Có" sourceRef="b" targetRef="c"/>'
        '<sequenceFlow id="h" sourceRef="b" targetRef="d"/>'
    )

    assert one.is_executable
    assert one.definition.step("b").kind is StepKind.HUMAN
    assert one.definition.form(one.definition.step("b").form).fields[0].options == ("Có", "Từ chối")
    assert any("chọn nhánh" in note.reason for note in one.notes)


@pytest.mark.parametrize("text", ["__import__('os').popen('id')", "a.b()", "x for x in y", "${T(java.lang.Runtime)}"])
def test_condition_that_is_code_is_never_run_but_named(text):
    one = drawn(
        '<startEvent id="a"/><exclusiveGateway id="b" default="h"/><endEvent id="c"/><endEvent id="d"/>'
        '<sequenceFlow id="f" sourceRef="a" targetRef="b"/>'
        f'<sequenceFlow id="g" sourceRef="b" targetRef="c"><conditionExpression>{text}</conditionExpression>'
        '</sequenceFlow><sequenceFlow id="h" sourceRef="b" targetRef="d"/>'
    )

    assert not one.is_executable


def test_command_prints_one_json_object(tmp_path, capsys):
    path = tmp_path / "ve.bpmn"
    path.write_bytes(draw(permit(), process="QT", name="QT"))

    call_command("import_process", str(path), "--dry-run", "--json")

    answer = json.loads(capsys.readouterr().out)
    assert answer == {"nodes": 11, "flows": 13, "dangling": 0, "processes": 1, "executable": 1, "obstacles": []}


@pytest.mark.django_db
def test_command_keeps_drafts_with_the_whole_drawing(tmp_path):
    path = tmp_path / "ve.bpmn"
    path.write_bytes(draw(permit(), process="QT", name="Cấp phép"))

    call_command("import_process", str(path), "--code", "QT-09")

    version = Procedure.objects.get(code="QT-09").versions.get()
    assert read(version.drawing.encode()).canonical() == read(path.read_bytes()).canonical()
    assert version.steps.count() == 11


def test_command_refuses_a_hostile_file_in_a_sentence(tmp_path):
    path = tmp_path / "xau.bpmn"
    path.write_bytes(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')

    with pytest.raises(CommandError, match="DOCTYPE"):
        call_command("import_process", str(path), "--dry-run")
