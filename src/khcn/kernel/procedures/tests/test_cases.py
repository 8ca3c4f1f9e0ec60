"""Cases through rows: opening, work, conflicts, the clock, messages, timers, return, cancellation, migration, log."""

import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.procedures.choices import CaseState, ClockReason, NormUnit, RunState, StepKind
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step
from khcn.kernel.procedures.errors import CaseClosed, ClockRefused, FormRefused, NotRunnable, StepTaken
from khcn.kernel.procedures.models import CalendarDay, CalendarRecount, Case, CaseEvent, StepRun
from khcn.kernel.procedures.queries import (
    case_page,
    effective_version,
    facts_of,
    may_come,
    preview_migration,
    register_system_step,
    run_at,
    runs_overdue,
    verify_logs,
    worklist,
)
from khcn.kernel.procedures.services import (
    approve_version,
    cancel_case,
    claim_step,
    comment_case,
    complete_step,
    deploy_version,
    edit_day,
    extend_case,
    fire_timers,
    install_procedure,
    migrate_cases,
    new_version,
    pause_clock,
    release_step,
    restart_clock,
    resume_clock,
    return_step,
    save_draft,
    send_message,
    set_step_due,
    start_case,
    submit_version,
    tell_overdue,
    withdraw_version,
)
from khcn.kernel.procedures.services.cases import recounting
from khcn.kernel.procedures.services.cases.recounting import resume_recounts
from khcn.kernel.procedures.tests.samples import permit
from khcn.lib.dates import VIETNAM, in_vietnam
from khcn.lib.failure import Forbidden, Refused, Stale
from khcn.lib.roles import Role

MONDAY = datetime(2023, 5, 15, 8, 0, tzinfo=VIETNAM)


class Office:
    """One department with its people and a procedure in force."""

    def __init__(self, cast) -> None:
        self.place = cast.organisation("Sở Khoa học và Công nghệ")
        self.author, self.clerk, self.colleague = (
            cast.actor(Role.SPECIALIST, organisation=self.place) for _ in range(3)
        )
        self.head = cast.actor(Role.HEAD, organisation=self.place)
        self.director = cast.actor(Role.DIRECTOR, organisation=self.place)
        self.stranger = cast.actor(Role.SPECIALIST, organisation=cast.organisation())

    def install(self, definition: Definition, code: str = "QT-01", **cover):
        return install_procedure(
            by=self.author, approver=self.director, code=code, title="Cấp giấy phép", definition=definition,
            effective_from=date(2023, 1, 1), owner=self.place, **cover,
        )  # fmt: skip

    def open(self, code: str = "QT-01", **more) -> Case:
        return start_case(by=self.clerk, procedure=code, title="Hồ sơ thử", deciding=self.place, now=MONDAY, **more)

    def do(self, case: Case, step: str, by=None, **more) -> StepRun:
        more.setdefault("now", MONDAY + timedelta(hours=1))
        return complete_step(by=by or self.clerk, run=run_at(case, step), **more)

    def waiting(self, case: Case) -> list[str]:
        rows = case.runs.filter(state__in=[RunState.READY, RunState.CLAIMED])
        return sorted(rows.values_list("step_key", flat=True))


@pytest.fixture
def office(cast) -> Office:
    return Office(cast)


QUICK = {"amount": "100.000.000", "field": "y tế"}
PARALLEL = {"amount": "900 triệu", "field": "nông nghiệp"}
COUNCIL = {"amount": "2 tỷ", "field": "y tế", "reason": "Thiết bị lớn"}


def test_case_runs_from_start_to_end_over_the_table(office):
    office.install(permit())
    case = office.open()

    office.do(case, "tiep_nhan", values=QUICK)
    office.do(case, "kiem_tra")
    office.do(case, "phe_duyet", by=office.director)

    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.ENDED, "Giấy phép")
    assert facts_of(case)["route"] == "nhanh"
    assert facts_of(case)["amount"] == Decimal(100_000_000)
    assert verify_logs().holds
    assert AuditEntry.objects.get(verb="case.end").after["head"] == case.head


def test_parallel_opinions_are_joined(office):
    office.install(permit())
    case = office.open()

    office.do(case, "tiep_nhan", values=PARALLEL)
    assert office.waiting(case) == ["y_kien_1", "y_kien_2"]
    office.do(case, "y_kien_1")
    assert office.waiting(case) == ["y_kien_2"]
    office.do(case, "y_kien_2", by=office.head)

    assert office.waiting(case) == ["phe_duyet"]


def test_message_step_pauses_the_clock_until_the_message(office):
    office.install(permit(), limit_amount=Decimal(5), limit_unit=NormUnit.WORKING_DAY)
    case = office.open()
    assert case.due_at == datetime(2023, 5, 22, 17, 30, tzinfo=VIETNAM)

    office.do(case, "tiep_nhan", values=COUNCIL)
    case.refresh_from_db()
    assert case.state == CaseState.PAUSED

    assert send_message(by=office.clerk, message="bien_ban", now=MONDAY + timedelta(days=3)) == 1

    case.refresh_from_db()
    assert case.state == CaseState.RUNNING
    assert case.due_at == datetime(2023, 5, 25, 17, 30, tzinfo=VIETNAM)
    assert office.waiting(case) == ["phe_duyet"]


def awaited(role: str = "specialist") -> Definition:
    """Work at whose boundary a message may come, then a message from outside, both recorded by a role."""
    return Definition(
        (
            Step("s", "", StepKind.START), Step("a", "Thẩm định", StepKind.HUMAN, "specialist"),
            Step("rut", "Xin rút", StepKind.MESSAGE, role, message="rut", host="a"),
            Step("cho", "Chờ công văn", StepKind.MESSAGE, role, message="cong-van"), Step("e", "", StepKind.END),
        ),
        (Flow("1", "s", "a"), Flow("2", "a", "cho"), Flow("3", "cho", "e"), Flow("4", "rut", "e")),
    )  # fmt: skip


def test_message_of_a_role_is_recorded_by_its_people_and_stands_in_their_worklist(office):
    office.install(awaited())
    case = office.open()
    assert [run.step_key for run in worklist(office.clerk)] == ["a"]
    office.do(case, "a")
    assert [run.step_key for run in worklist(office.clerk)] == ["cho"]

    with pytest.raises(Forbidden):
        office.do(case, "cho", by=office.stranger)
    office.do(case, "cho", note="Công văn số 12")

    case.refresh_from_db()
    assert case.state == CaseState.ENDED
    assert case.runs.get(step_key="cho").done_by_id == office.clerk.user_id
    assert verify_logs().holds


def test_message_at_the_boundary_is_recorded_and_ends_the_step(office):
    office.install(awaited())
    case = office.open()
    assert [run.step_key for run in may_come(run_at(case, "a"))] == ["rut"]

    office.do(case, "rut")

    case.refresh_from_db()
    assert case.state == CaseState.ENDED
    assert case.runs.get(step_key="a").state == RunState.CANCELLED


def test_message_without_a_role_is_for_no_person(office):
    office.install(awaited(role=""))
    case = office.open()
    office.do(case, "a")

    assert not worklist(office.clerk).exists()
    with pytest.raises(Refused, match="không do người hoàn thành"):
        office.do(case, "cho")
    assert send_message(by=office.clerk, message="cong-van", case=case) == 1


def test_form_faults_are_told_by_field_and_nothing_changes(office):
    office.install(permit())
    case = office.open()

    with pytest.raises(FormRefused) as refused:
        office.do(case, "tiep_nhan", values={"amount": "nhiều", "field": "khác"})

    assert set(refused.value.errors) == {"amount", "field"}
    assert office.waiting(case) == ["tiep_nhan"]
    assert case.events.count() == 1


def test_second_to_complete_is_told_who_was_first(office):
    office.install(permit())
    case = office.open()
    run = run_at(case, "tiep_nhan")
    complete_step(by=office.clerk, run=run, values=QUICK, now=MONDAY)

    with pytest.raises(StepTaken, match=office.clerk.name):
        complete_step(by=office.colleague, run=run, values=QUICK, now=MONDAY)


def test_claimed_step_is_kept_from_colleagues_until_released(office):
    office.install(permit())
    case = office.open()
    run = claim_step(by=office.clerk, run=run_at(case, "tiep_nhan"), now=MONDAY)

    with pytest.raises(StepTaken):
        claim_step(by=office.colleague, run=run)
    assert run not in worklist(office.colleague)
    release_step(by=office.clerk, run=run)

    assert run in worklist(office.colleague)


def test_strangers_may_not_work_on_the_step(office):
    office.install(permit())
    case = office.open()

    with pytest.raises(Forbidden):
        claim_step(by=office.stranger, run=run_at(case, "tiep_nhan"))
    assert not worklist(office.stranger).exists()


def test_return_goes_to_the_named_step_with_a_reason(office):
    office.install(permit())
    case = office.open()
    office.do(case, "tiep_nhan", values=QUICK)
    run = run_at(case, "kiem_tra")

    with pytest.raises(Refused):
        return_step(by=office.clerk, run=run, to="phe_duyet", reason="Thiếu")
    with pytest.raises(Refused):
        return_step(by=office.clerk, run=run, to="tiep_nhan", reason=" ")
    back = return_step(
        by=office.clerk, run=run, to="tiep_nhan", reason="Thiếu bản sao", now=MONDAY + timedelta(hours=2)
    )

    run.refresh_from_db()
    assert run.state == RunState.RETURNED
    assert back.step_key == "tiep_nhan"
    assert office.waiting(case) == ["tiep_nhan"]


def test_pause_resume_restart_and_extension_move_the_due_moment(office):
    office.install(permit(), limit_amount=Decimal(3))
    case = office.open()
    assert case.due_at.date() == date(2023, 5, 18)

    case = pause_clock(by=office.clerk, case=case, reason=ClockReason.SUPPLEMENT, now=MONDAY + timedelta(days=1))
    with pytest.raises(ClockRefused):
        pause_clock(by=office.clerk, case=case, reason=ClockReason.FEE)
    case = resume_clock(by=office.clerk, case=case, now=MONDAY + timedelta(days=3))
    assert case.due_at.date() == date(2023, 5, 22)
    with pytest.raises(ClockRefused):
        resume_clock(by=office.clerk, case=case)
    case = restart_clock(by=office.clerk, case=case, now=MONDAY + timedelta(days=4))
    assert case.due_at.date() == date(2023, 5, 24)
    later = datetime(2023, 6, 1, 17, 0, tzinfo=VIETNAM)
    case = extend_case(by=office.director, case=case, due_at=later, reason="Chờ ý kiến", now=MONDAY + timedelta(days=5))

    assert case.due_at == later
    assert verify_logs().holds


def test_calendar_edit_moves_unfinished_cases_only(office):
    office.install(permit(), limit_amount=Decimal(3))
    running, ended = office.open(), office.open()
    cancel_case(by=office.director, case=ended, reason="Rút hồ sơ", now=MONDAY)

    edit_day(by=office.head, on=date(2023, 5, 17), kind="local", name="Nghỉ bão", basis="Công điện 01")

    running.refresh_from_db()
    ended.refresh_from_db()
    assert running.due_at.date() == date(2023, 5, 19)
    assert ended.due_at.date() == date(2023, 5, 18)


def test_recount_left_by_a_dead_worker_goes_on_behind_the_last_case_it_looked_at(office):
    office.install(permit(), limit_amount=Decimal(3))
    looked_at, waiting = office.open(), office.open()
    CalendarDay.objects.create(on=date(2023, 5, 17), kind="local", name="Nghỉ bão", basis="Công điện 01")
    begun = MONDAY - timedelta(hours=1)
    left = CalendarRecount.objects.create(
        why="Sửa ngày 17/05/2023", asked_at=begun, touched_at=begun, attempts=1, total=2, done=1,
        last_case=looked_at.pk,
    )  # fmt: skip

    assert resume_recounts(now=begun) == 0
    assert resume_recounts(now=MONDAY) == 1

    left.refresh_from_db()
    looked_at.refresh_from_db()
    waiting.refresh_from_db()
    assert (left.total, left.done, left.moved, left.failure) == (2, 2, 1, "")
    assert left.ended_at is not None
    assert [case.due_at.date() for case in (looked_at, waiting)] == [date(2023, 5, 18), date(2023, 5, 19)]
    assert resume_recounts(now=MONDAY + timedelta(days=365)) == 0


def test_recount_that_fails_says_why_and_is_begun_again(office, monkeypatch):
    office.install(permit(), limit_amount=Decimal(3))
    case = office.open()
    with monkeypatch.context() as patch:
        patch.setattr(recounting, "recompute_case", lambda **_: 1 / 0)
        edit_day(by=office.head, on=date(2023, 5, 17), kind="local", name="Nghỉ bão", basis="Công điện 01")
    failed = CalendarRecount.objects.get()

    resume_recounts(now=timezone.now() + timedelta(hours=1))

    case.refresh_from_db()
    assert failed.failure.startswith("ZeroDivisionError")
    assert failed.ended_at is None
    assert CalendarRecount.objects.get().ended_at is not None
    assert case.due_at.date() == date(2023, 5, 19)


def test_calendar_edit_moves_live_steps_and_timers_and_says_so_in_the_log(office):
    office.install(
        small(
            Step("a", "Thẩm định", StepKind.HUMAN, "specialist", norm=Decimal(2), norm_unit=NormUnit.WORKING_DAY),
            Step("t", "Đợi", StepKind.TIMER, norm=Decimal(2), norm_unit=NormUnit.WORKING_DAY),
        )
    )
    working, waiting, set_by_hand = office.open(), office.open(), office.open()
    office.do(waiting, "a")
    set_step_due(by=office.head, run=run_at(set_by_hand, "a"), due_at=MONDAY + timedelta(days=3), now=MONDAY)

    edit_day(by=office.head, on=date(2023, 5, 16), kind="local", name="Nghỉ bão", basis="Công điện 01")

    assert in_vietnam(run_at(working, "a").due_at).date() == date(2023, 5, 18)
    assert in_vietnam(run_at(waiting, "t").fire_at).date() == date(2023, 5, 18)
    assert run_at(set_by_hand, "a").due_at == MONDAY + timedelta(days=3)
    assert [event.verb for event in CaseEvent.objects.filter(case=working)].count("recomputed") == 1
    assert not CaseEvent.objects.filter(case=set_by_hand, verb="recomputed").exists()
    assert verify_logs().holds


def test_calendar_edit_moves_a_step_that_stood_still_by_its_pause_as_well(office):
    office.install(
        small(Step("a", "", StepKind.HUMAN, "specialist", norm=Decimal(16), norm_unit=NormUnit.WORKING_HOUR))
    )
    case = office.open()
    pause_clock(by=office.clerk, case=case, reason=ClockReason.FEE, now=MONDAY + timedelta(hours=1))
    resume_clock(by=office.clerk, case=case, now=MONDAY + timedelta(days=1, hours=1))
    before = run_at(case, "a").due_at

    edit_day(by=office.head, on=date(2023, 5, 30), kind="local", name="Xa", basis="Công điện 02")
    unmoved = run_at(case, "a").due_at
    edit_day(by=office.head, on=date(2023, 5, 17), kind="local", name="Nghỉ bão", basis="Công điện 01")

    assert unmoved == before
    assert run_at(case, "a").due_at == before + timedelta(days=1)


def test_closed_case_takes_no_more_work(office):
    office.install(permit())
    case = office.open()
    run = run_at(case, "tiep_nhan")
    cancel_case(by=office.director, case=case, reason="Rút hồ sơ", now=MONDAY)

    with pytest.raises(StepTaken):
        complete_step(by=office.clerk, run=run, values=QUICK)
    with pytest.raises(CaseClosed):
        pause_clock(by=office.clerk, case=case, reason=ClockReason.FEE)


def small(*steps: Step) -> Definition:
    """Start, the steps in a row, end."""
    row = (Step("s", "Bắt đầu", StepKind.START), *steps, Step("e", "Xong", StepKind.END))
    flows = tuple(Flow(f"f{n}", one.key, two.key) for n, (one, two) in enumerate(itertools.pairwise(row)))
    return Definition(row, flows)


def test_timer_rings_after_working_time_only(office):
    office.install(small(Step("t", "Chờ", StepKind.TIMER, norm=Decimal(2), norm_unit=NormUnit.WORKING_DAY)))
    case = office.open()

    assert fire_timers(by=office.clerk, now=MONDAY + timedelta(days=1)).fired == 0
    assert fire_timers(by=office.clerk, now=MONDAY + timedelta(days=3)).fired == 1

    case.refresh_from_db()
    assert case.state == CaseState.ENDED


def test_timer_that_cannot_go_on_is_logged_and_tried_again(office):
    definition = small(Step("t", "Chờ", StepKind.TIMER, norm=Decimal(1)), Step("d", "Rẽ", StepKind.DECISION))
    flows = (*definition.flows[:2], replace(definition.flows[2], guard="ready"))
    office.install(replace(definition, flows=flows))
    case = office.open()

    sweep = fire_timers(by=office.clerk, now=MONDAY + timedelta(hours=3))

    assert (sweep.fired, sweep.refused) == (0, 1)
    assert case.events.latest("place").verb == "timer_refused"
    assert fire_timers(by=office.clerk, now=MONDAY + timedelta(hours=3, minutes=5)).refused == 0
    assert verify_logs().holds


def test_system_step_gives_facts_and_its_refusal_undoes_the_act(office):
    def check(context):
        if context.facts.get("bad"):
            raise Refused("Hồ sơ trùng.")
        return {"checked": True, "code": context.case.code}

    register_system_step("test.check", "Kiểm tra trùng", check)
    office.install(small(
        Step("a", "Nhập", StepKind.HUMAN, str(Role.SPECIALIST), norm=Decimal(1)),
        Step("m", "Tra trùng", StepKind.SYSTEM, action="test.check"),
        Step("b", "Duyệt", StepKind.HUMAN, str(Role.DIRECTOR), norm=Decimal(1)),
    ))  # fmt: skip
    case = office.open()

    with pytest.raises(Refused, match="trùng"):
        office.do(case, "a", facts={"bad": True})
    assert office.waiting(case) == ["a"]
    office.do(case, "a")

    case.refresh_from_db()
    assert facts_of(case) == {"checked": True, "code": case.code}
    assert office.waiting(case) == ["b"]


def test_called_procedure_hands_its_facts_back(office):
    office.install(small(Step("x", "Làm", StepKind.HUMAN, str(Role.SPECIALIST), norm=Decimal(1))), code="QT-CON")
    office.install(small(
        Step("c", "Gọi", StepKind.CALL, call="QT-CON"),
        Step("b", "Duyệt", StepKind.HUMAN, str(Role.DIRECTOR), norm=Decimal(1)),
    ))  # fmt: skip
    case = office.open()
    child = Case.objects.get(parent_run__case=case)

    office.do(child, "x", facts={"result": "tốt"})

    child.refresh_from_db()
    case.refresh_from_db()
    assert child.state == CaseState.ENDED
    assert office.waiting(case) == ["b"]
    assert facts_of(case)["result"] == "tốt"


def test_called_procedure_that_ends_at_once_lets_the_caller_go_on(office):
    office.install(small(), code="QT-RONG")
    office.install(small(Step("c", "Gọi", StepKind.CALL, call="QT-RONG")))

    case = office.open()

    case.refresh_from_db()
    assert case.state == CaseState.ENDED
    assert verify_logs().holds


def test_procedure_that_calls_itself_is_stopped(office):
    office.install(small(Step("c", "Gọi", StepKind.CALL, call="QT-01")))

    with pytest.raises(NotRunnable, match="lồng nhau"):
        office.open()
    assert not Case.objects.exists()


def test_overdue_steps_are_told_once(office):
    office.install(permit())
    office.open()
    late = MONDAY + timedelta(days=9)

    assert tell_overdue(now=MONDAY) == 0
    assert tell_overdue(now=late) == 1
    assert tell_overdue(now=late) == 0


def test_version_needs_another_person_to_approve(office):
    version = office.install(permit())
    draft = new_version(by=office.author, procedure=version.procedure, from_version=version)
    submit_version(by=office.author, version=draft)
    own = replace(office.director, user_id=office.author.user_id)

    with pytest.raises(Forbidden):
        approve_version(by=own, version=draft)
    with pytest.raises(Forbidden):
        approve_version(by=office.clerk, version=draft)


def test_version_with_faults_cannot_be_submitted(office):
    version = office.install(permit())
    draft = new_version(by=office.author, procedure=version.procedure, from_version=version)
    broken = replace(permit(), flows=permit().flows[:-1])
    save_draft(by=office.author, version=draft, definition=broken)

    with pytest.raises(NotRunnable) as refused:
        submit_version(by=office.author, version=draft)

    assert any("Đã giải quyết" in fault for fault in refused.value.faults)


def test_draft_saved_by_somebody_else_meanwhile_is_stale(office):
    version = office.install(permit())
    draft = new_version(by=office.author, procedure=version.procedure, from_version=version)
    save_draft(by=office.author, version=draft, purpose="Một", expected_version=1)

    with pytest.raises(Stale):
        save_draft(by=office.clerk, version=draft, purpose="Hai", expected_version=1)


def revised(office, definition: Definition):
    first = effective_version(Case.objects.first().version_pinned.procedure, on=date(2023, 5, 15))
    draft = new_version(by=office.author, procedure=first.procedure, from_version=first)
    save_draft(by=office.author, version=draft, definition=definition)
    submit_version(by=office.author, version=draft)
    approve_version(by=office.director, version=draft)
    return first, deploy_version(by=office.director, version=draft, effective_from=date(2023, 5, 16))


def test_cases_stay_on_their_version_and_move_where_their_steps_map(office):
    office.install(permit())
    mapped, stuck = office.open(), office.open()
    office.do(stuck, "tiep_nhan", values=QUICK)
    changed = permit()
    steps = tuple(replace(step, key="xem_xet") if step.key == "kiem_tra" else step for step in changed.steps)
    flows = tuple(
        replace(flow, **{end: "xem_xet" for end in ("source", "target") if getattr(flow, end) == "kiem_tra"})
        for flow in changed.flows
    )
    first, second = revised(office, replace(changed, steps=steps, flows=flows))

    plan = {move.case.pk: move for move in preview_migration(first, second)}

    assert plan[mapped.pk].maps
    assert not plan[stuck.pk].maps
    assert "không có bước này" in plan[stuck.pk].moves[0].reason
    with pytest.raises(Refused, match=stuck.code):
        migrate_cases(by=office.director, source=first, target=second, cases=[mapped, stuck], reason="Sửa quy trình")
    moved = migrate_cases(
        by=office.director, source=first, target=second, cases=[mapped, stuck], mapping={"kiem_tra": "xem_xet"},
        reason="Sửa quy trình",
    )  # fmt: skip
    assert moved == 2
    office.do(stuck, "xem_xet")
    assert office.waiting(stuck) == ["phe_duyet"]
    assert verify_logs().holds


def watched(message: str, boundary: str) -> Definition:
    """Work at whose boundary something is watched, beside a message that is waited for."""
    event = (
        Step("rut", "Xin rút", StepKind.MESSAGE, "specialist", message="rut", host="a")
        if boundary == "rut"
        else Step("qua", "Quá lâu", StepKind.TIMER, host="a", norm=Decimal(30), norm_unit=NormUnit.CALENDAR_DAY)
    )
    return Definition(
        (
            Step("s", "", StepKind.START), Step("f", "", StepKind.FORK),
            Step("a", "Thẩm định", StepKind.HUMAN, "specialist", returns_to=()), event,
            Step("m", "Chờ ý kiến", StepKind.MESSAGE, message=message), Step("e", "", StepKind.END),
        ),
        (Flow("1", "s", "f"), Flow("2", "f", "a"), Flow("3", "f", "m"), Flow("4", "a", "e"), Flow("5", "m", "e"),
         Flow("6", event.key, "e")),
    )  # fmt: skip


def test_case_that_moves_waits_for_what_the_new_version_waits_for(office):
    office.install(watched("y-kien-cu", "rut"))
    case = office.open()
    first, second = revised(office, watched("y-kien-moi", "qua"))
    moves = {move.run.step_key: move for move in preview_migration(first, second)[0].moves}
    assert (moves["rut"].drops, moves["a"].drops) == (True, False)

    migrate_cases(by=office.director, source=first, target=second, cases=[case], reason="Đổi cách chờ")

    live = {run.step_key: run for run in case.runs.filter(state="ready")}
    assert set(live) == {"a", "m", "qua"}
    assert live["qua"].fire_at is not None
    assert live["qua"].host_id == live["a"].pk
    assert case.runs.get(step_key="rut").state == RunState.CANCELLED
    assert send_message(by=office.clerk, message="y-kien-cu", case=case) == 0
    assert send_message(by=office.clerk, message="y-kien-moi", case=case) == 1
    office.do(case, "a")
    case.refresh_from_db()
    assert case.state == CaseState.ENDED
    assert verify_logs().holds


def test_new_cases_take_the_version_in_force_on_their_day(office):
    office.install(permit())
    old = office.open()
    first, second = revised(office, permit())
    new = start_case(
        by=office.clerk, procedure="QT-01", title="Sau", deciding=office.place, now=MONDAY + timedelta(days=2)
    )

    first.refresh_from_db()
    old.refresh_from_db()
    assert (old.version_pinned_id, new.version_pinned_id) == (first.pk, second.pk)
    assert first.effective_to == second.effective_from
    withdraw_version(by=office.director, version=second, reason="Sai", on=date(2023, 5, 20))
    with pytest.raises(NotRunnable):
        start_case(by=office.clerk, procedure="QT-01", title="Muộn", now=MONDAY + timedelta(days=9))


@pytest.mark.parametrize("change", [{"facts": {"values": {"amount": {"d": "1"}}}}, {"actor_name": "Kẻ khác"}])
def test_changed_log_line_is_found(office, past_triggers, change):
    office.install(permit())
    case = office.open()
    office.do(case, "tiep_nhan", values=QUICK)

    with past_triggers():
        CaseEvent.objects.filter(case=case, place=2).update(**change)

    report = verify_logs()
    assert report.faults
    assert report.faults[0][0] == case.code


def test_cut_off_log_is_found(office, past_triggers):
    office.install(permit())
    case = office.open()
    comment_case(by=office.clerk, case=case, text="Đã gọi điện cho người nộp.")

    with past_triggers():
        CaseEvent.objects.filter(case=case, place=2).delete()

    assert not verify_logs().holds


def test_log_refuses_change_in_the_database(office):
    office.install(permit())
    case = office.open()

    with pytest.raises(Exception, match="append-only"):
        CaseEvent.objects.filter(case=case).update(verb="khác")


def test_case_page_marks_the_drawing(office):
    office.install(permit())
    case = office.open()
    office.do(case, "tiep_nhan", values=QUICK)

    page = case_page(case, now=MONDAY + timedelta(days=30))

    assert page.marks["tiep_nhan"] == RunState.DONE
    assert page.marks["kiem_tra"] == RunState.READY
    assert [line.is_overdue for line in page.lines] == [False, True]


def test_worklist_is_read_from_partial_indexes_however_much_was_done(office):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by how many rows there are")

    plan = worklist(office.clerk).explain()

    assert "USING INDEX run_worklist" in plan
    assert "USING INDEX run_mine" in plan
    assert "SCAN procedures_steprun" not in plan


def test_overdue_sweep_is_read_from_its_partial_index_however_much_was_done(office):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by how many rows there are")

    plan = runs_overdue(now=MONDAY).filter(overdue_told=False).explain()

    assert "USING INDEX run_untold_due" in plan
    assert "SCAN procedures_steprun" not in plan
    assert "B-TREE" not in plan
