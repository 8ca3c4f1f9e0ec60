"""T7: the share of accepted tasks whose results are applied and made a product, strict and after a time of grace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from khcn.lib.dates import add_months

from ...choices import Grade
from .facts import ApplicationFact, HandoverFact, Measure, ProductFact, TaskFact, by, share
from .products import is_applied

_PASSING: Final = (Grade.EXCELLENT, Grade.PASS)


@dataclass(frozen=True, slots=True)
class AppliedShare:
    """T7 twice: over every task accepted, and over those recognised long enough ago to have been applied."""

    strict: Measure
    matured: Measure


def applied_share(
    tasks: Sequence[TaskFact],
    products: Sequence[ProductFact],
    handovers: Sequence[HandoverFact],
    uses: Sequence[ApplicationFact],
    *,
    on: date,
    min_days: int,
    grace_months: int,
) -> AppliedShare:
    """Return the share of tasks accepted at least Đạt by `on` that have at least one applied product.

    matured: only tasks recognised at least `grace_months` before `on` stand in numerator and denominator; the others
    are excluded with the reason. Shown side by side so that neither a false 100 % nor a false 0 % stands alone.
    """
    accepted = [task for task in tasks if task.grade in _PASSING and by(task.accepted_on, on)]
    by_task: dict[str, list[ProductFact]] = defaultdict(list)
    for product in products:
        by_task[product.task].append(product)
    handed: dict[str, list[HandoverFact]] = defaultdict(list)
    for handover in handovers:
        handed[handover.product].append(handover)
    used: dict[str, list[ApplicationFact]] = defaultdict(list)
    for use in uses:
        used[use.product].append(use)
    applied = {
        task.id
        for task in accepted
        if any(
            is_applied(item, task, handed[item.id], used[item.id], on=on, min_days=min_days)
            for item in by_task[task.id]
        )
    }
    ripe = {
        task.id
        for task in accepted
        if task.recognised_on is not None and add_months(task.recognised_on, grace_months) <= on
    }
    ids = [task.id for task in accepted]
    unripe = [
        (task.id, f"Nhiệm vụ {task.code} được công nhận chưa đủ {grace_months} tháng.")
        for task in accepted
        if task.id not in ripe
    ]
    idle = [
        (task.id, f"Nhiệm vụ {task.code} chưa có sản phẩm được ứng dụng.")
        for task in accepted
        if task.id not in applied
    ]
    return AppliedShare(strict=share(applied, ids, idle), matured=share(applied & ripe, ripe, unripe))
