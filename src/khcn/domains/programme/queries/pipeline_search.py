"""Finds proposals, calls and dossiers for the search of the whole house, within what the actor may read."""

from collections.abc import Iterable

from django.utils.translation import gettext

from khcn.domains.programme.choices import ApplicationState, CallState, ProposalState
from khcn.domains.programme.permissions import visible_applications, visible_proposals
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.queries.order_lists import visible_calls
from khcn.lib.actor import Actor
from khcn.web.search import Hit, matching


def find_proposals(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Proposals by code, title and proposing unit; secret ones stay on paper."""
    rows = matching(visible_proposals(actor).exclude(is_secret=True), ("folded", "proposer__folded"), text)
    rows = rows.select_related("proposer").order_by("-pk")[: limit * 4]
    return [
        Hit(row.title, address_of(row), row.code, f"{row.proposer} · {gettext(ProposalState(row.state).label)}", "bulb")
        for row in rows
    ]


def find_calls(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Calls by code and by the name of the ordered task."""
    rows = matching(visible_calls(actor), ("folded", "order__folded"), text).order_by("-pk")[: limit * 4]
    return [
        Hit(row.order.title, address_of(row), row.code, gettext(CallState(row.state).label), "speakerphone")
        for row in rows
    ]


def find_applications(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Dossiers by code, host, leader and the name of the ordered task."""
    dossiers = visible_applications(actor).select_related("host", "call__order")
    rows = matching(dossiers, ("folded", "host__folded", "pi__folded", "call__order__folded"), text)
    rows = rows.order_by("-pk")[: limit * 4]
    return [
        Hit(
            row.call.order.title,
            address_of(row),
            row.code,
            f"{row.host} · {gettext(ApplicationState(row.state).label)}",
            "folders",
        )
        for row in rows
    ]
