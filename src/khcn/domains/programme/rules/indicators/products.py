"""The targets that count applied products, T1–T5: ordered → contracted → accepted → applied, each with its rows.

"Applied" is never a tick box: it needs a signed hand-over, use by somebody else than the host (or inspected own use)
for long enough, and the user's signed confirmation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ...choices import Grade, ProductType, Purpose, Sector
from .facts import ApplicationFact, HandoverFact, Measure, ProductFact, TaskFact, by, count

_PASSING: Final = (Grade.EXCELLENT, Grade.PASS)
_PLAN_PURPOSES: Final = frozenset(
    {Purpose.PUBLIC_ADMINISTRATION, Purpose.PRODUCTION, Purpose.HAZARD_WARNING, Purpose.ENVIRONMENT}
)


@dataclass(frozen=True, slots=True)
class ProductTarget:
    """Which products a target counts: types, and purposes or sectors where its sentence names them (None: any)."""

    code: str
    types: frozenset[ProductType]
    purposes: frozenset[Purpose] | None = None
    sectors: frozenset[Sector] | None = None

    def counts(self, product: ProductFact) -> bool:
        """Tell whether the product is of the kind that the target's sentence names."""
        return (
            product.type in self.types
            and (self.purposes is None or product.purpose in self.purposes)
            and (self.sectors is None or product.sector in self.sectors)
        )


_AGRICULTURE: Final = frozenset({Sector.AGRICULTURE})

#: The countable targets of a plan of the genre "at least n software systems … applied in agriculture" (programme §6.2).
PLAN_TARGETS: Final = {
    target.code: target
    for target in (
        ProductTarget("T1", frozenset({ProductType.SOFTWARE}), purposes=_PLAN_PURPOSES),
        ProductTarget("T2", frozenset({ProductType.MECHANISATION}), purposes=_PLAN_PURPOSES),
        ProductTarget("T3", frozenset({ProductType.BIOPRODUCT}), sectors=_AGRICULTURE),
        ProductTarget("T4", frozenset({ProductType.NANOMATERIAL}), sectors=_AGRICULTURE),
        ProductTarget("T5", frozenset({ProductType.PROCESS}), sectors=_AGRICULTURE),
    )
}


@dataclass(frozen=True, slots=True)
class StageCounts:
    """The four stages of a target as of a day; each holds the products of the next one, whatever dates are missing."""

    ordered: Measure
    contracted: Measure
    accepted: Measure
    applied: Measure


def is_accepted(product: ProductFact, task: TaskFact, on: date) -> bool:
    """Tell whether the product passed at acceptance: its line and its task at least Đạt by `on`."""
    return product.grade in _PASSING and task.grade in _PASSING and by(task.accepted_on, on)


def application_evidence(
    product: ProductFact, handovers: Iterable[HandoverFact], uses: Iterable[ApplicationFact], *, on: date, min_days: int
) -> str:
    """Return "" when the product's use is proven by `on`, else what is missing, a whole Vietnamese sentence.

    uses: the application records of this product. min_days: least days of use, counted to its end or to `on`.
    """
    if not any(item.product == product.id and by(item.signed_on, on) for item in handovers):
        return "Chưa có biên bản bàn giao được hai bên ký."
    begun = [use for use in uses if use.product == product.id and use.used_from <= on]
    if not begun:
        return "Chưa có ghi nhận ứng dụng."
    others = [use for use in begun if not use.user_is_host or use.verified_by_inspection]
    if not others:
        return "Chỉ tổ chức chủ trì tự ứng dụng và chưa được kiểm tra xác nhận."
    long_enough = [use for use in others if (min(use.used_until or on, on) - use.used_from).days >= min_days]
    if not long_enough:
        return f"Thời gian ứng dụng chưa đủ {min_days} ngày."
    if not any(by(use.confirmed_on, on) for use in long_enough):
        return "Đơn vị ứng dụng chưa ký xác nhận."
    return ""


def is_applied(
    product: ProductFact,
    task: TaskFact,
    handovers: Iterable[HandoverFact],
    uses: Iterable[ApplicationFact],
    *,
    on: date,
    min_days: int,
) -> bool:
    """Tell whether the product counts as applied by `on`: accepted, its task recognised, its use proven."""
    proven = not application_evidence(product, handovers, uses, on=on, min_days=min_days)
    return is_accepted(product, task, on) and by(task.recognised_on, on) and proven


def count_stages(
    target: ProductTarget,
    products: Sequence[ProductFact],
    tasks: Mapping[str, TaskFact],
    handovers: Sequence[HandoverFact],
    uses: Sequence[ApplicationFact],
    *,
    on: date,
    min_days: int,
) -> StageCounts:
    """Return the four stages of a target as of `on`; each product counts once however often it is used.

    Products of a task that failed, was terminated or cancelled by `on` count in no stage and are listed as excluded, as
    are accepted products whose use is not proven, with what is missing.
    """
    mine = [product for product in products if target.counts(product)]
    handed, used = _grouped(handovers), _grouped(uses)
    dead = [(item.id, _ended(tasks[item.task])) for item in mine if by(tasks[item.task].ended_without_result_on, on)]
    gone = {row for row, _ in dead}
    alive = [product for product in mine if product.id not in gone]
    accepted = [product for product in alive if is_accepted(product, tasks[product.task], on)]
    missing = {item.id: _missing(item, tasks[item.task], handed, used, on, min_days) for item in accepted}
    applied = [product for product in accepted if not missing[product.id]]
    passed = set(_ids(accepted))
    contracted = [item for item in alive if by(tasks[item.task].contracted_on, on) or item.id in passed]
    under_contract = set(_ids(contracted))
    ordered = [item for item in alive if by(tasks[item.task].ordered_on, on) or item.id in under_contract]
    return StageCounts(
        ordered=count(_ids(ordered), dead),
        contracted=count(_ids(contracted), dead),
        accepted=count(_ids(accepted), [*dead, *_not_passed(contracted, tasks, on)]),
        applied=count(_ids(applied), [(row, reason) for row, reason in missing.items() if reason]),
    )


def _grouped(rows: Iterable[HandoverFact | ApplicationFact]) -> dict[str, list]:
    groups: dict[str, list] = defaultdict(list)
    for row in rows:
        groups[row.product].append(row)
    return groups


def _missing(
    product: ProductFact,
    task: TaskFact,
    handed: Mapping[str, list],
    used: Mapping[str, list],
    on: date,
    min_days: int,
) -> str:
    if not by(task.recognised_on, on):
        return f"Nhiệm vụ {task.code} chưa được công nhận kết quả."
    return application_evidence(product, handed.get(product.id, ()), used.get(product.id, ()), on=on, min_days=min_days)


def _not_passed(
    contracted: Iterable[ProductFact], tasks: Mapping[str, TaskFact], on: date
) -> Iterable[tuple[str, str]]:
    for product in contracted:
        if by(tasks[product.task].accepted_on, on) and product.grade not in _PASSING:
            yield product.id, "Sản phẩm không đạt yêu cầu khi nghiệm thu."


def _ended(task: TaskFact) -> str:
    return f"Nhiệm vụ {task.code} đã dừng hoặc không đạt."


def _ids(products: Iterable[ProductFact]) -> list[str]:
    return [product.id for product in products]
