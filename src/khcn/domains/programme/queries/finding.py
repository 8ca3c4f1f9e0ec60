"""What the global search finds outside the pipeline: records that the actor may read, by code, name and people.

Secret tasks are never found: they live on paper, and the list keeps an index line only.
"""

from collections.abc import Callable, Iterable
from typing import Any

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

#: Kinds without a folded column are short lists; this many rows, newest first, are read and folded at each search.
READ_AT_MOST = 500


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
    rows = OrderList.objects.order_by("-pk")
    return _held(rows, text, limit, "list-check", lambda row: (row.title, row.code, row.get_state_display()))


def find_councils(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Councils by code and title."""
    rows = visible_councils(actor).order_by("-pk")
    return _held(rows, text, limit, "gavel", lambda row: (row.title, row.code, row.get_state_display()))


def find_issues(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Difficulties by code, title and the unit that raised them."""
    rows = visible_issues(actor).select_related("reporter").order_by("-pk")
    return _held(
        rows, text, limit, "alert-octagon",
        lambda row: (row.title, row.code, f"{row.get_state_display()} · {row.reporter}"),
    )  # fmt: skip


def find_plans(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Plans by code and title."""
    rows = Plan.objects.order_by("-pk")
    return _held(rows, text, limit, "target-arrow", lambda row: (row.title, row.code, row.get_state_display()))


def find_units(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Organisations in force, by name, code and short name."""
    found = matching(organisations_on(actor.on), "folded", text)[: limit * 2]
    return [
        Hit(row.name, reverse("unit_page", args=[row.uid]), "", gettext(row.get_kind_display()), "building")
        for row in found
    ]  # fmt: skip


def _held(
    rows: Iterable[Any], text: str, limit: int, icon: str, words: Callable[[Any], tuple[str, str, str]]
) -> list[Hit]:
    """Hits among the first rows of a short list; words(row) gives title, code and detail."""
    hits = []
    for row in rows[:READ_AT_MOST]:  # type: ignore[index]
        title, code, detail = words(row)
        if holds_words(f"{code} {title} {detail}", text) and (address := address_of(row)):
            hits.append(Hit(title, address, code, str(detail), icon))
            if len(hits) == limit * 2:
                break
    return hits
