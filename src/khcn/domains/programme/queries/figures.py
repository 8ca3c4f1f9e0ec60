"""From a figure to the very rows it counted: resolves uids to records with their pages, and rows of the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from khcn.domains.programme.models import (
    Assignment,
    Inspection,
    IpRight,
    Issue,
    LedgerEntry,
    Order,
    Plan,
    Product,
    Task,
)
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.queries.targets import AGENCIES, PRODUCTS, TASKS, question_of
from khcn.kernel.indicators.models import Indicator, Target
from khcn.kernel.indicators.queries import Measurement, ask
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.models import Clock
from khcn.lib.labelled import gettext_noop

SUBJECTS = {
    PRODUCTS: "product", TASKS: "task", AGENCIES: "organisation", "programme.steps": "clock",
    "programme.difficulties": "issue",
}  # fmt: skip
STAGE_TITLES = {
    "counted": gettext_noop("Được tính"),
    "ordered": gettext_noop("Đã đặt hàng"),
    "contracted": gettext_noop("Đã ký hợp đồng"),
    "accepted": gettext_noop("Đã nghiệm thu đạt"),
    "applied": gettext_noop("Đã ứng dụng"),
    "denominator": gettext_noop("Mẫu số"),
    "matured": gettext_noop("Đã ứng dụng, đã qua thời gian chờ"),
    "matured_of": gettext_noop("Mẫu số, đã qua thời gian chờ"),
    "frozen": gettext_noop("Đạt, danh sách cố định tại ngày gốc"),
    "frozen_of": gettext_noop("Danh sách cố định tại ngày gốc"),
    "as_of": gettext_noop("Đạt, danh sách tại ngày báo cáo"),
    "as_of_of": gettext_noop("Danh sách tại ngày báo cáo"),
    "successor_mapped": gettext_noop("Đạt, quy đổi sang cơ quan kế thừa"),
    "successor_mapped_of": gettext_noop("Danh sách quy đổi sang cơ quan kế thừa"),
    "open_too_long": gettext_noop("Mở quá lâu"),
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row behind a figure: its page is empty when it has none; reason: why it was not counted."""

    uid: str
    code: str
    title: str
    detail: str = ""
    address: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure's rows, and those that a reader might expect to be counted but were not, with the reasons."""

    title: str
    counted: list[FigureRow]
    excluded: list[FigureRow]


def figure_of(plan: Plan, indicator: Indicator, part: str, *, on: date) -> Figure:
    """The rows behind one part of an indicator's figure on a date, by the indicator's own formula.

    part: a key of `STAGE_TITLES`. Raises KeyError for a part that the indicator does not have.
    """
    target = Target.objects.filter(scope_uid=plan.uid, indicator=indicator).first()
    measurement = ask(indicator, question_of(plan, target, on=on, indicator=indicator))
    subject = SUBJECTS[indicator.source]
    uids = part_of(measurement, part)
    reasons = dict(_reasons(measurement, part))
    return Figure(STAGE_TITLES[part], resolve(subject, uids), resolve(subject, reasons, reasons))


def part_of(measurement: Measurement, part: str) -> list[str]:
    """The uids of one part of a measurement."""
    if part == "counted":
        return list(measurement.numerator)
    if part == "denominator":
        return list(measurement.denominator)
    key, of = (part[:-3], "denominator") if part.endswith("_of") else (part, "numerator")
    found = measurement.stages[key]
    return list(found[of]) if isinstance(found, Mapping) else list(found)


def resolve(subject: str, uids: Iterable[str], reasons: Mapping[str, str] | None = None) -> list[FigureRow]:
    """The records of the uids, in their own order. One query."""
    wanted = list(uids)
    found = _READERS[subject](wanted) if wanted else []
    why = reasons or {}
    return [
        FigureRow(row.uid, row.code, row.title, row.detail, row.address, why.get(row.uid, ""))
        for row in sorted(found, key=lambda row: (row.code, row.title))
    ]


def entries_of(plan: Plan, query: Mapping[str, Any]) -> QuerySet[LedgerEntry]:
    """The rows of the ledger that a sum asked for: kinds, source, year, until (all optional)."""
    entries = LedgerEntry.objects.filter(task__plan=plan).select_related("task", "reverses")
    if query.get("kinds"):
        entries = entries.filter(kind__in=query["kinds"])
    if query.get("source"):
        entries = entries.filter(source=query["source"])
    if query.get("year"):
        entries = entries.filter(year=int(query["year"]))
    if query.get("until"):
        entries = entries.filter(on__lte=query["until"])
    return entries.order_by("on", "id")


def _reasons(measurement: Measurement, part: str) -> list[tuple[str, str]]:
    if part.startswith("matured"):
        return [(uid, reason) for uid, reason in measurement.stages["matured"]["excluded"]]
    if part in ("ordered", "contracted"):
        return []
    return [(uid, reason) for uid, reason in measurement.excluded]


def _products(uids: list[str]) -> list[FigureRow]:
    rows = Product.objects.filter(uid__in=uids).select_related("task__host")
    return [
        FigureRow(str(row.uid), row.code, row.name, f"{row.task.code}, {row.task.host.name}",
                  address_of(row) or address_of(row.task))
        for row in rows
    ]  # fmt: skip


def _tasks(uids: list[str]) -> list[FigureRow]:
    rows = Task.objects.filter(uid__in=uids).select_related("host")
    return [
        FigureRow(str(row.uid), row.code, "" if row.is_secret else row.title, row.host.name, address_of(row))
        for row in rows
    ]


def _organisations(uids: list[str]) -> list[FigureRow]:
    rows = Organisation.objects.filter(uid__in=uids)
    return [FigureRow(str(row.uid), row.code, row.name, "", address_of(row)) for row in rows]


def _clocks(uids: list[str]) -> list[FigureRow]:
    return [
        FigureRow(str(row.uid), f"{row.due_on:%d/%m/%Y}", row.title,
                  f"{row.subject_label}; xong ngày {row.stopped_on:%d/%m/%Y}" if row.stopped_on else row.subject_label,
                  row.url)
        for row in Clock.objects.filter(uid__in=uids)
    ]  # fmt: skip


def _issues(uids: list[str]) -> list[FigureRow]:
    rows = Issue.objects.filter(uid__in=uids).select_related("reporter")
    return [FigureRow(str(row.uid), row.code, row.title, row.reporter.name, address_of(row)) for row in rows]


def _inspections(uids: list[str]) -> list[FigureRow]:
    rows = Inspection.objects.filter(uid__in=uids).select_related("task")
    return [
        FigureRow(str(row.uid), f"{row.held_on:%d/%m/%Y}", row.task.code, row.conclusion[:120], address_of(row.task))
        for row in rows
    ]


def _rights(uids: list[str]) -> list[FigureRow]:
    rows = IpRight.objects.filter(uid__in=uids).select_related("task")
    return [FigureRow(str(row.uid), row.number, row.title, row.task.code, address_of(row.task)) for row in rows]


def _orders(uids: list[str]) -> list[FigureRow]:
    rows = Order.objects.filter(uid__in=uids).select_related("order_list")
    return [FigureRow(str(row.uid), row.order_list.code, row.title, "", address_of(row.order_list)) for row in rows]


def _assignments(uids: list[str]) -> list[FigureRow]:
    rows = Assignment.objects.filter(uid__in=uids)
    return [FigureRow(str(row.uid), "", row.duty, row.units_text, address_of(row)) for row in rows]


_READERS = {
    "product": _products, "task": _tasks, "organisation": _organisations, "clock": _clocks, "issue": _issues,
    "inspection": _inspections, "ip_right": _rights, "order": _orders, "assignment": _assignments,
}  # fmt: skip
