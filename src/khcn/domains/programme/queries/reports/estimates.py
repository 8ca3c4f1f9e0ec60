"""R9: next year's plan and estimate – tasks carried on, new ones by the mean of three years, this year's outcome."""

from datetime import date
from typing import Any

from khcn.domains.programme.choices import FundingSourceKind, LedgerEntryKind, ReportCode
from khcn.domains.programme.models import LedgerEntry, Order, Task
from khcn.domains.programme.queries.money import SIGNED
from khcn.domains.programme.queries.reports.scope import Scope, group_row, snapshot_of
from khcn.domains.programme.queries.uptake import LOST_STATES
from khcn.domains.programme.rules.reports import Column, Refs, Row, Snapshot, estimate_new_tasks, estimate_year
from khcn.domains.programme.rules.reports.estimate import MEAN_YEARS

SOURCES = tuple(FundingSourceKind)
BY_SOURCE = "Theo nguồn (đồng)"
COLUMNS = (
    Column("number", "STT", "count", weight=0.7),
    Column("item", "Nội dung", weight=3.2),
    Column("count", "Số nhiệm vụ", "count", weight=0.8),
    Column("mean", "Bình quân (đồng)", "vnd", weight=1.2),
    *(
        Column(source.value, source.value if len(source.value) == 2 else "Chưa xác định", "vnd", BY_SOURCE, 1.1)
        for source in SOURCES
    ),
    Column("total", "Tổng (đồng)", "vnd", weight=1.2),
)
Money = dict[str, int]


def next_year_report(scope: Scope) -> Snapshot:
    """R9 for the year after that of the figures.

    Carried on: money that approved estimates plan for the next year, task by task. New: the planned number (asked for
    in the run, else orders of next year's approved lists) × mean first-year state money of the tasks approved in the
    last three years; its source is not known yet. This year: paid in six months plus what the plan leaves.
    """
    year = scope.as_of.year
    carried = _carried(scope, year + 1)
    tasks = {task.pk: task for task in Task.objects.filter(pk__in=carried)}
    orders, planned = _planned(scope, year + 1)
    costs = _first_year_costs(scope, year)
    new = estimate_new_tasks(planned=planned, first_year_costs_vnd=list(costs.values()))
    this_year, first_half = _year_money(scope, year)
    outcome = estimate_year(planned_vnd=sum(this_year.values()), first_half_vnd=sum(first_half.values()))
    carried_sums: Money = {}
    rows = [group_row("carried", f"A. Nhiệm vụ chuyển tiếp sang năm {year + 1}")]
    ordered = sorted(carried, key=lambda pk: tasks[pk].code)
    for number, pk in enumerate(ordered, 1):
        task = tasks[pk]
        title = f"{task.code} {'' if task.is_secret else task.title}".strip()
        rows.append(_row(f"carried:{task.uid}", number, title, 1, None, carried[pk], subject="task"))
        for source, amount in carried[pk].items():
            carried_sums[source] = carried_sums.get(source, 0) + amount
    uids = tuple(str(tasks[pk].uid) for pk in ordered)
    rows.append(_row("sum:carried", None, "Cộng chuyển tiếp", len(ordered), None, carried_sums, kind="total",
                     refs={"count": Refs("task", uids)} if uids else {}))  # fmt: skip
    rows.append(group_row("new", f"B. Nhiệm vụ mở mới năm {year + 1}"))
    new_sums = {FundingSourceKind.UNDETERMINED.value: new.total_vnd or 0}
    refs = {"count": Refs("order", orders)} if orders and len(orders) == planned else {}
    rows.append(_row("new", None, "Số nhiệm vụ dự kiến × kinh phí bình quân", planned, new.mean_vnd, new_sums,
                     kind="total", refs=refs))  # fmt: skip
    rows.append(group_row("all", f"C. Dự toán năm {year + 1}"))
    total = {key: carried_sums.get(key, 0) + new_sums.get(key, 0) for key in {*carried_sums, *new_sums}}
    rows.append(_row("sum:all", None, "Tổng nhu cầu (A + B)", len(ordered) + planned, None, total, kind="total"))
    rows.append(group_row("this", f"D. Ước thực hiện năm {year}"))
    rows.append(_row("this:plan", None, "Kế hoạch năm", None, None, this_year))
    rows.append(_row("this:half", None, "Đã thanh toán 6 tháng đầu năm", None, None, first_half))
    second = {key: max(0, this_year.get(key, 0) - first_half.get(key, 0)) for key in {*this_year, *first_half}}
    rows.append(_row("this:second", None, "Ước 6 tháng cuối năm", None, None, second))
    expected = {key: first_half.get(key, 0) + second.get(key, 0) for key in second}
    rows.append(_row("this:all", None, "Ước cả năm", None, None, expected, kind="total"))
    return snapshot_of(
        scope, ReportCode.R9, COLUMNS, rows,
        figures={
            "year": year, "next_year": year + 1, "carried": len(ordered), "carried_vnd": sum(carried_sums.values()),
            "planned_new": planned, "mean_vnd": new.mean_vnd, "new_vnd": new.total_vnd,
            "total_vnd": sum(total.values()), "planned_vnd": outcome.planned_vnd,
            "first_half_vnd": outcome.first_half_vnd, "expected_vnd": sum(expected.values()),
        },
        notes=[
            f"Kinh phí bình quân = tổng ngân sách nhà nước năm đầu của {new.tasks} nhiệm vụ phê duyệt trong "
            f"{MEAN_YEARS} năm {year - MEAN_YEARS + 1}–{year} chia cho số nhiệm vụ đó; nguồn của nhiệm vụ mở mới xác "
            "định khi giao dự toán.",
            "Ước 6 tháng cuối năm = kế hoạch năm trừ số đã thanh toán 6 tháng đầu năm, không âm.",
        ],
        parameters={
            "planned_new": planned, "mean_years": MEAN_YEARS, "mean_tasks": new.tasks, "mean_sum_vnd": new.spent_vnd,
        },
    )  # fmt: skip


def _row(
    key: str, number: int | None, title: str, count: int | None, mean: int | None, money: Money, *, kind: str = "row",
    subject: str = "", refs: dict[str, Refs] | None = None,
) -> Row:  # fmt: skip
    amounts = tuple(money.get(source.value, 0) for source in SOURCES)
    return Row(key, (number, title, count, mean, *amounts, sum(amounts)), kind, subject, refs or {})


def _carried(scope: Scope, year: int) -> dict[int, Money]:
    """Money planned for a year by task and source, of tasks that still live."""
    entries = LedgerEntry.objects.filter(
        task__plan=scope.plan, task__approved_on__lte=scope.as_of, kind=LedgerEntryKind.PLAN, year=year,
        on__lte=scope.as_of,
    ).exclude(task__state__in=LOST_STATES)  # fmt: skip
    found: dict[int, Money] = {}
    for row in entries.values("task_id", "source").annotate(amount=SIGNED).order_by():
        if row["amount"]:
            found.setdefault(row["task_id"], {})[row["source"]] = row["amount"]
    return found


def _planned(scope: Scope, year: int) -> tuple[tuple[str, ...], int]:
    """Orders of next year's approved lists, and the number planned: as asked, else as many as the orders."""
    orders = Order.objects.filter(
        order_list__plan=scope.plan, order_list__year=year, order_list__approved_on__lte=scope.as_of,
        order_list__state__in=("approved", "published"),
    )  # fmt: skip
    uids = tuple(str(uid) for uid in orders.order_by("id").values_list("uid", flat=True))
    asked = scope.query.get("planned_new")
    return uids, int(asked) if asked not in (None, "") else len(uids)


def _first_year_costs(scope: Scope, year: int) -> dict[int, int]:
    """State money of the first budget year of each task approved in the last three years, by the task's key."""
    window = (date(year - MEAN_YEARS + 1, 1, 1), min(date(year, 12, 31), scope.as_of))
    entries = LedgerEntry.objects.filter(
        task__plan=scope.plan, task__approved_on__range=window, kind=LedgerEntryKind.PLAN, on__lte=scope.as_of
    ).exclude(source=FundingSourceKind.S4_COUNTERPART)
    sums: dict[int, dict[int, int]] = {}
    for row in entries.values("task_id", "year").annotate(amount=SIGNED).order_by("year"):
        if row["amount"]:
            sums.setdefault(row["task_id"], {})[row["year"]] = row["amount"]
    return {task_id: amounts[min(amounts)] for task_id, amounts in sums.items()}


def _year_money(scope: Scope, year: int) -> tuple[Money, Money]:
    """What a year's plan gives and what was paid in its first six months, by source."""
    entries = LedgerEntry.objects.filter(task__plan=scope.plan, year=year, on__lte=scope.as_of)
    plan = _by_source(entries.filter(kind=LedgerEntryKind.PLAN))
    paid = entries.filter(
        kind__in=(LedgerEntryKind.PAYMENT, LedgerEntryKind.CLEARANCE), on__range=(date(year, 1, 1), date(year, 6, 30))
    )
    return plan, _by_source(paid)


def _by_source(entries: Any) -> Money:
    return {row["source"]: row["amount"] or 0 for row in entries.values("source").annotate(amount=SIGNED).order_by()}
