"""The stages of products and tasks as conditions in SQL, for pages that only count; lists of rows use the pure rules.

The conditions say what `rules.indicators` says; a test holds both together on one world.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from khcn.domains.programme.choices import Grade
from khcn.domains.programme.models import ApplicationRecord, Handover, Product, Task
from khcn.domains.programme.queries.facts import DEAD_EVENTS
from khcn.kernel.procedures.models import TransitionRecord
from khcn.lib.dates import add_months
from khcn.lib.periods import month_end

PASSING = (Grade.EXCELLENT, Grade.PASS)
LOST_STATES = ("failed", "terminated", "cancelled")


@dataclass(frozen=True, slots=True)
class StageTally:
    """How many products of a kind stand at each stage."""

    ordered: int = 0
    contracted: int = 0
    accepted: int = 0
    applied: int = 0

    def plus(self, other: "StageTally") -> "StageTally":
        """The two together."""
        return StageTally(
            self.ordered + other.ordered, self.contracted + other.contracted, self.accepted + other.accepted,
            self.applied + other.applied,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AppliedTally:
    """Accepted tasks, those with an applied product, and both again among those past the time of grace."""

    accepted: int
    applied: int
    matured: int
    matured_applied: int


def product_stages(
    plan_uid: UUID, *, on: date, min_days: int, types: Iterable[str]
) -> dict[tuple[str, str, str], StageTally]:
    """Products of the types by (type, purpose, sector) and stage as of `on`. One query for any number of targets.

    The types are picked from the groups, not in the query: told of them, the database begins with their index and
    looks up task and contract for each product instead of once for each task.
    """
    products, wanted = alive_products(plan_uid, on=on), set(types)
    accepted = is_accepted(on)
    contracted = accepted | Q(task__contract__signed_on__lte=on)
    rows = (
        products.annotate(ordered_on=Coalesce("task__order__order_list__approved_on", "task__approved_on"))
        .values("type", "purpose", "sector")
        .annotate(
            ordered=Count("id", filter=contracted | Q(ordered_on__lte=on)),
            contracted=Count("id", filter=contracted),
            accepted=Count("id", filter=accepted),
            applied=Count("id", filter=is_applied(on, min_days)),
        )
        .order_by()
    )
    return {
        (row["type"], row["purpose"], row["sector"]): StageTally(
            row["ordered"], row["contracted"], row["accepted"], row["applied"]
        )
        for row in rows
        if row["type"] in wanted
    }


def tally_of(stages: dict[tuple[str, str, str], StageTally], parameters: dict[str, Any]) -> StageTally:
    """The stages of one target: types, and purposes or sectors where its parameters name them."""
    total = StageTally()
    for (kind, purpose, sector), tally in stages.items():
        if kind in parameters["types"] and _named(purpose, parameters.get("purposes")):
            total = total.plus(tally) if _named(sector, parameters.get("sectors")) else total
    return total


def with_uses(products: QuerySet[Product]) -> QuerySet[Product]:
    """The products with `uses`: how many uses their users confirmed. Counted for the rows of a page alone."""
    confirmed = ApplicationRecord.objects.filter(product=OuterRef("pk")).exclude(confirmed_on=None)
    counted = confirmed.order_by().values("product").annotate(n=Count("pk")).values("n")
    return products.annotate(uses=Coalesce(Subquery(counted), 0))


def applied_tasks(plan_uid: UUID, *, on: date, min_days: int, grace_months: int) -> AppliedTally:
    """Tasks of a plan accepted by `on` and those applied, strict and matured. One query."""
    applied = Exists(Product.objects.filter(task=OuterRef("pk")).filter(is_applied(on, min_days)))
    ripe = Q(recognised_on__lte=last_ripe_day(on, grace_months))
    counts = Task.objects.filter(plan__uid=plan_uid, grade__in=PASSING, accepted_on__lte=on).aggregate(
        accepted=Count("id"),
        applied=Count("id", filter=applied),
        matured=Count("id", filter=ripe),
        matured_applied=Count("id", filter=ripe & Q(applied)),
    )
    return AppliedTally(**counts)


def alive_products(plan_uid: UUID, *, on: date) -> QuerySet[Product]:
    """Products of a plan whose task had not failed, been terminated or cancelled by `on`."""
    return Product.objects.filter(task__plan__uid=plan_uid).exclude(is_lost(on))


def is_lost(on: date) -> Q:
    """Product of a task that had failed, been terminated or cancelled by `on`."""
    midnight = datetime.combine(on + timedelta(days=1), time.min, tzinfo=UTC)
    ended = (
        TransitionRecord.objects.filter(machine="task", event__in=DEAD_EVENTS)
        .values("subject_uid")
        .annotate(last=Max("at"))
        .filter(last__lt=midnight)
        .values("subject_uid")
    )
    failed = Q(task__grade=Grade.FAIL)
    return (failed & Q(task__accepted_on__lte=on)) | (~failed & Q(task__state__in=LOST_STATES) & Q(task__uid__in=ended))


def is_accepted(on: date) -> Q:
    """Product and task graded at least Đạt by `on`."""
    return Q(grade__in=PASSING, task__grade__in=PASSING, task__accepted_on__lte=on)


def is_applied(on: date, min_days: int) -> Q:
    """Accepted, the task recognised, handed over and used by another (or inspected own use) long enough, confirmed."""
    handed = Handover.objects.filter(product=OuterRef("pk"), signed_on__lte=on)
    long_enough = Q(used_from__lte=on - timedelta(days=min_days)) & (
        Q(used_to=None) | Q(used_to__gte=F("used_from") + timedelta(days=min_days))
    )
    used = ApplicationRecord.objects.filter(product=OuterRef("pk"), confirmed_on__lte=on).filter(
        ~Q(user_organisation=OuterRef("task__host")) | Q(host_use_verified_on__isnull=False)
    )
    return is_accepted(on) & Q(task__recognised_on__lte=on) & Q(Exists(handed)) & Q(Exists(used.filter(long_enough)))


def last_ripe_day(on: date, grace_months: int) -> date:
    """The last day of recognition from which the months of grace are over on `on`."""
    back = add_months(on, -grace_months)
    return month_end(back) if on == month_end(on) else back


def _named(value: str, wanted: Iterable[str] | None) -> bool:
    return wanted is None or value in wanted or not list(wanted)
