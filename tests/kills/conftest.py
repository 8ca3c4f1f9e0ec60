"""A database of its own for processes that are started and killed."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def environ(tmp_path) -> Iterator[dict[str, str]]:
    """The environment of the processes. SQLite: a file; PostgreSQL: a database in the cluster of DATABASE_URL."""
    own = {
        **os.environ, "KHCN_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "khcn.site.settings.dev",
        "KHCN_ALLOWED_HOSTS": "localhost", "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")]),
    }  # fmt: skip
    cluster = os.environ.get("DATABASE_URL", "")
    if not cluster.startswith("postgres"):
        yield {**own, "DATABASE_URL": f"sqlite:///{tmp_path / 'kills.sqlite3'}"}
        return
    import psycopg

    name = f"kills_{secrets.token_hex(4)}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield {**own, "DATABASE_URL": f"{cluster.rsplit('/', 1)[0]}/{name}"}
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
