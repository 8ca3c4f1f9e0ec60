"""Finds proposals, calls and dossiers for the search of the whole house, within what the actor may read."""

from collections.abc import Iterable

from khcn.domains.programme.choices import ApplicationState, CallState, ProposalState
from khcn.domains.programme.permissions import visible_applications, visible_proposals
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.queries.order_lists import visible_calls
from khcn.lib.actor import Actor
from khcn.web.search import Hit, matching


def find_proposals(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Proposals by code and title."""
    rows = matching(visible_proposals(actor).select_related("proposer"), "folded", text)[:limit]
    return [
        Hit(row.title, address_of(row), row.code, f"{row.proposer} · {ProposalState(row.state).label}", "bulb")
        for row in rows
    ]


def find_calls(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Calls by the title of the proposal behind the ordered task."""
    rows = matching(visible_calls(actor), "order__proposal__folded", text)[:limit]
    return [Hit(row.order.title, address_of(row), row.code, CallState(row.state).label, "speakerphone") for row in rows]


def find_applications(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Dossiers by the name of their host."""
    rows = matching(visible_applications(actor).select_related("host", "call__order"), "host__folded", text)[:limit]
    return [
        Hit(
            row.call.order.title,
            address_of(row),
            row.code,
            f"{row.host} · {ApplicationState(row.state).label}",
            "folders",
        )
        for row in rows
    ]
