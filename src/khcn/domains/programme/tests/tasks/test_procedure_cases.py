"""Cases of the science procedures go with a task from its start to its application, due as its clocks say."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khcn.domains.programme.rules.machines import MACHINES
from khcn.domains.programme.rules.procedure_steps import (
    CLOCKS,
    EFFECTS,
    MONITORING,
    MONITORING_EVENTS,
    NO_STEP,
    USE,
    USE_EVENTS,
    Does,
    Science,
    label_of_act,
)
from khcn.domains.programme.services import changes, monitoring, results, settlement
from khcn.domains.programme.services.reference_procedures import load_procedures
from khcn.domains.programme.tests.tasks.test_task_to_application import _accept, _apply, _chair, _contract
from khcn.domains.programme.tests.tasks.world import SYSTEM, World, make_world
from khcn.kernel.procedures.choices import StepKind
from khcn.kernel.procedures.engine.definition import WORK_KINDS, Definition, Flow
from khcn.kernel.procedures.engine.machine import NoWayOn
from khcn.kernel.procedures.models import Case, Clock, ProcedureVersion
from khcn.kernel.procedures.queries import (
    definition_of,
    open_runs,
    runs_overdue,
    subject_address,
    verify_logs,
    worklist,
)
from khcn.kernel.procedures.services import claim_step, complete_step
from khcn.lib.dates import VIETNAM

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def world() -> World:
    load_procedures(by=SYSTEM)
    made = make_world()
    made.plan.standing_body = made.director.organisation
    made.plan.save()
    return made


def _case(world: World, procedure: Science) -> Case:
    return Case.objects.get(subject_uid=world.task.uid, version_pinned__procedure__code=procedure)


def _path(case: Case) -> list[tuple[str, str, str]]:
    return [(run.step_key, run.state, run.outcome) for run in case.runs.filter(kind__in=WORK_KINDS).order_by("id")]


def _definitions() -> dict[str, Definition]:
    load_procedures(by=SYSTEM)
    return {version.procedure.code: definition_of(version) for version in ProcedureVersion.objects.all()}


def _act(flow: Flow) -> str:
    """The act that takes the flow, as its condition names it."""
    return flow.guard.removeprefix('act = "').removesuffix('"')


def test_ways_are_called_by_the_labels_of_their_acts() -> None:
    flows = [flow for definition in _definitions().values() for flow in definition.flows if flow.guard]

    assert all(flow.name == label_of_act(*_act(flow).split(".", 1)) for flow in flows)


def test_every_transition_moves_a_case_or_says_why_not() -> None:
    acts = {f"{code}.{row.event}" for code, machine in MACHINES.items() for row in machine.transitions}
    acts |= {f"{MONITORING}.{event}" for event in MONITORING_EVENTS}
    acts |= {f"{USE}.{event}" for event in USE_EVENTS}

    assert acts == EFFECTS.keys() | NO_STEP.keys()
    assert not EFFECTS.keys() & NO_STEP.keys()
    assert all(NO_STEP.values())


def test_steps_of_the_table_are_left_by_their_acts_and_by_no_other() -> None:
    drawn = {
        (code, flow.source, _act(flow))
        for code, definition in _definitions().items()
        for flow in definition.flows
        if flow.guard and definition.step(flow.source).kind in WORK_KINDS
    }

    told = {
        (effect.procedure.value, step, act)
        for act, effects in EFFECTS.items()
        for effect in effects
        if effect.does is Does.COMPLETE
        for step in effect.steps
    }

    assert drawn == told
    assert {(code.value, step) for code, step in CLOCKS} <= {(code, step) for code, step, _ in drawn}


def test_no_step_is_left_by_the_act_that_led_into_it() -> None:
    for definition in _definitions().values():
        for step in definition.steps:
            into = {_act(flow) for flow in definition.flows if flow.target == step.key and flow.guard}
            out = {_act(flow) for flow in definition.flows if flow.source == step.key and flow.guard}
            assert not into & out or step.kind is StepKind.DECISION


def test_whole_path_of_a_task_leaves_a_finished_case_per_stage(world: World) -> None:
    _contract(world)
    report = monitoring.submit_progress(
        by=world.host.actor, task=world.task, content="Đã làm", percent_done=20, spent_vnd=0, on=date(2022, 12, 1)
    )
    monitoring.check_progress(
        by=world.specialist.actor, report=report, is_accepted=True, remark="", on=date(2022, 12, 5)
    )
    _accept(world)
    results.submit_registration(
        by=world.host.actor, task=world.task, abstract="Tóm tắt", has_source_code=None, on=date(2024, 7, 20)
    )
    results.confirm_finalised(by=_chair(world), task=world.task, on=date(2024, 7, 15))
    results.certify_registration(by=world.focal.actor, task=world.task, on=date(2024, 8, 1))
    results.recognise_result(by=world.leader.actor, task=world.task, decision_number="9/QĐ", on=date(2024, 8, 10))
    use = _apply(world)
    results.confirm_application(by=world.user.actor, application=use, number="07/XN", on=date(2025, 3, 10))
    results.confirm_applied(by=world.specialist.actor, task=world.task, application=use, on=date(2025, 6, 1))

    watched, accepted, used = (_case(world, one) for one in (Science.MONITOR, Science.ACCEPT, Science.USE))
    assert (watched.state, watched.outcome) == ("ended", "Hết thời gian thực hiện")
    assert _path(watched) == [
        ("bao_cao", "done", "Nộp báo cáo tiến độ"),
        ("len_lich", "cancelled", ""),
        ("xem_bao_cao", "done", "Chấp nhận báo cáo tiến độ"),
        ("bao_cao", "done", "Nộp hồ sơ nghiệm thu"),
    ]
    assert _path(accepted) == [
        ("nop_ho_so", "done", "Nộp hồ sơ nghiệm thu"),
        ("kiem_tra_ho_so", "done", "Đưa ra hội đồng nghiệm thu"),
        ("lap_hoi_dong", "done", "Ghi nhận nghiệm thu đạt"),
        ("hoan_thien", "done", "Xác nhận hoàn thiện hồ sơ"),
        ("thanh_ly", "ready", ""),
        ("dang_ky", "done", "Cấp giấy chứng nhận đăng ký kết quả"),
        ("cong_nhan", "done", "Công nhận kết quả"),
    ]
    assert used.state == "running"
    assert _path(used) == [
        ("ban_giao", "done", "Bàn giao kết quả"),
        ("xac_nhan", "done", "Đơn vị ứng dụng xác nhận"),
        ("do_6", "ready", ""),
        ("theo_doi", "done", "Xác nhận đã ứng dụng"),
    ]
    done = accepted.runs.get(step_key="kiem_tra_ho_so")
    assert (done.done_by, done.done_at.astimezone(VIETNAM).date()) == (world.specialist.user, date(2024, 6, 12))
    assert not verify_logs().faults

    settlement.liquidate(by=world.accountant.actor, task=world.task, handed_over=True, on=date(2024, 12, 1))
    settlement.settle_task(by=world.accountant.actor, task=world.task, document_number="3/QT", on=date(2024, 12, 20))

    accepted.refresh_from_db()
    assert (accepted.state, accepted.outcome) == ("ended", "Nghiệm thu đạt")


def test_termination_cancels_the_open_case_with_its_reason(world: World) -> None:
    _contract(world)
    asked = changes.ask_termination(
        by=world.host.actor, task=world.task, ground="Chủ nhiệm mất khả năng", is_objective=True, on=date(2023, 2, 1)
    )
    changes.check_site(by=world.specialist.actor, termination=asked, findings="Đúng như báo cáo", on=date(2023, 2, 10))

    changes.terminate_task(
        by=world.director.actor, task=world.task, decision_number="5/QĐ", refund_vnd=0, assets_note="Không có",
        on=date(2023, 3, 1),
    )  # fmt: skip

    case = _case(world, Science.MONITOR)
    assert (case.state, case.outcome) == ("cancelled", "Chấm dứt hợp đồng")
    assert case.events.get(verb="cancelled").facts["reason"] == "Chủ nhiệm mất khả năng"
    assert not open_runs(case).exists()


def test_pause_of_the_task_stops_the_clock_of_its_case(world: World) -> None:
    _contract(world)

    changes.pause_task(by=world.director.actor, task=world.task, reason="Bão", on=date(2022, 9, 1))
    assert _case(world, Science.MONITOR).state == "paused"
    changes.resume_task(by=world.director.actor, task=world.task, reason="Hết bão", on=date(2022, 10, 1))

    assert _case(world, Science.MONITOR).state == "running"


def test_step_is_due_with_the_clock_and_waits_for_the_host_alone(world: World) -> None:
    _contract(world)
    clock = Clock.objects.get(subject_uid=world.task.uid, rule_key="report.progress")

    run = open_runs(_case(world, Science.MONITOR)).get(step_key="bao_cao")

    assert run.due_at is not None
    assert run.due_at.astimezone(VIETNAM).date() == clock.due_on
    assert run in worklist(world.host.actor)
    assert run not in worklist(world.user.actor)
    assert run not in runs_overdue(now=datetime(clock.due_on.year, clock.due_on.month, clock.due_on.day, 9, tzinfo=UTC))
    assert run in runs_overdue(now=datetime(clock.due_on.year + 1, 1, 1, tzinfo=UTC))


def test_step_is_not_done_from_the_worklist_without_the_act_of_the_programme(world: World) -> None:
    _contract(world)
    run = claim_step(by=world.host.actor, run=open_runs(_case(world, Science.MONITOR)).get(step_key="bao_cao"))

    with pytest.raises(NoWayOn):
        complete_step(by=world.host.actor, run=run)

    assert run in open_runs(_case(world, Science.MONITOR))


def test_loading_twice_changes_nothing(world: World) -> None:
    before = list(ProcedureVersion.objects.order_by("id").values())

    tally = load_procedures(by=SYSTEM)

    assert (tally.added, tally.changed, tally.same) == (0, 0, 5)
    assert list(ProcedureVersion.objects.order_by("id").values()) == before
    assert {row["state"] for row in before} == {"effective"}


def test_backfill_opens_what_is_missing_once() -> None:
    world = make_world()
    _contract(world)
    _accept(world)
    assert not Case.objects.exists()
    load_procedures(by=SYSTEM)

    said = [StringIO(), StringIO()]
    for output in said:
        call_command("open_science_cases", stdout=output)

    assert said[0].getvalue().startswith("Đã mở 3 hồ sơ; đã có 0")
    assert said[1].getvalue().startswith("Đã mở 0 hồ sơ; đã có 3; cập nhật 0")
    assert _case(world, Science.MONITOR).state == "ended"
    assert {run.step_key for run in open_runs(_case(world, Science.ACCEPT))} == {"hoan_thien", "thanh_ly"}
    assert {run.step_key for run in open_runs(_case(world, Science.USE))} == {"ban_giao"}


def test_page_of_the_task_shows_its_cases_in_two_more_queries(world: World, client: Client) -> None:
    client.force_login(world.specialist.user)
    with CaptureQueriesContext(connection) as before:
        client.get(reverse("task_page", args=[world.task.uid]))
    _contract(world)
    _accept(world)

    with CaptureQueriesContext(connection) as after:
        page = client.get(reverse("task_page", args=[world.task.uid])).content.decode()

    assert "Thanh lý hợp đồng" in page
    assert "Hoàn thiện hồ sơ sau nghiệm thu" in page
    assert sum("procedures_case" in query["sql"] for query in after) == 1
    assert sum("procedures_steprun" in query["sql"] for query in after) == 1
    assert len(after) <= len(before) + 1
    assert subject_address(_case(world, Science.ACCEPT)) == reverse("task_page", args=[world.task.uid])
