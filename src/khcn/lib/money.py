"""Amounts of đồng: print, read and spell out; whole đồng as int, never float, no exchange rates."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import Final

from khcn.lib.number_words import parse_number_words, spell_number
from khcn.lib.text import fold, nfc
from khcn.lib.unreadable import Unreadable


class UnreadableAmount(Unreadable):
    """The text is no amount of đồng, or may be read in two ways."""

    code = "unreadable_amount"


# 10^18 đồng is some hundred times the yearly budget of the State: whatever is larger is a slip of the keyboard.
LARGEST_VND: Final = 10**18

_UNITS: Final[dict[str, int]] = {
    "dong": 1, "d": 1, "vnd": 1, "₫": 1,
    "nghin": 10**3, "ngan": 10**3, "k": 10**3,
    "trieu": 10**6, "tr": 10**6,
    "ty": 10**9, "ti": 10**9,
}  # fmt: skip
_PIECE = re.compile(r"[0-9][0-9.,]*|[^\W\d_]+|₫|\S")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_DECIMAL = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3}){2,}|\d+)(?:([.,])(\d+))?")
_HINT = "Ghi số tiền như 45.000.000.000, 45 tỷ hoặc 45,5 triệu đồng."


def format_number(value: int | Decimal | Fraction, *, decimals: int | None = None) -> str:
    """The number printed the Vietnamese way: "1.234.567,5".

    decimals: digits after the comma, rounded half up; None prints an exact Decimal as it is, without trailing zeros.
    """
    if decimals is not None:
        scaled = Fraction(value) * 10**decimals
        units = int(abs(scaled) + Fraction(1, 2))
        whole, rest = divmod(units, 10**decimals)
        digits = f"{rest:0{decimals}d}" if decimals else ""
        negative = scaled < 0 and units > 0
    else:
        if isinstance(value, Fraction):
            value = Decimal(value.numerator) / Decimal(value.denominator)
        text = format(Decimal(value), "f")
        whole_text, _, digits = text.lstrip("-").partition(".")
        whole, digits = int(whole_text), digits.rstrip("0")
        negative = text.startswith("-") and bool(whole or digits)
    grouped = f"{whole:,}".replace(",", ".")
    return ("-" if negative else "") + grouped + ("," + digits if digits else "")


def format_vnd(amount: int | Decimal, *, unit: str = "đồng") -> str:
    """The amount as "45.000.000.000 đồng". amount: whole đồng. Raises ValueError when it has a fraction."""
    if amount != int(amount):
        raise ValueError(f"an amount of dong has no fraction: {amount}")
    return f"{format_number(int(amount))} {unit}"


def format_short_vnd(amount: int) -> str:
    """The amount in the largest round unit, two decimals at most: "45 tỷ đồng", "12,5 triệu đồng"."""
    for size, unit in ((10**9, "tỷ đồng"), (10**6, "triệu đồng")):
        if abs(amount) >= size:
            return f"{format_number(Decimal(format_fixed(amount, size)))} {unit}"
    return format_vnd(amount)


def format_fixed(amount: int, size: int) -> str:
    """amount / size with two decimals, half up, in the notation of programs ("12.50")."""
    hundredths, sign = (abs(amount) * 200 + size) // (2 * size), "-" if amount < 0 else ""
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d}"


def parse_vnd(text: str, *, allow_negative: bool = False) -> int:
    """Whole đồng from an amount as people write it.

    text: "45 tỷ", "45.000.000.000", "45,5 triệu", "12.500 triệu đồng", "2 tỷ 300 triệu", "1 tỷ rưỡi",
    "khoảng 45.000.000.000 đồng", or words ("bốn mươi lăm tỷ đồng"); a dot groups thousands, a comma starts decimals.
    Returns đồng. Raises UnreadableAmount with a Vietnamese sentence when the text is no amount, may be read in two
    ways ("45,000"), is not whole đồng, is negative without allow_negative, or is above LARGEST_VND.
    """
    shown = nfc(" ".join(text.split()))
    if not shown:
        raise UnreadableAmount(f"Chưa có số tiền. {_HINT}")
    body = unicodedata.normalize("NFKC", shown).replace("−", "-")
    negative = False
    if body.startswith("(") and body.endswith(")"):
        body, negative = body[1:-1].strip(), True
    if body.startswith("-"):
        body, negative = body[1:].strip(), not negative
    amount = _amount(body, shown)
    if amount > LARGEST_VND:
        raise UnreadableAmount(f"“{shown}” lớn hơn một tỷ tỷ đồng; kiểm tra lại các chữ số.")
    if negative and amount and not allow_negative:
        raise UnreadableAmount(f"“{shown}” là số âm; số tiền ở đây không được âm.")
    return -amount if negative else amount


def in_words(amount: int, *, unit: str = "đồng") -> str:
    """The amount spelled out with a capital: 45000000000 gives "Bốn mươi lăm tỷ đồng".

    Own rule (lẻ, mốt, tư, lăm): 1005 gives "Một nghìn không trăm lẻ năm đồng"; empty groups of three are not read.
    """
    words = f"{spell_number(amount)} {unit}".strip()
    return words[0].upper() + words[1:]


def parse_words(text: str) -> int:
    """Đồng from an amount in words, whatever its case and accents: the inverse of in_words.

    Raises UnreadableAmount.
    """
    words = fold(text).strip(" .;:()").split()
    while words and words[-1] in ("dong", "vnd", "chan"):
        words.pop()
    amount = parse_number_words(" ".join(words))
    if amount is None:
        raise UnreadableAmount(f"“{nfc(text.strip())}” không phải là số tiền viết bằng chữ.")
    return amount


def _amount(body: str, shown: str) -> int:
    folded = fold(body).strip(" .;")
    folded = re.sub(r"^(?:khoang|tong so tien|so tien|tong cong|tong)\s*:?\s+", "", folded)
    if not re.search(r"\d", folded):
        return _amount_in_words(body, shown)
    total, number, last_size, rests = Fraction(0), None, None, False
    digits_before = False
    for piece in _PIECE.findall(re.sub(r"(?<=\d)\s(?=\d{3}(?!\d))", "\u00a0", folded).replace("\u00a0", "")):
        if piece[0].isdigit():
            if number is not None or rests:
                raise UnreadableAmount(f"Không đọc được số tiền “{shown}”. {_HINT}")
            number, digits_before = _number(piece.rstrip(".,"), shown), True
            continue
        size = _UNITS.get(piece)
        if piece == "ruoi" and last_size and last_size > 1 and number is None:
            total, rests = total + Fraction(last_size, 2), True
        elif size == 1 and digits_before:
            total, number, rests = total + (number or 0), None, True
        elif size == 10**9 and last_size == 10**3:
            # "1 nghìn tỷ", "1 nghìn 500 tỷ": the thousand counts billions.
            total, number, last_size = (total + (number or 0)) * size, None, size
        elif size and number is not None and last_size is not None and size >= last_size:
            raise UnreadableAmount(f"Không đọc được số tiền “{shown}”. {_HINT}")
        elif size and number is not None:
            total, number, last_size = total + number * size, None, size
        elif piece != "chan" or number is not None:
            raise UnreadableAmount(f"Không hiểu “{piece}” trong số tiền “{shown}”. {_HINT}")
    if number is not None and last_size is not None:
        raise UnreadableAmount(f"Phần cuối của “{shown}” thiếu đơn vị. {_HINT}")
    total += number or 0
    if total.denominator != 1:
        raise UnreadableAmount(f"“{shown}” không phải là số đồng chẵn; số tiền không có phần lẻ dưới một đồng.")
    return int(total)


def _amount_in_words(body: str, shown: str) -> int:
    try:
        return parse_words(body)
    except UnreadableAmount as error:
        raise UnreadableAmount(f"Không đọc được số tiền “{shown}”. {_HINT}") from error


def _number(piece: str, shown: str) -> Fraction:
    grouping = _GROUPED.fullmatch(piece)
    if grouping and (grouping.group(1) == "." or piece.count(",") > 1):
        return Fraction(piece.replace(".", "").replace(",", ""))
    if grouping:
        whole, part = piece.split(",")
        raise UnreadableAmount(
            f"“{shown}” đọc được hai cách: ghi {whole}.{part} nếu là hàng nghìn, "
            f"hoặc {whole},{part.rstrip('0') or '0'} nếu là phần thập phân."
        )
    parts = _DECIMAL.fullmatch(piece)
    if parts is None:
        raise UnreadableAmount(f"Không đọc được số “{piece}”. {_HINT}")
    whole = parts.group(1).replace(".", "").replace(",", "")
    return Fraction(f"{whole}.{parts.group(3)}") if parts.group(3) else Fraction(whole)
