"""What all tests share: people with roles on a date, files in a folder of their own, and a flush that may delete."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings

import migrated_database

# How fast a busy machine draws examples says nothing about the rule that is tested.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

TODAY = date(2023, 5, 15)
#: Single tests that take minutes: begun last, one of them would leave a core idle for as long. None of them flushes.
LONG = (
    "tests/architecture/test_types.py",
    "tests/flows/test_whole_path.py",
    "tests/flows/test_plan_to_figures.py",
)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A file given to a test is named by its argument: an archive holds the second it was made, and ids must agree."""
    return argname if isinstance(val, bytes) and len(val) > 24 else None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Who copies the migrated database needs one to copy, also where no other test of the run asks for one; it closes
    every connection for that, so no transaction may be open around it."""
    if "environ_apart" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests begin first; the others keep the order they were shuffled into."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A session of one layer alone reads only the files that name its marker; to import the others takes a quarter
    of a minute in each of its processes."""
    marker = config.option.markexpr
    if marker not in {"database", "browser"} or not collection_path.match("test_*.py"):
        return None
    return marker not in collection_path.read_text("utf-8") or None


class Cast:
    """Makes organisations, people and actors; every name is invented and carries diacritics."""

    def __init__(self) -> None:
        self._next = count(1)

    def organisation(self, name: str = "", **fields):
        """A new organisation."""
        from khcn.kernel.orgs.models import Organisation

        number = next(self._next)
        fields.setdefault("code", f"CQ-{number}")
        return Organisation.objects.create(name=name or f"Cơ quan số {number}", **fields)

    def person(self, name: str = "", **fields):
        """A new person, without an account."""
        from khcn.kernel.orgs.models import Person

        return Person.objects.create(full_name=name or f"Nguyễn Thị Thử {next(self._next)}", **fields)

    def user(self, *roles: str, organisation=None, person=None, on: date = TODAY, email: str = ""):
        """An account whose person holds a post with the roles at the organisation since long before `on`."""
        from khcn.kernel.orgs.models import Appointment, Post, User

        number = next(self._next)
        person = person or self.person()
        if roles:
            codes = [str(role) for role in roles]
            post = Post.objects.create(code=f"CV-{number}", name=f"Chức vụ {number}", roles=codes)
            Appointment.objects.create(
                person=person, post=post, organisation=organisation or self.organisation(),
                valid_from=date(on.year - 3, 1, 1),
            )  # fmt: skip
        return User.objects.create(username=f"tai-khoan-{number}", person=person, email=email)

    def actor(self, *roles: str, organisation=None, person=None, on: date = TODAY):
        """The actor behind a new account with the roles."""
        from khcn.kernel.orgs.queries import actor_for

        return actor_for(self.user(*roles, organisation=organisation, person=person, on=on), on=on)


@pytest.fixture(scope="session")
def django_db_setup(
    request, django_test_environment, django_db_blocker, django_db_modify_db_settings
) -> Iterator[None]:
    """The migrated test database, from a kept copy where migrations and models are still those it was made from.

    On PostgreSQL the processes of one session copy what the first of them migrated.
    """
    kept = Path(request.config.cache.mkdir("migrated")) / migrated_database.copy_name()
    session = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")
    template, made = f"migrated_{session[:16]}", ""
    with migrated_database.one_after_another(), django_db_blocker.unblock():
        if session and migrated_database.open_template(template):
            made = connection.settings_dict["NAME"]
        elif not migrated_database.open_copy(kept):
            request.getfixturevalue("django_db_setup")
            migrated_database.keep_copy(kept)
            if session:
                migrated_database.keep_template(template)
                made = template
    yield
    if made:
        with django_db_blocker.unblock():
            migrated_database.drop_database(made)


@pytest.fixture
def environ_apart(django_db_setup, django_db_blocker, tmp_path) -> Iterator[dict[str, str]]:
    """The environment of processes with a migrated database and a folder of their own; see `copy_apart`."""
    with django_db_blocker.unblock(), migrated_database.copy_apart(tmp_path) as address:
        yield {
            **os.environ, "DATABASE_URL": address, "KHCN_VAR": str(tmp_path), "KHCN_ALLOWED_HOSTS": "localhost",
            "DJANGO_SETTINGS_MODULE": "khcn.site.settings.dev",
            "PYTHONPATH": os.pathsep.join(str(Path(__file__).parent / name) for name in ("src", "tests")),
        }  # fmt: skip


@pytest.fixture
def cast(db) -> Cast:
    """Makes people with roles."""
    return Cast()


@pytest.fixture
def people(db):
    """Those who try every page: specialist, head, director, …, host, other_host, stranger; each a Member."""
    from khcn.kernel.orgs.tests import cast as members

    return members.make_cast()


@pytest.fixture
def make_member(db) -> Callable:
    """`make_member(Role.HOST, organisation=…)` gives a Member: user, person, organisation and actor."""
    from khcn.kernel.orgs.tests import cast as members

    return members.make_member


@pytest.fixture
def client_for(db) -> Callable:
    """`client_for(member)` gives a signed-in test client; `client_for()` a signed-out one."""
    from khcn.kernel.orgs.tests import cast as members

    return members.client_for


@pytest.fixture
def sql_count() -> Callable:
    """`with sql_count() as queries: client.get(…)`, then `len(queries)`."""
    return lambda: CaptureQueriesContext(connection)


@pytest.fixture(autouse=True)
def _own_file_store(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@contextmanager
def without_refusing_triggers() -> Iterator[None]:
    """Switch off the triggers that refuse change and deletion, as only a database administrator can; then on again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'")
            found = cursor.fetchall()
            off = [f'DROP TRIGGER "{name}"' for name, _ in found]
            on = [sql for _, sql in found]
        else:
            cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
            found = cursor.fetchall()
            off = [f'ALTER TABLE {table} DISABLE TRIGGER "{name}"' for table, name in found]
            on = [f'ALTER TABLE {table} ENABLE TRIGGER "{name}"' for table, name in found]
        for statement in off:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in on:
                cursor.execute(statement)


@pytest.fixture
def past_triggers() -> Callable:
    """`with past_triggers():` lets a test tamper with append-only tables, as a database administrator could."""
    return without_refusing_triggers


@pytest.fixture(scope="session", autouse=True)
def _flush_past_append_only_tables() -> Iterator[None]:
    """Append-only tables refuse the flush of transactional tests; production keeps its triggers, the flush does not."""
    flush = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        with without_refusing_triggers():
            flush(case)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = flush
