"""One text of unknown form to what it identifies: key, element string, EPC name, tag or Digital Link.

The report lists every form that the text can be written in, and everything that is wrong with it. It resolves nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from khcn.standards.gs1.application_identifiers import BY_AI
from khcn.standards.gs1.check_digits import is_digits
from khcn.standards.gs1.digital_link import (
    CANONICAL_STEM,
    LENIENT,
    DigitalLink,
    Leniency,
    build_digital_link,
    parse_digital_link,
)
from khcn.standards.gs1.element_strings import format_bracketed, format_scanned, parse_element_string
from khcn.standards.gs1.element_values import check_value, companion_problems
from khcn.standards.gs1.epc_binary import TagName, decode_tag, encode_tag, parse_tag_uri
from khcn.standards.gs1.epc_conversion import element_string_of, elements_of, epc_of
from khcn.standards.gs1.epc_schemes import Epc, parse_epc
from khcn.standards.gs1.errors import Gs1Refusal
from khcn.standards.gs1.link_compression import decompress

# Names that a key may be given with, such as gln:8931234567897.
KEY_NAMES = {
    "gtin": "01", "sscc": "00", "gln": "414", "pgln": "417", "grai": "8003", "giai": "8004", "gsrn": "8018",
    "gsrnp": "8017", "gdti": "253", "gcn": "255", "ginc": "401", "gsin": "402", "cpid": "8010", "gmn": "8013",
    "itip": "8006",
}  # fmt: skip
_BARE_KEYS = {8: "gtin", 12: "gtin", 13: "gtin", 14: "gtin", 17: "gsin", 18: "sscc"}
_TAG_HEX = re.compile(r"(?:[0-9A-Fa-f]{4}){6,26}\Z")


@dataclass(slots=True)
class Identification:
    """What a text identifies; fields stay empty where the text has no such form."""

    text: str
    kind: str
    valid: bool = True
    errors: list[dict[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    elements: dict[str, str] = field(default_factory=dict)
    epc: str | None = None
    digital_link: str | None = None
    element_string: str | None = None
    barcode_text: str | None = None
    tag: str | None = None
    tag_hex: str | None = None

    def refuse(self, refusal: Gs1Refusal) -> None:
        """Notes one thing that is wrong."""
        self.valid = False
        self.errors.append({"code": refusal.code, "ai": refusal.ai, "message": refusal.sentence})


def _link_or_none(elements: dict[str, str]) -> str | None:
    try:
        return build_digital_link(elements, CANONICAL_STEM)
    except Gs1Refusal:
        return None


def _fill(found: Identification, elements: dict[str, str], prefix_length: int | None) -> None:
    known = {ai: value for ai, value in elements.items() if ai in BY_AI}
    found.elements = elements
    found.element_string = format_bracketed(elements)
    found.barcode_text = format_scanned(elements)
    found.digital_link = _link_or_none(known)
    if prefix_length is not None:
        try:
            found.epc = str(epc_of(elements, prefix_length))
        except Gs1Refusal as refusal:
            found.warnings.append(refusal.sentence)
    for problem in companion_problems(known):
        found.refuse(problem)


def _fill_epc(found: Identification, epc: Epc) -> None:
    found.epc = str(epc)
    try:
        found.elements = elements_of(epc)
    except Gs1Refusal as refusal:
        found.warnings.append(refusal.sentence)
        return
    found.element_string = element_string_of(epc)
    found.barcode_text = format_scanned(found.elements)
    found.digital_link = _link_or_none(found.elements)


def _fill_tag(found: Identification, tag: TagName) -> None:
    found.tag, found.tag_hex = str(tag), encode_tag(tag)
    _fill_epc(found, tag.epc)


def _fill_link(found: Identification, link: DigitalLink, prefix_length: int | None) -> None:
    found.warnings += link.notes
    _fill(found, link.elements, prefix_length)


def _read_key(found: Identification, name: str, value: str, prefix_length: int | None) -> None:
    ai = KEY_NAMES[name]
    if name == "gtin" and len(value) in (8, 12, 13):
        found.kind = f"gtin-{len(value)}"
        if len(value) == 13:
            found.warnings.append("Thirteen digits may also be a location number; write gln: before one.")
        value = value.zfill(14)
    elif name == "gtin":
        found.kind = "gtin-14"
    elif name == "grai" and not value.startswith("0"):
        value = "0" + value
    check_value(ai, value)
    _fill(found, {ai: value}, prefix_length)


def _read_link(found: Identification, leniency: Leniency, prefix_length: int | None) -> None:
    try:
        link = parse_digital_link(found.text, leniency)
    except Gs1Refusal as refusal:
        try:
            link = decompress(found.text)
        except Gs1Refusal:
            raise refusal from None
        found.kind = "compressed_digital_link"
    _fill_link(found, link, prefix_length)


def _read_digits_or_hex(found: Identification, prefix_length: int | None) -> None:
    try:
        elements = parse_element_string(found.text)
    except Gs1Refusal:
        if not _TAG_HEX.match(found.text):
            raise
        found.kind = "epc_tag_hex"
        _fill_tag(found, decode_tag(found.text))
        return
    _fill(found, elements, prefix_length)


def _reader(text: str, leniency: Leniency, prefix_length: int | None) -> tuple[str, Callable[[Identification], None]]:
    """The kind that the beginning of the text announces, and what reads it."""
    lower = text[:8].lower()
    if lower.startswith(("http:", "https:")):
        return "digital_link", lambda found: _read_link(found, leniency, prefix_length)
    if lower.startswith("urn:epc:"):
        if text[8:12] == "tag:":
            return "epc_tag", lambda found: _fill_tag(found, parse_tag_uri(text))
        kind = {"idpat": "epc_pattern", "class": "epc_class"}.get(text[8:13], "epc")
        return kind, lambda found: _fill_epc(found, parse_epc(text))
    name, colon, value = text.partition(":")
    if colon and name.lower() in KEY_NAMES:
        return name.lower(), lambda found: _read_key(found, name.lower(), value, prefix_length)
    if is_digits(text) and len(text) in _BARE_KEYS:
        bare = _BARE_KEYS[len(text)]
        return bare, lambda found: _read_key(found, bare, text, prefix_length)
    return "element_string", lambda found: _read_digits_or_hex(found, prefix_length)


def identify(text: str, *, leniency: Leniency = LENIENT, prefix_length: int | None = None) -> Identification:
    """What the text identifies. It never raises: what is wrong is in `errors`.

    prefix_length: digits of the company prefix, 6 to 12, where the EPC name is wanted too.
    """
    kind, read = _reader(text, leniency, prefix_length)
    found = Identification(text, kind)
    try:
        read(found)
    except Gs1Refusal as refusal:
        found.refuse(refusal)
    return found
