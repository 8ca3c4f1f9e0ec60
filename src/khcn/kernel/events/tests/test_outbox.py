"""The outbox: jobs are written with the act, vanish with it, and reach each subscriber once."""

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from khcn.kernel.events import services
from khcn.kernel.events.services import deliver, publish, publish_all, subscribe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
HERE = "khcn.kernel.events.tests.test_outbox"
heard: list[dict] = []


@dataclass(frozen=True)
class Happened:
    """An event of the tests."""

    subject_uid: UUID
    on: date


@dataclass(frozen=True)
class Ignored:
    """An event that nobody hears."""

    number: int


def listen(payload: str) -> None:
    """A subscriber."""
    heard.append(json.loads(payload))


def listen_too(payload: str) -> None:
    """Another subscriber."""
    heard.append({"second": json.loads(payload)["on"]})


EVENT = Happened(UUID(int=7), date(2023, 5, 15))


@pytest.fixture(autouse=True)
def _subscribed(monkeypatch, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    monkeypatch.setattr(services, "_subscribers", {})
    heard.clear()
    for name in ("listen", "listen_too", "listen"):
        subscribe(Happened, f"{HERE}.{name}")


def waiting() -> int:
    return DBTaskResult.objects.count()


def test_publish_writes_one_job_per_subscriber_at_once_in_the_transaction():
    with transaction.atomic():
        assert publish(EVENT) == 2
        assert waiting() == 2  # not after the commit: a crash between the two would lose the consequence

    assert waiting() == 2


def test_rolled_back_act_leaves_no_job():
    @transaction.atomic
    def act() -> None:
        publish(EVENT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()

    assert waiting() == 0


def test_inner_rollback_takes_its_jobs_and_leaves_the_outer_ones():
    with transaction.atomic():
        publish(EVENT)
        with transaction.atomic():
            publish(EVENT)
            transaction.set_rollback(True)

    assert waiting() == 2


def test_nobody_listening_writes_nothing():
    with transaction.atomic():
        assert publish(Ignored(1)) == 0
    assert waiting() == 0


def test_event_that_is_no_dataclass_is_a_mistake_of_the_program():
    for wrong in ({"a": 1}, Happened, "chữ"):
        with pytest.raises(TypeError):
            publish(wrong)


def test_events_of_the_same_name_in_two_modules_are_kept_apart():
    @dataclass(frozen=True)
    class Happened:
        number: int

    assert publish(Happened(1)) == 0


def test_many_events_are_queued_as_each_alone_would_be():
    other = Happened(UUID(int=8), date(2023, 5, 16))
    publish(EVENT)
    publish(other)
    one_by_one = list(DBTaskResult.objects.order_by("enqueued_at"))
    DBTaskResult.objects.all().delete()

    with transaction.atomic():
        assert publish_all([EVENT, Ignored(1), other]) == 4
        transaction.set_rollback(True)
    assert waiting() == 0
    assert publish_all([EVENT, Ignored(1), other]) == 4
    with pytest.raises(TypeError):
        publish_all([EVENT, {"a": 1}])

    names = ("args_kwargs", "priority", "task_path", "queue_name", "run_after", "backend_name", "status")
    wanted = sorted(str([getattr(job, name) for name in names]) for job in one_by_one)
    assert sorted(str([getattr(job, name) for name in names]) for job in DBTaskResult.objects.all()) == wanted


def test_delivery_gives_the_payload_to_the_subscriber():
    publish(EVENT)
    for job in DBTaskResult.objects.order_by("enqueued_at"):
        deliver.call(*job.args_kwargs["args"], **job.args_kwargs["kwargs"])

    assert {"subject_uid": str(UUID(int=7)), "on": "2023-05-15"} in heard
    assert {"second": "2023-05-15"} in heard
    assert len(heard) == 2
