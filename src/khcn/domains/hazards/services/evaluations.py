"""Looks at all places, keeps what the tables said, follows how long levels last, tells who warns. Issues nothing."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from khcn.domains.hazards.choices import ExceedanceState
from khcn.domains.hazards.models import Evaluation, Exceedance
from khcn.domains.hazards.queries.assessing import Assessment, Grounds, assess, grounds_on
from khcn.domains.hazards.rules.hysteresis import Patience, Standing, advance
from khcn.domains.hazards.services.fire_days import keep_fire_days
from khcn.kernel.audit.services import record
from khcn.kernel.events.services import publish
from khcn.kernel.notices.services import DangerSeen
from khcn.kernel.schedules.services import system_actor
from khcn.lib.actor import Actor

#: Late values are looked at anew as far back as this.
MOST_BACK = timedelta(hours=72)


def look_at_all(*, by: Actor, as_of: datetime, grounds: Grounds | None = None) -> list[Evaluation]:
    """Ask the tables about every place at a moment; returns the evaluations that differ from those before.

    A level that rises is told to whoever warns (`DangerSeen`); the engine itself never issues anything.
    """
    grounds = grounds or grounds_on(as_of)
    keep_fire_days(as_of=as_of)
    found = assess(as_of, grounds)
    kept: list[Evaluation] = []
    with transaction.atomic():
        newest = _newest(found)
        standing = {(one.hazard, one.place): one for one in Exceedance.objects.filter(state=ExceedanceState.OPEN)}
        for one in found:
            before = newest.get((one.table.hazard, one.place))
            if before is not None and before.digest == one.digest:
                evaluation = before
            else:
                evaluation = _keep(one)
                kept.append(evaluation)
            _follow(by, one, evaluation, standing.get((one.table.hazard, one.place)), grounds)
    return kept


def look_on_schedule(*, by: Actor, on: date) -> int:
    """The look that the schedule asks for; returns how many places changed."""
    del on
    return len(look_at_all(by=by, as_of=timezone.now().replace(second=0, microsecond=0)))


def look_again(payload: str) -> None:
    """After older values came in: look anew at every hour since then, so that what was missed is seen."""
    told = json.loads(payload)
    now = timezone.now().replace(second=0, microsecond=0)
    since = max(datetime.fromisoformat(told["since"]), now - MOST_BACK)
    system = system_actor(timezone.localdate(now))
    at = since.replace(minute=0) + timedelta(hours=1)
    grounds = grounds_on(now)
    keep_fire_days(as_of=now)
    while at < now:
        _look_back(system, at, grounds)
        at += timedelta(hours=1)
    look_at_all(by=system, as_of=now, grounds=grounds)


def _look_back(by: Actor, at: datetime, grounds: Grounds) -> None:
    """One past hour: it may raise a level that nobody saw then; it never lowers one of today."""
    with transaction.atomic():
        standing = {(one.hazard, one.place): one for one in Exceedance.objects.filter(state=ExceedanceState.OPEN)}
        for one in assess(at, grounds):
            held = standing.get((one.table.hazard, one.place))
            closed = Exceedance.objects.filter(
                hazard=one.table.hazard, place=one.place, opened_at__lte=at, closed_at__gte=at
            )
            if one.look.proven and one.look.proven > (held.level if held else 0) and not closed.exists():
                _follow(by, one, _keep(one), held, grounds)


def _newest(found: Sequence[Assessment]) -> dict[tuple[str, str], Evaluation]:
    """The newest evaluation of each place, by hazard and place."""
    hazards = {one.table.hazard for one in found}
    newest: dict[tuple[str, str], Evaluation] = {}
    as_of = max((one.as_of for one in found), default=timezone.now())
    rows = Evaluation.objects.filter(hazard__in=hazards, as_of__gte=as_of - timedelta(days=2), as_of__lte=as_of)
    for row in rows.order_by("as_of", "pk"):
        newest[row.hazard, row.place] = row
    return newest


def _keep(one: Assessment) -> Evaluation:
    verdict = one.verdict
    return Evaluation.objects.create(
        table=one.table, hazard=one.table.hazard, place=one.place, place_name=one.place_name[:160], as_of=one.as_of,
        observed_at=one.observed_at, made_at=timezone.now(), facts=dict(one.facts.values),
        told=[list(pair) for pair in one.facts.told], kind=one.kind, level=verdict.level, at_least=verdict.at_least,
        clauses=list(verdict.clauses), missing=list(verdict.missing), is_complete=one.facts.is_complete,
        units=list(one.facts.units), digest=one.digest,
    )  # fmt: skip


def _follow(
    by: Actor, one: Assessment, evaluation: Evaluation, held: Exceedance | None, grounds: Grounds
) -> None:  # fmt: skip
    patience = Patience(
        int(grounds.parameters.number("looks_to_raise")), int(grounds.parameters.number("looks_to_lower"))
    )
    before = Standing(held.level, held.raised, held.lowered) if held else Standing()
    after = advance(before, one.look, patience)
    if after == before:
        return
    if held is None:
        held = Exceedance(
            hazard=one.table.hazard, place=one.place, place_name=one.place_name[:160], opened_at=one.as_of,
            evaluation=evaluation, is_illustration=one.is_illustration,
        )  # fmt: skip
    held.level, held.raised, held.lowered = after.level, after.raised, after.lowered
    if after.level != before.level:
        held.path = [*held.path, [one.as_of.isoformat(), after.level]]
    if after.level > before.level:
        held.evaluation = evaluation
    if after.level == 0 and (before.level > 0 or after.raised == 0):
        held.state, held.closed_at = ExceedanceState.CLOSED, one.as_of
    held.save()
    if after.level != before.level:
        record(
            by=by, verb="exceedance.follow", subject=held, before={"level": before.level}, after={"level": after.level}
        )
    if after.level > before.level:
        publish(danger_of(held))


def danger_of(held: Exceedance) -> DangerSeen:
    """What is told of an exceedance to whoever warns: its level now, and what raised it to that."""
    found = held.evaluation
    return DangerSeen(
        source="hazards", hazard=held.hazard, hazard_name=found.table.name, place=held.place,
        place_name=held.place_name, level=held.level, outcome=str(found.kind), clauses=tuple(found.clauses),
        decision=found.table.decision, article=found.table.article, units=tuple(sorted(found.units)),
        observed_at=(found.observed_at or found.as_of).isoformat(), seen_at=found.as_of.isoformat(),
        evaluation=str(found.uid), exceedance=str(held.uid), is_illustration=held.is_illustration,
        facts=tuple((name, str(value)) for name, value in found.facts.items() if value is not None),
    )  # fmt: skip
