"""Drawings as definitions and back; outside drawings that are said to run do run to their end."""

import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from khcn.kernel.procedures.choices import FieldKind, NormUnit, StepClock, StepKind
from khcn.kernel.procedures.engine.checks import STEPS_LIMIT, faults_of
from khcn.kernel.procedures.engine.definition import Definition, Flow, Form, Step
from khcn.kernel.procedures.engine.drawings import draw, translate, translate_all
from khcn.kernel.procedures.engine.drawings.conditions import converted
from khcn.kernel.procedures.engine.drawings.durations import spoken_duration
from khcn.kernel.procedures.engine.expressions import read as read_expression
from khcn.kernel.procedures.engine.machine import Finished, Graph, Machine
from khcn.kernel.procedures.models import Procedure
from khcn.kernel.procedures.queries import definition_of
from khcn.kernel.procedures.tests.samples import permit
from khcn.standards.bpmn import BPMN, read
from khcn.standards.bpmn.tests.variants import NOT_RUN, VARIANTS, plain

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
        "A.1.0": 1, "A.2.0": 1, "A.2.1": 1, "A.3.0": 1, "A.4.0": 2, "A.4.1": 2, "C.1.0": 2, "C.1.1": 1, "C.2.0": 4,
        "C.3.0": 1, "C.4.0": 4,
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
        (CATCH.format("timer").replace("/>", "><timeDuration>lâu</timeDuration>"
         "</timerEventDefinition>", 1), "không phải khoảng thời gian"),
        (CATCH.format("compensate"), "bù trừ"),
        ('<complexGateway id="b" name="Chờ"><activationCondition>a</activationCondition></complexGateway>', "phức hợp"),
        (CATCH.format("error").replace("Catch", "Throw"), "Phát lỗi"),
        (CATCH.format("cancel").replace("Catch", "Throw"), "hủy giao dịch"),
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


@pytest.mark.parametrize("name", VARIANTS)
def test_variant_keeps_every_node_and_runs_or_says_why_not(name):
    drawing = read(VARIANTS[name])

    translations = translate_all(drawing)

    for one in translations:
        steps, flows = ({part.key for part in parts} for parts in (one.definition.steps, one.definition.flows))
        assert {node.id for node in drawing.nodes_of(one.process.id)} <= steps
        assert {flow.id for flow in drawing.flows_of(one.process.id) if flow not in drawing.dangling} <= flows
        assert one.is_executable or any(fault.stops for fault in faults_of(one.definition)) or name == "empty process"
        for seed in range(30 if one.is_executable else 0):
            assert play(one.definition, random.Random(seed)), (one.process.id, seed)
    assert (bool(translations) and all(one.is_executable for one in translations)) == (name not in NOT_RUN)


@pytest.mark.django_db
@pytest.mark.parametrize("name", VARIANTS)
def test_variant_is_imported_and_exported_as_it_was_drawn(name, tmp_path):
    path = tmp_path / "ve.bpmn"
    path.write_bytes(VARIANTS[name])
    drawing = read(VARIANTS[name])

    if not drawing.nodes:
        with pytest.raises(CommandError, match="không có quy trình nào"):
            call_command("import_process", str(path), "--code", "QT")
        return
    call_command("import_process", str(path), "--code", "QT")

    for procedure in Procedure.objects.filter(code__startswith="QT"):
        kept = read(procedure.versions.get().drawing.encode())
        assert kept.canonical() == drawing.canonical()
        assert (kept.nodes, kept.flows, kept.links) == (drawing.nodes, drawing.flows, drawing.links)


def test_sub_process_that_throws_ends_or_goes_on_as_its_boundary_says():
    drawing = read(VARIANTS["errors and escalations"])
    graph = Graph(translate(drawing, drawing.processes[0]).definition)

    def after(chosen: str) -> list[str]:
        machine = Machine(graph, holds=lambda flow: flow.target == chosen)
        machine.start()
        for step in ("st", "sg"):
            machine.complete(next(token.id for token in machine.tokens.values() if token.step == step))
        return sorted(token.step for token in machine.tokens.values())

    assert after("ok") == []
    assert after("bad") == ["fix"]
    assert after("up") == ["tell"]


def test_error_is_caught_two_sub_processes_further_out():
    definition = Definition(
        (
            Step("s", "", StepKind.START), Step("o", "", StepKind.SUBPROCESS),
            Step("os", "", StepKind.START, scope="o"), Step("i", "", StepKind.SUBPROCESS, scope="o"),
            Step("is", "", StepKind.START, scope="i"),
            Step("x", "", StepKind.HUMAN, "specialist", scope="i"),
            Step("bad", "", StepKind.TERMINATE, scope="i", message="error:sai"),
            Step("b", "", StepKind.MESSAGE, host="o", message="error:"), Step("fix", "", StepKind.HUMAN, "specialist"),
        ),
        (
            Flow("1", "s", "o"), Flow("2", "os", "i"), Flow("3", "is", "x"), Flow("4", "x", "bad"),
            Flow("5", "b", "fix"),
        ),
    )  # fmt: skip
    machine = Machine(Graph(definition), holds=lambda flow: True)
    machine.start()

    machine.complete(next(token.id for token in machine.tokens.values() if token.step == "x"))

    assert [token.step for token in machine.tokens.values()] == ["fix"]


def test_ad_hoc_work_is_chosen_until_it_is_enough():
    drawing = read(VARIANTS["ad-hoc"])
    one = translate(drawing, drawing.processes[0])
    facts: dict[str, Any] = {}
    machine = Machine(Graph(one.definition), holds=lambda flow: read_expression(flow.guard).holds(facts))

    def resting() -> list[str]:
        return sorted(token.step for token in machine.tokens.values() if not token.waits_at_join and token.step != "h")

    def do(step: str, *chosen: str) -> None:
        if chosen:
            facts["chon_h"] = list(chosen)
        machine.complete(next(token.id for token in machine.tokens.values() if token.step == step))

    machine.start()
    assert one.definition.form("nhap_h__choose").fields[0].options == ("Thuê phòng", "In giấy mời", "Xong")
    do("h__choose", "Thuê phòng", "In giấy mời")
    assert resting() == ["x", "z"]
    do("z")
    assert resting() == ["x", "y"]
    do("y")
    do("x")
    do("h__choose", "Thuê phòng")
    do("x")
    do("h__choose", "Xong")
    assert isinstance(machine.changes[-1], Finished)


def test_event_sub_process_ends_the_rest_or_runs_beside_it():
    drawing = read(VARIANTS["event sub-processes"])
    machine = Machine(Graph(translate(drawing, drawing.processes[0]).definition), holds=lambda flow: True)

    def come(step: str) -> set[str]:
        machine.complete(next(token.id for token in machine.tokens.values() if token.step == step))
        return {token.step for token in machine.tokens.values()} & {"st", "xt", "rt"}

    machine.start()

    assert come("xa__trigger") == {"st", "xt"}
    assert come("xa__trigger") == {"st", "xt"}
    assert come("ra__trigger") == {"rt"}
    assert come("rt") == set()
    assert isinstance(machine.changes[-1], Finished)


def test_timers_are_read_from_iso_durations_cycles_words_and_names():
    drawing = read(VARIANTS["timers"])
    one = translate(drawing, drawing.processes[0])

    timers = [step for step in one.definition.steps if step.kind is StepKind.TIMER]
    assert [(step.norm, step.norm_unit, step.wait) for step in timers] == [
        (None, NormUnit.WORKING_HOUR, 'date("2026-12-24")'), (Decimal("0.50"), NormUnit.WORKING_HOUR, ""),
        (1, NormUnit.CALENDAR_DAY, ""), (5, NormUnit.WORKING_DAY, ""), (3, NormUnit.CALENDAR_DAY, ""),
        (None, NormUnit.CALENDAR_DAY, "ngay_hen"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("7 days", "7 ngày"), ("Sau 5 ngày làm việc", "5 ngày làm việc"), ("24h", "24 giờ làm việc"),
        ("30 phút", "0.5 giờ làm việc"), ("2 tuần", "14 ngày"), ("1 year", "12 tháng"), ("1,5 giờ", "1.5 giờ làm việc"),
        ("2-3 ngày", None), ("5 ngày và 3 giờ", None), ("Ngày 3 tháng 4", None), ("Mẫu 02 sau 7 ngày", None),
        ("", None),
    ],
)  # fmt: skip
def test_words_beside_a_clock_are_read_only_when_they_name_one_duration(text, read_as):
    found = spoken_duration(text)

    assert (found.text if found else None) == read_as


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Service Level == 'Premium'", 'service_level = "Premium"'), ("Đủ hồ sơ?", "đủ_hồ_sơ"),
        ("Không đủ hồ sơ", "Không đủ_hồ_sơ"), ("${tong gt 5 and not da_tra}", "tong > 5 and not da_tra"),
        ("Số tiền >= 50 and Loại hồ sơ = “khẩn cấp”", 'số_tiền >= 50 and loại_hồ_sơ = "khẩn cấp"'),
        ('ten = "a and b == c"', 'ten = "a and b == c"'), ("x for x in y", None), ("import os", None),
        ("if a then b", None), ("50 triệu", None), ("a = 1; b = 2", None),
    ],
)  # fmt: skip
def test_conditions_of_other_tools_are_said_in_our_language_or_not_at_all(text, said):
    found = converted(text)

    assert (found.text if found else None) == said


def test_drawing_too_large_to_run_is_kept_and_says_so_at_once():
    nodes = "".join(f'<task id="n{number}"/>' for number in range(STEPS_LIMIT + 1))
    drawing = read(plain(nodes))

    translation = translate(drawing, drawing.processes[0])

    assert len(translation.definition.steps) == STEPS_LIMIT + 1
    assert [remark.reason for remark in translation.obstacles] == [
        "Quy trình có quá nhiều bước hoặc đường nối; hãy tách thành nhiều quy trình."
    ]


def test_sentence_about_an_endless_name_is_short():
    translation = translate_all(read(plain(f'<startEvent id="a"/><task id="{"k" * 300}" name="{"y" * 3000}"/>')))[0]

    assert max(len(remark.reason) for remark in translation.obstacles) < 200


@pytest.mark.django_db
def test_call_within_one_drawing_calls_the_draft_that_the_process_became(tmp_path):
    path = tmp_path / "goi.bpmn"
    path.write_bytes(VARIANTS["one process calls the other"])

    call_command("import_process", str(path), code="QT-GOI")

    caller = Procedure.objects.get(code="QT-GOI").versions.get()
    called = [step.call for step in definition_of(caller).steps if step.kind is StepKind.CALL]
    drawing = read(caller.drawing.encode())
    again = translate(drawing, drawing.processes[0], base=definition_of(caller))
    assert called == ["QT-GOI-2"]
    assert Procedure.objects.filter(code="QT-GOI-2").exists()
    assert [step.call for step in again.definition.steps if step.call] == called


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
