"""A result in use: the adopter confirms, the use is measured after 6, 12 and 24 months, the fifth procedure follows."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import ApplicationRecord, UseMeasure
from khcn.domains.programme.rules.procedure_steps import MEASURE_MONTHS, Science
from khcn.domains.programme.rules.uses import Use, is_measured, open_marks, refusal
from khcn.domains.programme.services import results, uses
from khcn.domains.programme.services.reference_procedures import load_procedures
from khcn.domains.programme.tests.tasks.test_task_to_application import _accept, _apply, _contract
from khcn.domains.programme.tests.tasks.world import SYSTEM, World, make_world
from khcn.kernel.procedures.engine.definition import WORK_KINDS
from khcn.kernel.procedures.models import Case, Clock
from khcn.kernel.procedures.queries import open_runs, worklist
from khcn.lib.dates import in_vietnam
from khcn.lib.failure import Forbidden, Refused

BEGAN = date(2024, 9, 5)


def test_use_is_measured_at_each_mark_from_its_day_once_and_while_it_lasts() -> None:
    use = Use(BEGAN)

    assert open_marks(use, marks=MEASURE_MONTHS, on=date(2025, 3, 4)) == []
    assert open_marks(use, marks=MEASURE_MONTHS, on=date(2025, 9, 5)) == [6, 12]
    assert "đã có" in refusal(Use(BEGAN, measured=frozenset({6})), 6, marks=MEASURE_MONTHS, on=date(2025, 9, 5))
    assert "dừng" in refusal(Use(BEGAN, date(2025, 1, 1)), 6, marks=MEASURE_MONTHS, on=date(2025, 9, 5))
    assert "mốc" in refusal(use, 7, marks=MEASURE_MONTHS, on=date(2025, 9, 5))


def test_mark_is_passed_when_every_use_was_measured_or_had_ended_before_it() -> None:
    assert not is_measured([], 6)
    assert not is_measured([Use(BEGAN)], 6)
    assert is_measured([Use(BEGAN, measured=frozenset({6})), Use(BEGAN, date(2024, 12, 1))], 6)


@pytest.fixture
def world(db) -> World:
    load_procedures(by=SYSTEM)
    made = make_world()
    made.plan.standing_body = made.director.organisation
    made.plan.save()
    _contract(made)
    _accept(made)
    return made


def _case(world: World) -> Case:
    return Case.objects.filter(subject_uid=world.task.uid, version_pinned__procedure__code=Science.USE).latest("id")


def _open(world: World) -> set[str]:
    return {run.step_key for run in open_runs(_case(world))}


def _confirmed(world: World) -> ApplicationRecord:
    use = _apply(world)
    results.confirm_application(by=world.user.actor, application=use, number="07/XN", on=date(2024, 10, 1))
    return use


def _measure(world: World, use: ApplicationRecord, months: int, on: date, **more) -> UseMeasure:
    values = {"is_in_use": True, "evidence": "Biên bản đo", "scale": "15 ha", "benefit_vnd": 40_000_000, **more}
    return uses.record_measure(by=world.user.actor, application=use, months=months, on=on, **values)


def test_adopters_steps_wait_for_the_adopter_with_the_marks_as_their_due_days(world: World) -> None:
    use = _apply(world)

    run = open_runs(_case(world)).get(step_key="xac_nhan")
    assert run.organisation == world.user.organisation
    assert run in worklist(world.user.actor)
    assert run not in worklist(world.host.actor)

    results.confirm_application(by=world.user.actor, application=use, number="07/XN", on=date(2024, 10, 1))

    run = open_runs(_case(world)).get(step_key="do_6")
    clocks = {clock.rule_key: clock for clock in Clock.objects.filter(subject_uid=world.task.uid, stopped_on=None)}
    assert run in worklist(world.user.actor)
    assert in_vietnam(run.due_at).date() == clocks["uptake.measure_6"].due_on == date(2025, 3, 5)
    assert clocks["uptake.measure_24"].due_on == date(2026, 9, 7)  # the fifth is a Saturday
    assert _open(world) == {"do_6", "theo_doi"}


def test_three_measures_and_the_conclusion_end_the_case_with_its_evidence(world: World) -> None:
    use = _confirmed(world)

    _measure(world, use, 6, date(2025, 3, 6))
    assert _open(world) == {"do_12", "theo_doi"}
    results.confirm_applied(by=world.specialist.actor, task=world.task, application=use, on=date(2025, 6, 1))
    _measure(world, use, 12, date(2025, 9, 6))
    assert _open(world) == {"do_24"}
    _measure(world, use, 24, date(2026, 9, 7))

    case = _case(world)
    done = list(case.runs.filter(kind__in=WORK_KINDS).order_by("done_at", "id").values_list("step_key", "outcome"))
    assert (case.state, case.outcome) == ("ended", "Đã ứng dụng")
    assert done == [
        ("ban_giao", "Bàn giao kết quả"), ("xac_nhan", "Đơn vị ứng dụng xác nhận"), ("do_6", "Đo hiệu quả sau 6 tháng"),
        ("theo_doi", "Xác nhận đã ứng dụng"), ("do_12", "Đo hiệu quả sau 12 tháng"),
        ("do_24", "Đo hiệu quả sau 24 tháng"),
    ]  # fmt: skip
    assert not Clock.objects.filter(subject_uid=world.task.uid, rule_key__startswith="uptake.", stopped_on=None)


def test_yearly_report_is_given_with_the_measure_after_a_year_and_runs_anew(world: World) -> None:
    use = _confirmed(world)
    _measure(world, use, 6, date(2025, 3, 6))

    _measure(world, use, 12, date(2025, 9, 6))

    yearly = Clock.objects.filter(subject_uid=world.task.uid, rule_key="uptake.yearly_report").order_by("started_on")
    assert [(clock.started_on, clock.stopped_on) for clock in yearly] == [
        (date(2024, 9, 2), date(2025, 9, 6)), (date(2025, 9, 6), None),
    ]  # fmt: skip
    assert yearly[1].responsible == use.user_organisation  # who uses the result reports, not every unit of the kind


def test_use_that_ended_is_said_so_and_is_measured_no_more(world: World) -> None:
    use = _confirmed(world)

    _measure(world, use, 6, date(2025, 3, 6), is_in_use=False, stopped_on=date(2025, 2, 1))

    use.refresh_from_db()
    assert use.used_to == date(2025, 2, 1)
    assert _open(world) == {"theo_doi"}
    with pytest.raises(NotNow, match="đã có"):
        _measure(world, use, 6, date(2025, 3, 7))
    with pytest.raises(NotNow, match="180 ngày"):  # 149 days in use do not count for the plan
        results.confirm_applied(by=world.specialist.actor, task=world.task, application=use, on=date(2025, 9, 1))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"months": 7}, NotNow), ({"months": 12}, NotNow), ({"evidence": " "}, Refused),
        ({"is_in_use": False}, Refused), ({"is_in_use": False, "stopped_on": date(2024, 1, 1)}, Refused),
        ({"benefit_vnd": -1}, Refused),
    ],
)  # fmt: skip
def test_measure_without_mark_evidence_or_day_is_refused_and_writes_nothing(world: World, change, error) -> None:
    use = _confirmed(world)

    with pytest.raises(error):
        _measure(world, use, **{"months": 6, "on": date(2025, 3, 6), **change})

    assert not UseMeasure.objects.exists()
    assert "do_6" in _open(world)


def test_measure_is_for_the_adopter_and_the_standing_body_after_confirmation(world: World) -> None:
    use = _apply(world)
    values = {"months": 6, "is_in_use": True, "evidence": "Ảnh", "on": date(2025, 3, 6)}

    with pytest.raises(NotNow, match="chưa xác nhận"):
        uses.record_measure(by=world.user.actor, application=use, **values)
    results.confirm_application(by=world.user.actor, application=use, number="07/XN", on=date(2024, 10, 1))
    with pytest.raises(Forbidden):
        uses.record_measure(by=world.host.actor, application=use, **values)

    assert (
        uses.record_measure(by=world.specialist.actor, application=use, **values).measured_by == world.specialist.user
    )


def test_result_found_not_applied_ends_the_watch_and_may_be_watched_again(world: World) -> None:
    _confirmed(world)
    results.record_not_applied(
        by=world.specialist.actor, task=world.task, reason="Nông dân không dùng", on=date(2025, 1, 5)
    )
    first = _case(world)
    assert (first.state, first.outcome) == ("ended", "Chưa ứng dụng được")
    assert not Clock.objects.filter(subject_uid=world.task.uid, rule_key__startswith="uptake.", stopped_on=None)

    uses.resume_uptake(by=world.specialist.actor, task=world.task, reason="Mô hình mới", on=date(2025, 2, 1))

    assert _case(world) != first
    assert _open(world) == {"do_6", "theo_doi"}  # the use confirmed before goes on


def test_next_issue_of_a_shipped_procedure_takes_effect_on_the_day_of_loading(db) -> None:
    load_procedures(by=SYSTEM)
    from khcn.kernel.procedures.models import Procedure

    procedure = Procedure.objects.get(code=Science.USE)
    old = procedure.versions.get()
    old.purpose = "Bàn giao kết quả"  # as an installation holds it that loaded the issue before
    old.save()

    tally = load_procedures(by=SYSTEM)

    new = procedure.versions.latest("id")
    assert (tally.changed, tally.same) == (1, 4)
    assert (new.number, new.state, new.effective_from) == ("2.0", "effective", SYSTEM.on)
    assert load_procedures(by=SYSTEM).changed == 0


def test_adopter_writes_the_measure_on_the_page_of_the_task(world: World, client: Client) -> None:
    use = _confirmed(world)
    _measure(world, use, 6, date(2025, 3, 6))
    client.force_login(world.user.user)
    address = reverse("task_part_act", args=[world.task.uid, "do-hieu-qua", use.uid])
    assert address in client.get(reverse("task_tab", args=[world.task.uid, "san-pham"])).content.decode()
    form = client.get(address).content.decode()
    assert "Sau 12 tháng" in form
    assert "Sau 6 tháng" not in form

    answer = client.post(
        address, {"months": "12", "on": "20/09/2025", "is_in_use": "on", "scale": "15 ha", "evidence": "Biên bản 02"},
        follow=True,
    )  # fmt: skip

    assert answer.status_code == 200
    assert "Biên bản 02" in answer.content.decode()
    assert UseMeasure.objects.latest("id").months == 12
