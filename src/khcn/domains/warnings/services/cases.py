"""Cases of warning: bulletins as they came, cases that people begin or drop."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.domains.warnings.choices import MessageDraftState, WarningKind, WarningState
from khcn.domains.warnings.errors import WarningRefused
from khcn.domains.warnings.models import Bulletin, MessageDraft, WarningCase
from khcn.domains.warnings.permissions import may_write, require
from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import next_number
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor

#: States of a message that is on its way out.
OPEN = (
    MessageDraftState.DRAFT, MessageDraftState.SUBMITTED, MessageDraftState.RETURNED, MessageDraftState.APPROVED,
)  # fmt: skip
_WRITERS = "Việc này dành cho người soạn cảnh báo của cơ quan."


def hold(case: WarningCase) -> None:
    """Read a case anew and hold it to the end of the transaction, so that nobody writes over what another wrote."""
    case.refresh_from_db(from_queryset=WarningCase.objects.select_for_update())
    case.version += 1


def next_code(now: datetime) -> str:
    year = timezone.localtime(now).year
    return f"CB-{year}-{next_number(series='warning', year=year):04d}"


def register_bulletin(
    *, by: Actor, owner: Organisation, issuer: str, number: str, hazard: str, issued_at: datetime, content: str,
    stated: Mapping[str, int], scale: str = "risk", next_due_at: datetime | None = None,
    now: datetime | None = None, is_illustration: bool = False,
) -> Bulletin:  # fmt: skip
    """Keep an official bulletin as it came. stated: level (or fire class) by unit code."""
    require(may_write(by, owner.pk), _WRITERS)
    now = now or timezone.now()
    if issued_at > now:
        raise WarningRefused("Thời điểm ban hành ở tương lai.", field="issued_at")
    if any(not 1 <= int(level) <= 5 for level in stated.values()):
        raise WarningRefused("Cấp độ phải từ 1 đến 5.", field="stated")
    digest = hashlib.sha256(content.encode()).hexdigest()
    with transaction.atomic():
        if Bulletin.objects.filter(issuer=issuer.strip(), number=number.strip(), issued_at=issued_at).exists():
            raise WarningRefused("Bản tin này đã được ghi.", field="number")
        bulletin = Bulletin.objects.create(
            issuer=issuer.strip()[:200], number=number.strip()[:80], hazard=hazard, scale=scale, issued_at=issued_at,
            received_at=now, next_due_at=next_due_at, stated={code: int(level) for code, level in stated.items()},
            content=content, sha256=digest, registered_by_id=by.user_id, is_illustration=is_illustration,
        )  # fmt: skip
        record(by=by, verb="warning.bulletin", subject=bulletin, after={"number": number, "sha256": digest})
    return bulletin


def begin_case(
    *, by: Actor, owner: Organisation, hazard: str, hazard_name: str, kind: WarningKind,
    bulletin: Bulletin | None = None, is_exercise: bool = False, exercise_name: str = "",
    now: datetime | None = None, is_illustration: bool = False, **danger: Any,
) -> WarningCase:  # fmt: skip
    """Begin a case without a proposal: a bulletin to relay, an order, an exercise."""
    require(may_write(by, owner.pk), _WRITERS)
    if kind is WarningKind.RELAY and bulletin is None:
        raise WarningRefused("Chọn bản tin chính thức để chuyển phát.", field="bulletin")
    if is_exercise and not exercise_name.strip():
        raise WarningRefused("Ghi tên cuộc diễn tập.", field="exercise_name")
    now = now or timezone.now()
    with transaction.atomic():
        case = WarningCase.objects.create(
            code=next_code(now), hazard=hazard, hazard_name=hazard_name, kind=kind, owner=owner, bulletin=bulletin,
            is_exercise=is_exercise, exercise_name=exercise_name.strip()[:200], danger=danger, proposed_at=now,
            observed_at=bulletin.issued_at if bulletin else None, is_illustration=is_illustration,
        )  # fmt: skip
        record(by=by, verb="warning.begin", subject=case, after={"kind": kind, "exercise": is_exercise})
    return case


def drop_case(*, by: Actor, case: WarningCase, reason: str, expected_version: int | None = None) -> None:
    """Not to warn of what was proposed, with the reason. It stays on record."""
    require(may_write(by, case.owner_id), _WRITERS)
    if not reason.strip():
        raise WarningRefused("Ghi lý do không phát.", field="reason")
    with transaction.atomic():
        case.claim(expected_version)
        hold(case)
        if case.state not in (WarningState.PROPOSED, WarningState.PREPARING):
            raise WarningRefused("Cảnh báo đã phát thì hủy bằng một bản tin, không bỏ đi.")
        case.state, case.drop_reason, case.ended_at = WarningState.DROPPED, reason.strip()[:300], timezone.now()
        case.save()
        for draft in MessageDraft.objects.filter(case=case, state__in=OPEN):
            draft.claim(None)
            draft.state, draft.return_reason = MessageDraftState.DROPPED, case.drop_reason
            draft.save()
        record(by=by, verb="warning.drop", subject=case, after={"reason": reason})
