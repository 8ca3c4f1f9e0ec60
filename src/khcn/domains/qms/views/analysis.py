"""Analysis of an agency's year: Pareto, bottlenecks, months; each table also as a file."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.domains.qms.queries.analysis import (
    GROUPS,
    bottlenecks,
    closing_of,
    faults_by,
    mean_days,
    months_of,
    returns_by_step,
    steps_of,
)
from khcn.domains.qms.rules.pareto import Bar
from khcn.domains.qms.views.standing import required_system, year_of
from khcn.web.acting import actor_of
from khcn.web.charts import Chart, Series, bars, lines
from khcn.web.listing import Export
from khcn.web.screens import page, screen
from khcn.web.spreadsheets.writing import CellKind, Column

BY = {
    "nguon": gettext_lazy("Nguồn"), "dieu": gettext_lazy("Điều khoản"), "quy_trinh": gettext_lazy("Quy trình"),
    "bo_phan": gettext_lazy("Bộ phận"),
}  # fmt: skip
_COUNTS = (
    Column("Số lượng", CellKind.INTEGER), Column("Tỷ lệ (%)", CellKind.INTEGER), Column("Lũy kế (%)", CellKind.INTEGER),
)  # fmt: skip
PARETO = Export(
    name="phan-tich-khong-phu-hop", title="PHÂN TÍCH SỰ KHÔNG PHÙ HỢP", columns=[Column("Nhóm", width=50), *_COUNTS],
    row=lambda bar: (bar.label, bar.count, bar.share, bar.cumulative),
)  # fmt: skip
RETURNS = replace(PARETO, name="phan-tich-tra-lai", title="PHÂN TÍCH LƯỢT TRẢ LẠI THEO BƯỚC")
STEPS = Export(
    name="diem-nghen", title="ĐIỂM NGHẼN THEO BƯỚC",
    columns=[
        Column("Quy trình"), Column("Bước", width=50), Column("Đã xong", CellKind.INTEGER),
        Column("Trễ", CellKind.INTEGER), Column("Đang quá hạn", CellKind.INTEGER), Column("Trung bình (ngày)"),
    ],
    row=lambda step: (
        step.procedure_code, step.name, step.done, step.done - step.in_time, step.open_late, mean_days(step),
    ),
)  # fmt: skip
MONTHS = Export(
    name="xu-huong", title="XU HƯỚNG THEO THÁNG",
    columns=[
        Column("Tháng"), Column("Phát hiện", CellKind.INTEGER), Column("Đã đóng", CellKind.INTEGER),
        Column("Bước đã xong", CellKind.INTEGER), Column("Bước trễ", CellKind.INTEGER),
    ],
    row=lambda row: (f"{row.first:%m/%Y}", row.found, row.closed, row.steps, row.late),
)  # fmt: skip


@screen(methods=("GET", "HEAD"))
def analysis(request: HttpRequest) -> HttpResponseBase:
    """What goes wrong most in an agency, where time is lost, and how the months of the year compare."""
    actor, system = actor_of(request), required_system(request)
    year, now = year_of(request, actor.on.year), timezone.now()
    key = request.GET.get("theo", "")
    key = key if key in GROUPS else "quy_trinh"
    faults, steps = faults_by(system, year, key), steps_of(system, year, now=now)
    returns, months = returns_by_step(steps), months_of(system, year, on=actor.on)
    tables: dict[str, tuple[Export, list[Any]]] = {
        "khong-phu-hop": (PARETO, faults), "tra-lai": (RETURNS, returns), "diem-nghen": (STEPS, bottlenecks(steps)),
        "thang": (MONTHS, months),
    }  # fmt: skip
    export, rows = tables.get(request.GET.get("bang", ""), tables["khong-phu-hop"])
    if export.asked_for(request):
        return export.respond(request, rows)
    here = f"?co_quan={system.uid}&nam={year}&theo={key}&"
    context = {
        "system": system, "year": year, "years": range(actor.on.year - 4, actor.on.year + 1), "key": key, "groups": BY,
        "faults": faults, "returns": returns, "closing": closing_of(system, year),
        "total": sum(bar.count for bar in faults), "slow_file": f"{here}bang=diem-nghen&",
        "fault_chart": _pareto_chart(_("Sự không phù hợp"), faults, BY[key], f"{here}bang=khong-phu-hop&"),
        "return_chart": _pareto_chart(_("Lượt trả lại theo bước"), returns, _("Bước"), f"{here}bang=tra-lai&"),
        "slow": [(step, step.done - step.in_time, mean_days(step)) for step in bottlenecks(steps)],
        "month_chart": lines(
            _("Theo tháng"), [f"{row.first:%m/%Y}" for row in months],
            [
                Series(_("Phát hiện"), [row.found for row in months], "warn"),
                Series(_("Đã đóng"), [row.closed for row in months], "done"),
                Series(_("Bước trễ (%)"), [row.late_percent for row in months], "bad"),
            ],
            heading=_("Tháng"), download=f"{here}bang=thang&",
        ),
    }  # fmt: skip
    return page(request, "qms/systems/analysis.html", context)


def _pareto_chart(title: str, found: list[Bar], heading: Any, download: str) -> Chart | None:
    """Bars in order; the table under it also tells the shares."""
    if not found:
        return None
    drawn = bars(
        title, [bar.label for bar in found[:12]], [Series(_("Số lượng"), [bar.count for bar in found[:12]])],
        heading=str(heading), horizontal=True, download=download,
    )  # fmt: skip
    columns = [str(heading), _("Số lượng"), _("Tỷ lệ (%)"), _("Lũy kế (%)")]
    return replace(
        drawn, columns=columns, rows=[[bar.label, bar.count, bar.share, bar.cumulative] for bar in found]
    )  # fmt: skip
