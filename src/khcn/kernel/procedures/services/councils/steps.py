"""Takes one step of a council: state, verdicts, log, event; and keeps refused attempts on record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models, transaction

from khcn.kernel.audit.services import record
from khcn.kernel.events.services import publish
from khcn.kernel.procedures.choices import CouncilState
from khcn.kernel.procedures.errors import StepRefused
from khcn.kernel.procedures.models import Council
from khcn.kernel.procedures.rules import COUNCIL_STEPS, Verdict
from khcn.kernel.procedures.services.transitions import log_transition
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused

MACHINE = "council"


@dataclass(frozen=True, slots=True)
class CouncilMoved:
    """Published with every step of a council; whoever must tell its members subscribes to it."""

    council_uid: UUID
    code: str
    kind: str
    event: str
    from_state: str
    to_state: str
    by_uid: UUID


def lock(council: Council, *, expected_version: int | None = None) -> Council:
    """Claim the council's next version and read it again under the lock. Raises Stale."""
    council.claim(expected_version)
    version = council.version
    council.refresh_from_db()
    council.version = version
    return council


def require_state(council: Council, *states: CouncilState, error: type[Refused] = StepRefused, what: str) -> None:
    """Pass when the council stands in one of the states; else raise `error` naming what was wanted."""
    if council.state not in states:
        raise error(f"Không thể {what} khi hội đồng ở trạng thái “{CouncilState(council.state).label}”.")


def take_step(
    *,
    by: Actor,
    council: Council,
    event: str,
    verdicts: Iterable[Verdict] = (),
    trace: Iterable[Mapping[str, Any]] = (),
    note: str = "",
    refusal: type[Refused] = StepRefused,
) -> Council:
    """Move a locked council by one step of the table, save it, log it with the rules' traces, publish it.

    Raises StepRefused for a wrong state, `refusal` with the sentence of the first verdict that does not hold.
    """
    step = COUNCIL_STEPS[event]
    require_state(council, *step.sources, what=f"thực hiện “{step.label}”")
    given = list(verdicts)
    for verdict in given:
        if not verdict.holds:
            raise refusal(verdict.sentence or "Chưa đủ điều kiện theo quy định.")
    before = council.state
    council.state = step.target
    council.save()
    log_transition(
        by=by, subject=council, machine=MACHINE, event=event, from_state=before, to_state=step.target,
        rule_set=council.rule_set, note=note,
        trace=[dict(item) for verdict in given for item in verdict.trace] + [dict(item) for item in trace],
    )  # fmt: skip
    publish(
        CouncilMoved(
            council_uid=council.uid, code=council.code, kind=council.kind, event=event, from_state=before,
            to_state=step.target, by_uid=by.uid,
        )
    )  # fmt: skip
    return council


def record_refused_attempt(*, by: Actor, verb: str, subject: models.Model, label: str, after: dict[str, Any]) -> None:
    """Keep an attempt that is about to be refused: committed on its own, so that the refusal cannot undo it.

    Raises RuntimeError inside another transaction, whose rollback would take the entry away.
    """
    with transaction.atomic(durable=True):
        record(by=by, verb=verb, subject=subject, label=label, after=after)
