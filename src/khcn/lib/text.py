"""Vietnamese text: fold for search, sort keys, names, slugs; converts nothing to another encoding (see `encodings`)."""

from __future__ import annotations

import re
import unicodedata

# Ð and ð (U+00D0, U+00F0, Icelandic eth) are typed or converted by mistake for Đ and đ (U+0110, U+0111).
_STROKED_D = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ɖ": "d", "Ɖ": "d"})
_INVISIBLE_MARKS = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE_MARKS))
_INVISIBLE_MARK = re.compile(f"[{_INVISIBLE_MARKS}]")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def nfc(text: str) -> str:
    """The text in Unicode normalization form C, with invisible joiners removed; the form stored everywhere."""
    if text.isascii():
        return text
    if _INVISIBLE_MARK.search(text):
        text = text.translate(_INVISIBLE)
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The text for searching: lower case, no diacritics, đ and its look-alikes as d, single spaces.

    Gives the same result for composed and decomposed input. Punctuation stays. Idempotent.
    """
    if not text.isascii():
        # lower() after normalization: compatibility forms (ﬁ, ², Ａ) decompose to letters that still have case.
        decomposed = unicodedata.normalize("NFKD", text.translate(_INVISIBLE))
        text = "".join(mark for mark in decomposed if not unicodedata.combining(mark)).translate(_STROKED_D)
        text = unicodedata.normalize("NFKD", text.lower())
        if not text.isascii():
            text = "".join(mark for mark in text if not unicodedata.combining(mark))
    return " ".join(text.lower().split())


MARKED_LETTERS = (
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
)
PLAIN_LETTERS = "".join(fold(letter) if letter.islower() else fold(letter).upper() for letter in MARKED_LETTERS)
"""Letter by letter what `MARKED_LETTERS` become without their marks."""
_WITHOUT_MARKS = str.maketrans(MARKED_LETTERS, PLAIN_LETTERS)


def without_marks(text: str) -> str:
    """The text (composed, NFC) with Vietnamese letters as plain ones; case and all else stay, unlike `fold`."""
    return text.translate(_WITHOUT_MARKS)


def fold_words(text: str) -> list[str]:
    """The folded syllables and numbers of the text, in order, without punctuation."""
    return [word for word in _NOT_WORD.split(fold(text)) if word]


def slug(text: str) -> str:
    """The text as lower-case ASCII words joined by hyphens, for file names and addresses; may be empty."""
    return "-".join(fold_words(text))


def same_text(left: str, right: str) -> bool:
    """True when the two texts read alike apart from case, diacritics and spacing."""
    return fold(left) == fold(right)


# The Vietnamese alphabet, with f j w z at their Latin place (ICU locale vi).
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Marks that make another letter (primary difference) against tone marks (secondary difference).
_LETTER_MARKS = {"\u0306": "breve", "\u0302": "circumflex", "\u031b": "horn"}
_LETTERS = {
    ("a", "\u0306"): "ă",
    ("a", "\u0302"): "â",
    ("e", "\u0302"): "ê",
    ("o", "\u0302"): "ô",
    ("o", "\u031b"): "ơ",
    ("u", "\u031b"): "ư",
}
# ngang, huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries and of ICU vi.
_TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_PUNCTUATION = " _-–—,;:!?.…'‘’\"“”()[]{}@*/\\&#%`^+<=>|~$₫§°"
# Two hexadecimal digits each, first digit never 0: "0" is the level separator and sorts below every weight.
_PRIMARY = {mark: f"{0x10 + order:02x}" for order, mark in enumerate(_PUNCTUATION)}
_PRIMARY |= {str(digit): f"{0x50 + digit:02x}" for digit in range(10)}
_PRIMARY |= {letter: f"{0x60 + order:02x}" for order, letter in enumerate(_ALPHABET)}
_DIGITS = re.compile(r"\d+")


def sort_key(text: str, *, numbers: bool = False) -> str:
    """A string whose plain order is the Vietnamese order of the texts; store it in an indexed column.

    Letters a ă â b c d đ e ê …; then tones ngang, huyền, hỏi, ngã, sắc, nặng; then lower before upper case, each
    compared over the whole text as ICU's locale vi does, so An < Ăn < Ân and D < Đ. numbers=True sorts runs of
    digits by value (Phường 2 < Phường 10). The key holds only 0-9 and a-f, so every database collation agrees on it.
    """
    primary: list[str] = []
    tones: list[str] = []
    cases: list[str] = []
    if numbers:
        # The number of digits is written before them, so that a longer number sorts after a shorter one.
        text = _DIGITS.sub(lambda run: _counted(run.group()), text)
    for base, tone in _letters(" ".join(text.split())):
        lower = base.lower()
        primary.append(_PRIMARY.get(lower) or f"fe{ord(lower[0]):06x}")
        tones.append(tone)
        cases.append("1" if base == lower else "2")
    return "".join(primary) + "0" + "".join(tones).rstrip("1") + "0" + "".join(cases).rstrip("1")


def given_name_key(full_name: str) -> str:
    """A sort key for people: given name (the last word) first, then family and middle names; case is ignored."""
    words = nfc(full_name).lower().split()
    if not words:
        return ""
    return sort_key(words[-1]) + "0" + sort_key(" ".join(words[:-1]))


def _counted(digits: str) -> str:
    significant = digits.lstrip("0") or "0"
    count = len(significant)
    prefix = ""
    while count > 9:
        prefix += "9"
        count -= 9
    return prefix + str(count) + significant


def _letters(text: str) -> list[tuple[str, str]]:
    """Split into (letter with its breve, circumflex or horn; tone weight), in order."""
    found: list[tuple[str, str]] = []
    for mark in unicodedata.normalize("NFD", text.translate(_INVISIBLE)):
        if found and mark in _TONES:
            found[-1] = (found[-1][0], _TONES[mark])
        elif found and mark in _LETTER_MARKS:
            base, tone = found[-1]
            letter = _LETTERS.get((base.lower(), mark))
            if letter:
                found[-1] = (letter.upper() if base != base.lower() else letter, tone)
        elif mark in "ðÐ":
            found.append(("đ" if mark == "ð" else "Đ", "1"))
        elif not unicodedata.combining(mark):
            found.append((mark, "1"))
    return found
