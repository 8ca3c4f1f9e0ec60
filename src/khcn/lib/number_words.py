"""Whole numbers in Vietnamese words, and back; no units, no decimals.

Own rule instead of a library: the one tried reads 1.005 as a decimal. Style of State documents: "không trăm",
"lẻ", "mốt" and "tư" after mươi, "lăm" after a ten; groups of three zeros are skipped; "tỷ" repeats above 10^18.
"""

from __future__ import annotations

from khcn.lib.text import fold

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ((10**6, "triệu"), (10**3, "nghìn"), (1, ""))
_VALUES = {fold(word): value for value, word in enumerate(_DIGITS)} | {"mot": 1, "tu": 4, "lam": 5, "nham": 5, "bay": 7}
_BILLION = 10**9


def spell_number(number: int) -> str:
    """The number in lower-case words: 1005 gives "một nghìn không trăm lẻ năm"; negative numbers start with "âm"."""
    if number < 0:
        return "âm " + spell_number(-number)
    if number == 0:
        return _DIGITS[0]
    billions, rest = divmod(number, _BILLION)
    words = [spell_number(billions), "tỷ"] if billions else []
    for scale, name in _SCALES:
        group, rest = divmod(rest, scale)
        if group:
            words += _spell_group(group, padded=bool(words))
            if name:
                words.append(name)
    return " ".join(words)


def parse_number_words(text: str) -> int | None:
    """The number that the words spell, accents and case ignored; None when they spell none.

    Reads both lẻ and linh, nghìn and ngàn, tỷ and tỉ.
    """
    words = fold(text).split()
    negative = words[:1] == ["am"]
    value = _read(words[1:] if negative else words)
    return -value if negative and value is not None else value


def _spell_group(group: int, *, padded: bool) -> list[str]:
    """Words of 1 to 999; padded: say "không trăm" because a higher group came before."""
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or padded else []
    if tens == 0:
        if ones:
            words += (["lẻ"] if words else []) + [_DIGITS[ones]]
        return words
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if ones == 5:
        words.append("lăm")
    elif tens > 1 and ones in (1, 4):
        words.append("mốt" if ones == 1 else "tư")
    elif ones:
        words.append(_DIGITS[ones])
    return words


def _read(words: list[str]) -> int | None:
    if not words:
        return None
    for place in range(len(words) - 1, -1, -1):
        if words[place] in ("ty", "ti"):
            high = _read(words[:place])
            low = _read_scaled(words[place + 1 :]) if words[place + 1 :] else 0
            return None if not high or low is None else high * _BILLION + low
    return _read_scaled(words)


def _read_scaled(words: list[str]) -> int | None:
    total, group, last = 0, [], _BILLION
    for word in words:
        scale = {"trieu": 10**6, "nghin": 10**3, "ngan": 10**3}.get(word)
        if scale is None:
            group.append(word)
            continue
        value = _read_group(group)
        if value is None or scale >= last:
            return None
        total, group, last = total + value * scale, [], scale
    if group or last == _BILLION:
        value = _read_group(group)
        return None if value is None else total + value
    return total


def _read_group(words: list[str]) -> int | None:
    """0 to 999 from at most five words, None when they are no such number."""
    value, rest = 0, list(words)
    if len(rest) > 1 and rest[1] == "tram":
        if rest[0] not in _VALUES:
            return None
        value, rest = _VALUES[rest[0]] * 100, rest[2:]
        if not rest:
            return value
        if rest[0] in ("le", "linh"):
            return value + _VALUES[rest[1]] if len(rest) == 2 and rest[1] in _VALUES else None
    if rest and rest[0] == "muoi":
        tens, rest = 10, rest[1:]
    elif len(rest) > 1 and rest[1] == "muoi" and _VALUES.get(rest[0], 0) > 1:
        tens, rest = _VALUES[rest[0]] * 10, rest[2:]
    elif len(rest) == 1 and rest[0] in _VALUES and value == 0:
        return _VALUES[rest[0]]
    else:
        return None
    if not rest:
        return value + tens
    return value + tens + _VALUES[rest[0]] if len(rest) == 1 and rest[0] in _VALUES else None
