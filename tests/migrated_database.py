"""Migrated databases without a hundred migrations each: one kept between runs, and copies for processes of their own.

The kept SQLite file is named after the text of everything that shapes tables; where any of it changes, a new one is
made. On PostgreSQL the first process of a session migrates, and the others copy what it made. Never used by the
operated system.
"""

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.apps import apps
from django.conf import settings
from django.db import connection, connections

if TYPE_CHECKING:
    import psycopg

#: The number of PostgreSQL's advisory lock that a process of the suite holds while it makes its database.
_TURN = 20_230_515
#: Folders of an app, beside its `apps.py`, whose text decides what a migrated database holds.
_SHAPING = ("migrations", "models", "choices", "lib", "web/geometry")


def _shaping_files() -> Iterator[Path]:
    package = Path(__file__).resolve().parents[1] / "src" / "khcn"
    for folder in (*{Path(config.path) for config in apps.get_app_configs()}, package):
        for name in _SHAPING:
            yield from (folder / name).rglob("*.py")
            yield from folder.glob(f"{name}.py")
        yield from folder.glob("apps.py")
        yield from folder.glob("permissions.py")


def copy_name() -> str:
    """The name of the copy: a digest over migrations, models and what they import, and the versions below them."""
    digest = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version} {settings.INSTALLED_APPS}".encode())
    for path in sorted(set(_shaping_files())):
        digest.update(f"{path.name} {path.stat().st_size} ".encode() + path.read_bytes())
    return f"{digest.hexdigest()[:32]}.sqlite3"


def open_copy(kept: Path) -> bool:
    """Make the test database from the kept copy; False without one that holds tables, or when it is not SQLite."""
    if connection.vendor != "sqlite" or not has_copy(kept):
        return False
    connection.close()
    name = connection.creation._get_test_db_name()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    with sqlite3.connect(f"file:{kept}?mode=ro", uri=True) as source:
        source.backup(connection.connection)
    source.close()
    return True


def _holds_tables(kept: Path) -> bool:
    """Whether the copy is whole enough to be one: a run that was stopped in a bad moment may leave an empty file."""
    with closing(sqlite3.connect(f"file:{kept}?mode=ro", uri=True)) as source:
        return bool(source.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def keep_copy(kept: Path) -> None:
    """Keep the database that was just migrated; older copies go."""
    if connection.vendor != "sqlite":
        return
    connection.ensure_connection()
    _keep(connection.connection, kept)


def keep_file(migrated: Path, kept: Path) -> None:
    """Keep a file that a process of its own has just migrated; older copies go."""
    with closing(sqlite3.connect(migrated)) as source:
        _keep(source, kept)


def has_copy(kept: Path) -> bool:
    """Whether a whole copy is kept."""
    return kept.is_file() and _holds_tables(kept)


def _keep(source: sqlite3.Connection, kept: Path) -> None:
    unfinished = kept.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # a log beside the file would not be renamed with it
    for older in kept.parent.glob("*.sqlite3"):
        older.unlink(missing_ok=True)
    unfinished.replace(kept)


@contextmanager
def one_after_another() -> Iterator[None]:
    """Inside the block a process is alone among those that share the PostgreSQL cluster; elsewhere nothing is held."""
    if connection.vendor != "postgresql":
        yield
        return
    with _cluster() as ours:
        ours.execute("SELECT pg_advisory_lock(%s)", [_TURN])
        yield


def open_template(template: str) -> bool:
    """Make the test database a copy of the template in the PostgreSQL cluster; False where there is none."""
    if connection.vendor != "postgresql":
        return False
    name = connection.creation._get_test_db_name()
    with _cluster() as ours:
        if not ours.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            return False
        connection.close()
        ours.execute(f'DROP DATABASE IF EXISTS "{name}"')
        ours.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    return True


def keep_template(template: str) -> None:
    """Keep the database that was just migrated as a template for the other processes of the session."""
    if connection.vendor != "postgresql":
        return
    connection.close()  # a database in use is no template
    with _cluster() as ours:
        ours.execute(f'CREATE DATABASE "{template}" TEMPLATE "{connection.settings_dict["NAME"]}"')


def drop_database(name: str) -> None:
    """Drop a database of the PostgreSQL cluster, where it is there; elsewhere there is nothing to drop."""
    if connection.vendor != "postgresql":
        return
    connection.close()
    with _cluster() as ours:
        ours.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _cluster() -> "psycopg.Connection":
    """A connection to the cluster's own database, which no test touches."""
    import psycopg

    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


@contextmanager
def copy_apart(folder: Path) -> Iterator[str]:
    """A copy of the empty test database for processes that are started and killed; gives its DATABASE_URL.

    SQLite: a file in the folder. PostgreSQL: a database in the same cluster, dropped afterwards.
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(folder / "apart.sqlite3") as target:
            connection.connection.backup(target)
        target.close()
        yield f"sqlite:///{folder / 'apart.sqlite3'}"
        return
    import psycopg

    cluster, name = os.environ["DATABASE_URL"], f"apart_{secrets.token_hex(4)}"
    connections.close_all()  # a database in use is no template
    with psycopg.connect(cluster, autocommit=True) as ours:
        ours.execute(f"CREATE DATABASE {name} TEMPLATE {connection.settings_dict['NAME']}")
    yield f"{cluster.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(cluster, autocommit=True) as ours:
        ours.execute(f"DROP DATABASE {name} WITH (FORCE)")
