"""Reads councils: seats, turnout, reviews and opened ballots, each cut to what the reader may see."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khcn.kernel.procedures.choices import CouncilState
from khcn.kernel.procedures.models import Ballot, Council, CouncilSubject, Review, Seat, TransitionRecord
from khcn.kernel.procedures.permissions import may_read_ballots, may_read_reviews, own_seat
from khcn.kernel.procedures.rules import OPENED_STATES
from khcn.lib.actor import Actor


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many ballots one subject has of those expected; never what they say."""

    subject_uid: UUID
    label: str
    cast: int
    expected: int


def council_of(uid: UUID) -> Council:
    """The council by its uid. Raises Council.DoesNotExist."""
    return Council.objects.get(uid=uid)


def subjects_judging(subject_uid: UUID) -> QuerySet[CouncilSubject]:
    """The places where councils judge or judged one record, newest council first; replaced councils left out."""
    return (
        CouncilSubject.objects.filter(subject_uid=subject_uid)
        .exclude(council__state=CouncilState.REPLACED)
        .select_related("council")
        .order_by("-council_id")
    )


def seat_of(actor: Actor, council: Council) -> Seat | None:
    """The actor's own seat on the council, None without one or when barred."""
    return own_seat(actor, council)


def sitting_seats(council: Council) -> QuerySet[Seat]:
    """Seats that no conflict of interest has emptied, in the order of the decision."""
    return council.seats.filter(conflict="").select_related("person").order_by("id")


def present_voters(council: Council) -> QuerySet[Seat]:
    """Seats with a vote whose holders are present."""
    return sitting_seats(council).filter(votes=True, is_present=True)


def turnout(council: Council) -> list[Turnout]:
    """Ballots cast and expected, per subject."""
    expected = present_voters(council).count()
    subjects = council.subjects.annotate(cast=Count("ballots")).order_by("id")
    return [Turnout(subject.uid, subject.label, subject.cast, expected) for subject in subjects]


def missing_reviews(council: Council, *, roles: Collection[str] = ()) -> list[tuple[Seat, CouncilSubject]]:
    """(seat, subject) pairs without a sent review; `roles` narrows to seats that must write one."""
    seats = sitting_seats(council).filter(votes=True)
    if roles:
        seats = seats.filter(role__in=roles)
    sent = set(Review.objects.filter(seat__council=council).exclude(sent_at=None).values_list("seat_id", "subject_id"))
    subjects = list(council.subjects.order_by("id"))
    return [(seat, subject) for seat in seats for subject in subjects if (seat.pk, subject.pk) not in sent]


def reviews_visible_to(actor: Actor, council: Council) -> QuerySet[Review]:
    """Sent reviews for staff and members, one's own draft besides; nothing for anybody else, the judged included."""
    reviews = Review.objects.filter(seat__council=council).select_related("seat__person", "subject").order_by("id")
    if not may_read_reviews(actor, council):
        return reviews.none()
    return reviews.filter(~Q(sent_at=None) | Q(seat__person_id=actor.person_id or -1))


def ballots_visible_to(actor: Actor, subject: CouncilSubject) -> QuerySet[Ballot]:
    """Opened ballots on a subject that the actor may read: none before the count, one's own or all after it."""
    council = subject.council
    ballots = subject.ballots.select_related("seat__person").order_by("seat_id")
    if CouncilState(council.state) not in OPENED_STATES:
        return ballots.none()
    if may_read_ballots(actor, council):
        return ballots
    return ballots.filter(seat__person_id=actor.person_id or -1)


def has_secretary_signed(council: Council) -> bool:
    """True once the council's secretary has signed the minutes since the last count."""
    steps = TransitionRecord.objects.filter(subject_uid=council.uid, machine="council").order_by("id")
    signed = False
    for event in steps.values_list("event", flat=True):
        signed = event == "secretary_sign" or (signed and event not in {"count", "conclude"})
    return signed
