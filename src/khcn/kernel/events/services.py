"""Publishes typed events: the queue table is the outbox, so an act and its consequences commit together."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks_db import DatabaseBackend

from khcn.kernel.audit.rules import canonical

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


@task()
def deliver(path: str, payload: str) -> None:
    """Call one subscriber with one event's payload (canonical JSON)."""
    subscriber: Callable[[str], None] = import_string(path)
    subscriber(payload)
