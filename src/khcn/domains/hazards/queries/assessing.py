"""Asks the tables about every place at a moment, live and in replays: reads windows, makes facts, writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from khcn.domains.hazards.choices import VerdictKind
from khcn.domains.hazards.models import LevelTable, Station
from khcn.domains.hazards.queries.drought import long_streams, months_of
from khcn.domains.hazards.queries.fire import fire_danger
from khcn.domains.hazards.queries.parameters import parameters_on
from khcn.domains.hazards.queries.tables import declared_facts, read_table, tables_on
from khcn.domains.hazards.queries.windows import (
    daily_maxima,
    newest_before,
    newest_moment,
    open_streams,
    totals_of,
)
from khcn.domains.hazards.rules.facts import (
    Facts,
    Gauge,
    River,
    drought_facts,
    fire_facts,
    heat_facts,
    rain_facts,
    river_facts,
    spread_of,
)
from khcn.domains.hazards.rules.hysteresis import Look, is_quiet, look_at
from khcn.domains.hazards.rules.parameters import Parameters
from khcn.domains.hazards.rules.risk_tables import Interval, Outcome, RiskTable, Verdict, evaluate
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.queries import cells_on
from khcn.lib.digest import digest

RAIN_DAYS = 7
HOT_DAYS = 60
PROVINCE = "Toàn tỉnh"
#: Facts of a forest fire that a table of the province may ask for; the law's does not.
FIRE_INDICES = ("p_index", "p_class", "fwi")
DROUGHT_WINDOWS = {"dryness_1": 1, "dryness_3": 3, "dryness_6": 6}
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a table says of one place at a moment, and on what it rests. place: "" for the province."""

    table: LevelTable
    place: str
    place_name: str
    as_of: datetime
    observed_at: datetime | None
    facts: Facts
    verdict: Verdict
    kind: VerdictKind
    look: Look
    is_illustration: bool = False

    @property
    def digest(self) -> str:
        """Equal for equal facts under the same table with the same answer."""
        verdict = self.verdict
        return digest(
            [
                self.table.code, self.table.version, self.place,
                sorted((name, str(value)) for name, value in self.facts.values.items()),
                str(self.kind), verdict.level, verdict.at_least, list(verdict.clauses), self.facts.is_complete,
                sorted(self.facts.units),
            ]
        )  # fmt: skip


@dataclass(slots=True)
class Grounds:
    """What assessments of one run share: parameters, declared facts, communes of the day, tables read.

    is_replay: tables other than those in force are asked, about any moment.
    """

    parameters: Parameters
    declared: Mapping[str, Mapping[str, str]]
    units: list[tuple[str, Point]]
    tables: Mapping[str, LevelTable]
    read: dict[str, RiskTable] = field(default_factory=dict)
    margins: dict[str, float] = field(default_factory=dict)
    is_replay: bool = False

    def table(self, hazard: str) -> RiskTable:
        """The table of a hazard, read once."""
        if hazard not in self.read:
            self.read[hazard] = read_table(self.tables[hazard])
        return self.read[hazard]


def grounds_on(as_of: datetime, tables: Mapping[str, LevelTable] | None = None) -> Grounds:
    """What holds at a moment; tables: others than those in force, for a replay."""
    on = timezone.localdate(as_of)
    parameters = parameters_on(on)
    cells = cells_on(on, level=UnitLevel.COMMUNE)
    middles = [(cell.code, cell.shape.representative_point()) for cell in cells]
    margins = {
        key.removeprefix("margin_"): float(value)
        for key, value in parameters.values.items()
        if key.startswith("margin_")
    }
    return Grounds(
        parameters, declared_facts(on, parameters), [(code, (middle.y, middle.x)) for code, middle in middles],
        tables if tables is not None else tables_on(on), margins=margins, is_replay=tables is not None,
    )  # fmt: skip


def assess(as_of: datetime, grounds: Grounds) -> list[Assessment]:
    """What the tables in force say at a moment of every place that stations tell something of."""
    found: list[Assessment] = []
    for hazard, of_places in (
        ("heavy_rain", _rain), ("river_flood", _rivers), ("heat", _heat), ("drought", _drought), ("forest_fire", _fire),
    ):  # fmt: skip
        if hazard in grounds.tables:
            found += of_places(as_of, grounds)
    return found


def told(table: LevelTable, read: RiskTable, facts: Facts, grounds: Grounds, **place: object) -> Assessment:
    """The assessment of one place from its facts and those declared for it."""
    code = str(place.get("place", ""))
    declared = {**grounds.declared.get("", {}), **grounds.declared.get(code, {})}
    wanted = set(read.inputs)
    values: dict[str, float | int | str | None] = {name: declared.get(name) for name in wanted}
    values |= {name: value for name, value in facts.values.items() if name in wanted and value is not None}
    verdict = evaluate(read, values)
    kind = VerdictKind(verdict.outcome.value)
    if verdict.outcome is Outcome.OUTSIDE and is_quiet(read, values):
        kind = VerdictKind.QUIET
    merged = Facts(dict(sorted(values.items())), facts.is_complete, facts.told, facts.units)
    look = look_at(read, values, is_complete=facts.is_complete, margins=grounds.margins)
    return Assessment(table, facts=merged, verdict=verdict, kind=kind, look=look, **place)  # type: ignore[arg-type]


def _rain(as_of: datetime, grounds: Grounds) -> list[Assessment]:
    on = timezone.localdate(as_of)
    streams = open_streams("rain_mm", on=on)
    if not streams:
        return []
    table, parameters = grounds.table("heavy_rain"), grounds.parameters
    hours = {"12h": 12, "24h": 24}
    spans = {name: (as_of - timedelta(hours=count), as_of) for name, count in hours.items()}
    for day in range(RAIN_DAYS):
        spans[f"d{day}"] = (as_of - timedelta(hours=24 * (day + 1)), as_of - timedelta(hours=24 * day))
    totals = totals_of(streams, spans)
    gauges = [
        Gauge(
            one.station.code, one.station.name, (one.station.latitude, one.station.longitude), totals[one.pk]["12h"],
            totals[one.pk]["24h"], tuple(totals[one.pk][f"d{day}"] for day in range(RAIN_DAYS)),
        )
        for one in streams
    ]  # fmt: skip
    spread = spread_of(
        gauges, grounds.units, wet_24h_mm=_lowest(table, "rain_24h_mm"), wet_12h_mm=_lowest(table, "rain_12h_mm"),
        reach_km=parameters.number("gauge_reach_km"),
    )  # fmt: skip
    facts = rain_facts(
        gauges, spread, heavy_mm=parameters.number("heavy_rain_mm"), known_share=parameters.number("known_share_needed")
    )
    return [
        told(
            grounds.tables["heavy_rain"], table, facts, grounds, place="", place_name=PROVINCE, as_of=as_of,
            observed_at=newest_moment(as_of), is_illustration=all(one.station.is_illustration for one in streams),
        )
    ]  # fmt: skip


def _lowest(table: RiskTable, name: str) -> float:
    bounds = [
        test.low
        for row in table.rows
        for other, test in row.tests
        if other == name and isinstance(test, Interval) and test.low is not None
    ]
    return min(bounds, default=float("inf"))


def _rivers(as_of: datetime, grounds: Grounds) -> list[Assessment]:
    streams = open_streams("water_level_m", on=timezone.localdate(as_of))
    newest = newest_before(streams, as_of)
    table = grounds.table("river_flood")
    found = []
    for one in streams:
        station: Station = one.station
        at, value = newest.get(one.pk, (None, None))
        river = River(
            station.alarm_1_m, station.alarm_2_m, station.alarm_3_m, station.historic_m, station.station_class
        )
        facts = river_facts(value, river)
        if station.unit_code:
            facts = Facts(facts.values, facts.is_complete, facts.told, (station.unit_code,))
        found.append(_of_station(station, grounds, "river_flood", table, facts, as_of, at))
    return found


def _heat(as_of: datetime, grounds: Grounds) -> list[Assessment]:
    return _hot(as_of, grounds, "heat")


def _fire(as_of: datetime, grounds: Grounds) -> list[Assessment]:
    return _hot(as_of, grounds, "forest_fire")


def _hot(as_of: datetime, grounds: Grounds, hazard: str) -> list[Assessment]:
    """Heat and fire look at whole days: today counts once it is hot enough, else the last whole day is the newest."""
    on = timezone.localdate(as_of)
    streams = open_streams("air_temp_c", on=on)
    maxima = daily_maxima(streams, last=on, days=HOT_DAYS, share=grounds.parameters.number("mean_completeness"))
    newest = newest_before(streams, as_of)
    table, hot = grounds.table(hazard), grounds.parameters.number("hot_day_c")
    indices = _fire_indices(as_of, grounds, table) if hazard == "forest_fire" else {}
    asks_for_days = hazard == "heat" or not {"days_over_35c", "days_under_35c"}.isdisjoint(table.inputs)
    unknown: dict[str, float | int | None] = dict.fromkeys(name for name in FIRE_INDICES if name in table.inputs)
    found = []
    for one in streams:
        line = maxima.get(one.pk, [])
        today = newest.get(one.pk)
        if line and (line[-1] is None or line[-1] < hot):
            line = line[:-1]
        zone = one.station.fire_zone
        facts = heat_facts(line, hot_c=hot) if hazard == "heat" else fire_facts(line, hot_c=hot, zone=zone)
        more = indices.get(one.station_id, unknown)
        is_complete = (facts.is_complete or not asks_for_days) and None not in more.values()
        units = (one.station.unit_code,) if one.station.unit_code else ()
        facts = Facts({**facts.values, **more}, is_complete, facts.told, units)
        found.append(_of_station(one.station, grounds, hazard, table, facts, as_of, today[0] if today else None))
    return found


def _fire_indices(as_of: datetime, grounds: Grounds, table: RiskTable) -> dict[int, dict[str, float | int | None]]:
    """The indices that the table asks for, by station; nothing is read where it asks for none."""
    wanted = [name for name in FIRE_INDICES if name in table.inputs]
    if not wanted:
        return {}
    found: dict[int, dict[str, float | int | None]] = {}
    for one in fire_danger(as_of, grounds.parameters):
        told = {"p_index": one.index, "p_class": one.danger_class, "fwi": one.fwi}
        found[one.station.pk] = {name: told[name] for name in wanted}
    return found


def _drought(as_of: datetime, grounds: Grounds) -> list[Assessment]:
    """Months change once a month: stations with enough years are asked in one hour of the day, in a replay always."""
    here = timezone.localtime(as_of)
    if not grounds.is_replay and here.hour != int(grounds.parameters.number("drought_look_hour")):
        return []
    years = int(grounds.parameters.number("normal_years_needed"))
    streams = long_streams(on=here.date(), years=years)
    table = grounds.table("drought")
    wanted = {name: months for name, months in DROUGHT_WINDOWS.items() if name in table.inputs}
    share = grounds.parameters.number("month_known_share")
    short_over = _lowest(table, "rain_short_pct")
    found = []
    for one in months_of(streams, until=here.date(), share=share, windows=wanted, years=years):
        facts = drought_facts(one.short_pct, one.dryness, short_over=short_over)
        units = (one.station.unit_code,) if one.station.unit_code else ()
        facts = Facts(facts.values, facts.is_complete, facts.told, units)
        found.append(_of_station(one.station, grounds, "drought", table, facts, as_of, one.known_until))
    return found


def _of_station(
    station: Station, grounds: Grounds, hazard: str, table: RiskTable, facts: Facts, as_of: datetime,
    observed_at: datetime | None,
) -> Assessment:  # fmt: skip
    return told(
        grounds.tables[hazard], table, facts, grounds, place=station.code, place_name=station.name, as_of=as_of,
        observed_at=observed_at, is_illustration=station.is_illustration,
    )  # fmt: skip
