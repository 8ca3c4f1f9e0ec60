"""Who may edit the calendar and explain lateness."""

from khcn.kernel.procedures.models import Clock
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role


def require_calendar_editor(actor: Actor) -> None:
    """The calendar is edited by the standing body's heads and the system administrator."""
    if not actor.holds(Role.HEAD, Role.DIRECTOR, Role.SYSADMIN):
        raise Forbidden("Chỉ lãnh đạo phòng, lãnh đạo Sở hoặc quản trị hệ thống được sửa lịch làm việc.")


def may_explain(actor: Actor, clock: Clock) -> bool:
    """The responsible unit, or the standing body's staff, may say why a clock ran over."""
    return actor.holds(Role.SPECIALIST, Role.HEAD, Role.DIRECTOR) or (
        clock.responsible_id is not None and clock.responsible_id in actor.organisation_ids
    )
