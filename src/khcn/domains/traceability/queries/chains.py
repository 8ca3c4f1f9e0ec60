"""All that went into a lot as other rooms may know it: lots with their place and maker, and what was made of what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from khcn.domains.traceability.errors import NoSuchResource
from khcn.domains.traceability.models import Ident, Lot
from khcn.domains.traceability.queries.trace import StoredFlows, number_of
from khcn.domains.traceability.rules import trace as rules
from khcn.domains.traceability.rules.local_codes import party_uri, site_uri

_CHUNK = 400
_COLUMNS = (
    "uri", "code", "quantity_kg", "made_on", "product__name", "product__party__gln", "product__party__code",
    "product__party__name", "product__party__commune_id", "site__code", "site__name", "site__gln", "site__party__gln",
    "site__party__code", "site__commune_id",
)  # fmt: skip


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
        trace = rules.trace_back(flows, number_of(uri))
    except NoSuchResource:
        lots = _lots([uri])
        return ChainBehind(uri, lots, (), is_cut=False) if lots else None
    nodes = {step.node for step in trace.steps if step.node is not None}
    sides: dict[int, tuple[list[rules.MadeRow], list[rules.MadeRow]]] = defaultdict(lambda: ([], []))
    for is_output in (False, True):
        for row in flows.sides(nodes, is_output=is_output) if nodes else ():
            sides[row.node][is_output].append(row)
    names = _names(
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


def _names(numbers: set[int]) -> dict[int, str]:
    ordered = sorted(numbers)
    return {
        number: uri
        for start in range(0, len(ordered), _CHUNK)
        for number, uri in Ident.objects.filter(id__in=ordered[start : start + _CHUNK]).values_list("id", "uri")
    }


def _lots(uris: Iterable[str]) -> dict[str, ChainLot]:
    wanted = sorted(set(uris))
    found: dict[str, ChainLot] = {}
    for start in range(0, len(wanted), _CHUNK):
        rows = Lot.objects.filter(uri__in=wanted[start : start + _CHUNK], withdrawn=False)
        for (
            uri, code, kg, made_on, product, gln, party_code, party, party_commune, site_code, site, site_gln,
            owner_gln, owner_code, site_commune,
        ) in rows.values_list(*_COLUMNS):  # fmt: skip
            place = "" if site_code is None else site_uri(
                own_gln=site_gln, party_gln=owner_gln, party_code=owner_code, code=site_code
            )  # fmt: skip
            found[uri] = ChainLot(
                uri, code, float(kg), made_on, product, party_uri(gln, party_code), party, place, site or "",
                site_commune or party_commune,
            )  # fmt: skip
    return found
