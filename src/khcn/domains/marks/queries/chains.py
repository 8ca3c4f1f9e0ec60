"""Where the trace of a lot comes from: whoever keeps traces registers a reader; this room never knows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from khcn.domains.marks.rules.verdict import Making


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What the trace says of one lot; texts are empty and numbers None where it says nothing."""

    uri: str
    code: str
    kg: float | None = None
    made_on: date | None = None
    party_uri: str = ""
    party: str = ""
    product: str = ""
    site_uri: str = ""
    site: str = ""
    commune_id: int | None = None


@dataclass(frozen=True, slots=True)
class TracedLot:
    """A lot with all that went into it."""

    uri: str
    lots: Mapping[str, LotFacts]
    makings: tuple[Making, ...]
    is_cut: bool = False


ChainReader = Callable[[str], TracedLot | None]
_readers: list[ChainReader] = []


def register_chain_reader(reader: ChainReader) -> None:
    """Say where traces are read; registering the same reader twice changes nothing."""
    if reader not in _readers:
        _readers.append(reader)


def chain_of(uri: str) -> TracedLot | None:
    """The trace of a lot from the first reader that knows it."""
    for reader in _readers:
        found = reader(uri)
        if found is not None:
            return found
    return None
