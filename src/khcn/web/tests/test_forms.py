"""What officials type into forms, and how refusals come back to their field."""

from datetime import date

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from khcn.lib.failure import Forbidden, Refused, Stale
from khcn.lib.labelled import Labelled
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, EnumMultipleField, KhcnForm, MoneyField


class Colour(Labelled):
    RED = "red", "Đỏ"
    BLUE = "blue", "Xanh"


class Sample(KhcnForm):
    title = forms.CharField(label="Tên nhiệm vụ")
    amount = MoneyField(label="Kinh phí", required=False)
    due_on = DayField(label="Hạn", required=False)
    colour = EnumChoiceField(Colour, label="Màu", required=False)
    colours = EnumMultipleField(Colour, label="Các màu", required=False)
    paper = DropFileField(label="Tệp", endings=(".docx",), max_mb=1, required=False)


def sent(files=None, **values):
    return Sample({"title": "Tên", **values}, files)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("45 tỷ", 45 * 10**9), ("45.000.000.000", 45 * 10**9), ("45,5 triệu", 45_500_000), ("", None)],
)
def test_money_field_reads_what_people_write(typed, amount):
    form = sent(amount=typed)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == amount


@pytest.mark.parametrize("typed", ["45,000", "-5", "nhiều", "1" * 30])
def test_money_field_with_an_unreadable_amount_says_how_to_write_it(typed):
    form = sent(amount=typed)

    assert not form.is_valid()
    assert len(form.errors["amount"][0]) > 20
    assert form.status == 422


@pytest.mark.parametrize(
    "typed", ["01072025", "1/7/2025", "01-07-2025", "1.7.2025", "2025-07-01", "ngày 1 tháng 7 năm 2025"]
)
def test_day_field_reads_what_people_write(typed):
    form = sent(due_on=typed)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["due_on"] == date(2025, 7, 1)


@pytest.mark.parametrize("typed", ["31/02/2025", "hôm qua", "00000000"])
def test_day_field_with_no_such_day_is_refused(typed):
    assert "due_on" in sent(due_on=typed).errors


def test_choices_clean_to_members():
    form = sent(colour="red", colours=["red", "blue"])

    assert form.is_valid()
    assert form.cleaned_data["colour"] is Colour.RED
    assert form.cleaned_data["colours"] == [Colour.RED, Colour.BLUE]
    assert sent().is_valid()
    assert "colour" in sent(colour="green").errors


def test_text_is_kept_composed():
    form = sent(title="Die\u0302\u0300u")

    assert form.is_valid()
    assert form.cleaned_data["title"] == "Điều".replace("Đ", "D")


def test_file_with_another_ending_or_too_large_is_refused():
    wrong = sent({"paper": SimpleUploadedFile("a.exe", b"x")})
    large = sent({"paper": SimpleUploadedFile("a.docx", b"x" * (1024 * 1024 + 1))})
    right = sent({"paper": SimpleUploadedFile("THUYẾT MINH.DOCX", b"x")})

    assert "Chỉ nhận tệp .docx" in wrong.errors["paper"][0]
    assert "1 MB" in large.errors["paper"][0]
    assert right.is_valid()


def test_required_field_left_empty_is_named():
    form = Sample({})

    assert form.problems[0] == ("id_title", "Tên nhiệm vụ", "Cần ghi tên nhiệm vụ.")


def test_refusal_of_a_service_stands_beside_its_field():
    form = sent()
    assert form.is_valid()

    with form.refusals():
        raise Refused("Vượt dự toán.", field="amount")

    assert form.errors["amount"] == ["Vượt dự toán."]
    assert form.status == 422


def test_refusal_without_a_known_field_concerns_the_whole_form():
    form = sent()
    assert form.is_valid()

    with form.refusals():
        raise Refused("Đã khóa sổ.", field="/lines/3/amount")

    assert form.problems == [("", "", "Đã khóa sổ.")]


@pytest.mark.parametrize("failure", [Forbidden, Stale])
def test_refusals_let_forbidden_and_stale_pass(failure):
    form = sent()
    assert form.is_valid()

    with pytest.raises(failure), form.refusals():
        raise failure
