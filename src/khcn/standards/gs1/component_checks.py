"""Checks on one component of a value, by the names that `ai_table` uses.

Each takes the text of the component and returns a sentence saying what is wrong, or an empty text. Which company
prefixes exist is not public data: `gcppos1` and `gcppos2` only ask for a numeric prefix of at least four digits.
"""

import re
from collections.abc import Callable

from khcn.standards.gs1.check_digits import SET_32, SET_82, check_pair, has_check_digit, is_digits
from khcn.standards.gs1.code_lists import (
    COUNTRY_CODES,
    COUNTRY_NUMBERS,
    CURRENCY_NUMBERS,
    MEDIA_TYPES,
    PACKAGE_TYPES,
)
from khcn.standards.gs1.coupons import coupon_problem, positive_offer_problem
from khcn.standards.gs1.short_dates import date_problem

_SHORTEST_PREFIX = 4
_SHORTEST_IBAN, _LONGEST_IBAN = 11, 34
_IMPORTER_INDEX = re.compile(r"[-0-9A-Z_a-z]\Z")
_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def _csum(text: str) -> str:
    return "" if has_check_digit(text) else "the check digit is wrong"


def _csumalpha(text: str) -> str:
    if len(text) < 2 or not set(text[:-2]) <= set(SET_82) or not set(text[-2:]) <= set(SET_32):
        return "no check character pair at the end"
    return "" if check_pair(text[:-2]) == text[-2:] else "the check character pair is wrong"


def _gcppos1(text: str) -> str:
    return "" if is_digits(text[:_SHORTEST_PREFIX]) and len(text) >= _SHORTEST_PREFIX else "no GS1 company prefix"


def _gcppos2(text: str) -> str:
    return _gcppos1(text[1:])


def _in(allowed: frozenset[str], what: str) -> Callable[[str], str]:
    return lambda text: "" if text in allowed else f"{text} is no {what}"


def _number_upto(highest: int, what: str) -> Callable[[str], str]:
    return lambda text: "" if is_digits(text) and int(text) <= highest else f"{text} is no {what}"


def _hhmi(text: str) -> str:
    return _number_upto(23, "hour")(text[:2]) or _number_upto(59, "minute")(text[2:])


def _pieceoftotal(text: str) -> str:
    half = len(text) // 2
    if len(text) % 2 or not is_digits(text):
        return "piece and total must have as many digits"
    piece, total = int(text[:half]), int(text[half:])
    if not piece or not total:
        return "piece and total count from one"
    return "" if piece <= total else "the piece exceeds the total"


def _posinseqslash(text: str) -> str:
    match = re.fullmatch(r"([0-9]+)/([0-9]+)", text)
    if not match:
        return "a position is written <place>/<of>"
    if match[1].startswith("0") or match[2].startswith("0"):
        return "numbers of a position do not begin with zero"
    return "" if int(match[1]) <= int(match[2]) else "the position exceeds the end"


def _iban(text: str) -> str:
    if text[:2] not in COUNTRY_CODES:
        return "an IBAN begins with a country"
    if not _SHORTEST_IBAN <= len(text) <= _LONGEST_IBAN:
        return "the length is not one of an IBAN"
    if not re.fullmatch(r"[0-9A-Z]+", text):
        return "an IBAN holds capital letters and digits"
    rest = int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97
    return "" if rest == 1 else "the IBAN's check digits are wrong"


CHECKS: dict[str, Callable[[str], str]] = {
    "csum": _csum,
    "csumalpha": _csumalpha,
    "gcppos1": _gcppos1,
    "gcppos2": _gcppos2,
    "iso3166": _in(COUNTRY_NUMBERS, "country number of ISO 3166"),
    "iso3166999": _in(COUNTRY_NUMBERS | {"999"}, "country number of ISO 3166, nor 999"),
    "iso3166alpha2": _in(COUNTRY_CODES, "country code of ISO 3166"),
    "iso4217": _in(CURRENCY_NUMBERS, "currency number of ISO 4217"),
    "packagetype": _in(PACKAGE_TYPES, "package type"),
    "mediatype": _in(MEDIA_TYPES, "media type"),
    "iso5218": _in(frozenset("0129"), "sex of ISO 5218"),
    "winding": _in(frozenset("019"), "winding direction"),
    "yesno": _in(frozenset("01"), "flag, which is 0 or 1"),
    "yymmd0": lambda text: date_problem(text, digits=6, zero_day=True),
    "yymmdd": lambda text: date_problem(text, digits=6),
    "yyyymmdd": lambda text: date_problem(text, digits=8),
    "hh": _number_upto(23, "hour"),
    "mi": _number_upto(59, "minute"),
    "ss": _number_upto(59, "second"),
    "hhmi": _hhmi,
    "latitude": _number_upto(1_800_000_000, "latitude"),
    "longitude": _number_upto(3_600_000_000, "longitude"),
    "zero": lambda text: "" if not text.strip("0") else "only zero may stand here",
    "nonzero": lambda text: "" if text.strip("0") else "zero is not allowed here",
    "nozeroprefix": lambda text: "a number does not begin with zero" if text[:1] == "0" and len(text) > 1 else "",
    "hasnondigit": lambda text: "" if not is_digits(text) else "at least one character must not be a digit",
    "hyphen": lambda text: "" if not text.strip("-") else "only a hyphen may stand here",
    "importeridx": lambda text: "" if _IMPORTER_INDEX.match(text) else "no importer index",
    "pcenc": lambda text: (
        "a percent sign is followed by two hexadecimal digits" if _BROKEN_PERCENT.search(text) else ""
    ),
    "pieceoftotal": _pieceoftotal,
    "posinseqslash": _posinseqslash,
    "iban": _iban,
    "couponcode": coupon_problem,
    "couponposoffer": positive_offer_problem,
}
