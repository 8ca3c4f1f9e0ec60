"""What the global search finds outside the pipeline: records that the actor may read, by code, name and people.

Secret tasks are never found: they live on paper, and the list keeps an index line only.
"""

from django.urls import reverse
from django.utils.translation import gettext

from khcn.domains.programme.models import OrderList, Plan
from khcn.domains.programme.permissions import (
    READS_ALL,
    visible_councils,
    visible_issues,
    visible_tasks,
)
from khcn.domains.programme.queries.addresses import address_of
from khcn.kernel.orgs.queries import organisations_on
from khcn.lib.actor import Actor
from khcn.web.search import Hit, holds_words, matching

#: Plans are few, one or two a year; this many, newest first, are read and folded at each search.
PLANS_READ = 200


def find_tasks(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Tasks by code, title, host and principal investigator."""
    rows = visible_tasks(actor).filter(is_secret=False).select_related("host", "pi")
    found = matching(rows, ("folded", "host__folded", "pi__folded"), text).order_by("-pk")[: limit * 4]
    return [
        Hit(task.title, address_of(task), task.code, f"{task.get_state_display()} · {task.host}", "microscope")
        for task in found
    ]


def find_order_lists(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Order lists, for those who read the whole programme."""
    if not actor.roles & READS_ALL:
        return []
    found = matching(OrderList.objects.order_by("-pk"), "folded", text)[: limit * 4]
    return [Hit(row.title, address_of(row), row.code, str(row.get_state_display()), "list-check") for row in found]


def find_councils(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Councils by code, title and decision."""
    found = matching(visible_councils(actor), "folded", text).distinct().order_by("-pk")[: limit * 4]
    return [Hit(row.title, address_of(row), row.code, str(row.get_state_display()), "gavel") for row in found]


def find_issues(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Difficulties by code, title and the unit that raised them."""
    found = matching(visible_issues(actor).select_related("reporter"), ("folded", "reporter__folded"), text)
    return [
        Hit(row.title, address_of(row), row.code, f"{row.get_state_display()} · {row.reporter}", "alert-octagon")
        for row in found.order_by("-pk")[: limit * 4]
    ]


def find_plans(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Plans by code and title."""
    hits = []
    for row in Plan.objects.order_by("-pk")[:PLANS_READ]:
        if holds_words(f"{row.code} {row.title}", text) and (address := address_of(row)):
            hits.append(Hit(row.title, address, row.code, str(row.get_state_display()), "target-arrow"))
    return hits[: limit * 2]


def find_units(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Organisations in force, by name, code and short name."""
    found = matching(organisations_on(actor.on), "folded", text)[: limit * 2]
    return [
        Hit(row.name, reverse("unit_page", args=[row.uid]), "", gettext(row.get_kind_display()), "building")
        for row in found
    ]  # fmt: skip
