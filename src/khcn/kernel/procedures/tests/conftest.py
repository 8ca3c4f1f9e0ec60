"""A council of three voters and an administrative secretary, at any state a test asks for."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.services import register_document
from khcn.kernel.procedures.models import Council, CouncilSubject, Seat
from khcn.kernel.procedures.rules import Verdict
from khcn.kernel.procedures.services import (
    add_seat,
    add_subject,
    cast_ballot,
    declare_no_conflict,
    draft_council,
    establish_council,
    open_session,
    seal_ballots,
    send_papers,
)
from khcn.lib.actor import Actor
from khcn.lib.roles import Role

HOLDS = Verdict(True, trace=({"rule": "test.always", "outcome": {"passed": True}},))
ORDER = ["drafted", "established", "papers_sent", "in_session", "ballots_sealed"]


@dataclass
class Scene:
    """A council with everybody around it. voters: actors by seat role."""

    secretary: Actor
    director: Actor
    council: Council
    voters: dict[str, Actor] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    subjects: list[CouncilSubject] = field(default_factory=list)
    papers: list[Any] = field(default_factory=list)

    def fresh(self) -> Council:
        """The council as stored."""
        return Council.objects.get(pk=self.council.pk)

    def vote(self, role: str, subject: CouncilSubject | None = None, **content: Any):
        """The member with the role casts a ballot."""
        return cast_ballot(
            by=self.voters[role], seat=self.seats[role], subject=subject or self.subjects[0], content=content
        )

    def reach(self, state: str) -> Council:
        """Take the council on to the state with everything in order."""
        for target in ORDER[ORDER.index(self.fresh().state) + 1 : ORDER.index(state) + 1]:
            getattr(self, f"_to_{target}")()
        return self.fresh()

    def _to_established(self) -> None:
        establish_council(
            by=self.director, council=self.fresh(), decision_number="12/QĐ-SKHCN", established_on=date(2023, 5, 16)
        )

    def _to_papers_sent(self) -> None:
        send_papers(
            by=self.secretary, council=self.fresh(), sent_on=date(2023, 5, 17), documents=self.papers,
            meets_at=datetime(2023, 6, 1, 1, tzinfo=UTC),
        )  # fmt: skip

    def _to_in_session(self) -> None:
        for role, voter in self.voters.items():
            declare_no_conflict(by=voter, seat=Seat.objects.get(pk=self.seats[role].pk))
        open_session(
            by=self.secretary, council=self.fresh(), present=[seat.uid for seat in self.seats.values()], quorum=HOLDS
        )

    def _to_ballots_sealed(self) -> None:
        for subject in self.subjects:
            for number, role in enumerate(self.voters):
                self.vote(role, subject, points=80 + number)
        seal_ballots(by=self.secretary, council=self.fresh())


@pytest.fixture
def scene(cast) -> Scene:
    """A drafted council with a chair, a reviewer and a secretary, judging two organisations as stand-in records."""
    secretary, director = cast.actor(Role.ADMIN_SECRETARY), cast.actor(Role.DIRECTOR)
    council = draft_council(by=secretary, kind="trial", title="Hội đồng thử", rule_set="A")
    made = Scene(secretary=secretary, director=director, council=council)
    for role in ("chair", "reviewer", "sci_secretary"):
        person = cast.person()
        made.voters[role] = cast.actor(person=person)
        made.seats[role] = add_seat(by=secretary, council=council, person=person, role=role)
    for name in ("Hồ sơ thứ nhất", "Hồ sơ thứ hai"):
        made.subjects.append(add_subject(by=secretary, council=council, subject=cast.organisation(name)))
    made.papers = [
        register_document(
            by=secretary, kind=next(iter(DocumentKind)), title="Tài liệu họp", content=b"noi dung",
            filename="tai-lieu.txt", media_type="text/plain",
        )
    ]  # fmt: skip
    return made
