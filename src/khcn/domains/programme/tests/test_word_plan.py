"""Plans in Word files with real tables: letterhead, targets by year, money by source and year, duties, recipients."""

import io
import json

import pytest
from docx import Document

from khcn.domains.programme.rules.plan_reading import read_plan
from khcn.domains.programme.rules.plan_reading.tests.corpus import summary
from khcn.domains.programme.tests.word_plans import NAMES, NOTED, word_file
from khcn.web.intake import read_file

LETTERHEAD = [
    ("ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HẢI BÌNH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"),
    ("Số: 409/KH-UBND", "Hải Bình, ngày 12 tháng 01 năm 2026"),
]
OPENING = """KẾ HOẠCH
Phát triển hệ sinh thái đổi mới sáng tạo thành phố Hải Bình giai đoạn 2026 - 2030
Căn cứ Nghị quyết số 193/2025/QH15 ngày 19/02/2025 của Quốc hội;
Căn cứ Quyết định số 569/QĐ-TTg ngày 11/5/2022 của Thủ tướng Chính phủ;
Ủy ban nhân dân thành phố ban hành Kế hoạch như sau:
I. MỤC TIÊU
1. Mục tiêu chung
Xây dựng Hải Bình thành trung tâm đổi mới sáng tạo của vùng.
2. Chỉ tiêu cụ thể"""
TARGETS = [
    ("STT", "Chỉ tiêu", "ĐVT", "Thực hiện 2025", "Kế hoạch 2028", "Kế hoạch 2030"),
    ("1", "Số doanh nghiệp khởi nghiệp sáng tạo", "doanh nghiệp", "40", "90", "150"),
    ("2", "Tỷ trọng kinh tế số trong GRDP", "%", "16,2", "≥ 22", "≥ 30"),
    ("3", "Số bài báo quốc tế", "bài", "110", "160", "200"),
    ("4", "Tỷ lệ phòng thử nghiệm đạt chuẩn ISO/IEC 17025", "%", "50", "70", "trên 85"),
]
CONTENT = """II. NỘI DUNG
1. Hạ tầng đổi mới sáng tạo
- Xây dựng khu làm việc chung, phòng thử nghiệm mở.
- Vận hành sàn giao dịch công nghệ.
2. Hỗ trợ khởi nghiệp
- Cấp phiếu hỗ trợ đổi mới cho doanh nghiệp.
III. KINH PHÍ
Đơn vị tính: tỷ đồng"""
MONEY = [
    ("Nguồn", "2026", "2027", "2028", "2029", "2030", "Tổng cộng"),
    ("Ngân sách thành phố", "20", "25", "25", "25", "25", "120"),
    ("Quỹ phát triển khoa học và công nghệ", "5", "5", "5", "5", "5", "25"),
    ("Doanh nghiệp", "10", "12", "15", "18", "20", "75"),
    ("Cộng", "35", "42", "45", "48", "50", "220"),
]
DUTIES = """IV. TỔ CHỨC THỰC HIỆN
1. Sở Khoa học và Công nghệ
- Chủ trì triển khai, hướng dẫn các đơn vị.
2. Sở Tài chính
- Bố trí kinh phí theo phân kỳ hằng năm.
3. Trường Đại học Hải Bình
- Tổ chức đào tạo khởi nghiệp cho sinh viên."""
CLOSING = [
    (
        "Nơi nhận:\n- Bộ Khoa học và Công nghệ;\n- Thành ủy, HĐND thành phố;\n- Các sở, ngành thành phố;\n- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nTrần Quang Hải",
    )
]


def written_plan():
    document = Document()
    for part in (LETTERHEAD, OPENING, TARGETS, CONTENT, MONEY, DUTIES, CLOSING):
        if isinstance(part, str):
            for paragraph in part.splitlines():
                document.add_paragraph(paragraph)
            continue
        table = document.add_table(rows=0, cols=len(part[0]))
        for row in part:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_plan_in_a_word_file_with_tables_is_read_whole():
    taken = read_file(written_plan(), "ke-hoach.docx")

    assert summary(read_plan(taken.text, tables=taken.tables)) == {
        "number": "409/KH-UBND",
        "issued_on": "2026-01-12",
        "issuer": "Ủy ban nhân dân thành phố Hải Bình",
        "title": "Phát triển hệ sinh thái đổi mới sáng tạo thành phố Hải Bình giai đoạn 2026 - 2030",
        "period": [2026, 2030],
        "total_vnd": 220 * 10**9,
        "legal_bases": ["193/2025/QH15", "569/QĐ-TTg"],
        "objectives": ["Xây dựng Hải Bình thành trung tâm đổi mới sáng tạo của vùng."],
        "targets": [
            "= 90 doanh nghiệp | 2028-12-31",
            "= 150 doanh nghiệp | 2030-12-31",
            ">= 22 % | 2028-12-31",
            ">= 30 % | 2030-12-31",
            "= 160 bài | 2028-12-31",
            "= 200 bài | 2030-12-31",
            "= 70 % | 2028-12-31",
            "> 85 % | 2030-12-31",
        ],
        "fields": [
            [
                "Hạ tầng đổi mới sáng tạo",
                "Xây dựng khu làm việc chung, phòng thử nghiệm mở.",
                "Vận hành sàn giao dịch công nghệ.",
            ],
            ["Hỗ trợ khởi nghiệp", "Cấp phiếu hỗ trợ đổi mới cho doanh nghiệp."],
        ],
        "sources": ["Ngân sách thành phố", "Quỹ phát triển khoa học và công nghệ", "Doanh nghiệp"],
        "duties": [
            [["Sở Khoa học và Công nghệ"], "Chủ trì triển khai, hướng dẫn các đơn vị."],
            [["Sở Tài chính"], "Bố trí kinh phí theo phân kỳ hằng năm."],
            [["Trường Đại học Hải Bình"], "Tổ chức đào tạo khởi nghiệp cho sinh viên."],
        ],
        "recipients": ["Bộ Khoa học và Công nghệ", "Thành ủy, HĐND thành phố", "Các sở, ngành thành phố", "Lưu: VT"],
    }


@pytest.mark.parametrize("name", NAMES)
def test_plan_with_lists_and_merged_cells_of_word_is_read_as_its_truth_says(name):
    taken = read_file(word_file(name), f"{name}.docx")

    truth = json.loads((NOTED / f"{name}.json").read_text(encoding="utf-8"))
    assert summary(read_plan(taken.text, tables=taken.tables)) == truth
