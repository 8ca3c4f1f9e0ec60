"""Nonconformities: noted, their cause found, a plan approved, done, and checked by somebody else some time later."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from khcn.domains.qms.choices import Disposition, Duty, NonconformitySource, NonconformityState, Severity
from khcn.domains.qms.errors import DutiesConflict, NotYetProven, StepNotOpen, TooEarly
from khcn.domains.qms.models import (
    ControlledDocument,
    CorrectiveAction,
    EffectivenessCheck,
    Membership,
    NonconformingOutput,
    Nonconformity,
    QualitySystem,
    Risk,
    Unit,
)
from khcn.domains.qms.permissions import require_duty
from khcn.domains.qms.queries.dossiers import engine_codes, repeated_overdue
from khcn.domains.qms.queries.parameters import number_on
from khcn.domains.qms.services import steps
from khcn.kernel.audit.services import record
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify, settle
from khcn.kernel.orgs.models import Person, User
from khcn.kernel.orgs.queries import holders_of
from khcn.kernel.procedures.models import Case
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.roles import Role
from khcn.web.fields import claim_seen

MACHINE = "nonconformity"
MAX_WHYS = 5


def note_nonconformity(
    *, by: Actor, system: QualitySystem, source: NonconformitySource, severity: Severity, title: str, description: str,
    clause: str = "", document: ControlledDocument | None = None, unit: Unit | None = None, trigger: str = "",
    detected_on: date | None = None,
) -> Nonconformity:  # fmt: skip
    """Note a nonconformity as a draft; anybody in the system may, the machine too. The secretary is told."""
    require_duty(by, system, Duty.STAFF, Duty.SECRETARY, Duty.HEAD, Duty.AUDITOR, Duty.OVERSEER)
    with transaction.atomic():
        found = Nonconformity.objects.create(
            system=system, code=steps.numbered(system, "KPH", by.on), source=source, severity=severity,
            title=steps.require_text(title, "Ghi tên sự không phù hợp.", "title")[:300], clause=clause,
            description=steps.require_text(description, "Mô tả sự việc và bằng chứng.", "description"),
            document=document, unit=unit, trigger=trigger, detected_on=detected_on or by.on,
        )  # fmt: skip
        record(by=by, verb="qms.note_nonconformity", subject=found, after={"source": source, "title": title[:300]})
        notify(
            recipients=holders_of(str(Role.ISO_SECRETARY), on=by.on, organisation_id=system.organisation_id),
            kind=NoticeKind.DO, title=f"Giao xử lý {found.code}", body=title, url=_address(found), subject=found,
        )  # fmt: skip
    return found


def open_analysis(
    *, by: Actor, nonconformity: Nonconformity, owner: Membership, due_on: date, severity: Severity | None = None,
    expected_version: int | None = None,
) -> Nonconformity:  # fmt: skip
    """Give it to somebody who answers for it, with a deadline."""
    with transaction.atomic():
        step = steps.begin(
            by=by, record=nonconformity, machine=MACHINE, event="open", expected_version=expected_version
        )
        if owner.system_id != nonconformity.system_id or not owner.is_valid_on(by.on):
            raise Refused("Người chịu trách nhiệm phải đang làm việc tại cơ quan.", field="owner")
        if due_on < by.on:
            raise TooEarly("Hạn khắc phục không thể trước hôm nay.", field="due_on")
        steps.finish(
            by=by, record=nonconformity, machine=MACHINE, step=step, owner=owner, due_on=due_on,
            severity=severity or nonconformity.severity,
        )  # fmt: skip
        settle(subject=nonconformity)
        _tell(nonconformity, [owner.person], f"Tìm nguyên nhân của {nonconformity.code}", due_on)
    return nonconformity


def propose_plan(
    *, by: Actor, nonconformity: Nonconformity, correction: str, whys: Sequence[str], root_cause: str,
    actions: Iterable[tuple[str, Membership, date]], expected_version: int | None = None,
) -> Nonconformity:  # fmt: skip
    """Hand in what was corrected at once, the chain of whys down to the root cause, and the actions against it."""
    chain = [why.strip() for why in whys if why.strip()][:MAX_WHYS]
    wanted = [(what.strip(), owner, due) for what, owner, due in actions if what.strip()]
    with transaction.atomic():
        step = steps.begin(
            by=by, record=nonconformity, machine=MACHINE, event="plan", expected_version=expected_version
        )
        if len(chain) < 2:
            raise NotYetProven("Trả lời ít nhất hai lần “vì sao” để đến nguyên nhân gốc.", field="whys")
        if not wanted:
            raise NotYetProven("Cần ít nhất một hành động khắc phục.", field="actions")
        for _, owner, due in wanted:
            if owner.system_id != nonconformity.system_id:
                raise Refused("Người thực hiện phải thuộc cơ quan.", field="actions")
            if due < nonconformity.detected_on:
                raise TooEarly("Hạn của hành động không thể trước ngày phát hiện.", field="actions")
        cause = steps.require_text(root_cause, "Ghi nguyên nhân gốc.", "root_cause")
        nonconformity.actions.filter(done_on=None).delete()
        CorrectiveAction.objects.bulk_create(
            [
                CorrectiveAction(nonconformity=nonconformity, what=what[:500], owner=owner, due_on=due)
                for what, owner, due in wanted
            ]
        )
        steps.finish(
            by=by, record=nonconformity, machine=MACHINE, step=step, correction=correction, whys=chain, root_cause=cause
        )
        heads = holders_of(str(Role.AGENCY_HEAD), on=by.on, organisation_id=nonconformity.system.organisation_id)
        notify(
            recipients=heads, kind=NoticeKind.APPROVE, title=f"Duyệt kế hoạch khắc phục {nonconformity.code}",
            url=_address(nonconformity), subject=nonconformity,
        )  # fmt: skip
    return nonconformity


def return_plan(
    *, by: Actor, nonconformity: Nonconformity, reason: str, expected_version: int | None = None
) -> Nonconformity:
    """Send the plan back."""
    return _simple(by, nonconformity, "return_plan", reason, expected_version)


def approve_plan(*, by: Actor, nonconformity: Nonconformity, expected_version: int | None = None) -> Nonconformity:
    """Approve the plan: the head, and not the person who answers for it."""
    with transaction.atomic():
        step = steps.begin(
            by=by, record=nonconformity, machine=MACHINE, event="approve_plan", expected_version=expected_version
        )
        _not_the_owner(by, nonconformity, "duyệt kế hoạch")
        steps.finish(by=by, record=nonconformity, machine=MACHINE, step=step, plan_approved_by_id=by.user_id)
        settle(subject=nonconformity)
        for action in nonconformity.actions.select_related("owner__person"):
            _tell(nonconformity, [action.owner.person], f"Thực hiện hành động của {nonconformity.code}", action.due_on)
    return nonconformity


def complete_action(
    *, by: Actor, action: CorrectiveAction, evidence: str, expected_version: int | None = None
) -> CorrectiveAction:
    """Say that an action was done, with evidence: whoever had to do it, the owner, or the secretary."""
    found = action.nonconformity
    if action.owner.person_id != by.person_id:
        require_duty(by, found.system, Duty.SECRETARY, Duty.OWNER, record=found)
    if found.state != NonconformityState.IN_PROGRESS:
        raise StepNotOpen("Kế hoạch chưa được duyệt hoặc phiếu không còn ở bước khắc phục.")
    proof = steps.require_text(evidence, "Ghi minh chứng đã làm xong.", "evidence")
    with transaction.atomic():
        claim_seen(action, expected_version, {"evidence": proof[:500]})
        action.done_on, action.evidence = by.on, proof[:500]
        action.save(update_fields=["done_on", "evidence"])
        record(by=by, verb="qms.complete_action", subject=found, after={"what": action.what, "evidence": proof})
    return action


def finish_actions(*, by: Actor, nonconformity: Nonconformity, expected_version: int | None = None) -> Nonconformity:
    """Say that everything was done; the effect will be checked later."""
    with transaction.atomic():
        step = steps.begin(
            by=by, record=nonconformity, machine=MACHINE, event="finish", expected_version=expected_version
        )
        left = nonconformity.actions.filter(done_on=None).count()
        if left or not nonconformity.actions.exists():
            raise NotYetProven(f"Còn {left} hành động chưa xong. Ghi minh chứng cho từng hành động trước.")
        steps.finish(by=by, record=nonconformity, machine=MACHINE, step=step, finished_on=by.on)
        settle(subject=nonconformity)
    return nonconformity


def close_nonconformity(
    *, by: Actor, nonconformity: Nonconformity, evidence: str, risk: Risk | None = None, likelihood: int | None = None,
    impact: int | None = None, expected_version: int | None = None,
) -> Nonconformity:  # fmt: skip
    """Close after an effectiveness check that some days later, by another person, found the cause gone.

    risk, likelihood, impact: the risk that this event made the agency look at again, as judged after the actions.
    """
    with transaction.atomic():
        step = steps.begin(
            by=by, record=nonconformity, machine=MACHINE, event="close", expected_version=expected_version
        )
        _check(by, nonconformity, evidence, is_effective=True)
        if risk is not None and likelihood and impact:
            if risk.system_id != nonconformity.system_id:
                raise Refused("Rủi ro này thuộc cơ quan khác.", field="risk")
            risk.likelihood_after, risk.impact_after = likelihood, impact
            risk.save(update_fields=["likelihood_after", "impact_after"])
            record(by=by, verb="qms.reassess_risk", subject=risk, after={"after": [likelihood, impact]})
        steps.finish(by=by, record=nonconformity, machine=MACHINE, step=step, closed_on=by.on, risk=risk)
        settle(subject=nonconformity)
    return nonconformity


def reopen_nonconformity(
    *, by: Actor, nonconformity: Nonconformity, reason: str, expected_version: int | None = None
) -> Nonconformity:
    """Open again: the check found the cause still there, or it came back after closing."""
    with transaction.atomic():
        step = steps.begin(
            by=by, record=nonconformity, machine=MACHINE, event="reopen", expected_version=expected_version, note=reason
        )
        _not_the_owner(by, nonconformity, "kiểm tra hiệu lực")
        EffectivenessCheck.objects.create(
            nonconformity=nonconformity, on=by.on, is_effective=False, evidence=reason.strip(), checked_by_id=by.user_id
        )
        steps.finish(
            by=by, record=nonconformity, machine=MACHINE, step=step, note=reason, finished_on=None, closed_on=None
        )
    return nonconformity


def cancel_nonconformity(
    *, by: Actor, nonconformity: Nonconformity, reason: str, expected_version: int | None = None
) -> Nonconformity:
    """Cancel one noted by mistake."""
    return _simple(by, nonconformity, "cancel", reason, expected_version)


def extend_deadline(
    *, by: Actor, nonconformity: Nonconformity, until: date, reason: str, expected_version: int | None = None
) -> Nonconformity:
    """Approve a later deadline: the head, who is not the owner."""
    require_duty(by, nonconformity.system, Duty.HEAD)
    _not_the_owner(by, nonconformity, "gia hạn")
    text = steps.require_text(reason, "Ghi lý do gia hạn.", "reason")
    if nonconformity.state in (NonconformityState.CLOSED, NonconformityState.CANCELLED):
        raise StepNotOpen("Phiếu đã kết thúc nên không gia hạn được.")
    if nonconformity.deadline is None or until <= nonconformity.deadline:
        raise TooEarly("Hạn mới phải sau hạn đang có.", field="until")
    with transaction.atomic():
        nonconformity.claim(expected_version, {"extended_to": until, "extension_reason": text[:300]})
        before = {"deadline": nonconformity.deadline}
        nonconformity.extended_to, nonconformity.extension_reason = until, text[:300]
        nonconformity.extended_by_id = by.user_id
        nonconformity.save()
        record(by=by, verb="qms.extend", subject=nonconformity, before=before, after={"until": until, "reason": text})
    return nonconformity


def note_repeated_overdue(
    *, by: Actor, month: date, procedure_code: str = "", step_key: str = ""
) -> list[Nonconformity]:
    """Open a draft for each step that ran over its norm too often in a month; running it again opens nothing twice.

    procedure_code, step_key: look at this step of this procedure only, as when it was just told of.
    """
    first = month.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    systems = {row.organisation_id: row for row in QualitySystem.objects.select_related("organisation")}
    opened = []
    at_least = number_on("overdue_to_nc", last)
    for item in repeated_overdue(
        first=first, last=last, at_least=at_least, now=timezone.now(), procedure_code=procedure_code, step_key=step_key
    ):
        system = systems.get(item.organisation_id)
        if system is None:
            continue
        trigger = f"overdue:{item.procedure_code}:{item.step_key}:{first:%Y-%m}"[:160]
        with transaction.atomic():
            # Several events of one step may be heard at the same moment: the agency's row lets one after another in.
            QualitySystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
            if Nonconformity.objects.filter(system=system, trigger=trigger).exists():
                continue
            document = _document_of(system, item.procedure_code, last)
            opened.append(
                note_nonconformity(
                    by=by, system=system, source=NonconformitySource.OVERDUE, severity=Severity.MINOR, trigger=trigger,
                    title=f"Bước “{item.step_name}” quá hạn {item.times} lượt trong tháng {first:%m/%Y}", clause="8.5",
                    description=f"Quy trình {item.procedure_code}; hồ sơ: {', '.join(item.case_codes)}.",
                    document=document, unit=document.unit if document else None,
                )
            )  # fmt: skip
    return opened


def _document_of(system: QualitySystem, procedure_code: str, on: date) -> ControlledDocument | None:
    """The document that describes the engine's procedure, by its code or by that of the one published procedure that
    runs on it; None where several do.
    """
    engine = engine_codes(system.organisation_id, on=on)
    codes = {procedure_code, *(code for code, name in engine.items() if name == procedure_code)}
    found = list(ControlledDocument.objects.filter(system=system, procedure_code__in=codes)[:2])
    own = [row for row in found if row.procedure_code == procedure_code]
    return own[0] if own else found[0] if len(found) == 1 else None


def note_postponed_result(*, by: Actor, case_uid: UUID, new_due: datetime | None) -> NonconformingOutput | None:
    """Note a result that was promised again for later, with the apology as what was done (8.7); once per dossier."""
    case = Case.objects.filter(uid=case_uid).first()
    system = QualitySystem.objects.filter(organisation=case.deciding_id).first() if case is not None else None
    if case is None or system is None:
        return None
    until = f", hẹn lại ngày {timezone.localtime(new_due):%d/%m/%Y}" if new_due is not None else ""
    with transaction.atomic():
        row, created = NonconformingOutput.objects.get_or_create(
            system=system, trigger=f"extended:{case.uid}",
            defaults={
                "case_code": case.code, "description": f"Không trả kết quả đúng hẹn{until}.", "found_on": by.on,
                "disposition": Disposition.APOLOGISE, "handled_on": by.on,
            },
        )  # fmt: skip
        if created:
            record(by=by, verb="qms.note_output", subject=row, after={"case": case.code})
    return row if created else None


def _check(by: Actor, found: Nonconformity, evidence: str, *, is_effective: bool) -> None:
    _not_the_owner(by, found, "kiểm tra hiệu lực")
    proof = steps.require_text(evidence, "Ghi bằng chứng cho thấy nguyên nhân đã hết.", "evidence")
    wait = number_on("effectiveness_days", by.on)
    if found.finished_on is None or by.on < found.finished_on + timedelta(days=wait):
        earliest = (found.finished_on or by.on) + timedelta(days=wait)
        raise TooEarly(f"Kiểm tra hiệu lực sớm nhất vào ngày {earliest:%d/%m/%Y}.")
    EffectivenessCheck.objects.create(
        nonconformity=found, on=by.on, is_effective=is_effective, evidence=proof, checked_by_id=by.user_id
    )


def _not_the_owner(by: Actor, found: Nonconformity, act: str) -> None:
    if found.owner is not None and by.person_id is not None and found.owner.person_id == by.person_id:
        raise DutiesConflict(f"Người chịu trách nhiệm không được tự {act}. Đề nghị người khác thực hiện.")


def _simple(by: Actor, found: Nonconformity, event: str, reason: str, expected: int | None) -> Nonconformity:
    with transaction.atomic():
        step = steps.begin(by=by, record=found, machine=MACHINE, event=event, expected_version=expected, note=reason)
        steps.finish(by=by, record=found, machine=MACHINE, step=step, note=reason)
        settle(subject=found)
    return found


def _tell(found: Nonconformity, people: list[Person], title: str, due_on: date) -> None:
    users = User.objects.filter(is_active=True, person__in=people)
    notify(
        recipients=users, kind=NoticeKind.DO, title=title, body=found.title, url=_address(found), subject=found,
        due_on=due_on,
    )  # fmt: skip


def _address(found: Nonconformity) -> str:
    uid: UUID = found.uid
    return reverse("qms_nc_page", args=[uid])
