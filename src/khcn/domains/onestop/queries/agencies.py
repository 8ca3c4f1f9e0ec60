"""What the one-stop room knows of many agencies at once, for whoever measures them: time, voices, published procedures.

Time is judged by the national formula (`rules.on_time`). A dossier that was neither asked for a supplement nor asked
back ends where its own columns say, so those are judged in SQL; only the others are read with their history.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import Case, Value, When
from django.utils import timezone

from khcn.domains.onestop.choices import ComplaintState, NationalStatus
from khcn.domains.onestop.models import (
    AdministrativeProcedure,
    CampaignAnswer,
    Complaint,
    Dossier,
    StatusRecord,
    SurveyAnswer,
)
from khcn.domains.onestop.queries.dossiers import judged
from khcn.domains.onestop.queries.law import parameters_over_time
from khcn.domains.onestop.rules.clocks import complaint_due
from khcn.domains.onestop.rules.service_index import SURVEY_POINTS
from khcn.kernel.indicators.queries import AgencyCount, AgencyQuestion, AgencySource
from khcn.kernel.procedures.choices import NormUnit
from khcn.kernel.procedures.queries import PublishedService, calendar

WITH_HISTORY = (NationalStatus.AWAITING_SUPPLEMENT, NationalStatus.WITHDRAWAL_ASKED)
"""Statuses that make the formula look at the whole history."""


def dossiers_on_time(question: AgencyQuestion) -> dict[int, AgencyCount]:
    """Dossiers of the days that are on time by the national formula, of all that have an appointment.

    Of the days are those received in them, and those received before that were neither settled nor due before them.
    Four queries, whatever the number of agencies, and one more for the histories that are read.
    """
    until = end_of(question.as_of)
    since, last = _span(question.period_from, min(question.period_to, question.as_of))
    rows = _of(
        Dossier.objects.filter(
            Q(received_at__gte=since) | _carried_over(since), received_at__lte=last, appointment_at__isnull=False
        ),
        question.organisation_ids,
    )
    looked_at = StatusRecord.objects.filter(dossier=OuterRef("pk"), status__in=WITH_HISTORY, at__lte=until)
    late: dict[int, list[str]] = defaultdict(list)
    for agency, code in rows.filter(~Exists(looked_at), late_by(until)).values_list("deciding_id", "code"):
        late[agency].append(str(code))
    winding = list(
        rows.filter(Exists(looked_at)).only("pk", "code", "deciding_id", "received_at", "appointment_at")
    )  # fmt: skip
    verdicts = judged(winding, until=until)
    for dossier in winding:
        if not verdicts[dossier.pk].on_time:
            late[dossier.deciding_id].append(str(dossier.code))
    counts = rows.order_by().values_list("deciding_id").annotate(of=Count("pk"))
    return {
        agency: AgencyCount(of - len(late[agency]), of, tuple(sorted(late[agency])))
        for agency, of in counts
    }  # fmt: skip


def late_by(until: datetime) -> Q:
    """The formula for a dossier without supplement or withdrawal, as a condition: its end is after the appointment."""
    decided, ended = Q(decided_at__lte=until), Q(ended_at__lte=until)
    not_decided = Q(decided_at=None) | Q(decided_at__gt=until)
    not_ended = Q(ended_at=None) | Q(ended_at__gt=until)
    return (
        (decided & Q(decided_at__gt=F("appointment_at")))
        | (not_decided & ended & Q(ended_at__gt=F("appointment_at")))
        | (not_decided & not_ended & Q(appointment_at__lt=until))
    )


def _carried_over(since: datetime) -> Q:
    """Dossiers that were received earlier and are to be settled from a moment on."""
    open_then = (Q(decided_at=None) | Q(decided_at__gte=since)) & (Q(ended_at=None) | Q(ended_at__gte=since))
    return open_then & Q(appointment_at__gte=since)


def points_of_surveys(question: AgencyQuestion) -> dict[int, AgencyCount]:
    """Points 0–100 given in the days, after dossiers and in campaigns, out of 100 for each answer; two queries."""
    points = Case(*(When(overall=str(level), then=Value(value)) for level, value in SURVEY_POINTS.items()))
    found: dict[int, AgencyCount] = {}
    for model, agency_of in ((SurveyAnswer, "dossier__deciding_id"), (CampaignAnswer, "campaign__agency_id")):
        rows = model._default_manager.filter(
            at__range=_span(question.period_from, min(question.period_to, question.as_of))
        )
        if question.organisation_ids is not None:
            rows = rows.filter(**{f"{agency_of}__in": question.organisation_ids})
        for agency, total, answers in (
            rows.order_by().values_list(agency_of).annotate(given=Sum(points), answers=Count("pk"))
        ):
            found[agency] = found.get(agency, AgencyCount()) + AgencyCount(total, 100 * answers)
    return found


def complaints_in_time(question: AgencyQuestion) -> dict[int, AgencyCount]:
    """Complaints received in the days and answered within their limit, of those answered or past it; two queries."""
    until, workdays = end_of(question.as_of), calendar()
    rows = Complaint.objects.exclude(state=ComplaintState.REFUSED).filter(
        received_at__range=_span(question.period_from, min(question.period_to, question.as_of))
    )
    if question.organisation_ids is not None:
        rows = rows.filter(agency_id__in=question.organisation_ids)
    limits_on = parameters_over_time()
    found: dict[int, AgencyCount] = {}
    for agency, code, received_at, answered_at in rows.order_by("pk").values_list(
        "agency_id", "code", "received_at", "answered_at"
    ):
        due = complaint_due(
            workdays, target=ComplaintState.ANSWERED, counted_from=received_at,
            parameters=limits_on(timezone.localdate(received_at)),
        )  # fmt: skip
        answered = answered_at if answered_at is not None and answered_at <= until else None
        if answered is None and due > until:
            continue
        in_time = answered is not None and answered <= due
        found[agency] = found.get(agency, AgencyCount()) + AgencyCount(int(in_time), 1, () if in_time else (code,))
    return found


def published_services(on: date, organisation_ids: Collection[int]) -> list[PublishedService]:
    """Procedures that the agencies have published and that are in force on the day; two queries.

    since: the first day of the version in force, from which the agency has its time to write its own procedure for it.
    """
    rows = AdministrativeProcedure.objects.valid_on(on).filter(deciding_id__in=organisation_ids)
    rows = rows.select_related("workflow").prefetch_related("bases__instrument").order_by("deciding_id", "code")
    return [
        PublishedService(
            organisation_id=row.deciding_id, code=row.code, title=row.title, since=row.valid_from or date.min,
            procedure_code=row.workflow.code if row.workflow else "",
            lapsed_bases=tuple(
                basis.instrument.number for basis in row.bases.all() if not basis.instrument.is_valid_on(on)
            ),
            limit_amount=row.limit_amount, limit_unit=NormUnit(row.limit_unit), fee_vnd=row.fee_vnd,
        )
        for row in rows
    ]  # fmt: skip


def cases_of_published(code: str) -> QuerySet:
    """Keys of the cases that dossiers of a published procedure run on, whatever version of it they began on."""
    return Dossier.objects.filter(procedure__code=code, case__isnull=False).order_by().values("case")


def end_of(day: date) -> datetime:
    """The last moment of a day, in local time."""
    return datetime.combine(day, time.max, timezone.get_current_timezone())


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    return datetime.combine(first, time(), timezone.get_current_timezone()), end_of(last)


def _of(rows: QuerySet[Dossier], organisation_ids: Iterable[int] | None) -> QuerySet[Dossier]:
    return rows if organisation_ids is None else rows.filter(deciding_id__in=organisation_ids)


AGENCY_SOURCES: dict[str, AgencySource] = {
    "agency.cases_in_time": AgencySource(dossiers_on_time, Dossier._meta.label_lower),
    "agency.satisfaction": AgencySource(points_of_surveys),
    "agency.complaints_in_time": AgencySource(complaints_in_time),
}
