"""Codes that people type for parties, places and goods: one spelling, or a sentence that says what is wrong. Pure."""

import re

from khcn.lib.failure import Refused
from khcn.standards.gs1.check_digits import check_digit

_CODE = re.compile(r"[0-9A-Z](?:[0-9A-Z-]{0,14}[0-9A-Z])?")
_GTIN_LENGTHS, _GLN_LENGTH = (8, 12, 13, 14), 13
_PREFIX = re.compile(r"[0-9]{6,12}")


def checked_code(text: str, field: str) -> str:
    """A short code of our own in capitals. Raises Refused."""
    code = text.strip().upper()
    if not _CODE.fullmatch(code):
        raise Refused("Mã gồm chữ không dấu, chữ số và dấu gạch ngang, nhiều nhất 16 ký tự.", field=field)
    return code


def _digits(text: str) -> str:
    return "".join(text.split()).replace("-", "")


def checked_gln(text: str, field: str) -> str:
    """A GLN of thirteen digits, or an empty text. Raises Refused."""
    digits = _digits(text)
    if digits and not (digits.isascii() and digits.isdecimal() and len(digits) == _GLN_LENGTH and _is_right(digits)):
        raise Refused("Mã địa điểm toàn cầu (GLN) gồm 13 chữ số và phải đúng số kiểm tra.", field=field)
    return digits


def checked_prefix(text: str, field: str) -> str:
    """A company prefix of GS1, or an empty text. Raises Refused."""
    digits = _digits(text)
    if digits and not _PREFIX.fullmatch(digits):
        raise Refused("Mã doanh nghiệp GS1 gồm 6 đến 12 chữ số.", field=field)
    return digits


def checked_gtin(text: str, prefix: str, field: str) -> str:
    """A GTIN of fourteen digits, or an empty text; it must begin with the party's prefix. Raises Refused."""
    digits = _digits(text)
    if not digits:
        return ""
    if not (digits.isascii() and digits.isdecimal() and len(digits) in _GTIN_LENGTHS and _is_right(digits)):
        raise Refused("Mã vạch (GTIN) gồm 8, 12, 13 hoặc 14 chữ số và phải đúng số kiểm tra.", field=field)
    gtin = digits.zfill(14)
    if not prefix:
        raise Refused(
            "Cơ sở chưa có mã doanh nghiệp GS1 nên chưa dùng được mã vạch; hãy bỏ trống để dùng mã riêng.", field=field
        )
    if not gtin[1:].startswith(prefix):
        raise Refused("Mã vạch này không bắt đầu bằng mã doanh nghiệp GS1 của cơ sở.", field=field)
    return gtin


def _is_right(digits: str) -> bool:
    return check_digit(digits[:-1]) == digits[-1]
