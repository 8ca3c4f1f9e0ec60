"""All that went into a lot as other rooms may know it: lots with their place and maker, and what was made of what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from khcn.domains.traceability.errors import NoSuchResource
from khcn.domains.traceability.queries.trace import StoredFlows, asked, number_of, uris_of
from khcn.domains.traceability.rules import trace as rules
from khcn.domains.traceability.rules.local_codes import party_uri, site_uri

_LOTS = (
    "SELECT lot.uri, lot.code, lot.quantity_kg, lot.made_on, product.name, maker.gln, maker.code, maker.name, "
    "maker.commune_id, site.code, site.name, site.gln, keeper.gln, keeper.code, site.commune_id "
    "FROM traceability_lot lot JOIN traceability_product product ON product.id = lot.product_id "
    "JOIN traceability_party maker ON maker.id = product.party_id "
    "LEFT JOIN traceability_site site ON site.id = lot.site_id "
    "LEFT JOIN traceability_party keeper ON keeper.id = site.party_id "
    "WHERE NOT lot.withdrawn AND lot.uri AMONG"
)


@dataclass(frozen=True, slots=True)
class ChainLot:
    """One lot of a chain: who made it, where and when, and how much. Places by their commune's key."""

    uri: str
    code: str
    kg: float
    made_on: date
    product: str
    party_uri: str
    party: str
    site_uri: str
    site: str
    commune_id: int | None


@dataclass(frozen=True, slots=True)
class ChainMaking:
    """One making or packing: (name, kilograms or None) of what went in and what came out."""

    inputs: tuple[tuple[str, float | None], ...]
    outputs: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True, slots=True)
class ChainBehind:
    """What stands behind a lot; lots of others, whose events alone are known, are missing in `lots`."""

    uri: str
    lots: Mapping[str, ChainLot]
    makings: tuple[ChainMaking, ...]
    is_cut: bool


def chain_behind(uri: str) -> ChainBehind | None:
    """The chain behind a lot with time in the walk; None where neither an event nor a lot has the name."""
    flows = StoredFlows()
    try:
        trace = rules.trace_back(flows, number_of(uri), with_shares=False)
    except NoSuchResource:
        lots = _lots([uri])
        return ChainBehind(uri, lots, (), is_cut=False) if lots else None
    nodes = {step.node for step in trace.steps if step.node is not None}
    sides: dict[int, tuple[list[rules.MadeRow], list[rules.MadeRow]]] = defaultdict(lambda: ([], []))
    for is_output in (False, True):
        for row in flows.sides(nodes, is_output=is_output) if nodes else ():
            sides[row.node][is_output].append(row)
    names = uris_of(
        {trace.start, *trace.certain, *(row.ident for pair in sides.values() for rows in pair for row in rows)}
    )
    makings = [
        ChainMaking(
            tuple((names[row.ident], row.mass_kg) for row in used),
            tuple((names[row.ident], row.mass_kg) for row in given),
        )
        for used, given in sides.values()
    ]
    packed: dict[int, list[rules.Step]] = defaultdict(list)
    for step in trace.steps:
        if step.kind == "inside":
            packed[step.start].append(step)
    for parent, steps in packed.items():
        inputs = {names[step.end]: step.mass_kg for step in steps}
        masses = [kg for kg in inputs.values() if kg is not None]
        whole = sum(masses) if len(masses) == len(inputs) else None
        makings.append(ChainMaking(tuple(inputs.items()), ((names[parent], whole),)))
    return ChainBehind(names[trace.start], _lots(names.values()), tuple(makings), trace.is_cut)


def _lots(uris: Iterable[str]) -> dict[str, ChainLot]:
    found: dict[str, ChainLot] = {}
    for (
        uri, code, kg, made_on, product, gln, party_code, party, party_commune, site_code, site, site_gln, owner_gln,
        owner_code, site_commune,
    ) in asked(_LOTS, set(uris)):  # fmt: skip
        place = "" if site_code is None else _site_uri(site_gln, owner_gln, owner_code, site_code)
        found[uri] = ChainLot(
            uri, code, float(kg), made_on, product, _party_uri(gln, party_code), party, place, site or "",
            site_commune or party_commune,
        )  # fmt: skip
    return found


_party_uri = lru_cache(maxsize=4096)(party_uri)


@lru_cache(maxsize=16_384)
def _site_uri(own_gln: str, party_gln: str, party_code: str, code: str) -> str:
    return site_uri(own_gln=own_gln, party_gln=party_gln, party_code=party_code, code=code)
