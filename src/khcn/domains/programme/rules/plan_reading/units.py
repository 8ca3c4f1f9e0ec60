"""Split the heading of a duty into full names of units: "Các Sở: Y tế, Giáo dục và Đào tạo" → "Sở Y tế", "Sở Giáo
dục và Đào tạo".
"""

import re

from khcn.standards.officialdoc import fold

# Names of provincial departments and their short forms, as plans write them (before and after the mergers of 2025).
_DEPARTMENTS = (
    "Nông nghiệp và Phát triển nông thôn",
    "Nông nghiệp và PTNT",
    "Nông nghiệp & PTNT",
    "Nông nghiệp - PTNT",
    "NN và PTNT",
    "NN&PTNT",
    "NN & PTNT",
    "NNPTNT",
    "Nông nghiệp và Môi trường",
    "NN&MT",
    "Nông nghiệp",
    "Thông tin và Truyền thông",
    "Thông tin - Truyền thông",
    "Thông tin, Truyền thông",
    "TT&TT",
    "TT và TT",
    "TTTT",
    "Tài nguyên và Môi trường",
    "Tài nguyên - Môi trường",
    "TN&MT",
    "TN và MT",
    "TNMT",
    "Công Thương",
    "Công nghiệp",
    "Y tế",
    "Giáo dục và Đào tạo",
    "Giáo dục - Đào tạo",
    "GD&ĐT",
    "GD và ĐT",
    "GDĐT",
    "Giao thông Vận tải",
    "Giao thông - Vận tải",
    "Giao thông",
    "GTVT",
    "Giao thông công chánh",
    "Văn hóa, Thể thao và Du lịch",
    "Văn hóa Thể thao và Du lịch",
    "Văn hoá, Thể thao và Du lịch",
    "Văn hoá Thể thao và Du lịch",
    "Văn hóa - Thể thao và Du lịch",
    "Văn hóa, Thể thao, Du lịch",
    "Văn hóa và Thể thao",
    "Văn hoá và Thể thao",
    "Văn hóa, Thể thao",
    "VH,TT&DL",
    "VHTT&DL",
    "VH-TT&DL",
    "VHTTDL",
    "VHTT",
    "Du lịch",
    "Lao động - Thương binh và Xã hội",
    "Lao động – Thương binh và Xã hội",
    "Lao động, Thương binh và Xã hội",
    "Lao động Thương binh và Xã hội",
    "Lao động-Thương binh và Xã hội",
    "LĐ-TB&XH",
    "LĐ - TB&XH",
    "LĐTB&XH",
    "LĐTBXH",
    "Nội vụ",
    "Tư pháp",
    "Tài chính",
    "Kế hoạch và Đầu tư",
    "Kế hoạch - Đầu tư",
    "Kế hoạch & Đầu tư",
    "KH&ĐT",
    "KH và ĐT",
    "KHĐT",
    "Khoa học và Công nghệ",
    "Khoa học, Công nghệ",
    "Khoa học & Công nghệ",
    "KH&CN",
    "KH và CN",
    "KHCN",
    "Xây dựng",
    "Ngoại vụ",
    "Dân tộc và Tôn giáo",
    "Dân tộc",
    "Quy hoạch - Kiến trúc",
    "Quy hoạch và Kiến trúc",
    "An toàn thực phẩm",
)
_BY_LENGTH = sorted(_DEPARTMENTS, key=len, reverse=True)
_DEPARTMENT = re.compile(
    "(?:" + "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in _BY_LENGTH) + r")(?![\w&])", re.IGNORECASE
)
_UNIT_HEAD = (
    r"(?:các\s+|những\s+)?(?:sở(?!\s+hữu)|ban(?!\s+hành)|ngành|ubnd|hđnd|ủy ban|uỷ ban|hội(?!\s+(?:đồng\s+đánh|"
    r"nghị|thảo))|liên hiệp|liên minh|công an|bộ(?=\s+(?:chỉ huy|đội|tư lệnh|khoa|thông|nông|tài|y|giáo))|"
    r"văn phòng|cục|chi cục|kho bạc|ngân hàng|báo|đài|cổng|trường|viện|trung tâm|bệnh viện|đoàn|tỉnh đoàn|"
    r"thành đoàn|tỉnh ủy|thành ủy|mặt trận|mttq|đảng ủy|đảng bộ|đảng đoàn|huyện ủy|thị ủy|cấp ủy|"
    r"doanh nghiệp|hợp tác xã|tổ chức|cơ quan|đơn vị|thanh tra|bảo hiểm|bưu điện|viễn thông|công ty|tập đoàn|vnpt|"
    r"viettel|mobifone|hiệp hội|huyện|"
    r"thành phố|thị xã|xã(?=\s*,\s*phường)|phòng|quỹ|tổ|chủ tịch|thủ trưởng|giám đốc|lãnh đạo|cá nhân|chủ nhiệm|"
    r"người đứng đầu|điện lực|thường trực|đại biểu|thành viên|tiểu ban|nhà trường|học viện|đại học|chi nhánh|"
    r"cơ sở|chủ đầu tư|đoàn thể|nhân dân|đồn|hạt kiểm lâm|trạm|"
    r"tòa án|viện kiểm sát|cán bộ|nhà khoa học)"
)
_STARTS_UNIT = re.compile(rf"^{_UNIT_HEAD}\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:giao|đề nghị|yêu cầu|phân công|kính đề nghị|trách nhiệm|nhiệm vụ)(?:\s+(?:nhiệm vụ\s+)?(?:của|cho|"
    r"đối với))?|đối với|riêng)\s+(?:cho\s+)?",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?<![\w])(?:chủ trì|phối hợp|có trách nhiệm|trong phạm vi|tham mưu|chịu trách nhiệm|căn cứ|theo chức năng|"
    r"trên cơ sở|"
    r"hướng dẫn|bố trí|tổ chức(?=\s+(?:thực|triển|tuyên|rà|kiểm|quán))"
    r"|thực hiện|đẩy mạnh|là\s+(?:cơ quan|đầu mối|đơn vị)|tăng cường|tuyên truyền|"
    r"(?<!các )(?<!là )(?<!chí )lãnh đạo(?=,|\s+(?!(?:các\s+)?(?:sở|cơ quan|đơn vị|ubnd|tỉnh|phòng|ban|ngành|"
    r"huyện|và)\b))|chỉ đạo|"
    r"cân đối|thẩm định|"
    r"đề xuất|lồng ghép|rà soát|tổng hợp|theo dõi|"
    r"kiểm tra|triển khai|chủ động|xây dựng(?=\s+(?:kế|chương|đề|dự|các|và)\b)|hỗ trợ|vận động|phát huy|quan tâm|"
    r"nghiên cứu(?=,|\s+(?:đề|xây|tham|ứng|cơ))|tham gia|quản lý(?=\s+(?:và|nhà|các|chặt))|đưa|giám sát|"
    r"tiếp tục|báo cáo|thường xuyên|khuyến khích|huy động|ưu tiên|đảm bảo|bảo đảm|dự toán|lập|trình|"
    r"(?<!sở )(?<!bộ )(?<!ngành )(?<!tư )(?<!liệu )(?<!ty )xây dựng(?=\s)|phát động|làm(?=\s+(?:cầu|đầu|tốt|rõ|"
    r"việc|công|cơ))|định hướng|phổ biến|biên soạn|"
    r"khảo sát|"
    r"thành lập|ban hành|duy trì|cung cấp|cập nhật|công bố|tạo điều kiện|đôn đốc|phân bổ|giúp|chuẩn bị|cử|"
    r"lựa chọn|đăng tải|"
    r"kịp thời|tích cực|định kỳ|hằng năm|hàng năm|nghiêm túc|xem xét|quyết định|phê duyệt|quán triệt|cụ thể hóa|"
    r"cụ thể hoá|"
    r"đăng ký|kết nối|thu hút|xúc tiến|xác định|tập trung|tăng thêm|đẩy nhanh|thúc đẩy|hoàn thành|hoàn thiện|"
    r"giới thiệu|"
    r"tham dự|chấp hành|phản ánh|gắn|lấy|cùng với|đồng thời|sắp xếp|thông báo|tiếp nhận|áp dụng|phân công|giao\s|"
    r"(?<!nghiên cứu )phối kết hợp)\b",
    re.IGNORECASE,
)
_AFTER_LEVEL = re.compile(
    r"\b(?:tỉnh|thành phố|xã|phường|đặc khu|huyện|liên quan|trên địa bàn)\s+(?=[^\W\d_A-ZĐ])"
    r"(?!(?:và|các|tỉnh|thành phố|huyện|thị|xã|phường|đặc|cấp|trên|thuộc|của|ở|tại|có|liên quan|ven|đến|theo|uỷ|"
    r"ủy|đoàn)\b)"
)
_TRAILING = re.compile(r"\s*(?:có trách nhiệm|chịu trách nhiệm|trong phạm vi.*|theo chức năng.*)\s*$", re.IGNORECASE)
_REMARK = re.compile(r"\s*\((?:sau đây|cơ quan|đơn vị|gọi|chủ trì|thường trực)[^()]*\)", re.IGNORECASE)
_LOWER_LIST = re.compile(
    r"^các\s+sở\s*,\s*(?:ban|ngành|đoàn)(?!\s*:|\s*,\s*ngành\s*:)|^các\s+(?:sở|ban)\s*[-–]\s*|^sở\s*,\s*(?:ban|"
    r"ngành)|^các\s+sở\s+và|^các\s+sở$",
    re.IGNORECASE,
)
_MANY = re.compile(r"^(?:các\s+|sở\s+)?sở(?:\s*,\s*(?:ban\s*,\s*)?ngành)?(?:\s*:\s*|\s+)", re.IGNORECASE)
_AND = re.compile(
    rf"\s*,\s*(?:và\s+)?(?=(?:(?-i:[A-ZĐỦ])|các\s|ubnd))(?={_UNIT_HEAD}\b)|\s+(?:và|"
    rf"cùng)\s+(?!(?:các\s+)?(?:tổ chức (?:thành|liên|khác)|đơn vị|"
    rf"cơ quan|doanh nghiệp|cá nhân)\b)(?={_UNIT_HEAD}\b)|\s*;\s*(?:và\s+)?|\s+/\s+",
    re.IGNORECASE,
)


def department_name(text: str) -> str | None:
    """Return "Sở Khoa học và Công nghệ" for the name of a department in any case, None for another text."""
    found = re.fullmatch(rf"sở\s+({_DEPARTMENT.pattern})", text.strip(), re.IGNORECASE)
    if found is None:
        return None
    return next(f"Sở {name}" for name in _BY_LENGTH if fold(name) == fold(found.group(1)))


def starts_with_unit(text: str) -> bool:
    """Whether `text` begins with the name of a unit, a list of units or a lead such as "Giao …"."""
    lead = _LEAD.match(text)
    rest = text[lead.end() :] if lead else text
    return bool(_STARTS_UNIT.match(rest))


def cut_heading(text: str) -> tuple[str, str]:
    """Divide "Sở Tài chính: Chủ trì …" or "Sở Y tế chủ trì …" into the words that name units and the clause after them.

    The clause is "" when the text names units only.
    """
    lead = _LEAD.match(text)
    begin = lead.end() if lead else 0
    if many := re.match(r"(?:các\s+)?sở(?:,\s*(?:ban,?\s*)?ngành)?\s*:\s*", text[begin:], re.IGNORECASE):
        colon = text.find(":", begin + many.end())
    else:
        colon = text.find(":", begin)
    clause = _find_clause(text, begin)
    if colon >= 0 and (clause is None or colon < clause):
        return text[begin:colon].strip(" ,;"), text[colon + 1 :].strip()
    if clause is None and text.rstrip().endswith((".", ";")) and (after := _AFTER_LEVEL.search(text, begin)):
        # No known verb: what a unit does begins after the word that closes its name ("… tỉnh", "… liên quan").
        clause = after.end()
    if clause is None:
        return text[begin:].strip(" ,;:."), ""
    return text[begin:clause].strip(" ,;:-–"), text[clause:].strip()


def _find_clause(text: str, begin: int) -> int | None:
    """Return where the first duty verb stands outside the names of departments ("Sở Xây dựng" is no verb)."""
    hidden = _DEPARTMENT.sub(lambda m: "~" * len(m.group()) if m.group()[0].isupper() else m.group(), text)
    hidden = re.sub(r"\([^()]*\)", lambda m: "~" * len(m.group()), hidden)
    for match in _CLAUSE.finditer(hidden, begin):
        if match.start() > begin and not hidden[match.start()].isupper():
            return match.start()
        if (
            match.start() > begin
            and re.search(r"[\s:;.)]$", hidden[: match.start()])
            and not re.search(r"(?:và|,|các|Sở|Ban|Hội)\s*$", hidden[: match.start()])
        ):
            return match.start()
    return None


def split_units(text: str) -> tuple[str, ...]:
    """Return the full names of the units in `text`, in order, each once."""
    plain = _REMARK.sub("", text).strip(" ,;:.-–")
    text = _TRAILING.sub("", plain)
    units: list[str] = []
    for segment in _split_outside(text):
        for unit in _departments(segment):
            name = unit.strip(" ,;:.-–")
            if name and name not in units:
                units.append(name)
    return tuple(units)


def _split_outside(text: str) -> list[str]:
    """Split at ";", and at commas and "và" before the head word of a unit, but not inside "Các sở, ban, ngành"."""
    generic = (
        r"(?:sở|ban|ngành|hội|đoàn thể|huyện|thị xã|thành phố|xã|phường|thị trấn|tổ chức|cơ quan|đơn vị|"
        r"địa phương|mặt trận|doanh nghiệp|hợp tác xã|cá nhân|viện|trường|đoàn|phòng|"
        r"viện nghiên cứu|trung tâm|các tổ chức[^,;]*)"
    )
    protected = re.sub(
        rf"(?:các\s+)?{generic}(?:\s*(?:,|và|-|–)\s*(?:các\s+)?{generic}(?!\w))+",
        lambda m: (
            m.group()
            if re.search(r"Sở\s+[A-ZĐ]", m.group())
            else m.group().replace(",", "\x1f").replace(" và ", "\x1e")
        ),
        text,
    )
    parts = _AND.split(protected)
    return [part.replace("\x1f", ",").replace("\x1e", " và ").strip() for part in parts if part and part.strip()]


def _departments(segment: str) -> list[str]:
    """Expand "Các Sở: A, B và C" to "Sở A", "Sở B", "Sở C"; anything else is one unit."""
    if _LOWER_LIST.match(segment):
        return [segment]
    many = _MANY.match(segment)
    if many is None:
        return [segment]
    rest = segment[many.end() :]
    names = [m.group() for m in _DEPARTMENT.finditer(rest)]
    left = re.sub(r"(?:[\s,;:&]|\bvà\b|\bSở\b)+", "", _DEPARTMENT.sub("", rest))
    if len(names) == 1 and not re.match(r"(?:các\s+)", segment, re.IGNORECASE):
        return [segment]
    if names and not left:
        return [f"Sở {name}" for name in names]
    if not re.match(r"các\s+", segment, re.IGNORECASE) and "," not in rest:
        return [segment]
    parts = _by_comma(rest)
    return [part if _STARTS_UNIT.match(part) and fold(part).split()[0] != "nong" else f"Sở {part}" for part in parts]


def _by_comma(text: str) -> list[str]:
    """Split names of departments that are not all known: known ones whole, the rest at commas."""
    hidden = _DEPARTMENT.sub(lambda m: m.group().replace(",", "\x1f").replace(" và ", "\x1e"), text)
    parts = re.split(r"\s*[,;]\s*(?:và\s+)?|\s+và\s+(?=[A-ZĐ])", hidden)
    return [part.replace("\x1f", ",").replace("\x1e", " và ").strip() for part in parts if part.strip()]
