"""The one-stop panel of the home page: what waits for the person."""

from typing import Any

from django.utils import timezone

from khcn.domains.onestop.permissions import COUNTER, HANDLERS, READS_ALL, visible_dossiers
from khcn.domains.onestop.queries.dossiers import due_soon, late_first, my_runs, overdue, waiting_for
from khcn.lib.actor import Actor


def home_panel(actor: Actor) -> dict[str, Any] | None:
    """Counts and the first dossiers that wait; None for people without an office in the mechanism."""
    if not actor.holds(*COUNTER, *HANDLERS, *READS_ALL):
        return None
    rows = visible_dossiers(actor)
    if not rows.exists():
        return None
    now = timezone.now()
    return {
        "at_counter": waiting_for(actor).count(),
        "steps": my_runs(actor).count(),
        "overdue": overdue(rows, now).count(),
        "soon": due_soon(rows, now).count(),
        "first": list(overdue(rows, now).select_related("procedure", "case").order_by(*late_first())[:5]),
    }
