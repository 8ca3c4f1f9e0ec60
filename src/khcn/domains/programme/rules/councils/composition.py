"""Who must sit in a council or appraisal team, and who must be present for it to work.

Conflicts of interest are in `conflicts`; how ballots are counted in the sibling modules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ...choices import CouncilKind, SeatRole
from ..findings import Finding
from .exact import exact

_CITATIONS: Final = {
    CouncilKind.IDENTIFICATION: "TT 06/2023/TT-BKHCN, Điều 10 khoản 2",
    CouncilKind.SELECTION: "TT 20/2023/TT-BKHCN, Điều 8 khoản 1",
    CouncilKind.BUDGET_APPRAISAL: "TT 20/2023/TT-BKHCN, Điều 8 khoản 4",
    CouncilKind.ACCEPTANCE: "TT 11/2014/TT-BKHCN, Điều 9 khoản 3",
    CouncilKind.CHANGE: "NĐ 08/2014/NĐ-CP, Điều 32 khoản 2",
}
_QUORUM_CITATIONS: Final = {
    CouncilKind.IDENTIFICATION: "TT 06/2023/TT-BKHCN, Điều 11 khoản 2",
    CouncilKind.SELECTION: "TT 20/2023/TT-BKHCN, Điều 10 khoản 2; NĐ 08/2014/NĐ-CP, Điều 33 khoản 1",
    CouncilKind.BUDGET_APPRAISAL: "TT 20/2023/TT-BKHCN, Điều 13 khoản 1",
    CouncilKind.ACCEPTANCE: "TT 11/2014/TT-BKHCN, Điều 10 khoản 2",
    CouncilKind.CHANGE: "NĐ 08/2014/NĐ-CP, Điều 33 khoản 1",
}
_NOT_MEMBERS: Final = (SeatRole.ADMIN_SECRETARY, SeatRole.EXPERT)
_FROM_COUNCIL: Final = (SeatRole.CHAIR, SeatRole.VICE_CHAIR, SeatRole.REVIEWER)


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat. council_role: for an appraisal team, the role its holder has in the selection council, else None.

    authorised: the chair's written authority to preside. is_scientist, sat_before, is_fund_unit: facts on the holder.
    """

    person: str
    role: SeatRole
    present: bool = False
    authorised: bool = False
    is_scientist: bool = False
    sat_before: bool = False
    is_fund_unit: bool = False
    council_role: SeatRole | None = None


@dataclass(frozen=True, slots=True)
class CompositionThresholds:
    """The figures for one kind: sizes, reviewers, quorum; scientists and earlier members only at acceptance."""

    size_min: int
    size_max: int
    reviewers: int
    quorum_share: Fraction
    quorum_reviewers: bool
    quorum_secretary: bool
    scientists: int = 0
    earlier_members_min: int = 0

    @classmethod
    def from_parameters(cls, kind: CouncilKind, values: Mapping[str, str]) -> CompositionThresholds:
        """Read them from resolved parameters `<kind>.*` (and `appraisal.*`). Raises KeyError for a missing one."""
        if kind is CouncilKind.BUDGET_APPRAISAL:
            size = int(values["appraisal.size"])
            return cls(size, size, 0, exact(values["appraisal.quorum_share"]), False, False)
        exact_size = values.get(f"{kind}.size")
        return cls(
            size_min=int(exact_size or values[f"{kind}.size_min"]),
            size_max=int(exact_size or values[f"{kind}.size_max"]),
            reviewers=int(values[f"{kind}.reviewers"]),
            quorum_share=exact(values[f"{kind}.quorum_share"]),
            quorum_reviewers=values[f"{kind}.quorum_reviewers"] == "yes",
            quorum_secretary=values[f"{kind}.quorum_secretary"] == "yes",
            scientists=int(values.get(f"{kind}.scientists", 0)),
            earlier_members_min=int(values.get(f"{kind}.earlier_council_members_min", 0)),
        )


def composition_breaches(
    kind: CouncilKind, seats: Sequence[Seat], thresholds: CompositionThresholds, *, special_decision: str = ""
) -> tuple[Finding, ...]:
    """Return what is wrong with a proposed council, empty when nothing is.

    special_decision: number of the decision by which the head sets another number or composition (TT 06/2023 Điều 10
    khoản 4, TT 20/2023 Điều 8 khoản 8, TT 11/2014 Điều 9 khoản 6); it lifts the figures, never the chair or a double
    seat. The administrative secretary and outside experts are not members. A council with several proposals is checked
    once per proposal, with the two reviewers of that proposal.
    """
    members = [seat for seat in seats if seat.role not in _NOT_MEMBERS]
    citation = _CITATIONS[kind]
    texts = _always_required(kind, members)
    if not special_decision:
        texts += _figures(kind, members, thresholds)
    return tuple(Finding("composition", text, citation) for text in texts)


def expert_team_breaches(team: Sequence[Seat], members: Sequence[Seat], *, size: int, head: str) -> tuple[Finding, ...]:
    """Return what is wrong with the expert team of an acceptance council with measurable products.

    The team has `size` people, all of them members of the council, headed by its chair or vice-chair.
    Source: TT 11/2014/TT-BKHCN, Điều 9 khoản 2, 4.
    """
    citation = "TT 11/2014/TT-BKHCN, Điều 9 khoản 4"
    sitting = {seat.person for seat in members if seat.role not in _NOT_MEMBERS}
    leading = {seat.person for seat in members if seat.role in (SeatRole.CHAIR, SeatRole.VICE_CHAIR)}
    texts = []
    if len(team) != size:
        texts.append(f"Tổ chuyên gia phải có {size} thành viên; hiện có {len(team)}.")
    if any(seat.person not in sitting for seat in team):
        texts.append("Thành viên tổ chuyên gia phải là thành viên hội đồng.")
    if head not in leading:
        texts.append("Tổ trưởng tổ chuyên gia phải là chủ tịch hoặc phó chủ tịch hội đồng.")
    return tuple(Finding("expert_team", text, citation) for text in texts)


def quorum_breaches(kind: CouncilKind, seats: Sequence[Seat], thresholds: CompositionThresholds) -> tuple[Finding, ...]:
    """Return why a session may not open, empty when it may.

    At least `quorum_share` of the members, the chair or an authorised vice-chair, and per kind every reviewer and the
    scientific secretary; an appraisal team needs one who sits in the council as chair, vice-chair or reviewer, and its
    head or vice-head. Source: NĐ 08/2014/NĐ-CP, Điều 33 khoản 1 and the circular of each kind.
    """
    members = [seat for seat in seats if seat.role not in _NOT_MEMBERS]
    present = [seat for seat in members if seat.present]
    texts = []
    if not members or len(present) < thresholds.quorum_share * len(members):
        texts.append(
            f"Phiên họp phải có mặt ít nhất {thresholds.quorum_share} số thành viên; "
            f"hiện có {len(present)}/{len(members)}."
        )
    if kind is CouncilKind.BUDGET_APPRAISAL:
        if not any(seat.role in (SeatRole.TEAM_HEAD, SeatRole.TEAM_VICE) for seat in present):
            texts.append("Phiên họp phải do tổ trưởng hoặc tổ phó chủ trì.")
        if not any(seat.council_role in _FROM_COUNCIL for seat in present):
            texts.append("Phiên họp phải có chủ tịch, phó chủ tịch hoặc ủy viên phản biện của hội đồng.")
    else:
        texts += _presiding_and_reviewing(members, present, thresholds)
    return tuple(Finding("quorum", text, _QUORUM_CITATIONS[kind]) for text in texts)


def _presiding_and_reviewing(
    members: Sequence[Seat], present: Sequence[Seat], thresholds: CompositionThresholds
) -> list[str]:
    texts = []
    chair = any(seat.role is SeatRole.CHAIR for seat in present)
    vice = any(seat.role is SeatRole.VICE_CHAIR and seat.authorised for seat in present)
    if not chair and not vice:
        texts.append("Phiên họp phải do chủ tịch, hoặc phó chủ tịch được ủy quyền bằng văn bản, chủ trì.")
    if thresholds.quorum_reviewers and any(seat.role is SeatRole.REVIEWER and not seat.present for seat in members):
        texts.append("Phiên họp phải có mặt đủ các ủy viên phản biện.")
    if thresholds.quorum_secretary and not any(seat.role is SeatRole.SCI_SECRETARY for seat in present):
        texts.append("Phiên họp phải có mặt ủy viên thư ký khoa học.")
    return texts


def _always_required(kind: CouncilKind, members: Sequence[Seat]) -> list[str]:
    texts = [
        f"{person} giữ hai vị trí trong cùng hội đồng."
        for person, count in Counter(seat.person for seat in members).items()
        if count > 1
    ]
    head = SeatRole.TEAM_HEAD if kind is CouncilKind.BUDGET_APPRAISAL else SeatRole.CHAIR
    if sum(seat.role is head for seat in members) != 1:
        texts.append(f"Phải có đúng một {head.label.lower()}.")
    return texts


def _figures(kind: CouncilKind, members: Sequence[Seat], thresholds: CompositionThresholds) -> list[str]:
    texts = []
    if not thresholds.size_min <= len(members) <= thresholds.size_max:
        wanted = (
            str(thresholds.size_min)
            if thresholds.size_min == thresholds.size_max
            else f"từ {thresholds.size_min} đến {thresholds.size_max}"
        )
        texts.append(f"Số thành viên phải là {wanted}; hiện có {len(members)}.")
    roles = Counter(seat.role for seat in members)
    if kind is CouncilKind.BUDGET_APPRAISAL:
        if roles[SeatRole.TEAM_VICE] != 1:
            texts.append("Phải có một tổ phó là đại diện đơn vị kế hoạch, tài chính.")
        if not any(seat.is_fund_unit for seat in members):
            texts.append("Phải có đại diện đơn vị quản lý kinh phí.")
        if not any(seat.council_role in _FROM_COUNCIL for seat in members):
            texts.append("Phải có chủ tịch, phó chủ tịch hoặc ủy viên phản biện của hội đồng tư vấn.")
        return texts
    if roles[SeatRole.VICE_CHAIR] < 1:
        texts.append("Phải có phó chủ tịch.")
    if roles[SeatRole.SCI_SECRETARY] != 1:
        texts.append("Phải có một ủy viên thư ký khoa học.")
    if roles[SeatRole.REVIEWER] != thresholds.reviewers:
        texts.append(f"Phải có {thresholds.reviewers} ủy viên phản biện; hiện có {roles[SeatRole.REVIEWER]}.")
    if sum(seat.is_scientist for seat in members) < thresholds.scientists:
        texts.append(f"Phải có {thresholds.scientists} thành viên là chuyên gia khoa học và công nghệ.")
    if sum(seat.sat_before for seat in members) < thresholds.earlier_members_min:
        texts.append(
            f"Phải có ít nhất {thresholds.earlier_members_min} thành viên đã tham gia hội đồng xác định nhiệm vụ "
            "hoặc tuyển chọn, giao trực tiếp."
        )
    return texts
