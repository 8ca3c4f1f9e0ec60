"""Codes carried from day to day: the season of 1985, gaps as before, droughts longer than the window of before."""

import csv
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khcn.domains.hazards.rules.fire_danger import FireDay, accumulate
from khcn.domains.hazards.rules.fire_days import FireState, NoonWeather, next_states, told_fwi, told_p
from khcn.domains.hazards.rules.fire_weather import next_day

FIRST = date(2021, 4, 13)
START = (85.0, 6.0, 15.0)
WET = 5.0
DRY = NoonWeather(34.0, 45.0, 3.0, 0.0)


def follow(days, *, latitude=11.5, start=START, first=FIRST):
    """The state after each day, from nothing."""
    held, found = FireState(), []
    for place, day in enumerate(days):
        on = first + timedelta(days=place)
        (held,) = next_states(on, [held], [day], latitudes_deg=[latitude], starts=[start], wet_day_mm=WET)
        found.append((on, held, day))
    return found


@pytest.mark.parametrize(("name", "start"), [("fwi_01.csv", START), ("fwi_05.csv", (0.0, 0.0, 0.0))])
def test_season_of_1985_carried_from_day_to_day_is_reproduced(hazard_reference, name, start):
    with (hazard_reference / "cffdrs_r" / "tests" / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    days = [NoonWeather(float(r["TEMP"]), float(r["RH"]), float(r["WS"]) / 3.6, float(r["PREC"])) for r in rows]

    found = follow(days, latitude=40.0, start=start)

    for (on, state, day), row in zip(found, rows, strict=True):
        assert (on.month, on.day) == (int(row["MON"]), int(row["DAY"]))
        printed = [float(row[code]) for code in ("FFMC", "DMC", "DC")]
        assert [state.ffmc, state.dmc, state.dc] == pytest.approx(printed, rel=6e-4, abs=1e-6)
        assert told_fwi(on, state, day.wind_ms, gap_days=45) == pytest.approx(float(row["FWI"]), rel=6e-4, abs=0.051)
    assert len(found) == 48


def before_this(days, window):
    """What was told of the last day when only so many days were read: (P, days without a wet one, codes known, FWI)."""
    days = days[-window:]
    known = next((place for place, day in enumerate(days) if day.rain_mm is not None), len(days))
    line = accumulate([FireDay(d.temperature_c, d.humidity_pct, d.rain_mm) for d in days[known:]], wet_day_mm=WET)
    dry = next((n for n, p in enumerate(reversed(line)) if not p), len(line))
    first = next((place for place, day in enumerate(days) if day.is_whole), None)
    is_known = first is not None and all(day.is_whole for day in days[first:])
    return (line[-1] if line else None), dry, is_known, first


some = st.sampled_from
weather = st.builds(
    NoonWeather, some((34.0, 27.0, 34.0, None)), some((45.0, 80.0, 45.0, None)), some((3.0, 3.0, 3.0, 3.0, None)),
    some((0.0, 0.0, 0.0, 12.0, None)),
)  # fmt: skip
mostly_whole = st.lists(st.one_of(st.just(DRY), st.just(DRY), st.just(DRY), weather), min_size=1, max_size=30)


@settings(max_examples=150, deadline=None)
@given(mostly_whole)
def test_gaps_leave_unknown_what_they_left_unknown_when_a_window_of_days_was_read(days):
    window = 6

    found = follow(days)

    for place, (on, state, day) in enumerate(found):
        p, dry, is_known, _first = before_this(days[: place + 1], window)
        index, dry_days = told_p(on, state, gap_days=window)
        assert (index is None) == (p is None)
        assert dry_days >= dry
        if dry < window:
            assert (index, dry_days) == (p, dry) or index == pytest.approx(p)
        assert (told_fwi(on, state, day.wind_ms, gap_days=window) is not None) == is_known


def test_drought_of_half_a_year_is_counted_from_its_first_day():
    days = [DRY] * 180

    on, state, _day = follow(days)[-1]

    held = None
    for place in range(180):
        month = (FIRST + timedelta(days=place)).month
        held = next_day(held, 34.0, 45.0, 10.8, 0.0, latitude_deg=11.5, month=month)
    assert (state.ffmc, state.dmc, state.dc) == pytest.approx((float(held.ffmc), float(held.dmc), float(held.dc)))
    index, dry_days = told_p(on, state, gap_days=45)
    assert dry_days == 180
    assert index == pytest.approx(accumulate([FireDay(34.0, 45.0, 0.0)] * 180, wet_day_mm=WET)[-1])
    assert state.dc > follow(days[-45:])[-1][1].dc + 300


def test_day_that_is_not_known_ends_the_codes_and_they_begin_anew_and_untold_for_the_days_of_a_gap():
    hole = NoonWeather(34.0, 45.0, None, 0.0)

    found = follow([DRY] * 10 + [hole] + [DRY] * 50)
    told = [told_fwi(on, state, day.wind_ms, gap_days=45) for on, state, day in found]

    assert None not in told[:10]
    assert told[10:54] == [None] * 44
    assert None not in told[54:]
    assert found[11][1].ffmc == found[0][1].ffmc
    assert [told_p(on, state, gap_days=45)[0] is None for on, state, _day in found] == [False] * 61
