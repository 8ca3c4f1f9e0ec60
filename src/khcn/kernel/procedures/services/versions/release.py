"""Takes a version through review, approval, effect and withdrawal; its author never approves it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from khcn.kernel.events.services import publish
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import ProcedureKind, VersionState
from khcn.kernel.procedures.engine.definition import Definition
from khcn.kernel.procedures.errors import NotRunnable, VersionStepRefused
from khcn.kernel.procedures.models import Procedure, ProcedureVersion
from khcn.kernel.procedures.permissions import require_approver, require_procedure_author
from khcn.kernel.procedures.queries import version_faults
from khcn.kernel.procedures.rules import VERSION_STEPS
from khcn.kernel.procedures.services.transitions import log_transition
from khcn.kernel.procedures.services.versions.drafting import create_procedure, save_draft
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused

MACHINE = "procedure_version"


@dataclass(frozen=True, slots=True)
class VersionMoved:
    """Published with every step of a version; document control and acknowledgements subscribe to it."""

    version_uid: UUID
    procedure_uid: UUID
    procedure_code: str
    kind: str
    event: str
    from_state: str
    to_state: str
    by_uid: UUID


def submit_version(*, by: Actor, version: ProcedureVersion, note: str = "") -> ProcedureVersion:
    """Hand a draft in for approval. Raises NotRunnable with its faults, VersionStepRefused."""
    require_procedure_author(by, version.procedure)
    with transaction.atomic():
        version = _locked(version)
        faults = [fault.sentence for fault in version_faults(version) if fault.stops]
        if faults:
            raise NotRunnable("Quy trình chưa chạy được, hãy sửa các điểm sau rồi trình lại.", faults=faults)
        return _take(by, version, "submit", note)


def return_version(*, by: Actor, version: ProcedureVersion, reason: str) -> ProcedureVersion:
    """Send a version under review back to its author. Raises Refused without a reason."""
    require_approver(by, version)
    if not reason.strip():
        raise Refused("Ghi lý do trả lại.", field="reason")
    with transaction.atomic():
        return _take(by, _locked(version), "return", reason.strip())


def approve_version(
    *, by: Actor, version: ProcedureVersion, decision_number: str = "", note: str = ""
) -> ProcedureVersion:
    """Approve a version under review; never by its author."""
    require_approver(by, version)
    with transaction.atomic():
        version = _locked(version)
        version.approver_id, version.approved_at = by.user_id, timezone.now()
        version.decision_number = decision_number
        return _take(by, version, "approve", note)


def deploy_version(*, by: Actor, version: ProcedureVersion, effective_from: date) -> ProcedureVersion:
    """Put an approved version into effect from a date; the one in effect before is superseded that day.

    Cases under way stay on the version they began with. Raises VersionStepRefused; Refused for a date not later than
    the start of the version it replaces.
    """
    require_approver(by, version)
    with transaction.atomic():
        Procedure.objects.select_for_update().get(pk=version.procedure_id)
        version = _locked(version)
        _require(version, "deploy")
        before = version.procedure.versions.select_for_update().filter(state=VersionState.EFFECTIVE).first()
        if before is not None:
            if before.effective_from is not None and before.effective_from > effective_from:
                raise Refused(
                    f"Bản {before.number} có hiệu lực từ {before.effective_from:%d/%m/%Y}; chọn ngày muộn hơn.",
                    field="effective_from",
                )
            before.effective_to = effective_from
            _take(by, before, "supersede", f"thay bằng {version.number}")
        version.effective_from = effective_from
        return _take(by, version, "deploy", "")


def withdraw_version(*, by: Actor, version: ProcedureVersion, reason: str, on: date) -> ProcedureVersion:
    """Withdraw a version that shall not be used any more; its running cases go on. Raises Refused without a reason."""
    if version.state == VersionState.DRAFT:
        require_procedure_author(by, version.procedure)
    else:
        require_approver(by, version)
    if not reason.strip():
        raise Refused("Ghi lý do thu hồi.", field="reason")
    with transaction.atomic():
        version = _locked(version)
        if version.effective_from is not None:
            version.effective_to = max(on, version.effective_from)
        return _take(by, version, "withdraw", reason.strip())


def install_procedure(
    *,
    by: Actor,
    approver: Actor,
    code: str,
    title: str,
    definition: Definition,
    effective_from: date,
    kind: ProcedureKind = ProcedureKind.INTERNAL,
    owner: Organisation | None = None,
    is_illustration: bool = False,
    decision_number: str = "",
    **cover: object,
) -> ProcedureVersion:
    """Author, submit, approve (by another person) and put into effect at once, as when reference procedures are loaded.

    cover: fields of `save_draft`. Returns the effective version. Raises whatever the four steps raise.
    """
    with transaction.atomic():
        version = create_procedure(
            by=by, code=code, title=title, kind=kind, owner=owner, is_illustration=is_illustration
        )
        save_draft(by=by, version=version, definition=definition, **cover)  # type: ignore[arg-type]
        submit_version(by=by, version=version)
        approve_version(by=approver, version=version, decision_number=decision_number)
        return deploy_version(by=approver, version=version, effective_from=effective_from)


def _locked(version: ProcedureVersion) -> ProcedureVersion:
    version.claim(None)
    taken = version.version
    version.refresh_from_db()
    version.version = taken
    return version


def _require(version: ProcedureVersion, event: str) -> None:
    step = VERSION_STEPS[event]
    if version.state not in step.sources:
        state = VersionState(version.state).label
        raise VersionStepRefused(f"Không thể “{step.label}” khi phiên bản ở trạng thái “{state}”.")


def _take(by: Actor, version: ProcedureVersion, event: str, note: str) -> ProcedureVersion:
    _require(version, event)
    before, version.state = version.state, VERSION_STEPS[event].target
    version.save()
    log_transition(
        by=by, subject=version, machine=MACHINE, event=event, from_state=before, to_state=version.state, note=note
    )
    publish(
        VersionMoved(
            version.uid, version.procedure.uid, version.procedure.code, version.procedure.kind, event, before,
            version.state, by.uid,
        )
    )  # fmt: skip
    return version
