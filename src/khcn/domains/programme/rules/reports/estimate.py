"""Next year's estimate: what new tasks will cost, and what this year will have spent by its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: Years over which the mean cost of new tasks is taken. Source: NĐ 265/2025/NĐ-CP, Điều 7 khoản 2 điểm a (unverified).
MEAN_YEARS: Final = 3


@dataclass(frozen=True, slots=True)
class NewTaskEstimate:
    """The estimate for new tasks: planned number, tasks and money behind the mean, mean and total, in đồng.

    mean_vnd and total_vnd are None when no task was begun in the years looked at: then there is nothing to go by.
    """

    planned: int
    tasks: int
    spent_vnd: int
    mean_vnd: int | None
    total_vnd: int | None


@dataclass(frozen=True, slots=True)
class YearEstimate:
    """A year's money: planned, paid in the first six months, expected in the second half, expected for the year."""

    planned_vnd: int
    first_half_vnd: int
    second_half_vnd: int
    year_vnd: int


def estimate_new_tasks(*, planned: int, first_year_costs_vnd: Sequence[int]) -> NewTaskEstimate:
    """Return planned number × mean yearly cost of the new tasks of the last three years, in đồng.

    first_year_costs_vnd: state money of each such task in its first budget year. The mean is rounded to a whole đồng,
    halves up. Raises ValueError for a negative number. Source: NĐ 265/2025/NĐ-CP, Điều 7 khoản 2 điểm a.
    """
    if planned < 0 or any(cost < 0 for cost in first_year_costs_vnd):
        raise ValueError("an estimate has no negative numbers")
    spent, tasks = sum(first_year_costs_vnd), len(first_year_costs_vnd)
    mean = (2 * spent + tasks) // (2 * tasks) if tasks else None
    return NewTaskEstimate(planned, tasks, spent, mean, None if mean is None else planned * mean)


def estimate_year(*, planned_vnd: int, first_half_vnd: int) -> YearEstimate:
    """Return six months' payments and what is left of the year's plan as the second half, in đồng.

    A year whose first half already went beyond its plan expects nothing more.
    """
    second = max(0, planned_vnd - first_half_vnd)
    return YearEstimate(planned_vnd, first_half_vnd, second, first_half_vnd + second)
