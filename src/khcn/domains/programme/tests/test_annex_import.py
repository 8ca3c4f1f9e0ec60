"""An annex comes in by page and by service: mapping remembered, errors row by row, all or nothing, updates by code."""

import io
import re
from html import unescape
from urllib.parse import parse_qs, urlparse

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khcn.domains.programme.choices import PlanState
from khcn.domains.programme.models import ColumnMapping, Plan, PlanField, PlanItem
from khcn.domains.programme.services import annex
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role
from khcn.web.spreadsheets.tests.ole_container import ole_container

HEAD = ["Mã", "Tên nhiệm vụ", "Lĩnh vực", "Đơn vị chủ trì", "Năm bắt đầu", "Năm kết thúc", "Kinh phí sự nghiệp KH&CN",
        "Vốn đối ứng, tài trợ", "Tổng kinh phí"]  # fmt: skip
ROWS = [
    ["NV-01", "Bản đồ số vùng trồng hồ tiêu", "Công nghệ thông tin", "Sở KH&CN", 2022, 2023, 900_000_000, 100_000_000,
     1_000_000_000],
    ["NV-02", "Chế phẩm vi sinh xử lý phế phụ phẩm", "Công nghệ sinh học", "Viện A", 2023, 2024, 600_000_000, None,
     600_000_000],
]  # fmt: skip


@pytest.fixture
def plan(db):
    made = Plan.objects.create(
        code="KH-PL",
        title="Kế hoạch thử",
        issuer="UBND tỉnh",
        period_from=2021,
        period_to=2025,
        state=PlanState.ADOPTED,
    )
    for ordinal, title in enumerate(["Lĩnh vực công nghệ thông tin", "Lĩnh vực công nghệ sinh học"], 1):
        PlanField.objects.create(plan=made, ordinal=ordinal, title=title)
    return made


@pytest.fixture
def member(make_member):
    return make_member(Role.SPECIALIST)


@pytest.fixture
def client(client_for, member):
    return client_for(member)


def workbook(rows, *, merged=(), prepare=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    if prepare:
        prepare(book.active)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def word_table(rows):
    document = docx.Document()
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            table.cell(i, j).text = "" if value is None else str(value)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def comma_separated(rows):
    lines = (";".join("" if value is None else str(value) for value in row) for row in rows)
    return "\r\n".join(lines).encode("utf-8-sig")


def send(client, plan, content, name="phụ lục.xlsx"):
    return client.post(reverse("annex_import", args=[plan.uid]), {"file": SimpleUploadedFile(name, content)})


def mapped(client, plan, answer, **posted):
    """The mapping page as it opens after the file was sent, or the answer to what is posted on it."""
    assert answer.status_code == 302, unescape(answer.content.decode())
    address = answer["Location"]
    if not posted:
        return client.get(address)
    ticket = parse_qs(urlparse(address).query)["tep"][0]
    chosen = re.findall(
        r'<select[^>]*name="(cot-\w+)"[^>]*>(.*?)</select>', client.get(address).content.decode(), re.DOTALL
    )
    columns = {
        name: found.group(1) if (found := re.search(r'value="(\d+)" selected', options)) else ""
        for name, options in chosen
    }
    return client.post(reverse("annex_mapping", args=[plan.uid]), {"tep": ticket, **columns, **posted})


def faults(client, plan, content, name="phụ lục.xlsx"):
    """(row, sentence) of each error on the mapping page; nothing may have been written."""
    page = mapped(client, plan, send(client, plan, content, name))
    assert page.status_code == 422
    assert mapped(client, plan, send(client, plan, content, name), viec="nhap").status_code == 422
    assert PlanItem.objects.count() == 0
    body = page.content.decode()
    rows = re.findall(
        r"<tr><td[^>]*>(\d+)</td><td[^>]*>(\w*)</td><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td></tr>", body, re.DOTALL
    )
    return [(int(number), column, unescape(said)) for number, column, _, said in rows]


@pytest.mark.parametrize(("name", "make"), [("a.xlsx", workbook), ("a.csv", comma_separated), ("a.docx", word_table)])
def test_annex_of_each_kind_comes_in_whole(client, plan, name, make):
    answer = mapped(client, plan, send(client, plan, make([HEAD, *ROWS]), name), viec="nhap")

    assert answer.status_code == 302
    first, second = PlanItem.objects.order_by("code")
    assert (first.code, first.total_vnd, first.year_from, first.year_to) == ("NV-01", 1_000_000_000, 2022, 2023)
    assert first.amounts == {
        "S1": {"2022": 450_000_000, "2023": 450_000_000},
        "S4": {"2022": 50_000_000, "2023": 50_000_000},
    }
    assert (first.field.ordinal, second.field.ordinal) == (1, 2)


def test_annex_mapping_is_remembered_for_the_same_headings(client, plan):
    odd = ["Ký số", "Đầu việc", "Tiền"]
    content = workbook([odd, ["NV-07", "Trạm quan trắc", 5_000_000]])
    answer = send(client, plan, content)
    ticket = parse_qs(urlparse(answer["Location"]).query)["tep"][0]
    sent = {"tep": ticket, "cot-code": "0", "cot-title": "1", "cot-total_vnd": "2", "viec": "nhap"}

    assert client.post(reverse("annex_mapping", args=[plan.uid]), sent).status_code == 302
    assert ColumnMapping.objects.count() == 1

    other = workbook([odd, ["NV-08", "Trạm thứ hai", 6_000_000]])
    page = mapped(client, plan, send(client, plan, other)).content.decode()
    chosen = dict(re.findall(r'name="cot-(\w+)"[^>]*>(?:(?!</select>).)*?value="(\d+)" selected', page, re.DOTALL))
    assert chosen == {"code": "0", "title": "1", "total_vnd": "2"}
    assert mapped(client, plan, send(client, plan, other), viec="nhap").status_code == 302
    assert PlanItem.objects.count() == 2


def test_annex_sent_again_updates_by_code_and_by_title_where_there_is_no_code(client, plan):
    nameless = [None, "Đào tạo cán bộ", None, "Sở Nội vụ", 2022, 2022, 50_000_000, None, 50_000_000]
    mapped(client, plan, send(client, plan, workbook([HEAD, *ROWS, nameless])), viec="nhap")
    changed = [[*ROWS[1][:3], "Viện B", *ROWS[1][4:]], ["NV-03", "Nhiệm vụ mới", *ROWS[0][2:]], nameless, ROWS[0]]

    mapped(client, plan, send(client, plan, workbook([HEAD, *changed])), viec="nhap")

    assert list(PlanItem.objects.order_by("code").values_list("code", flat=True)) == [
        "KH-PL-PL001", "NV-01", "NV-02", "NV-03",
    ]  # fmt: skip
    second = PlanItem.objects.get(code="NV-02")
    assert (second.lead_text, second.version) == ("Viện B", 2)
    assert PlanItem.objects.get(code="NV-01").version == 1


def test_annex_with_two_merged_heading_rows_in_millions_and_totals_is_understood(client, plan):
    rows = [
        ["PHỤ LỤC DANH MỤC NHIỆM VỤ"],
        ["Đơn vị tính: triệu đồng"],
        ["STT", "Mã", "Tên nhiệm vụ", "Thời gian thực hiện", "Kinh phí", None, None],
        [None, None, None, None, "Tổng kinh phí", "Kinh phí sự nghiệp KH&CN", "Vốn đối ứng, tài trợ"],
        ["I", None, "Công nghệ sinh học", None, None, None, None],
        [1, "NV-11", "Giống điều năng suất cao", "2022-2024", "1.200,5", 1000, "200,5"],
        ["Tổng cộng", None, None, None, "1.200,5", 1000, "200,5"],
    ]
    content = workbook(rows, merged=["E3:G3", "A3:A4", "B3:B4", "C3:C4", "D3:D4"])

    page = mapped(client, plan, send(client, plan, content))
    answer = mapped(client, plan, send(client, plan, content), viec="nhap")

    text = unescape(page.content.decode())
    assert "triệu đồng" in text
    assert "tổng cộng nên không được nhập" in text
    assert answer.status_code == 302
    item = PlanItem.objects.get()
    assert (item.code, item.total_vnd, item.year_from, item.year_to) == ("NV-11", 1_200_500_000, 2022, 2024)
    assert sum(item.amounts["S1"].values()) == 1_000_000_000
    assert sum(item.amounts["S4"].values()) == 200_500_000


def test_annex_with_formulas_uses_stored_values_and_warns(client, plan):
    def formula(sheet):
        sheet["I2"] = "=G2+H2"

    page = mapped(client, plan, send(client, plan, workbook([HEAD, ROWS[0]], prepare=formula)))

    text = unescape(page.content.decode())
    assert "công thức" in text
    assert "I2" in text


def test_annex_faults_are_told_row_by_row_and_nothing_is_written(client, plan):
    content = workbook(
        [
            HEAD,
            ROWS[0],
            ["NV-01", "Trùng mã", *ROWS[0][2:]],
            ["NV-05", None, *ROWS[0][2:]],
            ["NV-06", "Năm không có", None, None, "2O26", 2027, None, None, 1],
            ["NV-07", "Năm lộn ngược", None, None, 2025, 2023, None, None, 1],
            ["NV-08", "Tiền âm", None, None, 2023, 2023, -5_000_000, None, None],
            ["NV-09", "Nguồn hơn tổng", None, None, 2023, 2023, 9_000_000, None, 5_000_000],
            ["NV-10", "Ngày không có", None, None, "31/02/2023x", 2023, None, None, 1],
        ]
    )

    told = faults(client, plan, content)

    def about(row):
        return " ".join(said for number, _, said in told if number == row)

    assert "trùng" in about(2)
    assert "trùng" in about(3)
    assert "Tên nhiệm vụ" in about(4)
    assert "không phải là năm" in about(5)
    assert "Năm bắt đầu sau năm kết thúc" in about(6)
    assert about(7)
    assert "lớn hơn tổng kinh phí" in about(8)
    assert "không phải là năm" in about(9)


def test_annex_errors_come_as_a_workbook_to_mend(client, plan):
    content = workbook([HEAD, ["NV-08", "Tiền âm", None, None, 2023, 2023, -5, None, None]])

    answer = mapped(client, plan, send(client, plan, content), viec="loi")

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert "Lỗi" in cells
    assert any("âm" in text for text in cells)
    assert PlanItem.objects.count() == 0


def test_annex_without_title_column_says_which_is_missing(client, plan):
    page = mapped(client, plan, send(client, plan, workbook([["Mã", "Ghi chú"], ["A", "b"]])))

    assert page.status_code == 422
    assert "Tên nhiệm vụ" in unescape(page.content.decode())


def macro_workbook():
    import zipfile

    stream = io.BytesIO(workbook([HEAD, *ROWS]))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return stream.getvalue()


def bomb():
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (120 * 1024 * 1024))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.xlsx", lambda: b""),
        ("a.xlsx", lambda: workbook([HEAD, *ROWS])[:700]),
        ("a.xlsx", lambda: ole_container("EncryptedPackage")),
        ("a.docx", lambda: ole_container("EncryptedPackage")),
        ("a.xlsx", macro_workbook),
        ("a.xlsx", bomb),
        ("a.xlsx", lambda: b"Ma;Ten\nA;B\n"),
        ("a.csv", lambda: b"\x00\x01\x02\x03" * 300),
        ("a.docx", lambda: word_table([["chỉ một ô"]])),
        ("a.xls", lambda: ole_container("Workbook")),
        ("a.pdf", lambda: b"%PDF-1.7"),
    ],
)
def test_annex_of_unfit_file_is_refused_with_what_to_do(client, plan, name, make):
    answer = send(client, plan, make(), name)

    text = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert re.search(r"Vui lòng|Chỉ nhận tệp|rỗng|không có nội dung", text)
    assert PlanItem.objects.count() == ColumnMapping.objects.count() == 0


def test_annex_of_a_million_rows_is_refused_by_its_size(client, plan):
    rows = b"NV;Ten;1\n" * 1_000_001

    answer = send(client, plan, b"Ma;Ten nhiem vu;Tong kinh phi\n" + rows, "a.csv")

    assert answer.status_code == 422
    assert "tách" in unescape(answer.content.decode())
    assert PlanItem.objects.count() == 0


def test_annex_in_old_font_is_converted_and_said_so(client, plan):
    rows = [["M·", "Tªn nhiÖm vô"], ["NV-21", "øng dông khoa häc vµ c«ng nghÖ trong s¶n xuÊt lóa chÊt l­îng cao"]]

    answer = send(client, plan, workbook(rows))
    page = unescape(mapped(client, plan, answer).content.decode())

    assert "TCVN3" in page
    assert "khoa học và công nghệ" in page


def test_import_annex_refuses_every_fault_at_once_and_writes_nothing(plan, member):
    good = annex.AnnexRow(2, {"code": "A", "title": "Tốt", "total_vnd": 5})
    late = annex.AnnexRow(3, {"code": "B", "title": "Lộn năm", "year_from": 2025, "year_to": 2023})
    more = annex.AnnexRow(4, {"code": "C", "title": "Quá tổng", "S1": 9, "total_vnd": 5})

    with pytest.raises(Refused) as caught:
        annex.import_annex(by=member.actor, plan=plan, rows=[good, late, more], filename="a.xlsx")

    assert "Dòng 3:" in caught.value.message
    assert "Dòng 4:" in caught.value.message
    assert PlanItem.objects.count() == 0


def test_import_annex_by_a_host_is_forbidden(plan, make_member):
    row = annex.AnnexRow(2, {"title": "Nhiệm vụ"})

    with pytest.raises(Forbidden):
        annex.import_annex(by=make_member(Role.HOST).actor, plan=plan, rows=[row], filename="a.xlsx")


def test_annex_list_shows_the_rows_and_the_template_is_read_back(client, plan):
    mapped(client, plan, send(client, plan, workbook([HEAD, *ROWS])), viec="nhap")

    page = client.get(reverse("annex_list", args=[plan.uid])).content.decode()
    template = client.get(reverse("annex_template"))

    assert "NV-01" in page
    assert "NV-02" in page
    assert template.status_code == 200
    heads = [c.value for row in openpyxl.load_workbook(io.BytesIO(template.content)).active.iter_rows() for c in row]
    assert any("Tên nhiệm vụ" in str(value) for value in heads)
