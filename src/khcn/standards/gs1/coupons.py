"""North American coupon codes carried by the identifiers 8110 and 8112.

Sources: "North American Coupon Application Guideline Using GS1 DataBar Expanded Symbols" and "GS1 AI (8112) Coupon Data
Specification". It checks the form only; whether an offer exists is another system's knowledge.
"""

from khcn.standards.gs1.check_digits import is_digits
from khcn.standards.gs1.short_dates import date_problem

_PREFIX_SURPLUS = 6  # a length digit of company prefixes and serial numbers counts from six


class _Wrong(ValueError):
    """What is wrong with a coupon, raised where it is met and caught at the door of this module."""


class _Digits:
    """A reading head over digits that says what was missing."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def take(self, count: int, what: str) -> str:
        taken = self.text[self.at : self.at + count]
        if len(taken) < count:
            raise _Wrong(f"the {what} is missing or cut short")
        self.at += count
        return taken

    def one_of(self, allowed: str, what: str) -> str:
        digit = self.take(1, what)
        if digit not in allowed:
            raise _Wrong(f"{digit} is no {what}")
        return digit

    def sized(self, allowed: str, surplus: int, what: str) -> str:
        return self.take(int(self.one_of(allowed, f"length of the {what}")) + surplus, what)

    def meets(self, digit: str) -> bool:
        if self.text[self.at : self.at + 1] != digit:
            return False
        self.at += 1
        return True

    def end(self) -> None:
        if self.at != len(self.text):
            raise _Wrong("digits follow the end of the coupon")


def _date(digits: _Digits, what: str) -> str:
    date = digits.take(6, what)
    if date_problem(date, digits=6):
        raise _Wrong(f"the {what} is no date")
    return date


def _purchase(digits: _Digits, which: str) -> None:
    digits.sized("12345", 0, f"{which} purchase requirement")
    digits.one_of("012349", f"{which} purchase requirement code")
    digits.take(3, f"{which} purchase family code")


def _further_purchase(digits: _Digits, which: str) -> None:
    _purchase(digits, which)
    length = digits.one_of("01234569", f"length of the {which} company prefix")
    if length != "9":  # 9: the same company as the first purchase
        digits.take(int(length) + _PREFIX_SURPLUS, f"{which} company prefix")


def _read_coupon(digits: _Digits) -> None:
    digits.sized("0123456", _PREFIX_SURPLUS, "company prefix")
    digits.take(6, "offer code")
    digits.sized("12345", 0, "save value")
    _purchase(digits, "first")
    if digits.meets("1"):
        digits.one_of("0123", "additional purchase rules code")
        _further_purchase(digits, "second")
    if digits.meets("2"):
        _further_purchase(digits, "third")
    expiry = _date(digits, "expiration date") if digits.meets("3") else ""
    if digits.meets("4") and _date(digits, "start date") > (expiry or "999999"):
        raise _Wrong("the coupon ends before it starts")
    if digits.meets("5"):
        digits.sized("0123456789", _PREFIX_SURPLUS, "serial number")
    if digits.meets("6"):
        digits.sized("1234567", _PREFIX_SURPLUS, "retailer")
    if digits.meets("9"):
        digits.one_of("01256", "save value code")
        digits.one_of("012", "item that the save value applies to")
        digits.take(1, "store coupon flag")
        digits.one_of("01", "flag against multiplying")
    digits.end()


def _read_positive_offer(digits: _Digits) -> None:
    digits.one_of("01", "format code")
    digits.sized("0123456", _PREFIX_SURPLUS, "funder")
    digits.take(6, "offer code")
    digits.sized("0123456789", _PREFIX_SURPLUS, "serial number")
    digits.end()


def coupon_problem(text: str) -> str:
    """What is wrong with the value of identifier 8110, or an empty text."""
    if not is_digits(text):
        return "a coupon code holds digits only"
    try:
        _read_coupon(_Digits(text))
    except _Wrong as wrong:
        return str(wrong)
    return ""


def positive_offer_problem(text: str) -> str:
    """What is wrong with the value of identifier 8112, or an empty text."""
    if not is_digits(text):
        return "a coupon code holds digits only"
    try:
        _read_positive_offer(_Digits(text))
    except _Wrong as wrong:
        return str(wrong)
    return ""
