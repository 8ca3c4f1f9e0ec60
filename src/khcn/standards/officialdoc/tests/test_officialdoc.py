"""Lines, markers, paragraphs, letterhead, citations and closing of official documents."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.standards.officialdoc import Style, read_citations, read_document, read_marker
from khcn.standards.officialdoc.lines import split_lines
from khcn.standards.officialdoc.markers import roman_value


@pytest.mark.parametrize(
    ("text", "style", "ordinal"),
    [
        ("IV. TỔ CHỨC", Style.ROMAN, 4),
        ("II- MỤC TIÊU", Style.ROMAN, 2),
        ("A. QUAN ĐIỂM", Style.UPPER_LETTER, 1),
        ("1. Mục tiêu", Style.ARABIC, 1),
        ("12.Mục tiêu", Style.ARABIC, 12),
        ("1- Nâng cao", Style.ARABIC, 1),
        ("1.2. Cụ thể", Style.DECIMAL_2, 2),
        ("2.1.3 Cụ thể", Style.DECIMAL_3, 3),
        ("(3) Sở Y tế", Style.PARENTHESISED, 3),
        ("4) Sở Y tế", Style.PARENTHESISED, 4),
        ("b) nội dung", Style.LETTER, 2),
        ("- Đến năm 2025", Style.DASH, None),
        ("–Đến năm 2025", Style.DASH, None),
        ("+ Phần mềm", Style.PLUS, None),
        ("• Một", Style.DOT, None),
        ("Điều 3. Giao", Style.ARTICLE, 3),
        ("Phần thứ hai", Style.PART, 2),
        ("Chương II", Style.CHAPTER, 2),
    ],
)
def test_marker_of_each_kind_is_read(text, style, ordinal):
    marker = read_marker(text)

    assert (marker.style, marker.ordinal) == (style, ordinal)
    assert text.startswith(marker.raw)


@pytest.mark.parametrize(
    "text",
    [
        "2025. Trong đó",
        "1.500 ha",
        "370-KL/TU",
        "30/KH-UBND",
        "1,5 tỷ",
        "100% xã",
        "Mục tiêu chung",
        "IIX. Sai",
        "5G phủ sóng",
    ],
)
def test_marker_is_not_seen_in_years_numbers_and_acts(text):
    assert read_marker(text) is None


@given(st.integers(1, 39))
def test_roman_value_reads_what_is_written(value):
    written = "X" * (value // 10) + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][value % 10]

    assert roman_value(written) == value


@given(st.text(alphabet="aÀ\u0301 \n\r\f\t|-1.", max_size=80))
def test_lines_lie_within_the_text_in_order(text):
    lines = split_lines(text)

    places = [(line.start, line.end) for line in lines]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(text[line.start : line.end] == line.text for line in lines if line.exact)


def test_lines_drop_page_numbers_at_page_edges_only():
    text = "Trang đầu\n1\n\fTrang hai\n- 2 -\n\fbảng\n7\n8\nhết"

    assert [(line.text, line.page) for line in split_lines(text)] == [
        ("Trang đầu", 1),
        ("Trang hai", 2),
        ("bảng", 3),
        ("7", 3),
        ("8", 3),
        ("hết", 3),
    ]


def test_paragraphs_join_hyphen_splits_of_act_numbers_and_keep_spaced_hyphens():
    text = (
        "KẾ HOẠCH\nThử\n\nI. NỘI DUNG\n\n- Thực hiện Kết luận số 370-\n\nKL/TU ngày 25/6/2022 trong lĩnh vực cơ "
        "khí -\n\n"
        "tự động hóa giai đoạn 2021 -\n\n2025 và Quyết định số 12/\n\n2020/QĐ-UBND của tỉnh.\n"
    )

    node = read_document(text).body[0].children[0]

    assert node.text == (
        "Thực hiện Kết luận số 370-KL/TU ngày 25/6/2022 trong lĩnh vực cơ khí - tự động hóa giai đoạn 2021 - 2025 "
        "và Quyết định số 12/2020/QĐ-UBND của tỉnh."
    )


def test_span_of_a_passage_leads_to_its_characters():
    text = "KẾ HOẠCH\nThử\nI. MỤC TIÊU\n- Xây dựng ba mô hình thí điểm ở vùng cao và\n  nhân rộng ra toàn tỉnh.\n"

    block = read_document(text).body[0].children[0].block
    begin = block.text.index("mô hình")
    span = block.span_of(begin, begin + 7)

    assert text[span.start : span.end] == "mô hình"
    assert (span.line, span.last_line, span.page) == (4, 4, 1)


@pytest.mark.parametrize(
    "head",
    [
        "ỦY BAN NHÂN DÂN     CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTỈNH HÀ YÊN     Độc lập - Tự do - Hạnh phúc\n"
        "Số: 9/KH-UBND     Hà Yên, ngày 01 tháng 02 năm 2023",
        "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTỈNH HÀ YÊN Độc lập - Tự do - Hạnh phúc\n"
        "Số: 9/KH-UBND Hà Yên, ngày 01 tháng 02 năm 2023",
        "ỦY BAN NHÂN DÂN\nTỈNH HÀ YÊN\n-------\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        "Số: 9/KH-UBND\nHà Yên, ngày 01 tháng 02 năm 2023",
    ],
)
def test_letterhead_is_read_however_its_columns_were_extracted(head):
    header = read_document(head + "\nKẾ HOẠCH\nThử nghiệm\nCăn cứ Luật Giá ngày 20/6/2012;\nI. MỤC TIÊU\n").header

    assert (header.issuer, header.number, header.place, header.issued_on) == (
        "ỦY BAN NHÂN DÂN TỈNH HÀ YÊN",
        "9/KH-UBND",
        "Hà Yên",
        date(2023, 2, 1),
    )


def test_letterhead_with_blank_number_and_day_has_none():
    header = read_document("UBND TỈNH X\nSố:      /KH-UBND\nX, ngày     tháng     năm 2024\nKẾ HOẠCH\nThử\n").header

    assert (header.number, header.issued_on) == (None, None)


def test_citations_give_kind_number_date_issuer_and_nested_ones():
    text = (
        "Căn cứ Luật Khoa học và Công nghệ ngày 18 tháng 6 năm 2013; Nghị quyết số 71/NQ-CP ngày 01/4/2025 của "
        "Chính phủ "
        "về thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị;"
    )

    law, basis, nested = read_citations(text)

    assert (law.kind, law.number, law.issued_on) == ("Luật", None, date(2013, 6, 18))
    assert (basis.number, basis.issuer, basis.nested) == ("71/NQ-CP", "Chính phủ", False)
    assert (nested.number, nested.issuer, nested.nested) == ("57-NQ/TW", "Bộ Chính trị", True)
    assert text[nested.start :].startswith("Nghị quyết số 57-NQ/TW")


def test_closing_joins_recipients_and_leaves_the_signature_out():
    text = (
        "KẾ HOẠCH\nThử\nI. MỤC TIÊU\nA.\nNơi nhận: TM. ỦY BAN NHÂN DÂN\n- Bộ KH&CN; KT. CHỦ TỊCH\n"
        "- TTTU, TT HĐND tỉnh, PHÓ CHỦ TỊCH\nMTTQ tỉnh;\n- Lưu: VT.\nLê Văn An\nPHỤ LỤC\nDanh mục\n"
    )

    closing = read_document(text).closing

    assert [r.text for r in closing.recipients] == ["Bộ KH&CN", "TTTU, TT HĐND tỉnh, MTTQ tỉnh", "Lưu: VT"]
    assert closing.offices == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert closing.signer == "Lê Văn An"
