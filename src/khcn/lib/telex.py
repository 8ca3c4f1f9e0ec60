"""Typing left as Telex keys ("khoa hocj", "dduwowngf"): a reading for search boxes, never for stored text."""

from __future__ import annotations

import re
import unicodedata

from khcn.lib.syllables import is_syllable

_TONE_KEYS = {"f": "\u0300", "r": "\u0309", "x": "\u0303", "s": "\u0301", "j": "\u0323"}
_DOUBLES = (("uow", "ươ"), ("aa", "â"), ("aw", "ă"), ("ee", "ê"), ("oo", "ô"), ("ow", "ơ"), ("uw", "ư"), ("dd", "đ"))
_WORD = re.compile(r"[A-Za-z]+")
# Where the tone sits when the syllable has several vowels: the marked vowel, else by the old two-vowel rule.
_VOWELS = "aăâeêioôơuưy"


def telex_to_unicode(query: str) -> str:
    """The query with words that are plainly unfinished Telex turned to Vietnamese; all other words unchanged.

    A word is converted only when it is no Vietnamese syllable as it stands and becomes one by Telex: "hocj" gives
    "học", "blog" stays. Foreign words may fall in ("has" gives "há"), so search with the query as typed first.
    """
    return _WORD.sub(lambda word: _read(word.group()), query)


def _read(word: str) -> str:
    if is_syllable(word):
        return word
    body = word.lower()
    for place, key in enumerate(body):
        if key in _TONE_KEYS and place > 0 and any(vowel in _VOWELS for vowel in body[:place]):
            rest = body[:place] + body[place + 1 :]
            if reading := _marked(rest, _TONE_KEYS[key]):
                return _cased(word, reading)
    reading = _marked(body, "")
    return _cased(word, reading) if reading else word


def _marked(body: str, tone: str) -> str:
    if body.endswith("w") and "uo" in body:
        body = body[:-1].replace("uo", "ươ")
    if body.startswith("d") and body.endswith("d") and len(body) > 2:
        body = "đ" + body[1:-1]
    for keys, letter in _DOUBLES:
        body = body.replace(keys, letter)
    if tone:
        place = _tone_place(body)
        if place < 0:
            return ""
        body = body[: place + 1] + tone + body[place + 1 :]
    composed = unicodedata.normalize("NFC", body)
    return composed if is_syllable(composed) else ""


def _tone_place(body: str) -> int:
    vowels = [place for place, letter in enumerate(body) if letter in _VOWELS]
    if len(vowels) > 1 and (body.startswith("qu") or body.startswith("gi")):
        vowels = vowels[1:]
    for place in reversed(vowels):
        if body[place] in "ăâêôơư":
            return place
    if not vowels:
        return -1
    if len(vowels) > 1 and vowels[-1] == len(body) - 1:
        return vowels[-2]
    return vowels[1] if len(vowels) > 1 else vowels[0]


def _cased(original: str, reading: str) -> str:
    if original.isupper():
        return reading.upper()
    return reading[0].upper() + reading[1:] if original[0].isupper() else reading
