"""What people put to a case besides completing steps: comments, files, forms typed half."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.kernel.documents.services import store_file
from khcn.kernel.procedures.models import Case, CaseAttachment, CaseEvent, FormDraft, StepRun
from khcn.kernel.procedures.permissions import may_work, require_case_reader
from khcn.kernel.procedures.services.cases.locking import locked
from khcn.kernel.procedures.services.cases.log import append
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused

COMMENT_LIMIT = 4000


def comment_case(
    *, by: Actor, case: Case, text: str, run: StepRun | None = None, now: datetime | None = None
) -> CaseEvent:
    """Write a remark into the case's log, seen by whoever reads the case. Raises Refused when empty or too long."""
    require_case_reader(by, case)
    text = text.strip()
    if not text or len(text) > COMMENT_LIMIT:
        raise Refused(f"Ghi ý kiến, tối đa {COMMENT_LIMIT} ký tự.", field="text")
    with transaction.atomic():
        case = locked(case.pk)
        event = append(by=by, case=case, verb="comment", at=now or timezone.now(), run=run, text=text)
        case.save(update_fields=["head", "events_count"])
    return event


def attach_file(
    *,
    by: Actor,
    case: Case,
    title: str,
    filename: str,
    content: bytes,
    media_type: str,
    run: StepRun | None = None,
    component: str = "",
    is_digitised: bool = False,
    is_reused: bool = False,
    now: datetime | None = None,
) -> CaseAttachment:
    """Put a file to the case. The caller has checked what the bytes are (`khcn.web.uploads`)."""
    require_case_reader(by, case)
    now = now or timezone.now()
    with transaction.atomic():
        case = locked(case.pk)
        stored = store_file(by=by, content=content, media_type=media_type)
        attachment = CaseAttachment.objects.create(
            case=case, run=run, component=component[:200], title=(title or filename)[:300], filename=filename[-255:],
            file=stored, is_digitised=is_digitised, is_reused=is_reused, added_at=now, added_by_id=by.user_id,
        )  # fmt: skip
        append(
            by=by, case=case, verb="attached", at=now, run=run, title=attachment.title, sha256=stored.sha256,
            component=component,
        )  # fmt: skip
        case.save(update_fields=["head", "events_count"])
    return attachment


def save_form_draft(*, by: Actor, run: StepRun, contents: Mapping[str, Any]) -> FormDraft:
    """Keep what a person has typed into a step's form so far, unread and unchecked. Raises Forbidden."""
    if by.user_id is None or not may_work(by, run):
        raise Forbidden("Bước này thuộc vai trò hoặc đơn vị khác.")
    draft, _ = FormDraft.objects.update_or_create(run=run, user_id=by.user_id, defaults={"contents": dict(contents)})
    return draft
