"""A PostgreSQL dump comes back row for row, in the same locale, beside the living database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from khcn.site.backup.errors import Damaged
from khcn.site.backup.postgres_store import PostgresStore

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own programs; runs in that layer"),
]
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.fixture
def store(worker_id: str) -> Iterator[PostgresStore]:
    settings = {**connection.settings_dict, "NAME": f"backup_{worker_id}"}
    made = PostgresStore(settings, NOW)
    with psycopg.connect(made.address("postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{settings["NAME"]}"')
        with psycopg.connect(made.address(settings["NAME"]), autocommit=True) as database:
            database.execute("CREATE TABLE ten (id serial PRIMARY KEY, ho_ten text)")
            database.execute("INSERT INTO ten (ho_ten) VALUES ('Ân'), ('An'), ('Ăn'), ('Đào'), ('Dũng')")
        yield made
        # Only this worker's own: another one is working on backup_gw1 beside it.
        own = "SELECT datname FROM pg_database WHERE datname = %(name)s OR starts_with(datname, %(name)s || '_')"
        for name in server.execute(own, {"name": settings["NAME"]}).fetchall():
            server.execute(f'DROP DATABASE "{name[0]}" WITH (FORCE)')


def _ordered(store: PostgresStore, name: str) -> list[str]:
    with psycopg.connect(store.address(name)) as database:
        return [row[0] for row in database.execute("SELECT ho_ten FROM ten ORDER BY ho_ten")]


def test_dump_restored_beside_holds_the_same_in_the_same_order(store: PostgresStore, tmp_path: Path) -> None:
    facts = store.dump(tmp_path / "x.dump")

    copy = store.restore_beside(tmp_path / "x.dump")

    assert facts.tables == {"ten": 5}
    assert store.facts(copy).tables == facts.tables
    assert _ordered(store, copy) == _ordered(store, store.name) == ["An", "Ăn", "Ân", "Dũng", "Đào"]


def test_swap_puts_the_copy_in_place_and_keeps_the_old(store: PostgresStore, tmp_path: Path) -> None:
    store.dump(tmp_path / "x.dump")
    copy = store.restore_beside(tmp_path / "x.dump")
    with psycopg.connect(store.address(store.name), autocommit=True) as database:
        database.execute("DELETE FROM ten")

    kept = store.swap(copy, NOW)

    assert len(_ordered(store, store.name)) == 5
    assert _ordered(store, kept) == []


def test_dump_damaged_is_refused_and_the_copy_dropped(store: PostgresStore, tmp_path: Path) -> None:
    store.dump(tmp_path / "x.dump")
    body = (tmp_path / "x.dump").read_bytes()
    (tmp_path / "cut.dump").write_bytes(body[: len(body) // 2])

    with pytest.raises(Damaged, match="pg_restore"):
        store.restore_beside(tmp_path / "cut.dump")

    with psycopg.connect(store.address("postgres")) as server:
        left = server.execute("SELECT count(*) FROM pg_database WHERE datname LIKE %s", [f"{store.name}_restore%"])
        assert left.fetchone() == (0,)
