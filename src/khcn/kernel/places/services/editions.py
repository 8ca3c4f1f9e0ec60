"""Loads a whole edition of boundaries: verified by digest, simplified without gaps, with the shares of successors.

It fetches nothing by itself and decides nothing about licences; the caller says where the file came from.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from django.db import transaction
from shapely.geometry.base import BaseGeometry

from khcn.kernel.audit.services import record
from khcn.kernel.places.models import AdministrativeSuccession, AdministrativeUnit, BoundaryEdition, UnitBoundary
from khcn.kernel.places.services.locating import BoundaryReport, load_boundaries
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.standards.geodesy import area_m2

TOLERANCE_DEG = 0.002
"""Some 220 m: a commune of thousands of vertices keeps at most a few hundred, and its area within about 2 %."""
LEAST_SHARE = 1e-4
"""Below this part two boundaries only touch: neighbours drawn by different hands."""


@dataclass(frozen=True, slots=True)
class EditionReport:
    """What loading an edition did; the vertices before and after, whether neighbours fit, successions measured."""

    edition: BoundaryEdition | None
    boundaries: BoundaryReport
    vertices: int
    simplified_vertices: int
    is_coverage: bool
    shares: int


def load_edition(
    *, by: Actor, name: str, features: Iterable[tuple[str, BaseGeometry]], on: date, source: str, sha256: str,
    licence: str = "", tolerance_deg: float = TOLERANCE_DEG, repair: bool = False,
) -> EditionReport:  # fmt: skip
    """Keep one file of boundaries as an edition and make it the units' boundaries, in one transaction.

    features: (unit code, polygon in lon/lat degrees). Loading the same file for the same day again changes nothing.
    Raises Refused for a tolerance that is none.
    """
    if not 0 < tolerance_deg < 0.1:
        raise Refused("Sai số đơn giản hóa phải lớn hơn 0 và nhỏ hơn 0,1 độ.", field="tolerance")
    with transaction.atomic():
        report = load_boundaries(by=by, features=features, on=on, source=source, sha256=sha256, repair=repair)
        codes = [*report.changed, *report.unchanged]
        units = list(AdministrativeUnit.objects.valid_on(on).filter(code__in=codes).order_by("code"))
        if not units:
            return EditionReport(None, report, 0, 0, is_coverage=False, shares=0)
        exact = np.array([unit.geometry for unit in units], dtype=object)
        simplified = _simplified(exact, tolerance_deg)
        edition, made = BoundaryEdition.objects.get_or_create(
            sha256=sha256, holds_on=on,
            defaults={
                "name": name[:300], "source": source[:300], "licence": licence[:120], "tolerance_deg": tolerance_deg
            },
        )  # fmt: skip
        if made:
            UnitBoundary.objects.bulk_create(
                [
                    UnitBoundary(edition=edition, unit=unit, geometry=unit.geometry, simplified=small)
                    for unit, small in zip(units, simplified, strict=True)
                ],
                batch_size=200,
            )
        shares = _measure_shares([unit.pk for unit in units])
        if made:
            record(
                by=by, verb="places.load_edition", subject=edition,
                after={"units": len(units), "shares": shares, "sha256": sha256, "tolerance_deg": tolerance_deg},
            )  # fmt: skip
    return EditionReport(
        edition, report, int(shapely.get_num_coordinates(exact).sum()),
        int(shapely.get_num_coordinates(simplified).sum()), bool(shapely.coverage_is_valid(exact)), shares,
    )  # fmt: skip


def _simplified(exact: np.ndarray, tolerance_deg: float) -> np.ndarray:
    """Neighbours simplified along the same line; a shape that would vanish or break stays as it is."""
    small = shapely.coverage_simplify(exact, tolerance_deg)
    sound = shapely.is_valid(small) & ~shapely.is_empty(small)
    return np.where(sound, small, exact)


def _measure_shares(unit_ids: list[int]) -> int:
    """Set the share of every succession that touches these units and has both boundaries; returns how many."""
    links = AdministrativeSuccession.objects.exclude(
        predecessor__geometry=None
    ).exclude(successor__geometry=None).select_related("predecessor", "successor")  # fmt: skip
    touched = [link for link in links if link.predecessor_id in unit_ids or link.successor_id in unit_ids]
    for link in touched:
        link.area_share = _share(link.predecessor.geometry, link.successor.geometry)
    AdministrativeSuccession.objects.bulk_update(touched, ["area_share"], batch_size=200)
    return len(touched)


def _share(before: BaseGeometry, after: BaseGeometry) -> float:
    whole = area_m2(before)
    part = area_m2(before.intersection(after)) / whole if whole else 0.0
    return 0.0 if part < LEAST_SHARE else round(min(part, 1.0), 6)
