"""Amounts printed, read and spelled out."""

import re
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.lib.money import (
    LARGEST_VND,
    UnreadableAmount,
    format_number,
    format_short_vnd,
    format_vnd,
    in_words,
    parse_vnd,
    parse_words,
)
from khcn.lib.number_words import parse_number_words, spell_number

amounts = st.one_of(
    st.integers(-LARGEST_VND, LARGEST_VND),
    st.builds(lambda digits, zeros: digits * 10**zeros, st.integers(0, 9999), st.integers(0, 14)),
)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (45_000_000_000, "Bốn mươi lăm tỷ đồng"),
        (1_005, "Một nghìn không trăm lẻ năm đồng"),
        (0, "Không đồng"),
        (10, "Mười đồng"),
        (15, "Mười lăm đồng"),
        (11, "Mười một đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (104, "Một trăm lẻ bốn đồng"),
        (1_000_000, "Một triệu đồng"),
        (1_000_005, "Một triệu không trăm lẻ năm đồng"),
        (10_300_000, "Mười triệu ba trăm nghìn đồng"),
        (45_500_000_000, "Bốn mươi lăm tỷ năm trăm triệu đồng"),
        (1_000_050_000, "Một tỷ không trăm năm mươi nghìn đồng"),
        (10**12, "Một nghìn tỷ đồng"),
        (10**18, "Một tỷ tỷ đồng"),
        (-3_000, "Âm ba nghìn đồng"),
        (1_234_567_891, "Một tỷ hai trăm ba mươi tư triệu năm trăm sáu mươi bảy nghìn tám trăm chín mươi mốt đồng"),
    ],
)
def test_in_words_official_style(amount, words):
    assert in_words(amount) == words


def test_in_words_every_number_below_twenty_thousand_reads_back():
    for number in range(20_000):
        assert parse_number_words(spell_number(number)) == number


@given(amounts)
def test_in_words_any_amount_reads_back(amount):
    assert parse_words(in_words(amount)) == amount


@given(amounts, amounts)
def test_in_words_different_amounts_differ(left, right):
    assert (in_words(left) == in_words(right)) == (left == right)


def test_parse_words_regional_spellings():
    assert parse_words("Bốn mươi lăm tỉ đồng chẵn.") == 45 * 10**9
    assert parse_words("một ngàn không trăm linh năm đồng") == 1005
    assert parse_words("(hai mươi bốn triệu đồng)") == 24 * 10**6
    assert parse_words("ba muoi lam nghin") == 35_000


@pytest.mark.parametrize(
    "text", ["", "đồng", "hai ba", "một nghìn triệu", "mười mười", "trăm", "không mươi", "lẻ năm", "tỷ", "năm trăm lẻ"]
)
def test_parse_words_nonsense_is_refused(text):
    with pytest.raises(UnreadableAmount, match="viết bằng chữ"):
        parse_words(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("45 tỷ", 45 * 10**9),
        ("45 ty dong", 45 * 10**9),
        ("45.000.000.000", 45 * 10**9),
        ("45.000.000.000 đồng", 45 * 10**9),
        ("khoảng 45.000.000.000 đồng.", 45 * 10**9),
        ("45,000,000,000", 45 * 10**9),
        ("45 000 000", 45 * 10**6),
        ("45,5 triệu", 45_500_000),
        ("1.5 tỷ", 1_500_000_000),
        ("12.500 triệu đồng", 12_500 * 10**6),
        ("1.234,5 triệu", 1_234_500_000),
        ("2 tỷ 300 triệu", 2_300_000_000),
        ("2tỷ300triệu", 2_300_000_000),
        ("1 tỷ rưỡi", 1_500_000_000),
        ("1 nghìn tỷ", 10**12),
        ("1 nghìn 500 tỷ", 1_500 * 10**9),
        ("500k", 500_000),
        ("1.000đ", 1_000),
        ("1.234.567,00 đồng", 1_234_567),
        ("45 tỷ đồng chẵn", 45 * 10**9),
        ("0", 0),
        ("bốn mươi lăm tỷ đồng", 45 * 10**9),
        ("４５ tỷ", 45 * 10**9),
    ],
)
def test_parse_vnd_usual_forms(text, amount):
    assert parse_vnd(text) == amount


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Chưa có số tiền"),
        ("abc", "Không đọc được số tiền “abc”"),
        ("45,000", "hai cách: ghi 45.000"),
        ("4,500 triệu", "ghi 4.500 nếu là hàng nghìn, hoặc 4,5"),
        ("45,5", "không phải là số đồng chẵn"),
        ("45.00.000", "Không đọc được số “45.00.000”"),
        ("2 triệu 3 tỷ", "Không đọc được"),
        ("45 nghìn 5", "thiếu đơn vị"),
        ("10 triệu đồng/năm", "Không hiểu “/”"),
        ("12 34", "Không đọc được"),
        ("-5 triệu", "không được âm"),
        ("(45.000)", "không được âm"),
        ("9.000.000.000 tỷ", "lớn hơn một tỷ tỷ đồng"),
        ("5 USD", "Không hiểu “usd”"),
    ],
)
def test_parse_vnd_refusals_are_sentences(text, sentence):
    with pytest.raises(UnreadableAmount) as refusal:
        parse_vnd(text)

    assert sentence in refusal.value.message
    assert refusal.value.message.endswith(".")


@given(amounts)
def test_parse_vnd_reads_what_format_vnd_prints(amount):
    assert parse_vnd(format_vnd(amount), allow_negative=True) == amount
    assert parse_vnd(in_words(abs(amount))) == abs(amount)


@given(st.text(max_size=30))
def test_parse_vnd_any_text_gives_amount_or_refusal(text):
    with suppress(UnreadableAmount):
        assert 0 <= parse_vnd(text) <= LARGEST_VND


def test_format_number_vietnamese_marks():
    assert format_number(Decimal("1234567.50")) == "1.234.567,5"
    assert format_number(Decimal("1E+3")) == "1.000"
    assert format_number(Fraction(2, 3), decimals=2) == "0,67"
    assert format_number(Fraction(-1, 300), decimals=1) == "0,0"
    assert format_number(Decimal("2.5"), decimals=0) == "3"
    assert format_number(-1500) == "-1.500"
    assert format_number(Decimal("-0.0")) == "0"


def test_format_vnd_whole_dong_only():
    assert format_vnd(45_000_000_000) == "45.000.000.000 đồng"
    assert format_vnd(Decimal(-5), unit="đ") == "-5 đ"
    with pytest.raises(ValueError, match="fraction"):
        format_vnd(Decimal("0.5"))


def test_format_short_largest_unit():
    assert format_short_vnd(45_000_000_000) == "45 tỷ đồng"
    assert format_short_vnd(12_500_000) == "12,5 triệu đồng"
    assert format_short_vnd(-1_255_000_000) == "-1,26 tỷ đồng"
    assert format_short_vnd(950) == "950 đồng"


def test_amounts_of_the_law_texts_are_read(law_texts):
    written = set(re.findall(r"\d[\d.,]* ?(?:triệu |tỷ )?đồng", " ".join(law_texts)))

    amounts = {text: parse_vnd(text) for text in written}

    assert amounts["40 triệu đồng"] == 40_000_000
    assert amounts["1.500.000 đồng"] == 1_500_000
    assert all(amount % 1000 == 0 for amount in amounts.values())
