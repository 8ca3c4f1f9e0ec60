"""What search and the home page find of warnings, and the sources of the plan's indicators."""

from decimal import Decimal
from typing import Any

from django.db.models import FilteredRelation, Q
from django.urls import reverse

from khcn.domains.warnings.choices import MessageDraftState, MessageKind, WarningState
from khcn.domains.warnings.models import CapMessage, WarningCase
from khcn.domains.warnings.permissions import WRITERS, visible_cases
from khcn.kernel.indicators.queries import Measurement, Question, Source
from khcn.lib.actor import Actor
from khcn.web.search import Hit, matching


def find_cases(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Cases by code, hazard and place."""
    rows = matching(visible_cases(actor).select_related("owner"), "folded", text).order_by("-pk")[:limit]
    return [
        Hit(row.hazard_name, reverse("warning_page", args=[row.code]), row.code, row.owner.name, "bell-ringing")
        for row in rows
    ]


def home_panel(actor: Actor) -> dict[str, Any] | None:
    """Proposals and messages that wait for the actor's agency; None without any."""
    if actor.is_system or not actor.holds(*WRITERS):
        return None
    rows = WarningCase.objects.filter(owner__in=actor.organisation_ids)
    steps = Q(drafts__state__in=[MessageDraftState.SUBMITTED, MessageDraftState.APPROVED])
    rows = rows.annotate(waiting=FilteredRelation("drafts", condition=steps))
    found = rows.filter(Q(state=WarningState.PROPOSED) | Q(waiting__isnull=False)).order_by("-pk")
    wanted = found.values_list("code", "hazard_name", "state", "waiting__headline", "waiting__state")[:8]
    lines = [
        (code, headline or name, MessageDraftState(step) if step else WarningState(state))
        for code, name, state, headline, step in wanted
    ]
    return {"lines": lines} if lines else None


def _of_period(question: Question) -> list[CapMessage]:
    rows = CapMessage.objects.filter(
        kind=MessageKind.ALERT, scope="Public", case__is_illustration=False, sent__date__gte=question.period_from,
        sent__date__lte=min(question.period_to, question.as_of),
    )  # fmt: skip
    return list(rows.select_related("case", "draft").order_by("sent", "pk"))


def warnings_issued(question: Question) -> Measurement:
    """Warnings given to the public in the period, exercises and illustrations left out."""
    found = tuple(one.identifier for one in _of_period(question))
    return Measurement(Decimal(len(found)), found, found)


def lead_time(question: Question) -> Measurement:
    """Mean minutes from issue to the beginning of what was warned of, over warnings that state a beginning."""
    rows = [one for one in _of_period(question) if one.draft.onset_at is not None]
    if not rows:
        return Measurement(None)
    minutes = [max((one.draft.onset_at - one.sent).total_seconds() / 60, 0.0) for one in rows if one.draft.onset_at]
    names = tuple(one.identifier for one in rows)
    return Measurement(Decimal(str(round(sum(minutes) / len(minutes), 2))), names, names)


SOURCES: dict[str, Source] = {"warnings.issued": warnings_issued, "warnings.lead_time": lead_time}
