"""The table of adjustment rights and its limits."""

from datetime import date
from fractions import Fraction

import pytest

from khcn.domains.programme.choices import ChangeKind, LumpMode, PiChangeCause
from khcn.domains.programme.rules.adjustments import (
    RIGHTS,
    AdjustmentThresholds,
    Party,
    amount_breaches,
    extension_breaches,
    host_change_breaches,
    leader_change_breaches,
    right_breaches,
    right_to_adjust,
    shortening_breaches,
)
from khcn.domains.programme.rules.findings import Finding, sentences

FINAL, PARTIAL = LumpMode.FINAL_PRODUCT, LumpMode.PARTIAL


@pytest.fixture(scope="module")
def thresholds(regime_a):
    return AdjustmentThresholds.from_parameters(regime_a(""))


def test_table_covers_every_kind_and_both_modes():
    assert set(RIGHTS) == set(ChangeKind)
    assert all(set(cells) == {FINAL, PARTIAL} for cells in RIGHTS.values())
    assert all(right.citation for cells in RIGHTS.values() for right in cells.values())


@pytest.mark.parametrize("kind", [ChangeKind.NAME, ChangeKind.OBJECTIVE, ChangeKind.PRODUCT])
def test_name_objective_product_are_forbidden_or_need_council_and_orderer(kind):
    assert right_to_adjust(kind, FINAL).party is Party.FORBIDDEN
    partial = right_to_adjust(kind, PARTIAL)
    assert (partial.party, partial.council_required, partial.consent_required) == (Party.AUTHORITY, True, True)
    assert sentences(right_breaches(kind, FINAL)) == [
        f"Nhiệm vụ khoán chi đến sản phẩm cuối cùng không được điều chỉnh {kind.label.lower()}."
    ]
    assert right_breaches(kind, PARTIAL) == ()


@pytest.mark.parametrize(
    ("kind", "final", "partial"),
    [
        (ChangeKind.CONTENT, Party.HOST, Party.AUTHORITY),
        (ChangeKind.DURATION, Party.AUTHORITY, Party.AUTHORITY),
        (ChangeKind.PI, Party.HOST, Party.HOST),
        (ChangeKind.HOST, Party.AUTHORITY, Party.AUTHORITY),
        (ChangeKind.TEAM, Party.HOST, Party.HOST),
        (ChangeKind.MATERIALS, Party.HOST, Party.HOST),
        (ChangeKind.TRIP_CONTENT, Party.HOST, Party.HOST),
        (ChangeKind.TRIP_SCOPE, Party.AUTHORITY, Party.AUTHORITY),
        (ChangeKind.EQUIPMENT, Party.AUTHORITY, Party.AUTHORITY),
        (ChangeKind.NON_STATE_PLAN, Party.HOST, Party.HOST),
        (ChangeKind.LUMP_MODE, Party.FORBIDDEN, Party.FORBIDDEN),
        (ChangeKind.LUMP_TOTAL, Party.FORBIDDEN, Party.FORBIDDEN),
        (ChangeKind.OTHER, Party.AUTHORITY, Party.AUTHORITY),
    ],
)
def test_right_follows_the_circular(kind, final, partial):
    assert right_to_adjust(kind, FINAL).party is final
    assert right_to_adjust(kind, PARTIAL).party is partial
    assert right_to_adjust(kind, LumpMode.NONE) == right_to_adjust(kind, PARTIAL)


def test_only_a_new_leader_may_be_objected_to():
    objectionable = {kind for kind, cells in RIGHTS.items() for right in cells.values() if right.authority_may_object}

    assert objectionable == {ChangeKind.PI}


def extension(thresholds, **changes):
    facts = {
        "term_months": 24,
        "extra_months": 6,
        "earlier_extensions": 0,
        "ends_on": date(2024, 7, 31),
        "asked_on": date(2024, 6, 30),
        **changes,
    }
    return [item.code for item in extension_breaches(**facts, thresholds=thresholds)]


def test_extension_limits_at_their_edges(thresholds):
    assert extension(thresholds) == []
    assert extension(thresholds, extra_months=7) == ["length"]
    assert extension(thresholds, term_months=25, extra_months=12) == []
    assert extension(thresholds, term_months=25, extra_months=13) == ["length"]
    assert extension(thresholds, asked_on=date(2024, 7, 1)) == ["asked_late"]
    assert extension(thresholds, earlier_extensions=1) == ["times"]
    assert extension(thresholds, earlier_extensions=1, extra_months=9, asked_on=date(2024, 8, 1)) == [
        "times",
        "length",
        "asked_late",
    ]


def test_shortening_needs_two_thirds_done(thresholds):
    assert shortening_breaches(Fraction(2, 3), thresholds) == ()
    assert len(shortening_breaches(Fraction(666, 1000), thresholds)) == 1


def test_leader_change_needs_a_cause_a_long_absence_and_a_fit_successor(thresholds):
    def codes(cause, absent=None, bars=()):
        found = leader_change_breaches(cause, absent_months=absent, successor_bars=bars, thresholds=thresholds)
        return [item.code for item in found]

    assert codes(PiChangeCause.ILLNESS) == []
    assert codes(None) == ["cause"]
    assert codes(PiChangeCause.LONG_ASSIGNMENT, 7) == []
    assert codes(PiChangeCause.LONG_ASSIGNMENT, 6) == ["absence"]
    assert codes(PiChangeCause.LONG_ASSIGNMENT) == ["absence"]
    assert codes(PiChangeCause.DEATH) == []
    assert codes(PiChangeCause.DEATH, 6) == ["absence"]  # missing, not dead
    assert codes(PiChangeCause.OWN_REQUEST, bars=[Finding("degree", "Chưa có bằng.", "…", ("p",))]) == ["successor"]
    assert len(PiChangeCause) == 5


def test_host_change_needs_a_restructuring_decision():
    assert host_change_breaches(True, ()) == ()
    assert [item.code for item in host_change_breaches(False, ())] == ["restructuring"]


def test_amounts_materials_and_trips_may_not_grow_nor_non_state_money_fall():
    assert amount_breaches(ChangeKind.MATERIALS, before_vnd=100, after_vnd=100) == ()
    assert len(amount_breaches(ChangeKind.MATERIALS, before_vnd=100, after_vnd=101)) == 1
    assert len(amount_breaches(ChangeKind.TRIP_SCOPE, before_vnd=100, after_vnd=101)) == 1
    assert amount_breaches(ChangeKind.NON_STATE_PLAN, before_vnd=100, after_vnd=120) == ()
    assert len(amount_breaches(ChangeKind.NON_STATE_PLAN, before_vnd=100, after_vnd=99)) == 1


def test_amounts_left_as_they_were_are_no_breach():
    for kind in ChangeKind:
        assert amount_breaches(kind, before_vnd=100, after_vnd=100) == ()
