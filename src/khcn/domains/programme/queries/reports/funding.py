"""R3: money by source and year in the nine columns of a finance officer, with the gap against the plan's total."""

from collections.abc import Iterable
from typing import Any

from khcn.domains.programme.choices import FundingSourceKind, ReportCode
from khcn.domains.programme.queries.funds import FundLine, counterpart_steps, fund_lines, plan_money
from khcn.domains.programme.queries.reports.scope import Scope, group_row, snapshot_of
from khcn.domains.programme.rules.reports import Column, Refs, Row, Snapshot
from khcn.domains.programme.rules.reports.snapshot import percent_of

_CARRIED = "Chuyển nguồn"
COLUMNS = (
    Column("source", "Nguồn/năm", weight=2),
    Column("planned", "Kế hoạch", "vnd", weight=1.2),
    Column("granted", "Dự toán giao", "vnd", weight=1.2),
    Column("allocated", "Phân bổ", "vnd", weight=1.2),
    Column("advanced", "Tạm ứng", "vnd", weight=1.2),
    Column("paid", "Đã thanh toán", "vnd", weight=1.2),
    Column("uncleared", "Dư tạm ứng", "vnd", weight=1.2),
    Column("carried_in", "Nhận năm trước", "vnd", _CARRIED, 1.1),
    Column("carried_out", "Sang năm sau", "vnd", _CARRIED, 1.1),
    Column("recovered", "Thu hồi", "vnd", weight=1.1),
    Column("settled", "Quyết toán", "vnd", weight=1.2),
    Column("share", "% kế hoạch", "percent", weight=1),
)
#: Which rows of the ledger stand behind a column.
KINDS = {
    "allocated": ("allocation",),
    "advanced": ("advance",),
    "paid": ("payment", "clearance"),
    "carried_in": ("carry_over_in",),
    "carried_out": ("carry_over_out",),
    "recovered": ("recovery",),
    "settled": ("settlement",),
}


def funding_report(scope: Scope) -> Snapshot:
    """R3: one row per source and year, sums per source and for the plan, and the part without a source."""
    lines = fund_lines(scope.plan, on=scope.as_of)
    money = plan_money(scope.plan, lines)
    steps = counterpart_steps(scope.plan, on=scope.as_of)
    rows = []
    for source in FundingSourceKind:
        of_source = [line for line in lines if line.source == source]
        if not of_source:
            continue
        rows.append(group_row(source.value, f"{source.value if len(source.value) == 2 else '–'}. {source.label}"))
        rows += [
            _row(scope, f"{source.value}:{line.year}", f"Năm {line.year}", [line], source.value, line.year)
            for line in of_source
        ]
        rows.append(_row(scope, f"sum:{source.value}", "Cộng lũy kế", of_source, source.value, None, kind="total"))
    rows.append(_row(scope, "sum:all", "Tổng cộng", lines, "", None, kind="total"))
    sums = _sums(lines)
    blank: list[Any] = [None] * len(COLUMNS)
    blank[0], blank[1] = "Chưa xác định nguồn so với tổng kinh phí của Kế hoạch", money.gap_vnd
    rows.append(Row("gap", tuple(blank), "total"))
    return snapshot_of(
        scope, ReportCode.R3, COLUMNS, rows,
        figures={
            "planned_vnd": sums["planned"], "granted_vnd": sums["granted"], "allocated_vnd": sums["allocated"],
            "paid_vnd": sums["paid"], "uncleared_vnd": sums["uncleared"],
            "paid_share": percent_of(sums["paid"], sums["planned"]), "gap_vnd": money.gap_vnd,
            "total_vnd": money.total_vnd, "funded_vnd": money.funded_vnd, "pledged_vnd": steps.pledged_vnd,
            "proven_vnd": steps.proven_vnd, "spent_vnd": steps.spent_vnd,
        },
        notes=[
            "Kế hoạch và dự toán giao lấy theo khung kinh phí của Kế hoạch; nguồn, năm chưa có khung thì lấy theo sổ "
            "kinh phí của các nhiệm vụ. Các bút toán đảo đã được trừ.",
            "Chưa xác định nguồn = tổng kinh phí của Kế hoạch trừ kinh phí nhiệm vụ đã phê duyệt có nguồn.",
        ],
    )  # fmt: skip


def _sums(lines: Iterable[FundLine]) -> dict[str, int]:
    total = dict.fromkeys((column.key for column in COLUMNS[1:-1]), 0)
    for line in lines:
        ledger = line.ledger
        for key, value in (
            ("planned", line.planned_vnd), ("granted", line.granted_vnd), ("allocated", ledger.allocated_vnd),
            ("advanced", ledger.advanced_vnd), ("paid", ledger.paid_vnd), ("uncleared", ledger.uncleared_vnd),
            ("carried_in", ledger.carried_in_vnd), ("carried_out", ledger.carried_out_vnd),
            ("recovered", ledger.recovered_vnd), ("settled", ledger.settled_vnd),
        ):  # fmt: skip
            total[key] += value
    return total


def _row(
    scope: Scope, key: str, title: str, lines: list[FundLine], source: str, year: int | None, kind: str = "row"
) -> Row:
    sums = _sums(lines)
    refs = {}
    for column, kinds in KINDS.items():
        if not sums[column]:
            continue
        query: dict[str, Any] = {"kinds": list(kinds), "until": scope.as_of}
        if source:
            query["source"] = source
        if year is not None:
            query["year"] = year
        refs[column] = Refs("ledger", query=query)
    cells = (title, *(sums[column.key] for column in COLUMNS[1:-1]), percent_of(sums["paid"], sums["planned"]))
    return Row(key, cells, kind, refs=refs)
