"""The stages of products and tasks as conditions in SQL, for pages that only count; lists of rows use the pure rules.

The conditions say what `rules.indicators` says; a test holds both together on one world.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, Max, OuterRef, Q, QuerySet, Subquery
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


@dataclass(frozen=True, slots=True)
class AppliedProduct:
    """An applied product as targets count it.

    ripe: the months of grace after the recognition of its task are over; lost: the task had been terminated or
    cancelled in spite of all.
    """

    type: str
    purpose: str
    sector: str
    task_id: int
    ripe: bool
    lost: bool


def applied_products(plan_uid: UUID, *, on: date, min_days: int, grace_months: int) -> list[AppliedProduct]:
    """Every applied product of a plan as of `on`. One query, from the uses, which are fewer than the products.

    Days stay in the database: reading them costs more than finding them.
    """
    handed = Handover.objects.filter(product=OuterRef("product"), signed_on__lte=on)
    uses = _uses(on, min_days, host=F("product__task__host")).filter(
        is_accepted(on, "product__"), Exists(handed), product__task__plan__uid=plan_uid,
        product__task__recognised_on__lte=on,
    )  # fmt: skip
    ripe = Q(product__task__recognised_on__lte=last_ripe_day(on, grace_months))
    marked = uses.annotate(
        ripe=ExpressionWrapper(ripe, output_field=BooleanField()),
        lost=ExpressionWrapper(is_lost(on, "product__"), output_field=BooleanField()),
    )
    rows = marked.order_by().values_list(
        "product_id", "product__type", "product__purpose", "product__sector", "product__task_id", "ripe", "lost"
    )
    return [AppliedProduct(*row) for row in {key: row for key, *row in rows.iterator()}.values()]


def product_stages(
    plan_uid: UUID, *, on: date, applied: Iterable[AppliedProduct], types: Iterable[str]
) -> dict[tuple[str, str, str], StageTally]:
    """Products of the types by (type, purpose, sector) and stage as of `on`. One query for any number of targets.

    The types are picked from the groups, not in the query: told of them, the database begins with their index and
    looks up task and contract for each product instead of once for each task.
    """
    products, wanted = alive_products(plan_uid, on=on), set(types)
    in_use = Counter((one.type, one.purpose, one.sector) for one in applied if not one.lost)
    accepted = is_accepted(on)
    contracted = accepted | Q(task__contract__signed_on__lte=on)
    rows = (
        products.annotate(ordered_on=Coalesce("task__order__order_list__approved_on", "task__approved_on"))
        .values("type", "purpose", "sector")
        .annotate(
            ordered=Count("id", filter=contracted | Q(ordered_on__lte=on)),
            contracted=Count("id", filter=contracted),
            accepted=Count("id", filter=accepted),
        )
        .order_by()
    )
    return {
        key: StageTally(row["ordered"], row["contracted"], row["accepted"], in_use[key])
        for row in rows
        if row["type"] in wanted and (key := (row["type"], row["purpose"], row["sector"]))
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


def applied_tasks(plan_uid: UUID, *, on: date, applied: Collection[AppliedProduct], grace_months: int) -> AppliedTally:
    """Tasks of a plan accepted by `on` and those applied, strict and matured. One query."""
    ripe = Q(recognised_on__lte=last_ripe_day(on, grace_months))
    counts = Task.objects.filter(plan__uid=plan_uid, grade__in=PASSING, accepted_on__lte=on).aggregate(
        accepted=Count("id"), matured=Count("id", filter=ripe)
    )
    return AppliedTally(
        accepted=counts["accepted"],
        applied=len({one.task_id for one in applied}),
        matured=counts["matured"],
        matured_applied=len({one.task_id for one in applied if one.ripe}),
    )


def alive_products(plan_uid: UUID, *, on: date) -> QuerySet[Product]:
    """Products of a plan whose task had not failed, been terminated or cancelled by `on`."""
    return Product.objects.filter(task__plan__uid=plan_uid).exclude(is_lost(on))


def is_lost(on: date, at: str = "") -> Q:
    """Product of a task that had failed, been terminated or cancelled by `on`; `at` leads to the product."""
    midnight = datetime.combine(on + timedelta(days=1), time.min, tzinfo=UTC)
    ended = (
        TransitionRecord.objects.filter(machine="task", event__in=DEAD_EVENTS)
        .values("subject_uid")
        .annotate(last=Max("at"))
        .filter(last__lt=midnight)
        .values("subject_uid")
    )
    failed = _at(at, task__grade=Grade.FAIL)
    return (failed & _at(at, task__accepted_on__lte=on)) | (
        ~failed & _at(at, task__state__in=LOST_STATES, task__uid__in=ended)
    )


def is_accepted(on: date, at: str = "") -> Q:
    """Product and task graded at least Đạt by `on`; `at` leads to the product."""
    return _at(at, grade__in=PASSING, task__grade__in=PASSING, task__accepted_on__lte=on)


def is_applied(on: date, min_days: int) -> Q:
    """Accepted, the task recognised, handed over and used by another (or inspected own use) long enough, confirmed."""
    handed = Handover.objects.filter(product=OuterRef("pk"), signed_on__lte=on)
    used = _uses(on, min_days, host=OuterRef("task__host")).filter(product=OuterRef("pk"))
    return is_accepted(on) & Q(task__recognised_on__lte=on) & Q(Exists(handed)) & Q(Exists(used))


def last_ripe_day(on: date, grace_months: int) -> date:
    """The last day of recognition from which the months of grace are over on `on`."""
    back = add_months(on, -grace_months)
    return month_end(back) if on == month_end(on) else back


def _uses(on: date, min_days: int, *, host: Any) -> QuerySet[ApplicationRecord]:
    """Uses confirmed by `on`, by another than the host (or inspected), that lasted the days or go on since then."""
    enough = timedelta(days=min_days)
    by_another = ~Q(user_organisation=host) | Q(host_use_verified_on__isnull=False)
    long_enough = Q(used_to=None) | Q(used_to__gte=F("used_from") + enough)
    return ApplicationRecord.objects.filter(by_another, long_enough, confirmed_on__lte=on, used_from__lte=on - enough)


def _at(path: str, **conditions: Any) -> Q:
    return Q(**{path + name: value for name, value in conditions.items()})


def _named(value: str, wanted: Iterable[str] | None) -> bool:
    return wanted is None or value in wanted or not list(wanted)
