"""Dossiers in lists, with what is computed: due moment, overdue or due soon, on time or late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.urls import reverse
from django.utils import timezone

from khcn.domains.onestop.choices import NationalStatus
from khcn.domains.onestop.models import AdministrativeProcedure, Dossier, StatusRecord
from khcn.domains.onestop.permissions import may, visible_dossiers
from khcn.domains.onestop.rules.on_time import History, Verdict, judge
from khcn.domains.onestop.rules.statuses import ENDS, possible
from khcn.kernel.procedures.choices import CaseState
from khcn.kernel.procedures.models import StepRun
from khcn.kernel.procedures.queries.cases import worklist
from khcn.lib.actor import Actor
from khcn.lib.roles import Role
from khcn.web.search import matching

SOON = timedelta(days=2)
OPEN = tuple(status for status in NationalStatus if status not in ENDS)
FINISHED = (NationalStatus.DECIDED, *ENDS)


def listed(actor: Actor) -> QuerySet[Dossier]:
    """Dossiers that the actor may read, with what a list shows of each. One query."""
    return with_parts(visible_dossiers(actor))


def with_parts(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """The rows with procedure, agencies and case."""
    return rows.select_related("procedure", "deciding", "receiving", "case").defer("case__facts")


def overdue(rows: QuerySet[Dossier], now: datetime) -> QuerySet[Dossier]:
    """Those past their due moment whose clock runs."""
    return rows.filter(
        case__due_at__lt=now,
        case__state=CaseState.RUNNING,
        status__in=[NationalStatus.ACCEPTED, NationalStatus.IN_PROGRESS],
    )


def due_soon(rows: QuerySet[Dossier], now: datetime) -> QuerySet[Dossier]:
    """Those that fall due within two days."""
    return rows.filter(
        case__due_at__gte=now, case__due_at__lt=now + SOON, case__state=CaseState.RUNNING,
        status__in=[NationalStatus.ACCEPTED, NationalStatus.IN_PROGRESS],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timing:
    """How a dossier stands in time: key for its tone, and a sentence."""

    key: str
    text: str


def timing(dossier: Dossier, now: datetime) -> Timing:
    """late, soon, running, paused, done or none."""
    case = dossier.case
    if case is None or dossier.status in FINISHED:
        return Timing("done" if case else "none", "")
    if case.due_at is None:
        return Timing("none", "")
    if case.state == CaseState.PAUSED or dossier.status in (
        NationalStatus.AWAITING_SUPPLEMENT, NationalStatus.AWAITING_FEE
    ):  # fmt: skip
        return Timing("paused", "Đang tạm dừng")
    left = case.due_at - now
    if left < timedelta():
        days = max(1, -left.days)
        return Timing("late", f"Quá hạn {days} ngày")
    if left < SOON:
        return Timing("soon", "Sắp đến hạn")
    return Timing("running", f"Còn {left.days} ngày")


def acts_for(actor: Actor, dossier: Dossier) -> tuple[str, ...]:
    """Events that leave the dossier's status and that the actor's offices take."""
    return tuple(event for event in possible(NationalStatus(dossier.status)) if may(actor, event, dossier))


def my_runs(actor: Actor) -> QuerySet[StepRun]:
    """Steps of dossiers that wait for the actor in the engine, the soonest due first."""
    return worklist(actor).filter(case__subject_type=Dossier._meta.label_lower)


def runs_of_dossiers(actor: Actor, uids: Iterable[UUID]) -> list[StepRun]:
    """The steps with these identities that belong to dossiers which the actor may read, the soonest due first."""
    seen = visible_dossiers(actor).values("case_id")
    rows = StepRun.objects.filter(uid__in=list(uids), case__in=seen).select_related("case__version_pinned__procedure")
    hidden = ("case__facts", "case__version_pinned__definition", "case__version_pinned__drawing")
    return list(rows.defer(*hidden).order_by(F("due_at").asc(nulls_last=True), "id"))


def judged(dossiers: Iterable[Dossier], *, until: datetime) -> dict[int, Verdict]:
    """The on-time verdict of each accepted dossier by key, from its history; one query for all."""
    wanted = [dossier for dossier in dossiers if dossier.received_at is not None and dossier.appointment_at is not None]
    histories: dict[int, list[tuple[NationalStatus, datetime]]] = {dossier.pk: [] for dossier in wanted}
    rows = StatusRecord.objects.filter(dossier_id__in=histories).order_by("at", "id")
    last: dict[int, str] = {}
    for pk, status, at in rows.values_list("dossier_id", "status", "at"):
        if last.get(pk) != status:
            histories[pk].append((NationalStatus(status), at))
            last[pk] = status
    return {
        dossier.pk: judge(
            History(dossier.received_at, histories[dossier.pk], until, dossier.appointment_at)
        )
        for dossier in wanted
        if dossier.received_at is not None
    }  # fmt: skip


def find_procedures(text: str, *, today: datetime | None = None) -> QuerySet[AdministrativeProcedure]:
    """Procedures in force whose code, title or field hold the words."""
    on = timezone.localdate(today)
    rows = AdministrativeProcedure.objects.valid_on(on).select_related("deciding", "receiving")
    return matching(rows, "folded", text) if text.strip() else rows


def register_rows(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Accepted dossiers for the register (form 06 or 07), in order of receipt."""
    return with_parts(rows.filter(received_at__isnull=False)).order_by("received_at", "id")


def flawed_bases(procedure: AdministrativeProcedure, *, on: datetime) -> list[str]:
    """Legal bases of a procedure that are no longer in force."""
    day = timezone.localdate(on)
    return [
        f"{basis.instrument.number} hết hiệu lực từ {basis.instrument.valid_to:%d/%m/%Y}"
        for basis in procedure.bases.select_related("instrument")
        if basis.instrument.valid_to is not None and basis.instrument.valid_to <= day
    ]


def late_first() -> tuple[OrderBy, str]:
    """The order of worklists: earliest due first, dossiers without a due moment last."""
    return F("case__due_at").asc(nulls_last=True), "id"


def waiting_for(actor: Actor) -> QuerySet[Dossier]:
    """Dossiers whose next step is one of the actor's offices': at the counter or in a decision."""
    counter = actor.answers_as(Role.ONE_STOP)
    leaders = actor.answers_as(Role.HEAD, Role.DIRECTOR)
    at_counter = [
        NationalStatus.SUBMITTED,
        NationalStatus.ACCEPTED,
        NationalStatus.AWAITING_FEE,
        NationalStatus.DECIDED,
    ]
    mine = Q(receiving_id__in=counter, status__in=at_counter) | Q(
        deciding_id__in=leaders, status=NationalStatus.WITHDRAWAL_ASKED
    )
    return with_parts(visible_dossiers(actor).filter(mine)).order_by("id")


def dossier_address(uid: UUID) -> str:
    """The page of a dossier."""
    return reverse("dossier_page", args=[uid])


def why_dossier_waits(uid: UUID) -> str:
    """Why steps of the dossier's case cannot be completed now: it is not being handled. Empty when they can."""
    dossier = Dossier.objects.filter(uid=uid).only("status").first()
    return "" if dossier is None else why_status_waits(NationalStatus(dossier.status))


def why_status_waits(status: NationalStatus) -> str:
    """Why steps of a dossier in this status cannot be completed; empty when they can."""
    if status == NationalStatus.IN_PROGRESS:
        return ""
    return f"Hồ sơ đang ở trạng thái “{status.label}” nên chưa xử lý tiếp được."
