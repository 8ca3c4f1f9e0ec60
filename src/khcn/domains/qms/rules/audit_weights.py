"""How much a procedure calls for an audit: its risks, its open nonconformities, its lateness, time since the last."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuditNeed:
    """Facts of one procedure: highest risk 0–25, nonconformities of the last year, late share 0–1, months since."""

    risk: int = 0
    nonconformities: int = 0
    late_share: float = 0.0
    months_since: int | None = None


def weight(need: AuditNeed) -> int:
    """0–100: risk 40, nonconformities 25 (five or more full), lateness 20, time since the last audit 15 (24 months)."""
    since = 24 if need.months_since is None else min(need.months_since, 24)
    value = (
        40 * min(need.risk, 25) / 25
        + 25 * min(need.nonconformities, 5) / 5
        + 20 * min(max(need.late_share, 0.0), 1.0)
        + 15 * since / 24
    )
    return round(value)


def month_for(weight_of_line: int, position: int, count: int) -> int:
    """The month of a line: the heaviest first, spread from March to October. position: 0 = heaviest."""
    first, last = 3, 10
    if weight_of_line >= 60:
        return first
    return first + (position * (last - first)) // max(count - 1, 1) if count > 1 else 5


def reasons(need: AuditNeed) -> str:
    """Why the weight is what it is, in Vietnamese."""
    parts = []
    if need.risk:
        parts.append(f"rủi ro {need.risk}/25")
    if need.nonconformities:
        parts.append(f"{need.nonconformities} sự không phù hợp trong 12 tháng")
    if need.late_share:
        parts.append(f"{need.late_share:.0%} bước trễ")
    parts.append("chưa đánh giá lần nào" if need.months_since is None else f"{need.months_since} tháng từ lần trước")
    return "; ".join(parts)
