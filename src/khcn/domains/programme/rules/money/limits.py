"""What may be allocated, advanced and paid: the invariants of the budget as pure checks, each with its sentence.

Source: TTLT 27/2015/TTLT-BKHCN-BTC, Điều 6, 10, 11, 13. The database holds the same limits as constraints where it can.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from khcn.lib.dates import add_months
from khcn.lib.money import format_vnd

from ...choices import AdvanceAge, Grade
from ..findings import Finding

_TT27 = "TTLT 27/2015/TTLT-BKHCN-BTC, Điều {}"


@dataclass(frozen=True, slots=True)
class MoneyThresholds:
    """The shares, caps and periods of the money rules."""

    first_share_max: Fraction
    cleared_share_min: Fraction
    clear_months: int
    deduct_months: int
    asset_share_max: Fraction
    asset_cap_vnd: int

    @classmethod
    def from_parameters(cls, values: Mapping[str, str]) -> MoneyThresholds:
        """Read them from resolved parameters `advance.*`, `lump.*`. Raises KeyError for a missing one."""
        return cls(
            first_share_max=Fraction(values["advance.first_share_max"]),
            cleared_share_min=Fraction(values["advance.cleared_share_min"]),
            clear_months=int(values["advance.clear_months"]),
            deduct_months=int(values["advance.deduct_months"]),
            asset_share_max=Fraction(values["lump.final.asset_share_max"]),
            asset_cap_vnd=int(values["lump.final.asset_cap_vnd"]),
        )


@dataclass(frozen=True, slots=True)
class AdvanceRequest:
    """An advance that is asked for, with what was advanced and cleared before, in đồng.

    state_vnd: state budget of the task as approved. year_left_vnd: what is left of the year's estimate. equipment_note:
    the confirmation that equipment cannot be paid yet for an objective reason, which lifts the clearing rule, or "".
    """

    amount_vnd: int
    state_vnd: int
    year_left_vnd: int
    advanced_before_vnd: int
    cleared_before_vnd: int
    contract_is_live: bool
    equipment_note: str = ""


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A payment or clearance that is asked for. grade: the council's grade, None before acceptance."""

    amount_vnd: int
    contract_vnd: int
    paid_before_vnd: int
    contract_is_live: bool
    is_last: bool = False
    grade: Grade | None = None


def allocation_breaches(*, envelope_vnd: int, allocated_vnd: int, source_label: str, year: int) -> tuple[Finding, ...]:
    """Return what speaks against allocating `allocated_vnd` in all from one source and year: more than its envelope."""
    if allocated_vnd <= envelope_vnd:
        return ()
    over = format_vnd(allocated_vnd - envelope_vnd)
    text = f"Phân bổ năm {year} từ nguồn “{source_label}” vượt hạn mức {over}."
    return (Finding("allocation", text, "TT 03/2023/TT-BTC, Điều 8 khoản 2"),)


def approved_total_breaches(*, approved_vnd: int, lines_vnd: Mapping[int, int]) -> tuple[Finding, ...]:
    """Return what speaks against a split by year (`year → đồng`) whose sum is not the approved total."""
    total = sum(lines_vnd.values())
    if total == approved_vnd:
        return ()
    text = f"Tổng kinh phí theo năm là {format_vnd(total)}, khác tổng được phê duyệt {format_vnd(approved_vnd)}."
    return (Finding("approved_total", text, "TT 20/2023/TT-BKHCN, Điều 13 khoản 2"),)


def lump_total_breaches(*, decided_vnd: int, proposed_vnd: int) -> tuple[Finding, ...]:
    """Return what speaks against another lump total than the decision's: it never changes."""
    if proposed_vnd == decided_vnd:
        return ()
    text = f"Không được điều chỉnh tổng kinh phí giao khoán {format_vnd(decided_vnd)}."
    return (Finding("lump_total", text, _TT27.format("10 khoản 3 điểm a")),)


def final_product_mode_breaches(
    *,
    asset_and_trip_vnd: int,
    state_vnd: int,
    product_is_specified: bool,
    proposed_by_host: bool,
    proposed_by_council: bool,
    thresholds: MoneyThresholds,
) -> tuple[Finding, ...]:
    """Return what keeps a task from lumping to the final product; all conditions hold together.

    asset_and_trip_vnd: state money for buying, renting, repairing or writing off fixed assets and for delegations
    abroad. product_is_specified: name, quality figures with units, quantity or scale, and place of application.
    Source: TTLT 27/2015, Điều 6 khoản 1.
    """
    citation = _TT27.format("6 khoản 1")
    found = []
    if not proposed_by_host:
        found.append(
            Finding("not_proposed", "Tổ chức chủ trì chưa đề xuất khoán chi đến sản phẩm cuối cùng.", citation)
        )
    if not product_is_specified:
        text = "Sản phẩm chưa xác định rõ tên, chỉ tiêu chất lượng, số lượng hoặc quy mô và địa chỉ ứng dụng."
        found.append(Finding("product", text, citation))
    found += asset_and_trip_breaches(asset_and_trip_vnd=asset_and_trip_vnd, state_vnd=state_vnd, thresholds=thresholds)
    if not proposed_by_council:
        found.append(Finding("council", "Hội đồng tư vấn chưa đề xuất khoán chi đến sản phẩm cuối cùng.", citation))
    return tuple(found)


def asset_and_trip_breaches(
    *, asset_and_trip_vnd: int, state_vnd: int, thresholds: MoneyThresholds
) -> tuple[Finding, ...]:
    """Return where the state money for assets and delegations abroad exceeds its share or its most, in đồng.

    Source: TTLT 27/2015, Điều 6 khoản 1 điểm c.
    """
    citation = _TT27.format("6 khoản 1")
    found = []
    spent = format_vnd(asset_and_trip_vnd)
    if asset_and_trip_vnd > (most := thresholds.asset_share_max * state_vnd):
        text = (
            f"Chi tài sản và đoàn ra {spent} vượt {thresholds.asset_share_max * 100}% ngân sách nhà nước của nhiệm vụ, "
            f"tức {format_vnd(int(most))}."
        )
        found.append(Finding("asset_share", text, citation))
    if asset_and_trip_vnd > thresholds.asset_cap_vnd:
        text = f"Chi tài sản và đoàn ra {spent} vượt mức tối đa {format_vnd(thresholds.asset_cap_vnd)}."
        found.append(Finding("asset_cap", text, citation))
    return tuple(found)


def advance_breaches(request: AdvanceRequest, thresholds: MoneyThresholds) -> tuple[Finding, ...]:
    """Return what speaks against an advance.

    The first at most `first_share_max` of the state budget; a later one only when at least `cleared_share_min` of all
    earlier advances is cleared, save for the equipment exception; every one within the year's estimate, a live contract
    and the state budget. Source: TTLT 27/2015, Điều 13 khoản 1, 2.
    """
    found = _live(request.contract_is_live)
    if request.amount_vnd <= 0:
        found.append(Finding("amount", "Số tiền tạm ứng phải lớn hơn 0.", _TT27.format("13")))
    if request.amount_vnd > request.year_left_vnd:
        text = f"Số tạm ứng vượt dự toán năm còn lại {format_vnd(request.year_left_vnd)}."
        found.append(Finding("year_estimate", text, _TT27.format("13 khoản 1 điểm b")))
    if request.advanced_before_vnd == 0:
        most = thresholds.first_share_max * request.state_vnd
        if request.amount_vnd > most:
            text = f"Tạm ứng lần đầu tối đa {format_vnd(int(most))} ({thresholds.first_share_max * 100}% ngân sách)."
            found.append(Finding("first_advance", text, _TT27.format("13 khoản 1 điểm b")))
    else:
        needed = thresholds.cleared_share_min * request.advanced_before_vnd
        if request.cleared_before_vnd < needed and not request.equipment_note:
            text = (
                f"Mới thanh toán {format_vnd(request.cleared_before_vnd)} trên "
                f"{format_vnd(request.advanced_before_vnd)} đã tạm ứng; phải đạt ít nhất "
                f"{thresholds.cleared_share_min * 100}% trước khi tạm ứng tiếp."
            )
            found.append(Finding("next_advance", text, _TT27.format("13 khoản 2 điểm a")))
        if request.advanced_before_vnd + request.amount_vnd > request.state_vnd:
            text = f"Tổng tạm ứng vượt ngân sách nhà nước được duyệt {format_vnd(request.state_vnd)}."
            found.append(Finding("state_total", text, _TT27.format("13")))
    return tuple(found)


def payment_breaches(request: PaymentRequest) -> tuple[Finding, ...]:
    """Return what speaks against a payment: no live contract, beyond the contract, a last one before acceptance.

    Source: TTLT 27/2015, Điều 12 khoản 3, Điều 13 khoản 2 điểm d.
    """
    found = _live(request.contract_is_live)
    if request.amount_vnd <= 0:
        found.append(Finding("amount", "Số tiền thanh toán phải lớn hơn 0.", _TT27.format("13")))
    if request.paid_before_vnd + request.amount_vnd > request.contract_vnd:
        text = f"Tổng thanh toán vượt giá trị hợp đồng {format_vnd(request.contract_vnd)}."
        found.append(Finding("contract_total", text, _TT27.format("12 khoản 3 điểm a")))
    if request.is_last and request.grade not in (Grade.EXCELLENT, Grade.PASS):
        text = "Thanh toán lần cuối phải có biên bản nghiệm thu từ mức “Đạt” trở lên."
        found.append(Finding("last_payment", text, _TT27.format("13 khoản 2 điểm d")))
    return tuple(found)


def counterpart_missing(
    *, approved_other_vnd: int, approved_state_vnd: int, spent_other_vnd: int, spent_state_vnd: int
) -> int:
    """Return the other money still to be spent for the approved ratio to the state money spent, in đồng, rounded up.

    Compared by cross-multiplication, without dividing. Source: TTLT 27/2015, Điều 11 khoản 2 điểm a.
    """
    if spent_other_vnd * approved_state_vnd >= approved_other_vnd * spent_state_vnd:
        return 0
    due = -(-approved_other_vnd * spent_state_vnd // approved_state_vnd) if approved_state_vnd else approved_other_vnd
    return due - spent_other_vnd


def counterpart_breaches(
    *, approved_other_vnd: int, approved_state_vnd: int, spent_other_vnd: int, spent_state_vnd: int
) -> tuple[Finding, ...]:
    """Return whether the ratio of other money to state money actually spent falls below the approved ratio.

    Source: TTLT 27/2015, Điều 11 khoản 2 điểm a.
    """
    due = counterpart_missing(
        approved_other_vnd=approved_other_vnd, approved_state_vnd=approved_state_vnd, spent_other_vnd=spent_other_vnd,
        spent_state_vnd=spent_state_vnd,
    )  # fmt: skip
    if due == 0:
        return ()
    text = f"Vốn đối ứng thực chi còn thiếu {format_vnd(due)} so với tỷ lệ được phê duyệt."
    return (Finding("counterpart", text, _TT27.format("11 khoản 2 điểm a")),)


def ageing_of_advance(*, ends_on: date, today: date, thresholds: MoneyThresholds) -> AdvanceAge:
    """Return how old an uncleared advance is: to be cleared within 4 months of the end, deducted after 6.

    Source: TTLT 27/2015, Điều 13 khoản 2 điểm đ.
    """
    clear_by, deduct_after = lines_of_advance(ends_on=ends_on, thresholds=thresholds)
    if today <= ends_on:
        return AdvanceAge.RUNNING
    if today <= clear_by:
        return AdvanceAge.TO_CLEAR
    return AdvanceAge.OVERDUE if today <= deduct_after else AdvanceAge.DEDUCTED


def lines_of_advance(*, ends_on: date, thresholds: MoneyThresholds) -> tuple[date, date]:
    """Return the last day to clear advances, and the day after which what is left is deducted from the next year.

    Source: TTLT 27/2015, Điều 13 khoản 2 điểm đ.
    """
    return add_months(ends_on, thresholds.clear_months), add_months(ends_on, thresholds.deduct_months)


def oldest_uncleared(advances: Iterable[tuple[date, int]], *, cleared_vnd: int) -> date | None:
    """Return the day of the oldest advance that clearances do not cover, the first advance being cleared first.

    advances: (day, đồng), in any order, without reversed ones. None when everything is cleared.
    """
    left = cleared_vnd
    for on, amount_vnd in sorted(advances):
        if amount_vnd > left:
            return on
        left -= amount_vnd
    return None


def _live(contract_is_live: bool) -> list[Finding]:
    if contract_is_live:
        return []
    return [
        Finding("contract", "Không có hợp đồng đang hiệu lực nên không được chi.", _TT27.format("12 khoản 3 điểm a"))
    ]
