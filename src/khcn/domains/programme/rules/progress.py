"""What a host owes while a task runs: periodic reports and inspections, and when missed reports stop the money.

Source: TT 04/2015/TT-BKHCN, Điều 6, 26; TT 09/2014/TT-BKHCN, Điều 9.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from khcn.lib.dates import add_months

from ..choices import ObligationKind, ObligationStatus
from .rule_trace import rule


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing owed: its number in its series, the days it tells of, the day by which it must be in."""

    kind: ObligationKind
    number: int
    covers_from: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Delivery:
    """When an obligation was met, None while it was not."""

    due_on: date
    received_on: date | None


@dataclass(frozen=True, slots=True)
class ReportingDiscipline:
    """How a host keeps its duty to report. funding_stops: the limit of the law is reached."""

    missed: int
    late: int
    funding_stops: bool


def progress_obligations(*, effective_on: date, ends_on: date, interval_months: int) -> tuple[Obligation, ...]:
    """Return the periodic reports of a contract: one every `interval_months` from the day it takes effect to its end.

    ends_on: end of the contract with its extension; a report that would fall due on or after it is not owed, for the
    acceptance dossier takes its place. Source: TT 04/2015/TT-BKHCN, Điều 26 khoản 1.
    """
    return _series(ObligationKind.PROGRESS, effective_on, ends_on, interval_months)


def inspection_dates(*, effective_on: date, ends_on: date, interval_months: int) -> tuple[date, ...]:
    """Return the days by which the periodic inspections are due: yearly from the day the contract takes effect.

    Source: TT 04/2015/TT-BKHCN, Điều 6 khoản 1.
    """
    return tuple(item.due_on for item in _series(ObligationKind.PROGRESS, effective_on, ends_on, interval_months))


def application_obligations(*, handed_over_on: date, years: int) -> tuple[Obligation, ...]:
    """Return the yearly reports on application after hand-over, for `years` years.

    Source: TT 11/2014/TT-BKHCN, Điều 19 khoản 2; TT 09/2014/TT-BKHCN, Điều 14 khoản 5.
    """
    return tuple(
        Obligation(
            ObligationKind.APPLICATION,
            number,
            add_months(handed_over_on, 12 * (number - 1)),
            add_months(handed_over_on, 12 * number),
        )
        for number in range(1, years + 1)
    )


def status_of(delivery: Delivery, *, today: date, warn_days: int) -> ObligationStatus:
    """Return where an obligation stands; `warn_days` before its due day it is due soon."""
    if delivery.received_on is not None:
        late = delivery.received_on > delivery.due_on
        return ObligationStatus.RECEIVED_LATE if late else ObligationStatus.RECEIVED
    if today > delivery.due_on:
        return ObligationStatus.MISSED
    return (
        ObligationStatus.DUE_SOON if today >= delivery.due_on - timedelta(days=warn_days) else ObligationStatus.NOT_DUE
    )


def discipline(
    deliveries: Sequence[Delivery], *, today: date, missed_limit: int, late_counts: bool = True
) -> ReportingDiscipline:
    """Return how often a host failed its duty to report and whether that stops the money.

    The text speaks of reports "không … đúng quy định từ 02 lần trở lên", so a report that came late counts as well;
    late_counts=False reads it as reports never sent. Source: TT 09/2014/TT-BKHCN, Điều 9 khoản 1.
    """
    statuses = [status_of(item, today=today, warn_days=0) for item in deliveries]
    missed, late = statuses.count(ObligationStatus.MISSED), statuses.count(ObligationStatus.RECEIVED_LATE)
    return ReportingDiscipline(missed, late, missed + (late if late_counts else 0) >= missed_limit)


def _series(kind: ObligationKind, effective_on: date, ends_on: date, interval_months: int) -> tuple[Obligation, ...]:
    if interval_months <= 0:
        raise ValueError("an interval is at least one month")
    owed: list[Obligation] = []
    while (due := add_months(effective_on, interval_months * (len(owed) + 1))) < ends_on:
        since = add_months(effective_on, interval_months * len(owed))
        owed.append(Obligation(kind, len(owed) + 1, since, due))
    return tuple(owed)


@rule("report.missed_limit")
def _discipline_rule(parameters: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Parameters: report.missed_limit. Inputs: deliveries [{due_on, received_on}], today. Outcome: the discipline."""
    deliveries = [
        Delivery(
            date.fromisoformat(row["due_on"]),
            date.fromisoformat(row["received_on"]) if row["received_on"] else None,
        )
        for row in inputs["deliveries"]
    ]
    limit = int(parameters["report.missed_limit"])
    return discipline(deliveries, today=date.fromisoformat(inputs["today"]), missed_limit=limit)
