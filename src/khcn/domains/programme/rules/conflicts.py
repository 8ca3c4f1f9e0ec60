"""Conflicts of interest that keep a person out of a council; they block, they do not warn.

What is known of a person's jobs and family is passed in as of the day of the act; nothing is looked up here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..choices import ConflictKind, CouncilKind, RelationKind, SeatRole, WorkTitle

_SELECTION: Final = "TT 20/2023/TT-BKHCN, Điều 8 khoản 2 điểm {}"
_ACCEPTANCE: Final = "TT 11/2014/TT-BKHCN, Điều 9 khoản {}"
_KIN_TITLES: Final = {
    CouncilKind.SELECTION: (WorkTitle.PI, WorkTitle.SECRETARY, WorkTitle.MAIN_MEMBER),
    CouncilKind.ACCEPTANCE: (WorkTitle.PI, WorkTitle.MAIN_MEMBER),
}
#: Seats that the host's own staff may not take at acceptance. Source: TT 11/2014/TT-BKHCN, Điều 9 khoản 3 điểm b.
RESERVED_AT_ACCEPTANCE: Final = (SeatRole.CHAIR, SeatRole.VICE_CHAIR, SeatRole.REVIEWER, SeatRole.SCI_SECRETARY)
_KIN: Final = (RelationKind.SPOUSE, RelationKind.PARENT, RelationKind.CHILD, RelationKind.SIBLING)


@dataclass(frozen=True, slots=True)
class Kinship:
    """A declared or known family tie: `relative` is the candidate's spouse, parent, child or sibling."""

    relative: str
    kind: RelationKind


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person proposed for a seat, with what is known on the day. employers: ids of the organisations of work.

    bias_evidence: what shows clear partiality, or "". under_sanction: an unserved administrative sanction in S&T.
    under_prosecution: prosecuted, or convicted and not yet cleared.
    """

    person: str
    employers: frozenset[str] = frozenset()
    kinships: tuple[Kinship, ...] = ()
    under_sanction: bool = False
    under_prosecution: bool = False
    bias_evidence: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """A person who takes part in the task or asks to."""

    person: str
    name: str
    title: WorkTitle


@dataclass(frozen=True, slots=True)
class Party:
    """One dossier or task before the council: its host, partners and people. A selection council meets all dossiers."""

    host: str
    host_name: str
    partners: tuple[tuple[str, str], ...] = ()
    participants: tuple[Participant, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why the person may not take the seat: kind, whole Vietnamese sentence, source."""

    kind: ConflictKind
    reason: str
    citation: str


def find_conflicts(
    kind: CouncilKind, role: SeatRole, candidate: Candidate, parties: Sequence[Party]
) -> tuple[Conflict, ...]:
    """Return every reason why `candidate` may not take the seat `role`, empty when there is none.

    Selection councils and appraisal teams follow TT 20/2023 Điều 8 khoản 2 against every dossier registered; acceptance
    and change councils TT 11/2014 Điều 9 khoản 3, 5, where the host's staff may sit but not preside, review or keep the
    record. TT 06/2023 names no exclusion for identification, so only evident partiality blocks there (Điều 11 khoản 5).
    """
    if kind is CouncilKind.IDENTIFICATION:
        return tuple(_bias(candidate, "TT 06/2023/TT-BKHCN, Điều 11 khoản 5"))
    if kind in (CouncilKind.SELECTION, CouncilKind.BUDGET_APPRAISAL):
        return tuple(_at_selection(candidate, parties))
    return tuple(_at_acceptance(role, candidate, parties))


def _at_selection(candidate: Candidate, parties: Sequence[Party]) -> Iterable[Conflict]:
    for party in parties:
        if any(item.person == candidate.person for item in party.participants):
            yield Conflict(
                ConflictKind.APPLICANT, "Là cá nhân đăng ký tham gia thực hiện nhiệm vụ.", _SELECTION.format("a")
            )
        if party.host in candidate.employers:
            yield Conflict(
                ConflictKind.EMPLOYEE,
                f"Đang công tác tại {party.host_name}, tổ chức đăng ký chủ trì.",
                _SELECTION.format("b"),
            )
        yield from _partner_staff(candidate, party)
        yield from _kin(candidate, party, CouncilKind.SELECTION, _SELECTION.format("đ"))
    yield from _bias(candidate, _SELECTION.format("d"))
    yield from _record(candidate, _SELECTION.format("e"))


def _at_acceptance(role: SeatRole, candidate: Candidate, parties: Sequence[Party]) -> Iterable[Conflict]:
    for party in parties:
        if any(item.person == candidate.person for item in party.participants):
            yield Conflict(
                ConflictKind.APPLICANT, "Là người tham gia thực hiện nhiệm vụ.", _ACCEPTANCE.format("5 điểm a")
            )
        if party.host in candidate.employers and role in RESERVED_AT_ACCEPTANCE:
            yield Conflict(
                ConflictKind.RESERVED_SEAT,
                f"Người của tổ chức chủ trì {party.host_name} không được làm {role.label.lower()}.",
                _ACCEPTANCE.format("3 điểm b"),
            )
        yield from _kin(candidate, party, CouncilKind.ACCEPTANCE, _ACCEPTANCE.format("5 điểm c"))
    yield from _bias(candidate, _ACCEPTANCE.format("5 điểm d"))
    yield from _record(candidate, _ACCEPTANCE.format("5 điểm b"))


def _partner_staff(candidate: Candidate, party: Party) -> Iterable[Conflict]:
    for organisation, name in party.partners:
        if organisation in candidate.employers:
            yield Conflict(
                ConflictKind.EMPLOYEE,
                f"Đang công tác tại {name}, tổ chức đăng ký phối hợp thực hiện.",
                _SELECTION.format("c"),
            )


def _kin(candidate: Candidate, party: Party, kind: CouncilKind, citation: str) -> Iterable[Conflict]:
    titles = {item.person: item for item in party.participants if item.title in _KIN_TITLES[kind]}
    for tie in candidate.kinships:
        relative = titles.get(tie.relative)
        if relative is not None and tie.kind in _KIN:
            yield Conflict(
                ConflictKind.KINSHIP,
                f"{relative.name} ({relative.title.label.lower()}) là {tie.kind.label.lower()} của người được đề cử.",
                citation,
            )


def _bias(candidate: Candidate, citation: str) -> Iterable[Conflict]:
    if candidate.bias_evidence:
        yield Conflict(
            ConflictKind.EVIDENT_BIAS, f"Có căn cứ không vô tư, khách quan: {candidate.bias_evidence}.", citation
        )


def _record(candidate: Candidate, citation: str) -> Iterable[Conflict]:
    if candidate.under_sanction:
        yield Conflict(
            ConflictKind.SANCTIONED,
            "Chưa chấp hành xong quyết định xử phạt vi phạm hành chính về khoa học và công nghệ.",
            citation,
        )
    if candidate.under_prosecution:
        yield Conflict(
            ConflictKind.CONVICTED, "Đang bị truy cứu trách nhiệm hình sự hoặc chưa được xóa án tích.", citation
        )
