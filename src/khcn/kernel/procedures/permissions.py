"""Who may edit the calendar, explain lateness, and take part in a council: office, own seat, and never both sides."""

from khcn.kernel.procedures.choices import CouncilState
from khcn.kernel.procedures.models import Clock, Council, Seat
from khcn.kernel.procedures.rules import COUNCIL_STEPS, OPENED_STATES
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

HEADS = frozenset({"chair", "team_head"})
VICE_HEADS = frozenset({"vice_chair", "team_vice"})
ADMIN_SECRETARY_SEAT = "admin_secretary"
STAFF = frozenset({Role.SPECIALIST, Role.ADMIN_SECRETARY, Role.HEAD, Role.DIRECTOR, Role.LEADER, Role.INSPECTOR})
"""Offices that read the written reviews and, once opened, the ballots."""

STEP_OFFICES: dict[str, frozenset[Role]] = {
    "draft": frozenset({Role.SPECIALIST, Role.ADMIN_SECRETARY, Role.HEAD, Role.DIRECTOR}),
    "establish": frozenset({Role.DIRECTOR, Role.LEADER}),
    "send_papers": frozenset({Role.ADMIN_SECRETARY}),
    "open_session": frozenset({Role.ADMIN_SECRETARY}),
    "adjourn": frozenset({Role.ADMIN_SECRETARY}),
    "seal_ballots": frozenset({Role.ADMIN_SECRETARY}),
    "conclude": frozenset({Role.ADMIN_SECRETARY}),
    "count": frozenset({Role.ADMIN_SECRETARY}),
    "sign_minutes": frozenset(),
    "close": frozenset({Role.ADMIN_SECRETARY, Role.SPECIALIST}),
    "replace": frozenset({Role.DIRECTOR, Role.LEADER}),
}
PRESIDING_STEPS = frozenset({"open_session", "adjourn", "conclude", "sign_minutes"})
"""Steps that whoever presides may take from the seat."""
OFFICE_MUST_NOT_VOTE = frozenset({"seal_ballots", "count"})
"""Steps that a person with a vote on the council may not take: those who vote never hold the ballots."""


def require_calendar_editor(actor: Actor) -> None:
    """The calendar is edited by the standing body's heads and the system administrator."""
    if not actor.holds(Role.HEAD, Role.DIRECTOR, Role.SYSADMIN):
        raise Forbidden("Chỉ lãnh đạo phòng, lãnh đạo Sở hoặc quản trị hệ thống được sửa lịch làm việc.")


def may_explain(actor: Actor, clock: Clock) -> bool:
    """The responsible unit, or the standing body's staff, may say why a clock ran over."""
    return actor.holds(Role.SPECIALIST, Role.HEAD, Role.DIRECTOR) or (
        clock.responsible_id is not None and clock.responsible_id in actor.organisation_ids
    )


def own_seat(actor: Actor, council: Council) -> Seat | None:
    """The actor's seat on the council, unless a conflict of interest took it away."""
    if actor.person_id is None:
        return None
    return council.seats.filter(person_id=actor.person_id, conflict="").first()


def presides(council: Council, seat: Seat | None) -> bool:
    """True for the head's seat, or the vice-head's when the session is chaired by the vice-head."""
    if seat is None or seat.conflict:
        return False
    return seat.role in HEADS or (council.chaired_by_vice and seat.role in VICE_HEADS)


def require_council_step(actor: Actor, council: Council, step: str) -> None:
    """Pass when the actor may take the step on this council; else Forbidden, in a whole sentence."""
    seat = own_seat(actor, council)
    if step in OFFICE_MUST_NOT_VOTE and seat is not None and seat.votes:
        raise Forbidden("Người có quyền bỏ phiếu không được niêm phong hoặc kiểm phiếu của chính hội đồng đó.")
    if STEP_OFFICES[step] and actor.holds(*STEP_OFFICES[step]):
        return
    if seat is not None and seat.role == ADMIN_SECRETARY_SEAT and Role.ADMIN_SECRETARY in STEP_OFFICES[step]:
        return
    if step in PRESIDING_STEPS and presides(council, seat):
        return
    label = COUNCIL_STEPS[step].label if step in COUNCIL_STEPS else "Lập hội đồng"
    raise Forbidden(f"Bạn không có quyền thực hiện “{label}” đối với hội đồng này.")


def require_own_seat(actor: Actor, seat: Seat) -> None:
    """Pass only for the person whose seat it is; nobody acts from another's seat, not even the system."""
    if actor.person_id is None or actor.person_id != seat.person_id:
        raise Forbidden("Chỉ chính thành viên giữ ghế này mới được thực hiện.")


def may_read_reviews(actor: Actor, council: Council) -> bool:
    """Staff of the standing body and the council's own members; never those who are judged."""
    return actor.holds(*STAFF) or own_seat(actor, council) is not None


def may_read_ballots(actor: Actor, council: Council) -> bool:
    """After the count only: staff, whoever presides and the secretaries; other members read their own."""
    if CouncilState(council.state) not in OPENED_STATES:
        return False
    seat = own_seat(actor, council)
    secretaries = {ADMIN_SECRETARY_SEAT, str(Role.SCI_SECRETARY)}
    return actor.holds(*STAFF) or presides(council, seat) or (seat is not None and seat.role in secretaries)
