"""What may be written as the value of a parameter of the rules, by its unit; in the exact form that the rules read."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from khcn.lib.labelled import gettext_noop as _

FLAGS: Final = {"yes": "yes", "no": "no", "có": "yes", "không": "no"}
_SHARE = _("Ghi tỷ lệ từ 0 đến 1, ví dụ 15 %, 0,15 hoặc 3/20.")
_FACTOR = _("Ghi hệ số từ 0 trở lên, ví dụ 0,8 hoặc 4/5.")
_FLAG = _("Ghi có hoặc không.")
_WHOLE = _("Ghi số nguyên từ 0 trở lên, ví dụ 15 hoặc 1.000.000.000.")
_TEXT = _("Ghi giá trị mới.")


def parameter_value(unit: str, written: str) -> str:
    """Return the value as the rules read it: "15 %" of a share is "3/20", "1.000" of an amount "1000".

    Raises ValueError with the sentence that says what to write.
    """
    text = written.strip()
    if unit == "share":
        share = _fraction(text, _SHARE)
        if share > 1:
            raise ValueError(_SHARE)
        return str(share)
    if unit == "factor":
        return str(_fraction(text, _FACTOR))
    if unit == "flag":
        if text.casefold() not in FLAGS:
            raise ValueError(_FLAG)
        return FLAGS[text.casefold()]
    if unit == "text":
        if not text:
            raise ValueError(_TEXT)
        return text
    if not re.fullmatch(r"\d+|\d{1,3}(\.\d{3})+", text):
        raise ValueError(_WHOLE)
    return str(int(text.replace(".", "")))


def _fraction(text: str, sentence: str) -> Fraction:
    """An exact number from 0 on, written as 3/20, 0,15, 0.15, 15 % or 15%."""
    number, percent = re.fullmatch(r"(.*?)\s*(%?)", text).groups()  # type: ignore[union-attr]
    if not re.fullmatch(r"\d+([.,]\d+)?|\d+/0*[1-9]\d*", number):
        raise ValueError(sentence)
    return Fraction(number.replace(",", ".")) / (100 if percent else 1)
