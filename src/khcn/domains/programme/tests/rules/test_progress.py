"""Report obligations from the contract's dates, and when missed reports stop the money."""

from datetime import date

import pytest

from khcn.domains.programme.choices import ObligationStatus
from khcn.domains.programme.rules.progress import (
    Delivery,
    application_obligations,
    discipline,
    inspection_dates,
    progress_obligations,
    status_of,
)
from khcn.domains.programme.rules.rule_trace import recompute, run

START = date(2023, 8, 31)


def test_obligations_come_every_six_months_until_the_end():
    owed = progress_obligations(effective_on=START, ends_on=date(2025, 2, 28), interval_months=6)

    assert [item.due_on for item in owed] == [date(2024, 2, 29), date(2024, 8, 31)]
    assert owed[1].covers_from == date(2024, 2, 29)
    assert [item.number for item in owed] == [1, 2]


def test_obligations_grow_with_an_extension_and_keep_their_days():
    before = progress_obligations(effective_on=START, ends_on=date(2025, 2, 28), interval_months=6)
    after = progress_obligations(effective_on=START, ends_on=date(2025, 8, 31), interval_months=6)

    assert after[: len(before)] == before
    assert [item.due_on for item in after[len(before) :]] == [date(2025, 2, 28)]


def test_obligations_refuse_an_interval_that_does_not_move():
    with pytest.raises(ValueError, match="at least one month"):
        progress_obligations(effective_on=START, ends_on=date(2025, 1, 1), interval_months=0)


def test_inspections_are_yearly_and_application_reports_follow_hand_over():
    assert inspection_dates(effective_on=START, ends_on=date(2025, 12, 31), interval_months=12) == (
        date(2024, 8, 31),
        date(2025, 8, 31),
    )
    assert [item.due_on for item in application_obligations(handed_over_on=date(2024, 2, 29), years=2)] == [
        date(2025, 2, 28),
        date(2026, 2, 28),
    ]


@pytest.mark.parametrize(
    ("received_on", "today", "expected"),
    [
        (None, date(2024, 6, 1), ObligationStatus.NOT_DUE),
        (None, date(2024, 6, 16), ObligationStatus.DUE_SOON),
        (None, date(2024, 6, 30), ObligationStatus.DUE_SOON),
        (None, date(2024, 7, 1), ObligationStatus.MISSED),
        (date(2024, 6, 30), date(2024, 9, 1), ObligationStatus.RECEIVED),
        (date(2024, 7, 1), date(2024, 9, 1), ObligationStatus.RECEIVED_LATE),
    ],
)
def test_status_of_an_obligation(received_on, today, expected):
    assert status_of(Delivery(date(2024, 6, 30), received_on), today=today, warn_days=14) is expected


def test_discipline_two_reports_missed_or_late_stop_the_money():
    missed = Delivery(date(2024, 2, 28), None)
    late = Delivery(date(2024, 8, 31), date(2024, 9, 5))
    today = date(2024, 10, 1)

    assert not discipline([missed], today=today, missed_limit=2).funding_stops
    assert discipline([missed, missed], today=today, missed_limit=2).funding_stops
    assert discipline([missed, late], today=today, missed_limit=2).funding_stops
    assert not discipline([missed, late], today=today, missed_limit=2, late_counts=False).funding_stops


def test_rule_missed_limit_is_recomputed(regime_a):
    trace = run(
        "report.missed_limit",
        parameters=regime_a("report."),
        inputs={
            "deliveries": [
                {"due_on": date(2024, 2, 28), "received_on": None},
                {"due_on": date(2024, 8, 31), "received_on": None},
            ],
            "today": date(2024, 9, 1),
        },
    )

    assert trace.outcome == {"missed": 2, "late": 0, "funding_stops": True}
    assert recompute(trace).agrees
