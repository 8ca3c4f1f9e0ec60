"""What the home page shows of procedures: versions that wait for the asker's approval or to be put into effect."""

from typing import Any

from khcn.kernel.procedures.choices import VersionState
from khcn.kernel.procedures.models import ProcedureVersion
from khcn.kernel.procedures.permissions import PROCEDURE_APPROVERS, may_approve
from khcn.lib.actor import Actor

SHOWN = 8


def home_panel(actor: Actor) -> dict[str, Any] | None:
    """The versions, oldest first; None for those who approve none, and where none waits."""
    if not actor.holds(*PROCEDURE_APPROVERS):
        return None
    waiting = ProcedureVersion.objects.filter(state__in=(VersionState.IN_REVIEW, VersionState.APPROVED))
    mine = [row for row in waiting.select_related("procedure").order_by("pk") if may_approve(actor, row)]
    return {"versions": mine[:SHOWN]} if mine else None
