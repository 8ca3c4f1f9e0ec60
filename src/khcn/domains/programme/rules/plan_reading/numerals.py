"""Vietnamese numbers in running text: "1.500", "12,5", "02", "ba", "1,5 triệu"."""

import re
from decimal import Decimal

WORDS = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
SCALES = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9, "vạn": 10**4, "chục": 10}
NUMBER = r"\d{1,3}(?:[.\s]\d{3})+(?:,\d+)?(?![\d])|\d+(?:[.,]\d+)?"
_GROUPED_DOTS = re.compile(r"^\d{1,3}(?:\.\d{3})+(?:,\d+)?$")
_GROUPED_COMMAS = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$")


def read_number(text: str) -> Decimal | None:
    """Return the number written in `text` the Vietnamese way, or None.

    "1.500" is 1500, "1,5" and "1.5" are 1.5, "0.125" is 0.125, "12,345,000" is twelve million.
    """
    compact = re.sub(r"\s", "", text)
    if _GROUPED_DOTS.match(compact) and not compact.startswith("0."):
        compact = compact.replace(".", "").replace(",", ".")
    elif _GROUPED_COMMAS.match(compact) and compact.count(",") > 1:
        compact = compact.replace(",", "")
    else:
        compact = compact.replace(",", ".")
    return Decimal(compact) if re.fullmatch(r"\d{1,30}(?:\.\d{1,12})?", compact) else None


def _three_digits(words: list[str]) -> int | None:
    """Return the value of words such as ["hai", "trăm", "bốn", "mươi", "lăm"], or None."""
    units = {**WORDS, "không": 0, "mốt": 1, "lăm": 5, "nhăm": 5, "tư": 4, "linh": 0, "lẻ": 0}
    units.pop("mười")
    total, current = 0, 0
    for word in words:
        if word == "trăm":
            total, current = total + current * 100, 0
        elif word in ("mươi", "chục"):
            total, current = total + current * 10, 0
        elif word == "mười":
            total, current = total + 10, 0
        elif word in units:
            current = units[word] if units[word] or not current else current
        else:
            return None
    return total + current


def read_amount_in_words(text: str) -> int | None:
    """Return the amount spelled in `text` ("Bốn mươi lăm tỷ đồng" → 45000000000), or None when it is not one."""
    words = re.sub(r"[,./]", " ", text.lower()).split()
    cut = words.index("đồng") if "đồng" in words else len(words)
    words = [w for w in words[:cut] if w not in ("chẵn", "việt", "nam")]
    total, group = 0, list[str]()
    for word in words:
        if word in SCALES and word not in ("vạn", "chục"):
            value = _three_digits(group)
            if value is None or (not group and not total):
                return None
            total = (total + value) * SCALES[word] if word in ("tỷ", "tỉ") else total + value * SCALES[word]
            group = []
        else:
            group.append(word)
    rest = _three_digits(group)
    return None if rest is None or not words else total + rest
