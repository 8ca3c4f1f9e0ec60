"""Keeps each step of a state machine with the rules that allowed it."""

from typing import Any

from django.utils import timezone

from khcn.kernel.audit.services import record
from khcn.kernel.procedures.models import TransitionRecord
from khcn.lib.actor import Actor
from khcn.web.fields import Identified


def log_transition(
    *,
    by: Actor,
    subject: Identified,
    machine: str,
    event: str,
    from_state: str,
    to_state: str,
    rule_set: str = "",
    trace: list[dict[str, Any]] | None = None,
    note: str = "",
) -> TransitionRecord:
    """Store one transition and its audit entry, inside the caller's transaction.

    trace: one mapping per rule consulted: {"rule", "parameters", "inputs", "outcome"}, JSON-able.
    """
    row = TransitionRecord.objects.create(
        subject_type=subject._meta.label_lower, subject_uid=getattr(subject, "uid"),  # noqa: B009
        machine=machine, event=event, from_state=from_state, to_state=to_state, rule_set=rule_set,
        trace=trace or [], note=note, at=timezone.now(), by_id=by.user_id, by_name=by.name,
    )  # fmt: skip
    record(
        by=by, verb=f"{machine}.{event}", subject=subject,
        before={"state": from_state},
        after={"state": to_state, "note": note, "rules": [item.get("rule") for item in trace or []]},
    )  # fmt: skip
    return row
