"""Kept days of fire weather equal those reckoned from nothing, whatever came late; reading costs two statements."""

import csv
import itertools
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from khcn.domains.hazards.choices import ObservationDoor
from khcn.domains.hazards.models import FireWeatherDay, HazardParameter, Station
from khcn.domains.hazards.queries.fire import MOST_BEHIND, fire_danger
from khcn.domains.hazards.queries.fire_days import INPUTS, STATE, day_of
from khcn.domains.hazards.queries.parameters import parameters_on
from khcn.domains.hazards.rules.fire_days import FireState, NoonWeather, next_states
from khcn.domains.hazards.services.evaluations import look_at_all
from khcn.domains.hazards.services.fire_days import forget_station_days, keep_fire_days
from khcn.domains.hazards.services.observations import Reading, record_observations
from khcn.domains.hazards.services.reference import load_hazards
from khcn.domains.hazards.services.stations import change_station, change_stream
from khcn.domains.hazards.tests.rules.conftest import hazard_reference
from khcn.lib.dates import VIETNAM

pytestmark = [pytest.mark.django_db, pytest.mark.database]
__all__ = ["hazard_reference"]
FIRST = date(2023, 1, 10)
LATER = datetime(2023, 5, 20, 8, tzinfo=VIETNAM)
DAILY = 86_400
USUAL = {"air_temp_c": 34.0, "humidity_pct": 45.0, "rain_mm": 0.0, "wind_ms": 3.0}


@pytest.fixture(autouse=True)
def unheard(monkeypatch):
    """Nobody looks anew by himself after late values: what is kept is what a test keeps."""
    monkeypatch.setattr("khcn.domains.hazards.services.observations.publish", lambda event: None)


def noon(day):
    return datetime(day.year, day.month, day.day, 13, tzinfo=VIETNAM)


def place(world, code, interval_s=DAILY):
    made = world.station(code)
    return made, {name: world.stream(made, name, interval_s=interval_s) for name in INPUTS}


def send(world, readings, door=ObservationDoor.STORY):
    return record_observations(by=world.system, readings=readings, door=door, now=LATER)


def days_of(world, streams, count, *, first=FIRST, but=()):
    """The same weather at noon on so many days."""
    send(
        world,
        [
            Reading(stream.pk, noon(first + timedelta(days=number)), USUAL[name])
            for name, stream in streams.items()
            for number in range(count)
            if (name, number) not in but
        ],
    )


def rows_of(station):
    return list(FireWeatherDay.objects.filter(station=station).order_by("ends_on"))


def shown(rows):
    names = ("temperature_c", "humidity_pct", "wind_ms", "rain_mm", *STATE)
    return [[row.ends_on, *(getattr(row, name) for name in names)] for row in rows]


def assert_equal(found, expected):
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        for left, right in zip(one, other, strict=True):
            assert left == (pytest.approx(right, rel=1e-9) if isinstance(right, float) else right)


def statements(action):
    with CaptureQueriesContext(connection) as seen:
        action()
    return len([one for one in seen if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_season_of_1985_through_kept_days_with_one_that_came_late_is_reproduced(world, hazard_reference):
    with (hazard_reference / "cffdrs_r" / "tests" / "fwi_01.csv").open(encoding="utf-8") as file:
        printed = list(csv.DictReader(file))
    station, streams = place(world, "ca-01")
    Station.objects.filter(pk=station.pk).update(geometry=Point(106.6, 40.0))
    columns = {"air_temp_c": "TEMP", "humidity_pct": "RH", "rain_mm": "PREC", "wind_ms": "WS"}
    batches = [
        [
            Reading(
                streams[name].pk, noon(date(2021, int(row["MON"]), int(row["DAY"]))),
                float(row[column]) / (3.6 if name == "wind_ms" else 1.0),
            )
            for name, column in columns.items()
        ]
        for row in printed
    ]  # fmt: skip
    late = batches.pop(20)

    for number, batch in enumerate(batches):
        send(world, batch)
        if number % 9 == 0:
            keep_fire_days(as_of=batch[0].at)
    before = keep_fire_days(as_of=batches[-1][0].at)
    send(world, late)
    after = keep_fire_days(as_of=batches[-1][0].at)

    rows = rows_of(station)
    assert (len(rows), after) == (48, 28)
    assert before == 1
    for row, told in zip(rows, printed, strict=True):
        codes = [float(told[code]) for code in ("FFMC", "DMC", "DC")]
        assert [row.ffmc, row.dmc, row.dc] == pytest.approx(codes, rel=6e-4, abs=1e-6)
    (danger,) = fire_danger(noon(date(2021, 5, 30)))
    assert danger.fwi == pytest.approx(float(printed[-1]["FWI"]), abs=0.06)


SLOTS = 40
"""Of six hours each: 1, 7, 13 and 19 h of ten days."""
value = {
    "air_temp_c": st.sampled_from((36.0, 25.5, 31.0, None)), "humidity_pct": st.sampled_from((40.0, 95.0, None)),
    "rain_mm": st.sampled_from((0.0, 0.0, 2.5, 30.0, None)), "wind_ms": st.sampled_from((1.0, 6.0, None)),
}  # fmt: skip
slot = st.integers(0, SLOTS - 1)
sending = st.sampled_from(INPUTS).flatmap(lambda name: st.tuples(st.just(name), slot, value[name]))
keeping = st.integers(1, 10)
codes = itertools.count()


def moment(number):
    return noon(FIRST) - timedelta(hours=12) + timedelta(hours=6 * number)


def from_nothing(known):
    """The rows of a station whose values are these, by name and slot, without statements."""
    held, found = FireState(), []
    for number in range(10):
        day = FIRST + timedelta(days=number)
        here = [one for one in range(SLOTS) if day_of(moment(one)) == day]
        rain = [known.get(("rain_mm", one)) for one in here]
        at = next(one for one in here if moment(one) == noon(day))
        weather = NoonWeather(
            *(known.get((name, at)) for name in ("air_temp_c", "humidity_pct", "wind_ms")),
            None if None in rain or len(rain) < 4 else sum(rain),
        )
        (held,) = next_states(
            day, [held], [weather], latitudes_deg=[11.5], starts=[(85.0, 6.0, 15.0)], wet_day_mm=5.0
        )  # fmt: skip
        wind = weather.wind_ms
        found.append(
            [day, weather.temperature_c, weather.humidity_pct, wind, weather.rain_mm]
            + [getattr(held, name) for name in STATE]
        )
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    missing=st.sets(st.tuples(st.sampled_from(INPUTS), slot), max_size=8),
    events=st.lists(st.one_of(sending, sending, keeping), max_size=14),
)
def test_days_kept_on_the_way_equal_those_from_nothing_whatever_came_late(world, missing, events):
    station, streams = place(world, f"hy-{next(codes)}", 21_600)
    known = {
        (name, number): USUAL[name]
        for name in INPUTS
        for number in range(SLOTS)
        if (name, number) not in missing
    }  # fmt: skip
    known[INPUTS[0], 0] = USUAL[INPUTS[0]]  # so that the first day is the same in all
    for part in (range(17), range(17, SLOTS)):
        send(world, [Reading(streams[n].pk, moment(at), v) for (n, at), v in known.items() if at in part])
        keep_fire_days(as_of=moment(part[-1]))

    for event in events:
        if isinstance(event, int):
            keep_fire_days(as_of=noon(FIRST + timedelta(days=event - 1)))
            continue
        name, at, new = event
        if (name, at) != (INPUTS[0], 0):
            send(world, [Reading(streams[name].pk, moment(at), new)], ObservationDoor.FILE)
            known[name, at] = new
    last = noon(FIRST + timedelta(days=9))
    (untouched,) = [one for one in fire_danger(last) if one.station == station]
    keep_fire_days(as_of=last)
    found = shown(rows_of(station))
    (kept,) = [one for one in fire_danger(last) if one.station == station]
    forget_station_days(station=station)
    keep_fire_days(as_of=last)

    assert_equal(found, shown(rows_of(station)))
    assert_equal(found, from_nothing(known))
    assert untouched == kept


def test_drought_longer_than_the_days_of_a_gap_is_told_whole(world):
    _station, streams = place(world, "kh-01")
    days_of(world, streams, 100)
    at = noon(FIRST + timedelta(days=99))

    unkept = fire_danger(at)[0]
    look_at_all(by=world.system, as_of=at)
    (found,) = fire_danger(at)

    assert (unkept.index, unkept.fwi, unkept.dry_days) == (None, None, 0)
    assert MOST_BEHIND < 100
    assert found.dry_days == 100
    assert found.danger_class == 5
    assert found.fwi > 30


def test_gap_leaves_fwi_unknown_until_it_lies_far_enough_back_and_never_lowers_p(world):
    _station, streams = place(world, "kh-01")
    days_of(world, streams, 60, but={("wind_ms", 10), ("rain_mm", 30)})
    looks = [noon(FIRST + timedelta(days=number)) for number in (9, 10, 11, 29, 30, 31, 59)]
    keep_fire_days(as_of=looks[-1])

    found = [fire_danger(at)[0] for at in looks]

    assert [one.fwi is None for one in found] == [False, True, True, True, True, True, True]
    assert [one.dry_days for one in found] == [10, 11, 12, 30, 0, 0, 0]


def test_reading_kept_days_costs_two_statements_however_many_stations(world):
    at = noon(FIRST + timedelta(days=49))
    parameters, counts = parameters_on(at.date()), []
    for number in range(3):
        _station, streams = place(world, f"kh-{number}")
        days_of(world, streams, 50)
        keep_fire_days(as_of=at)
        counts.append((statements(lambda: fire_danger(at, parameters)), statements(lambda: keep_fire_days(as_of=at))))

    assert counts == [(2, 2)] * 3


def test_next_day_reads_noon_and_rain_in_a_statement_each_however_many_stations(world):
    at, after = noon(FIRST + timedelta(days=9)), noon(FIRST + timedelta(days=10))
    parameters, counts = parameters_on(at.date()), []
    for number in range(3):
        _station, streams = place(world, f"kh-{number}")
        days_of(world, streams, 11)
        keep_fire_days(as_of=at)
        FireWeatherDay.objects.filter(ends_on=after.date()).delete()
        counts.append(
            (statements(lambda: fire_danger(after, parameters)), statements(lambda: keep_fire_days(as_of=after)))
        )

    # Places and the day's rows; the newest rows (two), parameters, noon, rain; then what writes and sees nothing left.
    assert len(set(counts)) == 1
    assert counts[0][0] <= 8
    assert counts[0][1] <= 14


def test_value_after_noon_touches_no_kept_day_and_one_of_the_day_only_from_that_day_on(world):
    station, streams = place(world, "kh-01")
    days_of(world, streams, 10)
    keep_fire_days(as_of=noon(FIRST + timedelta(days=9)))

    send(world, [Reading(streams["wind_ms"].pk, noon(FIRST + timedelta(days=9)) + timedelta(seconds=1), 2.0)])
    after_noon = len(rows_of(station))
    send(world, [Reading(streams["wind_ms"].pk, noon(FIRST + timedelta(days=4)), 9.0)], ObservationDoor.FILE)

    assert after_noon == 10
    assert [row.ends_on for row in rows_of(station)] == [FIRST + timedelta(days=number) for number in range(4)]


def test_other_interval_or_other_start_forgets_what_was_reckoned_and_another_name_does_not(world, settings):
    station, streams = place(world, "kh-01")
    days_of(world, streams, 10)
    at = noon(FIRST + timedelta(days=9))
    keep_fire_days(as_of=at)

    change_station(by=world.keeper, station=station, changes={"name": "Trạm khác tên"})
    renamed = len(rows_of(station))
    HazardParameter.objects.filter(key="fwi_start").update(value="50;1;1")
    load_hazards(by=world.system, folder=settings.ROOT / "data" / "reference" / "hazards")
    reloaded = len(rows_of(station))
    keep_fire_days(as_of=at)
    change_stream(by=world.keeper, stream=streams["rain_mm"], changes={"interval_s": 43_200})

    assert (renamed, reloaded, len(rows_of(station))) == (10, 0, 0)
    keep_fire_days(as_of=at)
    assert {row.rain_mm for row in rows_of(station)} == {None}


def test_station_begins_with_a_start_of_its_own_where_one_is_set(world):
    _other, streams = place(world, "kh-01")
    station, own = place(world, "kh-02")
    HazardParameter.objects.create(key="fwi_start_kh-02", name="Thử", value="0;0;300", valid_from=date(2015, 1, 1))
    for each in (streams, own):
        days_of(world, each, 3)

    keep_fire_days(as_of=noon(FIRST + timedelta(days=2)))

    assert rows_of(station)[0].dc > 300
    assert rows_of(_other)[0].dc < 30
