"""The engine on replayed days: level 1 of October 2017, unknown never lowers, late values, tables of the province."""

from datetime import UTC, date, datetime, timedelta

import pytest

from khcn.domains.hazards.choices import ExceedanceState, LevelTableState, VerdictKind
from khcn.domains.hazards.errors import RuleSetRefused
from khcn.domains.hazards.models import Evaluation, Exceedance, LevelTable
from khcn.domains.hazards.queries.assessing import assess, grounds_on
from khcn.domains.hazards.queries.fire import fire_danger
from khcn.domains.hazards.queries.tables import line_texts, tables_on
from khcn.domains.hazards.services.evaluations import look_again, look_at_all
from khcn.domains.hazards.services.tables import (
    change_table,
    decide_table,
    declare_fact,
    draft_table,
    end_table,
    rehearse_table,
    submit_table,
)
from khcn.kernel.notices.services import DangerSeen
from khcn.kernel.places.models import AdministrativeUnit
from khcn.lib.failure import Forbidden, Stale

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MORNING = datetime(2017, 10, 3, 0, 0, tzinfo=UTC)
"""Seven in the morning of the day on which level 1 was announced."""
TODAY = date(2023, 5, 15)
HOUR = timedelta(hours=1)


@pytest.fixture
def province(world):
    """Twelve communes in two rows, a gauge by the hour in each; two of them in the north-east."""
    AdministrativeUnit.objects.all().delete()
    for number in range(12):
        AdministrativeUnit.objects.create(
            code=f"2600{number:02d}", name=f"Xã {number}", level="commune",
            latitude=12.1 - (number // 6) * 0.35, longitude=107.2 - (number % 6) * 0.22,
        )  # fmt: skip
    names = {0: "Bù Gia Mập", 1: "Đắk Ơ"}
    world.gauges = []
    for number in range(12):
        made = world.station(
            f"g{number:02d}", latitude=12.1 - (number // 6) * 0.35, longitude=107.2 - (number % 6) * 0.22,
            name=f"Trạm mưa {names.get(number, number)}",
        )  # fmt: skip
        world.gauges.append(world.stream(made, "rain_mm", interval_s=3600))
    world.heard = []
    return world


def rain(world, totals, *, until=MORNING, days_before=7, but=()):
    """So much in the last 24 hours at each gauge (0 elsewhere), evenly; the week before is dry."""
    for number, stream in enumerate(world.gauges):
        if number in but:
            continue
        hourly = totals.get(number, 0.0) / 24
        values = [0.0] * (24 * (days_before - 1)) + [round(hourly, 6)] * 24
        world.put(stream, values, start=until - timedelta(hours=24 * days_before - 1), now=until + HOUR)


def law(world):
    """The tables of 2021, asked about days before them: a replay says so by handing them in."""
    return grounds_on(MORNING, tables_on(TODAY))


def look(world, at=MORNING):
    look_at_all(by=world.system, as_of=at, grounds=grounds_on(at, tables_on(TODAY)))
    return Exceedance.objects.filter(hazard="heavy_rain").order_by("-pk").first()


def test_replay_of_3_october_2017_gives_level_1_by_article_44_1(province):
    rain(province, {0: 110.0, 1: 134.0})

    found = next(one for one in assess(MORNING, law(province)) if one.table.hazard == "heavy_rain")

    assert (found.kind, found.verdict.level, found.verdict.clauses) == (VerdictKind.LEVEL, 1, ("44.1",))
    assert found.facts.values["rain_24h_mm"] == pytest.approx(134.0, abs=0.01)
    assert found.facts.values["share_of_units"] == pytest.approx(2 / 12, abs=1e-4)
    assert dict(found.facts.told)["units"] == "2/12/12"
    assert found.facts.units == ("260000", "260001")


def test_level_is_told_to_those_who_warn_and_nothing_is_issued(province, monkeypatch):
    told = []
    monkeypatch.setattr("khcn.domains.hazards.services.evaluations.publish", told.append)
    rain(province, {0: 110.0, 1: 134.0})

    held = look(province)
    again = look(province, MORNING + timedelta(seconds=1))

    assert (held.level, held.state) == (1, ExceedanceState.OPEN)
    assert [(one.hazard, one.level, one.clauses, one.units) for one in told] == [
        ("heavy_rain", 1, ("44.1",), ("260000", "260001"))
    ]
    assert isinstance(told[0], DangerSeen)
    assert again.pk == held.pk


def test_silence_never_lowers_a_level(province):
    rain(province, {0: 110.0, 1: 134.0})
    look(province)

    for hours in range(1, 60):
        held = look(province, MORNING + hours * HOUR)

    assert (held.level, held.state) == (1, ExceedanceState.OPEN)


def test_level_ends_after_enough_whole_dry_looks(province):
    rain(province, {0: 110.0, 1: 134.0})
    look(province)
    for stream in province.gauges:
        province.put(stream, [0.0] * 40, start=MORNING + HOUR, now=MORNING + 41 * HOUR)

    levels = [look(province, MORNING + hours * HOUR).level for hours in range(1, 40)]

    assert levels[0] == 1
    assert levels[-1] == 0
    assert levels == sorted(levels, reverse=True)
    fell = levels.index(0) + 1
    assert fell >= 3
    held = Exceedance.objects.get(hazard="heavy_rain")
    assert (held.state, held.peak, [level for _at, level in held.path]) == (ExceedanceState.CLOSED, 1, [1, 0])


def test_gauge_that_is_not_heard_keeps_the_level_up(province):
    rain(province, {0: 110.0, 1: 134.0})
    look(province)
    for stream in province.gauges[1:]:
        province.put(stream, [0.0] * 40, start=MORNING + HOUR, now=MORNING + 41 * HOUR)

    held = look(province, MORNING + 36 * HOUR)

    assert held.level == 1
    assert not Evaluation.objects.filter(hazard="heavy_rain").first().is_complete


def test_half_of_the_communes_unknown_gives_no_level(province):
    rain(province, {0: 110.0, 1: 134.0}, but=range(2, 12))

    found = next(one for one in assess(MORNING, law(province)) if one.table.hazard == "heavy_rain")

    assert found.kind == VerdictKind.UNKNOWN
    assert "share_of_units" in found.verdict.missing


def test_rain_between_the_rows_is_outside_the_table_not_quiet(province):
    rain(province, {0: 250.0, 1: 260.0})

    found = next(one for one in assess(MORNING, law(province)) if one.table.hazard == "heavy_rain")

    assert (found.kind, found.verdict.level) == (VerdictKind.OUTSIDE, None)


def test_dry_province_is_quiet(province):
    rain(province, {})

    found = next(one for one in assess(MORNING, law(province)) if one.table.hazard == "heavy_rain")

    assert found.kind == VerdictKind.QUIET
    look(province)
    assert not Exceedance.objects.exists()


def test_late_values_raise_what_nobody_saw_at_the_time(province, monkeypatch):
    told = []
    monkeypatch.setattr("khcn.domains.hazards.services.evaluations.publish", told.append)
    now = datetime(2023, 5, 15, 1, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    rain(province, {}, until=now - 3 * HOUR)
    look_at_all(by=province.system, as_of=now)
    province.put(province.gauges[0], [60.0, 70.0], start=now - 2 * HOUR, now=now)

    look_again('{"since": "2023-05-14T22:00:00+00:00", "datastreams": []}')

    assert any(one.hazard == "heavy_rain" for one in told) or Evaluation.objects.filter(hazard="heavy_rain").count() > 1


def test_river_at_the_third_alarm_names_its_row(world):
    made = world.station(
        "tv-01", river="Sông Bé", alarm_1_m=52.0, alarm_2_m=53.0, alarm_3_m=54.0, historic_m=55.6, station_class="3"
    )
    stream = world.stream(made, "water_level_m", interval_s=3600)
    at = datetime(2023, 5, 15, 0, tzinfo=UTC)
    world.put(stream, [51.0, 52.5, 54.2], start=at - 2 * HOUR)

    found = {
        moment: next(one for one in assess(moment, grounds_on(moment)) if one.place == "tv-01")
        for moment in (at - 2 * HOUR, at - HOUR, at)
    }

    assert [(one.kind, one.verdict.level) for one in found.values()] == [
        (VerdictKind.QUIET, None), (VerdictKind.LEVEL, 1), (VerdictKind.LEVEL, 3)
    ]  # fmt: skip
    assert found[at].verdict.clauses == ("45.3.b",)


def hot(world, days, *, zone=""):
    made = world.station("nd-01", fire_zone=zone)
    warm = world.stream(made, "air_temp_c", interval_s=3600)
    damp = world.stream(made, "humidity_pct", interval_s=3600)
    wet = world.stream(made, "rain_mm", interval_s=3600)
    start = datetime(2016, 2, 16, 17, tzinfo=UTC) - timedelta(days=days)
    end = datetime(2016, 2, 17, tzinfo=UTC)
    values = [36.5 if (start + place * HOUR).hour in range(4, 9) else 27.0 for place in range(1, 24 * days + 1)]
    world.put(warm, values, start=start + HOUR, now=end)
    world.put(damp, [40.0] * len(values), start=start + HOUR, now=end)
    world.put(wet, [0.0] * len(values), start=start + HOUR, now=end)
    return datetime(2016, 2, 16, 17, tzinfo=UTC)


def test_fire_of_february_2016_class_five_by_p_and_no_risk_level_without_the_zone(world):
    at = hot(world, 12)

    danger = fire_danger(at)
    found = {one.table.hazard: one for one in assess(at, grounds_on(at, tables_on(TODAY)))}

    assert [(one.station.code, one.danger_class) for one in danger] == [("nd-01", 5)]
    assert found["forest_fire"].kind == VerdictKind.UNKNOWN
    assert "fire_zone" in found["forest_fire"].verdict.missing


def test_fire_level_of_a_declared_zone(world):
    at = hot(world, 12)
    declare_fact(
        by=world.keeper, owner=world.owner, input="fire_zone", value="4", place="nd-01", source="Bảng 11 (thử)",
        valid_from=date(2015, 1, 1),
    )  # fmt: skip

    found = {one.table.hazard: one for one in assess(at, grounds_on(at, tables_on(TODAY)))}

    assert (found["forest_fire"].kind, found["forest_fire"].verdict.level) == (VerdictKind.LEVEL, 2)
    assert found["forest_fire"].verdict.clauses == ("54.2.c",)


@pytest.fixture
def own(province):
    """A draft of the province for heavy rain that begins at 80 mm."""
    rain(province, {0: 90.0}, until=datetime(2023, 5, 15, 0, tzinfo=UTC))
    base = tables_on(TODAY)["heavy_rain"]
    table = draft_table(
        by=province.keeper, base=base, owner=province.owner, decision="12/2023/QĐ-UBND (dự thảo)", valid_from=TODAY
    )
    text = line_texts(table.lines).replace("[100,200]", "[80,200]").replace("[50,100]", "[45,100]")
    change_table(
        by=province.keeper, table=table, lines_text=text, decision=table.decision, valid_from=TODAY, policy="highest",
        expected_version=1,
    )  # fmt: skip
    province.own, province.now = table, datetime(2023, 5, 15, 0, tzinfo=UTC)
    return province


def test_province_table_goes_through_back_test_and_four_eyes_and_then_before_the_law(own):
    table = own.own
    with pytest.raises(RuleSetRefused):
        submit_table(by=own.keeper, table=table)
    rehearsed = rehearse_table(by=own.keeper, table=table, now=own.now)
    submit_table(by=own.keeper, table=table)
    with pytest.raises(Forbidden):
        decide_table(by=own.keeper, table=table, approve=True)
    decide_table(by=own.head, table=table, approve=True)

    assert rehearsed["differences"][-1][2:] == ["quiet", "1"]
    assert tables_on(TODAY)["heavy_rain"].pk == table.pk
    end_table(by=own.second, table=table, on=TODAY, reason="Tỉnh bãi bỏ")
    assert tables_on(TODAY)["heavy_rain"].scope == "law"


def test_table_cannot_be_approved_by_whoever_drafted_it(own):
    table = LevelTable.objects.get(pk=own.own.pk)
    rehearse_table(by=own.keeper, table=table, now=own.now)
    submit_table(by=own.keeper, table=table)
    LevelTable.objects.filter(pk=table.pk).update(drafted_by_id=own.head.user_id)
    table.refresh_from_db()

    with pytest.raises(RuleSetRefused):
        decide_table(by=own.head, table=table, approve=True)

    assert LevelTable.objects.get(pk=table.pk).state == LevelTableState.SUBMITTED


@pytest.mark.parametrize("text", ["", "1 | 9 | 44 | rain_24h_mm | [1,2]", "1 | 1 | 44 | rain_24h_mm | [2,1]", "1 | 1"])
def test_table_that_does_not_hold_together_is_refused(own, text):
    with pytest.raises(RuleSetRefused):
        change_table(
            by=own.keeper, table=own.own, lines_text=text, decision="x", valid_from=TODAY, policy="highest",
        )  # fmt: skip


def test_stale_change_of_a_table_is_refused(own):
    with pytest.raises(Stale):
        change_table(
            by=own.keeper, table=own.own, lines_text=line_texts(own.own.lines), decision="x", valid_from=TODAY,
            policy="highest", expected_version=1,
        )  # fmt: skip


def test_law_tables_are_not_changed_here(province):
    with pytest.raises(RuleSetRefused):
        rehearse_table(by=province.keeper, table=tables_on(TODAY)["heat"])
