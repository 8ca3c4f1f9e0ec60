"""Appends to a case's log: one chain per case, under the lock of the case's row.

PostgreSQL: whoever writes holds the row (`SELECT … FOR UPDATE`), so chains of different cases do not wait for one
another; the unique place keeps a chain from forking even without it. SQLite has one writer.
"""

from datetime import datetime
from typing import Any

from khcn.kernel.procedures.models import Case, CaseEvent, StepRun
from khcn.kernel.procedures.rules import GENESIS, event_digest
from khcn.lib.actor import Actor
from khcn.lib.digest import plain
from khcn.web.rows import Writes, insert


def append(
    *,
    by: Actor,
    case: Case,
    verb: str,
    at: datetime,
    run: StepRun | None = None,
    into: Writes | None = None,
    **facts: Any,
) -> CaseEvent:
    """Add a line to the log of a locked case, whose head and count are saved by the caller. facts: JSON-able values.

    into: writes that the caller flushes; without, the line is written at once.
    """
    event = CaseEvent(
        case=case,
        place=case.events_count + 1,
        at=at,
        actor_uid=by.uid,
        actor_name=by.name[:200],
        verb=verb,
        step_key=run.step_key if run is not None else "",
        run_uid=run.uid if run is not None else None,
        facts=plain(facts),
        previous=case.head or GENESIS,
    )
    event.digest = event_digest(event.previous, str(case.uid), event.row())
    if into is None:
        insert(event)
    else:
        into.insert(event)
    case.head, case.events_count = event.digest, event.place
    return event
