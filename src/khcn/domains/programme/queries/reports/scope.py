"""What a report is asked for, and the parts of a snapshot that all reports share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from khcn.domains.programme.choices import PeriodKind, ReportCode
from khcn.domains.programme.models import Plan, Task
from khcn.domains.programme.rules.reports import Column, Row, Snapshot


@dataclass(frozen=True, slots=True)
class Scope:
    """A plan, a period and the date up to which records count; query: of an ad hoc report, or planned new tasks."""

    plan: Plan
    period: PeriodKind
    period_name: str
    period_from: date
    period_to: date
    as_of: date
    query: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tasks(self) -> QuerySet[Task]:
        """The plan's tasks approved up to the date."""
        return Task.objects.filter(plan=self.plan, approved_on__lte=self.as_of)

    def holds(self, day: date | None) -> bool:
        """True when the day lies in the period and not after the date of the figures."""
        return day is not None and self.period_from <= day <= min(self.period_to, self.as_of)

    def by(self, day: date | None) -> date | None:
        """The day when it is not after the date of the figures, else None: not yet happened then."""
        return day if day is not None and day <= self.as_of else None


def snapshot_of(
    scope: Scope,
    report: ReportCode,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    figures: Mapping[str, Any],
    notes: Sequence[str] = (),
    parameters: Mapping[str, Any] | None = None,
) -> Snapshot:
    """Put a report's rows into the common frame."""
    plan = scope.plan
    return Snapshot(
        form=report.value,
        title=report.label,
        plan={
            "uid": str(plan.uid),
            "code": plan.code,
            "title": plan.title,
            "number": plan.number,
            "issued_on": plan.issued_on,
            "is_illustration": plan.is_illustration,
        },
        period={
            "kind": scope.period.value,
            "name": scope.period_name,
            "from": scope.period_from,
            "to": scope.period_to,
        },
        as_of=scope.as_of,
        columns=tuple(columns),
        rows=tuple(rows),
        notes=tuple(notes),
        figures=figures,
        parameters=dict(parameters or {}),
    )


def group_row(key: str, text: str) -> Row:
    """A heading over the whole width of the table."""
    return Row(key=f"group:{key}", cells=(text,), kind="group")


def dated(number: str, day: date | None) -> str:
    """A paper's number with its day: "12/QĐ-UBND ngày 01/02/2023"."""
    if not number and day is None:
        return ""
    return f"{number} ngày {day:%d/%m/%Y}".strip() if day is not None else number


def span(start: date | None, end: date | None) -> str:
    """Months from start to end: "03/2022–02/2024"."""
    if start is None or end is None:
        return ""
    return f"{start:%m/%Y}–{end:%m/%Y}"
