"""Many steps with one commit: what comes of each is what came of it alone, and none takes another with it."""

import random
from decimal import Decimal

import pytest

from khcn.kernel.audit.queries import verify_chain
from khcn.kernel.procedures.choices import CaseState, NormUnit, RunState, StepKind
from khcn.kernel.procedures.engine.definition import Column, Definition, Flow, Rule, Step, Table
from khcn.kernel.procedures.errors import FormRefused, StepTaken
from khcn.kernel.procedures.models import Case, CaseEvent, FormDraft, StepRun
from khcn.kernel.procedures.queries import facts_of, register_system_step, run_at, verify_logs
from khcn.kernel.procedures.services import Work, complete_step, complete_steps, save_form_draft
from khcn.kernel.procedures.tests.samples import permit
from khcn.kernel.procedures.tests.structured import invent
from khcn.kernel.procedures.tests.test_cases import COUNCIL, MONDAY, PARALLEL, QUICK, Office
from khcn.kernel.procedures.tests.test_concurrency import number_or_fail, numbered
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PROCESSES = 12
TURNS = 400


@pytest.fixture
def office(cast) -> Office:
    return Office(cast)


def story(case: Case) -> tuple[object, ...]:
    """All that a case's rows say, without what belongs to it alone: keys, identities, digests."""
    case.refresh_from_db()
    runs = case.runs.order_by("id").values_list(
        "step_key", "state", "via", "role", "organisation_id", "assignee_id", "ready_at", "due_at", "done_at",
        "done_by_id", "outcome", "note",
    )  # fmt: skip
    lines = CaseEvent.objects.filter(case=case).order_by("place").values_list("verb", "step_key", "at", "facts")
    clock = case.clock.order_by("id").values_list("started_at", "stopped_at", "running", "reason")
    return case.state, case.outcome, case.facts, case.due_at, case.version, list(runs), list(lines)[1:], list(clock)


def test_random_processes_go_the_same_way_many_at_once_and_one_by_one(office):
    pairs, writes = [], {}
    for seed in range(PROCESSES):
        made, _nested = invent(seed, depth=3, joins_in_loops=True)
        office.install(made.definition(), code=f"NN-{seed}", limit_amount=Decimal(5), limit_unit=NormUnit.WORKING_DAY)
        for _ in range(2):
            pairs.append([office.open(code=f"NN-{seed}", facts=made.facts) for _ in range(2)])
        writes[seed] = made.writes
    dice = random.Random(7)

    for _ in range(TURNS):
        works, chosen = [], []
        for number, (alone, among) in enumerate(pairs):
            ready = list(StepRun.objects.filter(case=alone, state=RunState.READY, kind="human").order_by("id"))
            twins = list(StepRun.objects.filter(case=among, state=RunState.READY, kind="human").order_by("id"))
            assert [run.step_key for run in ready] == [run.step_key for run in twins]
            for place in sorted(dice.sample(range(len(ready)), min(len(ready), dice.choice((1, 1, 2))))):
                lowers = writes[number // 2].get(ready[place].step_key, "")
                if lowers and any(case is alone for case, _run, _facts in chosen):
                    continue  # what it learns is read before the turn
                alone.refresh_from_db()
                facts = {lowers: facts_of(alone)[lowers] - 1} if lowers else {}
                chosen.append((alone, ready[place], facts))
                works.append(Work(twins[place], facts=facts, note=f"lượt {place}"))
        if not works:
            break
        for (_case, run, facts), work in zip(chosen, works, strict=True):
            complete_step(by=office.clerk, run=run, facts=facts, note=work.note, now=MONDAY)
        told = complete_steps(by=office.clerk, works=works, now=MONDAY)
        assert [one.pk for one in told] == [work.run.pk for work in works]

    for alone, among in pairs:
        assert story(alone) == story(among)
        assert alone.state == CaseState.ENDED
    assert verify_logs().holds
    assert verify_chain().holds


def watched() -> Definition:
    """A sub-process with a table that is worked out in passing, and a task with a reminder that does not interrupt."""
    people = str(Role.SPECIALIST)
    table = Table("gap", "Gấp", (Column("so", "number"),), (Column("doi", "number"),), (Rule(("-",), ("so * 2",)),))
    return Definition(
        steps=(
            Step("s", "Bắt đầu", StepKind.START), Step("a", "Một", StepKind.HUMAN, people),
            Step("nhanh", "Nhánh", StepKind.SUBPROCESS), Step("s2", "Vào", StepKind.START, scope="nhanh"),
            Step("tinh", "Tính", StepKind.SYSTEM, table="gap", scope="nhanh"),
            Step("b", "Hai", StepKind.HUMAN, people, scope="nhanh", norm=Decimal(4)),
            Step("nhac", "Nhắc", StepKind.TIMER, norm=Decimal(16), host="b", interrupting=False, scope="nhanh"),
            Step("da_nhac", "Đã nhắc", StepKind.END, scope="nhanh"), Step("e2", "Ra", StepKind.END, scope="nhanh"),
            Step("e", "Xong", StepKind.END),
        ),
        flows=(
            Flow("1", "s", "a"), Flow("2", "a", "nhanh"), Flow("3", "s2", "tinh"), Flow("4", "tinh", "b"),
            Flow("5", "b", "e2"), Flow("6", "nhac", "da_nhac"), Flow("7", "nhanh", "e"),
        ),
        tables=(table,), facts={"so": "number"},
    )  # fmt: skip


def test_rows_inside_others_know_them_many_at_once_and_one_by_one(office):
    office.install(watched(), limit_amount=Decimal(5), limit_unit=NormUnit.WORKING_DAY)
    pairs = [[office.open(facts={"so": Decimal(number)}) for _ in range(2)] for number in range(3)]

    for key in ("a", "b"):
        for alone, _among in pairs:
            complete_step(by=office.clerk, run=run_at(alone, key), now=MONDAY)
        told = complete_steps(
            by=office.clerk, works=[Work(run_at(among, key)) for _alone, among in pairs], now=MONDAY
        )  # fmt: skip
        assert all(isinstance(one, StepRun) for one in told)
        for alone, among in pairs:
            assert story(alone) == story(among)
        inner = StepRun.objects.filter(case=pairs[2][1], step_key__in=("b", "nhac", "tinh")).order_by("id")
        assert [(run.step_key, run.scope.step_key, run.host and run.host.step_key) for run in inner] == [
            ("tinh", "nhanh", None), ("b", "nhanh", None), ("nhac", "nhanh", "b")
        ]  # fmt: skip

    assert [facts_of(among)["doi"] for _alone, among in pairs] == [0, 2, 4]
    assert {case.state for pair in pairs for case in pair} == {CaseState.ENDED}
    assert verify_logs().holds


def test_each_is_refused_for_itself_with_its_own_reason(office):
    office.install(permit())
    register_system_step("thu.vao_so", "Vào sổ thử", number_or_fail)
    office.install(numbered(), code="QT-SO")
    good, paused, wrong, held, done, forbidden = (office.open() for _ in range(6))
    first, failing, second = (office.open("QT-SO") for _ in range(3))
    taken = run_at(held, "tiep_nhan")
    StepRun.objects.filter(pk=taken.pk).update(assignee_id=office.colleague.user_id, state=RunState.CLAIMED)
    gone = run_at(done, "tiep_nhan")
    office.do(done, "tiep_nhan", values=QUICK)
    office.do(forbidden, "tiep_nhan", values=QUICK)
    office.do(forbidden, "kiem_tra")
    save_form_draft(by=office.clerk, run=run_at(good, "tiep_nhan"), contents={"field": "y"})
    works = [
        Work(run_at(good, "tiep_nhan"), PARALLEL), Work(run_at(first, "de_nghi")),
        Work(run_at(wrong, "tiep_nhan"), {"amount": "nhiều"}), Work(taken, QUICK),
        Work(run_at(failing, "de_nghi"), facts={"hong": True}), Work(gone, QUICK),
        Work(run_at(forbidden, "phe_duyet")), Work(run_at(paused, "tiep_nhan"), COUNCIL),
        Work(run_at(second, "de_nghi")),
    ]  # fmt: skip

    told = complete_steps(by=office.clerk, works=works, now=MONDAY)

    assert [type(one) for one in told] == [
        StepRun, StepRun, FormRefused, StepTaken, Refused, StepTaken, Forbidden, StepRun, StepRun
    ]  # fmt: skip
    assert office.waiting(good) == ["y_kien_1", "y_kien_2"]
    assert not FormDraft.objects.exists()
    assert [office.waiting(case) for case in (wrong, held)] == [["tiep_nhan"]] * 2
    assert not wrong.events.filter(verb="completed").exists()
    assert office.waiting(failing) == ["de_nghi"]
    for case in (first, second, paused):
        case.refresh_from_db()
    assert [facts_of(case)["so"] for case in (first, second)] == [1, 2]
    assert paused.state == CaseState.PAUSED
    assert verify_logs().holds
    assert verify_chain().holds


def test_case_named_twice_goes_on_twice_and_a_step_named_twice_is_done_once(office):
    office.install(permit())
    case = office.open()
    office.do(case, "tiep_nhan", values=PARALLEL)
    opinions = [Work(run_at(case, "y_kien_1")), Work(run_at(case, "y_kien_1")), Work(run_at(case, "y_kien_2"))]

    told = complete_steps(by=office.clerk, works=opinions[:2], now=MONDAY)
    again = complete_steps(by=office.head, works=opinions[2:], now=MONDAY)

    assert [type(one) for one in (*told, *again)] == [StepRun, StepTaken, StepRun]
    assert office.waiting(case) == ["phe_duyet"]
    assert verify_logs().holds


def test_domain_is_asked_once_for_all_cases_under_their_locks(office):
    office.install(permit())
    cases = [office.open() for _ in range(3)]
    asked = []

    def check(found):
        asked.append([case.pk for case in found])
        return {cases[1].pk: Refused("Hồ sơ chờ bổ sung.")}

    told = complete_steps(
        by=office.clerk, works=[Work(run_at(case, "tiep_nhan"), QUICK) for case in cases], check=check, now=MONDAY
    )

    assert asked == [sorted(case.pk for case in cases)]
    assert [str(one) for one in told if not isinstance(one, StepRun)] == ["Hồ sơ chờ bổ sung."]
    assert [office.waiting(case) for case in cases] == [["kiem_tra"], ["tiep_nhan"], ["kiem_tra"]]


def test_nothing_to_do_is_done_at_once(office):
    assert complete_steps(by=office.clerk, works=[], now=MONDAY) == []


def test_many_cost_as_many_statements_as_few(office, sql_count):
    office.install(permit())
    few, many = ([Work(run_at(office.open(), "tiep_nhan"), QUICK) for _ in range(number)] for number in (3, 30))
    complete_steps(by=office.clerk, works=[Work(run_at(office.open(), "tiep_nhan"), QUICK)], now=MONDAY)

    with sql_count() as for_few:
        complete_steps(by=office.clerk, works=few, now=MONDAY)
    with sql_count() as for_many:
        complete_steps(by=office.clerk, works=many, now=MONDAY)

    assert len(for_many) == len(for_few) <= 12
