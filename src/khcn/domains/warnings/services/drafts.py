"""A message on its way out: written from a template, submitted when the rules of CAP hold, approved by another."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.domains.warnings.choices import LevelOrigin, MessageKind, WarningKind, WarningState
from khcn.domains.warnings.errors import WarningRefused
from khcn.domains.warnings.models import CapMessage, MessageDraft, WarningCase
from khcn.domains.warnings.permissions import may_approve, may_write, require
from khcn.domains.warnings.queries.messages import content_of, in_force
from khcn.domains.warnings.queries.reference import named_units, numbers_on, template_for
from khcn.domains.warnings.rules.composing import compose, names_of
from khcn.domains.warnings.rules.steps import BEGINS, STEPS, Claim, level_fault, needs_rank, times_fault
from khcn.domains.warnings.services.cases import OPEN, hold
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.lib.digest import digest
from khcn.standards.cap.checking import check_alert
from khcn.standards.cap.writing import write_alert

FIELDS = (
    "level", "level_origin", "raise_reason", "clause", "headline", "description", "instruction", "headline_en",
    "description_en", "instruction_en", "units", "ring", "area_name", "urgency", "certainty", "onset_at", "expires_at",
    "reason",
)  # fmt: skip
_WRITERS = "Việc này dành cho người soạn cảnh báo của cơ quan."
_USUAL_HOURS = 24


def begin_message(
    *, by: Actor, case: WarningCase, kind: MessageKind, level: int | None = None, reason: str = "",
    now: datetime | None = None,
) -> MessageDraft:  # fmt: skip
    """Begin the next message of a case: the first, an update of the one in force, or its cancellation.

    One of the kind that the watcher drafted and nobody has taken on is taken on as it stands.
    """
    require(may_write(by, case.owner_id), _WRITERS)
    now = now or timezone.now()
    with transaction.atomic():
        hold(case)
        if case.state not in BEGINS[kind]:
            raise WarningRefused("Cảnh báo không ở trạng thái cho phép việc này.")
        waiting = MessageDraft.objects.filter(case=case, state__in=OPEN).first()
        if waiting is not None and not (waiting.written_by_id is None and waiting.kind == kind):
            raise WarningRefused("Cảnh báo đang có một tin chưa phát; hãy phát hoặc bỏ tin ấy trước.")
        before = in_force(case, now=now)
        if kind is not MessageKind.ALERT and before is None:
            raise WarningRefused("Không còn bản tin nào đang hiệu lực.")
        if waiting is not None and level is None:
            draft = waiting
            draft.claim(None)
            draft.written_by_id, draft.reason = by.user_id, reason.strip()[:300] or draft.reason
        else:
            values = _first_words(case, level, now) if before is None else _words_again(before, kind, now)
            values |= {"reason": reason.strip()[:300]} | ({"level": level} if level is not None else {})
            draft = waiting or MessageDraft(case=case, kind=kind)
            _put(draft, values | {"written_by_id": by.user_id})
        draft.save()
        _take_on(case)
        case.save()
        record(by=by, verb="warning.write", subject=case, after={"message": str(kind)})
    return draft


def draft_message(
    *, by: Actor, case: WarningCase, kind: MessageKind, now: datetime, reason: str = ""
) -> MessageDraft | None:  # fmt: skip
    """Draft what a watcher saw, or draft it anew while nobody has taken it on; None where people are at work on it.

    Nobody has written it: whoever submits it answers for it, and another approves.
    """
    with transaction.atomic():
        draft = MessageDraft.objects.select_for_update().filter(case=case, state__in=OPEN).first()
        if draft is not None and draft.written_by_id is not None:
            return None
        draft = draft or MessageDraft(case=case, kind=kind)
        _put(draft, _first_words(case, None, now) | {"reason": reason[:300]})
        draft.save()
        record(by=by, verb="warning.write", subject=case, after={"message": str(kind), "level": draft.level})
    return draft


def _put(draft: MessageDraft, values: dict[str, Any]) -> None:
    if draft.pk is not None:
        draft.claim(None)
    for name, value in values.items():
        setattr(draft, name, value)


def _take_on(case: WarningCase) -> None:
    if case.state == WarningState.PROPOSED:
        case.state = WarningState.PREPARING


def _first_words(case: WarningCase, level: int | None, now: datetime) -> dict[str, Any]:
    danger = case.danger
    stated = case.bulletin.stated if case.bulletin and case.bulletin.scale == "risk" else {}
    level = level or (max(stated.values()) if stated else danger.get("level"))
    if case.bulletin is not None and case.bulletin.scale != "risk":
        level = None
    template = template_for(case.hazard, level, on=timezone.localdate(now))
    facts = dict(danger.get("facts", []))
    filled = {
        "place": _place(danger, now), "level": level or "–", "value": facts.get("rain_24h_mm", "–"),
        "hazard": case.hazard_name,
    }  # fmt: skip
    origin = {
        WarningKind.RELAY: LevelOrigin.BULLETIN, WarningKind.MEASUREMENT: LevelOrigin.PROPOSAL,
        WarningKind.ORDER: LevelOrigin.OFFICER,
    }[WarningKind(case.kind)]  # fmt: skip
    names = ("headline", "description", "instruction", "headline_en", "description_en", "instruction_en")
    words = {name: _fill(getattr(template, name), filled) if template else "" for name in names}
    said = filled | {"value": filled["value"].replace(".", ",")}
    words |= {name: _fill(getattr(template, name), said) if template else "" for name in names[:3]}
    if case.bulletin is not None:
        words["description"] = f"{case.bulletin.issuer}, bản tin {case.bulletin.number}: {case.bulletin.content}"[:4000]
        words["headline_en"] = words["description_en"] = words["instruction_en"] = ""
    return {
        **words, "level": level, "level_origin": origin, "clause": "; ".join(danger.get("clauses", []))[:60],
        "units": sorted(stated) if case.bulletin else list(danger.get("units", [])), "onset_at": None,
        "expires_at": now + timedelta(hours=_USUAL_HOURS),
        "certainty": "Observed" if case.kind == WarningKind.MEASUREMENT else "Likely",
    }  # fmt: skip


def _place(danger: dict[str, Any], now: datetime) -> str:
    """Where the danger is: its place, or for the whole province the communes that it touches."""
    if not danger.get("place") and danger.get("units"):
        return names_of(named_units(danger["units"], on=timezone.localdate(now)), most=3)
    return danger.get("place_name") or "địa bàn"


def _fill(text: str, values: dict[str, Any]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def _words_again(before: CapMessage, kind: MessageKind, now: datetime) -> dict[str, Any]:
    values = {name: getattr(before.draft, name) for name in FIELDS}
    values["expires_at"] = max(before.expires_at, now + timedelta(hours=1 if kind is MessageKind.CANCEL else 6))
    return values


def write_message(
    *, by: Actor, draft: MessageDraft, changes: dict[str, Any], expected_version: int | None = None
) -> MessageDraft:  # fmt: skip
    """Write a draft anew; one that was returned is a draft again."""
    require(may_write(by, draft.case.owner_id), _WRITERS)
    with transaction.atomic():
        hold(draft.case)
        draft.claim(expected_version, {name: value for name, value in changes.items() if name in FIELDS})
        _step(draft, "edit")
        for name, value in changes.items():
            if name in FIELDS:
                setattr(draft, name, value)
        draft.written_by_id, draft.approved_digest = by.user_id, ""
        draft.save()
        _take_on(draft.case)
        draft.case.save()
        record(by=by, verb="warning.write", subject=draft.case, after={"level": draft.level, "units": len(draft.units)})
    return draft


def submit_message(
    *, by: Actor, draft: MessageDraft, expected_version: int | None = None, now: datetime | None = None
) -> None:  # fmt: skip
    """Put a message before whoever approves. Raises WarningRefused with every rule that it breaks."""
    require(may_write(by, draft.case.owner_id), _WRITERS)
    now = now or timezone.now()
    with transaction.atomic():
        hold(draft.case)
        draft.claim(expected_version)
        _step(draft, "submit")
        check_message(draft, now=now)
        draft.submitted_at = now
        draft.written_by_id = draft.written_by_id or by.user_id
        draft.save()
        _take_on(draft.case)
        draft.case.save()
        record(by=by, verb="warning.submit", subject=draft.case, after={"message": draft.kind, "level": draft.level})


def return_message(*, by: Actor, draft: MessageDraft, reason: str, expected_version: int | None = None) -> None:
    """Send a message back to whoever wrote it, with the reason."""
    require(_approves(by, draft), "Việc này dành cho người duyệt cảnh báo.")
    if not reason.strip():
        raise WarningRefused("Ghi lý do trả lại.", field="reason")
    with transaction.atomic():
        draft.claim(expected_version)
        _step(draft, "return")
        draft.return_reason, draft.approved_by, draft.approved_at = reason.strip()[:300], None, None
        draft.save()
        record(by=by, verb="warning.return", subject=draft.case, after={"reason": reason})


def approve_message(
    *, by: Actor, draft: MessageDraft, expected_version: int | None = None, now: datetime | None = None,
    alone_reason: str = "",
) -> None:  # fmt: skip
    """Approve a message that another wrote, by the rank that its level asks for and a post that is valid today.

    alone_reason: in an emergency one person writes and approves; a second signature is due within the minutes that the
    parameters give, and is asked for until it is there.
    """
    now = now or timezone.now()
    require(_approves(by, draft), "Việc này dành cho người duyệt cảnh báo ở cấp này, có chức vụ còn hiệu lực hôm nay.")
    with transaction.atomic():
        hold(draft.case)
        draft.claim(expected_version)
        if draft.written_by_id == by.user_id and not alone_reason.strip():
            raise WarningRefused("Người soạn không duyệt tin của mình; cần người thứ hai.")
        _step(draft, "approve")
        check_message(draft, now=now)
        draft.approved_by_id, draft.approved_at, draft.approved_digest = by.user_id, now, digest_of(draft)
        if draft.written_by_id == by.user_id:
            minutes = numbers_on(timezone.localdate(now), "second_signature_minutes", (30,))[0]
            draft.alone_reason, draft.second_due_at = alone_reason.strip()[:300], now + timedelta(minutes=minutes)
        draft.save()
        if draft.case.approved_at is None:
            draft.case.approved_at = now
            draft.case.save()
        record(by=by, verb="warning.approve", subject=draft.case,
               after={"digest": draft.approved_digest, "alone": bool(draft.alone_reason)})  # fmt: skip


def sign_second(*, by: Actor, draft: MessageDraft, now: datetime | None = None) -> None:
    """The second signature of a message that one person issued alone."""
    require(_approves(by, draft), "Việc này dành cho người duyệt cảnh báo.")
    with transaction.atomic():
        draft.claim(None)
        if not draft.alone_reason or draft.second_at is not None:
            raise WarningRefused("Tin này không chờ chữ ký thứ hai.")
        if draft.approved_by_id == by.user_id:
            raise WarningRefused("Chữ ký thứ hai phải của người khác.")
        draft.second_by_id, draft.second_at = by.user_id, now or timezone.now()
        draft.save()
        record(by=by, verb="warning.second", subject=draft.case, after={"message": draft.kind})


def drop_message(*, by: Actor, draft: MessageDraft, reason: str) -> None:
    """Not to send a message that was written."""
    require(may_write(by, draft.case.owner_id), _WRITERS)
    with transaction.atomic():
        draft.claim(None)
        _step(draft, "drop")
        draft.return_reason = reason.strip()[:300]
        draft.save()
        record(by=by, verb="warning.drop_message", subject=draft.case, after={"reason": reason})


def check_message(draft: MessageDraft, *, now: datetime) -> None:
    """Raise WarningRefused where the message may not go out as it stands."""
    case = draft.case
    official = None
    if case.bulletin is not None and case.bulletin.scale == "risk" and case.bulletin.stated:
        official = case.bulletin.highest
    claim = Claim(
        WarningKind(case.kind), draft.level, LevelOrigin(draft.level_origin), draft.raise_reason, official
    )  # fmt: skip
    fault = level_fault(claim)
    if fault:
        raise WarningRefused(fault, field="level")
    fault = times_fault(onset_at=draft.onset_at, expires_at=draft.expires_at, now=now)
    if fault:
        raise WarningRefused(fault, field="expires_at")
    if draft.kind != MessageKind.ALERT and not draft.reason.strip():
        raise WarningRefused("Ghi lý do cập nhật hoặc hủy.", field="reason")
    content = content_of(draft, sent=now)
    ended = set(draft.units) - {code for code, _name in content.place.units}
    if ended:
        raise WarningRefused(f"Đơn vị hành chính không còn hiệu lực: {', '.join(sorted(ended)[:10])}.", field="units")
    checked = check_alert(write_alert(compose(content)), profile="vn")
    if not checked.is_valid:
        found = tuple((each.rule, each.message) for each in checked.violations)
        raise WarningRefused(" ".join(message for _rule, message in found[:3]), violations=found)


def digest_of(draft: MessageDraft) -> str:
    """The digest of all that was approved: a message that differs from it is not issued."""
    return digest([str(getattr(draft, name)) for name in FIELDS])


def _step(draft: MessageDraft, name: str) -> None:
    starts, leads = STEPS[name]
    current = type(draft).objects.values_list("state", flat=True).get(pk=draft.pk)
    if current not in starts:
        raise WarningRefused("Tin không ở trạng thái cho phép bước này.")
    draft.state = leads


def _approves(by: Actor, draft: MessageDraft) -> bool:
    today = timezone.localdate()
    ranks: Sequence[float] = numbers_on(today, "highest_level_of_rank", (2, 3))
    return may_approve(by, draft.case.owner_id, rank=needs_rank(draft.level, tuple(ranks)), today=today)
