"""Plots: their borders on a day, neighbours, papers, and which plots are behind a lot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from shapely.geometry import Point, mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from khcn.domains.traceability.choices import GROWING, FieldAct
from khcn.domains.traceability.models import FieldRecord, Lot, LotUse, PlotPaper, PlotShape, Site
from khcn.domains.traceability.queries.lots import back_of, lots_named
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.queries import units_on
from khcn.lib.dates import VIETNAM

MOST_DRAWN = 3_000
MOST_NAMED = 150


@dataclass(frozen=True, slots=True)
class TracedPlot:
    """A plot behind a lot: its border on the day of harvest, or the latest, or a point; whether it certainly is behind.

    is_of_day: whether the border held on the day of harvest. has_proof, has_title: papers that hold for it.
    """

    site: Site
    border: PlotShape | None
    shape: BaseGeometry | None
    harvested_on: date
    is_certain: bool
    is_of_day: bool
    has_proof: bool
    has_title: bool


def border_on(site: Site, on: date) -> PlotShape | None:
    """The border that held on a day."""
    return PlotShape.objects.valid_on(on).filter(site=site).order_by("-id").first()


def neighbours_of(site: Site, shape: BaseGeometry) -> list[tuple[str, BaseGeometry]]:
    """Other plots whose border of today meets the box of a shape, by a name that gives no household away."""
    rows = PlotShape.objects.filter(valid_to=None, geometry__bbox_overlaps=shape).exclude(site=site)
    return [(f"{one.site.name} ({one.site.code})", one.geometry) for one in rows.select_related("site")[:500]]


def province_around(shape: BaseGeometry, on: date) -> BaseGeometry | None:
    """The province's territory as far as it meets a shape; None where its boundary is not wholly loaded.

    By the boundary of the province, else by those of its communes once each of them has one.
    """
    for level in (UnitLevel.PROVINCE, UnitLevel.COMMUNE):
        units = units_on(on, level=level)
        if units.exists() and not units.filter(geometry=None).exists():
            near = units.filter(geometry__intersects=shape).values_list("geometry", flat=True)
            return unary_union(list(near))
    return None


def features_of_sites(sites: Iterable[Site], *, names: bool = True) -> dict[str, Any]:
    """The borders of today of these sites as a FeatureCollection, at most three thousand."""
    wanted = {site.pk: site for site in sites}
    rows = PlotShape.objects.filter(valid_to=None, site__in=list(wanted))[:MOST_DRAWN]
    features = []
    for row in rows:
        site = wanted[row.site_id]
        told = {
            "ma": site.code, "ten": site.name if names else "", "co_so": site.party.name if names else "",
            "dien_tich_ha": str(row.area_ha), "tu_ngay": str(row.valid_from),
        }  # fmt: skip
        features.append({"type": "Feature", "properties": told, "geometry": mapping(row.geometry)})
    return {"type": "FeatureCollection", "features": features}


def points_of_sites(sites: Iterable[Site]) -> list[tuple[Site, tuple[float, float]]]:
    """A point inside the border of today of each of these sites, east and north; none where they would hide the map."""
    wanted = {site.pk: site for site in sites}
    rows = list(PlotShape.objects.filter(valid_to=None, site__in=list(wanted))[: MOST_NAMED + 1])
    points = [(wanted[row.site_id], row.geometry.representative_point()) for row in rows]
    return [(site, (point.x, point.y)) for site, point in points] if len(points) <= MOST_NAMED else []


def plots_behind(lot: Lot) -> list[TracedPlot]:
    """The plots where the goods in a lot were harvested, by the trace; only diaries name plots."""
    graph = back_of(lot)
    certain = {lot.uri: True} | ({thing.uri: thing.is_certain for thing in graph.things} if graph else {})
    lots = lots_named(certain)
    by_pk = {one.pk: uri for uri, one in lots.items()}
    uses = LotUse.objects.filter(lot__in=list(by_pk), is_output=True).values_list("record_id", "lot_id")
    made = dict(uses)
    kinds = [str(one) for one in GROWING]
    records = FieldRecord.objects.filter(
        pk__in=list(made), withdrawn_at=None, template__act=FieldAct.HARVEST, site__kind__in=kinds
    ).select_related("site__party", "site__commune")
    found: dict[int, TracedPlot] = {}
    for record in records.order_by("occurred_at"):
        site = record.site
        if site is None:
            continue
        sure = certain[by_pk[made[record.pk]]]
        known = found.get(site.pk)
        day = record.occurred_at.astimezone(VIETNAM).date()
        found[site.pk] = _traced(site, day, sure or (known is not None and known.is_certain))
    return sorted(found.values(), key=lambda one: (one.site.party.name, one.site.code))


def _traced(site: Site, day: date, is_certain: bool) -> TracedPlot:
    border = border_on(site, day)
    latest = border or PlotShape.objects.filter(site=site).order_by("-valid_from", "-id").first()
    shape = latest.geometry if latest else None
    if shape is None and site.latitude is not None and site.longitude is not None:
        shape = Point(site.longitude, site.latitude)
    kinds = set(papers_on(site, day).values_list("kind", flat=True))
    return TracedPlot(
        site, latest, shape, day, is_certain, border is not None, "deforestation" in kinds, "land" in kinds
    )


def papers_on(site: Site, on: date) -> Any:
    """Papers of a plot that show something about a day, or say no period."""
    rows = PlotPaper.objects.filter(site=site)
    rows = rows.filter(Q(shows_from=None) | Q(shows_from__lte=on))
    return rows.filter(Q(shows_to=None) | Q(shows_to__gte=on))
