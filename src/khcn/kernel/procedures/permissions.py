"""Who may edit the calendar, explain lateness, sit on a council, write or approve a procedure, and work on a case."""

from khcn.kernel.procedures.choices import CouncilState, ProcedureKind
from khcn.kernel.procedures.models import Case, Clock, Council, Procedure, ProcedureVersion, Seat, StepRun
from khcn.kernel.procedures.models.cases import WORKABLE_RUNS
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
        raise Forbidden("Chỉ chính thành viên giữ vị trí này mới được thực hiện.")


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


PROCEDURE_AUTHORS = frozenset({Role.SPECIALIST, Role.HEAD, Role.ISO_SECRETARY})
"""Offices that write procedures."""
PROCEDURE_APPROVERS = frozenset({Role.HEAD, Role.DIRECTOR, Role.LEADER, Role.AGENCY_HEAD})
"""Offices that approve, put into effect and withdraw them; never their own."""
CASE_OVERSEERS = frozenset({Role.DIRECTOR, Role.LEADER, Role.INSPECTOR, Role.HEAD, Role.AGENCY_HEAD})
"""Offices that read every case of their organisation; leaders and inspectors read those of all."""


CASE_LEADERS = (Role.HEAD, Role.DIRECTOR, Role.AGENCY_HEAD)
"""Offices that hand out, stop, extend and correct the work of their organisation."""
OPENED_BY_HAND = frozenset({ProcedureKind.INTERNAL, ProcedureKind.QMS})
"""Kinds whose cases people open themselves; those of the others begin with a dossier or a task."""


def may_open_case(actor: Actor, procedure: Procedure) -> bool:
    """Whoever holds an office at the owning organisation; in any organisation for a procedure that all share."""
    if procedure.kind not in OPENED_BY_HAND:
        return False
    return bool(actor.organisation_ids if procedure.owner_id is None else procedure.owner_id in actor.organisation_ids)


def require_case_opener(actor: Actor, procedure: Procedure) -> None:
    """Pass for whoever may open a case by hand."""
    if procedure.kind not in OPENED_BY_HAND:
        raise Forbidden("Hồ sơ của quy trình này mở từ trang một cửa hoặc từ nhiệm vụ, không mở bằng tay.")
    if not may_open_case(actor, procedure):
        raise Forbidden("Chỉ người của cơ quan ban hành được mở hồ sơ theo quy trình này.")


def may_write_procedure(actor: Actor, procedure: Procedure) -> bool:
    """Authors of the owning office; of any office for a procedure that all share."""
    if procedure.owner_id is None:
        return actor.holds(*PROCEDURE_AUTHORS)
    return actor.holds_at(procedure.owner_id, *PROCEDURE_AUTHORS)


def require_procedure_author(actor: Actor, procedure: Procedure) -> None:
    """Pass for whoever may write the procedure."""
    if not may_write_procedure(actor, procedure):
        raise Forbidden("Chỉ thư ký ISO, chuyên viên hoặc trưởng phòng của cơ quan ban hành được soạn quy trình này.")


def may_approve(actor: Actor, version: ProcedureVersion) -> bool:
    """Approvers of the owning office, except the version's author."""
    owner = version.procedure.owner_id
    office = actor.holds(*PROCEDURE_APPROVERS) if owner is None else actor.holds_at(owner, *PROCEDURE_APPROVERS)
    return office and (actor.is_system or version.author_id is None or version.author_id != actor.user_id)


def require_approver(actor: Actor, version: ProcedureVersion) -> None:
    """Pass for whoever may approve; the author of a version never approves it."""
    if version.author_id is not None and version.author_id == actor.user_id:
        raise Forbidden("Người soạn không được tự phê duyệt; hãy để lãnh đạo khác phê duyệt.")
    if not may_approve(actor, version):
        raise Forbidden("Chỉ lãnh đạo của cơ quan ban hành được phê duyệt, thay thế hoặc thu hồi quy trình.")


def may_work(actor: Actor, run: StepRun) -> bool:
    """Whether the actor may take the step: as its assignee, or in its role at its organisation."""
    if actor.is_system or (run.assignee_id is not None and run.assignee_id == actor.user_id):
        return True
    if run.assignee_id is not None:
        return False
    return actor.holds(run.role) if run.organisation_id is None else actor.acts_at(run.organisation_id, run.role)


def may_assign(actor: Actor, run: StepRun) -> bool:
    """Heads of the organisation whose step it is hand it to one of their people."""
    return actor.acts_at(run.organisation_id, *CASE_LEADERS)


def may_lead_case(actor: Actor, case: Case) -> bool:
    """Whoever may stop, extend or correct the case: heads of its organisations, and the system."""
    places = (case.deciding_id, case.receiving_id)
    return actor.is_system or any(place is not None and actor.acts_at(place, *CASE_LEADERS) for place in places)


def may_read_case(actor: Actor, case: Case) -> bool:
    """People of the case's organisations, who worked or may work on it, leaders and inspectors."""
    if actor.holds(Role.LEADER, Role.INSPECTOR):
        return True
    places = {case.deciding_id, case.receiving_id, case.support_id} - {None}
    if places & actor.places or (actor.user_id is not None and case.started_by_id == actor.user_id):
        return True
    return case.runs.filter(done_by_id=actor.user_id or -1).exists() or any(
        may_work(actor, run) for run in case.runs.filter(state__in=WORKABLE_RUNS)
    )


def require_case_reader(actor: Actor, case: Case) -> None:
    """Pass for whoever may read the case."""
    if not may_read_case(actor, case):
        raise Forbidden("Hồ sơ này không thuộc cơ quan của bạn.")
