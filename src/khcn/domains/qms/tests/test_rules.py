"""The rules of the quality systems: scores against another reckoning, samples, scope, scales, periods, machines."""

import itertools
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khcn.domains.qms.choices import Frequency, Level, ProcessKind
from khcn.domains.qms.rules.audit_weights import AuditNeed, month_for, weight
from khcn.domains.qms.rules.effectiveness import Parameters, Share, YearFacts, evaluate
from khcn.domains.qms.rules.machines import MACHINES
from khcn.domains.qms.rules.periods import ended_periods, periods_of
from khcn.domains.qms.rules.process_map import lay_out, orphans
from khcn.domains.qms.rules.risks import level_of, magnitude
from khcn.domains.qms.rules.sampling import draw, population_digest
from khcn.domains.qms.rules.scope import compare
from khcn.domains.qms.rules.state_diagrams import reference_page

ROOT = Path(__file__).resolve().parents[5]
WEIGHTS = {"E1": 20, "E2": 15, "E3": 15, "E4": 10, "E5": 15, "E6": 15, "E7": 10}
shares = st.integers(0, 9).flatmap(lambda of: st.builds(Share, st.integers(0, of), st.just(of)))
facts = st.builds(
    YearFacts, announced=st.booleans(), covered=shares, audits_closed=st.integers(0, 2), audited_lines=shares,
    self_audits=st.integers(0, 1), reviews_whole=st.integers(0, 2), decisions_whole=st.booleans(),
    major_overdue=st.integers(0, 1), electronic=shares, steps_in_time=shares, cases_in_time=shares,
    reads_in_time=shares, obsolete_forms=st.integers(0, 1), objectives_measured=shares, objectives_met=shares,
    closed_in_time=shares, satisfaction=st.none() | st.fractions(0, 100, max_denominator=7), complaints_in_time=shares,
)  # fmt: skip
PERFECT = YearFacts(
    announced=True, covered=Share(3, 3), audits_closed=1, audited_lines=Share(4, 4), self_audits=0, reviews_whole=1,
    decisions_whole=True, major_overdue=0, electronic=Share(9, 9), steps_in_time=Share(9, 9), cases_in_time=Share(9, 9),
    reads_in_time=Share(4, 4), obsolete_forms=0, objectives_measured=Share(2, 2), objectives_met=Share(2, 2),
    closed_in_time=Share(1, 1), satisfaction=Fraction(100), complaints_in_time=Share(1, 1),
)  # fmt: skip


def brute_force(f: YearFacts, weights: dict[str, int], threshold: int) -> tuple[bool, Decimal]:
    """The verdict reckoned another way: points are handed out one by one in floating point, gates as a list."""
    parts: list[tuple[int, float]] = []

    def give(code: str, value: float | None) -> None:
        if value is not None:
            parts.append((weights[code], value))

    def ratio(share: Share) -> float | None:
        return None if share.of == 0 else share.counted / share.of

    give("E1", ratio(f.electronic))
    give("E2", ratio(f.steps_in_time))
    give("E3", ratio(f.cases_in_time))
    reads = ratio(f.reads_in_time)
    give("E4", reads if reads is None or not f.obsolete_forms else reads / 2)
    measured = ratio(f.objectives_measured)
    give("E5", None if measured is None else measured * (ratio(f.objectives_met) or 0))
    give("E6", ratio(f.closed_in_time))
    voices = [None if f.satisfaction is None else float(f.satisfaction) / 100, ratio(f.complaints_in_time)]
    heard = [voice for voice in voices if voice is not None]
    give("E7", sum(heard) / len(heard) if heard else None)
    total = 0.0
    if f.electronic.of:
        total = 100 * sum(points * value for points, value in parts) / sum(points for points, _ in parts)
    failed = [
        not f.announced, f.covered.of == 0 or f.covered.counted < f.covered.of, f.audits_closed == 0,
        f.audited_lines.of == 0 or f.audited_lines.counted < f.audited_lines.of, f.self_audits > 0,
        f.reviews_whole == 0, not f.decisions_whole, f.major_overdue > 0,
    ]  # fmt: skip
    return not any(failed) and total >= threshold - 1e-9, Decimal(total)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts)
def test_evaluate_random_facts_agrees_with_brute_force(found: YearFacts) -> None:
    verdict = evaluate(found, Parameters(WEIGHTS, 80))

    effective, total = brute_force(found, WEIGHTS, 80)
    assert verdict.is_effective == effective
    assert abs(verdict.total - total) <= Decimal("0.006")


@pytest.mark.parametrize(
    ("change", "gate"),
    [
        ({"announced": False}, "G1"), ({"covered": Share(2, 3)}, "G2"), ({"covered": Share(0, 0)}, "G2"),
        ({"audits_closed": 0}, "G3"), ({"audited_lines": Share(3, 4)}, "G3"), ({"self_audits": 1}, "G3"),
        ({"reviews_whole": 0}, "G4"), ({"decisions_whole": False}, "G4"), ({"major_overdue": 1}, "G5"),
    ],
)  # fmt: skip
def test_evaluate_one_gate_missing_is_not_effective(change: dict, gate: str) -> None:
    verdict = evaluate(replace(PERFECT, **change), Parameters(WEIGHTS, 80))

    assert [item.code for item in verdict.gates if not item.holds] == [gate]
    assert verdict.total == 100
    assert not verdict.is_effective


def test_evaluate_threshold_is_met_exactly_but_not_by_rounding() -> None:
    exact = replace(PERFECT, electronic=Share(0, 9))
    below = replace(exact, cases_in_time=Share(99_999, 100_000))

    assert evaluate(exact, Parameters(WEIGHTS, 80)).is_effective
    assert evaluate(below, Parameters(WEIGHTS, 80)).total == 80
    assert not evaluate(below, Parameters(WEIGHTS, 80)).is_effective


def test_evaluate_without_any_dossier_scores_nothing() -> None:
    verdict = evaluate(replace(PERFECT, electronic=Share(0, 0)), Parameters(WEIGHTS, 80))

    assert verdict.total == 0
    assert not verdict.is_electronic


def test_parameters_weights_that_do_not_sum_to_100_are_refused() -> None:
    with pytest.raises(ValueError, match="100"):
        Parameters({**WEIGHTS, "E1": 21}, 80)


@given(st.sets(st.text(min_size=1, max_size=6), max_size=30), st.integers(0, 2**48), st.integers(0, 40), st.randoms())
def test_draw_same_seed_gives_the_same_sample_in_any_order(codes, seed, size, rng) -> None:
    shuffled = list(codes)
    rng.shuffle(shuffled)

    sample = draw(sorted(codes), size=size, seed=seed)

    assert sample == draw(shuffled, size=size, seed=seed)
    assert len(sample) == min(size, len(codes))
    assert set(sample) <= codes
    assert population_digest(shuffled) == population_digest(sorted(codes))


def test_draw_over_many_seeds_takes_every_member_about_equally() -> None:
    codes = [f"HS-{number}" for number in range(10)]
    taken = dict.fromkeys(codes, 0)

    for seed in range(2000):
        for code in draw(codes, size=3, seed=seed):
            taken[code] += 1

    assert all(abs(count - 600) < 110 for count in taken.values()), taken  # five standard deviations


def test_compare_added_and_removed_need_a_new_announcement_and_a_reissue_does_not() -> None:
    widened = compare([("QT-1", 1)], [("QT-1", 1), ("QT-2", 1)])
    narrowed = compare([("QT-1", 1), ("QT-2", 1)], [("QT-1", 1)])
    reissued = compare([("QT-1", 1)], [("QT-1", 2)])

    assert widened.added == ("QT-2",)
    assert widened.needs_announcement
    assert narrowed.sentence == "bớt QT-2"
    assert reissued.reissued == ("QT-1",)
    assert not reissued.needs_announcement


@pytest.mark.parametrize(
    ("likelihood", "impact", "level"),
    [(1, 1, Level.LOW), (2, 2, Level.LOW), (1, 5, Level.MEDIUM), (2, 5, Level.HIGH), (3, 5, Level.EXTREME),
     (5, 5, Level.EXTREME)],
)  # fmt: skip
def test_level_of_bands(likelihood: int, impact: int, level: Level) -> None:
    assert level_of(likelihood, impact) is level


def test_magnitude_outside_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="5×5"):
        magnitude(0, 3)


@pytest.mark.parametrize("frequency", list(Frequency))
def test_periods_of_cover_the_year_without_gap(frequency: Frequency) -> None:
    periods = periods_of(2024, frequency)

    assert periods[0][0] == date(2024, 1, 1)
    assert periods[-1][1] == date(2024, 12, 31)
    assert all((after[0] - before[1]).days == 1 for before, after in itertools.pairwise(periods))
    assert ended_periods(2024, frequency, on=date(2024, 12, 31)) == periods


def test_weight_grows_with_each_fact_and_the_heaviest_comes_first() -> None:
    calm = AuditNeed(months_since=0)
    worst = AuditNeed(25, 5, 1.0, None)

    assert weight(calm) == 0
    assert weight(worst) == 100
    assert weight(replace(calm, risk=10)) > weight(calm)
    assert month_for(weight(worst), 0, 5) == 3


def test_lay_out_boxes_never_overlap_and_orphans_are_named() -> None:
    processes = [(f"k{index}", f"QT{index}", f"Quá trình số {index}", kind) for index, kind in enumerate(
        [ProcessKind.MANAGEMENT] * 2 + [ProcessKind.CORE] * 7 + [ProcessKind.SUPPORT] * 3)]  # fmt: skip

    drawn = lay_out(processes, [("k0", "k2", "kế hoạch")])

    places = [(box.x, box.y) for box in drawn.boxes]
    assert len(set(places)) == len(processes)
    assert len(drawn.arrows) == 1
    assert orphans([key for key, *_ in processes], [("k0", "k2")]) == [f"k{index}" for index in (1, *range(3, 12))]


@pytest.mark.parametrize("machine", MACHINES.values(), ids=lambda machine: machine.code)
def test_machines_every_state_is_reached(machine) -> None:
    reached = {machine.initial} | {step.target for step in machine.steps}

    assert reached == set(machine.states)
    assert len({step.event for step in machine.steps}) == len(machine.steps)


def test_reference_page_matches_the_machines() -> None:
    page = ROOT / "docs" / "reference" / "qms-state-machines.md"

    assert page.read_text("utf-8") == reference_page(), (
        "chạy: PYTHONPATH=src python -m khcn.domains.qms.rules.state_diagrams > docs/reference/qms-state-machines.md"
    )
