"""Sets what a live step does not know of itself: a due moment that a statutory clock gives, the unit that does it.

The room that knows it calls these; it also decides who may. A step that is no longer live is left as it was.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.models import StepRun
from khcn.kernel.procedures.models.cases import WORKABLE_RUNS
from khcn.kernel.procedures.services.cases.locking import held
from khcn.kernel.procedures.services.cases.log import append
from khcn.lib.actor import Actor
from khcn.web.rows import Writes


def set_step_due(*, by: Actor, run: StepRun, due_at: datetime | None, now: datetime | None = None) -> bool:
    """Give a live step the due moment that a clock outside the procedure gives it, None for none; True when it moved.

    The step is told of as overdue anew when the new moment passes.
    """
    return _set(by, run, "due_set", now, due_at=due_at, overdue_told=False)


def set_step_unit(*, by: Actor, run: StepRun, organisation: Organisation, now: datetime | None = None) -> bool:
    """Give a live step that nobody has taken to the unit that turned out to do it; True when it was another's."""
    return _set(by, run, "unit_set", now, organisation=organisation)


def _set(by: Actor, run: StepRun, verb: str, now: datetime | None, **values: Any) -> bool:
    first = next(iter(values))
    with transaction.atomic():
        found = held(run.case_id)
        case = found.case
        fresh = next((one for one in found.rows if one.pk == run.pk and one.state in WORKABLE_RUNS), None)
        if fresh is None or getattr(fresh, first) == values[first]:
            return False
        before = getattr(fresh, first)
        for name, value in values.items():
            setattr(fresh, name, value)
            setattr(run, name, value)
        writes = Writes()
        writes.update(fresh, list(values))
        told = {"before": _told(before), "after": _told(values[first])}
        append(by=by, case=case, verb=verb, at=now or timezone.now(), run=fresh, into=writes, **told)
        case.version += 1
        writes.update(case, ["head", "events_count", "version", "updated_at"])
        writes.flush()
    return True


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, Organisation) else value
