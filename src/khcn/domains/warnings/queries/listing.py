"""Reads cases, their messages and times, deliveries, duties and damage for the screens."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from khcn.domains.warnings.choices import MessageDraftState, WarningDeliveryState
from khcn.domains.warnings.models import (
    Bulletin,
    CapMessage,
    DamageReport,
    Delivery,
    DutyClock,
    MessageDraft,
    Recipient,
    WarningCase,
)
from khcn.domains.warnings.permissions import visible_cases
from khcn.lib.actor import Actor

_OPEN = (
    MessageDraftState.DRAFT, MessageDraftState.SUBMITTED, MessageDraftState.RETURNED, MessageDraftState.APPROVED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timed:
    """How long each step of a case took; None where it has not come."""

    proposal: timedelta | None
    approval: timedelta | None
    issue: timedelta | None
    delivery: timedelta | None


def times_of(case: WarningCase) -> Timed:
    """Observation → proposal → approval → issue → first delivery."""
    moments = (case.observed_at, case.proposed_at, case.approved_at, case.issued_at, case.first_delivered_at)
    steps = [
        later - earlier if earlier is not None and later is not None else None for earlier, later in pairwise(moments)
    ]
    return Timed(*steps)


def listed_cases(actor: Actor | None) -> QuerySet[WarningCase]:
    """Cases that the actor may read, the newest first."""
    return visible_cases(actor).select_related("owner", "bulletin").order_by("-pk")


def case_for(actor: Actor | None, code: str) -> WarningCase | None:
    """One case, where the actor may read it."""
    return listed_cases(actor).filter(code=code).first()


def open_draft(case: WarningCase) -> MessageDraft | None:
    """The message on its way out, if there is one."""
    rows = MessageDraft.objects.filter(case=case, state__in=_OPEN)
    return rows.select_related("case__owner", "case__bulletin", "written_by__person", "approved_by__person").first()


def messages_of(case: WarningCase) -> QuerySet[CapMessage]:
    """What went out, the newest first."""
    return CapMessage.objects.filter(case=case).select_related(
        "draft__approved_by__person", "draft__written_by__person"
    )


def deliveries_of(case: WarningCase) -> QuerySet[Delivery]:
    """What was sent to whom, the newest first."""
    rows = Delivery.objects.filter(message__case=case).select_related("message", "recipient")
    return rows.order_by("-pk")


def delivery_counts(case: WarningCase) -> dict[str, int]:
    """How many deliveries stand in each state."""
    rows = Delivery.objects.filter(message__case=case).order_by().values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}


def unread_of(case: WarningCase) -> int:
    """Deliveries that nobody has confirmed or read."""
    states = (WarningDeliveryState.QUEUED, WarningDeliveryState.SENT, WarningDeliveryState.FAILED)
    return Delivery.objects.filter(message__case=case, state__in=states).count()


def duties_of(case: WarningCase) -> QuerySet[DutyClock]:
    """The duties of a case, by when they are due."""
    return DutyClock.objects.filter(case=case).select_related("rule", "done_by__person")


def second_signatures_due(now: datetime) -> QuerySet[MessageDraft]:
    """Messages that one person issued alone and nobody has signed after."""
    rows = MessageDraft.objects.exclude(alone_reason="").filter(second_at=None, second_due_at__isnull=False)
    return rows.select_related("case").order_by("second_due_at")


def bulletins() -> QuerySet[Bulletin]:
    """Official bulletins, the newest first."""
    return Bulletin.objects.order_by("-issued_at", "-pk")


def overdue_bulletins(now: datetime) -> list[Bulletin]:
    """Bulletins whose successor should be here: the newest of each issuer and hazard."""
    later = Bulletin.objects.filter(
        issuer=OuterRef("issuer"), hazard=OuterRef("hazard"), issued_at__gt=OuterRef("issued_at")
    )
    return list(Bulletin.objects.filter(~Exists(later), next_due_at__lt=now).order_by("next_due_at", "pk")[:20])


def recipients(actor: Actor) -> QuerySet[Recipient]:
    """Recipients of the actor's agencies."""
    rows = Recipient.objects.select_related("owner")
    return rows if actor.is_system else rows.filter(owner__in=actor.organisation_ids)


def damage_reports(*, all_of_them: bool) -> QuerySet[DamageReport]:
    """Reports of damage: those accepted, or all for officials."""
    rows = DamageReport.objects.select_related("shown", "original")
    return rows if all_of_them else rows.filter(Q(state="accepted"))
