"""One lot for people: its diary along the trace, what it was made of and where it went, and how complete it is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from khcn.domains.traceability.choices import FieldAct, PartyKind
from khcn.domains.traceability.errors import NoSuchResource
from khcn.domains.traceability.models import Evidence, FieldRecord, Lot, RecalledLot
from khcn.domains.traceability.queries.parameters import profile_on
from khcn.domains.traceability.queries.trace import TraceGraph, trace_back, trace_forward
from khcn.domains.traceability.rules.completeness import Completeness, Facts, Item, completeness
from khcn.domains.traceability.rules.local_codes import is_local


@dataclass(frozen=True, slots=True)
class Stage:
    """One record along the chain, as anybody may read it: households without their name, places by commune."""

    record: FieldRecord
    on: date
    title: str
    who: str
    where: str
    latitude: float | None
    longitude: float | None
    kg: Decimal | None


def back_of(lot: Lot) -> TraceGraph | None:
    """Everything that went into the lot; None where no event stands yet."""
    try:
        return trace_back(lot.uri)
    except NoSuchResource:
        return None


def forward_of(lot: Lot) -> TraceGraph | None:
    """Everything that the lot went into; None where no event stands yet."""
    try:
        return trace_forward(lot.uri)
    except NoSuchResource:
        return None


def lots_named(uris: Iterable[str]) -> dict[str, Lot]:
    """Lots of ours by the names that events use."""
    wanted = sorted(set(uris))
    found: dict[str, Lot] = {}
    for start in range(0, len(wanted), 400):
        rows = Lot.objects.filter(uri__in=wanted[start : start + 400])
        rows = rows.select_related("product__party__commune", "site__commune")
        found.update((lot.uri, lot) for lot in rows)
    return found


def stages_of(lots: Collection[Lot]) -> list[Stage]:
    """What was recorded about these lots, the earliest first; care of the plots where they were harvested too."""
    wanted = [lot.pk for lot in lots]
    rows = FieldRecord.objects.filter(withdrawn_at=None).filter(Q(uses__lot__in=wanted)).distinct()
    rows = rows.select_related("template", "party__commune", "site__commune", "lot")
    found = list(rows[:500])
    harvests = [one for one in found if one.template.act == FieldAct.HARVEST and one.site_id]
    if harvests:
        last = max(one.occurred_at for one in harvests)
        care = FieldRecord.objects.filter(
            withdrawn_at=None, template__act=FieldAct.CARE, site__in=[one.site_id for one in harvests],
            occurred_at__lte=last,
        ).select_related("template", "party__commune", "site__commune", "lot")  # fmt: skip
        found += list(care[:200])
    return [_stage(record) for record in sorted(found, key=lambda one: (one.occurred_at, one.pk))]


def _stage(record: FieldRecord) -> Stage:
    commune = (record.site.commune if record.site else None) or record.party.commune
    hidden = record.party.kind == PartyKind.GROWER
    return Stage(
        record, record.occurred_at.date(), record.template.title,
        "" if hidden else record.party.name, str(commune or ""), commune.latitude if commune else None,
        commune.longitude if commune else None, record.lot.quantity_kg if record.lot else None,
    )  # fmt: skip


def facts_of(lot: Lot, stages: Collection[Stage]) -> Facts:
    """What is known of a lot, for the check of completeness."""
    product, party = lot.product, lot.product.party
    place = lot.site.uri if lot.site else party.uri
    return Facts(
        name=product.name, has_image=product.image_id is not None, producer=party.name,
        address=party.address or str(party.commune or ""), stages=len(stages), trace_code=product.gtin or lot.code,
        is_local_code=product.is_local, undated_stages=0, place_code=place.rsplit("/", 1)[-1] if place else "",
        is_local_place=is_local(place), brand=product.brand,
        shelf_life=f"{lot.expires_on:%d/%m/%Y}" if lot.expires_on else "", standards=product.standards,
    )  # fmt: skip


def completeness_of(lot: Lot, stages: Collection[Stage], on: date) -> Completeness:
    """The lot against the items in force on a day."""
    items = [Item(one.key, one.title, one.advice, one.weight) for one in profile_on(on)]
    return completeness(facts_of(lot, stages), items)


def evidence_of(lots: Collection[Lot], on: date) -> list[Evidence]:
    """Valid papers of these lots and of their products."""
    products = {lot.product_id for lot in lots}
    rows = Evidence.objects.filter(product__in=products).filter(Q(lot=None) | Q(lot__in=[lot.pk for lot in lots]))
    return list(rows.filter(Q(expires_on=None) | Q(expires_on__gte=on)).select_related("file", "product")[:50])


def open_recalls(lot: Lot) -> list[RecalledLot]:
    """Real recalls under way that reached the lot, with what they say; drills are not among them."""
    rows = RecalledLot.objects.filter(lot=lot, recall__closed_at=None, recall__is_drill=False)
    return list(rows.select_related("recall"))
