"""The accounts one may sign in with in the demonstration, as `./khcn demo` and README name them.

Nothing here needs Django; `load_demo` gives each its person, unit and appointments.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account: name to sign in with, and what the person does, in Vietnamese and in English."""

    username: str
    role: str
    role_en: str


PASSWORD = "khcn-minh-hoa"  # printed for everybody; the demonstration holds nothing real
ACCOUNTS = (
    DemoAccount("chuyenvien", "Chuyên viên quản lý khoa học, Sở Khoa học và Công nghệ", "S&T management officer"),
    DemoAccount("truongphong", "Trưởng phòng Quản lý khoa học", "Head of the S&T management division"),
    DemoAccount("giamdoc", "Lãnh đạo Sở Khoa học và Công nghệ", "Director of the S&T department"),
    DemoAccount("thuky", "Thư ký hành chính của các hội đồng", "Administrative secretary of the councils"),
    DemoAccount("ketoan", "Kế toán, đơn vị quản lý kinh phí", "Accountant of the fund-managing unit"),
    DemoAccount("taichinh", "Sở Tài chính", "Department of Finance"),
    DemoAccount("lanhdao", "Lãnh đạo Ủy ban nhân dân tỉnh", "Provincial leader"),
    DemoAccount("chutri", "Tổ chức chủ trì", "Host organisation"),
    DemoAccount("chunhiem", "Chủ nhiệm nhiệm vụ", "Principal investigator"),
    DemoAccount("chutich", "Chủ tịch hội đồng", "Chair of a council"),
    DemoAccount("phanbien", "Ủy viên phản biện", "Reviewer"),
    DemoAccount("donvi", "Đơn vị phối hợp, nơi ứng dụng kết quả", "Coordinating unit, user of results"),
    DemoAccount("thongtin", "Đầu mối thông tin khoa học và công nghệ", "S&T information focal point"),
    DemoAccount("thanhtra", "Thanh tra, kiểm toán", "Inspector"),
    DemoAccount("motcua", "Cán bộ một cửa, Sở Khoa học và Công nghệ", "One-stop clerk of the S&T department"),
    DemoAccount(
        "vanthu", "Văn thư: lấy số, ký số cơ quan, gửi văn bản", "Registrar: numbers, seals and sends documents"
    ),
    DemoAccount("thutruong", "Người đứng đầu một sở có hệ thống ISO điện tử", "Head of an agency with electronic ISO"),
    DemoAccount("thukyiso", "Thư ký ISO của sở ấy", "ISO secretary of that agency"),
    DemoAccount("danhgia", "Chuyên gia đánh giá nội bộ của sở ấy", "Internal auditor of that agency"),
    DemoAccount("congchuc", "Công chức xử lý hồ sơ của sở ấy", "Officer who handles that agency's dossiers"),
    DemoAccount("quantri", "Quản trị hệ thống", "System administrator"),
)
