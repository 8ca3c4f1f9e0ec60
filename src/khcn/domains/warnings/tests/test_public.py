"""What the public reads, as the web server gives it: new at the next request after each act, gone at its second."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory
from django.urls import reverse
from lxml import etree

from khcn.domains.warnings.choices import MessageKind
from khcn.domains.warnings.models import WarningCase
from khcn.domains.warnings.queries import published
from khcn.domains.warnings.services import publishing
from khcn.domains.warnings.services.issuing import end_expired
from khcn.domains.warnings.services.publishing import publish_files
from khcn.web.kept_answers import KeptAnswers

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MINUTE = timedelta(minutes=1)
NAMES = ("warning_feed", "warning_json", "warning_public")


class Process:
    """A web process: it keeps what it gave."""

    def __init__(self) -> None:
        self._answer = KeptAnswers(WSGIHandler())

    def get(self, name, *args, **headers):
        told = {}
        environ = RequestFactory().get(reverse(name, args=args), headers=headers).environ

        def start(status, found, *_exc):
            told.update(status=int(status.split()[0]), headers=dict(found))

        content = b"".join(self._answer(environ, start))
        return SimpleNamespace(content=content, **told)

    def held(self) -> list[str]:
        """Which messages hold."""
        return [one["identifier"] for one in json.loads(self.get("warning_json").content)["warnings"]]

    def told(self) -> int:
        """How many messages the feed has."""
        return len(etree.fromstring(self.get("warning_feed").content).findall("{*}entry"))


@pytest.fixture
def clock(monkeypatch, settings, tmp_path):
    """The clock of the web processes, and a folder of their own; the connection is the test's and stays open."""
    settings.MEDIA_ROOT = tmp_path
    told = (request_started, request_finished)
    shown = [0.0]
    monkeypatch.setattr(published, "_now", lambda: shown[0])

    def move(moment):
        shown[0] = moment.timestamp()

    for signal in told:
        signal.disconnect(close_old_connections)
    yield move
    for signal in told:
        signal.connect(close_old_connections)


def test_every_act_shows_at_the_next_request_of_every_process(world, clock, django_capture_on_commit_callbacks):
    clock(world.now)
    one, other = Process(), Process()
    publish_files(now=world.now)
    assert (one.held(), other.held(), one.told()) == ([], [], 0)

    with django_capture_on_commit_callbacks(execute=True):
        first = world.issued()
    assert (one.held(), other.held(), other.told()) == ([first.identifier], [first.identifier], 1)
    assert first.draft.headline in one.get("warning_public").content.decode()

    case = WarningCase.objects.get(pk=first.case_id)
    update = world.written(case, MessageKind.UPDATE, reason="Mưa tăng", headline="Mưa rất to")
    with django_capture_on_commit_callbacks(execute=True):
        second = world.issued(update)
    assert (one.held(), other.held(), one.told()) == ([second.identifier], [second.identifier], 2)
    assert "Mưa rất to" in other.get("warning_public").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        world.issued(world.written(WarningCase.objects.get(), MessageKind.CANCEL, reason="Hết"))
    assert (one.held(), other.held(), one.told()) == ([], [], 3)
    assert "Hiện không có cảnh báo nào" in other.get("warning_public").content.decode()


def test_each_warning_is_gone_at_its_second_though_nobody_publishes_again(world, clock):
    first = world.issued(expires_at=world.now + 60 * MINUTE)
    second = world.issued(world.written(world.case(exceedance="x-2"), expires_at=world.now + 90 * MINUTE))
    publish_files(now=world.now)
    process, held = Process(), []

    for minutes in (0, 60, 89, 90):
        clock(world.now + minutes * MINUTE)
        held.append(set(process.held()))

    both = {first.identifier, second.identifier}
    assert held == [both, {second.identifier}, {second.identifier}, set()]
    tag = process.get("warning_json").headers["ETag"]
    assert end_expired(by=world.system, now=world.now + 90 * MINUTE) == 2
    assert process.get("warning_json", **{"If-None-Match": tag}).status == 304


def test_kept_answers_ask_neither_application_nor_database_and_carry_the_house_headers(world, clock, sql_count):
    message = world.issued()
    publish_files(now=world.now)
    clock(world.now)
    process = Process()
    for name in NAMES:
        process.get(name)
    process.get("warning_cap", message.identifier)

    with sql_count() as queries:
        answers = [process.get(name, **{"Accept-Encoding": "gzip"}) for name in NAMES]
        kept = process.get("warning_cap", message.identifier)

    assert len(queries) == 0
    assert {one.headers["Cache-Control"] for one in answers} == {"public, no-cache"}
    assert all("Content-Security-Policy" in one.headers and "X-Content-Type-Options" in one.headers for one in answers)
    assert all("Cookie" not in one.headers["Vary"] for one in answers)
    assert kept.content == bytes(message.content)
    assert "immutable" in kept.headers["Cache-Control"]


def test_process_that_starts_anew_reads_what_stands_without_the_database(world, clock, sql_count):
    message = world.issued()
    publish_files(now=world.now)
    clock(world.now)

    with sql_count() as queries:
        held = Process().held()

    assert (held, len(queries)) == ([message.identifier], 0)


def test_publisher_that_read_before_a_cancellation_does_not_bring_the_warning_back(world, clock, monkeypatch):
    clock(world.now)
    message = world.issued()
    publish_files(now=world.now)
    entered = []

    def first_another(*args):
        """Between the lock and the reading, the act of another that is committed by then."""
        if not entered:
            entered.append(args)
            case = WarningCase.objects.get(pk=message.case_id)
            world.issued(world.written(case, MessageKind.CANCEL, reason="Hết"))

    monkeypatch.setattr(publishing.fcntl, "flock", first_another)
    publish_files(now=world.now)

    assert Process().held() == []


def test_file_that_somebody_removed_is_made_again(world, clock):
    message = world.issued()
    publish_files(now=world.now)
    clock(world.now)
    for path in published.folder().glob("*.json"):
        path.unlink()

    assert Process().held() == [message.identifier]


def test_files_that_no_list_names_are_cleared_after_a_while(world, clock, monkeypatch):
    publish_files(now=world.now)
    world.issued()
    publish_files(now=world.now)
    pages = len(list(published.folder().glob("index.*.html")))
    world.issued(world.written(WarningCase.objects.get(), MessageKind.UPDATE, reason="Mưa tăng"))
    monkeypatch.setattr(publishing, "_KEPT_SECONDS", -1)
    publish_files(now=world.now)

    assert pages == 2
    assert len(list(published.folder().glob("index.*.html"))) == 2
    assert len(Process().held()) == 1
