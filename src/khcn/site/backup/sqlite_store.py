"""Copies a SQLite database while it is used, says what a copy holds, and puts a copy in its place."""

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path

from khcn.site.backup.archive import Facts
from khcn.site.backup.errors import Damaged, NotForThis
from khcn.site.launcher.messages import tell

AUDIT_TABLE = "audit_auditentry"


class SqliteStore:
    """The database in one file."""

    engine = "sqlite"
    member_name = "database.sqlite3"

    def __init__(self, path: Path) -> None:
        """path: the file; it need not exist yet for a restore."""
        self.path = path

    def dump(self, target: Path) -> Facts:
        """Writes a consistent copy to the target, which must not exist; returns what the copy holds."""
        if not self.path.exists():
            raise NotForThis(tell(f"Chưa có cơ sở dữ liệu ở {self.path}.", f"There is no database at {self.path} yet."))
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=60)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        return self._facts(target)

    def restore_beside(self, dump: Path) -> str:
        """The unpacked file is the copy already; it is checked for damage. Raises Damaged."""
        with contextlib.closing(sqlite3.connect(dump)) as connection:
            try:
                verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
                strays = connection.execute("PRAGMA foreign_key_check").fetchone()
            except sqlite3.DatabaseError as error:
                raise Damaged(tell(f"Cơ sở dữ liệu hỏng: {error}.", f"The database is damaged: {error}.")) from error
        if verdict != "ok" or strays:
            raise Damaged(tell(f"Cơ sở dữ liệu hỏng: {verdict}.", f"The database is damaged: {verdict} {strays}."))
        return str(dump)

    def facts(self, copy: str) -> Facts:
        """What a copy holds."""
        return self._facts(Path(copy))

    def address(self, copy: str) -> str:
        """DATABASE_URL of a copy."""
        return f"sqlite:///{copy}"

    def swap(self, copy: str, now: datetime) -> str:
        """Puts the copy in place; returns the name under which the old file stays, empty where there was none."""
        kept = ""
        if self.path.exists():
            with contextlib.closing(sqlite3.connect(self.path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            old = before_restore(self.path, now)
            self.path.replace(old)
            kept = str(old)
        for rest in ("-wal", "-shm"):
            Path(f"{self.path}{rest}").unlink(missing_ok=True)
        Path(copy).replace(self.path)
        return kept

    def drop(self, copy: str) -> None:
        """Removes a copy that was only looked at."""
        Path(copy).unlink(missing_ok=True)

    def _facts(self, path: Path) -> Facts:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            names = [row[0] for row in connection.execute(query)]
            tables = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
            migrations, head = [], ""
            if "django_migrations" in tables:
                rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
                migrations = [f"{app}.{name}" for app, name in rows]
            if tables.get(AUDIT_TABLE):
                head = connection.execute(f"SELECT digest FROM {AUDIT_TABLE} ORDER BY id DESC LIMIT 1").fetchone()[0]  # noqa: S608
        return Facts(tables, migrations, tables.get(AUDIT_TABLE, 0), head)


def before_restore(path: Path, now: datetime) -> Path:
    """A name beside the path that is free: `.before-restore`, with the moment where that is taken."""
    plain = path.with_name(f"{path.name}.before-restore")
    return plain if not plain.exists() else path.with_name(f"{plain.name}-{now:%Y%m%d-%H%M%S}")
