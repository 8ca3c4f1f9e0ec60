"""The tables of the decision: its golden day in the province, bounds against the clause cited, gaps and overlaps."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.hazards.rules.risk_tables import (
    Choices,
    HitPolicy,
    Interval,
    Outcome,
    RiskTable,
    Row,
    UnreadableTest,
    coverage,
    evaluate,
    read_rows,
    read_test,
)

DATA = Path(__file__).resolve().parents[6] / "data" / "reference" / "hazards"
POINTS = {"a": "a)", "b": "b)", "c": "c)", "d": "d)"}


def _read(name):
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def tables():
    lines = _read("risk_rows.csv")
    return {
        head["hazard"]: RiskTable(
            head["hazard"],
            HitPolicy(head["policy"]),
            read_rows(line for line in lines if line["hazard"] == head["hazard"]),
        )
        for head in _read("risk_tables.csv")
    }


@pytest.fixture(scope="module")
def clauses(hazard_reference):
    """Clause or point → its words, as the codified law has them."""
    text = (hazard_reference / "qd18-2021" / "qd18_2021_articles.txt").read_text("utf-8")
    found: dict[str, str] = {}
    for article in re.split(r"(?m)^Điều (?=\d+\. )", text)[1:]:
        number = re.match(r"\d+", article)[0]
        for clause in re.split(r"(?m)^(?=\d+\. )", article.split("\n", 1)[1])[1:]:
            place = f"{number}.{re.match(r'[0-9]+', clause)[0]}"
            found[place] = clause
            for point in re.split(r"(?m)^(?=[a-zđ]\) )", clause)[1:]:
                found[f"{place}.{point[0]}"] = point
    return found


def test_golden_rain_of_october_2017_at_bu_gia_map_is_level_1_by_article_44_1(tables):
    for rain in (110, 134):
        facts = {
            "rain_24h_mm": rain, "rain_12h_mm": None, "duration_days": 1, "terrain": "hills",
            "spread": "one_province", "share_of_units": 0.02,
        }  # fmt: skip
        verdict = evaluate(tables["heavy_rain"], facts)

        assert (verdict.outcome, verdict.level, verdict.clauses) == (Outcome.LEVEL, 1, ("44.1",))


def test_every_bound_of_every_row_stands_in_the_clause_it_cites(tables, clauses):
    implied = {("share_of_units", 0.0), ("share_of_units", 1.0), ("visibility_m", 0.0), ("over_alarm_3_m", 0.0),
               ("over_historic_m", 0.0), ("days_over_35c", 0.0), ("days_under_35c", 0.0)}  # fmt: skip
    missing = []
    checked = 0

    for table in tables.values():
        for row in table.rows:
            words = clauses[row.clause].replace("1/2", "0.5").replace("0,3 m", "0.3 m").replace("1,0 m", "1 m")
            numbers = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", words)}
            for name, test in row.tests:
                if not isinstance(test, Interval):
                    continue
                for bound in (test.low, test.high):
                    if bound is None or (name, bound) in implied:
                        continue
                    checked += 1
                    if bound not in numbers:
                        missing.append((table.hazard, row.clause, name, bound))

    assert not missing
    assert checked > 150


def test_every_clause_is_of_the_level_that_its_number_says(tables, clauses):
    for table in tables.values():
        for row in table.rows:
            assert re.search(rf"cấp độ {row.level}\b", clauses[row.clause.rsplit(".", row.clause.count(".") - 1)[0]]), (
                row
            )


def test_heat_and_drought_of_the_south_have_one_level_in_every_cell(tables):
    for hazard in ("heat", "drought"):
        covered = coverage(tables[hazard])

        overlaps = [cell for cell in covered.overlaps if ("region", "south") in cell.facts]
        gaps = [cell for cell in covered.gaps if ("region", "south") in cell.facts]
        assert (gaps, overlaps) == ([], [])
        assert covered.cells > 60


def test_gaps_that_the_law_leaves_are_reported(tables):
    rain = coverage(tables["heavy_rain"])
    fire = coverage(tables["forest_fire"])

    assert len(rain.gaps) > rain.cells / 2
    assert any(cell.levels == (1, 2, 3) for cell in fire.overlaps)
    assert any(dict(cell.facts)["fire_zone"] == "3" for cell in fire.gaps)


def test_rain_of_one_day_over_half_of_a_province_is_outside_the_table(tables):
    facts = {"rain_24h_mm": 150, "rain_12h_mm": 20, "duration_days": 1, "spread": "one_province", "share_of_units": 0.6}

    assert evaluate(tables["heavy_rain"], facts).outcome is Outcome.OUTSIDE


def test_missing_fact_makes_a_level_unknown_and_is_named(tables):
    facts = {"tmax_c": 38.0, "duration_days": float("nan"), "region": "south"}

    verdict = evaluate(tables["heat"], facts)

    assert (verdict.outcome, verdict.level, verdict.missing) == (Outcome.UNKNOWN, None, ("duration_days",))


def test_missing_fact_never_lowers_what_is_proven(tables):
    facts = {
        "alarm_stage": "alarm_3",
        "over_alarm_3_m": 0.1,
        "station_class": "4",
        "over_historic_m": None,
        "basins": "one",
    }

    verdict = evaluate(tables["river_flood"], facts)

    assert (verdict.outcome, verdict.at_least, verdict.missing) == (Outcome.UNKNOWN, 3, ("over_historic_m",))


def test_fire_days_by_zone_follow_the_declared_order(tables):
    levels = {
        (zone, days): evaluate(
            tables["forest_fire"], {"fire_zone": zone, "days_over_35c": days, "days_under_35c": 0}
        ).level
        for zone in "1234"
        for days in (8, 12, 20, 30, 40)
    }

    assert [levels["4", days] for days in (8, 12, 20, 30, 40)] == [1, 2, 3, 4, 5]
    assert [levels["3", days] for days in (8, 12, 20, 30, 40)] == [1, 2, 3, None, 4]
    assert [levels["2", days] for days in (8, 12, 20, 30, 40)] == [1, 1, 2, 2, None]
    assert [levels["1", days] for days in (8, 40)] == [None, 2]


@given(st.data())
def test_learning_a_fact_never_contradicts_what_was_said_before(tables, data):
    table = tables[data.draw(st.sampled_from(sorted(tables)))]
    facts = {}
    for name in table.inputs:
        tests = [test for row in table.rows for tested, test in row.tests if tested == name]
        if isinstance(tests[0], Choices):
            facts[name] = data.draw(st.sampled_from([code for test in tests for code in test.codes]))
        else:
            bounds = [bound for test in tests for bound in (test.low, test.high) if bound is not None]
            facts[name] = data.draw(st.sampled_from([bound + step for bound in bounds for step in (-0.05, 0, 0.05)]))
    hidden = data.draw(st.sets(st.sampled_from(table.inputs)))

    before = evaluate(table, {name: None if name in hidden else fact for name, fact in facts.items()})
    after = evaluate(table, facts)

    if before.outcome is not Outcome.UNKNOWN:
        assert before == after
    if before.at_least is not None and after.level is not None:
        assert after.level >= before.at_least


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [("[100,200]", (100, 200), (99.9, 200.1)), ("(400,)", (400.1, 9e9), (400,)), ("(,0]", (-3, 0), (0.1,))],
)
def test_intervals_hold_their_ends_as_written(text, inside, outside):
    test = read_test(text)

    assert all(test.holds(number) for number in inside)
    assert not any(test.holds(number) for number in outside)
    assert str(test) == text


@pytest.mark.parametrize("text", ["", "100", "[200,100]", "{}", "[a,b]", "{x"])
def test_unreadable_test_is_named(text):
    with pytest.raises(UnreadableTest):
        read_test(text)


def test_table_that_contradicts_itself_under_unique_is_unknown_with_both_clauses():
    rows = (Row(1, "9.1", (("x", read_test("[0,5]")),)), Row(2, "9.2", (("x", read_test("[3,9]")),)))

    verdict = evaluate(RiskTable("h", HitPolicy.UNIQUE, rows), {"x": 4})

    assert (verdict.outcome, verdict.clauses, verdict.at_least) == (Outcome.UNKNOWN, ("9.1", "9.2"), 1)
    assert [cell.levels for cell in coverage(RiskTable("h", HitPolicy.UNIQUE, rows)).overlaps] == [(1, 2)] * 3
