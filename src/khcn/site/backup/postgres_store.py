"""Dumps a PostgreSQL database on one snapshot, restores a dump into a database beside it, and swaps the names.

Needs pg_dump and pg_restore of the server's version or newer, and for a restore the right to create databases.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from khcn.site.backup.archive import Facts
from khcn.site.backup.errors import BackupError, Damaged, ToolMissing
from khcn.site.launcher import debian
from khcn.site.launcher.messages import tell

AUDIT_TABLE = "audit_auditentry"
NOT_OURS = {"spatial_ref_sys"}  # PostGIS's own table


class PostgresStore:
    """One database of a PostgreSQL server."""

    engine = "postgresql"
    member_name = "database.dump"

    def __init__(self, settings: Mapping[str, Any], now: datetime) -> None:
        """settings: NAME, USER, PASSWORD, HOST, PORT as in Django's DATABASES; now names the copies."""
        self.name = settings["NAME"]
        asked = {key: str(settings.get(key.upper()) or "") for key in ("host", "port", "user", "password")}
        self.server = {key: value for key, value in asked.items() if value}
        self._now = now

    def _connect(self, name: str, *, autocommit: bool = False) -> psycopg.Connection:
        return psycopg.connect(make_conninfo("", dbname=name, **self.server), autocommit=autocommit)

    def dump(self, target: Path) -> Facts:
        """Writes pg_dump's custom format to the target; the facts are counted on the very snapshot that is dumped."""
        with self._connect(self.name) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            snapshot = _one(connection, "SELECT pg_export_snapshot()")
            facts = _facts(connection)
            # extensions belong to the server's administrator: the manifest names them, the dump does not hold them
            self._run(
                "pg_dump",
                "-Fc",
                "--no-owner",
                "--no-privileges",
                "--extension=plpgsql",
                f"--snapshot={snapshot}",
                f"--file={target}",
                f"--dbname={self.name}",
            )
        return facts

    def restore_beside(self, dump: Path) -> str:
        """Restores the dump into a new database of the same locale; returns its name. Raises BackupError."""
        copy = f"{self.name}_restore_{self._now:%Y%m%d%H%M%S}"
        with self._connect(self.name) as connection:
            shape = _one(connection, "SELECT to_jsonb(d) FROM pg_database d WHERE datname = current_database()")
            extensions = _facts(connection).extensions
        try:
            self._administer(_create(copy, shape))
        except psycopg.errors.InsufficientPrivilege as error:
            role = self.server.get("user", "khcn")
            text = tell(
                f"Tài khoản PostgreSQL chưa được tạo cơ sở dữ liệu. Quản trị viên hãy chạy: ALTER ROLE {role} CREATEDB",
                f"The PostgreSQL role may not create databases. Run: ALTER ROLE {role} CREATEDB",
            )
            raise BackupError(text) from error
        try:
            self._extend(copy, extensions)
            self._run(
                "pg_restore",
                "--no-owner",
                "--no-privileges",
                "--no-comments",
                "--exit-on-error",
                f"--dbname={copy}",
                str(dump),
            )
        except BackupError:
            self.drop(copy)
            raise
        return copy

    def facts(self, copy: str) -> Facts:
        """What a database of this server holds."""
        with self._connect(copy) as connection:
            return _facts(connection)

    def address(self, copy: str) -> str:
        """DATABASE_URL of a database of this server."""
        part = {key: quote(value, safe="") for key, value in self.server.items()}
        secret = f":{part['password']}" if "password" in part else ""
        port = f":{part['port']}" if "port" in part else ""
        return f"postgres://{part.get('user', '')}{secret}@{part.get('host', '')}{port}/{copy}"

    def swap(self, copy: str, now: datetime) -> str:
        """Gives the copy the database's name; returns the name under which the old one stays."""
        kept = f"{self.name}_before_restore_{now:%Y%m%d%H%M%S}"
        self._administer(
            sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(self.name),
            _rename(self.name, kept),
            _rename(copy, self.name),
        )
        return kept

    def drop(self, copy: str) -> None:
        """Drops a database that was only looked at."""
        self._administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(copy)))

    def _administer(self, *statements: sql.Composed) -> None:
        with self._connect("postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def _extend(self, copy: str, extensions: list[str]) -> None:
        with self._connect(copy, autocommit=True) as connection:
            for name in extensions:
                try:
                    connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
                except psycopg.errors.InsufficientPrivilege as error:
                    text = tell(
                        f"Cần quản trị viên PostgreSQL để bật phần mở rộng {name} trong bản khôi phục.",
                        f"The extension {name} needs PostgreSQL's administrator.",
                    )
                    raise BackupError(text) from error

    def _run(self, program: str, *arguments: str) -> None:
        folder = debian.postgresql()
        found = str(folder / program) if folder and (folder / program).exists() else shutil.which(program)
        if not found:
            text = tell(
                f"Máy chưa có {program}. Hãy chạy: sudo apt-get install postgresql-client",
                f"This machine lacks {program}. Run: sudo apt-get install postgresql-client",
            )
            raise ToolMissing(text)
        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
        environ = os.environ | {names[key]: value for key, value in self.server.items()}
        done = subprocess.run([found, *arguments], env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Damaged(f"{program}: {done.stderr.strip()[-600:]}")


def _one(connection: psycopg.Connection, query: LiteralString) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _facts(connection: psycopg.Connection) -> Facts:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    names = [row[0] for row in connection.execute(query) if row[0] not in NOT_OURS]
    tables = {}
    for name in names:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        tables[name] = row[0] if row else 0
    migrations = []
    if "django_migrations" in tables:
        rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        migrations = [f"{app}.{name}" for app, name in rows]
    head = ""
    if tables.get(AUDIT_TABLE):
        head = _one(connection, "SELECT digest FROM audit_auditentry ORDER BY id DESC LIMIT 1")
    extensions = [row[0] for row in connection.execute("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'")]
    return Facts(tables, sorted(migrations), tables.get(AUDIT_TABLE, 0), head, sorted(extensions))


def _create(name: str, shape: dict[str, Any]) -> sql.Composed:
    """CREATE DATABASE with the encoding and locale of an existing one (a row of pg_database)."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}").format(
        sql.Identifier(name), shape["datcollate"], shape["datctype"]
    )
    if shape.get("datlocprovider") == "i":
        locale = shape.get("datlocale") or shape.get("daticulocale")
        statement += sql.SQL(" LOCALE_PROVIDER icu ICU_LOCALE {}").format(locale)
    return statement


def _rename(old: str, new: str) -> sql.Composed:
    return sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
