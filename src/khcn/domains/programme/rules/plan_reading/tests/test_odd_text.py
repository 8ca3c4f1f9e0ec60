"""Odd, hostile and foreign text never raises and costs time in proportion to its length."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khcn.domains.programme.rules.plan_reading import read_plan, to_json, to_review
from khcn.domains.programme.rules.plan_reading.tests.corpus import NAMES, text_of

LAW = Path(__file__).resolve().parents[7] / "../shared/reference/law"
PIECES = [
    "KẾ HOẠCH", "I. MỤC TIÊU", "1. Mục tiêu cụ thể", "- ít nhất 03 mô hình",
    "đến năm 2030 đạt 80 %", "Nơi nhận:", "- Lưu: VT",
    "|", "| a | b |", "\t1\t2\t3", "\f", "III. KINH PHÍ",
    "Tổng 45 tỷ đồng", "IV. TỔ CHỨC THỰC HIỆN", "1. Sở Y tế", "-", "+", "•",
    "(", "Số: /", "ngày 31/02/2021", "Điều 1.", "Phần thứ", "số 370-", "KL/TU",
    "\u0301", "1.1.1.1.1", "từ 5 đến", "%", "0", "năm 99999",
    "Căn cứ Luật", "PHỤ LỤC", "TM. ỦY BAN NHÂN DÂN", "STT | Chỉ tiêu | ĐVT | Năm 2025", "9" * 60, "(Bằng chữ: đồng)",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=40), st.sampled_from(["\n", "\n\n", " ", "\r\n"])
)
def test_any_mixture_of_plan_pieces_gives_a_plan(pieces, glue):
    plan = read_plan(glue.join(pieces))

    assert set(to_json(plan)) <= set(to_review(plan))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_mutilated_plan_is_still_read(name, data):
    text = text_of(name)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    plan = read_plan(text[:start] + text[end:])

    for target in plan.targets:
        assert 0 <= target.confidence <= 1
        assert 0 <= target.span.start <= target.span.end <= len(text)


@pytest.mark.parametrize("path", sorted(LAW.glob("*.txt")) if LAW.exists() else [], ids=lambda p: p.stem)
def test_law_text_is_no_plan_and_does_no_harm(path):
    plan = read_plan(path.read_text(encoding="utf-8"))

    assert len(plan.targets) <= 3


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "1",
        " ",
        "(",
        "|",
        "từ nguồn ",
        "số 1-",
        "ít nhất ",
        "ngày 1/1/",
        "Căn cứ Luật A ",
        "1.1.\n",
        "- x\n",
        "I. A\n",
        "• a\n- b\n+ c\n",
        "Sở Y tế, ",
        "12.345 triệu đồng ",
        "Tổng kinh phí 1 tỷ đồng; ",
        "các sở, ban, ngành, ",
        "100% xã ",
        "Nơi nhận:\n- a;\n",
        "a | b | c\n",
        "đến năm 2025 ",
        "KẾ HOẠCH\n",
        "Nghị quyết Đại hội đại biểu toàn quốc ",
    ],
)
@pytest.mark.parametrize(
    "head",
    [
        "",
        "KẾ HOẠCH\nX\nI. MỤC TIÊU CỤ THỂ\n- ",
        "KẾ HOẠCH\nX\nIII. KINH PHÍ\n- ",
        "KẾ HOẠCH\nX\nIV. TỔ CHỨC THỰC HIỆN\n1. Sở ",
    ],
)
def test_long_repetition_costs_time_in_proportion(head, unit):
    def seconds(size):
        text = head + unit * (size // len(unit))
        begun = time.process_time()
        read_plan(text)
        return time.process_time() - begun

    def costs_too_much():
        # Four times the text may take four times as long; sixteen would be quadratic.
        return seconds(32_000) > 9 * seconds(8_000) + 0.25

    # A neighbour on the machine may spoil one comparison, hardly three in a row.
    assert not (costs_too_much() and costs_too_much() and costs_too_much())
