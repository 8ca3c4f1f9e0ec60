"""Signs contracts and annexes: money and dates fixed, classification locked, report obligations born."""

from datetime import date
from fractions import Fraction

from django.db import transaction
from django.db.models import Sum

from khcn.domains.programme.choices import ObligationKind, TaskState
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import ChangeRequest, Contract, ContractAnnex, Counterpart, ReportObligation, Task
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.queries.lump_mode import estimate_findings
from khcn.domains.programme.rules.progress import progress_obligations
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused


def sign_contract(
    *,
    by: Actor,
    task: Task,
    number: str,
    signed_on: date,
    start_on: date,
    end_on: date,
    signed_by_both: bool,
    manager: Organisation | None = None,
    expected_version: int | None = None,
) -> Contract:
    """Sign the contract of an approved task.

    Locks type, purpose and sector of every product and writes the half-yearly report obligations. Refuses when the
    counterpart promised is not proven, when the task owes no product, or when its approved estimate does not meet the
    conditions of lumping to the final product.
    """
    if not number.strip():
        raise Refused("Ghi số hợp đồng.", field="number")
    if start_on > end_on:
        raise Refused("Ngày kết thúc phải sau ngày bắt đầu.", field="end_on")
    if Contract.objects.filter(number=number.strip()).exists():
        raise Refused(f"Số hợp đồng {number.strip()} đã có. Kiểm tra lại sổ hợp đồng.", field="number")
    if not task.products.exists():
        raise Refused("Nhiệm vụ chưa có sản phẩm nào; khai sản phẩm trước khi ký hợp đồng.")
    approved = task.budgets.exclude(approved_on=None).order_by("-number").first()
    if approved is not None and (wrong := estimate_findings(approved, on=signed_on)):
        told = " ".join(f"{item.text} ({item.citation})" for item in wrong)
        raise Refused(f"Dự toán chưa đúng điều kiện khoán chi đến sản phẩm cuối cùng. {told}")
    proven = Counterpart.objects.filter(task=task, state="proven").aggregate(total=Sum("amount_vnd"))["total"] or 0
    with transaction.atomic():
        contract = Contract.objects.create(
            task=task, number=number.strip(), signed_on=signed_on, start_on=start_on, end_on=end_on,
            state_vnd=task.state_vnd, counterpart_vnd=task.counterpart_vnd, manager=manager,
            first_advance_cap_vnd=_first_advance_cap(task, on=signed_on),
        )  # fmt: skip
        task.start_on, task.end_on, task.original_end_on = start_on, end_on, end_on
        advance(
            by=by, subject=task, machine="task", event="sign_contract", on=signed_on,
            note=f"Hợp đồng {contract.number}",
            facts={"both_parties_signed": signed_by_both, "counterpart_proven": proven >= task.counterpart_vnd},
            expected_version=expected_version,
        )  # fmt: skip
        task.products.filter(locked_on=None).update(locked_on=signed_on)
        schedule_reports(task=task, on=signed_on)
        record(by=by, verb="contract.sign", subject=contract, after={"number": contract.number, "end_on": end_on})
    return contract


def _first_advance_cap(task: Task, *, on: date) -> int:
    share = parameters_of(task.rule_set, on=on, keys=("advance.first_share_max",))["advance.first_share_max"]
    return int(Fraction(str(share)) * task.state_vnd)


def schedule_reports(*, task: Task, on: date) -> int:
    """Write the progress reports that the contract's time demands and that are not there yet; returns how many."""
    if task.start_on is None or task.end_on is None:
        raise NotNow("Nhiệm vụ chưa có thời gian thực hiện.")
    months = int(parameters_of(task.rule_set, on=on, keys=("report.interval_months",))["report.interval_months"])
    known = set(task.obligations.filter(kind=ObligationKind.PROGRESS).values_list("period_to", flat=True))
    owed = progress_obligations(effective_on=task.start_on, ends_on=task.end_on, interval_months=months)
    rows = [
        ReportObligation(
            task=task, kind=ObligationKind.PROGRESS, period_from=item.covers_from, period_to=item.due_on,
            due_on=item.due_on,
        )
        for item in owed
        if item.due_on not in known
    ]  # fmt: skip
    ReportObligation.objects.bulk_create(rows)
    return len(rows)


def start_task(*, by: Actor, task: Task, on: date) -> Task:
    """Begin the work of a contracted task."""
    advance(by=by, subject=task, machine="task", event="start", on=on, facts={})
    return task


def sign_annex(
    *, by: Actor, contract: Contract, number: str, signed_on: date, summary: str, change: ChangeRequest | None = None
) -> ContractAnnex:
    """Sign an annex; the change that it carries, when there is one, ends annexed."""
    if not contract.is_live:
        raise NotNow("Hợp đồng đã thanh lý, không ký thêm phụ lục.")
    if contract.annexes.filter(number=number.strip()).exists():
        raise Refused(f"Phụ lục số {number.strip()} đã có.", field="number")
    with transaction.atomic():
        annex = ContractAnnex.objects.create(
            contract=contract, number=number.strip(), signed_on=signed_on, summary=summary, change=change
        )
        if change is not None:
            advance(
                by=by, subject=change, machine="change_request", event="annex", on=signed_on,
                facts={"annex_number": annex.number}, note=summary,
            )  # fmt: skip
        record(by=by, verb="contract.annex", subject=annex, after={"number": annex.number, "summary": summary})
    return annex


def end_terms(*, by: Actor, on: date) -> int:
    """Move running tasks whose term has ended to waiting for their acceptance dossier; a daily job."""
    ended = Task.objects.filter(state=TaskState.RUNNING, end_on__lt=on)
    for task in ended:
        advance(
            by=by, subject=task, machine="task", event="end_term", on=on, facts={"ends_on": task.end_on}, automatic=True
        )
    return len(ended)
