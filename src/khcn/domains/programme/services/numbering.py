"""Codes of records: a pattern that is data of the rule set, and a number without gaps from the register of its year."""

from datetime import date
from typing import Final

from khcn.domains.programme.models import RuleSet
from khcn.domains.programme.queries.law import parameters_of, rule_set_in_force
from khcn.kernel.documents.services import next_number
from khcn.lib.failure import Refused

#: Used where the rule set has no parameter `code.<kind>`; fields: year, n (number in the year), yy (its last digits).
DEFAULT_PATTERNS: Final = {
    "proposal": "DX-{year}-{n:03d}",
    "order_list": "DM-{year}-{n:02d}",
    "call": "TB-{year}-{n:03d}",
    "application": "HS-{year}-{n:03d}",
    "task": "KHCN-{year}-{n:02d}",
}


def next_code(*, kind: str, on: date, rule_set: RuleSet | None = None, year: int | None = None) -> str:
    """Take the next code of a kind of record in a year, inside the caller's transaction.

    Raises Refused when the pattern of the rule set cannot be filled in.
    """
    rules = rule_set or rule_set_in_force(on=on)
    key = f"code.{kind}"
    pattern = str(parameters_of(rules, on=on, keys=(key,)).get(key, DEFAULT_PATTERNS[kind]))
    counted_year = year or on.year
    number = next_number(series=key, year=counted_year)
    try:
        return pattern.format(year=counted_year, yy=f"{counted_year % 100:02d}", n=number)
    except (KeyError, IndexError, ValueError) as error:
        raise Refused(
            f"Mẫu mã “{pattern}” trong bộ quy tắc {rules.code} không đúng; chỉ dùng year, yy và n, "
            "ví dụ DX-{year}-{n:03d}."
        ) from error
