"""Vietnamese numbers in running text: "1.500", "12,5", "02", "ba", "1,5 triệu"."""

import re
from decimal import Decimal

from khcn.lib.number_words import parse_number_words

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
_UNIT = "|".join(word for word in WORDS if word != "mười")
_AFTER_TEN = rf"(?:\s+(?:{_UNIT}|mốt|tư|lăm))?"
_TENS = rf"(?:(?:{_UNIT})\s+mươi{_AFTER_TEN}|mười{_AFTER_TEN})"
#: A number in words up to 999; "ba năm" is not one number.
WORD_NUMBER = rf"(?:(?:{_UNIT})\s+trăm(?:\s+(?:{_TENS}|(?:linh|lẻ)\s+(?:{_UNIT})))?|{_TENS}|{_UNIT})"
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


def read_word_number(words: str) -> int | None:
    """Return the number that Vietnamese words name ("ba", "mười hai", "ba trăm linh năm"), or None."""
    single = WORDS.get(words.lower())
    return single if single is not None else parse_number_words(words)
