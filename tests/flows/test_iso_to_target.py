"""Flow 4: an agency that proves its quality system works, is confirmed, and moves the plan's 100 % target."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db.models import F

from khcn.domains.programme.models import AgencyEffectiveness
from khcn.domains.qms.services import scores
from khcn.domains.qms.tests.test_effectiveness import effective_world
from khcn.domains.qms.tests.world import make_world, on
from khcn.kernel.indicators.choices import DenominatorPolicy
from khcn.kernel.indicators.models import Indicator, Target
from khcn.kernel.indicators.queries import Question, ask
from khcn.kernel.orgs.models import OrganisationSuccession
from khcn.kernel.orgs.tests.cast import make_organisation
from khcn.kernel.procedures.models import Case, StepRun

pytestmark = pytest.mark.django_db
CONFIRMED = date(2026, 1, 5)


def measured(policy: DenominatorPolicy, as_of: date) -> tuple[Decimal | None, int, int]:
    """T6 under a policy: value, numerator, denominator."""
    indicator = Indicator.objects.get(code="T6")
    target = Target(
        indicator=indicator, scope_uid=uuid4(), operator="gte", value=100, sentence="100%", denominator=policy,
        frozen_on=date(2025, 6, 30),
    )  # fmt: skip
    question = Question(
        scope_uid=target.scope_uid, period_from=date(2021, 1, 1), period_to=as_of, as_of=as_of,
        parameters=indicator.parameters, target=target,
    )  # fmt: skip
    found = ask(indicator, question)
    return found.value, len(found.numerator), len(found.denominator)


def test_confirmed_year_moves_the_target_under_frozen_and_successor_mapped_denominators() -> None:
    call_command("load_reference", verbosity=0)
    AgencyEffectiveness.objects.all().delete()
    agency = make_organisation("Sở Tư pháp", valid_from=date(2020, 1, 1))
    world = effective_world(make_world(agency))
    before = measured(DenominatorPolicy.FROZEN, CONFIRMED)
    found = scores.compute_year(by=on(world.secretary, CONFIRMED), system=world.system, year=2025)

    scores.confirm_year(by=on(world.overseer, CONFIRMED), agency_year=found, decision_number="05/QĐ-SKHCN")

    value, effective, obliged = measured(DenominatorPolicy.FROZEN, CONFIRMED)
    assert before[1] == 0
    assert (effective, obliged) == (1, before[2])
    assert value == Decimal(100) / Decimal(obliged)
    assert measured(DenominatorPolicy.SUCCESSOR_MAPPED, CONFIRMED)[1] == 1
    assert AgencyEffectiveness.objects.get().effective_until == date(2026, 12, 31)
    assert measured(DenominatorPolicy.FROZEN, date(2027, 1, 1))[1] == 0  # must be proven again


def test_agency_merged_after_it_was_confirmed_counts_in_the_frozen_denominator_only() -> None:
    call_command("load_reference", verbosity=0)
    AgencyEffectiveness.objects.all().delete()
    agency = make_organisation("Sở Tư pháp", valid_from=date(2020, 1, 1))
    world = effective_world(make_world(agency))
    found = scores.compute_year(by=on(world.secretary, CONFIRMED), system=world.system, year=2025)
    scores.confirm_year(by=on(world.overseer, CONFIRMED), agency_year=found, decision_number="05/QĐ-SKHCN")
    heir = make_organisation("Sở Tư pháp – Nội vụ", valid_from=date(2026, 3, 1))
    agency.valid_to = date(2026, 3, 1)
    agency.save()
    OrganisationSuccession.objects.create(predecessor=agency, successor=heir, kind="merge", on=date(2026, 3, 1))

    later = date(2026, 4, 1)

    assert measured(DenominatorPolicy.FROZEN, later)[1] == 1  # judged on its last day
    assert measured(DenominatorPolicy.SUCCESSOR_MAPPED, later)[1] == 0  # the heir has proven nothing yet


def test_revoked_year_moves_the_target_back() -> None:
    call_command("load_reference", verbosity=0)
    AgencyEffectiveness.objects.all().delete()
    agency = make_organisation("Sở Tư pháp", valid_from=date(2020, 1, 1))
    world = effective_world(make_world(agency))
    found = scores.compute_year(by=on(world.secretary, CONFIRMED), system=world.system, year=2025)
    scores.confirm_year(by=on(world.overseer, CONFIRMED), agency_year=found, decision_number="05/QĐ-SKHCN")

    scores.revoke_year(by=on(world.overseer, CONFIRMED), agency_year=found, reason="Hồ sơ không trung thực")

    assert measured(DenominatorPolicy.FROZEN, CONFIRMED)[1] == 0
    assert not AgencyEffectiveness.objects.exists()


def test_year_found_wanting_after_all_moves_the_target_back_and_leaves_other_years() -> None:
    call_command("load_reference", verbosity=0)
    AgencyEffectiveness.objects.all().delete()
    agency = make_organisation("Sở Tư pháp", valid_from=date(2020, 1, 1))
    world = effective_world(make_world(agency))
    found = scores.compute_year(by=on(world.secretary, CONFIRMED), system=world.system, year=2025)
    scores.confirm_year(by=on(world.overseer, CONFIRMED), agency_year=found, decision_number="05/QĐ-SKHCN")
    AgencyEffectiveness.objects.create(
        organisation=agency, effective_from=CONFIRMED, effective_until=date(2027, 12, 31), decision_number="05/QĐ-SKHCN"
    )
    Case.objects.update(ended_at=F("due_at") + timedelta(days=9))
    StepRun.objects.update(done_at=F("due_at") + timedelta(days=9))
    later = date(2026, 2, 2)

    again = scores.compute_year(by=on(world.secretary, later), system=world.system, year=2025)
    scores.confirm_year(by=on(world.overseer, later), agency_year=again, decision_number="09/QĐ-SKHCN")

    assert not again.is_effective
    assert AgencyEffectiveness.objects.get().effective_until == date(2027, 12, 31)


def test_year_confirmed_again_stays_one_finding_from_its_first_day() -> None:
    call_command("load_reference", verbosity=0)
    AgencyEffectiveness.objects.all().delete()
    agency = make_organisation("Sở Tư pháp", valid_from=date(2020, 1, 1))
    world = effective_world(make_world(agency))
    for day, number in ((CONFIRMED, "05/QĐ-SKHCN"), (date(2026, 2, 2), "09/QĐ-SKHCN")):
        found = scores.compute_year(by=on(world.secretary, day), system=world.system, year=2025)
        scores.confirm_year(by=on(world.overseer, day), agency_year=found, decision_number=number)

    row = AgencyEffectiveness.objects.get()

    assert (row.effective_from, row.effective_until) == (CONFIRMED, date(2026, 12, 31))
    assert row.decision_number == "09/QĐ-SKHCN"


def test_year_confirmed_after_it_ceased_to_count_moves_nothing() -> None:
    call_command("load_reference", verbosity=0)
    AgencyEffectiveness.objects.all().delete()
    agency = make_organisation("Sở Tư pháp", valid_from=date(2020, 1, 1))
    world = effective_world(make_world(agency))
    late = date(2027, 3, 1)

    found = scores.compute_year(by=on(world.secretary, late), system=world.system, year=2025)
    scores.confirm_year(by=on(world.overseer, late), agency_year=found, decision_number="05/QĐ-SKHCN")

    assert found.is_effective
    assert not AgencyEffectiveness.objects.exists()
