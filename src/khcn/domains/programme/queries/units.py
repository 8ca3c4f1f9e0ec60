"""What one unit hosts, ordered, uses, raised and must solve: the first rows of each list, and how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from khcn.domains.programme.models import Product
from khcn.domains.programme.permissions import visible_issues, visible_tasks
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor

SHOWN = 10


@dataclass(frozen=True, slots=True)
class UnitPart:
    """One list of a unit: its first rows, the number of all, and the query under which the whole list shows them."""

    heading: str
    rows: Sequence[Any]
    count: int
    query: str

    @property
    def is_cut(self) -> bool:
        """True when there are more rows than shown."""
        return self.count > len(self.rows)


def task_parts(actor: Actor, unit: Organisation) -> list[UnitPart]:
    """Tasks that the unit hosts, ordered, and whose results it uses, of those the actor may read. Six queries."""
    tasks = visible_tasks(actor).order_by("-approved_on", "code")
    used = Product.objects.filter(applications__user_organisation=unit).values("task_id")
    return [
        _part(gettext("Nhiệm vụ chủ trì"), tasks.filter(host=unit), f"host={unit.uid}"),
        _part(gettext("Nhiệm vụ đặt hàng"), tasks.filter(orderer=unit), f"orderer={unit.uid}"),
        _part(gettext("Nhiệm vụ có kết quả đơn vị đang ứng dụng"), tasks.filter(pk__in=used), f"user={unit.uid}"),
    ]


def issue_parts(actor: Actor, unit: Organisation) -> list[UnitPart]:
    """Difficulties that the unit raised and must solve, of those the actor may read. Four queries."""
    issues = visible_issues(actor)
    assigned = issues.filter(assignee=unit).order_by("due_on", "-id")
    return [
        _part(gettext("Vướng mắc đã nêu"), issues.filter(reporter=unit), f"reporter={unit.uid}"),
        _part(gettext("Vướng mắc được giao giải quyết"), assigned, f"assignee={unit.uid}"),
    ]


def _part(heading: str, rows: QuerySet[Any], query: str) -> UnitPart:
    return UnitPart(heading, list(rows[:SHOWN]), rows.count(), query)
