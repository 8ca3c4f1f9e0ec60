"""Selection, appraisal, acceptance and change advice: from the seats to the record's new state, counted by hand."""

from datetime import date
from fractions import Fraction

import pytest

from khcn.domains.programme.choices import CouncilKind, LumpMode, RelationKind, SeatRole
from khcn.domains.programme.models import Application, ChangeRequest, Product, Task
from khcn.domains.programme.queries.councils.sheets import check_ballot
from khcn.domains.programme.rules.recomputation import check_traces
from khcn.domains.programme.services import applications, councils
from khcn.domains.programme.tests.councils.bench import NINE, TEAM, drafted
from khcn.domains.programme.tests.pipeline import journey
from khcn.domains.programme.tests.pipeline.conftest import appoint
from khcn.kernel.orgs.models import PersonRelation
from khcn.kernel.procedures.errors import QuorumMissing, SeatBarred, StepRefused
from khcn.kernel.procedures.models import Clock, TransitionRecord
from khcn.lib.failure import Refused

pytestmark = pytest.mark.django_db
MAXIMA = {
    "overview": 12, "content_people_method": 24, "products": 16, "application": 16, "plan_budget": 16, "capacity": 16,
}  # fmt: skip


def scores(total: int) -> dict:
    """A ballot of `total` points of 100, taken off the criteria one after the other, none down to zero."""
    left, given = 100 - total, {}
    for name, most in MAXIMA.items():
        taken = min(left, most - 1)  # a zero would count against the dossier
        given[name], left = str(most - taken), left - taken
    return {"scores": given}


@pytest.fixture
def selection(cast, full_proposal, today, moment):
    _, filed, later = journey.judged(cast, full_proposal, today, moment)
    return drafted(cast, CouncilKind.SELECTION, [filed[0]], later), filed


def test_selection_council_takes_every_valid_dossier_of_the_call(selection):
    bench, filed = selection

    assert {line.subject_uid for line in bench.lines} == {item.uid for item in filed}


def test_selection_drops_the_outlier_adds_the_bonus_and_selects_the_first(selection):
    bench, (mine, other) = selection
    bench.established().called().prepared((2, 3)).opened()
    for index in range(9):
        bench.vote(index, scores(80 if index else 44), line=0)
        bench.vote(index, scores(78), line=1)

    bench.counted().signed().closed()

    # Line 0: m = (44 + 8·80)/9 = 76; |44 − 76| = 32 > 15.2 is dropped, |80 − 76| = 4 stays; M = 80; the proposer as
    # host gains a tenth: 88. Line 1: 78, no bonus.
    first, second = (line.result for line in bench.lines)
    assert (first["count"]["mean_all"], len(first["count"]["dropped"])) == ("76", 1)
    assert (Fraction(first["count"]["mean_score"]), Fraction(first["count"]["final_score"])) == (80, 88)
    assert Fraction(second["count"]["final_score"]) == 78
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.state, mine.rank, other.state, other.rank) == ("selected", 1, "reserve", 2)
    traces = TransitionRecord.objects.get(subject_uid=bench.council.uid, event="count").trace
    stored = [{key: value for key, value in item.items() if key != "subject"} for item in traces]
    assert all(verdict.agrees for verdict in check_traces(stored))


def test_selection_with_equal_first_places_waits_for_the_councils_choice(selection):
    bench, _ = selection
    other = Application.objects.exclude(host=bench.cast.units.owner).get()
    for line in bench.lines:
        line.facts = {**line.facts, "host_is_proposer": False}
        line.save()
    bench.established().called().prepared((2, 3)).opened()
    for index in range(9):
        bench.vote(index, scores(80), line=0)
        bench.vote(index, scores(80), line=1)
    bench.counted().signed()

    with pytest.raises(Refused, match="bằng nhau"):
        bench.closed()
    chosen = next(line for line in bench.lines if line.subject_uid == other.uid)
    bench.closed(first=chosen.uid)

    other.refresh_from_db()
    assert other.state == "selected"


def test_points_above_the_maximum_are_refused(selection):
    bench, _ = selection
    bench.established().called().prepared((2, 3)).opened()
    wrong = scores(100)
    wrong["scores"]["overview"] = "13"

    with pytest.raises(Refused, match="từ 0 đến 12"):
        bench.vote(0, wrong)


def test_employee_and_kin_of_an_applicant_are_barred_with_reasons(selection, cast):
    bench, (mine, _) = selection
    colleague = cast.users.colleague.person
    brother = appoint("Nguyễn Văn Anh Trai", cast.units.province).person
    PersonRelation.objects.create(person=mine.pi, other=brother, kind=RelationKind.SIBLING)

    for person, words in ((colleague, "Đang công tác tại Trường Đại học Bình Dương"), (brother, "anh, chị, em ruột")):
        with pytest.raises(SeatBarred) as refusal:
            councils.seat_member(
                by=cast.specialist, council=bench.now, person=person, role=SeatRole.MEMBER, on=bench.on
            )
        assert any(words in reason for reason in refusal.value.reasons)


def test_member_who_joins_the_host_after_seating_stops_the_founding(selection, cast):
    bench, _ = selection
    person = bench.users[5].person
    person.employer = cast.units.owner
    person.save()

    with pytest.raises(StepRefused, match="không được tham gia"):
        bench.established()


@pytest.fixture
def appraisal(selection, cast):
    bench, (mine, _) = selection
    bench.established().called().prepared((2, 3)).opened()
    for index in range(9):
        bench.vote(index, scores(80), line=0)
        bench.vote(index, scores(75), line=1)
    bench.counted().signed().closed()
    mine.refresh_from_db()
    applications.submit_revision(by=cast.owner, application=mine, explanation="Đã tiếp thu.", on=bench.on)
    mine.refresh_from_db()
    team = drafted(cast, CouncilKind.BUDGET_APPRAISAL, [mine], bench.on, roles=TEAM[:3])
    for user, role in (
        (appoint("Lý Kế Toán", cast.units.province, "accountant"), SeatRole.TEAM_MEMBER),
        (bench.users[2], SeatRole.TEAM_MEMBER),
    ):
        councils.seat_member(by=cast.specialist, council=team.now, person=user.person, role=role, on=bench.on)
        team.users.append(user)
    return team, mine


def test_appraisal_reaches_the_dossier_when_its_head_signs(appraisal):
    team, mine = appraisal
    team.established().called().prepared().opened(absent=(3,))

    councils.conclude_appraisal(
        by=team.cast.secretary, council=team.now, amount_vnd=950_000_000, months=24, lump_mode=LumpMode.PARTIAL,
        line_comments={1: "Giảm vật tư theo định mức"}, on=team.on,
    )  # fmt: skip
    team.signed(secretary=None)

    mine.refresh_from_db()
    assert (mine.state, mine.appraised_vnd) == ("appraised", 950_000_000)
    assert (mine.appraisal["members_present"], mine.appraisal["members_total"]) == (4, 5)
    assert mine.appraisal["line_comments"] == {"1": "Giảm vật tư theo định mức"}
    team.closed()
    assert team.now.state == "closed"


def test_appraisal_with_three_of_five_is_not_quorate(appraisal):
    team, _ = appraisal
    team.established().called().prepared()

    with pytest.raises(QuorumMissing, match="4/5"):
        team.opened(absent=(2, 3))


@pytest.fixture
def acceptance(cast, full_proposal, today, moment):
    from khcn.domains.programme.services import approvals

    _, mine, _, later = journey.ready_to_approve(cast, full_proposal, today, moment)
    task = approvals.approve_application(by=cast.leader, application=mine, decision_number="99/QĐ-UBND", on=later)
    Task.objects.filter(pk=task.pk).update(state="in_acceptance", end_on=date(2026, 4, 1))
    bench = drafted(cast, CouncilKind.ACCEPTANCE, [Task.objects.get(pk=task.pk)], date(2026, 5, 4))
    # One member has to come from an earlier council.
    earlier = journey.council_for(mine, cast, later, "selection")
    earlier.seats.create(person=bench.users[5].person, role="member")
    return bench


def accepted(product: Product, grade: str, **changes) -> dict:
    line = {"product": str(product.uid), "quality": grade, "kind": grade, "quantity": grade, "achieved_share": "1"}
    return {"lines": [{**line, **changes}], "report": "pass", "stated": grade}


@pytest.mark.parametrize(
    ("levels", "grade", "state"),
    [
        # Nine present: 7 ≥ 3/4·9 = 6.75 and nobody fails it; 6 do not reach it; 4 > 9/3 fail it, 3 do not.
        (["excellent"] * 7 + ["pass"] * 2, "excellent", "accepted"),
        (["excellent"] * 6 + ["pass"] * 3, "pass", "accepted"),
        (["excellent"] * 8 + ["fail"], "pass", "accepted"),
        (["pass"] * 5 + ["fail"] * 4, "fail", "failed"),
        (["pass"] * 6 + ["fail"] * 3, "pass", "accepted"),
    ],
)
def test_acceptance_grades_the_task_and_its_product(acceptance, levels, grade, state):
    bench = acceptance.established().called().prepared(tuple(range(9))).opened()
    product = Product.objects.get()
    for index, level in enumerate(levels):
        bench.vote(index, accepted(product, level))

    bench.counted().signed().closed()

    task = Task.objects.get()
    product.refresh_from_db()
    assert (task.grade, task.state, product.grade, product.delivered_quantity) == (grade, state, grade, 1)
    assert not Clock.objects.filter(subject_uid=task.uid, rule_key="acceptance.conclusion", stopped_on=None).exists()


def test_acceptance_runs_the_times_of_the_task(acceptance):
    acceptance.established()

    task = Task.objects.get()
    assert Clock.objects.filter(subject_uid=task.uid, rule_key="acceptance.session", stopped_on=None).exists()


def test_ballot_that_contradicts_its_lines_is_warned_about(acceptance):
    product = Product.objects.get()
    content = {**accepted(product, "pass"), "stated": "excellent"}

    warning = check_ballot(acceptance.now, acceptance.lines[0], content, on=acceptance.on)

    assert "Xuất sắc" in warning
    assert "Đạt" in warning


def test_acceptance_without_every_review_may_not_open(acceptance):
    acceptance.established().called().prepared(tuple(range(8)))

    with pytest.raises(StepRefused, match="Trần Thị Ủy Viên 9"):
        acceptance.opened()


def test_change_council_records_its_advice(acceptance, cast):
    task = Task.objects.get()
    change = ChangeRequest.objects.create(task=task, kind="duration", reason="Mưa lũ kéo dài", state="complete")
    bench = drafted(cast, CouncilKind.CHANGE, [change], acceptance.on, roles=NINE)
    bench.established().called().prepared((2, 3)).opened()
    for index in range(9):
        bench.vote(index, {"opinion": "pass" if index < 8 else "fail"})

    bench.counted().signed().closed()

    change.refresh_from_db()
    assert (change.state, change.detail["council_recorded"]) == ("council_advised", True)
    assert bench.lines[0].result["count"] == {"total": 9, "in_favour": 8, "against": 1}
