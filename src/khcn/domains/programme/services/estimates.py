"""Draws up and approves the estimate of a task: lines held against the norms, then the plan column of the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from khcn.domains.programme.choices import BudgetLineKind, EstimateBasis, FundingSourceKind, LedgerEntryKind
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import BudgetLine, BudgetVersion, LedgerEntry, Task
from khcn.domains.programme.queries.lump_mode import estimate_findings
from khcn.domains.programme.queries.norms import findings_of_budget
from khcn.domains.programme.rules.dossier_contents import checked_reckoning
from khcn.domains.programme.rules.estimates import stopping
from khcn.domains.programme.rules.findings import Finding
from khcn.domains.programme.rules.money import approved_total_breaches
from khcn.domains.programme.services.money import refuse, write_entry
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused, Stale
from khcn.lib.money import format_vnd
from khcn.lib.roles import Role


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One line of an estimate before it is stored. amount_vnd in đồng; reckoning: what the basis asks for."""

    kind: BudgetLineKind
    source: FundingSourceKind
    year: int
    amount_vnd: int
    is_lump: bool = False
    note: str = ""
    justification: str = ""
    basis: EstimateBasis = EstimateBasis.OTHER
    reckoning: Mapping[str, Any] = field(default_factory=dict)


def draft_budget(
    *, by: Actor, task: Task, lines: Sequence[LineDraft], on: date, reason: str = "", expected_number: int | None = None
) -> BudgetVersion:
    """Draw up the next version of a task's estimate and hold it against the norms of the day.

    What it exceeds is kept with it, line by line, and shown; a version that exceeds a norm cannot be approved before
    it is mended or, where the law lets one, explained. expected_number: of the version that the lines were drawn from;
    Stale when somebody else drew up another one meanwhile.
    """
    require_role(by, Role.SPECIALIST, Role.ACCOUNTANT, Role.APPRAISER, Role.HEAD)
    if not lines:
        raise Refused("Dự toán chưa có dòng nào.")
    for number, line in enumerate(lines, 1):
        if line.amount_vnd <= 0:
            raise Refused(f"Dòng {number}: số tiền phải lớn hơn 0.", field=f"lines/{number}/amount_vnd")
    reckonings = [_reckoning(number, line) for number, line in enumerate(lines, 1)]
    with transaction.atomic():
        task.claim(None)
        last = task.budgets.order_by("-number").values_list("number", flat=True).first() or 0
        if expected_number is not None and last != expected_number:
            raise Stale(
                "Người khác vừa lập dự toán mới của nhiệm vụ này. Xem phần khác nhau rồi lập lại.",
                difference=_differences(task, last, lines),
            )
        budget = BudgetVersion.objects.create(task=task, number=last + 1, reason=reason, created_by_id=by.user_id)
        BudgetLine.objects.bulk_create(
            BudgetLine(
                budget=budget, kind=line.kind, source=line.source, year=line.year, amount_vnd=line.amount_vnd,
                is_lump=line.is_lump, note=line.note[:300], justification=line.justification[:500],
                basis=line.basis, reckoning=reckoning,
            )
            for line, reckoning in zip(lines, reckonings, strict=True)
        )  # fmt: skip
        found = [item.as_json() for item in findings_of_budget(budget, on=on)]
        budget.norm_breaches = [{**item, "by": by.name, "on": on.isoformat()} for item in found]
        budget.save(update_fields=["norm_breaches"])
        record(
            by=by, verb="budget.draft", subject=budget,
            after={"total": sum(line.amount_vnd for line in lines), "norm_breaches": found},
        )  # fmt: skip
    return budget


def _differences(task: Task, number: int, lines: Sequence[LineDraft]) -> list[tuple[str, str, str]]:
    """(label, stored now, yours) of each kind, source and year whose sum differs between the two estimates."""
    sums: dict[tuple[str, str, int], list[int]] = {}
    theirs = BudgetLine.objects.filter(budget__task=task, budget__number=number)
    pairs: list[tuple[int, BudgetLine | LineDraft]] = [*((0, row) for row in theirs), *((1, row) for row in lines)]
    for side, row in pairs:
        sums.setdefault((str(row.kind), str(row.source), row.year), [0, 0])[side] += row.amount_vnd
    return [
        (f"{BudgetLineKind(kind).label} · {source} · {year}", format_vnd(stored), format_vnd(mine))
        for (kind, source, year), (stored, mine) in sorted(sums.items())
        if stored != mine
    ]


def _reckoning(number: int, line: LineDraft) -> dict[str, Any]:
    kept, problems = checked_reckoning({"basis": line.basis, "kind": line.kind, **line.reckoning})
    if problems:
        name, text = problems[0]
        raise Refused(f"Dòng {number}: {text}", field=f"lines/{number}/{name}")
    kept.pop("basis")
    return kept


def approve_budget(*, by: Actor, budget: BudgetVersion, decision_number: str, on: date) -> BudgetVersion:
    """Approve an estimate: its lines must sum to the state money of the task; the plan column of the ledger follows."""
    require_role(by, Role.LEADER, Role.DIRECTOR)
    if budget.approved_on is not None:
        raise NotNow("Dự toán này đã được duyệt.")
    if not decision_number.strip():
        raise Refused("Ghi số quyết định phê duyệt dự toán.", field="decision_number")
    wrong = stopping(findings_of_budget(budget, on=on))
    if wrong:
        refuse(tuple(Finding(item.norm, item.text, item.citation) for item in wrong))
    task = budget.task
    state_lines = budget.lines.exclude(source=FundingSourceKind.S4_COUNTERPART)
    by_year: dict[int, int] = {}
    for line in state_lines:
        by_year[line.year] = by_year.get(line.year, 0) + line.amount_vnd
    refuse(approved_total_breaches(approved_vnd=task.state_vnd, lines_vnd=by_year))
    refuse(estimate_findings(budget, on=on))
    with transaction.atomic():
        budget.approved_on, budget.decision_number = on, decision_number.strip()
        budget.save()
        write_plan(by=by, budget=budget)
        record(by=by, verb="budget.approve", subject=budget, after={"decision": decision_number, "on": on})
    return budget


def write_plan(*, by: Actor, budget: BudgetVersion) -> None:
    """Enter an approved estimate into the ledger's plan column, per source and year; the former one is reversed."""
    task, on = budget.task, budget.approved_on
    if on is None:
        raise NotNow("Dự toán chưa được duyệt.")
    with transaction.atomic():
        for old in LedgerEntry.objects.filter(task=task, kind=LedgerEntryKind.PLAN, reverses=None, reversed_by=None):
            write_entry(
                by=by, task=task, kind=LedgerEntryKind.PLAN, source=old.source, year=old.year, amount=old.amount_vnd,
                on=on, document_number=budget.decision_number, note="Thay bằng dự toán mới", reverses=old,
                key=f"{old.key}-dao",
            )  # fmt: skip
        totals: dict[tuple[str, int], int] = {}
        for line in budget.lines.all():
            totals[line.source, line.year] = totals.get((line.source, line.year), 0) + line.amount_vnd
        for (source, year), amount in sorted(totals.items()):
            write_entry(
                by=by, task=task, kind=LedgerEntryKind.PLAN, source=source, year=year, amount=amount, on=on,
                document_number=budget.decision_number, note=f"Dự toán lần {budget.number}",
                key=f"plan-{budget.uid}-{source}-{year}",
            )  # fmt: skip
