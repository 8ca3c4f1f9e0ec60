"""Conflicts of interest per kind of council and seat."""

import pytest

from khcn.domains.programme.choices import ConflictKind, CouncilKind, RelationKind, SeatRole, WorkTitle
from khcn.domains.programme.rules.conflicts import Candidate, Kinship, Participant, Party, find_conflicts

PARTY = Party(
    host="host",
    host_name="Viện Nông nghiệp",
    partners=(("partner", "Công ty Xanh"),),
    participants=(
        Participant("pi", "Nguyễn Văn An", WorkTitle.PI),
        Participant("sec", "Trần Thị Bình", WorkTitle.SECRETARY),
        Participant("main", "Lê Cường", WorkTitle.MAIN_MEMBER),
        Participant("member", "Phạm Dung", WorkTitle.MEMBER),
    ),
)


def kinds(council, candidate, role=SeatRole.MEMBER, parties=(PARTY,)):
    return [conflict.kind for conflict in find_conflicts(council, role, candidate, parties)]


def kin(relative, tie=RelationKind.SIBLING):
    return Candidate("x", kinships=(Kinship(relative, tie),))


def test_selection_stranger_has_no_conflict():
    assert kinds(CouncilKind.SELECTION, Candidate("x", frozenset({"elsewhere"}))) == []


@pytest.mark.parametrize("council", [CouncilKind.SELECTION, CouncilKind.BUDGET_APPRAISAL])
def test_selection_applicant_staff_and_partner_staff_are_blocked(council):
    assert kinds(council, Candidate("member")) == [ConflictKind.APPLICANT]
    assert kinds(council, Candidate("x", frozenset({"host"}))) == [ConflictKind.EMPLOYEE]
    assert kinds(council, Candidate("x", frozenset({"partner"}))) == [ConflictKind.EMPLOYEE]


@pytest.mark.parametrize(
    ("relative", "at_selection", "at_acceptance"),
    [("pi", True, True), ("main", True, True), ("sec", True, False), ("member", False, False)],
)
def test_kinship_counts_for_the_titles_that_each_circular_names(relative, at_selection, at_acceptance):
    for tie in (RelationKind.SPOUSE, RelationKind.PARENT, RelationKind.CHILD, RelationKind.SIBLING):
        assert bool(kinds(CouncilKind.SELECTION, kin(relative, tie))) is at_selection
        assert bool(kinds(CouncilKind.ACCEPTANCE, kin(relative, tie))) is at_acceptance


def test_selection_is_tested_against_every_registered_dossier():
    other = Party("other", "Trường Đại học", (), (Participant("rival", "Vũ Giang", WorkTitle.PI),))

    assert kinds(CouncilKind.SELECTION, kin("rival"), parties=(PARTY, other)) == [ConflictKind.KINSHIP]


@pytest.mark.parametrize(
    ("role", "blocked"),
    [
        (SeatRole.MEMBER, False),
        (SeatRole.CHAIR, True),
        (SeatRole.VICE_CHAIR, True),
        (SeatRole.REVIEWER, True),
        (SeatRole.SCI_SECRETARY, True),
    ],
)
def test_acceptance_host_staff_may_sit_but_not_lead_review_or_record(role, blocked):
    found = kinds(CouncilKind.ACCEPTANCE, Candidate("x", frozenset({"host"})), role)

    assert found == ([ConflictKind.RESERVED_SEAT] if blocked else [])


def test_record_and_bias_block_with_reason_and_citation():
    candidate = Candidate("x", under_sanction=True, under_prosecution=True, bias_evidence="đã công khai bác bỏ")

    found = find_conflicts(CouncilKind.SELECTION, SeatRole.MEMBER, candidate, (PARTY,))

    assert [item.kind for item in found] == [
        ConflictKind.EVIDENT_BIAS,
        ConflictKind.SANCTIONED,
        ConflictKind.CONVICTED,
    ]
    assert found[0].reason == "Có căn cứ không vô tư, khách quan: đã công khai bác bỏ."
    assert found[1].citation == "TT 20/2023/TT-BKHCN, Điều 8 khoản 2 điểm e"


def test_identification_only_evident_bias_blocks():
    assert kinds(CouncilKind.IDENTIFICATION, Candidate("pi", frozenset({"host"}))) == []
    assert kinds(CouncilKind.IDENTIFICATION, Candidate("x", bias_evidence="…")) == [ConflictKind.EVIDENT_BIAS]


def test_kinship_reason_is_a_whole_sentence():
    (found,) = find_conflicts(CouncilKind.SELECTION, SeatRole.MEMBER, kin("pi", RelationKind.SPOUSE), (PARTY,))

    assert found.reason == "Nguyễn Văn An (chủ nhiệm nhiệm vụ) là vợ, chồng của người được đề cử."


def test_citations_stand_in_the_circulars(law_folder):
    selection = (law_folder / "20_2023_TT-BKHCN.txt").read_text(encoding="utf-8")
    acceptance = (law_folder / "11_2014_TT-BKHCN.txt").read_text(encoding="utf-8")

    assert (
        "đ) Vợ hoặc chồng, bố, mẹ, con, anh, chị, em ruột của chủ nhiệm, thư ký khoa học và thành viên chính"
        in selection
    )
    assert "c) Vợ hoặc chồng, bố, mẹ, con, anh, chị, em ruột của chủ nhiệm, thành viên chính" in acceptance
    assert "không được làm chủ tịch, phó chủ tịch, ủy viên phản biện, ủy viên thư ký khoa học" in acceptance
