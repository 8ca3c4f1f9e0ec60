"""R4 and R7: products and who uses them, and the yearly balance of accepted and applied results."""

from collections import Counter
from typing import Any

from khcn.domains.programme.choices import Grade, ProductType, Purpose, ReportCode, Sector
from khcn.domains.programme.models import ApplicationRecord, IpRight, Product, Task
from khcn.domains.programme.queries.facts import PlanFacts, plan_facts
from khcn.domains.programme.queries.reports.scope import Scope, snapshot_of
from khcn.domains.programme.queries.targets import PRODUCTS, figures_on
from khcn.domains.programme.rules.indicators import (
    ProductFact,
    ProductTarget,
    application_evidence,
    is_accepted,
    is_applied,
)
from khcn.domains.programme.rules.reports import Column, Refs, Row, Snapshot
from khcn.kernel.indicators.queries import targets_of
from khcn.lib.money import format_number, format_short_vnd

PRODUCT_COLUMNS = (
    Column("number", "STT", "count", weight=0.7),
    Column("task", "Nhiệm vụ", weight=2),
    Column("product", "Sản phẩm", weight=2),
    Column("type", "Loại", weight=1.2),
    Column("ordered", "Đặt hàng", weight=0.9),
    Column("delivered", "Đạt", weight=0.9),
    Column("place", "Nơi ứng dụng", weight=1.4),
    Column("user", "Đơn vị ứng dụng", weight=1.5),
    Column("since", "Từ ngày", "date", weight=0.9),
    Column("scale", "Quy mô", weight=1.2),
    Column("benefit", "Hiệu quả", weight=1.4),
    Column("confirmation", "Văn bản xác nhận", weight=1.3),
    Column("targets", "Chỉ tiêu được tính", weight=0.8),
)
UPTAKE_COLUMNS = (
    Column("year", "Năm", weight=0.6),
    Column("accepted", "Nghiệm thu", "count", weight=0.8),
    Column("applied", "Ứng dụng", "count", weight=0.8),
    Column("idle", "Số chưa ứng dụng", "count", "Chưa ứng dụng", 0.8),
    Column("reasons", "Lý do", "text", "Chưa ứng dụng", 3),
    Column("benefit_vnd", "Giá trị làm lợi (đồng)", "vnd", weight=1.3),
    Column("rights", "Quyền sở hữu trí tuệ", "count", weight=0.9),
)


PRODUCT_FIELDS = (
    "uid", "task_id", "code", "name", "type", "grade", "graded_on", "ordered_quantity", "delivered_quantity", "unit",
    "application_place",
)  # fmt: skip


def product_report(scope: Scope) -> Snapshot:
    """R4: every product of the plan, one row per use (or one without), and which targets it counts for."""
    on = scope.as_of
    figures = figures_on(on)
    facts = plan_facts(scope.plan.uid)
    targets = [
        (target.indicator.code, _target(target.indicator.code, target.indicator.parameters))
        for target in targets_of(scope.plan.uid)
        if target.indicator.source == PRODUCTS
    ]
    handed, used = _by_product(facts)
    known = {item.id: item for item in facts.products}
    applied: set[str] = set()
    accepted: set[str] = set()
    for item in facts.products:
        task = facts.tasks[item.task]
        if is_accepted(item, task, on):
            accepted.add(item.id)
            if is_applied(item, task, handed.get(item.id, []), used.get(item.id, []), on=on, min_days=figures.min_days):
                applied.add(item.id)
    uses: dict[int, list[ApplicationRecord]] = {}
    records = ApplicationRecord.objects.filter(product__task__plan=scope.plan, used_from__lte=on)
    for record in records.select_related("user_organisation", "place").order_by("used_from", "id"):
        uses.setdefault(record.product_id, []).append(record)
    products = Product.objects.filter(task__in=scope.tasks.order_by().values("pk"))
    rows: list[Row] = []
    uids = []
    tasks = {task.pk: task for task in scope.tasks.only("code", "title", "is_secret").order_by()}
    for product in products.only(*PRODUCT_FIELDS).order_by("task__code", "code"):
        uid = str(product.uid)
        uids.append(uid)
        counted = [code for code, target in targets if uid in applied and target.counts(known[uid])]
        of_product: list[ApplicationRecord | None] = [*uses.get(product.pk, [])]
        for use in of_product or [None]:
            key = uid if use is None else f"{uid}:{use.uid}"
            cells = _product_cells(scope, len(rows) + 1, product, tasks[product.task_id], use, ", ".join(counted))
            rows.append(Row(key, cells, subject="product"))
    total: list[Any] = [""] * len(PRODUCT_COLUMNS)
    total[0], total[2], total[8] = len(uids), "sản phẩm", None
    total[5], total[12] = f"{len(accepted & set(uids))} đạt", f"{len(applied & set(uids))} ứng dụng"
    rows.append(Row("total", tuple(total), "total", refs={"number": Refs("product", tuple(uids))} if uids else {}))
    return snapshot_of(
        scope, ReportCode.R4, PRODUCT_COLUMNS, rows,
        figures={
            "products": len(uids), "accepted": len(accepted & set(uids)), "applied": len(applied & set(uids)),
            "waiting": len((accepted - applied) & set(uids)),
        },
        parameters={"uptake.min_days": figures.min_days},
    )  # fmt: skip


def _product_cells(
    scope: Scope, number: int, product: Product, task: Task, use: ApplicationRecord | None, counted: str
) -> tuple[Any, ...]:
    delivered = ""
    if product.delivered_quantity is not None and scope.by(product.graded_on) is not None:
        grade = Grade(product.grade).label if product.grade else ""
        delivered = f"{_quantity(product.delivered_quantity, product.unit)} ({grade})".replace(" ()", "")
    place, user, scale, benefit, confirmation, since = product.application_place, "", "", "", "", None
    if use is not None:
        place = use.place.name if use.place else place
        user, since, scale = use.user_organisation.name, use.used_from, use.scale
        benefit = use.benefit
        if use.benefit_vnd:
            benefit = f"{benefit} ({format_short_vnd(use.benefit_vnd)})".strip()
        if scope.by(use.confirmed_on) is not None:
            confirmation = f"{use.confirmation_number} ngày {use.confirmed_on:%d/%m/%Y}"
    title = "(bí mật nhà nước)" if task.is_secret else task.title
    return (
        number, f"{task.code} {title}", f"{product.code} {product.name}", ProductType(product.type).label,
        _quantity(product.ordered_quantity, product.unit), delivered, place, user, since, scale, benefit, confirmation,
        counted,
    )  # fmt: skip


def uptake_report(scope: Scope) -> Snapshot:
    """R7: per year of acceptance, tasks accepted, applied, not applied and why, confirmed benefit, rights granted."""
    on = scope.as_of
    figures = figures_on(on)
    facts = plan_facts(scope.plan.uid)
    handed, used = _by_product(facts)
    of_task: dict[str, list[ProductFact]] = {}
    for item in facts.products:
        of_task.setdefault(item.task, []).append(item)
    accepted: dict[int, list[str]] = {}
    applied: dict[int, list[str]] = {}
    why: dict[int, list[str]] = {}
    stated = {str(uid): reason for uid, reason in scope.tasks.values_list("uid", "not_applied_reason") if reason}
    for task in facts.tasks.values():
        if task.accepted_on is None or task.accepted_on > on or task.grade not in (Grade.EXCELLENT, Grade.PASS):
            continue
        year = task.accepted_on.year
        accepted.setdefault(year, []).append(task.id)
        missing = [_missing(item, facts, handed, used, scope, figures.min_days) for item in of_task.get(task.id, [])]
        if any(text == "" for text in missing):
            applied.setdefault(year, []).append(task.id)
        else:
            why.setdefault(year, []).append(stated.get(task.id) or (missing[0] if missing else "Chưa có sản phẩm."))
    benefit = _benefit_by_year(scope)
    rights = _rights_by_year(scope)
    years = range(scope.plan.period_from, max(on.year, scope.plan.period_from) + 1)
    later = {*accepted, *rights} - set(years)
    rows = []
    for year in sorted({*years, *later}):
        done, use = tuple(accepted.get(year, [])), tuple(applied.get(year, []))
        idle = tuple(sorted(set(done) - set(use)))
        owned = tuple(rights.get(year, []))
        reasons = Counter(why.get(year, []))
        refs = {"accepted": Refs("task", done), "applied": Refs("task", use), "idle": Refs("task", idle),
                "rights": Refs("ip_right", owned)}  # fmt: skip
        rows.append(
            Row(
                f"year:{year}",
                (str(year), len(done), len(use), len(idle),
                 "\n".join(f"{count} nhiệm vụ: {text}" for text, count in reasons.most_common()),
                 benefit.get(year, 0), len(owned)),
                refs={key: item for key, item in refs.items() if item.counted},
            )
        )  # fmt: skip
    everything = {key: tuple(uid for part in found.values() for uid in part)
                  for key, found in (("accepted", accepted), ("applied", applied), ("rights", rights))}  # fmt: skip
    everything["idle"] = tuple(sorted(set(everything["accepted"]) - set(everything["applied"])))
    total_refs = {
        key: Refs("ip_right" if key == "rights" else "task", uids) for key, uids in everything.items() if uids
    }
    rows.append(
        Row("total", ("Tổng cộng", len(everything["accepted"]), len(everything["applied"]), len(everything["idle"]), "",
                      sum(benefit.values()), len(everything["rights"])), "total", refs=total_refs)
    )  # fmt: skip
    return snapshot_of(
        scope, ReportCode.R7, UPTAKE_COLUMNS, rows,
        figures={
            "accepted": len(everything["accepted"]), "applied": len(everything["applied"]),
            "idle": len(everything["idle"]), "benefit_vnd": sum(benefit.values()), "rights": len(everything["rights"]),
        },
        notes=[
            "Năm ghi theo ngày nghiệm thu; giá trị làm lợi chỉ cộng các phiếu ứng dụng đã được đơn vị ứng dụng xác "
            "nhận, theo năm xác nhận.",
        ],
        parameters={"uptake.min_days": figures.min_days},
    )  # fmt: skip


def _missing(
    item: ProductFact,
    facts: PlanFacts,
    handed: dict[str, list[Any]],
    used: dict[str, list[Any]],
    scope: Scope,
    days: int,
) -> str:
    task = facts.tasks[item.task]
    if not is_accepted(item, task, scope.as_of):
        return "Sản phẩm chưa được nghiệm thu đạt."
    if scope.by(task.recognised_on) is None:
        return "Kết quả chưa được công nhận."
    return application_evidence(item, handed.get(item.id, []), used.get(item.id, []), on=scope.as_of, min_days=days)


def _benefit_by_year(scope: Scope) -> dict[int, int]:
    sums: dict[int, int] = {}
    rows = ApplicationRecord.objects.filter(product__task__plan=scope.plan, confirmed_on__lte=scope.as_of)
    for confirmed_on, amount in rows.values_list("confirmed_on", "benefit_vnd"):
        if confirmed_on is not None and amount:
            sums[confirmed_on.year] = sums.get(confirmed_on.year, 0) + amount
    return sums


def _rights_by_year(scope: Scope) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = IpRight.objects.filter(task__plan=scope.plan, granted_on__lte=scope.as_of).order_by("granted_on", "id")
    for uid, granted_on in rows.values_list("uid", "granted_on"):
        if granted_on is not None:
            found.setdefault(granted_on.year, []).append(str(uid))
    return found


def _by_product(facts: PlanFacts) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    handed: dict[str, list[Any]] = {}
    for handover in facts.handovers:
        handed.setdefault(handover.product, []).append(handover)
    used: dict[str, list[Any]] = {}
    for use in facts.uses:
        used.setdefault(use.product, []).append(use)
    return handed, used


def _target(code: str, parameters: dict[str, Any]) -> ProductTarget:
    purposes, sectors = parameters.get("purposes"), parameters.get("sectors")
    return ProductTarget(
        code,
        frozenset(ProductType(item) for item in parameters["types"]),
        frozenset(Purpose(item) for item in purposes) if purposes else None,
        frozenset(Sector(item) for item in sectors) if sectors else None,
    )


def _quantity(value: Any, unit: str) -> str:
    return f"{format_number(value.normalize())} {unit}".strip()
