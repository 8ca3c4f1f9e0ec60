"""People who sit on the tests' councils, and a council taken through its steps by the real services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from khcn.domains.programme.choices import CouncilKind, SeatRole
from khcn.domains.programme.queries.councils.sheets import IDENTIFICATION_ITEMS
from khcn.domains.programme.services import councils
from khcn.domains.programme.tests.pipeline.conftest import appoint
from khcn.kernel.orgs.models import Organisation, User
from khcn.kernel.orgs.queries import actor_for
from khcn.kernel.procedures.models import Council, Seat
from khcn.kernel.procedures.services import declare_no_conflict, send_review, sign_as_secretary
from khcn.lib.actor import Actor
from khcn.lib.dates import VIETNAM

NINE = (
    SeatRole.CHAIR, SeatRole.VICE_CHAIR, SeatRole.REVIEWER, SeatRole.REVIEWER, SeatRole.SCI_SECRETARY,
    SeatRole.MEMBER, SeatRole.MEMBER, SeatRole.MEMBER, SeatRole.MEMBER,
)  # fmt: skip
TEAM = (SeatRole.TEAM_HEAD, SeatRole.TEAM_VICE, SeatRole.TEAM_MEMBER, SeatRole.TEAM_MEMBER, SeatRole.TEAM_MEMBER)


@dataclass
class Bench:
    """A council with the accounts of its members, in the order of their seats."""

    cast: Any
    council: Council
    users: list[User] = field(default_factory=list)
    on: date = date(2024, 3, 4)

    @property
    def now(self) -> Council:
        return Council.objects.get(pk=self.council.pk)

    @property
    def lines(self) -> list[Any]:
        return list(self.now.subjects.order_by("id"))

    def actor(self, index: int) -> Actor:
        return actor_for(self.users[index], on=self.on)

    def seat(self, index: int) -> Seat:
        return Seat.objects.get(council=self.council, person=self.users[index].person)

    def established(self) -> Bench:
        councils.establish(by=self.cast.director, council=self.now, decision_number="31/QĐ-SKHCN", on=self.on)
        return self

    def called(self) -> Bench:
        meets_at = datetime.combine(self.on + timedelta(days=14), datetime.min.time(), VIETNAM).replace(hour=8)
        councils.send_call(by=self.cast.secretary, council=self.now, sent_on=self.on, meets_at=meets_at, venue="P. 201")
        return self

    def prepared(self, writers: tuple[int, ...] = ()) -> Bench:
        for index in range(len(self.users)):
            declare_no_conflict(by=self.actor(index), seat=self.seat(index))
        for index in writers:
            for line in self.lines:
                send_review(by=self.actor(index), seat=self.seat(index), subject=line, body={"contents": "Nhất trí."})
        return self

    def opened(self, absent: tuple[int, ...] = ()) -> Bench:
        present = [self.seat(index).uid for index in range(len(self.users)) if index not in absent]
        councils.open_meeting(by=self.cast.secretary, council=self.now, present=present, on=self.on)
        return self

    def vote(self, index: int, content: dict[str, Any], line: int = 0) -> None:
        councils.cast(
            by=self.actor(index), seat=self.seat(index), subject=self.lines[line], content=content, on=self.on
        )

    def counted(self) -> Bench:
        councils.seal(by=self.cast.secretary, council=self.now, on=self.on)
        councils.count(by=self.cast.secretary, council=self.now, on=self.on)
        return self

    def signed(self, conclusion: str = "Hội đồng thống nhất kết quả.", secretary: int | None = 4) -> Bench:
        if secretary is not None:
            sign_as_secretary(by=self.actor(secretary), council=self.now)
        councils.sign(by=self.actor(0), council=self.now, conclusion=conclusion, on=self.on)
        return self

    def closed(self, **given: Any) -> Bench:
        councils.close(by=self.cast.secretary, council=self.now, on=self.on, **given)
        return self


def drafted(cast: Any, kind: CouncilKind, records: list[Any], on: date, roles: Any = NINE) -> Bench:
    """A draft with everybody seated; all members are scientists of an academy that applies for nothing."""
    council = councils.create_council(by=cast.specialist, kind=kind, records=records, on=on)
    academy = Organisation.objects.create(code=f"HV-{council.pk}", name=f"Học viện số {council.pk}")
    bench = Bench(cast, council, on=on)
    for number, role in enumerate(roles, start=1):
        user = appoint(f"Trần Thị Ủy Viên {number}", academy, username=f"uv-{council.pk}-{number}")
        user.person.is_expert = True
        user.person.save()
        councils.seat_member(by=cast.specialist, council=bench.now, person=user.person, role=role, on=on)
        bench.users.append(user)
    return bench


def verdicts(passes: bool) -> dict[str, Any]:
    """An identification ballot: all items pass, or the first one fails."""
    items = dict.fromkeys(IDENTIFICATION_ITEMS, "pass")
    if not passes:
        items["urgency"] = "fail"
    return {"items": items}
