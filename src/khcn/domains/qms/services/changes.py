"""Requests to change a document or procedure: assessed for what they touch, decided, carried out (6.3)."""

from django.db import transaction

from khcn.domains.qms.choices import ChangePolicy, Duty
from khcn.domains.qms.errors import DutiesConflict, NotYetProven
from khcn.domains.qms.models import ChangeRequest, ControlledDocument, QualitySystem
from khcn.domains.qms.permissions import require_duty
from khcn.domains.qms.queries.documents import where_used
from khcn.domains.qms.queries.dossiers import cases_on_old_versions, running_cases
from khcn.domains.qms.services import steps
from khcn.kernel.audit.services import record
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify, settle
from khcn.kernel.orgs.queries import holders_of
from khcn.lib.actor import Actor
from khcn.lib.roles import Role

MACHINE = "change_request"


def ask_change(
    *, by: Actor, system: QualitySystem, title: str, reason: str, document: ControlledDocument | None = None
) -> ChangeRequest:
    """Ask for a change; anybody of the agency may. Where the document is used now is noted at once."""
    require_duty(by, system, Duty.STAFF, Duty.SECRETARY, Duty.HEAD)
    uses = where_used(document) if document is not None else []
    with transaction.atomic():
        found = ChangeRequest.objects.create(
            system=system, code=steps.numbered(system, "YCTĐ", by.on), document=document, asked_by_id=by.user_id,
            asked_on=by.on, title=steps.require_text(title, "Ghi nội dung thay đổi.", "title"),
            reason=steps.require_text(reason, "Ghi lý do thay đổi.", "reason"),
            impact_documents="\n".join(f"{use.kind}: {use.text}" for use in uses),
            running_cases=running_cases(document.procedure_code) if document is not None else None,
        )  # fmt: skip
        record(by=by, verb="qms.ask_change", subject=found, after={"title": title})
    return found


def assess_change(
    *, by: Actor, change: ChangeRequest, impact_documents: str, impact_training: str, case_policy: ChangePolicy,
    expected_version: int | None = None,
) -> ChangeRequest:  # fmt: skip
    """Say what it touches: documents, training, dossiers that run now (counted again here)."""
    with transaction.atomic():
        step = steps.begin(by=by, record=change, machine=MACHINE, event="assess", expected_version=expected_version)
        code = change.document.procedure_code if change.document is not None else ""
        steps.finish(
            by=by, record=change, machine=MACHINE, step=step, case_policy=case_policy,
            running_cases=running_cases(code),
            impact_documents=steps.require_text(
                impact_documents, "Nêu tài liệu bị tác động, hoặc ghi “không có”.", "impact_documents"
            ),
            impact_training=steps.require_text(
                impact_training, "Nêu đào tạo cần làm, hoặc ghi “không có”.", "impact_training"
            ),
        )  # fmt: skip
        heads = holders_of(str(Role.AGENCY_HEAD), on=by.on, organisation_id=change.system.organisation_id)
        notify(recipients=heads, kind=NoticeKind.APPROVE, title=f"Quyết định yêu cầu {change.code}", subject=change)
    return change


def decide_change(
    *, by: Actor, change: ChangeRequest, is_approved: bool, reason: str = "", expected_version: int | None = None
) -> ChangeRequest:
    """Approve or refuse; not whoever asked."""
    event = "approve" if is_approved else "refuse"
    with transaction.atomic():
        step = steps.begin(
            by=by, record=change, machine=MACHINE, event=event, expected_version=expected_version, note=reason
        )
        if by.user_id is not None and by.user_id == change.asked_by_id:
            raise DutiesConflict("Người đề nghị không được tự quyết định yêu cầu của mình.")
        steps.finish(
            by=by, record=change, machine=MACHINE, step=step, note=reason, decided_by_id=by.user_id, decided_on=by.on
        )
        settle(subject=change)
    return change


def finish_change(*, by: Actor, change: ChangeRequest, expected_version: int | None = None) -> ChangeRequest:
    """Say that it was carried out; where running dossiers were to be moved, none may be left on the old version."""
    with transaction.atomic():
        step = steps.begin(by=by, record=change, machine=MACHINE, event="finish", expected_version=expected_version)
        code = change.document.procedure_code if change.document is not None else ""
        left = cases_on_old_versions(code) if change.case_policy == ChangePolicy.MIGRATE else 0
        if left:
            raise NotYetProven(
                f"Còn {left} hồ sơ đang chạy theo bản cũ. Chuyển hồ sơ sang bản mới ở trang quy trình trước."
            )
        steps.finish(by=by, record=change, machine=MACHINE, step=step)
    return change
