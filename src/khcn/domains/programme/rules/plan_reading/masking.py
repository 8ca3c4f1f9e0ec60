"""Hide the numbers of a sentence that count nothing: dates, act numbers, standards, levels, ratios' bases,
comparisons.
"""

import re

HIDDEN = "\x1f"  # stands for each hidden character, so that offsets stay

_NUM = r"\d+(?:[.,]\d+)*"
_YEAR = r"(?:19|20)\d{2}"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\(\s*(?:\d{1,2}|[ivx]{1,4}|[a-z])\s*\)",
        r"\d{1,2}\s*[/.]\s*\d{1,2}\s*[/.]\s*\d{4}",
        r"ngày\s+\d{1,2}(?:\s*[/.-]\s*\d{1,2}(?!\d))?(?:\s*tháng\s*\d{1,2})?",
        r"(?:hằng|hàng|mỗi|trong|từng|các|cả|những|cuối|đầu|giữa|qua|sau|trước|theo|nhiều|mấy|một|hai|ba)\s+năm(?=\s)",
        rf"tháng\s+\d{{1,2}}(?:\s*/\s*{_YEAR})?",
        rf"{_YEAR}\s*[-–]\s*{_YEAR}",
        rf"năm\s+(?:học\s+)?{_YEAR}(?:\s*(?:,|và|[-–])\s*{_YEAR})*",
        rf"(?<![\d.,/]){_YEAR}(?![\d%]|[.,]\d|\s*(?:%|tỷ|triệu|tỉ|nghìn))",
        r"(?:số|nghị quyết|quyết định|chỉ thị|kết luận|đề án|chương trình|dự án|luật|thông tư|nghị định|"
        r"quy định)\s+\d+[\w/.&Đđ-]*",
        r"\d+\s?(?:[/-]\s?\d{4}\s?)?[/-]\s?(?:QĐ|NQ|NĐ|TT|CT|CTr|KL|KH|CV|TTr|BC|TB|HD|ĐA)\b[\w/&-]*",
        r"\b(?:iso|tcvn|qcvn|iec|iso/iec|haccp|astm|tiêu chuẩn|brc|"
        r"gs1)\s*(?:/?[a-z]+\s*)?[\d][\d.:/-]*(?:\s*:\s*\d{4})?",
        r"(?:công nghiệp|cmcn|cách mạng|web|phiên bản|version|khung kiến trúc.{0,40}?)\s*\d\.\d",
        r"(?<![\d.,])[1-5]\.0(?![\d%]|\s*(?:%|triệu|tỷ|ha|điểm))",
        r"\b24\s*/\s*(?:24|7)(?:h|\s+giờ)?(?:/7)?|\b24h\b",
        r"\b[2-6]g\b|ipv[46]|covid-19|\bh\d+n\d+\b",
        r"\bcấp(?:\s+độ)?\s+(?:[1-5]|[ivx]{1,4})(?:\s*(?:,|và|[-–]|đến|hoặc)\s*(?:[1-5]|[ivx]{1,4}))*"
        r"(?![\d.,]*\d|\s*%|\w)(?!\s+(?:mã|giấy|chứng|bằng|văn bằng|thẻ|học bổng|tài khoản|chữ ký))",
        r"(?:mức(?:\s+độ)?|loại|khóa|khoá|lần\s+thứ|thứ|điều|khoản|điểm|mục|phụ lục|biểu|chương|"
        r"phần|bước|vùng|đợt|giai\s+đoạn"
        r"|lớp|quý|quốc lộ|quyển|tập|bảng|hình|kỳ|bậc|tiêu\s+chí\s+số|nhóm\s+[a-z]|đô thị loại)\s+(?:\d{1,2}|"
        r"[ivx]{1,4})"
        r"(?:\s*(?:,|và|[-–]|đến|hoặc)\s*(?:\d{1,2}|[ivx]{1,4}))*(?![\d.,]*\d|\s*%|\w)",
        rf"{_NUM}\s*(?:(?:,|và|[-–]|đến)\s*\d\s*)?sao\b(?:\s*trở lên)?",
        rf"/\s*(?:{_NUM}\s*)?(?:một\s+|01\s+)?(?:vạn|nghìn|triệu)?\s*(?=dân\b|hộ\b|người\b|lao động|đơn vị|giường)",
        rf"\btrên\s+(?:số\s+)?(?:{_NUM}|một|1)\s*(?:vạn|nghìn|triệu)?\s*(?=(?:người\s+)?dân\b)",
        r"\btrên\s+(?:một|mỗi)(?=\s)(?!\s+(?:trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ|nửa)\b)",
        r"\btrên\s+0?1\s+(?=(?:ha|héc|hecta|đơn vị|mét|m2|km)\b)",
        rf"(?:hiện\s+(?:nay|tại|có|đạt|trạng)|thực hiện (?:đến|năm))\b[^,;.)]*?{_NUM}\s*%?",
        rf"so\s+với\s+(?:mức\s+)?{_NUM}\s*%?",
        r"\b(?:một\s+cửa|một\s+số|một\s+phần|một\s+trong|một\s+bước|một\s+cách|một\s+lần|hai\s+bên|ba\s+cấp|"
        r"hai\s+cấp|ba\s+nhà|bốn\s+nhà"
        r"|một\s+đầu\s+mối|một\s+sản\s+phẩm|ba\s+không|\d\s+(?:cấp|bên|nhà)(?=\W))",
        rf"từ\s+(?:mức\s+)?{_NUM}\s*%?(?:\s*(?:\(|vào\s+)?(?:cuối\s+)?[{HIDDEN}]+\)?|"
        rf"\s+hiện\s+nay)?\s*,?\s*(?=(?:tăng\s+)?lên|xuống|giảm)",
    )
)
_PARENTHESIS = re.compile(r"\(([^()]{1,300})\)")
_KEPT_IN_PARENTHESES = re.compile(
    r"ít nhất|tối thiểu|trong đó|không quá|tối đa|trên\s+\d|đến\s+năm|≥|≤|>|<", re.IGNORECASE
)


def _hide(match: re.Match[str]) -> str:
    return HIDDEN * len(match.group())


def _hide_parenthesis(match: re.Match[str]) -> str:
    return match.group() if _KEPT_IN_PARENTHESES.search(match.group(1)) else _hide(match)


def hide_remarks(text: str) -> str:
    """Return `text` of the same length with remarks in parentheses hidden, save those that set something."""
    return _PARENTHESIS.sub(_hide_parenthesis, text)


def hide_uncounted(text: str) -> str:
    """Return `text` of the same length, with numbers that cannot be targets (and remarks in parentheses) hidden."""
    hidden = hide_remarks(text)
    for pattern in _PATTERNS:
        hidden = pattern.sub(_hide, hidden)
    return hidden
