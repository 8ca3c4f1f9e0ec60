"""Dossiers under way when their agency is merged: they keep code, promise and agency, and who follows finishes them."""

from datetime import date
from types import SimpleNamespace

import pytest

from khcn.domains.onestop.choices import Channel, NationalStatus
from khcn.domains.onestop.errors import DossierStepRefused
from khcn.domains.onestop.models import Dossier
from khcn.domains.onestop.permissions import visible_dossiers
from khcn.domains.onestop.queries.dossiers import my_runs, waiting_for
from khcn.domains.onestop.services import handling, work
from khcn.domains.onestop.tests.conftest import at
from khcn.domains.onestop.tests.test_dossiers import result_paper, run_through
from khcn.kernel.orgs.models import OrganisationSuccession
from khcn.kernel.orgs.queries import actor_for
from khcn.kernel.orgs.services import renew_carried_duties
from khcn.kernel.procedures.queries.cases import cases_visible_to
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

MERGED = date(2023, 5, 17)
OFFICES = {
    "clerk": Role.ONE_STOP, "specialist": Role.SPECIALIST, "head": Role.HEAD, "director": Role.DIRECTOR,
    "registrar": Role.CLERK,
}  # fmt: skip


def people_of(cast, body) -> SimpleNamespace:
    """Everybody who takes part at a body, resolved on the day of the merger."""
    persons = {name: cast.person() for name in OFFICES}
    people = {
        name: actor_for(cast.user(role, organisation=body, person=persons[name]), on=MERGED)
        for name, role in OFFICES.items()
    }
    return SimpleNamespace(body=body, director_person=persons["director"], **people)


@pytest.fixture
def merged(counter, cast):
    """The agency ends on 17 May 2023 with a dossier under way; its heir has the same offices with other people."""
    dossier = counter.received()
    handling.start(by=counter.clerk, dossier=dossier, now=at(15, 10))
    before = Dossier.objects.values("code", "appointment_at", "receiving", "deciding", "case__due_at").get()
    heir = cast.organisation("Sở Khoa học và Công nghệ Đồng Nai", code="DN", valid_from=MERGED)
    counter.body.valid_to = MERGED
    counter.body.save()
    OrganisationSuccession.objects.create(predecessor=counter.body, successor=heir, kind="merge", on=MERGED)
    renew_carried_duties()
    heir.refresh_from_db()
    return SimpleNamespace(dossier=dossier, before=before, heirs=people_of(cast, heir))


def test_dossier_keeps_its_identity_and_stands_in_the_heirs_lists(merged) -> None:
    heirs = merged.heirs

    assert (
        Dossier.objects.values("code", "appointment_at", "receiving", "deciding", "case__due_at").get() == merged.before
    )
    for name in OFFICES:
        assert list(visible_dossiers(getattr(heirs, name))) == [merged.dossier], name
        assert list(cases_visible_to(getattr(heirs, name))) == [merged.dossier.case], name
    assert [run.step_key for run in my_runs(heirs.head)] == ["phan_cong"]
    assert not my_runs(heirs.specialist).exists()


def test_heirs_finish_the_dossier_and_a_stranger_may_not(merged, counter) -> None:
    heirs, dossier = merged.heirs, merged.dossier
    (run,) = my_runs(heirs.head)

    with pytest.raises(Forbidden):
        work.complete_work(by=counter.stranger, dossier=dossier, run=run)
    run_through(heirs, dossier)
    handling.decide(by=heirs.specialist, dossier=dossier, paper=result_paper(heirs, dossier), now=at(18))
    assert list(waiting_for(heirs.clerk)) == [dossier]
    handling.hand_over(by=heirs.clerk, dossier=dossier, identity_or_proof="CCCD 070123", now=at(18, 10))

    dossier.refresh_from_db()
    assert dossier.status == NationalStatus.RETURNED
    assert (dossier.code, dossier.deciding) == (merged.before["code"], counter.body)


def test_paper_of_an_unrelated_agency_is_no_result(merged, counter, cast) -> None:
    run_through(merged.heirs, merged.dossier)
    paper = result_paper(people_of(cast, counter.other), merged.dossier)

    with pytest.raises(DossierStepRefused):
        handling.decide(by=merged.heirs.specialist, dossier=merged.dossier, paper=paper, now=at(18))


def test_nothing_new_begins_at_the_agency_that_ended(merged, counter) -> None:
    with pytest.raises((Forbidden, Refused)):
        counter.submit(by=merged.heirs.clerk, channel=Channel.COUNTER, now=at(18))
