"""Sentences as plans write targets: every counted number, with its operator, and nothing else."""

from datetime import date

import pytest

from khcn.domains.programme.rules.plan_reading.deadlines import deadline_for, read_deadlines
from khcn.domains.programme.rules.plan_reading.quantities import read_quantities

SENTENCES = [
    ("Phấn đấu đến năm 2030 đạt 1.500 doanh nghiệp công nghệ số.", [("=", 1500)]),
    ("Tốc độ tăng năng suất lao động bình quân đạt trên 7,5%/năm.", [(">", 7.5)]),
    ("Kinh tế số đóng góp từ 20% đến 25% GRDP.", [(">=", 20)]),
    ("Tổng vốn huy động đạt ít nhất 2.500 tỷ đồng.", [(">=", 2500)]),
    ("Mỗi huyện có tối thiểu 01 mô hình và không quá 03 điểm thí điểm.", [(">=", 1), ("<=", 3)]),
    ("Hỗ trợ từ 15 - 20 hợp tác xã, 50 hộ nông dân.", [(">=", 15), ("=", 50)]),
    ("Tỷ lệ hộ nghèo giảm còn dưới 3%.", [("<", 3)]),
    ("Giảm tỷ lệ hộ nghèo xuống dưới 1,5%.", [("<", 1.5)]),
    ("Giảm ít nhất 15% lượng phát thải khí nhà kính so với năm 2020.", [(">=", 15)]),
    ("Tăng gấp đôi số đơn đăng ký sáng chế so với năm 2020.", [("=", 2)]),
    ("Số lượng công bố quốc tế tăng gấp 1,5 lần.", [("=", 1.5)]),
    ("Duy trì 100% xã đạt chuẩn.", [("=", 100)]),
    ("Phủ sóng 5G đạt 95% dân số.", [("=", 95)]),
    ("Chỉ số PCI thuộc nhóm 10 tỉnh, thành phố dẫn đầu cả nước.", [("<=", 10)]),
    ("Xếp hạng chuyển đổi số nằm trong top 15 cả nước.", [("<=", 15)]),
    ("Có khoảng 60-70% cơ sở sản xuất áp dụng công nghệ sạch.", [(">=", 60)]),
    ("Thu nhập bình quân đầu người đạt 120 triệu đồng/người/năm.", [("=", 120)]),
    ("Diện tích rừng trồng gỗ lớn đạt 12.000 ha; độ che phủ rừng duy trì trên 65%.", [("=", 12000), (">", 65)]),
    ("Xây dựng thành công một (01) khu nông nghiệp ứng dụng công nghệ cao.", [("=", 1)]),
    ("Đào tạo được 05 tiến sĩ, 20 thạc sĩ và 100 kỹ thuật viên.", [("=", 5), ("=", 20), ("=", 100)]),
    ("Tối thiểu 80% số nhiệm vụ KH&CN cấp tỉnh được ứng dụng vào thực tiễn sau 12 tháng nghiệm thu.", [(">=", 80)]),
    ("Cấp 30 mã số vùng trồng, 5 mã số cơ sở đóng gói.", [("=", 30), ("=", 5)]),
    ("Hoàn thành số hóa 2,5 triệu trang hồ sơ.", [("=", 2500000)]),
    ("Bình quân mỗi năm có 10-12 nhiệm vụ được phê duyệt.", [(">=", 10)]),
    ("Có thêm ít nhất 3 sản phẩm OCOP đạt 5 sao, 20 sản phẩm đạt 4 sao.", [(">=", 3), ("=", 20)]),
    ("Đến năm 2025 có 50%, đến năm 2030 có 80% cơ quan nhà nước dùng nền tảng số.", [("=", 50), ("=", 80)]),
    ("Chi cho KH&CN đạt 1,2 - 1,5% GRDP vào năm 2030.", [(">=", 1.2)]),
    ("Trên 90% người dân được quản lý sức khỏe; 100% trạm y tế xã có bác sĩ.", [(">", 90), ("=", 100)]),
    ("Thời gian giải quyết thủ tục hành chính giảm tối thiểu 20%.", [(">=", 20)]),
    ("Thu hút được hơn 20 dự án FDI công nghệ cao với tổng vốn trên 500 triệu USD.", [(">", 20), (">", 500)]),
    ("Tỷ lệ lao động qua đào tạo đạt 75-80%, trong đó có bằng cấp, chứng chỉ đạt 35-40%.", [(">=", 75), (">=", 35)]),
    ("Phát triển mới 500 ha cây dược liệu, nâng tổng diện tích lên 1.200 ha.", [("=", 500), ("=", 1200)]),
    ("Hằng năm tổ chức 02 hội thảo, 01 cuộc thi sáng tạo kỹ thuật.", [("=", 2), ("=", 1)]),
    ("Số trường học thông minh: 15 trường.", [("=", 15)]),
    ("Năng suất lúa đạt 65 tạ/ha, sản lượng 450.000 tấn/năm.", [("=", 65), ("=", 450000)]),
    ("Từ 02 đến 03 đề tài cấp quốc gia được triển khai trên địa bàn.", [(">=", 2)]),
    ("Tối thiểu ba trăm doanh nghiệp được hỗ trợ.", [(">=", 300)]),
    ("Hai mươi mô hình được nhân rộng.", [("=", 20)]),
    ("Xây dựng mười hai quy trình công nghệ.", [("=", 12)]),
    ("Giá trị xuất khẩu đạt 1,2 tỷ USD, tăng 15%.", [("=", 1.2), ("=", 15)]),
    ("Công suất xử lý ≥ 500 m3/ngày đêm; nồng độ bụi ≤ 50 mg/m3.", [(">=", 500), ("<=", 50)]),
    ("Cắt giảm, đơn giản hóa 30% thủ tục hành chính.", [("=", 30)]),
    ("Đưa tỷ lệ đô thị hóa lên 45%.", [("=", 45)]),
    ("Tỷ lệ nội địa hóa tối thiểu là 40 phần trăm.", [(">=", 40)]),
    ("Ít nhất 2/3 số nhiệm vụ được ứng dụng.", [(">=", 66.66)]),
    ("Không quá 1/3 tổng số nhiệm vụ phải gia hạn.", [("<=", 33.34)]),
    ("Trên một nửa số hợp tác xã dùng phần mềm kế toán.", [(">", 50)]),
    ("Có 8/10 xã đạt chuẩn, 3/4 số hộ dùng nước sạch.", [("=", 8), ("=", 75)]),
    (
        "Hai phần ba số nhiệm vụ do doanh nghiệp đặt hàng; tối thiểu ba phần tư số tàu có máy dò.",
        [("=", 66.66), (">=", 75)],
    ),
    ("Ít nhất 1/2 nhiệm vụ có doanh nghiệp tham gia; 2/3 huyện đạt chuẩn.", [(">=", 50), ("=", 2)]),
    ("Tối thiểu 75% số tàu trên 15 m lắp thiết bị.", [(">=", 75)]),
    ("Đạt 1.200 ha, sản lượng khoảng 18.500 tấn/năm.", [("=", 1200), ("=", 18500)]),
]


@pytest.mark.parametrize(("sentence", "counted"), SENTENCES, ids=[sentence[:40] for sentence, _ in SENTENCES])
def test_sentence_gives_every_counted_number_with_its_operator(sentence, counted):
    assert [(item.operator, float(item.value)) for item in read_quantities(sentence)] == counted


@pytest.mark.parametrize(
    "sentence",
    [
        "Thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024 trong giai đoạn 2026 - 2030.",
        "Hằng năm tổ chức sơ kết, năm 2030 tổng kết.",
        "Áp dụng ISO 9001:2015 và mô hình 4 lớp ở cấp 2.",
        "Phục vụ 24/7 theo Điều 5, khoản 2.",
    ],
)
def test_sentence_without_a_target_gives_none(sentence):
    assert read_quantities(sentence) == ()


def test_part_of_a_number_is_a_percentage_of_what_the_text_names():
    (share,) = read_quantities("Ít nhất 2/3 số nhiệm vụ được nghiệm thu có kết quả ứng dụng.")

    assert (share.unit, share.subject) == ("%", "số nhiệm vụ được nghiệm thu có kết quả ứng dụng")


def test_measure_before_a_comma_is_a_whole_unit():
    assert [item.unit for item in read_quantities("Đạt ít nhất 1.200 ha, sản lượng khoảng 18.500 tấn/năm.")] == [
        "ha",
        "tấn",
    ]


@pytest.mark.parametrize(
    ("text", "last_day"),
    [
        ("hoàn thành trước năm 2028", "2027-12-31"),
        ("hoàn thành đến trước năm 2028", "2027-12-31"),
        ("trước tháng 6 năm 2026", "2026-05-31"),
        ("trước quý II năm 2026", "2026-03-31"),
        ("trước ngày 30/6/2026", "2026-06-30"),
        ("trước cuối năm 2026", "2026-12-31"),
        ("đến năm 2028", "2028-12-31"),
        ("hoàn thành trước 31/10/2026", "2026-10-31"),
    ],
)
def test_what_must_be_done_before_a_time_is_due_on_the_day_before(text, last_day):
    assert [item.due_on.isoformat() for item in read_deadlines(text)] == [last_day]


def test_date_alone_is_no_deadline():
    assert read_deadlines("theo Quyết định (31/10/2026)") == ()


def test_deadline_of_a_part_is_not_the_deadline_of_the_whole():
    sentence = "Cấp 40 mã số, trong đó 10 mã số sầu riêng trước ngày 30/6/2028."
    positions = [item.start for item in read_quantities(sentence)]

    due = [
        deadline_for(sentence, item.start, item.end, positions, read_deadlines(sentence))
        for item in read_quantities(sentence)
    ]

    assert due == [None, date(2028, 6, 30)]
