"""Lines that people type for classes, products and parameters."""

from decimal import Decimal

import pytest

from khcn.domains.marks.rules.lines import (
    ClassLine,
    ParameterLine,
    ProductLine,
    class_text,
    parameter_text,
    product_text,
    read_classes,
    read_parameters,
    read_products,
)
from khcn.lib.failure import Refused


def test_classes_are_read_and_written_back() -> None:
    rows = read_classes("29: Hạt điều rang muối\n\n31: Hạt điều thô")

    assert rows == [ClassLine(29, "Hạt điều rang muối"), ClassLine(31, "Hạt điều thô")]
    assert read_classes(class_text(rows)) == rows


@pytest.mark.parametrize("text", ["Hạt điều", "46: Gạo", "0: Gạo", "29:", "29: a\n29: b"])
def test_classes_that_are_none_are_refused(text) -> None:
    with pytest.raises(Refused) as caught:
        read_classes(text)

    assert caught.value.field == "classes"


def test_products_take_numbers_as_vietnamese_write_them() -> None:
    rows = read_products("Hạt điều thô; 2500; 1\nNhân điều;; 3,6")

    assert rows == [
        ProductLine("Hạt điều thô", Decimal(2500), Decimal(1)),
        ProductLine("Nhân điều", None, Decimal("3.6")),
    ]
    assert read_products(product_text(rows)) == rows


@pytest.mark.parametrize("text", ["; 5", "Gạo; năm", "Gạo; -1", "Gạo\ngạo", "Gạo; NaN"])
def test_products_that_are_none_are_refused(text) -> None:
    with pytest.raises(Refused):
        read_products(text)


def test_parameters_are_read_and_written_back() -> None:
    text = "Độ dày hạt; mm; 14,5; 18;;; Hạt điều thô\nMùi;;;; thơm, không mốc;;; không"

    rows = read_parameters(text)

    assert rows[0] == ParameterLine("Độ dày hạt", "mm", Decimal("14.5"), Decimal(18), product="Hạt điều thô")
    assert rows[1] == ParameterLine("Mùi", wording="thơm, không mốc", is_critical=False)
    assert read_parameters(parameter_text(rows)) == rows


@pytest.mark.parametrize("text", ["Độ dày; mm", "Độ dày; mm; 20; 10", "; mm; 1", "A; mm; 1\na; mm; 2"])
def test_parameters_that_ask_nothing_or_the_impossible_are_refused(text) -> None:
    with pytest.raises(Refused):
        read_parameters(text)
