"""Reads payment files: the papers that go with one, which of them are there, and what a list shows of each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from khcn.domains.programme.choices import (
    FundingSourceKind,
    LedgerEntryKind,
    PaperCondition,
    PaperKeeper,
    PaperNeed,
    PaymentFileState,
    TreasuryPayment,
)
from khcn.domains.programme.models import LedgerEntry, PaymentFile, RuleSet, Task, TreasuryPaper
from khcn.domains.programme.queries.law import lineage
from khcn.domains.programme.queries.money import total_of
from khcn.domains.programme.rules.money import PaperLine, PaperRule, TreasuryRequest, checklist, treasury_payment
from khcn.domains.programme.rules.plain_values import restore
from khcn.kernel.documents.models import Document, Revision

FILE_TYPE = PaymentFile._meta.label_lower


@dataclass(frozen=True, slots=True)
class PaperShown:
    """One paper of a file as the checklist shows it.

    revision: the file that is there, None when it is missing. known: a paper of the same kind that went with an earlier
    file of the task and may be used again.
    """

    line: PaperLine
    document: Document | None
    revision: Revision | None
    known: Document | None


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file with its checklist and the documents that no rule asks for."""

    file: PaymentFile
    papers: tuple[PaperShown, ...]
    others: tuple[Document, ...]

    @property
    def blocking(self) -> tuple[PaperShown, ...]:
        """Papers without which the file may not be sent."""
        return tuple(row for row in self.papers if row.line.blocks)

    @property
    def warning(self) -> tuple[PaperShown, ...]:
        """Papers that are missing, though the file may be sent."""
        return tuple(row for row in self.papers if row.line.warns)


@dataclass(frozen=True, slots=True)
class FileTally:
    """How many papers of a file are due, and how many are missing that block and that warn."""

    file: PaymentFile
    due: int
    blocking: int
    warning: int


def paper_rules_of(rule_set: RuleSet, *, on: date) -> list[PaperRule]:
    """The papers in force on the day; a nearer set of the lineage replaces the same row of the one it follows."""
    found: dict[tuple[str, ...], PaperRule] = {}
    for source in reversed(lineage(rule_set)):
        for row in TreasuryPaper.objects.valid_on(on).filter(rule_set=source).order_by("id"):
            found[row.payment, row.code, row.line, row.source, row.condition] = _as_rule(row)
    return list(found.values())


def request_of(file: PaymentFile) -> TreasuryRequest:
    """The payment as the rule takes it."""
    return TreasuryRequest(
        payment=TreasuryPayment(file.payment), source=FundingSourceKind(file.source), amount_vnd=file.amount_vnd,
        line=file.line, has_tender=file.has_tender, has_equipment_note=bool(file.equipment_note.strip()),
    )  # fmt: skip


def payment_asked(task: Task, *, kind: LedgerEntryKind, is_last: bool) -> TreasuryPayment:
    """What an entry of this kind asks of the Treasury, by what was advanced before."""
    advanced = total_of(LedgerEntry.objects.filter(task=task), LedgerEntryKind.ADVANCE)
    return treasury_payment(kind, has_advances=advanced > 0, is_last=is_last)


def rules_for(file: PaymentFile, *, on: date) -> list[PaperRule]:
    """The rows that hold for a file: those that it was sent under, or those of the day while it is drawn up."""
    kept = (file.checked or {}).get("inputs", {}).get("rules")
    if kept and file.state in (PaymentFileState.SENT, PaymentFileState.ENTERED):
        return [restore(PaperRule, row) for row in kept]
    return paper_rules_of(file.task.rule_set, on=on)


def shown_file(file: PaymentFile, *, on: date) -> FileShown:
    """The file's checklist with the documents behind it; a fixed number of queries."""
    documents = list(documents_of_files([file]))
    by_code = {document.role: document for document in reversed(documents) if document.role}
    earlier = known_papers(file) if file.state == PaymentFileState.DRAFTING else {}
    lines = checklist(request_of(file), rules_for(file, on=on), there=by_code.keys())
    papers = tuple(_paper(line, by_code.get(line.rule.code), earlier.get(line.rule.code)) for line in lines)
    due = {line.rule.code for line in lines}
    return FileShown(file, papers, tuple(document for document in documents if document.role not in due))


def known_papers(file: PaymentFile) -> dict[str, Document]:
    """By code, the newest paper that went with another file of the same task."""
    others = PaymentFile.objects.filter(task=file.task_id).exclude(pk=file.pk).values("uid")
    found = Document.objects.filter(subject_type=FILE_TYPE, subject_uid__in=others).exclude(role="")
    return {document.role: document for document in found.order_by("id")}


def tallies(files: Iterable[PaymentFile], *, on: date) -> list[FileTally]:
    """What a list shows of each file; queries depend on the rule sets on the page, not on the files."""
    rows = list(files)
    there: dict[UUID | None, set[str]] = {}
    found_papers = Document.objects.filter(subject_type=FILE_TYPE, subject_uid__in=[file.uid for file in rows])
    for uid, role in found_papers.order_by().values_list("subject_uid", "role"):
        there.setdefault(uid, set()).add(role)
    rules: dict[int, list[PaperRule]] = {}
    found = []
    for file in rows:
        known = rules.get(file.task.rule_set_id)
        if known is None:
            known = rules[file.task.rule_set_id] = paper_rules_of(file.task.rule_set, on=on)
        held = known if file.state == PaymentFileState.DRAFTING else rules_for(file, on=on)
        lines = checklist(request_of(file), held, there=there.get(file.uid, set()))
        found.append(FileTally(file, len(lines), sum(line.blocks for line in lines), sum(line.warns for line in lines)))
    return found


def documents_of_files(files: Collection[PaymentFile]) -> QuerySet[Document]:
    """Documents of the files, newest first, with their revisions."""
    uids = [file.uid for file in files]
    return Document.objects.filter(subject_type=FILE_TYPE, subject_uid__in=uids).prefetch_related("revisions__file")


def codes_there(file: PaymentFile) -> set[str]:
    """Codes of the papers that the file has."""
    return set(documents_of_files([file]).exclude(role="").values_list("role", flat=True))


def _paper(line: PaperLine, document: Document | None, known: Document | None) -> PaperShown:
    revisions: list[Any] = list(document.revisions.all()) if document else []
    return PaperShown(line, document, revisions[0] if revisions else None, known if document is None else None)


def _as_rule(row: TreasuryPaper) -> PaperRule:
    typed: Mapping[str, Any] = {
        "payment": TreasuryPayment(row.payment), "need": PaperNeed(row.need), "keeper": PaperKeeper(row.keeper),
        "condition": PaperCondition(row.condition),
    }  # fmt: skip
    return PaperRule(
        code=row.code, title=row.title, line=row.line, source=row.source, over_vnd=row.over_vnd,
        up_to_vnd=row.up_to_vnd, copy=row.copy, citation=row.citation, status=row.status, note=row.note, **typed,
    )  # fmt: skip
