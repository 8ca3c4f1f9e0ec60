"""Background work of the documents room: carrying what waits to the axis."""

from django_tasks import task

from khcn.kernel.documents.services import carry_to_folder, deliver_waiting


@task()
def deliver_papers() -> None:
    """Carry waiting messages."""
    deliver_waiting(carry=carry_to_folder)
