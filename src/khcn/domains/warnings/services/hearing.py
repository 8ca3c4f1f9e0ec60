"""What the watchers see: each rise of a level becomes a proposal with its message drafted, and waits for people."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.domains.warnings.choices import MessageKind, WarningKind, WarningState
from khcn.domains.warnings.models import WarningCase, WarningParameter
from khcn.domains.warnings.permissions import WRITERS
from khcn.domains.warnings.queries.messages import in_force
from khcn.domains.warnings.services.cases import next_code
from khcn.domains.warnings.services.drafts import draft_message
from khcn.kernel.audit.services import record
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify
from khcn.kernel.orgs.models import Appointment, Organisation, User
from khcn.kernel.schedules.services import system_actor
from khcn.lib.actor import Actor

_RUNNING = (WarningState.PROPOSED, WarningState.PREPARING, WarningState.IN_FORCE)


def hear_danger(payload: str) -> None:
    """Draft a message for what a watcher saw, or bring what stands up to date. Nothing goes out without two people.

    A danger of which nobody warns yet: a proposal with its first message. One that is warned of and rose above the
    level in force: an update. One on which people are at work: its signs are renewed and they are told.
    """
    told = json.loads(payload)
    now = timezone.now()
    owner = _duty_office(now)
    if owner is None:
        return
    by = system_actor(timezone.localdate(now))
    with transaction.atomic():
        case = _running(f"{told['source']}:{told['exceedance']}", now)
        if case is not None and case.danger == told:
            return  # told a second time
        if case is None:
            case = _propose(by, owner, told, now)
            title = f"Đề xuất cảnh báo: {case.hazard_name}"
        else:
            case.danger = told
            case.version += 1
            case.save()
            record(by=by, verb="warning.propose", subject=case, after={"level": told["level"]})
            title = f"Mức nguy hiểm tăng: {case.hazard_name}"
        _draft(by, case, told, now)
        notify(
            recipients=_writers_of(owner, now), kind=NoticeKind.DO, title=title, url=f"/canh-bao/{case.code}/",
            subject=case,
        )  # fmt: skip


def _running(key: str, now: datetime) -> WarningCase | None:
    """The case of the danger that has not ended; one whose message has run out counts as ended."""
    rows = WarningCase.objects.select_for_update(of=("self",)).filter(seen_key=key, state__in=_RUNNING)
    case = rows.order_by("-pk").first()
    if case is not None and case.state == WarningState.IN_FORCE and in_force(case, now=now) is None:
        return None
    return case


def _propose(by: Actor, owner: Organisation, told: dict[str, Any], now: datetime) -> WarningCase:
    case = WarningCase.objects.create(
        code=next_code(now), hazard=told["hazard"], hazard_name=told["hazard_name"], kind=WarningKind.MEASUREMENT,
        owner=owner, state=WarningState.PROPOSED, danger=told, seen_key=f"{told['source']}:{told['exceedance']}",
        observed_at=datetime.fromisoformat(told["observed_at"]), proposed_at=now,
        is_illustration=told["is_illustration"],
    )  # fmt: skip
    record(by=by, verb="warning.propose", subject=case, after={"level": told["level"], "hazard": told["hazard"]})
    return case


def _draft(by: Actor, case: WarningCase, told: dict[str, Any], now: datetime) -> None:
    if case.state != WarningState.IN_FORCE:
        draft_message(by=by, case=case, kind=MessageKind.ALERT, now=now)
        return
    held = in_force(case, now=now)
    if held is not None and (told["level"] or 0) > (held.draft.level or 0):
        reason = f"Số liệu trạm đạt mức của cấp {told['level']}."
        draft_message(by=by, case=case, kind=MessageKind.UPDATE, now=now, reason=reason)


def _duty_office(now: datetime) -> Organisation | None:
    """The agency on duty: named in the dated parameters by its code, else the first with somebody who writes."""
    on = timezone.localdate(now)
    row = WarningParameter.objects.valid_on(on).filter(key="duty_office").order_by("-valid_from").first()
    if row is not None:
        found = Organisation.objects.filter(code=row.value).first()
        if found is not None:
            return found
    wanted = {str(role) for role in WRITERS}
    held = Appointment.objects.valid_on(on).select_related("post", "organisation").order_by("organisation_id", "pk")
    return next((one.organisation for one in held if wanted & set(one.post.roles)), None)


def _writers_of(owner: Organisation, now: datetime) -> list[User]:
    wanted = {str(role) for role in WRITERS}
    held = Appointment.objects.valid_on(timezone.localdate(now)).filter(organisation=owner).select_related("post")
    people = {one.person_id for one in held if wanted & set(one.post.roles)}
    return list(User.objects.filter(person_id__in=people, is_active=True))
