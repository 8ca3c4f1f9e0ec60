"""Publishes typed events: the queue table is the outbox, so an act and its consequences commit together."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskContext, TaskResultStatus, task
from django_tasks_db import DatabaseBackend

from khcn.kernel.audit.rules import canonical

#: From when on a delivery that nobody seems to be doing is looked at.
ABANDONED_AFTER = timedelta(minutes=2)
MOST_ATTEMPTS = 5
_subscribers: dict[str, list[str]] = {}


def _key(event_type: type) -> str:
    return f"{event_type.__module__}.{event_type.__qualname__}"


def subscribe(event_type: type, subscriber: str) -> None:
    """Have `subscriber` (dotted path of a function taking the payload dict) called for each event of the type.

    Called from an app's wiring only; twice is the same as once.
    """
    paths = _subscribers.setdefault(_key(event_type), [])
    if subscriber not in paths:
        paths.append(subscriber)


def publish(event: Any) -> int:
    """Queue one job per subscriber of this event; returns how many.

    event: a frozen dataclass with JSON-able (or UUID/date) fields. The rows of the queue are written at once, in the
    caller's transaction: rolled back, nobody hears of it; committed, nobody is forgotten. Raises TypeError.
    """
    if not is_dataclass(event) or isinstance(event, type):
        raise TypeError(f"an event is a dataclass instance, not {event!r}")
    paths = _subscribers.get(_key(type(event)), [])
    if not paths:
        return 0
    payload = canonical(asdict(event))
    for path in paths:
        deliver.enqueue(path, payload)
    return len(paths)


def publish_all(events: Sequence[Any]) -> int:
    """Queue the jobs of many events, in order, with few statements; returns how many jobs. As `publish` otherwise."""
    # Models are not there yet when wirings import this module.
    from django_tasks_db.models import DBTaskResult, get_date_max

    backend = deliver.get_backend()
    if not isinstance(backend, DatabaseBackend):
        return sum(publish(event) for event in events)
    jobs = []
    for event in events:
        if not is_dataclass(event) or isinstance(event, type):
            raise TypeError(f"an event is a dataclass instance, not {event!r}")
        if paths := _subscribers.get(_key(type(event)), []):
            payload = canonical(asdict(event))
            jobs += [
                DBTaskResult(
                    args_kwargs={"args": [path, payload], "kwargs": {}}, priority=deliver.priority,
                    task_path=deliver.module_path, queue_name=deliver.queue_name, backend_name=deliver.backend,
                    run_after=deliver.run_after or get_date_max(),
                )
                for path in paths
            ]  # fmt: skip
    DBTaskResult.objects.bulk_create(jobs, batch_size=500)
    return len(jobs)


@task(takes_context=True)
def deliver(context: TaskContext, path: str, payload: str) -> None:
    """Call one subscriber with one event's payload (canonical JSON), in one transaction with the note that it heard.

    A worker that dies before the commit has changed nothing, and its job is queued again (`requeue_abandoned`); when it
    dies after the commit, nobody is called a second time.
    """
    subscriber: Callable[[str], None] = import_string(path)
    with transaction.atomic():
        if _has_heard(context.task_result.id):
            return
        subscriber(payload)
        _note_heard(context.task_result.id)


def requeue_abandoned(*, now: datetime | None = None) -> int:
    """Queue again the deliveries whose worker died in the middle of one; returns how many.

    A delivery under way holds the lock of its row, so it is passed over however long it takes. One that took its worker
    down MOST_ATTEMPTS times is marked as failed and left to people.
    """
    from django_tasks_db.models import DBTaskResult

    now = now or timezone.now()
    with transaction.atomic():
        lost = DBTaskResult.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        rows = list(
            lost.filter(
                status=TaskResultStatus.RUNNING, task_path=deliver.module_path, started_at__lt=now - ABANDONED_AFTER
            )
        )
        given_up = [row.pk for row in rows if len(row.worker_ids) >= MOST_ATTEMPTS]
        again = [row.pk for row in rows if row.pk not in given_up]
        DBTaskResult.objects.filter(pk__in=again).update(status=TaskResultStatus.READY)
        DBTaskResult.objects.filter(pk__in=given_up).update(
            status=TaskResultStatus.FAILED, finished_at=now, exception_class_path="builtins.RuntimeError",
            traceback="The worker died each time it ran this job.",
        )  # fmt: skip
    return len(again)


def _has_heard(job_id: str) -> bool:
    """Whether this delivery has been done; its row is locked until the transaction ends. False without a queue."""
    if not isinstance(deliver.get_backend(), DatabaseBackend):
        return False
    from django_tasks_db.models import DBTaskResult

    row = DBTaskResult.objects.select_for_update().filter(pk=job_id).only("status").first()
    return row is not None and row.status == TaskResultStatus.SUCCESSFUL


def _note_heard(job_id: str) -> None:
    if isinstance(deliver.get_backend(), DatabaseBackend):
        from django_tasks_db.models import DBTaskResult

        DBTaskResult.objects.filter(pk=job_id).update(status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now())
