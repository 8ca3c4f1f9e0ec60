"""Messages that one case's step sends to others: to cases of the same record, a signal to every case that waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from khcn.kernel.events.services import publish
from khcn.kernel.procedures.errors import NotRunnable
from khcn.kernel.procedures.models import Case
from khcn.kernel.procedures.queries import StepContext, graph_of
from khcn.kernel.procedures.services.cases.sweeping import send_message
from khcn.lib.actor import Actor

SIGNAL = "signal:"


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A step sent a message; it is delivered after the act has been committed."""

    case_uid: UUID
    subject_uid: UUID | None
    message: str


def send_from_step(context: StepContext) -> Mapping[str, Any]:
    """The system step that sends: the message named by the step. Raises NotRunnable without one."""
    step = graph_of(context.case.version_pinned).steps[context.run.step_key]
    if not step.message:
        raise NotRunnable(f"Bước gửi “{context.run.name}” chưa ghi thông điệp.")
    publish(MessageSent(context.case.uid, context.case.subject_uid, step.message))
    return {}


def deliver(*, by: Actor, message: str, subject_uid: str | None, case_uid: str) -> int:
    """Give a message to other cases that wait for it; returns how many heard it.

    A signal reaches every case. A message reaches cases of the same record; a case without a record reaches its own
    family: the case that called it and those it called.
    """
    others = Case.objects.exclude(uid=case_uid)
    if message.startswith(SIGNAL):
        return send_message(by=by, message=message, cases=others)
    if subject_uid:
        return send_message(by=by, message=message, cases=others.filter(subject_uid=subject_uid))
    family = others.filter(parent_run__case__uid=case_uid) | others.filter(runs__called__uid=case_uid)
    return send_message(by=by, message=message, cases=others.filter(pk__in=family.values("pk")))
