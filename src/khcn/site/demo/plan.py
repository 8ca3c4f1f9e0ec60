"""The demonstration's plan: the facts and figures of the province's plan of 2021–2025, in our own words."""

from typing import Any

TITLE = "Kế hoạch nghiên cứu, ứng dụng khoa học và công nghệ giai đoạn 2021 - 2025 (minh họa)"
TEXT = (
    "Bản tóm tắt bằng lời của phần mềm, dùng để minh họa: mục tiêu, chỉ tiêu, lĩnh vực, nguồn kinh phí và phân công "
    "của kế hoạch tỉnh giai đoạn 2021 - 2025. Văn bản chính thức do Ủy ban nhân dân tỉnh ban hành; người dùng đọc văn "
    "bản đó bằng chức năng Đọc kế hoạch từ tệp.\n"
)

SYSTEMS = (
    "Có ít nhất 03 hệ thống thông tin, phần mềm và ít nhất 03 hệ thống cơ giới, tự động hóa được dùng thành công trong "
    "quản lý nhà nước, sản xuất, cảnh báo thiên tai, bảo vệ tài nguyên, môi trường."
)
FARMING = (
    "Có ít nhất 02 chế phẩm sinh học, ít nhất 02 sản phẩm vật liệu nano và 02 quy trình kỹ thuật được dùng thành công "
    "trong sản xuất nông nghiệp."
)
ISO = "Đến năm 2025, 100% cơ quan nhà nước cấp tỉnh, cấp huyện áp dụng hiệu quả ISO điện tử."
USE = "100% nhiệm vụ nghiệm thu đạt được đưa vào ứng dụng, có sản phẩm cụ thể."


def _target(sentence: str, operator: str, quantity: int, unit: str, indicator: str) -> dict[str, Any]:
    return {
        "sentence": sentence, "operator": operator, "quantity": quantity, "unit": unit, "due_on": "2025-12-31",
        "indicator": indicator,
    }  # fmt: skip


STRUCTURE: dict[str, Any] = {
    "title": TITLE,
    "number": None,
    "issued_on": None,
    "issuer": "Ủy ban nhân dân tỉnh Bình Phước",
    "period": {"from": 2021, "to": 2025},
    "total_vnd": 45_000_000_000,
    "legal_bases": [
        {"raw": "Nghị quyết 01-NQ/ĐH ngày 22/10/2020", "number": "01-NQ/ĐH", "issued_on": "2020-10-22"},
        {"raw": "Chương trình hành động 17-CTr/TU ngày 30/9/2021", "number": "17-CTr/TU", "issued_on": "2021-09-30"},
        {"raw": "Kết luận 370-KL/TU ngày 25/6/2022", "number": "370-KL/TU", "issued_on": "2022-06-25"},
        {"raw": "Công văn 175-CV/BCS ngày 06/7/2022", "number": "175-CV/BCS", "issued_on": "2022-07-06"},
        {"raw": "Tờ trình 1587/TTr-SKHCN ngày 13/10/2022", "number": "1587/TTr-SKHCN", "issued_on": "2022-10-13"},
    ],
    "objectives": [
        "Đưa tiến bộ khoa học và công nghệ vào sản xuất, kinh doanh và quản lý nhà nước để tăng năng suất, chất lượng, "
        "sức cạnh tranh của sản phẩm địa phương."
    ],
    "targets": [
        _target(SYSTEMS, ">=", 3, "hệ thống thông tin, phần mềm", "T1"),
        _target(SYSTEMS, ">=", 3, "hệ thống cơ giới, tự động hóa", "T2"),
        _target(FARMING, ">=", 2, "chế phẩm sinh học", "T3"),
        _target(FARMING, ">=", 2, "sản phẩm vật liệu nano", "T4"),
        _target(FARMING, "=", 2, "quy trình kỹ thuật", "T5"),
        _target(ISO, "=", 100, "%", "T6"),
        _target(USE, "=", 100, "%", "T7"),
    ],
    "fields": [
        {
            "title": "Công nghệ thông tin",
            "lines": [
                "Ứng dụng công nghệ thông tin, chính quyền điện tử.",
                "Hệ thông tin địa lý cho tài nguyên, môi trường, thiên tai, dịch bệnh.",
                "ISO điện tử; thông tin và truy xuất nguồn gốc hàng hóa, nông lâm sản.",
                "Trí tuệ nhân tạo, dữ liệu lớn cho đô thị, bệnh viện, trường học.",
            ],
        },
        {
            "title": "Công nghệ sinh học",
            "lines": [
                "Cải tiến tính trạng giống cây trồng chủ lực.",
                "Chế phẩm sinh học cho cây trồng, bảo quản, chế biến, môi trường, y dược.",
                "Chế phẩm sinh học kiểm soát dư lượng chất cấm trong nông sản.",
                "Giải pháp sinh học cho sinh sản và sức khỏe vật nuôi.",
            ],
        },
        {
            "title": "Công nghệ vật liệu mới",
            "lines": [
                "Vật liệu nano, polyme, compozit, vật liệu nhẹ.",
                "Vật liệu mới trong nông lâm nghiệp, thủy sản.",
            ],
        },
        {
            "title": "Cơ khí - tự động hóa",
            "lines": [
                "Mô hình cơ giới hóa đồng bộ trong sản xuất, chế biến nông lâm sản.",
                "Tự động hóa, công nghệ số trong sản xuất và quản trị doanh nghiệp.",
            ],
        },
        {
            "title": "Lĩnh vực khác",
            "lines": [
                "Bảo hộ quyền sở hữu trí tuệ cho phần mềm, nội dung số.",
                "Chỉ dẫn địa lý, nhãn hiệu chứng nhận, nhãn hiệu tập thể cho đặc sản.",
            ],
        },
    ],
    "sources": [
        "Kinh phí sự nghiệp khoa học và công nghệ hằng năm.",
        "Vốn đầu tư từ ngân sách tỉnh.",
        "Vốn hỗ trợ của Trung ương qua chương trình, dự án.",
        "Vốn đối ứng, tài trợ của doanh nghiệp, tổ chức khác.",
    ],
    "duties": [
        {
            "units": ["Sở Khoa học và Công nghệ"],
            "clauses": [
                "Là cơ quan thường trực, chủ trì triển khai và dự trù kinh phí.",
                "Theo dõi, tham mưu giải quyết khó khăn, vướng mắc.",
                "Tham mưu văn bản đôn đốc, chấn chỉnh tiến độ.",
                "Tổng hợp, báo cáo định kỳ hoặc đột xuất.",
            ],
        },
        {
            "units": ["Sở Kế hoạch và Đầu tư"],
            "clauses": [
                "Phối hợp đề xuất giải pháp thu hút vốn đầu tư.",
                "Phối hợp thực hiện các nội dung được giao.",
            ],
        },
        {
            "units": ["Sở Tài chính"],
            "clauses": [
                "Bố trí nguồn kinh phí sự nghiệp trong dự toán hằng năm.",
                "Thẩm định, tổng hợp kinh phí, tham mưu phân bổ.",
            ],
        },
        {
            "units": [
                "Sở Nông nghiệp và Phát triển nông thôn", "Sở Thông tin và Truyền thông",
                "Sở Tài nguyên và Môi trường", "Sở Công Thương", "Sở Y tế", "Sở Giáo dục và Đào tạo", "Sở Xây dựng",
                "Sở Giao thông vận tải", "Sở Văn hóa, Thể thao và Du lịch",
            ],
            "clauses": [
                "Tuyên truyền, vận động đơn vị, doanh nghiệp trong ngành tham gia.",
                "Hỗ trợ đơn vị, doanh nghiệp đề xuất, triển khai nhiệm vụ.",
                "Phối hợp thực hiện các nội dung được giao.",
            ],
        },
        {
            "units": ["Các sở, ban, ngành, đoàn thể tỉnh", "Ủy ban nhân dân các huyện, thị xã, thành phố"],
            "clauses": ["Lồng ghép và phối hợp thực hiện; gửi khó khăn, vướng mắc về Sở Khoa học và Công nghệ."],
        },
    ],
    "recipients": ["Bộ Khoa học và Công nghệ", "Ủy ban nhân dân tỉnh", "Các sở, ban, ngành", "Lưu"],
}  # fmt: skip
