"""What the one-stop demonstration tells of: invented procedures, applicants and fates of dossiers."""

PROCEDURES = (
    (
        "SO",
        "1.900001",
        "Cấp giấy chứng nhận đăng ký hoạt động khoa học và công nghệ",
        "Hoạt động khoa học và công nghệ",
        10,
        300_000,
        "Giấy chứng nhận",
        ("Đơn đăng ký", "Điều lệ tổ chức", "Danh sách nhân lực"),
    ),
    (
        "SO",
        "1.900002",
        "Đăng ký kết quả thực hiện nhiệm vụ khoa học và công nghệ",
        "Hoạt động khoa học và công nghệ",
        5,
        0,
        "Giấy chứng nhận đăng ký kết quả",
        ("Phiếu đăng ký kết quả", "Báo cáo tổng hợp", "Báo cáo tóm tắt (không bắt buộc)"),
    ),
    (
        "SO",
        "1.900003",
        "Công bố hợp chuẩn dựa trên kết quả chứng nhận",
        "Tiêu chuẩn đo lường chất lượng",
        5,
        150_000,
        "Thông báo tiếp nhận",
        ("Bản công bố hợp chuẩn", "Giấy chứng nhận hợp chuẩn"),
    ),
    (
        "SO",
        "1.900004",
        "Cấp giấy phép sử dụng thiết bị X-quang chẩn đoán",
        "An toàn bức xạ",
        15,
        2_000_000,
        "Giấy phép",
        ("Đơn đề nghị", "Phiếu khai báo thiết bị", "Báo cáo đánh giá an toàn"),
    ),
    (
        "SO",
        "1.900005",
        "Công nhận sáng kiến có phạm vi ảnh hưởng cấp tỉnh",
        "Sở hữu trí tuệ",
        20,
        0,
        "Quyết định công nhận",
        ("Đơn yêu cầu", "Báo cáo sáng kiến"),
    ),
    (
        "XA",
        "2.900001",
        "Chứng thực bản sao từ bản chính",
        "Chứng thực",
        1,
        20_000,
        "Bản sao chứng thực",
        ("Bản chính và bản sao",),
    ),
    (
        "XA",
        "2.900002",
        "Xác nhận nguồn gốc sản phẩm nông nghiệp của hộ",
        "Nông nghiệp",
        3,
        0,
        "Giấy xác nhận",
        ("Đơn đề nghị", "Ảnh vùng trồng (không bắt buộc)"),
    ),
    (
        "XA",
        "2.900003",
        "Đăng ký nhu cầu hỗ trợ ứng dụng tiến bộ kỹ thuật",
        "Hoạt động khoa học và công nghệ",
        7,
        0,
        "Thông báo kết quả",
        ("Phiếu đăng ký",),
    ),
)
"""(place, code, title, field, working days, fee, result, components). The codes are invented."""
NAMES = (
    "Điểu Khánh",
    "Thị Lan",
    "Nguyễn Hữu Tâm",
    "Trần Thị Mỹ Hạnh",
    "Công ty TNHH Hạt Điều Xanh (minh họa)",
    "Lê Minh Quân",
    "Hợp tác xã Sầu riêng Phú Riềng (minh họa)",
    "Phạm Thị Diễm",
    "Hoàng Đức Anh",
    "Bệnh viện Đa khoa (minh họa)",
    "Võ Thành Nhân",
)
PLANS = (
    ["returned"] * 20
    + ["returned_late"] * 3
    + ["decided"] * 5
    + ["in_progress"] * 8
    + ["overdue"] * 3
    + ["supplement"] * 4
    + ["fee"] * 3
    + ["accepted"] * 3
    + ["submitted"] * 4
    + ["intake"] * 2
    + ["refused"] * 2
    + ["withdrawal"] * 1
    + ["stopped"] * 2
)
"""What becomes of each of the sixty dossiers."""
