"""The count of the acceptance council: a member's level follows from the product lines, the council's from the members.

Source: TT 11/2014/TT-BKHCN, Điều 13. What becomes of a failed task is in `money` and the state machines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from khcn.lib.dates import add_months

from ...choices import Grade
from ..rule_trace import rule
from .exact import NoBallots, exact


@dataclass(frozen=True, slots=True)
class AcceptanceThresholds:
    """The shares of the count. late_months: how late a dossier may come before it fails of itself."""

    quantity_share: Fraction
    quantity_floor: Fraction
    excellent_share: Fraction
    fail_share: Fraction
    late_months: int

    @classmethod
    def from_parameters(cls, values: Mapping[str, str]) -> AcceptanceThresholds:
        """Read them from resolved parameters `acceptance.*`. Raises KeyError for a missing one."""
        return cls(
            quantity_share=exact(values["acceptance.quantity_share"]),
            quantity_floor=exact(values["acceptance.quantity_floor"]),
            excellent_share=exact(values["acceptance.excellent_share"]),
            fail_share=exact(values["acceptance.fail_share"]),
            late_months=int(values["acceptance.late_months"]),
        )


@dataclass(frozen=True, slots=True)
class ProductRating:
    """One product line of a member's ballot. achieved_share: quantity achieved ÷ ordered, exact."""

    product: str
    quality: Grade
    kind: Grade
    quantity: Grade
    achieved_share: Fraction


@dataclass(frozen=True, slots=True)
class AcceptanceCount:
    """The council's count: members present, ballots per level, ballots not valid, and the grade."""

    present: int
    excellent: int
    passing: int
    failing: int
    invalid: int
    grade: Grade


def derived_level(lines: Sequence[ProductRating], report: Grade, thresholds: AcceptanceThresholds) -> Grade:
    """Return the level that a member's own lines imply.

    Xuất sắc: every criterion of every product is Xuất sắc and the report at least Đạt. Đạt: quality and kind all at
    least Đạt, at least `quantity_share` of the quantity criteria at least Đạt and the rest at `quantity_floor` of the
    order, report at least Đạt. Else Không đạt. Raises NoBallots for no lines. Source: Điều 13 khoản 1 điểm c.
    """
    if not lines:
        raise NoBallots("Phiếu chưa đánh giá sản phẩm nào.")
    if report is Grade.FAIL:
        return Grade.FAIL
    if all(level is Grade.EXCELLENT for line in lines for level in (line.quality, line.kind, line.quantity)):
        return Grade.EXCELLENT
    if any(level is Grade.FAIL for line in lines for level in (line.quality, line.kind)):
        return Grade.FAIL
    short = [line for line in lines if line.quantity is Grade.FAIL]
    enough = Fraction(len(lines) - len(short), len(lines)) >= thresholds.quantity_share
    floor_kept = all(line.achieved_share >= thresholds.quantity_floor for line in short)
    return Grade.PASS if enough and floor_kept else Grade.FAIL


def contradiction(stated: Grade, derived: Grade) -> str | None:
    """Return a warning when a ballot's overall level is not what its lines imply; the member decides what to mend."""
    if stated is derived:
        return None
    return (
        f"Phiếu ghi mức chung “{stated.label}” nhưng các dòng đánh giá cho kết quả “{derived.label}”; "
        "đề nghị kiểm tra lại trước khi nộp phiếu."
    )


def count_acceptance(
    levels: Sequence[Grade | None], thresholds: AcceptanceThresholds, *, members_present: int
) -> AcceptanceCount:
    """Count the council's grade from the members' overall levels (None for a ballot that is not valid).

    Xuất sắc: at least `excellent_share` of the members present say so and none says Không đạt. Không đạt: more than
    `fail_share` of those present. Else Đạt. Raises NoBallots when nobody is present or more ballots than members.
    Source: Điều 13 khoản 2; invalid ballots Điều 11 khoản 4.
    """
    if members_present <= 0 or len(levels) > members_present:
        raise NoBallots("Số thành viên có mặt không khớp số phiếu.")
    counts = Counter(levels)
    excellent, failing = counts[Grade.EXCELLENT], counts[Grade.FAIL]
    if excellent >= thresholds.excellent_share * members_present and failing == 0:
        grade = Grade.EXCELLENT
    elif failing > thresholds.fail_share * members_present:
        grade = Grade.FAIL
    else:
        grade = Grade.PASS
    return AcceptanceCount(members_present, excellent, counts[Grade.PASS], failing, counts[None], grade)


def is_dossier_late(ends_on: date, submitted_on: date, thresholds: AcceptanceThresholds) -> bool:
    """Tell whether the dossier came more than `late_months` after the contract (or its extension) ended: Không đạt.

    Source: Điều 13 khoản 1 điểm c.
    """
    return submitted_on > add_months(ends_on, thresholds.late_months)


@rule("acceptance.member_level")
def _level_rule(parameters: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Parameters: acceptance.*. Inputs: lines, report, stated. Outcome: derived level and warning."""
    lines = [
        ProductRating(
            product=row["product"],
            quality=Grade(row["quality"]),
            kind=Grade(row["kind"]),
            quantity=Grade(row["quantity"]),
            achieved_share=exact(row["achieved_share"]),
        )
        for row in inputs["lines"]
    ]
    derived = derived_level(lines, Grade(inputs["report"]), AcceptanceThresholds.from_parameters(parameters))
    return {"derived": derived, "warning": contradiction(Grade(inputs["stated"]), derived)}


@rule("acceptance.count")
def _count_rule(parameters: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """Parameters: acceptance.*. Inputs: levels, members_present. Outcome: the count."""
    return count_acceptance(
        [None if level is None else Grade(level) for level in inputs["levels"]],
        AcceptanceThresholds.from_parameters(parameters),
        members_present=inputs["members_present"],
    )
