"""When the use of a result is measured: so many months after it began, as long as it goes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from khcn.lib.dates import add_months


@dataclass(frozen=True, slots=True)
class Use:
    """A confirmed use: from when, until when (None: it goes on), and the months that were measured."""

    used_from: date
    used_to: date | None = None
    measured: frozenset[int] = frozenset()

    def lasts_to(self, months: int) -> bool:
        """True when the use had not ended before it was so many months old."""
        return self.used_to is None or self.used_to >= add_months(self.used_from, months)


def refusal(use: Use, months: int, *, marks: Iterable[int], on: date) -> str:
    """Why the use may not be measured at a mark on the day, as a whole sentence; empty when it may."""
    if months not in set(marks):
        return "Chỉ đo ở các mốc của quy trình."
    if months in use.measured:
        return f"Mốc {months} tháng đã có số đo."
    if not use.lasts_to(months):
        return f"Việc ứng dụng đã dừng trước mốc {months} tháng nên không cần đo."
    begins = add_months(use.used_from, months)
    return f"Mốc {months} tháng tính từ {begins:%d/%m/%Y}; chưa đến ngày đo." if on < begins else ""


def is_measured(uses: Iterable[Use], months: int) -> bool:
    """True when every use was measured at the mark or had ended before it; False when nobody uses the result."""
    known = list(uses)
    return bool(known) and all(months in use.measured or not use.lasts_to(months) for use in known)


def open_marks(use: Use, *, marks: Iterable[int], on: date) -> list[int]:
    """Marks at which the use may be measured on the day."""
    known = tuple(marks)
    return [months for months in known if not refusal(use, months, marks=known, on=on)]
