"""Reads proposals: what a form still lacks, the list with its filters, the facts of one page."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from khcn.domains.programme.choices import ProposalState, TaskKind
from khcn.domains.programme.models import Proposal
from khcn.domains.programme.permissions import visible_proposals
from khcn.lib.actor import Actor
from khcn.web.search import matching

#: What a proposal must say before it is filed (phiếu A1, A2, A3: TT 06/2023/TT-BKHCN, Điều 7 khoản 4).
REQUIRED: Final = (
    "title", "need", "objective", "contents", "expected_products", "application_address", "year_from", "year_to",
    "budget_vnd", "is_secret",
)  # fmt: skip
#: The form for each kind of task; projects and potential tasks are proposed like research.
FORM_OF_KIND: Final = {TaskKind.PILOT_PRODUCTION: "A2-ĐXNV", TaskKind.SCHEME: "A3-ĐXNV"}
#: Orders of the list, as `khcn.web.listing.order` takes them.
ORDERS: Final = {
    "code": ("code",),
    "title": ("folded",),
    "proposer": ("proposer__sort_key",),
    "submitted": ("submitted_on",),
    "budget": ("budget_vnd",),
    "state": ("state",),
}


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One line of the list."""

    uid: UUID
    code: str
    title: str
    kind: str
    state: str
    proposer: str
    field: str
    years: str
    budget_vnd: int | None
    submitted_on: date | None
    is_illustration: bool


@dataclass(frozen=True, slots=True)
class ProposalFilter:
    """What the list is narrowed to; empty values do not narrow."""

    text: str = ""
    state: str = ""
    kind: str = ""
    field: int | None = None
    proposer: int | None = None
    year: int | None = None


def missing_parts(proposal: Proposal) -> list[str]:
    """Names of the parts that a proposal still lacks before it can be filed."""
    lacking = []
    for name in REQUIRED:
        value = getattr(proposal, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            lacking.append(str(Proposal._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    return lacking


def form_code(proposal: Proposal) -> str:
    """The code of the form that the proposal is printed on."""
    return FORM_OF_KIND.get(TaskKind(proposal.kind), "A1-ĐXNV")


def filtered_proposals(actor: Actor, wanted: ProposalFilter) -> QuerySet[Proposal]:
    """The proposals that the actor may read, narrowed; relations that a row prints are joined."""
    found = visible_proposals(actor).select_related("proposer", "field")
    found = matching(found, "folded", wanted.text)
    exact: dict[str, Any] = {
        "state": wanted.state, "kind": wanted.kind, "field_id": wanted.field, "proposer_id": wanted.proposer,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.year:
        found = found.filter(year_from__lte=wanted.year, year_to__gte=wanted.year)
    return found


def proposal_row(proposal: Proposal) -> ProposalRow:
    """The line of one proposal."""
    years = "–".join(str(year) for year in dict.fromkeys((proposal.year_from, proposal.year_to)) if year)
    return ProposalRow(
        uid=proposal.uid, code=proposal.code, title=proposal.title, kind=TaskKind(proposal.kind).label,
        state=proposal.state, proposer=str(proposal.proposer), field=str(proposal.field or ""), years=years,
        budget_vnd=proposal.budget_vnd, submitted_on=proposal.submitted_on, is_illustration=proposal.is_illustration,
    )  # fmt: skip


def state_label(state: str) -> str:
    """The label of a proposal's state."""
    return ProposalState(state).label
