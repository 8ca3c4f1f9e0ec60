"""What is told of many agencies at once: time against the formula itself, surveys, complaints, the catalogue."""

import random
from datetime import date, datetime, timedelta

import pytest

from khcn.domains.onestop.choices import ComplaintState, NationalStatus, Satisfaction
from khcn.domains.onestop.models import Complaint, ProcedureBasis, SurveyAnswer
from khcn.domains.onestop.queries.agencies import (
    complaints_in_time,
    dossiers_on_time,
    end_of,
    points_of_surveys,
    published_services,
)
from khcn.domains.onestop.rules.on_time import History, judge
from khcn.domains.onestop.tests.conftest import at
from khcn.domains.onestop.tests.histories import make_dossiers, publish
from khcn.kernel.documents.models import LegalInstrument
from khcn.kernel.indicators.queries import AgencyCount, AgencyQuestion

pytestmark = [pytest.mark.django_db, pytest.mark.database]
S = NationalStatus
NEXT = {
    S.ACCEPTED: (S.IN_PROGRESS, S.WITHDRAWAL_ASKED),
    S.IN_PROGRESS: (S.DECIDED, S.DECIDED, S.AWAITING_SUPPLEMENT, S.AWAITING_FEE, S.WITHDRAWAL_ASKED, S.STOPPED),
    S.AWAITING_SUPPLEMENT: (S.IN_PROGRESS, S.WITHDRAWAL_ASKED, S.STOPPED),
    S.AWAITING_FEE: (S.IN_PROGRESS, S.STOPPED), S.WITHDRAWAL_ASKED: (S.IN_PROGRESS, S.STOPPED),
    S.DECIDED: (S.RETURNED,), S.RETURNED: (), S.STOPPED: (),
}  # fmt: skip
YEAR = {"period_from": date(2023, 1, 1), "period_to": date(2023, 12, 31)}


def wandering(chance: random.Random) -> list[tuple[S, datetime]]:
    """A history that the state table allows, cut off anywhere, with steps of up to five days."""
    moment = at(1 + chance.randrange(25), chance.randrange(24))
    history = [(S.ACCEPTED, moment)]
    while NEXT[history[-1][0]] and chance.random() < 0.85:
        moment += timedelta(minutes=chance.randrange(1, 5 * 24 * 60))
        history.append((chance.choice(NEXT[history[-1][0]]), moment))
    return history


@pytest.mark.parametrize("since", [date(2023, 1, 1), date(2023, 5, 15)])
@pytest.mark.parametrize("as_of", [date(2023, 5, 20), date(2023, 6, 9), date(2023, 12, 31)])
def test_time_told_of_agencies_agrees_with_the_formula_on_random_histories(cast, as_of: date, since: date) -> None:
    chance = random.Random(766)
    agencies = [cast.organisation(f"Sở {name}") for name in ("A", "B")]
    made = {
        agency.pk: make_dossiers(publish(agency), [wandering(chance) for _ in range(120)]) for agency in agencies
    }  # fmt: skip

    found = dossiers_on_time(AgencyQuestion(since, date(2023, 12, 31), as_of))

    first, expected = at(since.day, 0, month=since.month), {}
    for agency, dossiers in made.items():
        late, of = [], 0
        for dossier in dossiers:
            settled = min(
                moment for moment in (dossier.decided_at, dossier.ended_at, end_of(date(2099, 1, 1))) if moment
            )
            carried = dossier.received_at < first <= min(settled, dossier.appointment_at)
            if dossier.received_at > end_of(as_of) or (dossier.received_at < first and not carried):
                continue
            of += 1
            statuses = [(S(row.status), row.at) for row in dossier.history.all()]
            verdict = judge(History(dossier.received_at, statuses, end_of(as_of), dossier.appointment_at))
            late += [] if verdict.on_time else [dossier.code]
        expected[agency] = AgencyCount(of - len(late), of, tuple(sorted(late)))
    assert found == expected
    assert any(count.unmet for count in found.values())


def test_time_of_one_agency_is_told_alone(cast) -> None:
    agencies = [cast.organisation(f"Sở {name}") for name in ("A", "B")]
    for agency in agencies:
        make_dossiers(publish(agency), [[(S.ACCEPTED, at(15)), (S.DECIDED, at(16))]])

    found = dossiers_on_time(
        AgencyQuestion(**YEAR, as_of=date(2023, 12, 31), organisation_ids=frozenset({agencies[1].pk}))
    )

    assert found == {agencies[1].pk: AgencyCount(1, 1)}


def test_surveys_give_points_out_of_a_hundred_each(cast) -> None:
    agency = cast.organisation("Sở A")
    dossiers = make_dossiers(publish(agency), [[(S.ACCEPTED, at(15)), (S.DECIDED, at(16))]] * 3)
    for dossier, level, month in zip(dossiers, "514", (5, 5, 12), strict=True):
        SurveyAnswer.objects.create(
            dossier=dossier, overall=level, attitude=Satisfaction.NEUTRAL, time=Satisfaction.NEUTRAL,
            at=at(20, month=month),
        )  # fmt: skip

    spring = points_of_surveys(AgencyQuestion(**YEAR, as_of=date(2023, 6, 30)))
    year = points_of_surveys(AgencyQuestion(**YEAR, as_of=date(2023, 12, 31)))

    assert (spring[agency.pk].counted, spring[agency.pk].of) == (100, 200)
    assert (year[agency.pk].counted, year[agency.pk].of) == (175, 300)


def test_complaints_count_when_answered_or_past_their_limit(counter) -> None:
    def complain(code: str, state: ComplaintState, answered_at: datetime | None) -> None:
        Complaint.objects.create(
            code=code, agency=counter.body, sender_name="A", contents="Chờ lâu", state=state, received_at=at(15),
            answered_at=answered_at,
        )  # fmt: skip

    complain("P1", ComplaintState.ANSWERED, at(20))
    complain("P2", ComplaintState.ANSWERED, at(20, month=8))
    complain("P3", ComplaintState.RECEIVED, None)
    complain("P4", ComplaintState.REFUSED, None)

    early = complaints_in_time(AgencyQuestion(**YEAR, as_of=date(2023, 5, 25)))
    late = complaints_in_time(AgencyQuestion(**YEAR, as_of=date(2023, 12, 31)))

    assert early == {counter.body.pk: AgencyCount(1, 1)}
    assert late == {counter.body.pk: AgencyCount(1, 3, ("P2", "P3"))}


def test_published_services_name_their_workflow_and_lapsed_bases(cast) -> None:
    agency, other = cast.organisation("Sở A"), cast.organisation("Sở B")
    procedure = publish(agency)
    publish(other, "1.000002")
    for number, ends in (("01/2010/NĐ-CP", date(2022, 1, 1)), ("02/2020/NĐ-CP", None)):
        instrument = LegalInstrument.objects.create(number=number, title="Thử", valid_to=ends)
        ProcedureBasis.objects.create(procedure=procedure, instrument=instrument)

    (found,) = published_services(date(2023, 5, 1), [agency.pk])

    assert (found.code, found.procedure_code) == ("1.010708", procedure.workflow.code)
    assert found.since == date(2020, 1, 1)
    assert found.lapsed_bases == ("01/2010/NĐ-CP",)
    assert published_services(date(2019, 5, 1), [agency.pk]) == []
