"""EPC names in tag memory: tag URIs and their bits, written as hexadecimal words.

Source: GS1 EPC Tag Data Standard 1.13, sections 12 and 14, for the encodings that name a company prefix partition, GID,
DoD and ADI. It writes and reads the EPC bank's name only; not user memory, nor the "++" encodings of TDS 2.0.
"""

import re
from dataclasses import dataclass

from khcn.standards.gs1.bits import BitReader, BitWriter
from khcn.standards.gs1.check_digits import is_digits
from khcn.standards.gs1.epc_schemes import SCHEMES, Epc, parse_epc
from khcn.standards.gs1.errors import EpcRefused, Gs1Refusal

_PREFIX_BITS = {12: 40, 11: 37, 10: 34, 9: 30, 8: 27, 7: 24, 6: 20}
_WORD = 16
_CAGE_SIZE = 6
_HEX = re.compile(r"[0-9A-Fa-f]{4,104}\Z")


@dataclass(frozen=True, slots=True)
class Encoding:
    """One binary encoding.

    total: bits of company prefix and reference together (0: the scheme has its own layout). rest: the fields after
    them, as (kind, size): numbers in bits, text in characters of seven bits, packed for six-bit text with an end mark.
    """

    name: str
    scheme: str
    header: int
    total: int
    rest: tuple[tuple[str, int], ...] = ()
    reference_kind: str = "digits"
    filler_bits: int = 0


ENCODINGS: dict[str, Encoding] = {
    encoding.name: encoding
    for encoding in (
        Encoding("sgtin-96", "sgtin", 0x30, 44, (("number", 38),)),
        Encoding("sgtin-198", "sgtin", 0x36, 44, (("text", 20),)),
        Encoding("sscc-96", "sscc", 0x31, 58, filler_bits=24),
        Encoding("sgln-96", "sgln", 0x32, 41, (("number", 41),)),
        Encoding("sgln-195", "sgln", 0x39, 41, (("text", 20),)),
        Encoding("grai-96", "grai", 0x33, 44, (("number", 38),)),
        Encoding("grai-170", "grai", 0x37, 44, (("text", 16),)),
        Encoding("giai-96", "giai", 0x34, 82, reference_kind="number"),
        Encoding("giai-202", "giai", 0x38, 188, reference_kind="text"),
        Encoding("gsrn-96", "gsrn", 0x2D, 58, filler_bits=24),
        Encoding("gsrnp-96", "gsrnp", 0x2E, 58, filler_bits=24),
        Encoding("gdti-96", "gdti", 0x2C, 41, (("number", 41),)),
        Encoding("gdti-113", "gdti", 0x3A, 41, (("marked", 58),)),
        Encoding("gdti-174", "gdti", 0x3E, 41, (("text", 17),)),
        Encoding("cpi-96", "cpi", 0x3C, 51, (("number", 31),), reference_kind="number"),
        Encoding("cpi-var", "cpi", 0x3D, 0, (("number", 40),), reference_kind="packed"),
        Encoding("sgcn-96", "sgcn", 0x3F, 41, (("marked", 41),)),
        Encoding("itip-110", "itip", 0x40, 44, (("pair", 7), ("pair", 7), ("number", 38))),
        Encoding("itip-212", "itip", 0x41, 44, (("pair", 7), ("pair", 7), ("text", 20))),
        Encoding("gid-96", "gid", 0x35, 0),
        Encoding("usdod-96", "usdod", 0x2F, 0),
        Encoding("adi-var", "adi", 0x3B, 0),
    )
}
_BY_HEADER = {encoding.header: encoding for encoding in ENCODINGS.values()}
_FILTER_BITS = {"usdod": 4, "adi": 6}
_GID_BITS = (28, 24, 36)


@dataclass(frozen=True, slots=True)
class TagName:
    """A name with the encoding and the filter value that a tag holds beside it; GID tags hold no filter."""

    epc: Epc
    encoding: str
    filter_value: int | None

    def __str__(self) -> str:
        body = str(self.epc).split(":", 4)[4]
        head = "" if self.filter_value is None else f"{self.filter_value}."
        return f"urn:epc:tag:{self.encoding}:{head}{body}"


def _put_number(bits: BitWriter, text: str, size: int) -> None:
    if not is_digits(text) or (text[0] == "0" and len(text) > 1):
        raise EpcRefused("encoding", f"{text!r} is no number without leading zeros.")
    bits.put(int(text), size)


def _put_text(bits: BitWriter, text: str, characters: int) -> None:
    if len(text) > characters:
        raise EpcRefused("encoding", f"{text!r} is longer than {characters} characters.")
    for character in text.ljust(characters, "\0"):
        bits.put(ord(character), 7)


def _put_packed(bits: BitWriter, text: str) -> None:
    for character in text:
        bits.put(ord(character) & 0x3F, 6)
    bits.put(0, 6)


def _put_field(bits: BitWriter, kind: str, size: int, text: str) -> None:
    if kind == "number":
        _put_number(bits, text, size)
    elif kind == "marked":  # digits with leading zeros: a 1 is put before them
        if not is_digits(text):
            raise EpcRefused("encoding", f"{text!r} holds more than digits.")
        bits.put(int("1" + text), size)
    elif kind == "pair":
        bits.put(int(text), size)
    else:
        _put_text(bits, text, size)


def _reference_bits(encoding: Encoding, prefix: str) -> int:
    return encoding.total - _PREFIX_BITS[len(prefix)]


def _put_prefixed(bits: BitWriter, encoding: Encoding, epc: Epc) -> None:
    bits.put(12 - len(epc.prefix), 3)
    bits.put(int(epc.prefix), _PREFIX_BITS[len(epc.prefix)])
    reference = epc.parts[0]
    if encoding.reference_kind == "packed":
        _put_packed(bits, reference)
    elif encoding.reference_kind == "text":
        _put_text(bits, reference, _reference_bits(encoding, epc.prefix) // 7)
        bits.put(0, _reference_bits(encoding, epc.prefix) % 7)
    elif encoding.reference_kind == "number":
        _put_number(bits, reference, _reference_bits(encoding, epc.prefix))
    else:
        bits.put(int(reference or "0"), _reference_bits(encoding, epc.prefix))
    for (kind, size), text in zip(encoding.rest, epc.parts[1:], strict=True):
        _put_field(bits, kind, size, text)
    bits.put(0, encoding.filler_bits)


def _put_own_layout(bits: BitWriter, epc: Epc) -> None:
    if epc.scheme == "gid":
        for text, size in zip(epc.parts, _GID_BITS, strict=True):
            bits.put(int(text), size)
        return
    cage = epc.parts[0].rjust(_CAGE_SIZE)
    for character in cage:
        if epc.scheme == "usdod":
            bits.put(ord(character), 8)
        else:
            bits.put(ord(character) & 0x3F, 6)
    if epc.scheme == "usdod":
        _put_number(bits, epc.parts[1], 36)
    else:
        _put_packed(bits, epc.parts[1])
        _put_packed(bits, epc.parts[2])


def encode_tag(tag: TagName) -> str:
    """The tag's name in capital hexadecimal, in whole words of 16 bits. Raises a Gs1Refusal when it has no place."""
    encoding = ENCODINGS.get(tag.encoding)
    if encoding is None or encoding.scheme != tag.epc.scheme or tag.epc.is_pattern:
        raise EpcRefused("encoding", f"{tag.encoding} does not encode {tag.epc}.")
    bits = BitWriter()
    bits.put(encoding.header, 8)
    if encoding.scheme != "gid":
        if tag.filter_value is None:
            raise EpcRefused("filter", "The encoding needs a filter value.")
        bits.put(tag.filter_value, _FILTER_BITS.get(encoding.scheme, 3))
    if SCHEMES[encoding.scheme].prefixed:
        _put_prefixed(bits, encoding, tag.epc)
    else:
        _put_own_layout(bits, tag.epc)
    value, length = bits.padded(_WORD)
    return f"{value:0{length // 4}X}"


def _get_text(bits: BitReader, characters: int) -> str:
    text = "".join(chr(bits.get(7)) for _ in range(characters)).rstrip("\0")
    if "\0" in text:
        raise EpcRefused("encoding", "The tag's text has a gap.")
    return text


def _get_packed(bits: BitReader) -> str:
    text = ""
    while code := bits.get(6):
        text += chr(code | 0x40 if code < 0x20 else code)
    return text


def _get_field(bits: BitReader, kind: str, size: int) -> str:
    if kind == "number":
        return str(bits.get(size))
    if kind == "marked":
        text = str(bits.get(size))
        if not text.startswith("1"):
            raise EpcRefused("encoding", "The tag's digits lack their mark.")
        return text[1:]
    if kind == "pair":
        return f"{bits.get(size):02d}"
    return _get_text(bits, size)


def _get_prefixed(bits: BitReader, encoding: Encoding) -> Epc:
    digits = 12 - bits.get(3)
    if digits not in _PREFIX_BITS:
        raise EpcRefused("encoding", "The tag names a partition that does not exist.")
    prefix = f"{bits.get(_PREFIX_BITS[digits]):0{digits}d}"
    if len(prefix) > digits:
        raise EpcRefused("encoding", "The tag's company prefix is larger than its partition allows.")
    if encoding.reference_kind == "packed":
        reference = _get_packed(bits)
    else:
        size = _reference_bits(encoding, prefix)
        if encoding.reference_kind == "text":
            reference = _get_text(bits, size // 7)
            bits.get(size % 7)
        elif encoding.reference_kind == "number":
            reference = str(bits.get(size))
        else:
            wanted = SCHEMES[encoding.scheme].parts[0].size - digits
            number = bits.get(size)
            reference = f"{number:0{wanted}d}" if wanted else ""
    rest = tuple(_get_field(bits, kind, size) for kind, size in encoding.rest)
    return Epc(encoding.scheme, prefix, (reference, *rest))


def _get_own_layout(bits: BitReader, scheme: str) -> Epc:
    if scheme == "gid":
        return Epc(scheme, "", tuple(str(bits.get(size)) for size in _GID_BITS))
    if scheme == "usdod":
        cage = "".join(chr(bits.get(8)) for _ in range(_CAGE_SIZE)).lstrip(" ")
        return Epc(scheme, "", (cage, str(bits.get(36))))
    codes = [bits.get(6) for _ in range(_CAGE_SIZE)]
    cage = "".join(chr(code | 0x40 if code < 0x20 else code) for code in codes).lstrip(" ")
    return Epc(scheme, "", (cage, _get_packed(bits), _get_packed(bits)))


def decode_tag(hexadecimal: str) -> TagName:
    """Reads the hexadecimal words of a tag. Raises a Gs1Refusal for what no encoding of this module wrote."""
    if not _HEX.match(hexadecimal):
        raise EpcRefused("encoding", "A tag's name is written in 4 to 104 hexadecimal digits.")
    bits = BitReader(int(hexadecimal, 16), 4 * len(hexadecimal))
    encoding = _BY_HEADER.get(bits.get(8))
    if encoding is None:
        raise EpcRefused("encoding", f"No encoding begins with {hexadecimal[:2]}.")
    filter_value = None if encoding.scheme == "gid" else bits.get(_FILTER_BITS.get(encoding.scheme, 3))
    prefixed = SCHEMES[encoding.scheme].prefixed
    epc = _get_prefixed(bits, encoding) if prefixed else _get_own_layout(bits, encoding.scheme)
    return TagName(parse_epc(str(epc)), encoding.name, filter_value)


def parse_tag_uri(text: str) -> TagName:
    """Reads urn:epc:tag:… . Raises a Gs1Refusal, also when the name does not fit the encoding."""
    pieces = text.split(":", 4)
    if len(pieces) != 5 or pieces[:3] != ["urn", "epc", "tag"] or pieces[3] not in ENCODINGS:
        raise EpcRefused("form", "A tag URI begins with urn:epc:tag: and an encoding such as sgtin-96.")
    scheme = SCHEMES[ENCODINGS[pieces[3]].scheme]
    head, dot, rest = ("", ".", pieces[4]) if scheme.name == "gid" else pieces[4].partition(".")
    if not dot or (head and not (is_digits(head) and len(head) <= 2)) or (scheme.name != "gid" and not head):
        raise EpcRefused("filter", "A tag URI names its filter value.")
    tag = TagName(parse_epc(f"urn:epc:{scheme.space}:{scheme.name}:{rest}"), pieces[3], int(head) if head else None)
    encode_tag(tag)
    return tag


def fits(epc: Epc, encoding: str, filter_value: int | None = 0) -> bool:
    """Whether a name has a place in an encoding."""
    try:
        encode_tag(TagName(epc, encoding, filter_value))
    except Gs1Refusal:
        return False
    return True
