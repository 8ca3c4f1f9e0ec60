"""Compressed GS1 Digital Links: a link's elements as one base 64 segment, and back.

Source: GS1 Digital Link Standard: Compression 1.0 (tables F, P and the optimised sequences). Digits keep their leading
zeros on both ways: their number stands in the code.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import ceil, log2
from urllib.parse import quote

from khcn.standards.gs1.application_identifiers import BY_AI, LENGTH_BY_PREFIX, PATH_ORDERS, Component
from khcn.standards.gs1.bits import BitReader, BitWriter
from khcn.standards.gs1.check_digits import SET_64, is_digits
from khcn.standards.gs1.digital_link import (
    CANONICAL_STEM,
    STRICT,
    DigitalLink,
    Leniency,
    build_digital_link,
    parse_digital_link,
    split_uri,
)
from khcn.standards.gs1.element_values import check_value
from khcn.standards.gs1.errors import Gs1Refusal, LinkRefused

_HEX_LOWER, _HEX_UPPER = "0123456789abcdef", "0123456789ABCDEF"
_DIGITS, _LOWER, _UPPER, _BASE64, _ASCII = range(5)
_NAME_MARK = 0xF
_SHORTEST_COMPRESSED = 2
_SAFE_IN_QUERY = "%!$'()*,;:@/?-._~+"

# Two-digit hexadecimal codes for sequences that labels use most.
SEQUENCES: dict[int, tuple[str, ...]] = {
    0x0A: ("01", "22"), 0x0B: ("01", "10"), 0x0C: ("01", "21"), 0x0D: ("01", "17"), 0x0E: ("01", "7003"),
    0x0F: ("01", "30"), 0x1A: ("01", "10", "21", "17"), 0x1B: ("01", "15"), 0x1C: ("01", "11"), 0x1D: ("01", "16"),
    0x1E: ("01", "91"), 0x1F: ("01", "10", "15"), 0x9A: ("8010", "8011"), 0x9B: ("8017", "8019"),
    0x9C: ("8018", "8019"), 0x9D: ("414", "254"),
    **{0x2A + place: ("01", f"310{place}") for place in range(6)},
    **{0x3A + place: ("01", f"320{place}") for place in range(6)},
    **{0xA0 + place: ("01", f"392{place}") for place in range(10)},
    **{0xC0 + place: ("255", f"390{place}") for place in range(10)},
    **{0xCA + place: ("255", f"394{place}") for place in range(4)},
}  # fmt: skip


@lru_cache(128)
def _value_bits(digits: int) -> int:
    return (10**digits - 1).bit_length()


def _length_bits(longest: int) -> int:
    return ceil(log2(longest) + 0.01)


# The tables of the standard were frozen before some formats grew parts; their shape is what a code is read by.
_SHAPES: dict[str, tuple[Component, ...]] = {
    "7003": (Component("N", 10, False, False, ()),),
    "8006": (Component("N", 18, False, False, ()),),
    "8026": (Component("N", 18, False, False, ()),),
    "8001": (Component("N", 14, False, False, ()),),
    "8003": (Component("N", 14, False, False, ()), Component("X", 16, True, False, ())),
    "423": (Component("N", 3, False, False, ()), Component("N", 12, True, False, ())),
    "425": (Component("N", 3, False, False, ()), Component("N", 12, True, False, ())),
    "7007": (Component("N", 6, False, False, ()), Component("N", 6, True, False, ())),
    "8008": (Component("N", 8, False, False, ()), Component("N", 4, True, False, ())),
    **{f"723{place}": (Component("X", 30, True, False, ()),) for place in range(10)},
}


def _shape(ai: str) -> tuple[Component, ...]:
    return _SHAPES.get(ai) or BY_AI[ai].components


def _encoding(text: str) -> int:
    if is_digits(text):
        return _DIGITS
    for code, alphabet in ((_LOWER, _HEX_LOWER), (_UPPER, _HEX_UPPER), (_BASE64, SET_64)):
        if set(text) <= set(alphabet):
            return code
    return _ASCII


def _put_text(bits: BitWriter, encoding: int, text: str) -> None:
    if encoding == _DIGITS:
        bits.put(int(text or "0"), _value_bits(len(text)))
    elif encoding == _ASCII:
        for character in text:
            bits.put(ord(character), 7)
    else:
        alphabet = {_LOWER: _HEX_LOWER, _UPPER: _HEX_UPPER, _BASE64: SET_64}[encoding]
        for character in text:
            bits.put(alphabet.index(character), 6 if encoding == _BASE64 else 4)


def _get_text(bits: BitReader, encoding: int, length: int) -> str:
    if encoding == _DIGITS:
        text = str(bits.get(_value_bits(length))).zfill(length) if length else ""
        if len(text) > length:
            raise LinkRefused("compressed", "A number in the compressed link is longer than it says.")
        return text
    if encoding == _ASCII:
        return "".join(chr(bits.get(7)) for _ in range(length))
    if encoding > _ASCII:
        raise LinkRefused("compressed", "The compressed link names an encoding that does not exist.")
    alphabet = {_LOWER: _HEX_LOWER, _UPPER: _HEX_UPPER, _BASE64: SET_64}[encoding]
    return "".join(alphabet[bits.get(6 if encoding == _BASE64 else 4)] for _ in range(length))


def _put_value(bits: BitWriter, ai: str, value: str) -> None:
    at = 0
    for component in _shape(ai):
        part = value[at : at + component.length]
        at += len(part)
        numeric = component.kind == "N"
        encoding = _DIGITS if numeric else _encoding(part)
        if not numeric:
            bits.put(encoding, 3)
        if component.variable or component.optional:
            bits.put(len(part), _length_bits(component.length))
        _put_text(bits, encoding, part)


def _get_value(bits: BitReader, ai: str) -> str:
    value = ""
    for component in _shape(ai):
        encoding = _DIGITS if component.kind == "N" else bits.get(3)
        length = component.length
        if component.variable or component.optional:
            length = bits.get(_length_bits(component.length))
        value += _get_text(bits, encoding, length)
    return value


def _put_ai(bits: BitWriter, ai: str) -> None:
    for digit in ai:
        bits.put(int(digit), 4)


def _put_elements(bits: BitWriter, elements: Mapping[str, str], *, optimise: bool) -> None:
    left = dict(elements)
    if optimise:
        for code, sequence in sorted(SEQUENCES.items(), key=lambda item: -len(item[1])):
            if all(ai in left for ai in sequence):
                bits.put(code, 8)
                for ai in sequence:
                    _put_value(bits, ai, left.pop(ai))
    for ai, value in left.items():
        _put_ai(bits, ai)
        _put_value(bits, ai, value)


def _put_parameter(bits: BitWriter, parameter: str) -> bool:
    """Writes one parameter that is no identifier; False where its name or value has no code."""
    name, equals, value = parameter.partition("=")
    if not equals or not name or len(name) > 127 or len(value) > 127 or not set(name) <= set(SET_64):
        return False
    encoding = _encoding(value)
    bits.put(_NAME_MARK, 4)
    bits.put(len(name), 7)
    _put_text(bits, _BASE64, name)
    bits.put(encoding, 3)
    bits.put(len(value), 7)
    _put_text(bits, encoding, value)
    return True


def compress(link: DigitalLink, *, keep_key: bool = False, optimise: bool = True) -> str:
    """The compressed link; `keep_key` leaves the primary key and its value readable before the compressed segment."""
    bits = BitWriter()
    kept = {link.key: link.path[link.key]} if keep_key else {}
    _put_elements(bits, {ai: value for ai, value in link.elements.items() if ai not in kept}, optimise=optimise)
    uncoded = [parameter for parameter in link.other_parameters if not _put_parameter(bits, parameter)]
    value, length = bits.padded(6)
    segment = "".join(SET_64[value >> shift & 63] for shift in range(length - 6, -1, -6))
    head = "".join(f"/{ai}/{text}" for ai, text in kept.items())
    tail = ("?" + "&".join(uncoded) if uncoded else "") + (f"#{link.fragment}" if link.fragment else "")
    return f"{link.stem}{head}/{segment}{tail}"


def _get_ai(bits: BitReader, first: int, second: int) -> str:
    prefix = f"{first}{second}"
    if first > 9 or second > 9 or prefix not in LENGTH_BY_PREFIX:
        raise LinkRefused("compressed", "The compressed link holds a code that has no meaning.")
    digits = [bits.get(4) for _ in range(LENGTH_BY_PREFIX[prefix] - 2)]
    ai = prefix + "".join(map(str, digits))
    if ai not in BY_AI:
        raise LinkRefused("unknown_ai", f"There is no application identifier ({ai}).", ai)
    return ai


def _get_pairs(bits: BitReader) -> Iterable[tuple[str, str]]:
    """Pairs of identifier or parameter name and value; names of parameters begin with `=` to tell them apart."""
    while bits.left > 8:
        first, second = bits.get(4), bits.get(4)
        if first == _NAME_MARK:
            length = second << 3 | bits.get(3)
            name = _get_text(bits, _BASE64, length)
            encoding, size = bits.get(3), bits.get(7)
            yield "=" + name, _get_text(bits, encoding, size)
        elif first << 4 | second in SEQUENCES:
            for ai in SEQUENCES[first << 4 | second]:
                yield ai, _get_value(bits, ai)
        else:
            ai = _get_ai(bits, first, second)
            yield ai, _get_value(bits, ai)


def _read_segment(segment: str) -> tuple[dict[str, str], list[str]]:
    if len(segment) < _SHORTEST_COMPRESSED or not set(segment) <= set(SET_64):
        raise LinkRefused("compressed", "The link ends in no compressed segment.")
    value = 0
    for character in segment:
        value = value << 6 | SET_64.index(character)
    elements: dict[str, str] = {}
    parameters = []
    for name, text in _get_pairs(BitReader(value, 6 * len(segment))):
        if name.startswith("="):
            parameters.append(f"{name[1:]}={quote(text, safe=_SAFE_IN_QUERY)}")
        elif elements.setdefault(name, text) != text:
            raise LinkRefused("repeated", f"({name}) stands twice in the link.", name)
        else:
            check_value(name, text)
    return elements, parameters


def is_compressed(uri: str, leniency: Leniency = STRICT) -> bool:
    """Whether a link that does not read as an uncompressed one reads as a compressed one."""
    try:
        parse_digital_link(uri, leniency)
    except Gs1Refusal:
        try:
            decompress(uri)
        except Gs1Refusal:
            return False
        return True
    return False


def decompress(uri: str) -> DigitalLink:
    """Reads a fully or partly compressed link. Raises a Gs1Refusal for anything else."""
    base, path, query, fragment = split_uri(uri)
    segments = path[1:].split("/")
    elements, parameters = _read_segment(segments[-1])
    stem = segments[:-1]
    if len(stem) >= 2 and stem[-2] in PATH_ORDERS and not set(elements) & set(PATH_ORDERS):
        check_value(stem[-2], stem[-1])
        elements = {stem[-2]: stem[-1], **elements}
        stem = stem[:-2]
    parameters += [parameter for parameter in query.split("&") if parameter]
    stem_uri = base + "".join(f"/{segment}" for segment in stem)
    plain = build_digital_link(elements, stem_uri, parameters) + (f"#{fragment}" if fragment else "")
    return parse_digital_link(plain)


def decompressed_uri(uri: str, stem: str = "") -> str:
    """The plain link of a compressed one, at its own stem or at another."""
    link = decompress(uri)
    return build_digital_link(link.elements, stem or link.stem or CANONICAL_STEM, link.other_parameters)
