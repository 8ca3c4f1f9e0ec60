"""EPC names to GS1 elements and Digital Links, and back where the length of the company prefix is known.

Source: GS1 EPC Tag Data Standard 1.13, section 7. A GS1 key alone does not say where its company prefix ends, so the
way back asks for that length.
"""

from collections.abc import Callable, Mapping

from khcn.standards.gs1.check_digits import check_digit, has_check_digit
from khcn.standards.gs1.digital_link import CANONICAL_STEM, build_digital_link
from khcn.standards.gs1.element_strings import format_bracketed
from khcn.standards.gs1.epc_schemes import LONGEST_PREFIX, SHORTEST_PREFIX, Epc, parse_epc
from khcn.standards.gs1.errors import EpcRefused

_ABSENT_EXTENSION = "0"


def _checked(digits: str) -> str:
    return digits + check_digit(digits)


def _gtin(prefix: str, reference: str) -> str:
    return _checked(reference[0] + prefix + reference[1:])


def _sgln(epc: Epc) -> dict[str, str]:
    elements = {"414": _checked(epc.prefix + epc.parts[0])}
    if epc.parts[1] != _ABSENT_EXTENSION and not epc.leaves_open(1):
        elements["254"] = epc.parts[1]
    return elements


def _item(ai: str) -> Callable[[Epc], dict[str, str]]:
    def convert(epc: Epc) -> dict[str, str]:
        elements = {"01": _gtin(epc.prefix, epc.parts[0])}
        return elements if epc.leaves_open(1) else {**elements, ai: epc.parts[1]}

    return convert


def _itip(epc: Epc) -> dict[str, str]:
    elements = {"8006": _gtin(epc.prefix, epc.parts[0]) + epc.parts[1] + epc.parts[2]}
    return elements if epc.leaves_open(3) else {**elements, "21": epc.parts[3]}


def _cpi(epc: Epc) -> dict[str, str]:
    elements = {"8010": epc.prefix + epc.parts[0]}
    return elements if epc.leaves_open(1) else {**elements, "8011": epc.parts[1]}


def _serial_part(ai: str, head: str = "") -> Callable[[Epc], dict[str, str]]:
    def convert(epc: Epc) -> dict[str, str]:
        return {ai: head + _checked(epc.prefix + epc.parts[0]) + ("" if epc.leaves_open(1) else epc.parts[1])}

    return convert


def _numbered(ai: str) -> Callable[[Epc], dict[str, str]]:
    return lambda epc: {ai: _gtin(epc.prefix, epc.parts[0])}


_TO_ELEMENTS: dict[str, Callable[[Epc], dict[str, str]]] = {
    "sgtin": _item("21"),
    "lgtin": _item("10"),
    "upui": _item("235"),
    "itip": _itip,
    "cpi": _cpi,
    "sgln": _sgln,
    "sscc": _numbered("00"),
    "grai": _serial_part("8003", "0"),
    "gdti": _serial_part("253"),
    "sgcn": _serial_part("255"),
    "pgln": lambda epc: {"417": _checked(epc.prefix + epc.parts[0])},
    "giai": lambda epc: {"8004": epc.prefix + epc.parts[0]},
    "ginc": lambda epc: {"401": epc.prefix + epc.parts[0]},
    "gsin": lambda epc: {"402": _checked(epc.prefix + epc.parts[0])},
    "gsrn": lambda epc: {"8018": _checked(epc.prefix + epc.parts[0])},
    "gsrnp": lambda epc: {"8017": _checked(epc.prefix + epc.parts[0])},
}


def elements_of(epc: Epc) -> dict[str, str]:
    """The GS1 elements that a name stands for; a pattern may leave out serial numbers, nothing before them.

    Raises EpcRefused for schemes without a GS1 key and for patterns that name no key.
    """
    convert = _TO_ELEMENTS.get(epc.scheme)
    if convert is None:
        raise EpcRefused("no_key", f"Names of scheme {epc.scheme} stand for no GS1 key.")
    fixed = epc.parts if len(epc.parts) == 1 else epc.parts[:-1]
    if epc.is_pattern and (epc.prefix == "*" or "*" in fixed):
        raise EpcRefused("no_key", "The pattern leaves the key itself open.")
    return convert(epc)


def element_string_of(epc: Epc) -> str:
    """The bracketed element string of a name; a location without extension keeps the extension 0 of its name.

    A Digital Link leaves that 0 out, as the Tag Data Standard and CBV write it; both spellings are read alike.
    """
    elements = elements_of(epc)
    if epc.scheme == "sgln" and epc.parts[1] == _ABSENT_EXTENSION:
        elements["254"] = _ABSENT_EXTENSION
    return format_bracketed(elements)


def key_of(epc: Epc) -> str:
    """The GS1 key alone, without the filling zero that element strings put before a returnable asset's number."""
    value = next(iter(elements_of(epc).values()))
    return value[1:] if epc.scheme == "grai" else value


def digital_link_of(epc: Epc, stem: str = CANONICAL_STEM) -> str:
    """The Digital Link of a name. Raises EpcRefused or ElementRefused where the key cannot be written as one."""
    return build_digital_link(elements_of(epc), stem)


_GTIN_SIZES = (8, 12, 13, 14)


def gtin_of(epc: Epc, digits: int = 14) -> str:
    """The GTIN of an item's or lot's name in 8, 12, 13 or 14 digits. Raises EpcRefused when it needs more digits."""
    gtin = elements_of(epc).get("01")
    if gtin is None or digits not in _GTIN_SIZES:
        raise EpcRefused("no_key", f"Names of scheme {epc.scheme} hold no GTIN of {digits} digits.")
    surplus, kept = gtin[: 14 - digits], gtin[14 - digits :]
    if surplus.strip("0"):
        raise EpcRefused("gtin_size", f"{gtin} does not fit {digits} digits.")
    return kept


def _split_numbered(value: str, length: int, total: int) -> tuple[str, tuple[str, ...]]:
    """Prefix and reference where the first digit belongs to the reference (GTIN, SSCC)."""
    return value[1 : 1 + length], (value[0] + value[1 + length : total],)


def _split_leading(value: str, length: int, total: int) -> tuple[str, tuple[str, ...]]:
    return value[:length], (value[length:total],)


# Primary key → what identifier gives the serial, the scheme, how to split, digits before the check digit.
_WITH_COMPANION = {
    ("01", "21"): ("sgtin", _split_numbered, 13),
    ("01", "10"): ("lgtin", _split_numbered, 13),
    ("01", "235"): ("upui", _split_numbered, 13),
    ("414", "254"): ("sgln", _split_leading, 12),
}
_ALONE = {
    "00": ("sscc", _split_numbered, 17),
    "402": ("gsin", _split_leading, 16),
    "417": ("pgln", _split_leading, 12),
    "8017": ("gsrnp", _split_leading, 17),
    "8018": ("gsrn", _split_leading, 17),
}
_SERIAL_INSIDE = {"253": ("gdti", 0), "255": ("sgcn", 0), "8003": ("grai", 1)}
_FILLING = {"401": "ginc", "8004": "giai"}


def _raw_epc(elements: Mapping[str, str], length: int) -> Epc:
    for (key, companion), (scheme, split, total) in _WITH_COMPANION.items():
        if key in elements and companion in elements:
            prefix, parts = split(elements[key], length, total)
            return Epc(scheme, prefix, (*parts, elements[companion]))
    for key, (scheme, split, total) in _ALONE.items():
        if key in elements:
            return Epc(scheme, *split(elements[key], length, total))
    for key, (scheme, skipped) in _SERIAL_INSIDE.items():
        if key in elements:
            value = elements[key][skipped:]
            return Epc(scheme, value[:length], (value[length:12], value[13:] or "*"), is_pattern=not value[13:])
    for key, scheme in _FILLING.items():
        if key in elements:
            return Epc(scheme, elements[key][:length], (elements[key][length:],))
    return _raw_epc_of_rest(elements, length)


def _raw_epc_of_rest(elements: Mapping[str, str], length: int) -> Epc:
    if "8006" in elements:
        value = elements["8006"]
        prefix, parts = _split_numbered(value, length, 13)
        serial = elements.get("21", "*")
        return Epc("itip", prefix, (*parts, value[14:16], value[16:18], serial), is_pattern="21" not in elements)
    if "8010" in elements:
        serial = elements.get("8011", "*")
        return Epc(
            "cpi", elements["8010"][:length], (elements["8010"][length:], serial), is_pattern="8011" not in elements
        )
    if "414" in elements:
        prefix, parts = _split_leading(elements["414"], length, 12)
        return Epc("sgln", prefix, (*parts, _ABSENT_EXTENSION))
    if "01" in elements:
        prefix, parts = _split_numbered(elements["01"], length, 13)
        return Epc("sgtin", prefix, (*parts, "*"), is_pattern=True)
    raise EpcRefused("no_scheme", "No EPC scheme names these elements.")


_CHECKED_KEYS = {"00": 18, "01": 14, "253": 13, "255": 13, "402": 17, "414": 13, "417": 13, "8017": 18, "8018": 18}


def epc_of(elements: Mapping[str, str], prefix_length: int) -> Epc:
    """The name of these elements, a pattern where no serial number is given.

    prefix_length: digits of the company prefix, 6 to 12. Raises EpcRefused.
    """
    if not SHORTEST_PREFIX <= prefix_length <= LONGEST_PREFIX:
        raise EpcRefused("prefix", f"A company prefix has {SHORTEST_PREFIX} to {LONGEST_PREFIX} digits.")
    for ai, digits in _CHECKED_KEYS.items():
        if ai in elements and not has_check_digit(elements[ai][:digits]):
            raise EpcRefused("check_digit", f"({ai}) {elements[ai]} has a wrong check digit.")
    return parse_epc(str(_raw_epc(elements, prefix_length)))
