"""What the plan's dashboard shows, in a fixed number of queries whatever the number of tasks, products or entries."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from khcn.domains.programme.models import ApplicationRecord, Issue, Plan, PlanField, Task
from khcn.domains.programme.permissions import reads_all
from khcn.domains.programme.queries.funds import FundLine, PlanMoney, fund_lines, plan_money
from khcn.domains.programme.queries.targets import TargetLine, target_lines
from khcn.domains.programme.rules.reports.snapshot import percent_of
from khcn.kernel.indicators.models import IndicatorValue
from khcn.kernel.places.models import Place
from khcn.kernel.procedures.models import Clock
from khcn.lib.actor import Actor

OPEN_DAYS = 30
SHOWN = 8
PLACES_SHOWN = 300
OPEN_ISSUES = ("raised", "classified", "assigned", "escalated", "answered")


@dataclass(frozen=True, slots=True)
class FieldLine:
    """Tasks of one field of the plan by state; field None: tasks that answer no field."""

    field: PlanField | None
    states: dict[str, int]

    @property
    def total(self) -> int:
        """All tasks of the field."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A share with what it counts; value None prints "chưa có"."""

    counted: int
    of: int

    @property
    def value(self) -> Decimal | None:
        """The share in percent."""
        return percent_of(self.counted, self.of)


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place where results are used: how many uses, and how many of them are confirmed."""

    uid: str
    name: str
    latitude: float
    longitude: float
    uses: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One stored value of an indicator."""

    code: str
    as_of: date
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything on the page, as of a date."""

    plan: Plan
    on: date
    targets: list[TargetLine]
    fields: list[FieldLine]
    funds: list[FundLine]
    money: PlanMoney
    steps: ShareLine
    answers: ShareLine
    late: list[Clock]
    late_count: int
    issues: list[Issue]
    open_issues: int
    old_issues: int
    places: list[PlaceLine]
    trend: list[TrendPoint]
    measured_at: date | None

    @property
    def tasks_total(self) -> int:
        """All tasks of the plan."""
        return sum(line.total for line in self.fields)

    @property
    def achieved(self) -> int:
        """How many targets are met."""
        return sum(line.status == "achieved" for line in self.targets)


def plan_dashboard(plan: Plan, *, on: date) -> Dashboard:
    """Read the dashboard of a plan as of a date."""
    funds = fund_lines(plan, on=on)
    steps, late_count = _step_counts(plan, on=on)
    issues = Issue.objects.filter(plan=plan, raised_on__lte=on).exclude(state="merged")
    is_open = Q(state__in=OPEN_ISSUES)
    counts = issues.aggregate(
        open=Count("id", filter=is_open),
        old=Count("id", filter=Q(raised_on__lt=on - timedelta(days=OPEN_DAYS))
                  & (Q(closed_on=None) | Q(closed_on__gt=on))),
        due=Count("id", filter=_issue_due(on)),
        in_time=Count("id", filter=_issue_due(on) & Q(answered_on__lte=F("due_on")) & Q(answered_on__lte=on)),
    )  # fmt: skip
    trend = trend_of(plan)
    return Dashboard(
        plan=plan,
        on=on,
        targets=target_lines(plan, on=on),
        fields=field_lines(plan, on=on),
        funds=funds,
        money=plan_money(plan, funds),
        steps=steps,
        answers=ShareLine(counts["in_time"], counts["due"]),
        late=list(late_clocks(plan, on=on)[:SHOWN]),
        late_count=late_count,
        issues=list(issues.filter(is_open).select_related("reporter", "assignee").order_by("due_on", "id")[:SHOWN]),
        open_issues=counts["open"],
        old_issues=counts["old"],
        places=place_lines(plan, on=on),
        trend=trend,
        measured_at=max((point.as_of for point in trend), default=None),
    )


def field_lines(plan: Plan, *, on: date) -> list[FieldLine]:
    """Tasks approved by a date, by field and state. Two queries."""
    counts: dict[int | None, dict[str, int]] = {}
    rows = Task.objects.filter(plan=plan, approved_on__lte=on).values("field_id", "state").annotate(n=Count("id"))
    for row in rows.order_by():
        counts.setdefault(row["field_id"], {})[row["state"]] = row["n"]
    lines = [FieldLine(field, counts.get(field.pk, {})) for field in plan.fields.order_by("ordinal")]
    return [*lines, FieldLine(None, counts[None])] if None in counts else lines


def late_clocks(plan: Plan, *, on: date) -> QuerySet[Clock]:
    """Running statutory times of the plan's tasks past their due day, the oldest first."""
    late = Clock.objects.filter(_late(on), cancelled=False, subject_uid__in=_subjects(plan))
    return late.select_related("responsible").order_by("due_on", "id")


def step_share(plan: Plan, *, on: date) -> ShareLine:
    """Due statutory steps done in time; a step done before it is due counts as due. One query."""
    return _step_counts(plan, on=on)[0]


def _step_counts(plan: Plan, *, on: date) -> tuple[ShareLine, int]:
    """The share of steps in time, and how many late clocks run. One query."""
    done = Q(stopped_on__lte=on)
    clocks = Clock.objects.filter(cancelled=False, subject_type="programme.task", subject_uid__in=_subjects(plan))
    counts = clocks.aggregate(
        due=Count("id", filter=Q(due_on__lte=on) | done),
        in_time=Count("id", filter=done & Q(stopped_on__lte=F("due_on"))),
        late=Count("id", filter=_late(on)),
    )
    return ShareLine(counts["in_time"], counts["due"]), counts["late"]


def _subjects(plan: Plan) -> QuerySet[Task, Any]:
    return Task.objects.filter(plan=plan).values("uid")


def _late(on: date) -> Q:
    return Q(stopped_on=None, due_on__lt=on)


def place_lines(plan: Plan, *, on: date) -> list[PlaceLine]:
    """Places of application with a position, by number of uses, the most used first. Two queries."""
    rows = (
        ApplicationRecord.objects.filter(product__task__plan=plan, used_from__lte=on, place__isnull=False)
        .values("place_id")
        .annotate(uses=Count("id"), confirmed=Count("id", filter=Q(confirmed_on__lte=on)))
        .order_by("-uses", "place_id")[:PLACES_SHOWN]
    )
    counts = {row["place_id"]: (row["uses"], row["confirmed"]) for row in rows}
    places = Place.objects.in_bulk(list(counts))
    return [
        PlaceLine(str(place.uid), place.name, place.latitude, place.longitude, uses, confirmed)
        for key, (uses, confirmed) in counts.items()
        if (place := places[key]).latitude is not None and place.longitude is not None
    ]


def trend_of(plan: Plan) -> list[TrendPoint]:
    """Stored values of the plan's indicators, oldest first; of several on one day the last counts. One query."""
    points: dict[tuple[str, date], TrendPoint] = {}
    rows = IndicatorValue.objects.filter(scope_uid=plan.uid).order_by("as_of", "id")
    for code, as_of, value in rows.values_list("indicator__code", "as_of", "value"):
        points[code, as_of] = TrendPoint(code, as_of, value)
    return list(points.values())


def home_panel(actor: Actor) -> dict[str, Any] | None:
    """The targets of the latest plan in force, for those who read the whole programme; None for others."""
    if not reads_all(actor):
        return None
    plan = Plan.objects.filter(state="adopted").order_by("-period_from", "-id").first()
    return None if plan is None else {"plan": plan, "lines": target_lines(plan, on=actor.on)}


def _issue_due(on: date) -> Q:
    return Q(due_on__isnull=False) & (Q(due_on__lte=on) | Q(answered_on__lte=on))
