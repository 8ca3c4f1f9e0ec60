"""What a message says as CAP content, which message of a case is in force, what is in force for the public."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from khcn.domains.warnings.choices import MessageKind, WarningState
from khcn.domains.warnings.models import CapMessage, MessageDraft, WarningCase
from khcn.domains.warnings.queries.reference import place_of, template_for
from khcn.domains.warnings.rules.composing import PREFIXES, Content, Words

#: What anybody may fetch: what went out to the public, and illustrations, which every receiver passes over as tests.
SHOWN = Q(scope="Public") | Q(status="Test")


def in_force(case: WarningCase, *, now: datetime) -> CapMessage | None:
    """The message of a case that holds at a moment: the last one, unless it cancels or has run out."""
    last = CapMessage.objects.filter(case=case).select_related("draft").order_by("-sent", "-pk").first()
    if last is None or last.kind == MessageKind.CANCEL or last.expires_at <= now:
        return None
    return last


def sender_of(case: WarningCase) -> str:
    """By which name an agency sends, for ever: its code and the domain of the system."""
    domain = getattr(settings, "WARNING_SENDER_DOMAIN", "khcn.invalid")
    return f"{case.owner.code.lower()}@{domain}"


def content_of(draft: MessageDraft, *, sent: datetime, identifier: str = "") -> Content:
    """All that a message says, were it sent at the moment."""
    case = draft.case
    on = timezone.localdate(sent)
    template = template_for(case.hazard, draft.level, on=on)
    event = template.event if template else case.hazard_name
    references: tuple[tuple[str, str, datetime], ...] = ()
    if draft.kind != MessageKind.ALERT:
        before = case.messages.order_by("sent", "pk")
        held = in_force(case, now=sent)
        rows = [held] if held is not None else list(before)
        references = tuple((one.sender, one.identifier, one.sent) for one in rows)
    english = None
    if draft.headline_en and draft.description_en and draft.instruction_en:
        english = Words(
            template.event_en if template else case.hazard_name, draft.headline_en, draft.description_en,
            draft.instruction_en,
        )  # fmt: skip
    return Content(
        identifier=identifier or next_identifier(case), sender=sender_of(case), sender_name=case.owner.name, sent=sent,
        message_kind=draft.kind, warning_kind=case.kind, is_exercise=case.is_exercise,
        exercise_name=case.exercise_name, category=template.category if template else "Other",
        article=template.article if template else "",
        responses=tuple(template.responses.split(";")) if template else ("Monitor",), level=draft.level,
        level_origin=draft.level_origin, clause=draft.clause,
        bulletin=f"{case.bulletin.number}, {case.bulletin.issuer}" if case.bulletin else "", urgency=draft.urgency,
        certainty=draft.certainty, onset=draft.onset_at, expires=draft.expires_at,
        vietnamese=Words(event, draft.headline, draft.description, draft.instruction), english=english,
        place=place_of(draft.units, draft.ring, draft.area_name, on=on), references=references, note=draft.reason,
        incident=case.code, is_illustration=case.is_illustration,
    )  # fmt: skip


def headline_of(message: CapMessage) -> str:
    """The headline as it went out: an exercise or an illustration says so first."""
    return PREFIXES.get(message.status, ("",))[0] + message.draft.headline


def next_identifier(case: WarningCase) -> str:
    """The identifier of the next message of a case."""
    return f"VN-{case.owner.code}-{case.code}.{case.messages.count() + 1}".replace(" ", "-")


def public_in_force(now: datetime) -> list[CapMessage]:
    """The messages that hold for the public at a moment, the newest first; exercises never."""
    cases = WarningCase.objects.filter(state=WarningState.IN_FORCE, is_exercise=False)
    found = []
    for one in _newest(cases):
        if one.kind != MessageKind.CANCEL and one.expires_at > now:
            found.append(one)
    return sorted(found, key=lambda one: (one.sent, one.pk), reverse=True)


def _newest(cases: QuerySet[WarningCase]) -> list[CapMessage]:
    newest: dict[int, CapMessage] = {}
    for one in CapMessage.objects.filter(case__in=cases).select_related("case", "draft").order_by("sent", "pk"):
        newest[one.case_id] = one
    return list(newest.values())


def recent_public(limit: int = 100) -> QuerySet[CapMessage]:
    """The newest public messages of any kind, for the feed."""
    rows = CapMessage.objects.filter(SHOWN).select_related("case", "draft")
    return rows.order_by("-sent", "-pk")[:limit]


def message_bytes(identifier: str) -> CapMessage | None:
    """A message that the public may have, however old."""
    return CapMessage.objects.filter(SHOWN, identifier=identifier).first()
