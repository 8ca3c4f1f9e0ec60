"""What the one-stop room records counts in an agency's verdict: time by the national formula, voices, the catalogue."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from khcn.domains.onestop.choices import NationalStatus, Satisfaction
from khcn.domains.onestop.models import ProcedureBasis, SurveyAnswer
from khcn.domains.onestop.services.reference import load_onestop
from khcn.domains.onestop.services.voices import raise_complaint
from khcn.domains.onestop.tests.conftest import REFERENCE, at
from khcn.domains.onestop.tests.histories import make_dossiers, publish
from khcn.domains.qms.queries.year_facts import count_years
from khcn.domains.qms.services import scores
from khcn.domains.qms.tests.test_effectiveness import effective_world
from khcn.domains.qms.tests.world import START, World, effective_document, make_world, on
from khcn.kernel.documents.models import LegalInstrument
from khcn.lib.actor import Actor

pytestmark = pytest.mark.django_db
S = NationalStatus
END = date(2025, 12, 31)


@pytest.fixture
def world() -> World:
    found = make_world()
    machine = Actor(uid=found.organisation.uid, name="Hệ thống", on=START, is_system=True)
    load_onestop(by=machine, folder=REFERENCE)
    return found


def facts(world: World, as_of: date = END):
    return count_years([world.system], year=2025, as_of=as_of)[world.system.pk]


def test_dossier_within_the_engines_new_due_moment_is_late_by_the_national_formula(world: World) -> None:
    procedure = publish(world.organisation)
    accepted, asked, supplied = at(3, month=3, year=2025), at(5, month=3, year=2025), at(6, month=3, year=2025)
    winding = [
        (S.ACCEPTED, accepted),
        (S.IN_PROGRESS, accepted),
        (S.AWAITING_SUPPLEMENT, asked),
        (S.IN_PROGRESS, supplied),
    ]
    make_dossiers(
        procedure,
        [
            [(S.ACCEPTED, accepted), (S.DECIDED, accepted + timedelta(days=2))],
            [*winding, (S.DECIDED, accepted + timedelta(days=7, hours=20))],  # a day of waiting is deducted
            [*winding, (S.DECIDED, accepted + timedelta(days=10))],  # the clock began anew, the promise did not move
        ],
        due_after=timedelta(days=5),
    )

    found = facts(world)

    assert (found.facts.cases_in_time.counted, found.facts.cases_in_time.of) == (2, 3)
    assert len(found.ids["dossiers_late"]) == 1
    assert found.facts.electronic.of == 3


def test_survey_and_complaints_of_the_counter_make_the_seventh_part(world: World) -> None:
    dossier, other = make_dossiers(
        publish(world.organisation),
        [[(S.ACCEPTED, at(3, month=3, year=2025)), (S.DECIDED, at(4, month=3, year=2025))]] * 2,
    )
    for one, level in ((dossier, Satisfaction.VERY_SATISFIED), (other, Satisfaction.NEUTRAL)):
        SurveyAnswer.objects.create(
            dossier=one, overall=level, attitude=level, time=level, at=at(5, month=3, year=2025)
        )
    raise_complaint(
        by=on(world.officer, START), agency=world.organisation, sender_name="Thị Hậu", contents="Chờ quá lâu ở quầy",
        now=at(5, month=3, year=2025),
    )  # fmt: skip

    found = facts(world)
    kept = scores.compute_year(by=on(world.secretary, END), system=world.system, year=2025)

    assert found.facts.satisfaction == Fraction(75)
    assert (found.facts.complaints_in_time.counted, found.facts.complaints_in_time.of) == (0, 1)
    assert Fraction(kept.scores["E7"]["value"]) == Fraction(3, 8)
    assert scores.recheck(kept).reproduces


def test_published_procedure_without_a_controlled_one_breaks_the_scope_after_its_time(world: World) -> None:
    effective_world(world)
    assert scores.compute_year(by=on(world.secretary, END), system=world.system, year=2025).gates["G2"]["holds"]
    procedure = publish(world.organisation, "1.000777", since=date(2025, 11, 24))

    soon, later = facts(world, date(2025, 12, 31)), facts(world, date(2026, 2, 28))
    assert soon.ids["covered_in_grace"] == ["1.000777"]
    assert soon.facts.covered.value == 1
    assert later.facts.covered.value == 1  # the year ended within the time
    procedure.valid_from = date(2025, 11, 3)
    procedure.save()
    broken = facts(world)
    effective_document(world, "QT-77", day=date(2025, 12, 1), procedure_code="1.000777")
    mended = facts(world)

    assert (broken.facts.covered.counted, broken.facts.covered.of) == (1, 2)
    assert mended.facts.covered.value == 1
    assert mended.ids["covered"]["1.000777"] == "QT-77 1.0"


def test_procedure_whose_legal_basis_ended_is_not_covered(world: World) -> None:
    effective_world(world)
    procedure = publish(world.organisation, "1.000888")
    effective_document(world, "QT-88", procedure_code=procedure.workflow.code)
    assert facts(world).facts.covered.value == 1
    lapsed = LegalInstrument.objects.create(number="08/2014/NĐ-CP-thử", title="Thử", valid_to=date(2025, 6, 1))

    ProcedureBasis.objects.create(procedure=procedure, instrument=lapsed)

    assert facts(world).ids["covered"]["1.000888"] == ""
    assert scores.compute_year(by=on(world.secretary, END), system=world.system, year=2025).total >= Decimal(0)
