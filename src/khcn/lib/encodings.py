"""Old Vietnamese encodings: recognise and convert TCVN3 (ABC), VNI Windows and misread UTF-8; no font is consulted.

Text typed with the fonts .VnTime (TCVN3) or VNI-Times looks like Western letters once the font is gone. The
detection converts in every way and keeps the reading with the most well-spelled Vietnamese syllables.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from khcn.lib.syllables import is_syllable
from khcn.lib.text import nfc

Encoding = Literal["unicode", "tcvn3", "vni", "utf8-misread"]

ENCODING_NAMES: dict[Encoding, str] = {
    "unicode": "Unicode",
    "tcvn3": "TCVN3 (ABC)",
    "vni": "VNI Windows",
    "utf8-misread": "UTF-8 bị đọc sai bảng mã",
}

# TCVN 5712:1993, table VN3, as it shows in Windows-1252.
_TCVN3_LETTERS = (
    "¡Ă ¢Â £Ê ¤Ô ¥Ơ ¦Ư §Đ ¨ă ©â ªê «ô ¬ơ \u00adư ®đ "
    "µà ¶ả ·ã ¸á ¹ạ »ằ ¼ẳ ½ẵ ¾ắ Æặ Çầ Èẩ Éẫ Êấ Ëậ Ìè Îẻ Ïẽ Ðé Ñẹ Òề Óể Ôễ Õế Öệ ×ì Øỉ Üĩ Ýí Þị "
    "ßò áỏ âõ ãó äọ åồ æổ çỗ èố éộ êờ ëở ìỡ íớ îợ ïù ñủ òũ óú ôụ õừ öử ÷ữ øứ ùự úỳ ûỷ üỹ ýý þỵ"
).replace(" ", "")
_TCVN3 = {ord(old): new for old, new in zip(_TCVN3_LETTERS[::2], _TCVN3_LETTERS[1::2], strict=True)}
# The table has no capitals with a tone: they are lower-case codes shown by a capital font (.VnTimeH), so a word
# whose plain letters are all capitals (two at least) is read as capitals.

# VNI Windows: a letter followed by its mark; marks for capitals are the capital Western letters.
_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE = {"ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ"}


def _vni_pairs() -> dict[str, str]:
    pairs: dict[str, str] = dict(_VNI_SINGLE)
    for base in "aeouyôö":
        for mark, tone in _VNI_TONES.items():
            pairs[base + mark] = _VNI_SINGLE.get(base, base) + tone
    for base in "aeo":
        for mark, tone in _VNI_CIRCUMFLEX.items():
            pairs[base + mark] = base + "\u0302" + tone
    for mark, tone in _VNI_BREVE.items():
        pairs["a" + mark] = "a\u0306" + tone
    composed = {old: unicodedata.normalize("NFC", new) for old, new in pairs.items()}
    return composed | {old.upper(): new.upper() for old, new in composed.items()}


_VNI = _vni_pairs()
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_MODERN = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9\u0300-\u0323]")
_OLD = re.compile("[\u00a1-\u00ff]")
# Micro-units are the one common use of µ (à in TCVN3) in Unicode text.
_MICRO = re.compile(r"µ(?=[mglLsMFAVW]\b)")
# Spaces and digits never part of a letter; § « » ¬ and others are letters in TCVN3.
_RUNS = re.compile(r"[^\s\d.,;:!?()\[\]{}\"'/\\+=*<>|_–—-]+")
_CP1252_GAPS = {code: code for code in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def detect_encoding(text: str) -> Encoding:
    """How the text was encoded before it reached us: "unicode", "tcvn3", "vni" or "utf8-misread".

    Judged from spelling alone, so a very short text may be taken as Unicode. Text with letters that only
    Unicode has (ă, ơ, ạ …) is Unicode whatever else it holds.
    """
    text = _MICRO.sub("u", text)
    if text.isascii() or not _OLD.search(text):
        return "unicode"
    repaired = _reread_utf8(text)
    if repaired is not None and _MODERN.search(repaired):
        return "utf8-misread"
    if _MODERN.search(text):
        return "unicode"
    readings: dict[Encoding, int] = {
        "unicode": _well_spelled(nfc(text), text),
        "vni": _well_spelled(vni_to_unicode(text), text),
        "tcvn3": _well_spelled(tcvn3_to_unicode(text), text),
    }
    best = max(readings.values())
    if readings["unicode"] == best:
        return "unicode"
    return "vni" if readings["vni"] == best else "tcvn3"


def to_unicode(text: str, encoding: Encoding | None = None) -> str:
    """The text in Unicode, form NFC; the encoding is detected unless given. Unicode text is only normalised."""
    encoding = encoding or detect_encoding(text)
    if encoding == "tcvn3":
        return tcvn3_to_unicode(text)
    if encoding == "vni":
        return vni_to_unicode(text)
    if encoding == "utf8-misread":
        repaired = _reread_utf8(text)
        return nfc(text if repaired is None else repaired)
    return nfc(text)


def tcvn3_to_unicode(text: str) -> str:
    """Convert TCVN3 (ABC) text, as shown in Windows-1252, to Unicode; words in capitals stay in capitals.

    A word that may be either ("KÕ" is "Kế" or "KẾ") follows the words beside it.
    """
    return "".join(_tcvn3_line(line) for line in text.splitlines(keepends=True))


def vni_to_unicode(text: str) -> str:
    """Convert VNI Windows text, as shown in Windows-1252, to Unicode."""
    return unicodedata.normalize("NFC", _VNI_PATTERN.sub(lambda pair: _VNI[pair.group()], text))


def decode_bytes(content: bytes) -> tuple[str, str]:
    """Read a text file of unknown encoding: (text in Unicode NFC, the name of the encoding to show a person).

    Tries byte order marks, UTF-8, Windows-1258, then Windows-1252 with TCVN3 or VNI inside. Never fails: bytes
    without meaning in Windows-1252 are kept as control characters, so the caller may refuse them by name.
    """
    for mark, codec in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _converted(content.decode(codec, errors="replace"), codec.removesuffix("-sig").upper())
    try:
        return _converted(content.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        western = "".join(_western(byte) for byte in content)
    combined = nfc(content.decode("cp1258", errors="replace"))
    old = to_unicode(western)
    if _well_spelled(combined, western) > _well_spelled(old, western):
        return combined, "Windows-1258"
    found = detect_encoding(western)
    return old, "Windows-1252" if found == "unicode" else ENCODING_NAMES[found]


def _converted(text: str, codec: str) -> tuple[str, str]:
    found = detect_encoding(text)
    return to_unicode(text, found), codec if found == "unicode" else f"{codec}, {ENCODING_NAMES[found]}"


def _western(byte: int) -> str:
    return chr(byte) if byte in _CP1252_GAPS else bytes([byte]).decode("cp1252")


def _tcvn3_line(line: str) -> str:
    runs = list(_RUNS.finditer(line))
    parts, end, first = [], 0, 0
    while first < len(runs):
        # Words with only spaces between them, none with a plain small letter, are capitals together.
        last = first
        if _may_be_capitals(runs[first].group()):
            while last + 1 < len(runs) and _goes_on(line, runs[last], runs[last + 1]):
                last += 1
        words = runs[first : last + 1]
        together = any(_is_capitals(run.group()) and _is_spelled(run.group()) for run in words)
        for run in words:
            converted = run.group().translate(_TCVN3)
            capitals = together or _is_capitals(run.group())
            parts += [line[end : run.start()], converted.upper() if capitals else converted]
            end = run.end()
        first = last + 1
    return "".join([*parts, line[end:]])


def _goes_on(line: str, run: re.Match[str], following: re.Match[str]) -> bool:
    return line[run.end() : following.start()].isspace() and _may_be_capitals(following.group())


def _may_be_capitals(word: str) -> bool:
    return not any(letter.isascii() and letter.islower() for letter in word)


def _is_capitals(word: str) -> bool:
    plain = [letter for letter in word if letter.isascii() and letter.isalpha()]
    capitals = sum(letter.isupper() for letter in plain) + sum(letter in "¡¢£¤¥¦§" for letter in word)
    return capitals > 1 and all(letter.isupper() for letter in plain)


def _is_spelled(word: str) -> bool:
    """Whether a word is a syllable: capitals of one tell of the words beside it, "KHCN" does not."""
    return is_syllable(word.translate(_TCVN3).lower())


def _well_spelled(text: str, original: str) -> int:
    """Count of syllables that hold a converted letter and are well spelled, minus those that are not."""
    score = 0
    for word, before in zip(text.split(), original.split(), strict=False):
        if before.isascii():
            continue
        letters = word.strip("\"'.,;:!?()[]{}“”‘’«»/–-…")
        score += sum(1 if is_syllable(part) else -1 for part in re.split(r"[-/–.,;:()]+", letters) if part)
    return score


def _reread_utf8(text: str) -> str | None:
    """The text as it was before its UTF-8 bytes were read as Windows-1252; None when it was not."""
    try:
        content = b"".join(bytes([ord(letter)]) if ord(letter) < 256 else letter.encode("cp1252") for letter in text)
        repaired = content.decode("utf-8")
    except UnicodeError:
        return None
    return repaired if repaired != text else None
