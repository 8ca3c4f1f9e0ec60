"""Two clerks at one step, and many at many: one wins, nobody's work is lost or doubled, every chain holds."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, connections

from khcn.kernel.audit.queries import verify_chain
from khcn.kernel.documents.services import next_number
from khcn.kernel.procedures.choices import CaseState, StepKind, UnitRule
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step
from khcn.kernel.procedures.errors import FormRefused, StepTaken
from khcn.kernel.procedures.models import Case, StepRun
from khcn.kernel.procedures.queries import facts_of, register_system_step, run_at, verify_logs
from khcn.kernel.procedures.services import claim_step, complete_step
from khcn.kernel.procedures.tests.samples import permit
from khcn.kernel.procedures.tests.test_cases import MONDAY, PARALLEL, Office
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role
from khcn.web.tests.grouping import Groups

CLERKS = 6


@pytest.fixture
def office(transactional_db, cast):
    """An office with the permit in force, seen by threads with connections of their own."""
    made = Office(cast)
    made.install(permit())
    return made


def together(acts) -> list[object]:
    """Run the acts at once, each on its own connection; their results or refusals."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=30)
            return act()
        except StepTaken as taken:
            return taken
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["complete", "claim"])
def test_clerks_at_one_step_one_wins_and_the_others_are_told(office, cast, act):
    case = office.open()
    run = run_at(case, "tiep_nhan")
    clerks = [cast.actor("specialist", organisation=office.place) for _ in range(CLERKS)]

    def acting(clerk):
        if act == "claim":
            return lambda: claim_step(by=clerk, run=run, now=MONDAY)
        return lambda: complete_step(by=clerk, run=run, values=PARALLEL, now=MONDAY)

    results = together([acting(clerk) for clerk in clerks])

    assert sum(isinstance(one, StepRun) for one in results) == 1
    assert sum(isinstance(one, StepTaken) for one in results) == CLERKS - 1
    assert case.runs.filter(step_key="y_kien_1").count() == (act == "complete")
    assert verify_logs().holds


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_parallel_branches_completed_at_once_join_exactly_once(office):
    cases = [office.open() for _ in range(5)]
    acts = []
    for case in cases:
        office.do(case, "tiep_nhan", values=PARALLEL)
        for key, who in (("y_kien_1", office.clerk), ("y_kien_2", office.head)):
            acts.append(partial(complete_step, by=who, run=run_at(case, key), now=MONDAY))

    together(acts)

    for case in cases:
        assert case.runs.filter(step_key="phe_duyet").count() == 1
        assert office.waiting(case) == ["phe_duyet"]
    assert verify_logs().holds
    assert not Case.objects.exclude(state=CaseState.RUNNING).exists()


def numbered() -> Definition:
    """Ask → a system step that takes a number and may then fail → done."""
    return Definition(
        steps=(
            Step("bat_dau", "Bắt đầu", StepKind.START),
            Step("de_nghi", "Đề nghị", StepKind.HUMAN, str(Role.SPECIALIST), unit_rule=UnitRule.DECIDING),
            Step("vao_so", "Vào sổ", StepKind.SYSTEM, action="thu.vao_so"),
            Step("ket_thuc", "Xong", StepKind.END),
        ),
        flows=(Flow("1", "bat_dau", "de_nghi"), Flow("2", "de_nghi", "vao_so"), Flow("3", "vao_so", "ket_thuc")),
        facts={"hong": "boolean"},
    )


def number_or_fail(context) -> dict[str, object]:
    number = next_number(series="thu-chung-mot-lan-ghi", year=2023)
    if context.facts.get("hong"):
        raise Refused("Sổ đang khóa.")
    return {"so": number}


@pytest.mark.django_db(transaction=True)
def test_clerks_who_share_a_commit_win_lose_and_fail_each_for_themselves(cast, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL each act is a transaction of its own")
    office = Office(cast)
    office.install(permit())
    register_system_step("thu.vao_so", "Vào sổ thử", number_or_fail)
    office.install(numbered(), code="QT-SO")
    first, shared, refused, *ending, failing = [
        *(office.open() for _ in range(3)), *(office.open("QT-SO") for _ in range(3))
    ]  # fmt: skip
    step, end = "tiep_nhan", "de_nghi"

    def act(by, case, key, **more):
        return partial(complete_step, by=by, run=run_at(case, key), now=MONDAY, **more)

    groups = Groups(monkeypatch)
    told = groups.run(
        [
            act(office.clerk, first, step, values=PARALLEL), act(office.clerk, shared, step, values=PARALLEL),
            act(office.colleague, shared, step, values=PARALLEL), act(office.stranger, refused, step, values=PARALLEL),
            act(office.clerk, refused, step, values={"amount": "nhiều"}), act(office.clerk, ending[0], end),
            act(office.clerk, failing, end, facts={"hong": True}), act(office.clerk, ending[1], end),
            act(office.clerk, refused, step, values=PARALLEL),
        ]
    )  # fmt: skip

    assert groups.sizes == [1, 8]
    assert [type(one) for one in told] == [
        StepRun, StepRun, StepTaken, Forbidden, FormRefused, StepRun, Refused, StepRun, StepRun
    ]  # fmt: skip
    assert str(office.clerk.name) in str(told[2])
    assert [office.waiting(case) for case in (first, shared, refused)] == [["y_kien_1", "y_kien_2"]] * 3
    assert office.waiting(failing) == ["de_nghi"]
    assert not failing.events.filter(verb="completed").exists()
    for case in ending:
        case.refresh_from_db()
    assert [(case.state, facts_of(case)["so"]) for case in ending] == [(CaseState.ENDED, 1), (CaseState.ENDED, 2)]
    assert verify_logs().holds
    assert verify_chain().holds
