"""Cut the counted thing out of a sentence: "ít nhất 03 [hệ thống thông tin, phần mềm ứng dụng], ít nhất …"."""

import re

from khcn.standards.officialdoc.letters import compile_letters

_MAX_WORDS = 14
_STOPS = re.compile(
    r"\s*(?:[.;:()\n|]|\b(?:phục vụ|vào|được|cho|tại|trên|để|nhằm|có|đạt|áp dụng|của|trong|do|từ|với|theo|về|"
    r"thuộc|đủ|đã|sẽ|cần|phải|là|gồm|bao gồm"
    r"|như|tham dự|lên|thông qua|bằng|qua|khi|sau|trước|đến|trở lên|trở xuống|hoàn thành|tham gia|triển khai|thực hiện|"
    r"cung cấp|kết nối|tiếp cận|so với"
    r"|mỗi năm|hằng năm|hàng năm|bình quân|ở|đang|vẫn|không(?!\s+(?:khí|gian))|ngang tầm|nhưng|góp phần|nằm|ra|"
    r"hình thành|đáp ứng|sử dụng|đưa|"
    r"chủ lực có"
    r"|ứng dụng(?=\s+(?:công nghệ(?! cao)|trí tuệ|tiến bộ|kỹ thuật|chuyển đổi|hiệu quả|thành công))|lọt|mang|gọi|"
    r"kêu gọi|thu hút|"
    r"(?<!đơn )đăng ký|hoạt động(?=\s+(?:hiệu quả|ổn định|thường))|"
    r"trong đó|gắn|tới)\b)",
    re.IGNORECASE,
)
_NEW_START = re.compile(
    r"^\s*(?:và\s+|,\s*)?(?:(?:có\s+)?(?:ít nhất|tối thiểu|không dưới|không quá|tối đa|trên|hơn|khoảng|"
    r"dưới)?\s*[\d≥≤<>]|"
    r"(?:ít nhất|tối thiểu|phấn đấu|trong đó|tập huấn|bồi dưỡng|bố trí|kiểm tra|nâng cao|nâng|xây dựng|phát triển|"
    r"góp phần|tạo|hỗ trợ|đào tạo|tăng|"
    r"giảm|bảo đảm|đảm bảo|ưu tiên|tập trung|"
    r"thu hút|chuyển giao|hình thành|nghiên cứu|tiếp nhận|công bố|đồng thời|từng bước|khai thác|duy trì|mở rộng|"
    r"cấp(?!\s+(?:tỉnh|thành phố|huyện|xã|phường|cơ sở|bộ|ngành|quốc gia|nhà nước|trung ương|trường|vùng)\b)|"
    r"tổ chức|thúc đẩy|"
    r"đẩy mạnh|nhân rộng|phối hợp|ứng dụng|triển khai|thực hiện|kết nối|đưa|tỷ lệ|tỉ lệ|số lượng|mỗi|bước đầu|"
    r"qua đó|cơ bản|hoàn thiện|tiếp tục"
    r"|giá trị|năng suất|tổng|doanh thu|kim ngạch|quy mô|cụ thể|chiếm|một)\b)",
    re.IGNORECASE,
)
_RATIO_BASE = compile_letters(
    r"^(?P<unit>[^/,.;()\d]{2,40}?)\s*/\s*(?P<base>(?:[\d.]+|một|01)?\s*(?:vạn\s+|nghìn\s+)?[\p{Ll}]+[23]?(?:\s+dân)?)",
    re.IGNORECASE,
)
_DENSITY = compile_letters(
    r"^\s*(?P<unit>[\p{Ll}\s]{2,40}?)\s+trên\s+(?:(?:một|1|01|10\.000)\s+)?(?P<base>(?:vạn\s+|nghìn\s+|triệu\s+)?dân)\b"
)
_MEASURE = re.compile(
    r"(?:ha|héc ta|hecta|tấn|tạ|kg|km|km2|m|m2|m3|lít|mw|mwp|kwh|gb|tb|mbps|%|điểm)(?:/[^\W\d_]+)?$", re.IGNORECASE
)
_LAST_VERB = re.compile(
    r"\s(?:và\s+)?(?:xây dựng|phát triển|tạo lập|tạo ra|hình thành|cung cấp|đào tạo|hỗ trợ|và|đạt chuẩn)\s*$"
)
_SHARE_NAME = re.compile(r"\b(?:tỷ lệ|tỉ lệ|tỷ trọng|tỉ trọng|mức độ|độ|tốc độ|năng suất)\b", re.IGNORECASE)
_RATE_VERB = re.compile(
    r"[\s,]*(?:\bđến\s+(?:hết\s+|cuối\s+)?năm\s+\d{4}|\bvào\s+năm|\b(?:đạt|chiếm|là|còn|giảm còn|giảm xuống|"
    r"ít nhất|tối thiểu|không dưới|"
    r"không quá|phấn đấu)\b|\b(?:trên|dưới|khoảng|hơn|từ|tăng|giảm)\s*[\d]|\d)",
    re.IGNORECASE,
)


def read_unit(sentence: str, start: int) -> str:
    """Return the noun phrase at `start` of `sentence` that names what is counted, "" when there is none."""
    text = sentence[start : start + 220]
    if not re.match(r"\s*(?:[^\W\d_]|[“\"])", text):
        return ""
    if ratio := _RATIO_BASE.match(text.lstrip()):
        unit = ratio.group("unit").strip()
        if not _STOPS.search(" " + unit) and not re.fullmatch(r"(?:01\s*)?năm", ratio.group("base").strip()):
            return f"{unit}/{ratio.group('base').strip()}"
    if multiple := re.match(r"\s*lần\b(?!\s+(?:thứ|lượt))", text):
        return multiple.group().strip()
    if density := _DENSITY.match(text):
        return f"{density.group('unit').strip()}/{density.group('base')}"
    stop = _STOPS.search(text, 1)
    phrase = text[: stop.start()] if stop else text
    if stop and stop.start() <= 1:
        return ""
    return _until_new_start(phrase.split("/")[0])


def _until_new_start(phrase: str) -> str:
    """Return `phrase` up to the comma or "và" after which something else is counted or done."""
    kept: list[str] = []
    for part in re.split(r"(?=,\s)|(?=\s+và\s)", phrase):
        if kept and (
            _NEW_START.match(part.replace(" và ", "", 1) if part.lstrip().startswith("và") else part.lstrip(", "))
        ):
            break
        if kept and len(" ".join([*kept, part]).split()) > _MAX_WORDS:
            break
        if kept and _MEASURE.match(kept[0].strip()):
            break
        kept.append(part)
    words = " ".join("".join(kept).split())
    numbered = re.search(r"\s(?:(?:ít nhất|tối thiểu|trên|hơn|khoảng|với)\s+)?\d", words)
    if numbered:
        words = _LAST_VERB.sub("", words[: numbered.start()])
    return re.sub(r"\s+và$", "", words.strip(' ,;.“”"'))


def read_subject(sentence: str, hidden: str, start: int, end: int, *, percent: bool) -> str:
    """Return what the number at [start, end) is about: the words before "đạt" for rates, else the words after it."""
    before = re.split(r"[;:]|\.\s", hidden[:start])[-1]
    clause = sentence[start - len(before) : start].strip(" ,-")
    if percent and (
        _SHARE_NAME.search(clause) or re.search(r"\b(?:đạt|chiếm|tăng|giảm)\b", clause[-40:], re.IGNORECASE)
    ):
        named = _SHARE_NAME.search(clause)
        words = clause[named.start() :] if named else clause
        words = _RATE_VERB.split(words)[0]
        if words.strip():
            return " ".join(words.split())[:200]
    after = re.split(r"[;]|\.\s|,\s*(?=(?:ít nhất|tối thiểu|trên|[\d]))", sentence[end:])[0]
    return " ".join(after.split()).strip(" .,:")[:200]
