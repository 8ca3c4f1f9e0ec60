"""Rule sets resolve by date, borrow openly and pin a live file by policy."""

from dataclasses import replace
from datetime import date

import pytest

from khcn.domains.programme.choices import PinningPolicy, RuleStatus
from khcn.domains.programme.rules.rule_sets import NoRuleSet, ParameterUnknown, RuleBook


def test_resolve_inside_the_circulars_life_is_verified(book):
    found = book.resolve("A", "identification.pass_share", date(2024, 6, 1))

    assert found.value == "3/4"
    assert found.is_verified
    assert found.parameter.citation == "06/2023/TT-BKHCN, Điều 12 khoản 7"


def test_resolve_before_the_circular_gives_the_unverified_row(book):
    found = book.resolve("A", "identification.pass_share", date(2022, 6, 1))

    assert not found.is_verified
    assert found.parameter.status is RuleStatus.UNVERIFIED


def test_resolve_on_the_day_the_circular_begins_is_verified(book):
    assert not book.resolve("A", "selection.min_score", date(2023, 11, 26)).is_verified
    assert book.resolve("A", "selection.min_score", date(2023, 11, 27)).is_verified


def test_resolve_regime_without_the_figure_borrows_and_says_so(book):
    found = book.resolve("B", "acceptance.excellent_share", date(2025, 5, 1))

    assert found.value == "3/4"
    assert found.borrowed
    assert not found.is_verified


def test_resolve_unknown_key_raises_with_a_sentence(book):
    with pytest.raises(ParameterUnknown) as unknown:
        book.resolve("A", "norm.pi_month_max_vnd", date(2022, 1, 1))

    assert unknown.value.message == "Bộ quy tắc A chưa có tham số “norm.pi_month_max_vnd” áp dụng tại ngày 01/01/2022."


def test_resolve_provincial_decision_overrides_the_national_figure(book):
    national = book.resolve("A", "selection.min_score", date(2024, 6, 1)).parameter
    own = replace(
        national, value="65", status=RuleStatus.PROVINCIAL, citation="QĐ 01/2024/QĐ-UBND", valid_from=date(2023, 1, 1)
    )
    provincial = RuleBook(book.rule_sets, (*book.parameters, own), book.clocks)

    assert provincial.resolve("A", "selection.min_score", date(2024, 6, 1)).value == "65"


def test_in_force_level_and_date_choose_the_regime(book):
    assert book.in_force("provincial", date(2024, 1, 1)).code == "A"
    assert book.in_force("provincial", date(2025, 2, 10)).code == "B"
    assert book.in_force("national", date(2025, 2, 10)).code == "A"
    assert book.in_force("provincial", date(2025, 10, 1)).code == "C"
    with pytest.raises(NoRuleSet, match="cấp tỉnh"):
        book.in_force("provincial", date(2013, 1, 1))


def test_pinned_task_approved_before_the_new_law_stays_under_the_old(book):
    dates = {"filed_on": date(2024, 3, 1), "today": date(2026, 1, 1)}

    assert book.pinned("provincial", approved_on=date(2024, 9, 1), **dates).code == "A"
    assert book.pinned("provincial", approved_on=date(2025, 9, 30), **dates).code == "B"
    assert book.pinned("provincial", approved_on=None, **dates).code == "C"
    assert book.pinned("provincial", approved_on=date(2025, 10, 1), **dates).code == "C"


@pytest.mark.parametrize(
    ("policy", "approved_on", "expected"),
    [
        (PinningPolicy.AT_FILING, None, "A"),
        (PinningPolicy.AT_APPROVAL, date(2025, 3, 1), "B"),
        (PinningPolicy.AT_APPROVAL, None, "C"),
        (PinningPolicy.NEW_RULE_IF_UNAPPROVED, None, "C"),
    ],
)
def test_pinned_follows_the_policy_of_the_set_now_in_force(book, policy, approved_on, expected):
    sets = tuple(replace(item, pinning_policy=policy) if item.code == "C" else item for item in book.rule_sets)
    other = RuleBook(sets, book.parameters, book.clocks)

    pinned = other.pinned("provincial", filed_on=date(2024, 3, 1), approved_on=approved_on, today=date(2026, 1, 1))

    assert pinned.code == expected
