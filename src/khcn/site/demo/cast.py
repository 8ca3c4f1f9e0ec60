"""The invented bodies and people of the demonstration; no real person or enterprise is meant."""

BODIES: tuple[tuple[str, str, str, str], ...] = (
    ("TT-CNTT", "Trung tâm Công nghệ số (minh họa)", "TT Công nghệ số", "public_service"),
    ("TT-UD", "Trung tâm Ứng dụng tiến bộ khoa học (minh họa)", "TT Ứng dụng", "public_service"),
    ("TT-TDC", "Trung tâm Kỹ thuật đo lường chất lượng (minh họa)", "TT Kỹ thuật", "public_service"),
    ("TT-GIONG", "Trung tâm Giống vật nuôi (minh họa)", "TT Giống", "public_service"),
    ("CC-TDC", "Chi cục Tiêu chuẩn chất lượng (minh họa)", "CC Tiêu chuẩn", "public_service"),
    ("CC-KL", "Chi cục Kiểm lâm (minh họa)", "CC Kiểm lâm", "public_service"),
    ("CC-BVTV", "Chi cục Bảo vệ thực vật (minh họa)", "CC BVTV", "public_service"),
    ("BV-DK", "Bệnh viện Đa khoa (minh họa)", "Bệnh viện", "public_service"),
    ("DH-BD", "Trường Đại học Bình Đông (minh họa)", "ĐH Bình Đông", "research"),
    ("CD-BP", "Trường Cao đẳng Kỹ thuật miền Đông (minh họa)", "CĐ Kỹ thuật", "research"),
    ("VIEN-SH", "Viện Sinh học ứng dụng (minh họa)", "Viện Sinh học", "research"),
    ("VIEN-CAY", "Viện Cây công nghiệp dài ngày (minh họa)", "Viện Cây CN", "research"),
    ("VIEN-VL", "Viện Vật liệu mới (minh họa)", "Viện Vật liệu", "research"),
    ("DN-SOFT", "Công ty TNHH Phần mềm Rừng Xanh (minh họa)", "Rừng Xanh", "enterprise"),
    ("DN-CK", "Công ty TNHH Cơ khí Suối Cam (minh họa)", "Suối Cam", "enterprise"),
    ("DN-PHAN", "Công ty cổ phần Phân hữu cơ Đất Đỏ (minh họa)", "Đất Đỏ", "enterprise"),
    ("DN-CAOSU", "Công ty cổ phần Cao su Tân Khai (minh họa)", "Tân Khai", "enterprise"),
    ("DN-GO", "Công ty TNHH Chế biến gỗ Minh Hưng (minh họa)", "Minh Hưng", "enterprise"),
    ("DN-VLXD", "Công ty TNHH Vật liệu nhẹ Nha Bích (minh họa)", "Nha Bích", "enterprise"),
    ("HTX-DIEU", "Hợp tác xã Điều Đắk Ơ (minh họa)", "HTX Điều", "cooperative"),
    ("HTX-TIEU", "Hợp tác xã Hồ tiêu Lộc An (minh họa)", "HTX Hồ tiêu", "cooperative"),
    ("HTX-RAU", "Hợp tác xã Rau quả Bù Nho (minh họa)", "HTX Rau quả", "cooperative"),
    ("HTX-HEO", "Hợp tác xã Chăn nuôi Tân Lợi (minh họa)", "HTX Tân Lợi", "cooperative"),
    ("HTX-BO", "Tổ hợp tác Nuôi bò Lộc Thạnh (minh họa)", "THT Lộc Thạnh", "cooperative"),
    ("HH-DIEU", "Hội ngành điều (minh họa)", "Hội Điều", "association"),
)  # fmt: skip
"""(code, name, short name, kind)."""

LEADERS: dict[str, tuple[str, str, str, int]] = {
    "TT-CNTT": ("Nguyễn Quang Vinh", "TS.", "Công nghệ thông tin", 2003),
    "TT-UD": ("Đặng Quốc Tín", "ThS.", "Quản lý khoa học", 2008),
    "TT-TDC": ("Lưu Thị Minh Tâm", "ThS.", "Tiêu chuẩn chất lượng", 2011),
    "TT-GIONG": ("Cao Thị Hằng Nga", "ThS.", "Chăn nuôi", 2008),
    "CC-TDC": ("Phùng Hải Yến", "ThS.", "Đo lường chất lượng", 2010),
    "CC-KL": ("Đoàn Trường Giang", "ThS.", "Lâm nghiệp", 2007),
    "CC-BVTV": ("Thái Kim Oanh", "KS.", "Bảo vệ thực vật", 2006),
    "BV-DK": ("Ngô Trọng Đức", "BSCKII.", "Quản lý bệnh viện", 2002),
    "DH-BD": ("Hồ Thị Tuyết Mai", "TS.", "Công nghệ thông tin", 2006),
    "CD-BP": ("Đinh Công Long", "ThS.", "Tự động hóa", 2009),
    "VIEN-SH": ("Trương Thị Lan", "TS.", "Vi sinh vật", 2000),
    "VIEN-CAY": ("Phan Quốc Hùng", "TS.", "Khoa học cây trồng", 1998),
    "VIEN-VL": ("Vũ Đăng Khoa", "PGS. TS.", "Khoa học vật liệu", 1996),
    "DN-SOFT": ("Dương Anh Tuấn", "KS.", "Công nghệ phần mềm", 2011),
    "DN-CK": ("Lý Thái Sơn", "KS.", "Cơ khí", 2007),
    "DN-PHAN": ("Tạ Văn Bình", "KS.", "Hóa hữu cơ", 2010),
    "DN-CAOSU": ("Lâm Chí Cường", "KS.", "Chế biến mủ cao su", 2005),
    "DN-GO": ("Nguyễn Thị Anh Đào", "KS.", "Chế biến lâm sản", 2012),
    "DN-VLXD": ("Trịnh Hữu Nhân", "KS.", "Vật liệu xây dựng", 2009),
    "HTX-DIEU": ("Châu Ngọc Điệp", "KS.", "Nông học", 2013),
    "HTX-TIEU": ("Điểu Lộc", "KS.", "Trồng tiêu", 2008),
    "HTX-RAU": ("Thị Hoa", "KS.", "Rau quả", 2012),
    "HTX-HEO": ("Tô Hoài Phong", "KS.", "Chăn nuôi heo", 2010),
    "HTX-BO": ("Kiều Gia Bảo", "KS.", "Nuôi bò", 2012),
    "HH-DIEU": ("Mạc Thị Hiền", "CN.", "Hội ngành hàng", 2009),
}
"""Who leads work at a body: name, degree, field, in the field since."""

EXPERTS: tuple[tuple[str, str, str], ...] = (
    ("Hà Văn Thạch", "GS. TS.", "Nông nghiệp"), ("Quách Thị Hồng Vân", "PGS. TS.", "Công nghệ sinh học"),
    ("Bạch Hưng Nguyên", "TS.", "Công nghệ thông tin"), ("Âu Dương Khánh", "TS.", "Khoa học vật liệu"),
    ("Từ Bảo Trân", "TS.", "Kinh tế nông nghiệp"), ("Khổng Minh Triết", "TS.", "Cơ điện tử"),
    ("Ông Thị Sương Mai", "TS.", "Môi trường"), ("Viên Đình Trí", "TS.", "Sở hữu trí tuệ"),
    ("Nhan Hồng Ngọc", "TS.", "Y học"), ("Giáp Văn Cảnh", "TS.", "Trồng trọt"), ("La Thành Danh", "TS.", "Tài chính"),
)  # fmt: skip

STAFF: dict[str, tuple[str, str, str]] = {
    "chuyenvien": ("Nguyễn Thị Bình An", "BP-SKHCN", "specialist"),
    "truongphong": ("Trần Thu Hà", "BP-SKHCN", "head"),
    "giamdoc": ("Lê Hoàng Dũng", "BP-SKHCN", "director"),
    "thuky": ("Phạm Minh Thư", "BP-SKHCN", "admin_secretary"),
    "ketoan": ("Võ Ngọc Kế", "BP-SKHCN", "accountant"),
    "taichinh": ("Bùi Thị Ngọc Châu", "BP-STC", "finance"),
    "lanhdao": ("Huỳnh Văn Phú", "BP-UBND", "leader"),
    "thongtin": ("Cù Thị Thông", "TT-UD", "info_focal"),
    "thanhtra": ("Đỗ Thanh Tra", "BP-TTR", "inspector"),
    "motcua": ("Nguyễn Thị Một", "BP-SKHCN", "one_stop"),
    "vanthu": ("Trần Văn Thư", "BP-SKHCN", "clerk"),
    "quantri": ("Mai Quốc Quân", "BP-SKHCN", "sysadmin"),
}
"""Account: name, body by code, role. The other accounts are leaders of bodies and experts."""

SEATS = ("chair", "vice_chair", "reviewer", "reviewer", "member", "member", "sci_secretary")
PLACES = {
    "Bù Gia Mập": (12.10, 107.15), "Đồng Xoài": (11.54, 106.89), "Phước Long": (11.83, 106.97),
    "Lộc Ninh": (11.85, 106.59), "Bù Đăng": (11.81, 107.25), "Chơn Thành": (11.43, 106.62),
    "Bình Long": (11.65, 106.60), "Hớn Quản": (11.58, 106.63), "Đồng Phú": (11.47, 106.86),
    "Phú Riềng": (11.69, 106.94), "Bù Đốp": (11.98, 106.79),
}  # fmt: skip
"""Rough points (degrees north, east) of places that the stories name."""

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ")
GIVEN = ("Minh Khuê", "Đức Thịnh", "Thị Mỹ Duyên", "Quốc Bảo", "Thanh Thảo", "Hữu Nghĩa", "Ngọc Ánh", "Gia Huy",
         "Thùy Dương", "Trọng Nhân", "Hoài Thương", "Anh Khoa", "Kim Ngân")  # fmt: skip
"""Halves of invented names."""
