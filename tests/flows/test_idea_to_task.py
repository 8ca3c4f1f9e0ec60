"""An improvement idea of an agency becomes a proposed S&T task, and its way is told back where the idea stands."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from khcn.domains.programme.models import Proposal
from khcn.domains.programme.services import proposals
from khcn.domains.programme.services.wishes import hear_of_wish
from khcn.domains.qms.models import ImprovementIdea
from khcn.domains.qms.services import registers
from khcn.domains.qms.tests.world import make_world, on
from khcn.kernel.notices.models import Notice
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.lib.digest import canonical_json
from khcn.lib.roles import Role

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def test_idea_goes_on_as_a_proposal_and_its_outcome_comes_back(client_for) -> None:
    call_command("load_reference", verbosity=0)
    agency = make_organisation("Sở Tư pháp")
    world = make_world(agency)
    proposer = make_member(Role.PROPOSER, organisation=agency)
    idea = registers.add_row(
        by=on(world.officer, DAY), system=world.system, model=ImprovementIdea,
        values={
            "title": "Tự điền tờ khai từ dữ liệu dùng chung", "problem": "Người dân khai lại nhiều lần",
            "solution": "Nghiên cứu tự điền", "needs_research": True,
        },
    )  # fmt: skip
    client = client_for(world.secretary)

    answer = client.post(reverse("qms_idea_propose", args=[idea.uid]), follow=True)

    proposal = Proposal.objects.get()
    idea.refresh_from_db()
    page = answer.content.decode()
    assert (proposal.title, proposal.need, proposal.proposer) == (idea.title, idea.problem, agency)
    assert (idea.proposal_reference, idea.proposal_outcome) == (proposal.code, "Đang soạn")
    assert f'href="{reverse("proposal_page", args=[proposal.uid])}"' in page
    assert Notice.objects.filter(recipient=proposer.user, title__contains=proposal.code).exists()

    proposals.withdraw_proposal(by=on(proposer, DAY), proposal=proposal, on=DAY)

    idea.refresh_from_db()
    assert idea.proposal_outcome == "Đã rút"
    assert Notice.objects.filter(recipient=world.officer.user, title__contains="Đã rút").exists()


def test_wish_heard_twice_makes_one_proposal() -> None:
    call_command("load_reference", verbosity=0)
    agency = make_organisation("Sở Tư pháp")
    told = {
        "wish_uid": "6f8a1c1e-0000-4000-8000-000000000001", "organisation_uid": str(agency.uid),
        "wished_by_uid": "6f8a1c1e-0000-4000-8000-000000000002", "title": "A", "problem": "B", "solution": "C",
        "on": "2026-03-02",
    }  # fmt: skip

    for _ in range(2):
        hear_of_wish(canonical_json(told).decode())

    assert Proposal.objects.count() == 1
