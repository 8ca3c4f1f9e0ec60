"""Fixtures of the rule tests: the reference rows, the rule book made of them and a calendar of plain weekdays."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from khcn.domains.programme.rules.rule_sets import RuleBook, parse_clocks, parse_parameters, parse_rule_sets

ROOT = Path(__file__).parents[6]
REFERENCE = ROOT / "data" / "reference" / "rules"


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one reference file."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Weekdays:
    """Monday to Friday are worked, nothing else; written apart from khcn.lib.calendar on purpose."""

    def add_working_days(self, start: date, days: int, /) -> date:
        step, left = (1 if days > 0 else -1), abs(days)
        while left:
            start += timedelta(days=step)
            left -= start.weekday() < 5
        return start

    def working_days_between(self, start: date, end: date, /) -> int:
        if end < start:
            return -self.working_days_between(end, start)
        return sum((start + timedelta(days=n)).weekday() < 5 for n in range(1, (end - start).days + 1))


@pytest.fixture(scope="session")
def reference():
    return read_rows


@pytest.fixture(scope="session")
def book() -> RuleBook:
    return RuleBook(
        rule_sets=parse_rule_sets(read_rows("rule_sets")),
        parameters=parse_parameters(read_rows("rule_parameters")),
        clocks=parse_clocks(read_rows("clocks")),
    )


@pytest.fixture(scope="session")
def regime_a(book):
    """Return a function from a key prefix to the verified values of regime A on 1 June 2024."""
    return lambda prefix: book.family("A", prefix, date(2024, 6, 1))


@pytest.fixture(scope="session")
def weekdays() -> Weekdays:
    return Weekdays()


@pytest.fixture(scope="session")
def reference_folder() -> Path:
    return REFERENCE


@pytest.fixture(scope="session")
def law_folder() -> Path:
    folder = ROOT.parent / "shared" / "reference" / "law"
    if not folder.is_dir():
        pytest.skip("không có thư mục văn bản pháp luật ../shared/reference/law để đối chiếu")
    return folder
