"""Background work of the documents room: carrying what waits to the axis."""

from datetime import date
from typing import Any

from django_tasks import task

from khcn.kernel.documents.services import carry_to_folder, deliver_waiting
from khcn.lib.actor import Actor


@task()
def deliver_papers() -> None:
    """Carry waiting messages."""
    deliver_waiting(carry=carry_to_folder)


def deliver_on_schedule(*, by: Actor, on: date) -> Any:
    """Carry what still waits, for the schedule."""
    return deliver_waiting(carry=carry_to_folder)
