"""Invented titles of science and technology tasks, with planted near-duplicates; no real title is among them."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from khcn.lib.text import fold


def _listed(block: str) -> list[str]:
    return [name for line in block.strip().splitlines() for name in line.split("|")]


SUBJECTS = _listed(
    """
cây điều|cây cao su|cây hồ tiêu|cây cà phê vối|cây sầu riêng|cây bưởi da xanh|cây mít ruột đỏ|cây bơ|cây ca cao
cây chuối già|cây khoai mì|cây ngô lai|cây lúa thơm|cây đậu nành|cây mía|cây rau ăn lá|cây cà chua|cây dưa lưới
cây nấm linh chi|cây nấm bào ngư|cây đinh lăng|cây sâm bố chính|cây nghệ vàng|cây gừng|cây lan kim tuyến|cây hoa lan
cây hoa cúc|cây trà hoa vàng|cây dó bầu|cây keo lai|cây măng cụt|cây chôm chôm|cây nhãn xuồng|cây thanh long
cây chanh dây|cây dứa|cây ổi|cây xoài|cây vú sữa|cây quýt đường|lợn thịt|lợn nái|bò thịt lai|bò sữa|gà thả vườn
gà ác|vịt xiêm|dê lai|thỏ|ong mật|chim yến|nhím|cá lăng nha|cá thát lát|cá tra|tôm càng xanh|lươn không bùn|ếch
cá tầm|ba ba|tằm lá sắn|trùn quế|hươu sao|gà ri|cá rô phi|đất xám bạc màu|đất đỏ bazan|nước ngầm|nước thải chăn nuôi
rác thải sinh hoạt|khí thải lò đốt|bùn thải|phụ phẩm vỏ điều|bã mía|vỏ cà phê|hồ chứa nước|đập thủy lợi
lưới điện nông thôn|đường giao thông nông thôn|cầu treo dân sinh|lò sấy nông sản|máy bóc vỏ hạt|máy gieo hạt
người cao tuổi|trẻ em dưới năm tuổi|phụ nữ mang thai|học sinh trung học|công nhân khu công nghiệp|đồng bào S'tiêng
đồng bào Khmer|bệnh sốt xuất huyết|bệnh tay chân miệng|bệnh đái tháo đường|bệnh tăng huyết áp|bệnh lao phổi
bệnh sốt rét|bệnh dại|bệnh lở mồm long móng|du lịch sinh thái|làng nghề đan lát|lễ hội truyền thống|di tích lịch sử
nhạc cụ cồng chiêng|nghề dệt thổ cẩm|ẩm thực địa phương|doanh nghiệp nhỏ và vừa|hợp tác xã nông nghiệp
hộ kinh doanh cá thể|chính quyền cấp xã|trung tâm hành chính công|thư viện công cộng|rừng phòng hộ|vườn quốc gia
rừng trồng gỗ lớn|đa dạng sinh học|thú hoang dã|cây di sản|nguồn gen bản địa|hạt giống rau|phân bón hữu cơ
"""
)
ASPECTS = _listed(
    """
năng suất|chất lượng hạt|khả năng chống chịu hạn|sâu đục thân|bệnh chết nhanh|bệnh thán thư|tuyến trùng rễ
tỷ lệ đậu quả|thời gian bảo quản|quy trình nhân giống|quy trình chăm sóc|quy trình sơ chế|chuỗi giá trị
truy xuất nguồn gốc|chỉ dẫn địa lý|nhãn hiệu chứng nhận|mã số vùng trồng|dư lượng thuốc bảo vệ thực vật|độ phì|độ ẩm
hàm lượng dược chất|hoạt tính kháng khuẩn|thành phần loài|phân bố|biến động quần thể|mô hình thâm canh
mô hình xen canh|mô hình liên kết|mô hình tuần hoàn|thức ăn ủ chua|khẩu phần|chuồng trại|phòng bệnh
gieo tinh nhân tạo|tưới tiết kiệm|giám sát từ xa|cảnh báo sớm|tự động hóa|phân loại sản phẩm|sấy lạnh
chiết xuất tinh dầu|lên men|bao gói|tiêu chuẩn cơ sở|nhu cầu thị trường|hiệu quả kinh tế|tác động môi trường
thói quen tiêu dùng|năng lực quản lý|kỹ năng nghề|tỷ lệ mắc|yếu tố nguy cơ|chi phí điều trị|bảo tồn|phục hồi
khai thác hợp lý|xử lý ô nhiễm|tái sử dụng|an toàn lao động|tiết kiệm năng lượng|độ bền kết cấu|sạt lở bờ|ngập úng
cơ sở dữ liệu|số hóa hồ sơ|dịch vụ trực tuyến|bản đồ thích nghi|dự báo sản lượng|quản lý rủi ro|thương mại điện tử
giáo dục truyền thống
"""
)
VERBS = _listed(
    """
Nghiên cứu|Nghiên cứu nâng cao|Đánh giá|Khảo sát|Điều tra|Xây dựng mô hình cải thiện|Hoàn thiện|Thử nghiệm
Nghiên cứu, đánh giá|Nghiên cứu cải tiến|Triển khai thực nghiệm|Xây dựng giải pháp quản lý
Nghiên cứu đề xuất giải pháp|Phân tích|Xác định|Khảo nghiệm
"""
)
METHODS = _listed(
    """
công nghệ sinh học|công nghệ nano|vật liệu nano bạc|chế phẩm vi sinh|công nghệ viễn thám và GIS|trí tuệ nhân tạo
internet vạn vật|công nghệ chuỗi khối|kỹ thuật nuôi cấy mô|chỉ thị phân tử|kỹ thuật tưới nhỏ giọt
công nghệ sấy bơm nhiệt|phương pháp mô hình hóa|thiết bị bay không người lái|cảm biến không dây|năng lượng mặt trời
công nghệ enzyme|kỹ thuật ghép cải tạo|nhà màng thông minh|công nghệ in ba chiều|phương pháp phân tích đa biến
công nghệ thông tin|kỹ thuật học sâu|màng lọc sinh học|than sinh học|công nghệ plasma lạnh|đèn LED chuyên dụng
"""
)
PURPOSES = [
    "phục vụ phát triển nông nghiệp bền vững", "nhằm nâng cao thu nhập cho nông dân", "phục vụ xuất khẩu",
    "góp phần bảo vệ môi trường", "nhằm ứng phó với biến đổi khí hậu", "phục vụ công tác quản lý nhà nước",
    "nhằm giảm chi phí sản xuất", "phục vụ chăm sóc sức khỏe cộng đồng",
]  # fmt: skip
PROVINCES = _listed(
    """
Bình Phước|Đồng Nai|Tây Ninh|Bình Dương|Đắk Nông|Đắk Lắk|Gia Lai|Lâm Đồng|Long An|Bến Tre|Trà Vinh|An Giang|Cà Mau
Ninh Thuận|Khánh Hòa|Quảng Nam|Quảng Trị|Nghệ An|Thanh Hóa|Nam Định|Hải Dương|Bắc Giang|Thái Nguyên|Lào Cai|Sơn La
Điện Biên|Hà Giang|Cao Bằng|Lạng Sơn|Phú Thọ
"""
)
DISTRICTS = _listed(
    """
Bù Đăng|Bù Đốp|Bù Gia Mập|Lộc Ninh|Hớn Quản|Đồng Phú|Phú Riềng|Định Quán|Tân Phú|Xuân Lộc|Cẩm Mỹ|Thống Nhất|Vĩnh Cửu
Tân Châu|Dương Minh Châu|Phú Giáo|Dầu Tiếng|Đắk Mil|Cư Jút|Krông Pắc|Ea Kar|Chư Prông|Đức Trọng|Lâm Hà|Đơn Dương
Châu Thành|Ba Tri|Trần Văn Thời|Ninh Sơn|Diên Khánh
"""
)
REPLACEMENTS = [
    ("ứng dụng", "áp dụng"), ("lợn", "heo"), ("ngô", "bắp"), ("khoai mì", "sắn"), ("công nghệ thông tin", "CNTT"),
    ("trí tuệ nhân tạo", "AI"), ("internet vạn vật", "IoT"), ("nâng cao", "cải thiện"), ("quy trình", "kỹ thuật"),
    ("xây dựng", "phát triển"), ("đánh giá", "phân tích"), ("hiệu quả", "lợi ích"), ("dứa", "thơm"),
    ("kỹ thuật", "kĩ thuật"),
    ("bảo vệ thực vật", "BVTV"), ("thiết bị bay không người lái", "drone"),
]  # fmt: skip


@dataclass(frozen=True)
class Parts:
    """An invented title before it is written out; empty strings are absent parts."""

    verb: str
    aspect: str
    subject: str
    method: str
    purpose: str
    place: str
    period: str

    @property
    def title(self) -> str:
        """The title in its usual order."""
        words = [self.verb, self.aspect, self.subject]
        if self.method:
            words.append(f"bằng {self.method}" if len(self.method) % 2 else f"ứng dụng {self.method}")
        words += [self.purpose, self.place, self.period]
        return " ".join(word for word in words if word)


def invent_parts(dice: random.Random) -> Parts:
    """One invented topic."""
    start = dice.randint(2008, 2025)
    period = dice.choice(
        ["", "", f"năm {start}", f"giai đoạn {start}-{start + dice.randint(2, 5)}", f"đến năm {start + 5}"]
    )
    return Parts(
        verb=dice.choice(VERBS),
        aspect=dice.choice(ASPECTS),
        subject=dice.choice(SUBJECTS),
        method=dice.choice(METHODS) if dice.random() < 0.7 else "",
        purpose=dice.choice(PURPOSES) if dice.random() < 0.3 else "",
        place=_place(dice),
        period=period,
    )


def invent_titles(count: int, *, seed: int = 1) -> list[Parts]:
    """count invented topics with different titles; the same for the same seed."""
    dice = random.Random(seed)
    found: dict[str, Parts] = {}
    while len(found) < count:
        parts = invent_parts(dice)
        found.setdefault(parts.title, parts)
    return list(found.values())


def disguise(parts: Parts, kind: str, dice: random.Random) -> str:
    """The same topic as somebody else might hand it in. kind: one of DISGUISES."""
    return _DISGUISES[kind](parts, dice)


def _place(dice: random.Random) -> str:
    province, district = dice.choice(PROVINCES), dice.choice(DISTRICTS)
    return dice.choice(
        [
            f"tại tỉnh {province}",
            f"trên địa bàn tỉnh {province}",
            f"tại huyện {district}, tỉnh {province}",
            f"ở huyện {district}",
            f"tỉnh {province}",
            "",
        ]
    )


def _unaccented(parts: Parts, dice: random.Random) -> str:
    return fold(parts.title)


def _moved(parts: Parts, dice: random.Random) -> str:
    place = f"tại tỉnh {dice.choice([name for name in PROVINCES if name not in parts.place])}"
    return replace(parts, place=place).title


def _redated(parts: Parts, dice: random.Random) -> str:
    start = dice.randint(2008, 2025)
    return replace(parts, period=f"giai đoạn {start}-{start + 5}").title


def _reordered(parts: Parts, dice: random.Random) -> str:
    method = f"Ứng dụng {parts.method} để" if parts.method else "Giải pháp"
    tail = [parts.verb[0].lower() + parts.verb[1:], parts.aspect, "trên", parts.subject, parts.period, parts.purpose]
    return " ".join(word for word in [method, *tail, parts.place] if word)


def _reworded(parts: Parts, dice: random.Random) -> str:
    title = parts.title
    for old, new in REPLACEMENTS:
        title = title.replace(old, new).replace(old.capitalize(), new.capitalize())
    return title


def _mistyped(parts: Parts, dice: random.Random) -> str:
    letters = list(parts.title)
    for _ in range(3):
        place = dice.randrange(1, len(letters) - 1)
        if letters[place].isalpha():
            letters[place] = dice.choice("aeiounhtcg")
        else:
            letters[place], letters[place - 1] = letters[place - 1], letters[place]
    return "".join(letters)


def _badly_typed(parts: Parts, dice: random.Random) -> str:
    letters = [letter for letter in fold(parts.title) if letter != " " or dice.random() > 0.1]
    for _ in range(len(letters) // 12):
        letters[dice.randrange(len(letters))] = dice.choice("aeiounhtcg")
    return "".join(letters)


def _shortened(parts: Parts, dice: random.Random) -> str:
    return replace(parts, place="", period="", purpose="").title


def _all_at_once(parts: Parts, dice: random.Random) -> str:
    place = f"tại tỉnh {dice.choice(PROVINCES)}"
    return fold(_reworded(replace(parts, place=place, period="năm 2026", purpose=""), dice))


_DISGUISES = {
    "unaccented": _unaccented,
    "moved": _moved,
    "redated": _redated,
    "reordered": _reordered,
    "reworded": _reworded,
    "mistyped": _mistyped,
    "badly_typed": _badly_typed,
    "shortened": _shortened,
    "all_at_once": _all_at_once,
}
DISGUISES = tuple(_DISGUISES)
