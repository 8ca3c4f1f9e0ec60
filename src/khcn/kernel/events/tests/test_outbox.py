"""The outbox: jobs are written with the act, vanish with it, and reach each subscriber once."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from django_tasks import TaskContext, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from khcn.kernel.events import services
from khcn.kernel.events.services import (
    ABANDONED_AFTER,
    MOST_ATTEMPTS,
    deliver,
    publish,
    publish_all,
    requeue_abandoned,
    subscribe,
)
from khcn.web.shared_commits import commit_together
from khcn.web.tests.grouping import Groups

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


def run(job: DBTaskResult) -> None:
    """What the worker does with a job that it has claimed."""
    deliver.call(TaskContext(task_result=job.task_result), *job.args_kwargs["args"])


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
        run(job)

    assert {"subject_uid": str(UUID(int=7)), "on": "2023-05-15"} in heard
    assert {"second": "2023-05-15"} in heard
    assert len(heard) == 2


def listen_and_stumble(payload: str) -> None:
    """A subscriber that writes and then fails."""
    publish(Happened(UUID(int=9), date(2023, 5, 17)))
    raise ZeroDivisionError


def test_delivery_is_done_once_however_often_its_job_runs():
    publish(EVENT)
    job = DBTaskResult.objects.first()

    run(job)
    run(job)

    assert len(heard) == 1
    job.refresh_from_db()
    assert job.status == TaskResultStatus.SUCCESSFUL


def test_failing_subscriber_changes_nothing_and_stays_to_be_heard():
    subscribe(Ignored, f"{HERE}.listen_and_stumble")
    publish(Ignored(1))
    job = DBTaskResult.objects.get()
    job.claim("worker")

    with pytest.raises(ZeroDivisionError):
        run(job)

    assert waiting() == 1
    job.refresh_from_db()
    assert job.status == TaskResultStatus.RUNNING


def test_delivery_of_a_worker_that_died_is_queued_again():
    publish(EVENT)
    lost, other = DBTaskResult.objects.order_by("enqueued_at")
    lost.claim("died")
    soon, later = timezone.now(), timezone.now() + ABANDONED_AFTER

    assert requeue_abandoned(now=soon) == 0
    assert requeue_abandoned(now=later) == 1
    assert requeue_abandoned(now=later) == 0

    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {TaskResultStatus.READY}
    assert other.worker_ids == []


def test_delivery_that_was_done_before_its_worker_died_is_not_queued_again():
    publish(EVENT)
    job = DBTaskResult.objects.first()
    job.claim("died")
    run(job)

    assert requeue_abandoned(now=timezone.now() + ABANDONED_AFTER) == 0


def test_delivery_that_takes_every_worker_down_is_given_up():
    publish(EVENT)
    job = DBTaskResult.objects.first()
    for _ in range(MOST_ATTEMPTS):
        job.claim("died")

    assert requeue_abandoned(now=timezone.now() + ABANDONED_AFTER) == 0

    job.refresh_from_db()
    assert job.status == TaskResultStatus.FAILED


def test_delivery_under_way_is_left_alone():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: whoever requeues waits for the delivery to end")
    publish(EVENT)
    job = DBTaskResult.objects.first()
    job.claim("works")

    def asked_meanwhile() -> int:
        try:
            return requeue_abandoned(now=timezone.now() + ABANDONED_AFTER)
        finally:
            connections.close_all()

    with transaction.atomic():
        DBTaskResult.objects.select_for_update().get(pk=job.pk)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(asked_meanwhile).result() == 0


@pytest.mark.parametrize("lock", [0x4F555442, None])
def test_jobs_of_acts_that_share_a_commit_stand_or_fall_each_with_its_own(monkeypatch, lock):
    groups = Groups(monkeypatch)

    def act(number: int, *, fails: bool = False):
        def whole() -> int:
            publish(Happened(UUID(int=number), date(2023, 5, 15)))
            publish_all([Happened(UUID(int=100 + number), date(2023, 5, 15))])
            if fails:
                raise ZeroDivisionError
            return number

        return lambda: commit_together(whole, lock=lock)

    if lock is None and connection.vendor == "postgresql":
        pytest.skip("without a lock that they share, acts are transactions of their own there")
    told = groups.run([act(0), act(1), act(2, fails=True), act(3), act(4, fails=True), act(5)])

    assert groups.sizes == [1, 5]
    assert [one if isinstance(one, int) else type(one) for one in told] == [
        0, 1, ZeroDivisionError, 3, ZeroDivisionError, 5
    ]  # fmt: skip
    payloads = [json.loads(job.args_kwargs["args"][1]) for job in DBTaskResult.objects.all()]
    written = sorted(UUID(one["subject_uid"]).int for one in payloads)
    assert written == sorted([*(0, 1, 3, 5) * 2, *(100, 101, 103, 105) * 2])
