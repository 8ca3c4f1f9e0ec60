"""The dashboard's charts, map and money table as values; each chart has its table, and a file of it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import FundingSourceKind
from khcn.domains.programme.queries.dashboard import Dashboard
from khcn.domains.programme.queries.funds import FundLine
from khcn.lib.labelled import gettext_noop
from khcn.web.charts import Chart, Marker, PlaceMap, Series, bars, lines

STATE_GROUPS = (
    ("draft", gettext_noop("Chưa thực hiện"), ("approved", "contracted")),
    ("active", gettext_noop("Đang thực hiện"), ("running", "paused")),
    ("warn", gettext_noop("Đang nghiệm thu"), ("dossier_due", "dossier_submitted", "in_acceptance")),
    ("done", gettext_noop("Đã nghiệm thu đạt"), ("accepted", "archived")),
    ("bad", gettext_noop("Không đạt, chấm dứt, hủy"), ("failed", "terminated", "cancelled")),
)


def stage_chart(board: Dashboard, download: str) -> Chart:
    """Products of each target: applied, and beyond that accepted, contracted, ordered; the bars stand on each other."""
    rows = [line for line in board.targets if line.stages is not None]
    tallies = [line.stages for line in rows if line.stages is not None]
    series = [
        Series(_("Đã ứng dụng"), [t.applied for t in tallies], "done", "stage"),
        Series(_("Đã nghiệm thu, chưa ứng dụng"), [t.accepted - t.applied for t in tallies], "active", "stage"),
        Series(_("Đã ký hợp đồng, chưa nghiệm thu"), [t.contracted - t.accepted for t in tallies], "waiting", "stage"),
        Series(_("Đã đặt hàng, chưa ký hợp đồng"), [t.ordered - t.contracted for t in tallies], "draft", "stage"),
    ]
    names = [line.target.indicator.code for line in rows]
    return bars(_("Sản phẩm theo giai đoạn của từng chỉ tiêu"), names, series, heading=_("Chỉ tiêu"), horizontal=True,
                unit=_("sản phẩm"), download=download)  # fmt: skip


def field_chart(board: Dashboard, download: str) -> Chart:
    """Tasks of each field by how far they are."""
    names = [line.field.title if line.field else _("Không thuộc lĩnh vực nào") for line in board.fields]
    series = [
        Series(_(title), [sum(line.states.get(state, 0) for state in states) for line in board.fields], tone, "state")
        for tone, title, states in STATE_GROUPS
    ]
    return bars(_("Nhiệm vụ theo lĩnh vực và trạng thái"), names, series, heading=_("Lĩnh vực"), horizontal=True,
                unit=_("nhiệm vụ"), download=download)  # fmt: skip


def money_chart(board: Dashboard, download: str) -> Chart:
    """Money of each year over all sources."""
    years = sorted({line.year for line in board.funds})

    def sums(read: Callable[[FundLine], int]) -> list[int]:
        return [sum(read(line) for line in board.funds if line.year == year) for year in years]

    series = [
        Series(_("Kế hoạch"), sums(lambda line: line.planned_vnd), "draft"),
        Series(_("Phân bổ"), sums(lambda line: line.ledger.allocated_vnd), "waiting"),
        Series(_("Tạm ứng"), sums(lambda line: line.ledger.advanced_vnd), "active"),
        Series(_("Đã thanh toán"), sums(lambda line: line.ledger.paid_vnd), "done"),
    ]
    return bars(_("Kinh phí theo năm"), [str(year) for year in years], series, heading=_("Năm"), unit="đồng",
                download=download)  # fmt: skip


def trend_chart(board: Dashboard, download: str) -> Chart:
    """Stored values of the targets over time, each in percent of its goal, so that they share one axis."""
    goals = {line.target.indicator.code: line.target.value for line in board.targets if line.target.value}
    points = {(point.code, point.as_of): point.value for point in board.trend if point.code in goals}
    days = sorted({day for _code, day in points})
    series = [
        Series(code, [_percent_of_goal(points.get((code, day)), goal) for day in days])
        for code, goal in goals.items()
        if any(code == measured for measured, _day in points)
    ]
    return lines(
        _("Mức đạt của các chỉ tiêu qua các lần đo"), [f"{day:%d/%m/%Y}" for day in days],
        series or [Series(_("Giá trị"), [])], heading=_("Ngày số liệu"), unit="%",
        note=_("Phần trăm so với mức của kế hoạch"), download=download,
    )  # fmt: skip


def _percent_of_goal(value: Decimal | None, goal: Decimal) -> float | None:
    return None if value is None else round(float(value * 100 / goal), 1)


CHARTS: dict[str, Callable[[Dashboard, str], Chart]] = {
    "giai-doan": stage_chart,
    "linh-vuc": field_chart,
    "kinh-phi": money_chart,
    "qua-thoi-gian": trend_chart,
}


def place_map(board: Dashboard) -> PlaceMap:
    """Where results are used, with the number of uses and of confirmed ones; each place leads to its products."""
    base = f"{reverse('application_map')}?plan={board.plan.uid}&place="
    markers = [
        Marker(place.name, place.longitude, place.latitude, (place.uses, place.confirmed),
               "done" if place.confirmed else "waiting", f"{base}{place.uid}")
        for place in board.places
    ]  # fmt: skip
    return PlaceMap(_("Nơi ứng dụng kết quả"), markers, headings=[_("Lượt ứng dụng"), _("Đã xác nhận")])


def fund_table(board: Dashboard) -> list[dict[str, Any]]:
    """Money by source with its years, and the sum of each source."""
    table = []
    for source in FundingSourceKind:
        rows = [line for line in board.funds if line.source == source]
        if rows:
            table.append({"source": source, "lines": rows, "sum": _sum(rows)})
    return table


def _sum(rows: list[FundLine]) -> dict[str, int]:
    return {
        "planned": sum(line.planned_vnd for line in rows),
        "granted": sum(line.granted_vnd for line in rows),
        "allocated": sum(line.ledger.allocated_vnd for line in rows),
        "advanced": sum(line.ledger.advanced_vnd for line in rows),
        "paid": sum(line.ledger.paid_vnd for line in rows),
        "gap": sum(line.missing_vnd for line in rows),
    }
