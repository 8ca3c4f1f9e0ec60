"""GS1 Digital Link URIs: reading, checking and writing.

Source: GS1 Digital Link Standard: URI Syntax 1.4. The domain is checked for its characters only, so that internal and
numeric hosts work; links are not resolved, and compressed links are the business of `link_compression`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_to_bytes

from khcn.standards.gs1.application_identifiers import BY_AI, PATH_ORDERS
from khcn.standards.gs1.check_digits import is_digits
from khcn.standards.gs1.element_values import check_value
from khcn.standards.gs1.errors import LinkRefused

CANONICAL_STEM = "https://id.gs1.org"
LONGEST_URI = 8_192
_URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*\Z")
_SCHEME = re.compile(r"(?:https?|HTTPS?)://")
_NOT_IN_DOMAIN = re.compile(r"[_~?#@!$&'()*+,;=%]")

# Deprecated spellings of path identifiers (URI Syntax 1.1, "convenience alphas").
CONVENIENCE_ALPHAS = {
    "cpid": "8010", "cpsn": "8011", "cpv": "22", "gcn": "255", "gdti": "253", "giai": "8004", "ginc": "401",
    "gln": "414", "glnx": "254", "gmn": "8013", "grai": "8003", "gsin": "402", "gsrn": "8018", "gsrnp": "8017",
    "gtin": "01", "itip": "8006", "lot": "10", "party": "417", "refno": "8020", "ser": "21", "srin": "8019",
    "sscc": "00",
}  # fmt: skip
_SHORT_GTINS = {8, 12, 13}


@dataclass(frozen=True, slots=True)
class Leniency:
    """What older links may do: spelled keys, GTINs without leading zeros in the path, unassigned numeric attributes."""

    spelled_keys: bool = False
    short_gtins: bool = False
    unassigned_attributes: bool = False


STRICT = Leniency()
LENIENT = Leniency(spelled_keys=True, short_gtins=True)


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """A read link: key and qualifiers of the path, then attributes of the query, each identifier to value in order."""

    stem: str
    path: dict[str, str]
    attributes: dict[str, str]
    other_parameters: tuple[str, ...] = ()
    fragment: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def key(self) -> str:
        return next(iter(self.path))

    @property
    def elements(self) -> dict[str, str]:
        return {**self.path, **self.attributes}


def split_uri(uri: str) -> tuple[str, str, str, str]:
    """Scheme and domain, path, query, fragment. Raises LinkRefused for what no link looks like."""
    if len(uri) > LONGEST_URI:
        raise LinkRefused("length", f"A link has at most {LONGEST_URI} characters.")
    if not _URI.match(uri):
        raise LinkRefused("characters", "The link holds characters that a URI must not hold.")
    scheme = _SCHEME.match(uri)
    if not scheme:
        raise LinkRefused("scheme", "A Digital Link begins with https:// or http://.")
    slash = uri.find("/", scheme.end())
    if slash <= scheme.end():
        raise LinkRefused("domain", "The link has no domain followed by a path.")
    if _NOT_IN_DOMAIN.search(uri, scheme.end(), slash):
        raise LinkRefused("domain", "The domain holds characters that a domain must not hold.")
    rest, _, fragment = uri[slash:].partition("#")
    path, _, query = rest.partition("?")
    return uri[:slash], path, query, fragment


def _decode(text: str, ai: str) -> str:
    raw = unquote_to_bytes(text)
    if not raw or b"\0" in raw:
        raise LinkRefused("empty", f"({ai}) has no value, or one with a null character.", ai)
    return raw.decode("latin-1")  # what is not ASCII is refused with the value's other characters


def _read_value(ai: str, raw: str, leniency: Leniency, notes: list[str]) -> str:
    value = _decode(raw, ai)
    if ai == "01" and leniency.short_gtins and len(value) in _SHORT_GTINS:
        notes.append("A GTIN in a link has fourteen digits; leading zeros were added.")
        value = value.zfill(14)
    if ai in BY_AI:
        check_value(ai, value)
    return value


def _path_pairs(path: str, leniency: Leniency) -> tuple[str, list[tuple[str, str]], bool]:
    """The stem's part of the path, the raw pairs from the primary key on, and whether keys were spelled."""
    segments = path[1:].split("/")
    pairs: list[tuple[str, str]] = []
    spelled = False
    at = len(segments) - 2
    while at >= 0:
        ai = segments[at]
        if leniency.spelled_keys and ai in CONVENIENCE_ALPHAS:
            ai, spelled = CONVENIENCE_ALPHAS[ai], True
        if ai not in BY_AI:
            break
        pairs.insert(0, (ai, segments[at + 1]))
        if ai in PATH_ORDERS:
            return "".join(f"/{segment}" for segment in segments[:at]), pairs, spelled
        at -= 2
    raise LinkRefused("key", "The path holds no primary key with a value.")


def _attribute_pairs(query: str, leniency: Leniency) -> tuple[list[tuple[str, str]], list[str]]:
    pairs, others = [], []
    for parameter in filter(None, query.split("&")):
        name, equals, value = parameter.partition("=")
        if not equals or not is_digits(name):
            others.append(parameter)
        elif name in BY_AI or (leniency.unassigned_attributes and 2 <= len(name) <= 4):
            pairs.append((name, value))
        else:
            raise LinkRefused("unknown_ai", f"There is no application identifier ({name}).", name)
    return pairs, others


def _check_attribute(ai: str, path: tuple[str, ...]) -> None:
    if ai not in BY_AI:
        return
    if not BY_AI[ai].is_attribute and not _fits_path(ai, path):
        raise LinkRefused("attribute", f"({ai}) must not stand in the query.", ai)
    if _fits_path(ai, path):
        raise LinkRefused("attribute", f"({ai}) belongs in the path, not in the query.", ai)


def _fits_path(ai: str, path: tuple[str, ...]) -> bool:
    return any((*path[:at], ai, *path[at:]) in PATH_ORDERS[path[0]] for at in range(1, len(path) + 1))


def parse_digital_link(uri: str, leniency: Leniency = STRICT) -> DigitalLink:
    """Reads an uncompressed link. Raises LinkRefused or ElementRefused at the first thing that is wrong."""
    base, path_text, query, fragment = split_uri(uri)
    stem_path, path_pairs, spelled = _path_pairs(path_text, leniency)
    notes = ["Spelled keys are deprecated; write the application identifiers."] if spelled else []
    path: dict[str, str] = {}
    for ai, raw in path_pairs:
        path[ai] = _read_value(ai, raw, leniency, notes)
    order = tuple(ai for ai, _ in path_pairs)
    attribute_pairs, others = _attribute_pairs(query, leniency)
    attributes: dict[str, str] = {}
    for ai, raw in attribute_pairs:
        if ai in path or ai in attributes:
            raise LinkRefused("repeated", f"({ai}) stands twice in the link.", ai)
        attributes[ai] = _read_value(ai, raw.replace("+", " "), leniency, notes)
    if order not in PATH_ORDERS[order[0]]:
        raise LinkRefused(
            "qualifiers", f"The path ({')('.join(order)}) does not follow the key's qualifiers.", order[0]
        )
    for ai in attributes:
        _check_attribute(ai, order)
    return DigitalLink(base + stem_path, path, attributes, tuple(others), fragment, tuple(notes))


def path_order(ais: Iterable[str]) -> tuple[str, ...]:
    """The first primary key among the identifiers with the most qualifiers that fit it, in the order of the path."""
    given = list(ais)
    key = next((ai for ai in given if ai in PATH_ORDERS), None)
    if key is None:
        raise LinkRefused("key", "A Digital Link needs a primary key such as (01) or (00).")
    fitting = [order for order in PATH_ORDERS[key] if set(order) <= set(given)]
    return max(fitting, key=lambda order: (len(order), order))


def build_digital_link(
    elements: Mapping[str, str], stem: str = CANONICAL_STEM, other_parameters: Iterable[str] = ()
) -> str:
    """The link for these elements: path first, then attributes, those of predefined length before the others.

    Raises ElementRefused for a value that is not well formed and LinkRefused where no link can be built.
    """
    for ai, value in elements.items():
        check_value(ai, value)
    order = path_order(elements)
    path = "".join(f"/{ai}/{quote(elements[ai], safe='')}" for ai in order)
    rest = [ai for ai in elements if ai not in order]
    for ai in rest:
        _check_attribute(ai, order)
    rest.sort(key=lambda ai: not BY_AI[ai].is_predefined_length)
    query = "&".join([*(f"{ai}={quote(elements[ai], safe='')}" for ai in rest), *other_parameters])
    return stem.rstrip("/") + path + (f"?{query}" if query else "")
