"""Tables copied as one cell to a line become rows again; other lines stay as they are."""

import pytest

from khcn.standards.officialdoc.flattened import join_flattened_rows
from khcn.standards.officialdoc.lines import split_lines

HEAD = "TT\nChỉ tiêu\nĐVT\n2026\n2028\n"


def rows_of(text):
    return [line.columns for line in join_flattened_rows(split_lines(text))]


def test_rows_are_found_by_their_numbers_and_remember_their_lines():
    lines = join_flattened_rows(
        split_lines(HEAD + "1\nSố nhiệm vụ\nNhiệm vụ\n8\n12\n2\nTỷ lệ\n%\n75,5\n≥ 90\nIII. NỘI DUNG")
    )

    assert [line.columns for line in lines] == [
        ("TT", "Chỉ tiêu", "ĐVT", "2026", "2028"),
        ("1", "Số nhiệm vụ", "Nhiệm vụ", "8", "12"),
        ("2", "Tỷ lệ", "%", "75,5", "≥ 90"),
        ("III. NỘI DUNG",),
    ]
    assert [(line.span.line, line.span.last_line) for line in lines] == [(1, 5), (6, 10), (11, 15), (16, 16)]


def test_value_that_equals_the_next_number_does_not_end_a_row():
    assert rows_of(HEAD + "1\nSố mô hình\nMô hình\n2\n2\n2\nSố lớp\nLớp\n3\n3\n3\nSố xã\nXã\n4\n5")[1:] == [
        ("1", "Số mô hình", "Mô hình", "2", "2"),
        ("2", "Số lớp", "Lớp", "3", "3"),
        ("3", "Số xã", "Xã", "4", "5"),
    ]


def test_wrapped_words_groups_and_absent_remarks_are_put_in_place():
    text = (
        "STT\nChỉ tiêu\nĐVT\n2026\nGhi chú\nI\nNông nghiệp\n"
        "1\nSố giống\nmới chọn tạo\nGiống\n3\n2\nSố xã\nXã\n5\nMiền núi\nII\nCông nghiệp\n1\nSố doanh nghiệp\nDN\n9\n"
    )

    assert rows_of(text)[1:] == [
        ("I", "Nông nghiệp"),
        ("1", "Số giống mới chọn tạo", "Giống", "3", ""),
        ("2", "Số xã", "Xã", "5", "Miền núi"),
        ("II", "Công nghiệp"),
        ("1", "Số doanh nghiệp", "DN", "9", ""),
    ]


def test_words_over_several_years_hold_for_each():
    assert rows_of("TT\nChỉ tiêu\nĐVT\nKế hoạch\n2026\n2028\n1\nSố xã\nXã\n8\n9\n2\nSố hộ\nHộ\n1\n5")[0] == (
        "TT", "Chỉ tiêu", "ĐVT", "Kế hoạch 2026", "Kế hoạch 2028",
    )  # fmt: skip


def test_blank_lines_stand_for_empty_cells():
    assert rows_of(HEAD + "1\nSố xã\nXã\n\n9\n2\nSố hộ\nHộ\n1\n5")[1] == ("1", "Số xã", "Xã", "", "9")


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "1\nSố xã\nXã\n9\n2\nSố hộ\nHộ\n1\n5",  # a cell is missing and nothing tells which
        "TT\nChỉ tiêu\n1\nSố xã\n2\nSố hộ",  # two columns only: an ordinary list
        "Chỉ tiêu\nĐVT\n2026\n1\nSố xã\nXã\n9",  # no column of numbers
        HEAD + "Không có dòng nào",
    ],
)
def test_lines_of_no_sure_table_stay_as_they_are(text):
    lines = split_lines(text)

    assert join_flattened_rows(lines) == lines
