"""Takes up wishes for research as draft proposals, and tells whoever wished where proposal and task stand."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from khcn.domains.programme.models import Proposal, Task
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.services.asking import ask
from khcn.domains.programme.services.numbering import next_code
from khcn.kernel.audit.services import record
from khcn.kernel.events.services import publish
from khcn.kernel.orgs.models import Organisation, User
from khcn.kernel.orgs.services.wishes import ResearchMoved
from khcn.lib.actor import Actor
from khcn.lib.roles import Role


def hear_of_wish(payload: str) -> None:
    """Subscriber of `ResearchWished`: one draft proposal of the wishing organisation, however often it is heard.

    Whoever proposes for the organisation completes and files it, as any proposal.
    """
    told = json.loads(payload)
    wish, on = UUID(told["wish_uid"]), date.fromisoformat(told["on"])
    with transaction.atomic():
        if Proposal.objects.filter(wish_uid=wish).exists():
            return
        proposer = Organisation.objects.get(uid=UUID(told["organisation_uid"]))
        proposal = Proposal.objects.create(
            code=next_code(kind="proposal", on=on), title=told["title"][:500], need=told["problem"],
            contents=told["solution"], proposer=proposer, wish_uid=wish,
            proposed_by=User.objects.filter(uid=UUID(told["wished_by_uid"])).first(),
        )  # fmt: skip
        machine = Actor(uid=UUID(int=0), name="ISO điện tử", on=on, is_system=True)
        record(by=machine, verb="proposal.create", subject=proposal, after={"title": proposal.title, "wish": wish})
        ask(
            subject=proposal, on=on, roles=[Role.PROPOSER], at=proposer,
            title=f"Hoàn thiện phiếu đề xuất {proposal.code} từ sáng kiến cải tiến",
        )  # fmt: skip
        tell_of_move(proposal, machine="proposal")


def tell_of_move(subject: Any, *, machine: str) -> None:
    """Publish where a proposal that grew from a wish stands, or the task that it became."""
    if isinstance(subject, Proposal):
        wish, state = subject.wish_uid, subject.get_state_display()
    elif isinstance(subject, Task) and machine in ("task", "uptake") and subject.order is not None:
        wish = subject.order.proposal.wish_uid if subject.order.proposal is not None else None
        state = subject.get_uptake_state_display() if machine == "uptake" else subject.get_state_display()
    else:
        return
    if wish is not None:
        publish(ResearchMoved(wish, subject.code, address_of(subject), state))
