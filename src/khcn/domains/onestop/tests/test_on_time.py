"""The on-time formula against an evaluator that lives through each history hour by hour, on thousands of random ones.

The evaluator shares no code with the rule: it walks the hours of a dossier's life and counts those that are charged.
"""

import random
from datetime import UTC, datetime, timedelta

import pytest

from khcn.domains.onestop.choices import NationalStatus as S
from khcn.domains.onestop.rules.on_time import History, judge

START = datetime(2022, 10, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def charged_hours(statuses: list[tuple[int, int]], horizon: int) -> int | None:
    """Hours charged to the office from hour 0; None: overdue whatever the promise (two requests).

    statuses: (portal number, hour). Walks hour by hour until the hour at which the count ends.
    """
    known = [(number, hour) for number, hour in statuses if hour <= horizon]
    numbers = [number for number, _ in known]
    if numbers.count(5) > 1:
        return None
    if 9 in numbers:
        ends = min(hour for number, hour in known if number == 9)
    elif 10 in numbers:
        ends = min(hour for number, hour in known if number == 10)
    elif known[-1][0] in (8, 3, 7):  # a withdrawal denied is followed by 4, so it is not the last
        asked = next((hour for number, hour in known[-2:-1] if number == 7), None)
        ends = known[-1][1] if asked is None else asked
    else:
        ends = horizon
    charged = 0
    for hour in range(ends):
        here = max((place for place, (_, at) in enumerate(known) if at <= hour), default=None)
        waiting = here is not None and known[here][0] == 5
        charged += not waiting
    return charged


def random_life(chance: random.Random) -> tuple[list[tuple[int, int]], int, int]:
    """(statuses, horizon, promised hour) of an invented dossier; one event per hour at most, ends never left."""
    hour, life = 0, [(2, 0), (4, 1)]
    while hour < 200 and chance.random() < 0.85:
        hour = life[-1][1] + chance.randint(1, 30)
        nexts = {4: [5, 6, 9, 7, 8], 5: [4, 8], 6: [4], 7: [4, 8], 9: [10]}.get(life[-1][0])
        if not nexts:
            break
        life.append((chance.choice(nexts), hour))
    return life, chance.randint(1, 220), chance.randint(1, 160)


def test_on_time_thousands_of_random_histories_agree_with_the_hourly_walk() -> None:
    chance, agreed, verdicts = random.Random(20220623), 0, set()

    for _ in range(6000):
        life, horizon, promised = random_life(chance)
        charged = charged_hours(life, horizon)
        expected = charged is not None and charged <= promised
        statuses = [(next(s for s in S if s.number == number), START + hour * HOUR) for number, hour in life]
        found = judge(History(START, statuses, START + horizon * HOUR, START + promised * HOUR))
        by_limit = judge(History(START, statuses, START + horizon * HOUR, None, promised * HOUR))
        assert found.on_time is expected, (life, horizon, promised, found)
        assert by_limit.on_time is expected, (life, horizon, promised, by_limit)
        agreed += 1
        verdicts.add((found.on_time, found.is_finished, charged is None))

    assert agreed == 6000
    assert {(True, True, False), (True, False, False), (False, True, False), (False, False, True)} <= verdicts


@pytest.mark.parametrize(
    ("life", "promised", "expected"),
    [
        ([(2, 0), (4, 1), (9, 10)], 10, True),
        ([(2, 0), (4, 1), (9, 11)], 10, False),
        ([(2, 0), (4, 1), (9, 9), (10, 30)], 10, True),
        ([(2, 0), (4, 1), (10, 11)], 10, False),
        ([(2, 0), (4, 1), (5, 4)], 10, True),
        ([(2, 0), (4, 1), (5, 12)], 10, False),
        ([(2, 0), (4, 1), (5, 4), (4, 24), (9, 30)], 10, True),
        ([(2, 0), (4, 1), (5, 4), (4, 24), (9, 31)], 10, False),
        ([(2, 0), (4, 1), (5, 2), (4, 3), (5, 4), (4, 5), (9, 6)], 10, False),
        ([(3, 2)], 10, True),
        ([(2, 0), (4, 1)], 10, False),
    ],
)
def test_on_time_sentences_of_the_formula_sheet_hold(
    life: list[tuple[int, int]], promised: int, expected: bool
) -> None:
    statuses = [(next(s for s in S if s.number == number), START + hour * HOUR) for number, hour in life]

    assert judge(History(START, statuses, START + 100 * HOUR, START + promised * HOUR)).on_time is expected


def test_on_time_with_neither_promise_nor_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="appointment"):
        judge(History(START, [(S.DECIDED, START)], START + HOUR))
