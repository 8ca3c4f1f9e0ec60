"""Bars on hosts and leaders, computed from past tasks, at the edge of each period."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from khcn.domains.programme.choices import TaskLevel
from khcn.domains.programme.rules.eligibility import (
    EligibilityThresholds,
    Leader,
    PastTask,
    host_bars,
    leader_bars,
)

CLOSING = date(2024, 6, 30)
P = TaskLevel.PROVINCIAL


@pytest.fixture(scope="module")
def thresholds(regime_a):
    return EligibilityThresholds.from_parameters(regime_a("eligibility."))


def clean(**changes):
    base = PastTask("t1", "KHCN-2021-01", P, ends_on=date(2023, 1, 31), dossier_submitted_on=date(2023, 2, 15))
    return replace(base, **changes)


def host_codes(thresholds, *tasks):
    return [bar.code for bar in host_bars(tasks, level=P, closing_on=CLOSING, thresholds=thresholds)]


def test_host_without_faults_is_free(thresholds):
    assert host_codes(thresholds) == []
    assert host_codes(thresholds, clean(registration_due_on=date(2023, 6, 1), registered_on=date(2023, 6, 30))) == []


def test_host_unregistered_result_bars_only_once_due_and_at_the_same_level(thresholds):
    owed = clean(registration_due_on=CLOSING - timedelta(days=1))

    assert host_codes(thresholds, owed) == ["registration"]
    assert host_codes(thresholds, clean(registration_due_on=CLOSING)) == []
    assert host_codes(thresholds, replace(owed, registered_on=CLOSING + timedelta(days=1))) == ["registration"]
    assert host_codes(thresholds, replace(owed, level=TaskLevel.NATIONAL)) == []


def test_host_missing_application_report_bars(thresholds):
    assert host_codes(thresholds, clean(application_report_due_on=date(2024, 1, 31))) == ["application_report"]


@pytest.mark.parametrize(("days", "barred"), [(30, False), (31, True)])
def test_host_dossier_more_than_thirty_days_late_bars(thresholds, days, barred):
    task = clean(ends_on=CLOSING - timedelta(days=days), dossier_submitted_on=None)

    assert host_codes(thresholds, task) == (["acceptance_dossier"] if barred else [])


def test_host_unpaid_recovery_bars_at_every_level(thresholds):
    assert host_codes(thresholds, clean(recovery_owed_vnd=1, level=TaskLevel.NATIONAL)) == ["host_recovery"]


@pytest.mark.parametrize(
    ("suspended_on", "barred"),
    [(date(2023, 7, 1), True), (date(2023, 6, 30), False), (date(2024, 6, 30), True), (date(2024, 7, 1), False)],
)
def test_host_suspension_bars_for_one_year(thresholds, suspended_on, barred):
    assert host_codes(thresholds, clean(suspended_on=suspended_on)) == (["host_suspended"] if barred else [])


def test_host_bar_names_task_source_and_evidence(thresholds):
    (bar,) = host_bars([clean(recovery_owed_vnd=5)], level=P, closing_on=CLOSING, thresholds=thresholds)

    assert bar.text == "Chưa hoàn trả đủ kinh phí phải thu hồi (nhiệm vụ KHCN-2021-01)."
    assert bar.citation == "TT 20/2023/TT-BKHCN, Điều 4 khoản 2 điểm d"
    assert bar.evidence == ("t1",)


GOOD = Leader(has_degree=True, active_since=date(2019, 6, 30), can_give_the_time=True)


def leader_codes(thresholds, leader=GOOD, *led, unpaid=()):
    return [
        bar.code
        for bar in leader_bars(leader, led, level=P, closing_on=CLOSING, thresholds=thresholds, unpaid_by_hosts=unpaid)
    ]


def test_leader_fit_is_free_and_five_years_are_counted_to_the_day(thresholds):
    assert leader_codes(thresholds) == []
    assert leader_codes(thresholds, replace(GOOD, active_since=date(2019, 7, 1))) == ["activity"]
    assert leader_codes(thresholds, Leader(False, None, False)) == ["degree", "activity", "time"]


def test_leader_of_a_running_task_of_the_level_is_barred(thresholds):
    running = clean(ends_on=date(2025, 1, 1), dossier_submitted_on=None, led_from=date(2023, 1, 1))

    assert leader_codes(thresholds, GOOD, running) == ["leads_already"]
    assert leader_codes(thresholds, GOOD, replace(running, level=TaskLevel.GRASSROOTS)) == []
    assert leader_codes(thresholds, GOOD, replace(running, led_until=date(2024, 6, 1))) == []
    assert leader_codes(thresholds, GOOD, replace(running, led_from=date(2024, 8, 1))) == []


@pytest.mark.parametrize(("suspended_on", "barred"), [(date(2021, 7, 1), True), (date(2021, 6, 30), False)])
def test_leader_suspension_bars_for_three_years(thresholds, suspended_on, barred):
    assert leader_codes(thresholds, GOOD, clean(suspended_on=suspended_on)) == (["leader_suspended"] if barred else [])


def test_leader_is_barred_by_the_unpaid_recovery_of_a_host(thresholds):
    assert leader_codes(thresholds, unpaid=(clean(recovery_owed_vnd=10),)) == ["leader_recovery"]


def test_leader_leads_on_the_closing_day_itself(thresholds):
    running = clean(ends_on=date(2025, 1, 1), dossier_submitted_on=None, led_from=CLOSING, led_until=CLOSING)

    assert leader_codes(thresholds, GOOD, running) == ["leads_already"]
    assert leader_codes(thresholds, GOOD, replace(running, led_from=date(2023, 1, 1))) == ["leads_already"]


def test_host_registered_on_the_closing_day_is_in_time(thresholds):
    assert host_codes(thresholds, clean(registration_due_on=date(2024, 1, 1), registered_on=CLOSING)) == []
