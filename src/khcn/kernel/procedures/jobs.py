"""Work done by the worker: messages between cases, timers, overdue steps."""

import json

from django_tasks import task

from khcn.kernel.procedures.queries import system_actor
from khcn.kernel.procedures.services import fire_timers, tell_overdue
from khcn.kernel.procedures.services.cases.sending import deliver


def deliver_message(payload: str) -> None:
    """Give a message that a step sent to the cases that wait for it. payload: canonical JSON of MessageSent."""
    sent = json.loads(payload)
    deliver(by=system_actor(), message=sent["message"], subject_uid=sent["subject_uid"], case_uid=sent["case_uid"])


@task()
def sweep_cases() -> None:
    """Let due timers ring and tell of overdue steps; enqueue it every few minutes."""
    fire_timers(by=system_actor())
    tell_overdue()
