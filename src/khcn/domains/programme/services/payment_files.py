"""Payment files: drawn up, filled with papers, sent to the Treasury, and entered in the ledger when it has paid.

A file is sent only when the papers that its rule set demands are there and the money may be paid; both verdicts are
kept as traces. What the Treasury itself decides is not computed here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import transaction

from khcn.domains.programme.choices import (
    BudgetLineKind,
    FundingSourceKind,
    LedgerEntryKind,
    PaymentFileState,
)
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import LedgerEntry, PaymentFile, Task
from khcn.domains.programme.queries.payment_files import (
    codes_there,
    documents_of_files,
    known_papers,
    paper_rules_of,
    payment_asked,
    request_of,
)
from khcn.domains.programme.rules.findings import sentences
from khcn.domains.programme.rules.money import THROUGH_TREASURY, papers_due
from khcn.domains.programme.rules.rule_trace import run
from khcn.domains.programme.services.asking import ask, inform
from khcn.domains.programme.services.attachments import attach_document
from khcn.domains.programme.services.edits import apply_changes
from khcn.domains.programme.services.money import breaches_of, enter
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.models import Document
from khcn.kernel.documents.queries import content_of
from khcn.kernel.documents.services import add_revision
from khcn.kernel.notices.services import settle
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.roles import Role
from khcn.web.uploads import check_upload

EDITABLE: Final = (
    "kind", "source", "year", "line", "amount_vnd", "is_last", "has_tender", "equipment_note", "note",
)  # fmt: skip


def draw_up_file(
    *,
    by: Actor,
    task: Task,
    kind: LedgerEntryKind,
    source: FundingSourceKind,
    year: int,
    amount_vnd: int,
    on: date,
    line: BudgetLineKind | None = None,
    is_last: bool = False,
    has_tender: bool = False,
    equipment_note: str = "",
    note: str = "",
) -> PaymentFile:
    """Draw up the file of one advance, clearance or payment; its papers are attached afterwards."""
    require_role(by, Role.ACCOUNTANT)
    _check(kind, source, amount_vnd)
    with transaction.atomic():
        Task.objects.select_for_update().get(pk=task.pk)
        number = PaymentFile.objects.filter(task=task).count() + 1
        file = PaymentFile.objects.create(
            code=f"{task.code}-TT{number:02d}", task=task, kind=kind,
            payment=payment_asked(task, kind=kind, is_last=is_last), source=source, year=year, line=line or "",
            amount_vnd=amount_vnd, is_last=is_last, has_tender=has_tender, equipment_note=equipment_note.strip(),
            note=note.strip(), drawn_on=on, drawn_by_id=by.user_id,
        )  # fmt: skip
        record(
            by=by, verb="payment_file.draw_up", subject=file,
            after={"kind": kind, "payment": file.payment, "amount_vnd": amount_vnd, "year": year},
        )  # fmt: skip
    return file


def edit_file(
    *, by: Actor, file: PaymentFile, changes: Mapping[str, Any], expected_version: int | None = None
) -> PaymentFile:
    """Change a file that is still drawn up; which papers are due follows from it. Raises Stale, Refused, NotNow."""
    require_role(by, Role.ACCOUNTANT)
    with transaction.atomic():
        _drafting(file)
        wanted = {**changes, "line": changes.get("line", file.line) or ""}
        apply_changes(
            by=by, subject=file, changes=wanted, allowed=EDITABLE, verb="payment_file.edit",
            expected_version=expected_version,
        )  # fmt: skip
        kind = LedgerEntryKind(file.kind)
        _check(kind, FundingSourceKind(file.source), file.amount_vnd)
        file.payment = payment_asked(file.task, kind=kind, is_last=file.is_last)
        file.save(update_fields=["payment"])
    return file


def attach_paper(
    *, by: Actor, file: PaymentFile, code: str, content: bytes, filename: str, title: str = "", number: str = "",
    on: date,
) -> Document:  # fmt: skip
    """Attach one paper of the checklist (its code), or another one with its own title; a second time is a revision."""
    _drafting(file)
    titles = {row.code: row.title for row in papers_due(request_of(file), paper_rules_of(file.task.rule_set, on=on))}
    if code and code not in titles:
        raise Refused("Hồ sơ này không cần giấy tờ đó. Chọn giấy tờ trong danh sách.", field="code")
    with transaction.atomic():
        known = documents_of_files([file]).filter(role=code).first() if code else None
        if known is None:
            return attach_document(
                by=by, subject=file, kind=DocumentKind.OTHER, title=titles.get(code, title), content=content,
                filename=filename, role=code, number=number,
            )  # fmt: skip
        return _revise(by, file, known, content, filename, number)


def reuse_paper(*, by: Actor, file: PaymentFile, code: str) -> Document:
    """Use again the paper that went with an earlier file of the task, such as the contract."""
    _drafting(file)
    known = known_papers(file).get(code)
    revision = known.revisions.order_by("-number").first() if known else None
    if known is None or revision is None:
        raise Refused("Các hồ sơ trước của nhiệm vụ chưa có giấy tờ này. Hãy tải tệp lên.", field="code")
    return attach_document(
        by=by, subject=file, kind=DocumentKind(known.kind), title=known.title, content=content_of(revision),
        filename=revision.filename, role=code, number=known.number,
    )  # fmt: skip


def send_file(*, by: Actor, file: PaymentFile, on: date, expected_version: int | None = None) -> PaymentFile:
    """Send the file to the Treasury; refused while papers that block are missing or the money may not be paid."""
    with transaction.atomic():
        rules = paper_rules_of(file.task.rule_set, on=on)
        trace = run(
            "treasury.checklist", parameters={}, rule_set=file.task.rule_set.code,
            inputs={"request": request_of(file), "rules": rules, "there": codes_there(file)},
        )  # fmt: skip
        titles = {row.code: row.title for row in rules}
        file.payment = payment_asked(file.task, kind=LedgerEntryKind(file.kind), is_last=file.is_last)
        file.checked, file.sent_on = trace.as_json(), on
        advance(
            by=by, subject=file, machine="payment_file", event="send", on=on, expected_version=expected_version,
            facts={
                "missing_papers": [titles[code] for code in trace.outcome["blocking"]],
                "money_breaches": sentences(_breaches(file, on)),
            },
        )  # fmt: skip
        ask(
            subject=file, on=on, roles=[Role.ACCOUNTANT],
            title=f"Ghi sổ hồ sơ {file.code} khi Kho bạc đã chi, hoặc nhận lại để bổ sung",
        )  # fmt: skip
        inform(
            subject=file, on=on, roles=[Role.FINANCE],
            title=f"Hồ sơ thanh toán {file.code} đã gửi Kho bạc Nhà nước",
        )  # fmt: skip
    return file


def take_back_file(*, by: Actor, file: PaymentFile, reason: str, on: date) -> PaymentFile:
    """Take a file back that the Treasury returned, to complete it."""
    with transaction.atomic():
        advance(by=by, subject=file, machine="payment_file", event="return", on=on, facts={}, note=reason.strip())
        settle(subject=file)
    return file


def enter_file(
    *, by: Actor, file: PaymentFile, document_number: str, on: date, expected_version: int | None = None
) -> LedgerEntry:
    """Enter in the ledger what the Treasury paid on a sent file."""
    with transaction.atomic():
        file.claim(expected_version)
        if file.state != PaymentFileState.SENT:
            raise NotNow("Chỉ ghi sổ hồ sơ đã gửi Kho bạc.")
        entry = enter(
            by=by, task=file.task, kind=LedgerEntryKind(file.kind), source=FundingSourceKind(file.source),
            year=file.year, amount_vnd=file.amount_vnd, on=on, document_number=document_number,
            key=f"file-{file.uid}", line=BudgetLineKind(file.line) if file.line else None,
            note=f"Hồ sơ {file.code}. {file.note}".strip(), equipment_note=file.equipment_note, is_last=file.is_last,
            has_file=True,
        )  # fmt: skip
        file.entry = entry
        advance(
            by=by, subject=file, machine="payment_file", event="enter", on=on, note=document_number,
            facts={"document_number": document_number},
        )  # fmt: skip
        settle(subject=file)
        inform(subject=file, on=on, roles=[Role.HOST], at=file.task.host, title=f"Kho bạc đã chi hồ sơ {file.code}")
    return entry


def drop_file(*, by: Actor, file: PaymentFile, reason: str, on: date) -> PaymentFile:
    """Give up a file that is not entered; its papers stay readable."""
    with transaction.atomic():
        advance(by=by, subject=file, machine="payment_file", event="drop", on=on, facts={}, note=reason.strip())
        settle(subject=file)
    return file


def _check(kind: LedgerEntryKind, source: FundingSourceKind, amount_vnd: int) -> None:
    if kind not in THROUGH_TREASURY:
        raise Refused("Chỉ lập hồ sơ cho tạm ứng, thanh toán tạm ứng và thanh toán.", field="kind")
    if source is FundingSourceKind.S4_COUNTERPART:
        raise Refused("Vốn ngoài ngân sách không chi qua Kho bạc nên không lập hồ sơ thanh toán.", field="source")
    if amount_vnd <= 0:
        raise Refused("Số tiền phải lớn hơn 0.", field="amount_vnd")


def _drafting(file: PaymentFile) -> None:
    if file.state != PaymentFileState.DRAFTING:
        raise NotNow("Hồ sơ đã gửi hoặc đã kết thúc nên không sửa được.")


def _breaches(file: PaymentFile, on: date) -> Any:
    return breaches_of(
        task=file.task, kind=LedgerEntryKind(file.kind), source=FundingSourceKind(file.source), year=file.year,
        amount_vnd=file.amount_vnd, on=on, equipment_note=file.equipment_note, is_last=file.is_last,
    )  # fmt: skip


def _revise(by: Actor, file: PaymentFile, known: Document, content: bytes, filename: str, number: str) -> Document:
    require_role(by, Role.ACCOUNTANT)
    checked = check_upload(content, filename)
    add_revision(
        by=by, document=known, content=content, filename=checked.display_name, media_type=checked.kind.media_type,
        reason=f"Thay giấy tờ trong hồ sơ {file.code}",
    )  # fmt: skip
    if number.strip():
        known.number = number.strip()
        known.save(update_fields=["number"])
    return known
