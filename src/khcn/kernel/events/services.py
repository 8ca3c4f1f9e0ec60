"""Publishes typed events: the queue table is the outbox, so an act and its consequences commit together."""

from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import Any

from django.utils.module_loading import import_string
from django_tasks import task

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


@task()
def deliver(path: str, payload: str) -> None:
    """Call one subscriber with one event's payload (canonical JSON)."""
    subscriber: Callable[[str], None] = import_string(path)
    subscriber(payload)
