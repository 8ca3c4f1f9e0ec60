"""How parties, places, goods and lots are named in events: by GS1 keys where they have them, else by local codes. Pure.

A local code is a name of this house's own, unique inside it; it traces here and is not known outside.
"""

from datetime import date
from urllib.parse import quote
from uuid import UUID

from khcn.standards.gs1.digital_link import CANONICAL_STEM

LOCAL = "urn:x-khcn:"
_LONGEST_LOT = 20


def _local(*parts: str) -> str:
    return LOCAL + ":".join(quote(part, safe="") for part in parts)


def party_uri(gln: str, code: str) -> str:
    """The party: its PGLN, or its local code."""
    return f"{CANONICAL_STEM}/417/{gln}" if gln else _local("party", code)


def site_uri(*, own_gln: str, party_gln: str, party_code: str, code: str) -> str:
    """The place: its own GLN, its party's with an extension, or a local code."""
    if own_gln:
        return f"{CANONICAL_STEM}/414/{own_gln}"
    if party_gln:
        return f"{CANONICAL_STEM}/414/{party_gln}/254/{quote(code, safe='')}"
    return _local("site", party_code, code)


def crop_uri(party_code: str, code: str) -> str:
    """What stands or lives on a plot or in a barn, before anything is harvested."""
    return _local("crop", party_code, code)


def product_uri(*, gtin: str, party_code: str, code: str, lot: str = "") -> str:
    """The product, or one lot of it."""
    if gtin:
        return f"{CANONICAL_STEM}/01/{gtin}" + (f"/10/{quote(lot, safe='')}" if lot else "")
    return _local("lot", party_code, code, lot) if lot else _local("product", party_code, code)


def document_uri(party_code: str, number: str) -> str:
    """A paper of the party, such as an invoice."""
    return _local("doc", party_code, number)


def lot_code(made_on: date, place: str, record: UUID) -> str:
    """The number of a lot: day, place, and four signs of the record, so that the same record gives the same lot."""
    head = f"{made_on:%y%m%d}-{place}"[: _LONGEST_LOT - 5]
    return f"{head}-{record.hex[-4:].upper()}"


def is_local(uri: str) -> bool:
    """True for a name of this house's own."""
    return uri.startswith(LOCAL)
