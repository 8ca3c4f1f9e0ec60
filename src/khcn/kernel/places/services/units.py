"""Loads the dated list of đơn vị hành chính and how one follows another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from khcn.kernel.audit.services import record
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeSuccession, AdministrativeUnit
from khcn.lib.actor import Actor
from khcn.web.reference import Tally, upsert

Key = tuple[str, date | None]
"""Code and first day (None: since before the list was kept)."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit for a while. parent: key of the unit it lies in, None for a province. Degrees are of its centre."""

    code: str
    name: str
    level: UnitLevel
    parent: Key | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def key(self) -> Key:
        """Code and first day."""
        return self.code, self.valid_from


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    """Territory passing from one unit to another on a date; partial when others take a part too."""

    predecessor: Key
    successor: Key
    on: date
    is_partial: bool = False
    decision: str = ""


def load_units(*, by: Actor, units: Iterable[UnitRow], successions: Iterable[SuccessionRow]) -> tuple[Tally, Tally]:
    """Add or change units and successions, in one transaction; boundaries that were loaded stay.

    units: parents before their children. Raises KeyError for a parent or a party of a succession that is not given.
    """
    unit_tally, link_tally = Tally("đơn vị hành chính"), Tally("kế thừa địa giới")
    known: dict[Key, AdministrativeUnit] = {}
    with transaction.atomic():
        stored = {(unit.code, unit.valid_from): unit for unit in AdministrativeUnit.objects.defer("geometry")}
        for row in units:
            known[row.key] = _unit(row, known[row.parent] if row.parent else None, stored, unit_tally)
        links = {(link.predecessor_id, link.successor_id): link for link in AdministrativeSuccession.objects.all()}
        new = []
        for passing in successions:
            before, after = known[passing.predecessor], known[passing.successor]
            link = links.get((before.pk, after.pk))
            values = {"on": passing.on, "is_partial": passing.is_partial, "decision": passing.decision}
            if link is None:
                new.append(AdministrativeSuccession(predecessor=before, successor=after, **values))
                link_tally.added += 1
            elif all(getattr(link, name) == value for name, value in values.items()):
                link_tally.same += 1
            else:
                upsert(
                    AdministrativeSuccession, link_tally, key={"predecessor": before, "successor": after}, values=values
                )
        AdministrativeSuccession.objects.bulk_create(new, batch_size=500)
        if unit_tally.wrote or link_tally.wrote:
            record(
                by=by, verb="places.load_units", subject=None,
                after={item.name: [item.added, item.changed, item.ended] for item in (unit_tally, link_tally)},
            )  # fmt: skip
    return unit_tally, link_tally


def _unit(
    row: UnitRow, parent: AdministrativeUnit | None, stored: dict[Key, AdministrativeUnit], tally: Tally
) -> AdministrativeUnit:
    values = {
        "name": row.name, "level": row.level, "parent_id": parent.pk if parent else None, "valid_to": row.valid_to,
        "latitude": row.latitude, "longitude": row.longitude,
    }  # fmt: skip
    unit = stored.get(row.key)
    if unit is None:
        tally.added += 1
        return AdministrativeUnit.objects.create(code=row.code, valid_from=row.valid_from, **values)
    if all(getattr(unit, name) == value for name, value in values.items()):
        tally.same += 1
        return unit
    changed: AdministrativeUnit = upsert(
        AdministrativeUnit, tally, key={"code": row.code, "valid_from": row.valid_from}, values=values
    )
    return changed
