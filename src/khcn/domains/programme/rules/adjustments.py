"""Who may adjust what while a task runs, by the way its money is lumped, and within which limits.

Source: TT 04/2015/TT-BKHCN, Điều 12–20; TTLT 27/2015/TTLT-BKHCN-BTC, Điều 6, 7, 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from khcn.lib.dates import add_months

from ..choices import ChangeKind, LumpMode, PiChangeCause
from .findings import Finding

_TT04 = "TT 04/2015/TT-BKHCN, "
_TT27 = "TTLT 27/2015/TTLT-BKHCN-BTC, "


class Party(StrEnum):
    """Who decides a change: the host alone, the authority, or nobody because it is forbidden."""

    HOST = "host"
    AUTHORITY = "authority"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class AdjustmentRight:
    """One cell of the table: who decides, what must be heard first, and whether the authority may object afterwards."""

    party: Party
    citation: str
    council_required: bool = False
    consent_required: bool = False
    authority_may_object: bool = False


_FORBIDDEN_NAME = AdjustmentRight(Party.FORBIDDEN, _TT04 + "Điều 13 khoản 1")
_CONSULTED_NAME = AdjustmentRight(Party.AUTHORITY, _TT04 + "Điều 13 khoản 2", True, True)
_BOTH: Final = (LumpMode.FINAL_PRODUCT, LumpMode.PARTIAL)


def _both(right: AdjustmentRight) -> dict[LumpMode, AdjustmentRight]:
    return dict.fromkeys(_BOTH, right)


#: kind → lump mode → right. Source: TT 04/2015/TT-BKHCN, Điều 12–19; TTLT 27/2015, Điều 6 khoản 2, 7 khoản 4, 10.
RIGHTS: Final[dict[ChangeKind, dict[LumpMode, AdjustmentRight]]] = {
    **{
        kind: {LumpMode.FINAL_PRODUCT: _FORBIDDEN_NAME, LumpMode.PARTIAL: _CONSULTED_NAME}
        for kind in (ChangeKind.NAME, ChangeKind.OBJECTIVE, ChangeKind.PRODUCT)
    },
    ChangeKind.CONTENT: {
        LumpMode.FINAL_PRODUCT: AdjustmentRight(Party.HOST, _TT04 + "Điều 14 khoản 1"),
        LumpMode.PARTIAL: AdjustmentRight(Party.AUTHORITY, _TT04 + "Điều 14 khoản 2"),
    },
    ChangeKind.DURATION: _both(AdjustmentRight(Party.AUTHORITY, _TT04 + "Điều 12, Điều 19 khoản 2")),
    ChangeKind.PI: _both(
        AdjustmentRight(Party.HOST, _TT04 + "Điều 16, Điều 19 khoản 1, Điều 20 khoản 2", authority_may_object=True)
    ),
    ChangeKind.HOST: _both(AdjustmentRight(Party.AUTHORITY, _TT04 + "Điều 17, Điều 19 khoản 2")),
    ChangeKind.TEAM: _both(AdjustmentRight(Party.HOST, _TT04 + "Điều 18 khoản 2")),
    ChangeKind.MATERIALS: _both(AdjustmentRight(Party.HOST, _TT04 + "Điều 18 khoản 1")),
    ChangeKind.TRIP_CONTENT: _both(AdjustmentRight(Party.HOST, _TT04 + "Điều 18 khoản 3 điểm a")),
    ChangeKind.TRIP_SCOPE: _both(AdjustmentRight(Party.AUTHORITY, _TT04 + "Điều 18 khoản 3 điểm b")),
    ChangeKind.EQUIPMENT: _both(AdjustmentRight(Party.AUTHORITY, _TT04 + "Điều 18 khoản 4")),
    ChangeKind.NON_STATE_PLAN: _both(AdjustmentRight(Party.HOST, _TT04 + "Điều 18 khoản 5")),
    ChangeKind.LUMP_MODE: {
        LumpMode.FINAL_PRODUCT: AdjustmentRight(Party.FORBIDDEN, _TT27 + "Điều 6 khoản 2"),
        LumpMode.PARTIAL: AdjustmentRight(Party.FORBIDDEN, _TT27 + "Điều 7 khoản 4"),
    },
    ChangeKind.LUMP_TOTAL: _both(AdjustmentRight(Party.FORBIDDEN, _TT27 + "Điều 10 khoản 3 điểm a")),
    ChangeKind.LUMP_ALLOCATION: _both(AdjustmentRight(Party.HOST, _TT27 + "Điều 10 khoản 1 điểm a")),
    ChangeKind.NON_LUMP_BUDGET: _both(AdjustmentRight(Party.AUTHORITY, _TT27 + "Điều 10 khoản 3 điểm b")),
    ChangeKind.OTHER: _both(AdjustmentRight(Party.AUTHORITY, _TT04 + "Điều 18 khoản 6")),
}


@dataclass(frozen=True, slots=True)
class AdjustmentThresholds:
    """The limits of extension, shortening and absence."""

    extension_times_max: int
    long_term_months: int
    max_months_long: int
    max_months_short: int
    ask_before_months: int
    done_share: Fraction
    pi_absence_months: int

    @classmethod
    def from_parameters(cls, values: Mapping[str, str]) -> AdjustmentThresholds:
        """Read them from resolved parameters `extension.*`, `shortening.*`, `change.*`. Raises KeyError."""
        return cls(
            extension_times_max=int(values["extension.times_max"]),
            long_term_months=int(values["extension.long_term_months"]),
            max_months_long=int(values["extension.max_months_long"]),
            max_months_short=int(values["extension.max_months_short"]),
            ask_before_months=int(values["extension.ask_before_months"]),
            done_share=Fraction(values["shortening.done_share"]),
            pi_absence_months=int(values["change.pi_absence_months"]),
        )


def right_to_adjust(kind: ChangeKind, mode: LumpMode) -> AdjustmentRight:
    """Return who may make this change; a task without lumping follows the rules of partial lumping."""
    return RIGHTS[kind][LumpMode.PARTIAL if mode is LumpMode.NONE else mode]


def right_breaches(kind: ChangeKind, mode: LumpMode) -> tuple[Finding, ...]:
    """Return the finding that a change is forbidden outright, or nothing."""
    right = right_to_adjust(kind, mode)
    if right.party is not Party.FORBIDDEN:
        return ()
    text = f"Nhiệm vụ {mode.label.lower()} không được điều chỉnh {kind.label.lower()}."
    return (Finding("forbidden", text, right.citation),)


def extension_breaches(
    *,
    term_months: int,
    extra_months: int,
    earlier_extensions: int,
    ends_on: date,
    asked_on: date,
    thresholds: AdjustmentThresholds,
) -> tuple[Finding, ...]:
    """Return what speaks against an extension: a second one, too long, asked too late.

    term_months: term of the contract without extensions. The head of the authority may decide outside these limits
    (Điều 12 khoản 1, last sentence): the caller then records that decision. Source: TT 04/2015/TT-BKHCN, Điều 12.
    """
    found = []
    if earlier_extensions >= thresholds.extension_times_max:
        found.append(
            Finding(
                "times",
                f"Mỗi nhiệm vụ chỉ được gia hạn {thresholds.extension_times_max} lần.",
                _TT04 + "Điều 12 khoản 1",
            )
        )
    is_long = term_months > thresholds.long_term_months
    most = thresholds.max_months_long if is_long else thresholds.max_months_short
    if extra_months > most:
        bound = "trên" if is_long else "không quá"
        found.append(
            Finding(
                "length",
                f"Nhiệm vụ {bound} {thresholds.long_term_months} tháng chỉ được gia hạn tối đa {most} tháng.",
                _TT04 + "Điều 12 khoản 1",
            )
        )
    if asked_on > add_months(ends_on, -thresholds.ask_before_months):
        found.append(
            Finding(
                "asked_late",
                f"Phải đề nghị gia hạn trước khi kết thúc hợp đồng ít nhất {thresholds.ask_before_months} tháng.",
                _TT04 + "Điều 12 khoản 2",
            )
        )
    return tuple(found)


def shortening_breaches(done_share: Fraction, thresholds: AdjustmentThresholds) -> tuple[Finding, ...]:
    """Return what speaks against a shorter term: too little done. done_share: content done ÷ content planned, exact."""
    if done_share >= thresholds.done_share:
        return ()
    text = f"Chỉ xem xét rút ngắn khi đã hoàn thành ít nhất {thresholds.done_share} nội dung."
    return (Finding("too_little_done", text, _TT04 + "Điều 12 khoản 3"),)


def leader_change_breaches(
    cause: PiChangeCause | None,
    *,
    absent_months: int | None,
    successor_bars: Iterable[Finding],
    thresholds: AdjustmentThresholds,
) -> tuple[Finding, ...]:
    """Return what speaks against replacing the leader: no cause of the five, too short an absence, an unfit successor.

    absent_months: months away or missing, None where the cause is none of these. Source: TT 04/2015, Điều 16.
    """
    found = []
    if cause is None:
        found.append(
            Finding("cause", "Chỉ được thay chủ nhiệm trong các trường hợp luật định.", _TT04 + "Điều 16 khoản 1")
        )
    measured = cause is PiChangeCause.LONG_ASSIGNMENT or absent_months is not None
    if measured and (absent_months is None or absent_months <= thresholds.pi_absence_months):
        found.append(
            Finding(
                "absence",
                f"Thời gian vắng mặt phải trên {thresholds.pi_absence_months} tháng.",
                _TT04 + "Điều 16 khoản 1",
            )
        )
    found += [
        Finding("successor", f"Chủ nhiệm mới chưa đủ điều kiện: {bar.text}", _TT04 + "Điều 16 khoản 2", bar.evidence)
        for bar in successor_bars
    ]
    return tuple(found)


def host_change_breaches(has_restructuring_decision: bool, successor_bars: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what speaks against a new host: no merger, split or dissolution; an unfit successor. Source: Điều 17."""
    found = []
    if not has_restructuring_decision:
        found.append(
            Finding(
                "restructuring",
                "Chỉ thay tổ chức chủ trì khi có quyết định sáp nhập, chia tách hoặc giải thể.",
                _TT04 + "Điều 17 khoản 1",
            )
        )
    found += [
        Finding(
            "successor", f"Tổ chức chủ trì mới chưa đủ điều kiện: {bar.text}", _TT04 + "Điều 17 khoản 2", bar.evidence
        )
        for bar in successor_bars
    ]
    return tuple(found)


def amount_breaches(kind: ChangeKind, *, before_vnd: int, after_vnd: int) -> tuple[Finding, ...]:
    """Return what speaks against a change of amounts that the host makes alone.

    Materials and trips may not exceed the approved total of their item; the non-state total may not fall.
    Source: TT 04/2015/TT-BKHCN, Điều 18 khoản 1, 3, 5.
    """
    if kind is ChangeKind.MATERIALS and after_vnd > before_vnd:
        return (
            Finding("item_total", "Không được làm tăng tổng kinh phí mục nguyên vật liệu.", _TT04 + "Điều 18 khoản 1"),
        )
    if kind in (ChangeKind.TRIP_CONTENT, ChangeKind.TRIP_SCOPE) and after_vnd > before_vnd:
        return (Finding("item_total", "Không được làm tăng tổng kinh phí mục đoàn ra.", _TT04 + "Điều 18 khoản 3"),)
    if kind is ChangeKind.NON_STATE_PLAN and after_vnd < before_vnd:
        text = "Không được giảm tổng kinh phí ngoài ngân sách nhà nước đã được phê duyệt."
        return (Finding("non_state_total", text, _TT04 + "Điều 18 khoản 5"),)
    return ()
