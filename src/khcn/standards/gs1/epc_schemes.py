"""EPC names as pure identity URIs: schemes, their parts, and what each part may hold.

Source: GS1 EPC Tag Data Standard 1.13, section 6. It covers names of things (`urn:epc:id`), of lots (`urn:epc:class`)
and patterns of them (`urn:epc:idpat`); conversion to GS1 keys is in `epc_conversion`, tag memory in `epc_binary`.
"""

import re
from dataclasses import dataclass

from khcn.standards.gs1.check_digits import SET_82, is_digits
from khcn.standards.gs1.errors import EpcRefused

SHORTEST_PREFIX, LONGEST_PREFIX = 6, 12
LONGEST_NAME = 512
# Characters of set 82 that stand escaped in a URI, and the number sign of parts and serials of components.
_ESCAPED = {"%22": '"', "%23": "#", "%25": "%", "%26": "&", "%2F": "/", "%3C": "<", "%3E": ">", "%3F": "?"}
_ESCAPES = {character: escape for escape, character in _ESCAPED.items()}
_ESCAPE = re.compile(r"%(..?)?")
_PLAIN_82 = frozenset(SET_82) - frozenset(_ESCAPES)
_NUMBER = re.compile(r"0|[1-9][0-9]*")
_COMPONENT_PART = re.compile(r"[-#/0-9A-Z]+")
_CAGE = re.compile(r"[A-HJ-NP-Z0-9]{5,6}")
_AIRCRAFT_PART = re.compile(r"[-/0-9A-Z]{0,32}")
_AIRCRAFT_SERIAL = re.compile(r"(?=.{1,30}\Z)(?:#[-/0-9A-Z]+|[-/0-9A-Z]+)")
_CONTAINER = re.compile(r"[A-HJ-NP-Z]{3}[JUZ][0-9]{7}")
_SHIP = re.compile(r"[0-9]{7}")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a name: `kind` says what it holds, `size` its digits or longest length.

    kinds: reference (digits that fill the company prefix up to `size`), text (set 82), number (no leading zero),
    digits (any), pair (exactly `size` digits), or a pattern's own name.
    """

    kind: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme; `space` is id or class, `prefixed` schemes begin with a GS1 company prefix."""

    name: str
    parts: tuple[Part, ...]
    space: str = "id"
    prefixed: bool = True


def _scheme(name: str, *parts: Part, space: str = "id", prefixed: bool = True) -> Scheme:
    return Scheme(name, parts, space, prefixed)


_ITEM, _KEY12 = Part("reference", 13), Part("reference", 12)
SCHEMES: dict[str, Scheme] = {
    scheme.name: scheme
    for scheme in (
        _scheme("sgtin", _ITEM, Part("text", 20)),
        _scheme("sscc", Part("reference", 17)),
        _scheme("sgln", _KEY12, Part("text", 20)),
        _scheme("grai", _KEY12, Part("text", 16)),
        _scheme("giai", Part("filling", 30)),
        _scheme("gsrn", Part("reference", 17)),
        _scheme("gsrnp", Part("reference", 17)),
        _scheme("gdti", _KEY12, Part("text", 17)),
        _scheme("cpi", Part("component", 30), Part("number", 12)),
        _scheme("sgcn", _KEY12, Part("digits", 12)),
        _scheme("ginc", Part("filling", 30)),
        _scheme("gsin", Part("reference", 16)),
        _scheme("itip", _ITEM, Part("pair", 2), Part("pair", 2), Part("text", 20)),
        _scheme("upui", _ITEM, Part("text", 28)),
        _scheme("pgln", _KEY12),
        _scheme("lgtin", _ITEM, Part("text", 20), space="class"),
        _scheme("gid", Part("below", 1 << 28), Part("below", 1 << 24), Part("below", 1 << 36), prefixed=False),
        _scheme("usdod", Part("cage"), Part("below", 1 << 36), prefixed=False),
        _scheme("adi", Part("cage"), Part("aircraft_part"), Part("aircraft_serial"), prefixed=False),
        _scheme("bic", Part("container"), prefixed=False),
        _scheme("imovn", Part("ship"), prefixed=False),
    )
}


@dataclass(frozen=True, slots=True)
class Epc:
    """A name: scheme, company prefix where there is one, and the parts unescaped; `*` only in patterns."""

    scheme: str
    prefix: str
    parts: tuple[str, ...]
    is_pattern: bool = False

    def leaves_open(self, place: int) -> bool:
        """Whether a pattern says nothing of that part; in a name a lone `*` is a serial number like any other."""
        return self.is_pattern and self.parts[place] == "*"

    def __str__(self) -> str:
        space = "idpat" if self.is_pattern else SCHEMES[self.scheme].space
        written = ["*" if self.leaves_open(place) else escape(part) for place, part in enumerate(self.parts)]
        body = ".".join([self.prefix, *written] if SCHEMES[self.scheme].prefixed else written)
        return f"urn:epc:{space}:{self.scheme}:{body}"


def escape(text: str) -> str:
    """The text as a URI part writes it."""
    return "".join(_ESCAPES.get(character, character) for character in text)


def unescape(text: str) -> str:
    """The text that a URI part stands for. Raises EpcRefused for an escape that the standard does not allow."""

    def plain(match: re.Match[str]) -> str:
        character = _ESCAPED.get(match[0].upper())
        if character is None:
            raise EpcRefused("escape", f"{match[0]} is no escape that an EPC name may hold.")
        return character

    return _ESCAPE.sub(plain, text)


def _fits_pattern(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.fullmatch(text) is not None


def _part_problem(part: Part, written: str, prefix: str) -> str:
    text = unescape(written)
    if part.kind == "reference":
        wanted = part.size - len(prefix)
        fits = len(text) == wanted and (not text or is_digits(text))
        return "" if fits else f"{wanted} digits are needed after this company prefix, not {written!r}"
    if part.kind in ("text", "filling"):
        longest = part.size - (len(prefix) if part.kind == "filling" else 0)
        plain = set(re.sub(_ESCAPE, "", written)) <= _PLAIN_82 and "#" not in text
        return "" if 1 <= len(text) <= longest and plain else f"{written!r} is no text of 1 to {longest} characters"
    if part.kind == "component":
        fits = 1 <= len(text) <= part.size - len(prefix) and _fits_pattern(_COMPONENT_PART, text)
        return "" if fits and not {"#", "/"} & set(written) else f"{written!r} is no component or part reference"
    if part.kind == "number":
        return "" if len(text) <= part.size and _fits_pattern(_NUMBER, text) else f"{written!r} is no serial number"
    if part.kind == "digits":
        return "" if 1 <= len(text) <= part.size and is_digits(text) else f"{written!r} is no number of a coupon"
    if part.kind == "pair":
        return "" if len(text) == part.size and is_digits(text) else f"{written!r} must have {part.size} digits"
    if part.kind == "below":
        fits = len(text) <= 12 and _fits_pattern(_NUMBER, text) and int(text) < part.size
        return "" if fits else f"{written!r} is no number below {part.size}"
    if {"#", "/"} & set(written):
        return f"{written!r} must be escaped"
    pattern = {
        "cage": _CAGE,
        "aircraft_part": _AIRCRAFT_PART,
        "aircraft_serial": _AIRCRAFT_SERIAL,
        "container": _CONTAINER,
        "ship": _SHIP,
    }[part.kind]
    return "" if _fits_pattern(pattern, text) else f"{written!r} is no {part.kind.replace('_', ' ')}"


def _read(text: str) -> tuple[Scheme, list[str], bool]:
    if len(text) > LONGEST_NAME:
        raise EpcRefused("length", f"An EPC name has at most {LONGEST_NAME} characters.")
    pieces = text.split(":", 4)
    if len(pieces) != 5 or pieces[:2] != ["urn", "epc"]:
        raise EpcRefused("form", "An EPC name begins with urn:epc:id:, urn:epc:class: or urn:epc:idpat:.")
    space, name, body = pieces[2:]
    scheme = SCHEMES.get(name)
    if scheme is None or space not in (scheme.space, "idpat"):
        raise EpcRefused("scheme", f"There is no EPC scheme {space}:{name}.")
    return scheme, body.split("."), space == "idpat"


def _split_text_dots(scheme: Scheme, pieces: list[str]) -> list[str]:
    """Dots are ordinary characters of a last part that holds text; they are joined again."""
    wanted = len(scheme.parts) + scheme.prefixed
    if len(pieces) > wanted and scheme.parts[-1].kind in ("text", "filling"):
        return [*pieces[: wanted - 1], ".".join(pieces[wanted - 1 :])]
    return pieces


def parse_epc(text: str) -> Epc:
    """Reads a name or a pattern. Raises EpcRefused."""
    scheme, pieces, is_pattern = _read(text)
    pieces = _split_text_dots(scheme, pieces)
    if len(pieces) != len(scheme.parts) + scheme.prefixed:
        raise EpcRefused("parts", f"A name of scheme {scheme.name} has {len(scheme.parts) + scheme.prefixed} parts.")
    first_star = (
        next((at for at, piece in enumerate(pieces) if piece == "*"), len(pieces)) if is_pattern else len(pieces)
    )
    if any(piece != "*" for piece in pieces[first_star:]):
        raise EpcRefused("pattern", "After a * a pattern holds nothing but *.")
    prefix = pieces[0] if scheme.prefixed else ""
    written = pieces[1:] if scheme.prefixed else pieces
    open_prefix = is_pattern and prefix == "*"
    sound_prefix = is_digits(prefix) and SHORTEST_PREFIX <= len(prefix) <= LONGEST_PREFIX
    if scheme.prefixed and not open_prefix and not sound_prefix:
        raise EpcRefused("prefix", f"A company prefix has {SHORTEST_PREFIX} to {LONGEST_PREFIX} digits.")
    for part, piece in zip(scheme.parts, written, strict=True):
        if is_pattern and piece == "*":
            continue
        problem = _part_problem(part, piece, prefix)
        if problem:
            raise EpcRefused("part", f"In a name of scheme {scheme.name}: {problem}.")
    parts = tuple("*" if is_pattern and piece == "*" else unescape(piece) for piece in written)
    return Epc(scheme.name, prefix, parts, is_pattern)
