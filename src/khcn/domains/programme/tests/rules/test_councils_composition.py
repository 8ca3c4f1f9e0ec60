"""Who must sit, and who must be present."""

from dataclasses import replace

import pytest

from khcn.domains.programme.choices import CouncilKind, SeatRole
from khcn.domains.programme.rules.councils import (
    CompositionThresholds,
    Seat,
    composition_breaches,
    expert_team_breaches,
    quorum_breaches,
)

STANDARD = (SeatRole.CHAIR, SeatRole.VICE_CHAIR, SeatRole.SCI_SECRETARY, SeatRole.REVIEWER, SeatRole.REVIEWER)


@pytest.fixture(scope="module")
def thresholds(regime_a):
    return lambda kind: CompositionThresholds.from_parameters(kind, regime_a(""))


def council(size, *, present=None, scientists=6, sat_before=1):
    roles = [*STANDARD, *[SeatRole.MEMBER] * (size - len(STANDARD))]
    attending = size if present is None else present
    return [
        Seat(f"n{i}", role, present=i < attending, is_scientist=i < scientists, sat_before=i < sat_before)
        for i, role in enumerate(roles)
    ]


def texts(findings):
    return [finding.text for finding in findings]


@pytest.mark.parametrize(
    ("kind", "sizes"),
    [
        (CouncilKind.IDENTIFICATION, range(7, 12)),
        (CouncilKind.SELECTION, range(7, 10)),
        (CouncilKind.ACCEPTANCE, range(9, 10)),
    ],
)
def test_composition_size_within_the_circular_is_accepted_and_beyond_refused(thresholds, kind, sizes):
    for size in range(5, 14):
        found = composition_breaches(kind, council(size), thresholds(kind))
        assert (found == ()) == (size in sizes), (size, texts(found))


def test_composition_special_decision_lifts_figures_but_not_the_chair(thresholds):
    kind = CouncilKind.SELECTION
    headless = [replace(seat, role=SeatRole.MEMBER) for seat in council(5)]

    assert composition_breaches(kind, council(5), thresholds(kind), special_decision="QĐ 12/QĐ-SKHCN") == ()
    assert texts(composition_breaches(kind, headless, thresholds(kind), special_decision="QĐ 12")) == [
        "Phải có đúng một chủ tịch."
    ]


def test_composition_person_in_two_seats_and_missing_roles_are_named(thresholds):
    seats = council(9)
    seats[8] = replace(seats[8], person="n0")
    seats[1] = replace(seats[1], role=SeatRole.MEMBER)
    seats[3] = replace(seats[3], role=SeatRole.MEMBER)

    found = texts(composition_breaches(CouncilKind.SELECTION, seats, thresholds(CouncilKind.SELECTION)))

    assert found == [
        "n0 giữ hai vị trí trong cùng hội đồng.",
        "Phải có phó chủ tịch.",
        "Phải có 2 ủy viên phản biện; hiện có 1.",
    ]


def test_composition_acceptance_needs_six_scientists_and_one_earlier_member(thresholds):
    kind = CouncilKind.ACCEPTANCE

    found = texts(composition_breaches(kind, council(9, scientists=5, sat_before=0), thresholds(kind)))

    assert len(found) == 2
    assert "6 thành viên là chuyên gia" in found[0]
    assert "ít nhất 1 thành viên đã tham gia" in found[1]


def test_composition_administrative_secretary_is_not_a_member(thresholds):
    kind = CouncilKind.ACCEPTANCE
    seats = [*council(9), Seat("thư ký", SeatRole.ADMIN_SECRETARY, present=True)]

    assert composition_breaches(kind, seats, thresholds(kind)) == ()


def appraisal(**changes):
    seats = [
        Seat("a", SeatRole.TEAM_HEAD, present=True),
        Seat("b", SeatRole.TEAM_VICE, present=True),
        Seat("c", SeatRole.TEAM_MEMBER, present=True, is_fund_unit=True),
        Seat("d", SeatRole.TEAM_MEMBER, present=True, council_role=SeatRole.REVIEWER),
        Seat("e", SeatRole.TEAM_MEMBER, present=True),
    ]
    return [replace(seat, **changes.get(seat.person, {})) for seat in seats]


def test_appraisal_team_of_five_with_fund_unit_and_council_member(thresholds):
    kind = CouncilKind.BUDGET_APPRAISAL

    assert composition_breaches(kind, appraisal(), thresholds(kind)) == ()
    found = texts(
        composition_breaches(kind, appraisal(c={"is_fund_unit": False}, d={"council_role": None})[:4], thresholds(kind))
    )
    assert found == [
        "Số thành viên phải là 5; hiện có 4.",
        "Phải có đại diện đơn vị quản lý kinh phí.",
        "Phải có chủ tịch, phó chủ tịch hoặc ủy viên phản biện của hội đồng tư vấn.",
    ]


def test_appraisal_quorum_is_four_of_five_with_the_council_member(thresholds):
    kind = CouncilKind.BUDGET_APPRAISAL

    assert quorum_breaches(kind, appraisal(e={"present": False}), thresholds(kind)) == ()
    assert quorum_breaches(kind, appraisal(a={"present": False}), thresholds(kind)) == ()
    assert len(quorum_breaches(kind, appraisal(d={"present": False}), thresholds(kind))) == 1
    assert len(quorum_breaches(kind, appraisal(e={"present": False}, c={"present": False}), thresholds(kind))) == 1
    assert len(quorum_breaches(kind, appraisal(a={"present": False}, b={"present": False}), thresholds(kind))) == 2


@pytest.mark.parametrize(("size", "least"), [(7, 5), (8, 6), (9, 6)])
def test_quorum_is_two_thirds(thresholds, size, least):
    kind = CouncilKind.SELECTION

    assert quorum_breaches(kind, council(size, present=least), thresholds(kind)) == ()
    assert len(quorum_breaches(kind, council(size, present=least - 1), thresholds(kind))) >= 1


@pytest.mark.parametrize("kind", [CouncilKind.IDENTIFICATION, CouncilKind.SELECTION, CouncilKind.ACCEPTANCE])
def test_quorum_needs_both_reviewers_secretary_and_a_presiding_chair(thresholds, kind):
    def absent(index, **more):
        seats = council(9)
        seats[index] = replace(seats[index], present=False)
        if more:
            seats[1] = replace(seats[1], **more)
        return texts(quorum_breaches(kind, seats, thresholds(kind)))

    assert absent(0) == ["Phiên họp phải do chủ tịch, hoặc phó chủ tịch được ủy quyền bằng văn bản, chủ trì."]
    assert absent(0, authorised=True) == []
    assert absent(2) == ["Phiên họp phải có mặt ủy viên thư ký khoa học."]
    assert absent(3) == ["Phiên họp phải có mặt đủ các ủy viên phản biện."]


def test_expert_team_is_three_members_led_by_chair_or_vice():
    members = council(9)

    assert expert_team_breaches(members[:3], members, size=3, head="n1") == ()
    assert len(expert_team_breaches([*members[:2], Seat("x", SeatRole.EXPERT)], members, size=3, head="n5")) == 2
    assert len(expert_team_breaches(members[:2], members, size=3, head="n0")) == 1
