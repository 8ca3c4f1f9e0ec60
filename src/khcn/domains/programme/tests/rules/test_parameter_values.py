"""Values of parameters: what an official writes becomes what the rules read, or is refused with what to write."""

import csv
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.programme.rules.parameter_values import parameter_value

ROWS = Path(__file__).parents[6] / "data" / "reference" / "rules" / "rule_parameters.csv"


@pytest.mark.parametrize(
    ("unit", "written", "value"),
    [
        ("share", "15 %", "3/20"), ("share", "15%", "3/20"), ("share", "0,15", "3/20"), ("share", "3/20", "3/20"),
        ("share", "1", "1"), ("factor", "1,5", "3/2"), ("flag", "Có", "yes"), ("flag", "no", "no"),
        ("VND", "1.000.000.000", "1000000000"), ("month", " 12 ", "12"), ("WD", "07", "7"),
    ],
)  # fmt: skip
def test_value_is_kept_as_the_rules_read_it(unit, written, value):
    assert parameter_value(unit, written) == value


@pytest.mark.parametrize(
    ("unit", "written"),
    [
        ("share", "1,2"), ("share", "120 %"), ("share", "một nửa"), ("share", "1/0"), ("share", "-1/2"), ("share", ""),
        ("factor", "x"), ("flag", "có lẽ"), ("VND", "1 tỷ"), ("VND", "1.00"), ("month", "-3"), ("count", "2,5"),
        ("text", "  "),
    ],
)  # fmt: skip
def test_value_that_the_rules_could_not_read_is_refused_with_what_to_write(unit, written):
    with pytest.raises(ValueError, match=r"^Ghi "):
        parameter_value(unit, written)


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_share_written_exactly_is_read_exactly(part, whole):
    share = Fraction(min(part, whole), whole)

    assert Fraction(parameter_value("share", f"{min(part, whole)}/{whole}")) == share


def test_every_value_of_the_reference_rows_may_be_written_again():
    with ROWS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            again = parameter_value(row["unit"], row["value"])
            assert again == row["value"] or Fraction(again) == Fraction(row["value"]), row["key"]
