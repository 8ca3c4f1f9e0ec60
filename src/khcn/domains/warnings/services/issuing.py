"""Issues a message: bytes made once, signed, checked, kept for ever; then published, queued for sending, followed."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from khcn.domains.warnings.choices import MessageKind, WarningState
from khcn.domains.warnings.errors import WarningRefused
from khcn.domains.warnings.models import CapMessage, Delivery, DutyClock, MessageDraft, Recipient, WarningCase
from khcn.domains.warnings.permissions import may_write, require
from khcn.domains.warnings.queries.messages import content_of, next_identifier
from khcn.domains.warnings.queries.reference import duties_at, numbers_on
from khcn.domains.warnings.rules.composing import compose
from khcn.domains.warnings.rules.steps import ENDS_IN, approval_holds
from khcn.domains.warnings.services.cases import hold
from khcn.domains.warnings.services.drafts import _step, check_message, digest_of
from khcn.domains.warnings.services.publishing import publish_files
from khcn.domains.warnings.services.signing import sign, signing_key
from khcn.kernel.audit.services import record
from khcn.kernel.events.services import publish
from khcn.kernel.notices.services import WarningGiven
from khcn.lib.actor import Actor
from khcn.standards.cap.checking import check_alert
from khcn.standards.cap.writing import write_alert


def issue_message(
    *, by: Actor, draft: MessageDraft, expected_version: int | None = None, now: datetime | None = None
) -> CapMessage:  # fmt: skip
    """Send a message out: what was approved, as it was approved, while the approval holds.

    A signature that cannot be made stops it. The bytes are never made again.
    """
    case = draft.case
    require(may_write(by, case.owner_id) and not by.is_system, "Việc này dành cho người phát cảnh báo của cơ quan.")
    moment = now or timezone.now()
    now = moment.replace(microsecond=0)
    minutes = numbers_on(timezone.localdate(now), "approval_minutes", (10,))[0]
    with transaction.atomic():
        hold(case)
        draft.claim(expected_version)
        _step(draft, "issue")
        if not approval_holds(draft.approved_at, moment, minutes=minutes):
            raise WarningRefused(f"Phê duyệt chỉ có giá trị {minutes:g} phút; cần duyệt lại trước khi phát.")
        if draft.approved_digest != digest_of(draft):
            raise WarningRefused("Tin đã khác với bản được duyệt; cần duyệt lại.")
        check_message(draft, now=now)
        message = _make(draft, case, now)
        draft.save()
        case.state = ENDS_IN[MessageKind(draft.kind)]
        case.issued_at = case.issued_at or now
        if draft.kind == MessageKind.CANCEL:
            case.ended_at = now
        case.save()
        _queue(message, draft, now)
        _set_clocks(case, draft, now)
        record(by=by, verb="warning.issue", subject=case,
               after={"message": message.identifier, "sha256": message.sha256, "kind": draft.kind})  # fmt: skip
        publish(
            WarningGiven(
                case=case.code, hazard=case.hazard, message=message.identifier, message_type=draft.kind,
                level=draft.level, units=tuple(draft.units), issued_at=now.isoformat(),
                onset_at=(draft.onset_at or now).isoformat(), expires_at=draft.expires_at.isoformat(),
                is_exercise=case.is_exercise, is_illustration=case.is_illustration,
            )
        )  # fmt: skip
        transaction.on_commit(lambda: publish_files(now=timezone.now()))
    return message


def _make(draft: MessageDraft, case: WarningCase, now: datetime) -> CapMessage:
    content = content_of(draft, sent=now, identifier=next_identifier(case))
    key = signing_key(holder=case.owner.name, at=now)
    alert = compose(content)
    signed = sign(write_alert(alert), key)
    if not check_alert(signed, profile="vn").is_valid:
        raise WarningRefused("Bản tin sau khi ký không còn đúng chuẩn; chưa phát gì.")
    return CapMessage.objects.create(
        case=case, draft=draft, identifier=alert.identifier, sender=alert.sender, sent=now, kind=draft.kind,
        status=alert.status, scope=alert.scope, expires_at=draft.expires_at, content=signed,
        sha256=hashlib.sha256(signed).hexdigest(), signed_by=key.subject[:300],
    )  # fmt: skip


def recipients_of(case: WarningCase, *, units: Iterable[str], level: int | None) -> list[Recipient]:
    """Who receives a message about the units at the level."""
    wanted = set(units)
    rows = Recipient.objects.filter(owner=case.owner, is_active=True, least_level__lte=level or 5)
    if case.is_exercise:
        rows = rows.filter(hears_exercises=True)
    return [one for one in rows if not one.units or wanted & set(one.units)]


def _queue(message: CapMessage, draft: MessageDraft, now: datetime) -> None:
    """One delivery per recipient and channel; whoever got an earlier message of the case gets the later ones too."""
    found = {one.pk: one for one in recipients_of(message.case, units=draft.units, level=draft.level)}
    earlier = Recipient.objects.filter(deliveries__message__case=message.case, is_active=True).distinct()
    found |= {one.pk: one for one in earlier}
    Delivery.objects.bulk_create(
        Delivery(message=message, recipient=one, channel=one.channel, address=one.address, next_at=now)
        for one in found.values()
    )


def _set_clocks(case: WarningCase, draft: MessageDraft, now: datetime) -> None:
    """The duties of the level, each once per case and rule; a cancellation sets none."""
    if draft.kind == MessageKind.CANCEL or draft.level is None:
        return
    there = set(DutyClock.objects.filter(case=case).values_list("rule_id", flat=True))
    for rule in duties_at(draft.level, on=timezone.localdate(now)):
        if rule.pk not in there:
            DutyClock.objects.create(case=case, rule=rule, due_at=now + timedelta(minutes=rule.within_minutes))


def do_duty(*, by: Actor, duty: DutyClock, note: str = "", now: datetime | None = None) -> None:
    """Say that a duty is done; one that repeats is due again."""
    require(may_write(by, duty.case.owner_id), "Việc này dành cho cơ quan phát cảnh báo.")
    now = now or timezone.now()
    with transaction.atomic():
        current = DutyClock.objects.select_for_update().get(pk=duty.pk)
        if current.done_at is not None:
            raise WarningRefused("Việc này đã được ghi là xong.")
        current.done_at, current.done_by_id, current.note = now, by.user_id, note.strip()[:300]
        current.save()
        if current.rule.repeats_minutes and current.case.state == WarningState.IN_FORCE:
            again = now + timedelta(minutes=current.rule.repeats_minutes)
            DutyClock.objects.create(case=current.case, rule=current.rule, due_at=again)
        record(by=by, verb="warning.duty", subject=current.case, after={"duty": current.rule.code, "note": note})


def end_expired(*, by: Actor, now: datetime) -> int:
    """Have cases whose last message has run out say so; returns how many, and renews what the public reads."""
    ended = 0
    for case in WarningCase.objects.filter(state=WarningState.IN_FORCE):
        with transaction.atomic():
            hold(case)
            if case.state != WarningState.IN_FORCE:
                continue
            last = CapMessage.objects.filter(case=case).order_by("-sent", "-pk").first()
            if last is None or last.expires_at > now:
                continue
            case.state, case.ended_at = WarningState.EXPIRED, last.expires_at
            case.save()
            record(by=by, verb="warning.expire", subject=case, after={"message": last.identifier})
            ended += 1
    if ended:
        publish_files(now=now)
    return ended


def end_on_schedule(*, by: Actor, on: date) -> int:
    """As `end_expired`, for the schedule; also heals files that a crash left behind."""
    del on
    now = timezone.now()
    ended = end_expired(by=by, now=now)
    publish_files(now=now)
    return ended
