"""Indices as facts of the tables: P and FWI where the province's table asks for them, months of rain and SPI."""

from datetime import UTC, date, datetime, timedelta

import pytest

from khcn.domains.hazards.choices import ObservationDoor, Quality, VerdictKind
from khcn.domains.hazards.models import LevelTable, Observation, Station
from khcn.domains.hazards.queries.assessing import assess, grounds_on
from khcn.domains.hazards.queries.fire import fire_danger
from khcn.domains.hazards.queries.tables import tables_on
from khcn.domains.hazards.rules.facts import drought_facts
from khcn.domains.hazards.rules.fire_weather import next_day
from khcn.domains.hazards.services.tables import declare_fact
from khcn.domains.hazards.tests.conftest import NOW
from khcn.domains.hazards.tests.test_engine import TODAY, hot
from khcn.lib.dates import VIETNAM

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HOUR = timedelta(hours=1)
SEVEN = NOW - HOUR
NOT_MEASURED = {"result": None, "quality": Quality.MISSING}


def province_table(hazard, *lines):
    """A table as a province might decide it; not in force."""
    names = ("row", "level", "clause", "input", "test")
    rows = [dict(zip(names, (str(number), *line), strict=True)) for number, line in enumerate(lines, start=1)]
    return LevelTable(
        hazard=hazard, name="Bảng thử", decision="01/2023/QĐ-UBND (thử)", policy="highest", lines=rows, scope="province"
    )


def ask(at, table):
    return [one for one in assess(at, grounds_on(at, {table.hazard: table})) if one.table is table]


BY_P = province_table(
    "forest_fire", ("1", "1", "p_index", "(5000,10000]"), ("2", "1", "p_class", "[5,)"), ("3", "1", "fwi", "(60,)")
)


def test_province_table_by_p_gives_its_level_and_the_law_table_never_asks_for_it(world):
    at = hot(world, 12)

    (found,) = ask(at, BY_P)
    law = next(one for one in assess(at, grounds_on(at, tables_on(TODAY))) if one.table.hazard == "forest_fire")

    assert found.look.proven == 2
    assert found.facts.values["p_class"] == 5
    assert found.facts.values["p_index"] > 10_000
    assert "p_index" not in law.facts.values


def test_day_without_humidity_makes_p_unknown_and_lets_no_level_fall(world):
    at = hot(world, 12)
    noon = datetime(2016, 2, 16, 6, tzinfo=UTC)
    gone = Observation.objects.filter(datastream__code="nd-01.humidity_pct", phenomenon_time__range=(noon - HOUR, noon))
    gone.update(**NOT_MEASURED)

    (found,) = ask(at, province_table("forest_fire", ("1", "1", "p_index", "(5000,)")))

    assert found.kind == VerdictKind.UNKNOWN
    assert found.verdict.missing == ("p_index",)
    assert (found.look.proven, found.look.may_fall_to) == (None, None)


def test_low_p_that_is_known_is_quiet_and_lets_a_level_fall(world):
    at = hot(world, 2)

    (found,) = ask(at, province_table("forest_fire", ("1", "1", "p_index", "(5000,)")))

    assert found.kind == VerdictKind.QUIET
    assert (found.look.proven, found.look.may_fall_to) == (0, 0)


def test_fwi_is_that_of_the_days_and_unknown_without_wind(world):
    at = hot(world, 12)
    assert fire_danger(at)[0].fwi is None
    windy = world.stream(Station.objects.get(code="nd-01"), "wind_ms", interval_s=3600)
    world.put(windy, [3.0] * (24 * 12), start=at - timedelta(hours=24 * 12 - 1), now=at + HOUR)

    (found,) = fire_danger(at)
    (level,) = ask(at, province_table("forest_fire", ("1", "1", "fwi", "(20,)")))

    held = None
    for _day in range(11):  # the first day has no whole rain before its noon
        held = next_day(held, 36.5, 40.0, 3.0 * 3.6, 0.0, latitude_deg=11.5, month=2)
    assert found.fwi == pytest.approx(float(held.fwi), abs=0.06)
    assert level.verdict.level == 1
    Observation.objects.filter(datastream=windy, phenomenon_time__gt=at - timedelta(days=5)).update(**NOT_MEASURED)
    assert fire_danger(at)[0].fwi is None


def rain_of_years(world, *, code="hn-01", years=22, dry_months=3):
    """Daily rain up to the end of April 2023; the last months have a fifth of it. A day ends at midnight."""
    made = world.station(code, opened_on=date(1995, 1, 1))
    stream = world.stream(made, "rain_mm", interval_s=86_400)
    day, last = date(2023 - years, 1, 1), date(2023, 4, 30)
    dry_from = date(2023, 5 - dry_months, 1)
    rows = []
    while day <= last:
        end = datetime(day.year, day.month, day.day, tzinfo=VIETNAM) + timedelta(days=1)
        amount = (5.0 + day.year * 7 % 5 * 0.6) * (0.2 if day >= dry_from else 1.0)
        rows.append(
            Observation(
                datastream=stream, phenomenon_time=end, result=amount, quality=1, received_at=NOW,
                door=ObservationDoor.STORY,
            )
        )  # fmt: skip
        day += timedelta(days=1)
    Observation.objects.bulk_create(rows, batch_size=2_000)
    return stream


def water_is_short(world, per_cent):
    declare_fact(
        by=world.keeper, owner=world.owner, input="water_short_pct", value=per_cent, place="hn-01", source="Hồ (thử)",
        valid_from=date(2015, 1, 1),
    )  # fmt: skip


def drought(at):
    return [one for one in assess(at, grounds_on(at)) if one.table.hazard == "drought"]


def test_three_dry_months_and_scarce_water_are_level_1_by_article_48(world):
    rain_of_years(world)
    without_water = drought(SEVEN)
    water_is_short(world, "30")

    (found,) = drought(SEVEN)

    assert [one.kind for one in without_water] == [VerdictKind.UNKNOWN]
    assert "water_short_pct" in without_water[0].verdict.missing
    assert (found.kind, found.verdict.level, found.verdict.clauses) == (VerdictKind.LEVEL, 1, ("48.1.a",))
    assert found.facts.values["months"] == 3
    assert 75 < found.facts.values["rain_short_pct"] < 85
    assert found.is_illustration is False


def test_drought_is_asked_in_one_hour_of_the_day_and_only_of_stations_with_enough_years(world):
    rain_of_years(world, code="hn-10", years=10)
    rain_of_years(world)

    assert [one.place for one in drought(SEVEN)] == ["hn-01"]
    assert drought(NOW) == []


def test_month_with_days_missing_is_unknown_and_lets_no_level_fall(world):
    stream = rain_of_years(world, dry_months=1)
    water_is_short(world, "30")
    april = datetime(2023, 4, 20, tzinfo=VIETNAM)
    Observation.objects.filter(datastream=stream, phenomenon_time__gt=april).update(**NOT_MEASURED)

    (found,) = drought(SEVEN)

    assert found.facts.values["months"] is None
    assert found.kind == VerdictKind.UNKNOWN
    assert found.look.may_fall_to is None


def test_wet_months_are_quiet(world):
    rain_of_years(world, dry_months=4)
    Observation.objects.filter(phenomenon_time__gt=datetime(2023, 4, 1, tzinfo=VIETNAM)).update(result=9.0)
    water_is_short(world, "30")

    (found,) = drought(SEVEN)

    assert found.facts.values["months"] == 0
    assert found.kind == VerdictKind.QUIET


def test_province_table_by_spi_asks_how_dry_it_is(world):
    rain_of_years(world)

    (dry,) = ask(NOW, province_table("drought", ("2", "1", "dryness_3", "[1.5,)"), ("1", "1", "dryness_1", "[1,1.5)")))

    assert dry.verdict.level == 2
    assert dry.facts.values["dryness_3"] > 1.5


@pytest.mark.parametrize(
    ("short", "months", "least", "is_complete"),
    [
        ((10.0, 60.0, 80.0), 2, 60.0, True),
        ((60.0, None, 80.0), 1, 80.0, False),
        ((60.0, 80.0, None), None, None, False),
        ((60.0, 80.0, -30.0), 0, -30.0, True),
        ((), None, None, False),
    ],
)
def test_months_in_a_row_end_unsure_at_one_that_is_not_known(short, months, least, is_complete):
    facts = drought_facts(short, {}, short_over=50.0)

    assert (facts.values["months"], facts.values["rain_short_pct"], facts.is_complete) == (months, least, is_complete)


def test_index_that_is_not_known_makes_the_facts_incomplete():
    facts = drought_facts((60.0, 10.0), {"dryness_3": None}, short_over=50.0)

    assert not facts.is_complete
