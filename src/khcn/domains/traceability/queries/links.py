"""What a GS1 Digital Link is about: goods, a lot, a place, a party, or a thing that events name."""

from dataclasses import dataclass

from khcn.domains.traceability.choices import PartyKind
from khcn.domains.traceability.errors import NoSuchResource
from khcn.domains.traceability.models import Ident, LabelBatch, Lot, Party, Product, Site
from khcn.domains.traceability.queries.lots import lots_named
from khcn.domains.traceability.queries.trace import trace_back
from khcn.lib.serials import batch_of, is_genuine
from khcn.standards.epcis.event_identifiers import decompressed_identifier
from khcn.standards.gs1.digital_link import CANONICAL_STEM, DigitalLink, build_digital_link

_MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Subject:
    """What was found behind a link; `uri` names it in events."""

    uri: str
    product: Product | None = None
    lot: Lot | None = None
    site: Site | None = None
    party: Party | None = None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class ThingPage:
    """What anybody may read of a thing: whose it is, without the names of households, and lots inside or behind it."""

    title: str
    key: str
    who: str
    where: str
    lots: tuple[Lot, ...] = ()


def subject_of(link: DigitalLink) -> Subject | None:
    """What a link is about, or None where nobody here knows it."""
    uri = decompressed_identifier(build_digital_link(link.path, CANONICAL_STEM))
    if link.key == "01":
        return _goods(link, uri)
    if link.key in ("414", "417"):
        return _place(link, uri)
    return Subject(uri) if Ident.objects.filter(uri=uri).exists() else None


def _goods(link: DigitalLink, uri: str) -> Subject | None:
    product = Product.objects.filter(gtin=link.path["01"]).select_related("party").first()
    if product is None:
        return Subject(uri) if Ident.objects.filter(uri=uri).exists() else None
    lots = product.lots.filter(withdrawn=False)
    if link.path.get("10"):
        return Subject(uri, product, lots.filter(code=link.path["10"]).first())
    if link.path.get("21"):
        return Subject(uri, product, _lot_of_serial(product, link.path["21"], uri))
    return Subject(uri, product)


def _lot_of_serial(product: Product, serial: str, uri: str) -> Lot | None:
    """The lot that a numbered label or a serialised pack belongs to, where there is exactly one."""
    claimed = batch_of(serial)
    batch = LabelBatch.objects.filter(pk=claimed[0], lot__product=product).first() if claimed else None
    if batch is not None and is_genuine(serial, batch.count, batch.secret):
        return None if batch.lot.withdrawn else batch.lot
    found = [lot for lot in lots_behind(uri) if lot.product_id == product.pk]
    return found[0] if len(found) == 1 else None


def _place(link: DigitalLink, uri: str) -> Subject | None:
    gln, extension = link.path.get("414") or link.path["417"], link.path.get("254", "")
    party = Party.objects.filter(gln=gln).select_related("commune").first()
    sites = Site.objects.select_related("party", "commune")
    site = None
    if link.key == "414":
        site = sites.filter(party=party, code=extension).first() if extension and party else None
        site = site or (None if extension else sites.filter(gln=gln).first())
    if site is not None:
        return Subject(uri, site=site, party=site.party)
    return Subject(uri, party=party) if party is not None and not extension else None


def lots_behind(uri: str) -> list[Lot]:
    """Lots of ours that went into a thing by what events tell, the latest first."""
    try:
        graph = trace_back(uri)
    except NoSuchResource:
        return []
    found = [lot for lot in lots_named({thing.uri for thing in graph.things}).values() if not lot.withdrawn]
    return sorted(found, key=lambda lot: (lot.made_on, lot.pk), reverse=True)[:_MOST_SHOWN]


def thing_page(subject: Subject) -> ThingPage:
    """The page of a place, a party or a thing."""
    key = subject.uri.removeprefix(f"{CANONICAL_STEM}/")
    party = subject.party
    hidden = party is not None and party.kind == PartyKind.GROWER
    who = "" if party is None or hidden else party.name
    if subject.site is not None:
        where = str(subject.site.commune or (party.commune if party else None) or "")
        return ThingPage("" if hidden else subject.site.name, key, who, where)
    if party is not None:
        return ThingPage(who, key, who, str(party.commune or ""))
    return ThingPage("", key, "", "", tuple(lots_behind(subject.uri)))
