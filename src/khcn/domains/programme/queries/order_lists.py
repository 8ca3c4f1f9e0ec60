"""Reads order lists, calls and what a person may see of them; open calls are public."""

from datetime import date
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum

from khcn.domains.programme.choices import ApplicationState, CallState, OrderListState
from khcn.domains.programme.models import Call, OrderList
from khcn.domains.programme.permissions import reads_all
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor
from khcn.lib.roles import Role

LIST_ORDERS: Final = {"year": ("year", "id"), "code": ("code",), "state": ("state",), "approved": ("approved_on",)}
CALL_ORDERS: Final = {"code": ("code",), "closes": ("closes_on",), "state": ("state",), "title": ("order__title",)}
#: Calls that everybody may read about: they were announced.
ANNOUNCED: Final = (
    CallState.OPEN, CallState.CLOSED, CallState.DOSSIERS_OPENED, CallState.CONCLUDED, CallState.UNSUCCESSFUL,
)  # fmt: skip


def visible_order_lists(actor: Actor) -> QuerySet[OrderList]:
    """Published lists are everybody's; drafts are the standing body's. With the number of orders and their sum."""
    lists = OrderList.objects.annotate(order_count=Count("orders"), order_sum_vnd=Sum("orders__budget_vnd"))
    if reads_all(actor):
        return lists
    return lists.filter(state__in=[OrderListState.PUBLISHED, OrderListState.SUPERSEDED])


def visible_calls(actor: Actor) -> QuerySet[Call]:
    """Announced calls are everybody's; drafts are the standing body's. With the number of dossiers received."""
    received = Count(
        "applications", filter=~Q(applications__state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
    )
    calls = Call.objects.select_related("order__order_list", "order__orderer", "invited").annotate(received=received)
    return calls if reads_all(actor) else calls.filter(state__in=ANNOUNCED)


def public_calls(*, on: date) -> QuerySet[Call]:
    """Calls that receive dossiers on the day, secret ones never; soonest closing first."""
    return (
        Call.objects.filter(state=CallState.OPEN, closes_on__gte=on)
        .exclude(order__direct_ground="secret")
        .exclude(order__proposal__is_secret=True)
        .select_related("order__orderer", "order__order_list", "invited")
        .order_by("closes_on", "id")
    )


def applying_units(actor: Actor) -> QuerySet[Organisation]:
    """The units for which the actor may apply."""
    return Organisation.objects.filter(pk__in=actor.offices_as(Role.HOST))
