"""Counts for dashboards and the service index: by agency, field, procedure, officer, each leading to its dossiers."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count as SqlCount
from django.db.models import Q, QuerySet
from django.utils import timezone

from khcn.domains.onestop.choices import (
    Channel,
    ComplaintState,
    FinanceState,
    NationalStatus,
    PaymentMethod,
)
from khcn.domains.onestop.models import AdministrativeProcedure, Complaint, Dossier, FeeDemand, SurveyAnswer
from khcn.domains.onestop.queries.dossiers import FINISHED, due_soon, judged, overdue
from khcn.domains.onestop.queries.law import weights_on
from khcn.domains.onestop.rules.service_index import Count, Index, satisfaction_share, service_index
from khcn.kernel.orgs.models import Organisation


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a dashboard: what it is about, the counts, and the filter that leads to its dossiers."""

    label: str
    query: str
    received: int
    online: int
    finished: int
    on_time: int
    late: int
    running: int
    overdue: int

    @property
    def on_time_percent(self) -> int | None:
        """Share of the judged that were on time, in whole per cent; None of nothing."""
        judged_count = self.on_time + self.late
        return round(self.on_time * 100 / judged_count) if judged_count else None


@dataclass(frozen=True, slots=True)
class Overview:
    """The head of the dashboard."""

    waiting: int
    running: int
    soon: int
    overdue: int
    finished: int
    on_time_percent: int | None
    online_percent: int | None


GROUPINGS: dict[str, Callable[[Dossier], tuple[str, str]]] = {
    "agency": lambda row: (row.deciding.name, f"deciding={row.deciding.code}"),
    "field": lambda row: (row.procedure.field, f"field={row.procedure.field}"),
    "procedure": lambda row: (row.procedure.title, f"procedure={row.procedure.code}"),
    "officer": lambda row: (str(row.received_by or "–"), f"officer={row.received_by.uid if row.received_by else ''}"),
}


def period(date_from: date, date_to: date) -> tuple[datetime, datetime]:
    """The moments between which the days lie, half-open, in local time."""
    zone = timezone.get_current_timezone()
    return datetime.combine(date_from, time(), zone), datetime.combine(date_to, time.max, zone)


def lines_by(rows: QuerySet[Dossier], key: str, *, date_from: date, date_to: date, now: datetime) -> list[Line]:
    """One line per group of the dossiers received in the days, the largest first. Raises KeyError for another key."""
    group = GROUPINGS[key]
    since, until = period(date_from, date_to)
    found = list(
        rows.filter(received_at__range=(since, until)).select_related(
            "procedure", "deciding", "received_by__person", "case"
        )
    )
    verdicts = judged(found, until=min(until, now))
    late_now = set(overdue(rows, now).values_list("pk", flat=True))
    members: dict[tuple[str, str], list[Dossier]] = defaultdict(list)
    for dossier in found:
        members[group(dossier)].append(dossier)
    lines = []
    for (label, query), dossiers in members.items():
        done = [dossier for dossier in dossiers if dossier.status in FINISHED]
        lines.append(
            Line(
                label, query, len(dossiers), sum(dossier.channel == Channel.ONLINE for dossier in dossiers), len(done),
                sum(verdicts[dossier.pk].on_time for dossier in done if dossier.pk in verdicts),
                sum(not verdicts[dossier.pk].on_time for dossier in done if dossier.pk in verdicts),
                len(dossiers) - len(done), sum(dossier.pk in late_now for dossier in dossiers),
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (-line.received, line.label))


def overview(rows: QuerySet[Dossier], *, date_from: date, date_to: date, now: datetime) -> Overview:
    """The head figures of the dossiers received in the days; what waits and runs is counted now."""
    since, until = period(date_from, date_to)
    received = list(
        rows.filter(received_at__range=(since, until)).only("pk", "status", "channel", "received_at", "appointment_at")
    )
    verdicts = judged(received, until=min(until, now))
    done = [dossier for dossier in received if dossier.status in FINISHED]
    on_time = sum(verdicts[dossier.pk].on_time for dossier in done if dossier.pk in verdicts)
    online = sum(dossier.channel == Channel.ONLINE for dossier in received)
    return Overview(
        rows.filter(status=NationalStatus.SUBMITTED).count(),
        rows.filter(received_at__isnull=False).exclude(status__in=FINISHED).count(), due_soon(rows, now).count(),
        overdue(rows, now).count(), len(done), round(on_time * 100 / len(done)) if done else None,
        round(online * 100 / len(received)) if received else None,
    )  # fmt: skip


def index_of(agency: Organisation, *, date_from: date, date_to: date, now: datetime) -> Index:
    """The service index of an agency over the days, from its records; weights as of the last day."""
    return service_index(weights_on(date_to), index_counts(agency, date_from=date_from, date_to=date_to, now=now))


def index_counts(agency: Organisation, *, date_from: date, date_to: date, now: datetime) -> dict[str, Count]:
    """The counts behind each item of the index."""
    since, until = period(date_from, date_to)
    until = min(until, now)
    received = list(
        Dossier.objects.filter(deciding=agency, received_at__range=(since, until)).only(
            "pk", "status", "channel", "received_at", "appointment_at", "procedure_id"
        )
    )
    keys = [dossier.pk for dossier in received]
    verdicts = judged(received, until=until)
    late = {pk for pk, verdict in verdicts.items() if not verdict.on_time}
    complained = set(
        Complaint.objects.filter(dossier_id__in=keys)
        .exclude(state=ComplaintState.REFUSED)
        .values_list("dossier_id", flat=True)
    )
    levels = dict(SurveyAnswer.objects.filter(dossier_id__in=keys).values_list("dossier_id", "overall"))
    disliked = {pk for pk, level in levels.items() if int(level) <= 2}
    files = dict(
        Dossier.objects.filter(pk__in=keys).annotate(
            kept=SqlCount("files__component", filter=Q(files__is_digitised=True), distinct=True)
        ).values_list("pk", "kept")
    )  # fmt: skip
    wanted = dict(
        AdministrativeProcedure.objects.filter(pk__in={dossier.procedure_id for dossier in received}).annotate(
            asked=SqlCount("components", filter=Q(components__is_required=True))
        ).values_list("pk", "asked")
    )  # fmt: skip
    reused = Dossier.objects.filter(pk__in=keys, files__is_reused=True).distinct().count()
    paid = FeeDemand.objects.filter(dossier_id__in=keys, paid_at__isnull=False)
    return {
        "published": _published(agency, date_to),
        "on_time": Count(len(verdicts) - len(late), len(verdicts)),
        "received_online": Count(sum(dossier.channel == Channel.ONLINE for dossier in received), len(received)),
        "paid_online": Count(paid.filter(method=PaymentMethod.PORTAL).count(), paid.count()),
        "satisfied": Count(sum(int(level) >= 4 for level in levels.values()), len(levels)),
        "not_complained": satisfaction_share(
            dossiers=len(received), overdue=len(late), complained_or_disliked=len((complained | disliked) - late)
        ),
        "digitised": Count(
            sum(min(files.get(dossier.pk, 0), wanted.get(dossier.procedure_id, 0)) for dossier in received),
            sum(wanted.get(dossier.procedure_id, 0) for dossier in received),
        ),
        "reused": Count(reused, len(received)),
    }  # fmt: skip


def agencies_with_dossiers(rows: QuerySet[Dossier]) -> list[Organisation]:
    """The deciding agencies of the dossiers, by name."""
    return list(Organisation.objects.filter(pk__in=rows.values("deciding_id")).order_by("sort_key"))


def status_counts(rows: QuerySet[Dossier]) -> list[tuple[NationalStatus, int]]:
    """How many dossiers stand at each of the ten statuses."""
    counts = Counter(dict(rows.order_by().values_list("status").annotate(SqlCount("id"))))
    return [(status, counts.get(status.value, 0)) for status in NationalStatus]


def open_fees(rows: QuerySet[Dossier]) -> int:
    """How many dossiers wait for a fee."""
    return rows.filter(finance=FinanceState.DEMANDED).count()


def _published(agency: Organisation, on: date) -> Count:
    """Procedures in force that say all that must be public: result, time, basis, and what to hand in."""
    rows = AdministrativeProcedure.objects.valid_on(on).filter(deciding=agency)
    complete = (
        rows.annotate(parts=SqlCount("components", distinct=True), grounds=SqlCount("bases", distinct=True))
        .filter(parts__gt=0, grounds__gt=0, limit_amount__gte=0)
        .exclude(result_title="")
        .exclude(publication_decision="")
    )
    return Count(complete.count(), rows.count())
