"""How good warnings were: each commune and day is one case, judged by gauges and damage, never by the rule itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from khcn.domains.hazards.models import GivenWarning, SeenHarm, Station
from khcn.domains.hazards.queries.parameters import parameters_on
from khcn.domains.hazards.queries.windows import open_streams, totals_of
from khcn.domains.hazards.rules.checks import distance_km
from khcn.domains.hazards.rules.facts import Window
from khcn.domains.hazards.rules.parameters import ParameterMissing
from khcn.domains.hazards.rules.series import day_edges
from khcn.domains.hazards.rules.skill import Contingency
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.queries import cells_on

RAIN = "heavy_rain"
MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class Skill:
    """The counts of one hazard over a period. unverifiable: cases of which nobody can say what came.

    lead_minutes: from issue to the first damage, mean over warnings that were followed by damage; None without one.
    """

    hazard: str
    counts: Contingency
    unverifiable: int
    warnings: int
    lead_minutes: float | None
    by_gauges: bool


def skills(first: date, last: date, *, illustrations: bool = False) -> list[Skill]:
    """The skill of each hazard of which was warned or that did harm, over the days from `first` to `last`.

    Warnings, damage and gauges are either all real or, with illustrations, all invented: they never judge each other.
    """
    last = min(last, first + timedelta(days=MOST_DAYS - 1))
    edges = day_edges(first, last)
    told = GivenWarning.objects.filter(is_illustration=illustrations)
    given = list(told.filter(onset_at__lt=edges[-1], ends_at__gt=edges[0]))
    seen = SeenHarm.objects.filter(is_illustration=illustrations)
    harm = list(seen.filter(happened_at__gte=edges[0], happened_at__lt=edges[-1]))
    hazards = sorted({one.hazard for one in given} | {one.hazard for one in harm})
    units = [
        (cell.code, (cell.shape.representative_point().y, cell.shape.representative_point().x))
        for cell in cells_on(last, level=UnitLevel.COMMUNE)
    ]
    rained = _rained(units, first, last, illustrations=illustrations) if RAIN in hazards else {}
    return [_skill(one, edges, units, given, harm, rained if one == RAIN else None) for one in hazards]


Cases = dict[tuple[str, int], bool | None]


def _skill(
    hazard: str, edges: list[datetime], units: list[tuple[str, tuple[float, float]]], given: list[GivenWarning],
    harm: list[SeenHarm], rained: Cases | None,
) -> Skill:  # fmt: skip
    mine = [one for one in given if one.hazard == hazard]
    hurt = {(one.unit, _day(one.happened_at, edges)) for one in harm if one.hazard == hazard}
    warned: set[tuple[str, int]] = set()
    for one in mine:
        days = [n for n in range(len(edges) - 1) if one.onset_at < edges[n + 1] and one.ends_at > edges[n]]
        warned |= {(unit, day) for unit in one.units for day in days}
    pairs, unverifiable = [], 0
    for code, _middle in units:
        for day in range(len(edges) - 1):
            case = (code, day)
            came = True if case in hurt else (rained.get(case) if rained is not None else False)
            if came is None:
                unverifiable += 1
            else:
                pairs.append((case in warned, came))
    return Skill(
        hazard, Contingency.count(pairs), unverifiable, len(mine), _lead(mine, harm, hazard), rained is not None
    )


def _day(moment: datetime, edges: list[datetime]) -> int:
    return int((moment - edges[0]).total_seconds() // 86_400)


def _lead(given: list[GivenWarning], harm: list[SeenHarm], hazard: str) -> float | None:
    leads = []
    for one in given:
        after = [
            seen.happened_at
            for seen in harm
            if seen.hazard == hazard and seen.unit in one.units and one.issued_at <= seen.happened_at <= one.ends_at
        ]
        if after:
            leads.append((min(after) - one.issued_at).total_seconds() / 60)
    return round(sum(leads) / len(leads), 1) if leads else None


def _rained(units: list[tuple[str, tuple[float, float]]], first: date, last: date, *, illustrations: bool) -> Cases:
    """Whether the gauge nearest to each commune had heavy rain on each calendar day; None where it cannot tell."""
    parameters = parameters_on(last)
    try:
        heavy, reach = parameters.number("heavy_rain_mm"), parameters.number("gauge_reach_km")
    except ParameterMissing:
        return {}
    stations = Station.objects.filter(is_illustration=illustrations)
    streams = open_streams("rain_mm", on=timezone.localdate(), stations=stations)
    edges = day_edges(first, last)
    totals = totals_of(streams, {f"d{day}": (edges[day], edges[day + 1]) for day in range(len(edges) - 1)})
    found: Cases = {}
    for day in range(len(edges) - 1):
        heard = [
            ((one.station.latitude, one.station.longitude), _heavy(totals[one.pk][f"d{day}"], heavy)) for one in streams
        ]
        for code, middle in units:
            near = sorted(
                ((distance_km(middle, at), wet) for at, wet in heard if wet is not None), key=lambda it: it[0]
            )
            found[code, day] = near[0][1] if near and near[0][0] <= reach else None
    return found


def _heavy(window: Window, heavy: float) -> bool | None:
    if window.value is not None and window.value >= heavy:
        return True
    return False if window.is_whole else None
