"""Sixty invented tasks, told in one line each; every name, figure and result here is an illustration."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProductStory:
    """A product that a task owes: type, purpose and sector are values of the programme's vocabularies."""

    name: str
    type: str
    purpose: str
    sector: str
    quantity: int = 1
    unit: str = "sản phẩm"


@dataclass(frozen=True, slots=True)
class TaskStory:
    """One invented task.

    field, line: place in the plan (1-based). year: of proposal. host: code of an organisation of the demonstration.
    state_mn, counterpart_mn: triệu đồng. stage: how far it came. sources: shares of the state money by source and year
    offset are derived from `source`.
    """

    field: int
    line: int
    year: int
    title: str
    host: str
    place: str
    months: int
    state_mn: int
    counterpart_mn: int
    stage: str
    products: tuple[ProductStory, ...]
    source: str = "S1"
    kind: str = "research"
    mode: str = "selection"
    adopter: str = ""
    note: str = ""


def _soft(name: str, purpose: str = "public_administration", sector: str = "public_service") -> ProductStory:
    return ProductStory(name, "software", purpose, sector, 1, "hệ thống")


def _mech(name: str, purpose: str = "production", sector: str = "agriculture") -> ProductStory:
    return ProductStory(name, "mechanisation", purpose, sector, 1, "hệ thống")


def _bio(name: str, sector: str = "agriculture") -> ProductStory:
    return ProductStory(name, "bioproduct", "production", sector, 1, "chế phẩm")


def _nano(name: str, sector: str = "agriculture") -> ProductStory:
    return ProductStory(name, "nanomaterial", "production", sector, 1, "sản phẩm")


def _process(name: str, sector: str = "agriculture") -> ProductStory:
    return ProductStory(name, "process", "production", sector, 1, "quy trình")


def _other(
    name: str, kind: str, quantity: int = 1, unit: str = "sản phẩm", sector: str = "agriculture"
) -> ProductStory:
    return ProductStory(name, kind, "other", sector, quantity, unit)


STORIES: tuple[TaskStory, ...] = (
    # Information technology
    TaskStory(1, 2, 2021, "Hệ thống thông tin địa lý phục vụ cảnh báo cháy rừng và quản lý rừng trồng", "TT-CNTT", "huyện Bù Gia Mập", 24, 1450, 0, "applied", (_soft("Phần mềm cảnh báo cháy rừng trên nền GIS", "hazard_warning", "environment"),), adopter="CC-KL"),
    TaskStory(1, 3, 2021, "Phần mềm quản lý và truy xuất nguồn gốc hạt điều rang muối", "DN-SOFT", "thành phố Đồng Xoài", 20, 980, 320, "applied", (_soft("Phần mềm truy xuất nguồn gốc hạt điều", "production", "agriculture"),), adopter="HTX-DIEU"),
    TaskStory(1, 1, 2021, "Ứng dụng trợ lý nhập hồ sơ một cửa cho công chức cấp huyện", "TT-CNTT", "thị xã Phước Long", 18, 860, 0, "in_application", (_soft("Ứng dụng nhập liệu hồ sơ một cửa"),), adopter="UBND-PL"),
    TaskStory(1, 3, 2022, "Hệ thống ISO điện tử dùng chung cho cơ quan cấp tỉnh và cấp huyện", "TT-TDC", "toàn tỉnh", 24, 1900, 0, "recognised", (_soft("Hệ thống ISO điện tử dùng chung"),), source="S2", mode="direct", adopter="CC-TDC"),
    TaskStory(1, 2, 2022, "Bản đồ số dịch bệnh cây hồ tiêu và bản tin khuyến cáo theo xã", "DH-BD", "huyện Lộc Ninh", 22, 1120, 0, "in_acceptance", (_soft("Hệ thống bản đồ dịch bệnh cây hồ tiêu", "production", "agriculture"), _other("Báo cáo khoa học", "report"))),
    TaskStory(1, 4, 2022, "Mô hình học máy dự báo lưu lượng khám bệnh tại bệnh viện tuyến tỉnh", "BV-DK", "thành phố Đồng Xoài", 20, 740, 0, "registered", (_soft("Phần mềm dự báo lưu lượng khám bệnh", "public_administration", "health"),), adopter="BV-DK"),
    TaskStory(1, 4, 2023, "Nền tảng phân tích dữ liệu học tập cho trường trung học phổ thông", "CD-BP", "thị xã Bình Long", 24, 890, 0, "running", (_soft("Nền tảng phân tích dữ liệu học tập", "public_administration", "education"),)),
    TaskStory(1, 2, 2023, "Trạm đo mưa tự động giá thấp và cảnh báo lũ quét suối nhỏ", "TT-UD", "huyện Bù Đăng", 24, 1300, 0, "running", (_soft("Phần mềm cảnh báo lũ quét", "hazard_warning", "environment"), _mech("Mạng trạm đo mưa tự động", "hazard_warning", "environment"))),
    TaskStory(1, 1, 2023, "Kho dữ liệu dùng chung về doanh nghiệp khoa học và công nghệ", "TT-UD", "toàn tỉnh", 15, 520, 0, "dossier_due", (_soft("Kho dữ liệu doanh nghiệp khoa học và công nghệ"),)),
    TaskStory(1, 3, 2024, "Thử nghiệm hộ chiếu số sản phẩm gỗ cao su xuất khẩu", "DN-GO", "huyện Chơn Thành", 18, 950, 700, "contracted", (_soft("Hệ thống hộ chiếu số sản phẩm gỗ", "production", "industry"),)),
    TaskStory(1, 4, 2024, "Đếm xe và điều tiết đèn tín hiệu bằng camera tại nút giao", "CD-BP", "thành phố Đồng Xoài", 18, 1080, 0, "paused", (_mech("Hệ thống điều tiết đèn tín hiệu", "public_administration", "construction"),)),
    TaskStory(1, 2, 2024, "Giám sát nước mặt hồ Thác Mơ bằng ảnh vệ tinh và cảm biến", "DH-BD", "thị xã Phước Long", 24, 1350, 0, "approved", (_soft("Hệ thống giám sát nước mặt", "environment", "environment"),)),
    TaskStory(1, 1, 2025, "Trợ lý ảo trả lời thủ tục hành chính cho cấp xã", "TT-CNTT", "toàn tỉnh", 18, 900, 0, "call_open", (_soft("Trợ lý ảo thủ tục hành chính"),)),
    TaskStory(1, 2, 2025, "Bản đồ nguy cơ sạt lở đất theo xã sau sắp xếp đơn vị hành chính", "DH-BD", "toàn tỉnh", 24, 1200, 0, "listed", (_soft("Bản đồ nguy cơ sạt lở", "hazard_warning", "environment"),)),
    TaskStory(1, 4, 2026, "Phát hiện sớm học sinh có nguy cơ bỏ học từ dữ liệu chuyên cần", "CD-BP", "toàn tỉnh", 18, 600, 0, "proposal_submitted", (_soft("Mô hình phát hiện nguy cơ bỏ học", "public_administration", "education"),)),
    TaskStory(1, 3, 2026, "Sổ tay điện tử cho kiểm lâm địa bàn làm việc ngoài vùng phủ sóng", "TT-CNTT", "vùng biên giới", 12, 450, 0, "proposal_draft", (_soft("Sổ tay điện tử kiểm lâm", "environment", "environment"),)),
    # Biotechnology
    TaskStory(2, 2, 2021, "Chế phẩm nấm Trichoderma bản địa phòng bệnh chết nhanh hồ tiêu", "VIEN-SH", "huyện Lộc Ninh", 24, 1280, 400, "applied", (_bio("Chế phẩm Trichoderma BP-01"), _process("Quy trình sử dụng chế phẩm trên hồ tiêu")), adopter="HTX-TIEU"),
    TaskStory(2, 2, 2021, "Chế phẩm vi sinh ủ vỏ hạt điều thành phân hữu cơ", "DN-PHAN", "huyện Bù Đăng", 20, 940, 610, "applied", (_bio("Chế phẩm ủ vỏ hạt điều"), _process("Quy trình ủ phân từ vỏ hạt điều")), kind="pilot_production", adopter="HTX-DIEU"),
    TaskStory(2, 1, 2021, "Tuyển chọn và nhân giống điều ghép năng suất cao, chín tập trung", "VIEN-CAY", "huyện Bù Gia Mập", 36, 1750, 500, "in_application", (_other("Giống điều ghép tuyển chọn", "variety", 2, "giống"), _process("Quy trình ghép và chăm sóc vườn điều")), adopter="HTX-DIEU"),
    TaskStory(2, 4, 2022, "Bổ sung chế phẩm lợi khuẩn nâng tỷ lệ nuôi sống heo con", "TT-GIONG", "huyện Đồng Phú", 18, 820, 260, "recognised", (_bio("Chế phẩm lợi khuẩn cho heo con"),), adopter="HTX-HEO"),
    TaskStory(2, 3, 2022, "Chế phẩm vi sinh phân giải dư lượng thuốc bảo vệ thực vật trên rau", "VIEN-SH", "thị xã Chơn Thành", 24, 1150, 0, "accepted", (_bio("Chế phẩm phân giải dư lượng thuốc"),), adopter="HTX-RAU"),
    TaskStory(2, 2, 2022, "Bảo quản sầu riêng bằng màng phủ sinh học", "DH-BD", "huyện Phú Riềng", 20, 990, 300, "failed", (_bio("Màng phủ sinh học bảo quản sầu riêng"),)),
    TaskStory(2, 4, 2022, "Thụ tinh nhân tạo bò lai hướng thịt phù hợp chăn nuôi nông hộ", "TT-GIONG", "huyện Lộc Ninh", 30, 1240, 350, "in_application", (_process("Quy trình thụ tinh nhân tạo bò lai"), _other("Đàn bò lai nền", "variety", 60, "con")), adopter="HTX-BO"),
    TaskStory(2, 2, 2023, "Bẫy bả sinh học phòng ruồi đục quả trên cây có múi", "CC-BVTV", "huyện Bù Đốp", 18, 640, 0, "not_applied", (_bio("Bả sinh học phòng ruồi đục quả"),), note="Giá thành cao hơn thuốc hóa học, nông dân chưa chấp nhận"),
    TaskStory(2, 1, 2023, "Chỉ thị phân tử chọn giống cao su chịu bệnh rụng lá", "VIEN-CAY", "huyện Hớn Quản", 36, 1880, 900, "running", (_other("Bộ chỉ thị phân tử", "other"), _other("Dòng cao su triển vọng", "variety", 3, "dòng"))),
    TaskStory(2, 2, 2023, "Xử lý nước thải chế biến mủ cao su bằng tổ hợp vi sinh", "DN-CAOSU", "huyện Hớn Quản", 24, 1360, 1400, "running_late", (_bio("Tổ hợp vi sinh xử lý nước thải", "industry"), _process("Quy trình xử lý nước thải mủ", "industry")), kind="pilot_production"),
    TaskStory(2, 3, 2024, "Bộ kit phát hiện nhanh chất cấm trong rau quả", "VIEN-CAY", "toàn tỉnh", 24, 1420, 0, "contracted", (_other("Bộ kit phát hiện nhanh", "other", 500, "bộ"),)),
    TaskStory(2, 4, 2024, "Thảo dược thay kháng sinh trong chăn nuôi gà thả vườn", "TT-GIONG", "huyện Phú Riềng", 20, 760, 210, "extended", (_bio("Chế phẩm thảo dược cho gà"),)),
    TaskStory(2, 2, 2024, "Nấm ký sinh phòng trừ rệp sáp hại cà phê và hồ tiêu", "DH-BD", "huyện Bù Đăng", 24, 1050, 0, "selected", (_bio("Chế phẩm nấm ký sinh rệp sáp"),)),
    TaskStory(2, 1, 2025, "Nuôi cấy mô giống chuối sạch bệnh cho vùng xuất khẩu", "VIEN-CAY", "huyện Bù Đốp", 24, 1180, 450, "applied_for", (_other("Cây chuối nuôi cấy mô", "variety", 20000, "cây"),)),
    TaskStory(2, 2, 2025, "Chế phẩm sinh học xử lý rơm và thân bắp làm thức ăn ủ chua", "TT-GIONG", "huyện Đồng Phú", 18, 580, 150, "in_council", (_bio("Chế phẩm ủ chua"),)),
    TaskStory(2, 3, 2025, "Quan trắc tồn dư cadimi trong vùng trồng sầu riêng", "VIEN-SH", "huyện Phú Riềng", 18, 930, 0, "similarity", (_other("Bộ dữ liệu tồn dư cadimi", "database"),)),
    TaskStory(2, 4, 2025, "Vắc-xin tự chế cho gia cầm tại nông hộ", "TT-GIONG", "toàn tỉnh", 24, 1600, 0, "not_recommended", (_other("Vắc-xin", "other"),)),
    TaskStory(2, 2, 2026, "Chế phẩm phòng bệnh thán thư trên cây điều ra hoa", "VIEN-SH", "huyện Bù Gia Mập", 24, 1100, 0, "proposal_submitted", (_bio("Chế phẩm phòng bệnh thán thư"),)),
    # New materials
    TaskStory(3, 1, 2021, "Nano bạc – chitosan bảo quản quả bơ sau thu hoạch", "VIEN-VL", "thị xã Phước Long", 20, 1090, 260, "applied", (_nano("Dung dịch nano bạc – chitosan"), _process("Quy trình bảo quản quả bơ")), adopter="HTX-RAU"),
    TaskStory(3, 2, 2022, "Phân bón lá nano vi lượng cho cây hồ tiêu kinh doanh", "VIEN-VL", "huyện Lộc Ninh", 24, 1210, 380, "in_application", (_nano("Phân bón lá nano vi lượng"),), adopter="HTX-TIEU"),
    TaskStory(3, 1, 2022, "Tấm lợp compozit từ sợi xơ dừa và nhựa tái chế", "DN-VLXD", "thị xã Chơn Thành", 24, 870, 1250, "settling", (_other("Tấm lợp compozit", "other", 500, "m²", "construction"),), kind="pilot_production"),
    TaskStory(3, 1, 2023, "Màng phủ nông nghiệp tự hủy từ tinh bột sắn", "DH-BD", "huyện Bù Đốp", 24, 1330, 420, "dossier_submitted", (_nano("Màng phủ tự hủy gia cường nano"),)),
    TaskStory(3, 2, 2023, "Than sinh học từ vỏ điều cải tạo đất xám bạc màu", "VIEN-VL", "huyện Đồng Phú", 20, 780, 200, "terminated", (_other("Than sinh học", "other", 10, "tấn"),), note="Nguồn nguyên liệu bị gián đoạn, chủ trì đề nghị chấm dứt"),
    TaskStory(3, 2, 2024, "Nano silic tăng sức chống chịu hạn cho cây cà phê", "VIEN-VL", "huyện Bù Đăng", 24, 1160, 0, "running", (_nano("Chế phẩm nano silic"),)),
    TaskStory(3, 1, 2024, "Gạch không nung nhẹ từ bã thải boxit và sợi thực vật", "DN-VLXD", "huyện Bù Đăng", 24, 960, 1500, "rejected", (_other("Gạch nhẹ", "other", 1000, "viên", "construction"),)),
    TaskStory(3, 2, 2025, "Vật liệu hấp phụ xử lý nước ao nuôi cá lồng", "DH-BD", "thị xã Phước Long", 18, 720, 0, "returned", (_nano("Vật liệu hấp phụ"),)),
    # Mechanisation and automation
    TaskStory(4, 1, 2021, "Dây chuyền tách vỏ hạt điều bán tự động cho cơ sở nhỏ", "DN-CK", "thành phố Đồng Xoài", 22, 1380, 1100, "applied", (_mech("Dây chuyền tách vỏ hạt điều"),), kind="pilot_production", adopter="HTX-DIEU"),
    TaskStory(4, 1, 2021, "Hệ thống tưới nhỏ giọt điều khiển từ xa dùng năng lượng mặt trời", "DN-CK", "huyện Lộc Ninh", 20, 990, 450, "applied", (_mech("Hệ thống tưới điều khiển từ xa"),), adopter="HTX-TIEU"),
    TaskStory(4, 2, 2022, "Buồng sấy hồ tiêu tự động theo độ ẩm hạt", "CD-BP", "huyện Bù Đốp", 20, 870, 280, "in_application", (_mech("Buồng sấy hồ tiêu tự động"),), adopter="HTX-TIEU"),
    TaskStory(4, 1, 2022, "Máy thu gom và băm cành điều tại vườn", "DN-CK", "huyện Bù Gia Mập", 18, 690, 330, "registered", (_mech("Máy băm cành điều"),), adopter="HTX-DIEU"),
    TaskStory(4, 2, 2023, "Robot phun thuốc tự hành cho vườn cây ăn quả tán thấp", "CD-BP", "huyện Phú Riềng", 24, 1520, 300, "running", (_mech("Robot phun thuốc tự hành"),)),
    TaskStory(4, 2, 2023, "Chuồng nuôi heo khép kín điều khiển tiểu khí hậu", "DN-CK", "huyện Đồng Phú", 24, 1100, 1300, "running_late", (_mech("Hệ thống điều khiển tiểu khí hậu chuồng nuôi"),)),
    TaskStory(4, 1, 2024, "Máy phân loại hạt điều nhân bằng thị giác máy tính", "DN-SOFT", "thành phố Đồng Xoài", 20, 1240, 900, "contracted", (_mech("Máy phân loại nhân điều"),), source="S3"),
    TaskStory(4, 2, 2024, "Giám sát năng lượng cho xưởng chế biến gỗ vừa và nhỏ", "DN-GO", "thị xã Chơn Thành", 18, 640, 520, "invalid", (_mech("Hệ thống giám sát năng lượng", "production", "industry"),)),
    TaskStory(4, 1, 2025, "Xe điện vận chuyển mủ cao su trong lô", "DN-CAOSU", "huyện Hớn Quản", 24, 1450, 1600, "call_open", (_mech("Xe điện vận chuyển mủ"),)),
    TaskStory(4, 2, 2025, "Nhà màng thông minh quy mô hộ gia đình", "CD-BP", "thị xã Bình Long", 18, 830, 240, "listed", (_mech("Nhà màng thông minh"),)),
    TaskStory(4, 2, 2026, "Thiết bị bay phun thuốc dùng chung cho hợp tác xã", "HTX-TIEU", "huyện Lộc Ninh", 18, 780, 400, "proposal_submitted", (_mech("Đội thiết bị bay dùng chung"),)),
    # Other fields
    TaskStory(5, 2, 2021, "Xây dựng chỉ dẫn địa lý cho hạt điều của tỉnh", "CC-TDC", "toàn tỉnh", 30, 1600, 0, "in_application", (_other("Hồ sơ chỉ dẫn địa lý hạt điều", "ip"), _process("Quy trình kiểm soát chỉ dẫn địa lý")), adopter="HH-DIEU"),
    TaskStory(5, 2, 2022, "Nhãn hiệu chứng nhận hồ tiêu Lộc Ninh", "HTX-TIEU", "huyện Lộc Ninh", 24, 680, 0, "recognised", (_other("Nhãn hiệu chứng nhận hồ tiêu", "ip"),), adopter="HTX-TIEU"),
    TaskStory(5, 1, 2022, "Hỗ trợ đăng ký bản quyền phần mềm cho doanh nghiệp nhỏ", "TT-UD", "toàn tỉnh", 24, 420, 0, "accepted", (_other("Giấy chứng nhận quyền tác giả phần mềm", "ip", 10, "giấy", "trade"),), adopter="DN-SOFT"),
    TaskStory(5, 2, 2023, "Nhãn hiệu tập thể trái cây có múi Bù Đốp", "HTX-RAU", "huyện Bù Đốp", 20, 510, 0, "running", (_other("Nhãn hiệu tập thể trái cây", "ip"),)),
    TaskStory(5, 2, 2024, "Quản lý và phát triển nhãn hiệu sầu riêng Phú Riềng", "HTX-RAU", "huyện Phú Riềng", 24, 590, 120, "contracted", (_other("Bộ công cụ quản lý nhãn hiệu", "report"),)),
    TaskStory(5, 1, 2025, "Sàn giao dịch tài sản trí tuệ cấp tỉnh", "TT-UD", "toàn tỉnh", 18, 900, 0, "dropped", (_soft("Sàn giao dịch tài sản trí tuệ", "other", "trade"),)),
    TaskStory(5, 2, 2026, "Chỉ dẫn địa lý mật ong rừng vùng biên giới", "CC-TDC", "vùng biên giới", 24, 750, 0, "proposal_draft", (_other("Hồ sơ chỉ dẫn địa lý mật ong", "ip"),)),
)  # fmt: skip
