"""The set of forms follows the day: the shipped rows of TT 01/2018 and TT 03/2025, and days without a form."""

import csv
from datetime import date
from pathlib import Path

import pytest

from khcn.domains.onestop.choices import PaperKind
from khcn.domains.onestop.rules.form_sets import NoFormInForce, PaperForm, form_on

ROWS = Path(__file__).parents[5] / "data" / "reference" / "onestop" / "paper_forms.csv"


def shipped() -> list[PaperForm]:
    with ROWS.open(encoding="utf-8") as file:
        return [
            PaperForm(
                PaperKind(row["kind"]), row["basis"], row["number"], row["title"],
                date.fromisoformat(row["valid_from"]),
                date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "on", "basis", "number"),
    [
        (PaperKind.RECEIPT, date(2022, 5, 1), "TT 01/2018/TT-VPCP", "01"),
        (PaperKind.SUPPLEMENT, date(2022, 5, 1), "TT 01/2018/TT-VPCP", "02"),
        (PaperKind.CONTROL, date(2022, 5, 1), "TT 01/2018/TT-VPCP", "05"),
        (PaperKind.REGISTER, date(2022, 5, 1), "TT 01/2018/TT-VPCP", "06"),
        (PaperKind.STOP, date(2026, 5, 1), "TT 03/2025/TT-VPCP", "05"),
        (PaperKind.CONTROL, date(2026, 5, 1), "TT 03/2025/TT-VPCP", "06"),
        (PaperKind.REGISTER, date(2026, 5, 1), "TT 03/2025/TT-VPCP", "07"),
        (PaperKind.APOLOGY, date(2026, 5, 1), "TT 03/2025/TT-VPCP", "04"),
    ],
)
def test_form_number_follows_the_circular_of_the_day(kind: PaperKind, on: date, basis: str, number: str) -> None:
    form = form_on(shipped(), kind, on)

    assert (form.basis, form.number) == (basis, number)


def test_form_on_a_day_before_any_circular_is_refused() -> None:
    with pytest.raises(NoFormInForce, match="01/01/2010"):
        form_on(shipped(), PaperKind.RECEIPT, date(2010, 1, 1))


def test_form_sets_change_without_a_gap_or_an_overlap() -> None:
    for kind in (PaperKind.RECEIPT, PaperKind.SUPPLEMENT, PaperKind.REFUSAL, PaperKind.APOLOGY, PaperKind.CONTROL):
        old, new = sorted((row for row in shipped() if row.kind is kind), key=lambda row: row.valid_from)
        assert old.valid_to == new.valid_from
