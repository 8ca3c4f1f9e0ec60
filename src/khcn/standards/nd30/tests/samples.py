"""Documents of the kinds that the decree shows, invented for the tests."""

from datetime import date

from khcn.standards.nd30.document import (
    LETTER,
    MINUTES,
    REPORT,
    Align,
    Annex,
    Authority,
    DocumentNumber,
    Heading,
    HeadingLevel,
    Issuer,
    ListItems,
    Mark,
    OfficialDocument,
    Paragraph,
    Run,
    Signature,
    Table,
    TableColumn,
    TableRow,
)
from khcn.standards.nd30.forms import (
    SIGN_NOTE,
    Criterion,
    form_document,
    question,
    remarks,
    scoring_table,
    tally_table,
)

ISSUER = Issuer("Sở Khoa học và Công nghệ", "Ủy ban nhân dân tỉnh Đồng Nai")

COLUMNS = (
    TableColumn("TT", 0.5, Align.CENTRE),
    TableColumn("Tên nhiệm vụ", 3),
    TableColumn("Ngân sách", 1.2, Align.RIGHT, group="Kinh phí"),
    TableColumn("Đối ứng", 1.2, Align.RIGHT, group="Kinh phí"),
    TableColumn("Tiến độ", 1.5),
)
ROWS = (
    TableRow(["I. Lĩnh vực nông nghiệp"], is_group=True),
    ("1", "Nghiên cứu chọn tạo giống điều chịu hạn", "1.200", "300", "Đúng tiến độ"),
    ("2", "Ứng dụng tưới tiết kiệm nước cho hồ tiêu", "850", "0", "Chậm 02 tháng"),
    TableRow(["", "Tổng cộng", "2.050", "300", ""], bold=True),
)

REPORT_SAMPLE = OfficialDocument(
    issuer=ISSUER,
    kind=REPORT,
    subject="Kết quả thực hiện nhiệm vụ khoa học và công nghệ 6 tháng đầu năm 2026",
    number=DocumentNumber("BC-SKHCN", 5),
    place="Đồng Nai",
    issued_on=date(2026, 1, 5),
    addressees=("Ủy ban nhân dân tỉnh", "Bộ Khoa học và Công nghệ"),
    grounds=(
        "Căn cứ Luật Khoa học và Công nghệ ngày 18 tháng 6 năm 2013",
        "Theo đề nghị của Trưởng phòng Quản lý khoa học",
    ),
    body=(
        Paragraph(
            "Thực hiện kế hoạch năm, Sở Khoa học và Công nghệ báo cáo kết quả (chi tiết tại Phụ lục kèm theo) như sau:"
        ),
        Heading(HeadingLevel.SECTION, "I", "Kết quả thực hiện"),
        Heading(HeadingLevel.CLAUSE, "1", "Tình hình chung"),
        Paragraph(
            (
                Run("Đến ngày 14 tháng 6, có "),
                Run("22 nhiệm vụ", bold=True),
                Run(" đang thực hiện, 05 nhiệm vụ đã nghiệm thu và đưa vào ứng dụng tại các đơn vị trên địa bàn tỉnh."),
            )
        ),
        Heading(HeadingLevel.POINT, "a", "Về tiến độ"),
        ListItems(("Đúng tiến độ: 17 nhiệm vụ;", "Chậm tiến độ: 05 nhiệm vụ.")),
        Table(COLUMNS, ROWS, caption="Bảng 1. Kinh phí theo nhiệm vụ", unit_note="Đơn vị tính: triệu đồng"),
        Heading(HeadingLevel.SECTION, "II", "Kiến nghị"),
        Paragraph("Sở Khoa học và Công nghệ kính đề nghị Ủy ban nhân dân tỉnh xem xét, chỉ đạo."),
    ),
    signatures=(Signature("Phó Giám đốc", "Trần Thị Bình", Authority.DEPUTY, "Giám đốc"),),
    recipients=("Như trên", "Giám đốc, các Phó Giám đốc Sở", "Các phòng thuộc Sở"),
    archive="VT, QLKH",
    annexes=(
        Annex("Danh mục nhiệm vụ", (Table(COLUMNS, ROWS * 12),), landscape=True),
        Annex("Giải thích số liệu", (Paragraph("Số liệu tính đến ngày 14 tháng 6 năm 2026."),)),
    ),
    mark=Mark.ILLUSTRATION,
)

LETTER_SAMPLE = OfficialDocument(
    issuer=ISSUER,
    kind=LETTER,
    subject="đề xuất nhiệm vụ khoa học và công nghệ năm 2027",
    number=DocumentNumber("SKHCN-QLKH", 128),
    place="Đồng Nai",
    issued_on=date(2026, 3, 15),
    addressees=("Các sở, ban, ngành tỉnh",),
    body=(Paragraph("Sở Khoa học và Công nghệ đề nghị các đơn vị gửi đề xuất trước ngày 30 tháng 4 năm 2026."),),
    signatures=(Signature("Giám đốc", "Nguyễn Văn An"),),
    recipients=("Như trên",),
    archive="VT, QLKH",
)

MINUTES_SAMPLE = OfficialDocument(
    issuer=Issuer("Hội đồng tư vấn\ntuyển chọn", "Sở Khoa học và Công nghệ"),
    kind=MINUTES,
    subject="Họp hội đồng tư vấn tuyển chọn tổ chức chủ trì nhiệm vụ",
    number=DocumentNumber("BB-HĐTV", 12),
    body=(
        Paragraph("Thời gian bắt đầu: 08 giờ 00, ngày 20 tháng 5 năm 2026."),
        Paragraph("Địa điểm: Phòng họp số 2, Sở Khoa học và Công nghệ."),
        Paragraph("Cuộc họp kết thúc vào 11 giờ 00 cùng ngày."),
    ),
    signatures=(Signature("Thư ký", "Lê Thị Hoa"), Signature("Chủ tọa", "Phạm Văn Đức")),
    recipients=("Thành viên hội đồng",),
    archive="VT, Hồ sơ",
)

BALLOT_SAMPLE = form_document(
    title="Phiếu đánh giá hồ sơ",
    subject="Đăng ký tuyển chọn tổ chức chủ trì nhiệm vụ khoa học và công nghệ",
    issuer=Issuer("Hội đồng tư vấn\ntuyển chọn", "Sở Khoa học và Công nghệ"),
    facts=(("Tên nhiệm vụ", "Chọn tạo giống điều chịu hạn"), ("Tổ chức đăng ký", "Viện A"), ("Họ tên thành viên", "")),
    body=(
        scoring_table(
            (
                Criterion("1", "Tổng quan", "12", is_group=True),
                Criterion("1.1", "Mức độ rõ ràng của mục tiêu", "8"),
                Criterion("1.2", "Tổng quan tình hình nghiên cứu", "4"),
            ),
            total_maximum="100",
        ),
        *question("Kiến nghị của thành viên hội đồng", ("Đề nghị thực hiện", "Không đề nghị thực hiện")),
        *remarks("Ý kiến khác"),
    ),
    place="Đồng Nai",
    issued_on=date(2026, 5, 20),
    signers=(Signature("Thành viên hội đồng", note=SIGN_NOTE),),
    mark=Mark.DRAFT,
)

COUNT_SAMPLE = form_document(
    title="Biên bản kiểm phiếu",
    subject="Tuyển chọn tổ chức chủ trì nhiệm vụ",
    kind=MINUTES,
    issuer=Issuer("Hội đồng tư vấn\ntuyển chọn", "Sở Khoa học và Công nghệ"),
    number=DocumentNumber("BB-HĐTV"),
    facts=(("Số phiếu phát ra", "09"), ("Số phiếu hợp lệ", "09")),
    body=(tally_table(("Đồng ý", "Không đồng ý"), (("Viện A", ("7", "2")), ("Công ty B", ("5", "4")))),),
    signers=(Signature("Thành viên tổ kiểm phiếu"), Signature("Trưởng tổ kiểm phiếu", "Phạm Văn Đức")),
)
