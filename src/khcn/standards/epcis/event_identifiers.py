"""The one spelling of identifiers, moments, numbers and words that event hashes are made of.

Source: CBV 2.0, section 8.9.2, and the published vectors. EPC names and Digital Links become the Digital Link of the
finest identifier at id.gs1.org; anything else stays as it is.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote

from khcn.standards.epcis import vocabulary as words
from khcn.standards.epcis.text_formats import moment_of
from khcn.standards.gs1.digital_link import CANONICAL_STEM, LENIENT, parse_digital_link
from khcn.standards.gs1.epc_conversion import elements_of, gtin_of
from khcn.standards.gs1.epc_schemes import Epc, parse_epc
from khcn.standards.gs1.errors import Gs1Refusal
from khcn.standards.gs1.link_compression import decompress

# Characters that a Digital Link may hold bare in the hash, beside letters, digits and -._~ .
_BARE = "';="
_PLAIN_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9](?:\.[0-9]{3})?(?:Z|[+-][0-9]{2}:[0-5][0-9])\Z", re.ASCII
)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\Z")
_PLAIN_ITEM = re.compile(
    r"urn:epc:(id:s|class:l)gtin:([0-9]{6,12})\.([0-9]{1,7})\.([0-9A-Za-z_.\-';=]{1,20})\Z", re.ASCII
)
_MAY_BE_LINK = re.compile(r"https?://[^/]+/")
_FINEST = {"01": ("21", "10", "235"), "8006": ("21",), "8010": ("8011",), "414": ("254",)}
_WORD_LISTS = (
    words.BIZ_STEP,
    words.DISPOSITION,
    words.TRANSACTION_TYPE,
    words.PARTY_TYPE,
    words.ERROR_REASON,
)


def _link(elements: dict[str, str]) -> str:
    key = next(iter(elements))
    text = f"{CANONICAL_STEM}/{key}/{quote(elements[key], safe=_BARE)}"
    for qualifier in _FINEST.get(key, ()):
        if qualifier in elements:
            return f"{text}/{qualifier}/{quote(elements[qualifier], safe=_BARE)}"
    return text


@lru_cache(65_536)
def _item_link(prefix: str, reference: str) -> str:
    return f"{CANONICAL_STEM}/01/{gtin_of(Epc('sgtin', prefix, (reference, '*'), is_pattern=True))}"


@lru_cache(65_536)
def _read(text: str) -> str | None:
    """The link that an identifier is written as; None for what is neither an EPC name nor a link that can be read.

    Names of items and lots with plain serial numbers, by far the most, are written without a full reading.
    """
    match = _PLAIN_ITEM.match(text)
    if match is not None and len(match[2]) + len(match[3]) == 13:
        return f"{_item_link(match[2], match[3])}/{'21' if match[1] == 'id:s' else '10'}/{match[4]}"
    try:
        if text.startswith("urn:epc:"):
            return _link(elements_of(parse_epc(text)))
        if _MAY_BE_LINK.match(text):
            return _link(parse_digital_link(text, LENIENT).path)
    except Gs1Refusal:
        return None
    return None


def canonical_identifier(text: str) -> str:
    """The Digital Link of the finest identifier that an EPC name or a link stands for; any other text unchanged."""
    return _read(text) or text


def decompressed_identifier(text: str) -> str:
    """Like canonical_identifier, and reads compressed links too; not used in hashes, whose rule does not know them."""
    plain = _read(text)
    if plain is not None or not _MAY_BE_LINK.match(text):
        return plain or text
    try:
        return _link(decompress(text).path)
    except Gs1Refusal:
        return text


@lru_cache(8_192)
def canonical_moment(text: str) -> str:
    """The moment in UTC, rounded half up to the millisecond; a text that is no moment unchanged."""
    if _PLAIN_MOMENT.match(text):
        try:
            return datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
        except (ValueError, OverflowError):
            return text
    moment = moment_of(text)
    if moment is None:
        return text
    if moment.microsecond % 1000:
        try:
            moment += timedelta(microseconds=500)
        except OverflowError:
            return text
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def canonical_number(value: float | Decimal | str) -> str:
    """The number without leading and trailing zeros, through a double, as the published vectors do."""
    number = float(value)
    return str(int(number)) if number.is_integer() else str(number)


@lru_cache(65_536)
def canonical_text(text: str) -> str:
    """A free value: words of CBV as web addresses, numbers without idle zeros, identifiers as Digital Links."""
    text = text.strip()
    if _NUMBER.match(text):
        number = float(text)
        return text if number in (float("inf"), float("-inf")) else canonical_number(text)
    for word_list in _WORD_LISTS:
        if text.startswith(word_list.urn) or text.startswith(word_list.prefix):
            return word_list.as_web(text)
    if text.startswith("gs1:"):
        return words.GS1_WEB + text[4:]
    if text.startswith("cbv:"):
        return words.CBV_WEB + text[4:]
    return canonical_identifier(text)
