"""Improvement ideas that need research go on as proposed S&T tasks, and what comes of them comes back (10.3)."""

import json
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from khcn.domains.qms.choices import Duty
from khcn.domains.qms.errors import NotYetProven, StepNotOpen
from khcn.domains.qms.models import ImprovementIdea
from khcn.domains.qms.permissions import require_duty
from khcn.kernel.audit.services import record
from khcn.kernel.events.services import publish
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify
from khcn.kernel.orgs.models import User
from khcn.kernel.orgs.services.wishes import ResearchWished
from khcn.lib.actor import Actor


def propose_research(*, by: Actor, idea: ImprovementIdea) -> ImprovementIdea:
    """Hand an idea that needs research to whoever proposes tasks; once."""
    system = idea.system
    require_duty(by, system, Duty.SECRETARY, Duty.HEAD)
    with transaction.atomic():
        idea.claim(None)
        stored = ImprovementIdea.objects.get(pk=idea.pk)
        if stored.proposed_on is not None:
            raise StepNotOpen("Sáng kiến này đã được chuyển thành đề xuất nhiệm vụ.")
        if not stored.needs_research:
            raise NotYetProven("Đánh dấu “cần nghiên cứu” trước khi chuyển thành đề xuất nhiệm vụ.")
        idea.proposed_on = by.on
        idea.save()
        record(by=by, verb="qms.propose_research", subject=idea, after={"proposed_on": by.on})
        publish(
            ResearchWished(
                wish_uid=idea.uid, organisation_uid=system.organisation.uid, wished_by_uid=by.uid, title=idea.title,
                problem=idea.problem, solution=idea.solution, on=by.on,
            )
        )  # fmt: skip
    idea.refresh_from_db()
    return idea


def hear_of_research(payload: str) -> None:
    """Subscriber of `ResearchMoved`: keep where the proposal or task stands; whoever had the idea is told."""
    told = json.loads(payload)
    with transaction.atomic():
        idea = ImprovementIdea.objects.select_for_update().filter(uid=UUID(told["wish_uid"])).first()
        if idea is None or (idea.proposal_reference, idea.proposal_outcome) == (told["code"], told["outcome"]):
            return
        idea.proposal_reference, idea.proposal_url = told["code"][:60], told["url"][:300]
        idea.proposal_outcome = told["outcome"][:120]
        idea.save(update_fields=["proposal_reference", "proposal_url", "proposal_outcome"])
        notify(
            recipients=User.objects.filter(pk=idea.raised_by_id or 0), kind=NoticeKind.INFORM, subject=idea,
            title=f"Sáng kiến “{idea.title[:80]}”: {told['code']} – {told['outcome']}",
            url=reverse("qms_idea_page", args=[idea.uid]),
        )  # fmt: skip
