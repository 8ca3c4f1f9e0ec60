"""Moves money: envelopes, the ledger and its reversals, counterpart; every entry passes the rules first."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from khcn.domains.programme.choices import (
    BudgetLineKind,
    Certainty,
    CounterpartState,
    FundingSourceKind,
    Grade,
    LedgerEntryKind,
)
from khcn.domains.programme.errors import MoneyRefused
from khcn.domains.programme.models import (
    Counterpart,
    LedgerEntry,
    Plan,
    PlanEnvelope,
    Task,
)
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.queries.money import allocated_from, total_of, uncleared_of, year_left
from khcn.domains.programme.rules.findings import Finding
from khcn.domains.programme.rules.money import (
    THROUGH_TREASURY,
    AdvanceRequest,
    MoneyThresholds,
    PaymentRequest,
    advance_breaches,
    allocation_breaches,
    payment_breaches,
)
from khcn.kernel.audit.services import record
from khcn.kernel.documents.models import Document
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.money import format_vnd
from khcn.lib.roles import Role

ENTERED_BY: Mapping[LedgerEntryKind, tuple[Role, ...]] = {
    LedgerEntryKind.PLAN: (Role.ACCOUNTANT, Role.SPECIALIST, Role.FINANCE),
    LedgerEntryKind.ESTIMATE: (Role.FINANCE, Role.ACCOUNTANT),
    LedgerEntryKind.ALLOCATION: (Role.FINANCE, Role.ACCOUNTANT),
    LedgerEntryKind.ADVANCE: (Role.ACCOUNTANT,),
    LedgerEntryKind.CLEARANCE: (Role.ACCOUNTANT,),
    LedgerEntryKind.PAYMENT: (Role.ACCOUNTANT,),
    LedgerEntryKind.CARRY_OVER_OUT: (Role.ACCOUNTANT, Role.FINANCE),
    LedgerEntryKind.CARRY_OVER_IN: (Role.ACCOUNTANT, Role.FINANCE),
    LedgerEntryKind.RECOVERY: (Role.ACCOUNTANT,),
    LedgerEntryKind.SETTLEMENT: (Role.ACCOUNTANT, Role.FINANCE),
}


def set_envelope(
    *,
    by: Actor,
    plan: Plan,
    source: FundingSourceKind,
    year: int,
    planned_vnd: int,
    granted_vnd: int,
    certainty: Certainty,
    basis: str = "",
    expected_version: int | None = None,
    as_new: bool = False,
) -> PlanEnvelope:
    """Set what a source is to give, or gave, in one year; never below what is already allocated from it.

    as_new: refuse a source and year that has its envelope already, which whoever fills in an empty form has not seen.
    """
    require_role(by, Role.FINANCE, Role.DIRECTOR, Role.ACCOUNTANT)
    if planned_vnd < 0 or granted_vnd < 0:
        raise Refused("Số tiền không được âm.", field="planned_vnd")
    if not plan.period_from - 1 <= year <= plan.period_to + 3:
        raise Refused(f"Năm {year} nằm ngoài giai đoạn của kế hoạch.", field="year")
    with transaction.atomic():
        envelope, created = PlanEnvelope.objects.get_or_create(plan=plan, source=source, year=year)
        if as_new and not created:
            raise Refused("Nguồn và năm này đã có khung kinh phí. Hãy mở khung đó để sửa.", field="year")
        mine = {"planned_vnd": planned_vnd, "granted_vnd": granted_vnd, "certainty": certainty, "basis": basis.strip()}
        envelope.claim(None if created else expected_version, mine)
        before = {"planned_vnd": envelope.planned_vnd, "granted_vnd": envelope.granted_vnd}
        allocated = allocated_from(envelope)
        if granted_vnd < allocated:
            raise MoneyRefused(
                f"Đã phân bổ {format_vnd(allocated)} từ nguồn này; dự toán giao không thể thấp hơn.",
                field="granted_vnd",
            )
        envelope.planned_vnd, envelope.granted_vnd = planned_vnd, granted_vnd
        envelope.certainty, envelope.basis = certainty, basis.strip()
        envelope.save()
        record(
            by=by, verb="envelope.set", subject=envelope, before=before,
            after={"planned_vnd": planned_vnd, "granted_vnd": granted_vnd, "basis": basis},
        )  # fmt: skip
    return envelope


def enter(
    *,
    by: Actor,
    task: Task,
    kind: LedgerEntryKind,
    source: FundingSourceKind,
    year: int,
    amount_vnd: int,
    on: date,
    document_number: str,
    key: str,
    line: BudgetLineKind | None = None,
    note: str = "",
    equipment_note: str = "",
    is_last: bool = False,
    document: Document | None = None,
    has_file: bool = False,
    without_file: str = "",
) -> LedgerEntry:
    """Enter one movement of money, once per `key`; the same key again gives the first entry back.

    has_file: the movement comes from a payment file. Without one, an advance, clearance or payment of state money needs
    `without_file`, the reason why there is none; it stands in the entry's note. Raises MoneyRefused with every sentence
    of the rules that speak against it; nothing is written then.
    """
    require_role(by, *ENTERED_BY[kind])
    if kind in THROUGH_TREASURY and source is not FundingSourceKind.S4_COUNTERPART and not has_file:
        note = _note_without_file(without_file, note)
    if amount_vnd <= 0:
        raise Refused("Số tiền phải lớn hơn 0.", field="amount_vnd")
    if not document_number.strip():
        raise Refused("Ghi số chứng từ.", field="document_number")
    with transaction.atomic():
        known = LedgerEntry.objects.filter(key=key).first()
        if known is not None:
            same = (known.task_id, known.kind, known.amount_vnd) == (task.pk, kind, amount_vnd)
            if same:
                return known
            raise MoneyRefused("Bút toán này đã được ghi với số liệu khác. Tải lại trang rồi nhập lại.")
        Task.objects.select_for_update().get(pk=task.pk)
        refuse(
            breaches_of(
                task=task, kind=kind, source=source, year=year, amount_vnd=amount_vnd, on=on,
                equipment_note=equipment_note, is_last=is_last,
            )
        )  # fmt: skip
        entry = write_entry(
            by=by, task=task, kind=kind, source=source, year=year, amount=amount_vnd, on=on, key=key,
            document_number=document_number.strip(), note=note or equipment_note, line=line, document=document,
        )  # fmt: skip
    return entry


def reverse(*, by: Actor, entry: LedgerEntry, reason: str, on: date) -> LedgerEntry:
    """Undo an entry by a counter-entry that names it; the first stays as it was."""
    require_role(by, *ENTERED_BY[LedgerEntryKind(entry.kind)])
    if not reason.strip():
        raise Refused("Ghi lý do đảo bút toán.", field="reason")
    if entry.reverses_id is not None:
        raise MoneyRefused("Không đảo được bút toán đảo; đề nghị ghi bút toán mới.")
    with transaction.atomic():
        Task.objects.select_for_update().get(pk=entry.task_id)
        if LedgerEntry.objects.filter(reverses=entry).exists():
            raise MoneyRefused("Bút toán này đã được đảo.")
        return write_entry(
            by=by, task=entry.task, kind=LedgerEntryKind(entry.kind), source=entry.source, year=entry.year,
            amount=entry.amount_vnd, on=on, document_number=entry.document_number, note=reason.strip(), reverses=entry,
            key=f"{entry.key}-dao", line=BudgetLineKind(entry.line) if entry.line else None,
        )  # fmt: skip


def carry_over(
    *,
    by: Actor,
    task: Task,
    source: FundingSourceKind,
    year: int,
    amount_vnd: int,
    on: date,
    document_number: str,
    key: str,
) -> tuple[LedgerEntry, LedgerEntry]:
    """Carry unspent money of a year into the next: one entry out, one in."""
    out = enter(
        by=by, task=task, kind=LedgerEntryKind.CARRY_OVER_OUT, source=source, year=year, amount_vnd=amount_vnd, on=on,
        document_number=document_number, key=f"{key}-out",
    )  # fmt: skip
    into = enter(
        by=by, task=task, kind=LedgerEntryKind.CARRY_OVER_IN, source=source, year=year + 1, amount_vnd=amount_vnd,
        on=on, document_number=document_number, key=f"{key}-in",
    )  # fmt: skip
    return out, into


def add_counterpart(
    *,
    by: Actor,
    task: Task,
    state: CounterpartState,
    giver: Organisation,
    amount_vnd: int,
    on: date,
    document_number: str,
) -> Counterpart:
    """Record non-state money: pledged, proven by papers, or spent (never more than proven)."""
    require_role(by, Role.ACCOUNTANT, Role.SPECIALIST)
    if amount_vnd <= 0:
        raise Refused("Số tiền phải lớn hơn 0.", field="amount_vnd")
    if not document_number.strip():
        raise Refused("Ghi số văn bản, chứng từ.", field="document_number")
    with transaction.atomic():
        Task.objects.select_for_update().get(pk=task.pk)
        sums = {row.value: 0 for row in CounterpartState}
        for known, amount in Counterpart.objects.filter(task=task).values_list("state", "amount_vnd"):
            sums[known] += amount
        if state is CounterpartState.SPENT and sums["spent"] + amount_vnd > sums["proven"]:
            raise MoneyRefused(f"Mới chứng minh được {format_vnd(sums['proven'])}; số đã chi không thể nhiều hơn.")
        row = Counterpart.objects.create(
            task=task, state=state, giver=giver, amount_vnd=amount_vnd, on=on, document_number=document_number.strip(),
            entered_by_id=by.user_id,
        )  # fmt: skip
        record(by=by, verb="counterpart.add", subject=row, after={"state": state, "amount_vnd": amount_vnd})
    return row


def breaches_of(
    *,
    task: Task,
    kind: LedgerEntryKind,
    source: FundingSourceKind,
    year: int,
    amount_vnd: int,
    on: date,
    equipment_note: str = "",
    is_last: bool = False,
) -> tuple[Finding, ...]:
    """Every rule that speaks against a movement of money now; inside the caller's transaction."""
    amount = amount_vnd
    contract = getattr(task, "contract", None)
    entries = LedgerEntry.objects.filter(task=task)
    if kind in (LedgerEntryKind.ADVANCE, LedgerEntryKind.PAYMENT) and task.funding_stopped_on is not None:
        return (Finding("stopped", "Nhiệm vụ đang bị ngừng cấp kinh phí do không nộp báo cáo.", "TT 09/2014, Điều 9"),)
    if kind is LedgerEntryKind.ALLOCATION and task.plan_id is not None:
        envelope = (
            PlanEnvelope.objects.select_for_update().filter(plan_id=task.plan_id, source=source, year=year).first()
        )
        if envelope is None:
            return (Finding("envelope", f"Chưa có khung kinh phí nguồn {source.label} năm {year}.", ""),)
        return allocation_breaches(
            envelope_vnd=envelope.granted_vnd, allocated_vnd=allocated_from(envelope) + amount,
            source_label=source.label, year=year,
        )  # fmt: skip
    if kind is LedgerEntryKind.ADVANCE:
        thresholds = MoneyThresholds.from_parameters(parameters_of(task.rule_set, on=on))
        request = AdvanceRequest(
            amount_vnd=amount, state_vnd=task.state_vnd, year_left_vnd=year_left(task, source=source, year=year),
            advanced_before_vnd=total_of(entries, LedgerEntryKind.ADVANCE),
            cleared_before_vnd=total_of(entries, LedgerEntryKind.CLEARANCE),
            contract_is_live=contract is not None and contract.is_live, equipment_note=equipment_note,
        )  # fmt: skip
        return advance_breaches(request, thresholds)
    if kind in (LedgerEntryKind.PAYMENT, LedgerEntryKind.CLEARANCE):
        return _payment(task, kind, source, year, amount, is_last)
    if kind is LedgerEntryKind.CARRY_OVER_OUT and amount > year_left(task, source=source, year=year):
        return (Finding("carry", "Số chuyển nguồn vượt số còn lại của năm.", ""),)
    return ()


def _note_without_file(reason: str, note: str) -> str:
    if not reason.strip():
        raise Refused(
            "Khoản tạm ứng, thanh toán qua Kho bạc phải có hồ sơ thanh toán. Lập hồ sơ, hoặc ghi lý do không có hồ sơ.",
            field="without_file",
        )
    told = f"Không qua hồ sơ thanh toán: {reason.strip().rstrip('.')}."
    return f"{told} {note.strip()}".strip()


def _payment(
    task: Task, kind: LedgerEntryKind, source: FundingSourceKind, year: int, amount: int, is_last: bool
) -> tuple[Finding, ...]:
    contract = getattr(task, "contract", None)
    paid = total_of(LedgerEntry.objects.filter(task=task), LedgerEntryKind.PAYMENT, LedgerEntryKind.CLEARANCE)
    found = payment_breaches(
        PaymentRequest(
            amount_vnd=amount, contract_vnd=contract.state_vnd if contract else 0, paid_before_vnd=paid,
            contract_is_live=contract is not None and contract.is_live, is_last=is_last,
            grade=Grade(task.grade) if task.grade else None,
        )
    )  # fmt: skip
    if kind is LedgerEntryKind.CLEARANCE and amount > uncleared_of(task):
        found += (Finding("clearance", f"Dư tạm ứng chỉ còn {format_vnd(uncleared_of(task))}.", ""),)
    if kind is LedgerEntryKind.PAYMENT and amount > year_left(task, source=source, year=year):
        left = format_vnd(year_left(task, source=source, year=year))
        found += (Finding("year_estimate", f"Vượt dự toán năm {year} còn lại {left}.", ""),)
    return found


def write_entry(
    *,
    by: Actor,
    task: Task,
    kind: LedgerEntryKind,
    source: str,
    year: int,
    amount: int,
    on: date,
    document_number: str,
    key: str,
    note: str = "",
    line: BudgetLineKind | None = None,
    reverses: LedgerEntry | None = None,
    document: Document | None = None,
) -> LedgerEntry:
    """Store one entry and its audit line; the rules have been asked before."""
    entry = LedgerEntry(
        task=task, kind=kind, source=source, year=year, line=line or "", amount_vnd=amount, on=on,
        document_number=document_number[:80], document=document, note=note[:300], reverses=reverses,
        entered_by_id=by.user_id, entered_at=timezone.now(), key=key[:80],
    )  # fmt: skip
    entry.save(force_insert=True)
    verb = "ledger.reverse" if reverses is not None else "ledger.enter"
    record(by=by, verb=verb, subject=entry, after={"kind": kind, "amount_vnd": amount, "year": year, "key": key[:80]})
    return entry


def refuse(findings: tuple[Finding, ...]) -> None:
    """Raise MoneyRefused with every sentence of the findings and its source; nothing where there are none."""
    if findings:
        sentences = " ".join(f"{item.text}{f' ({item.citation})' if item.citation else ''}" for item in findings)
        raise MoneyRefused(sentences, field="amount_vnd")
