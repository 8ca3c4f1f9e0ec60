"""A PostgreSQL cluster for one command: made in a temporary folder, on a free port, gone afterwards.

    .venv/bin/python tests/postgres_cluster.py .venv/bin/python -m pytest -m database

The command finds it in DATABASE_URL, with PostGIS in every database made there. PostgreSQL refuses to run as root; then
the user `postgres` of Debian's package owns the cluster. Durability is off: nothing here outlives the command. With
`--durable` before the command it is on, as a server has it, for what measures commits.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from khcn.site.launcher import debian

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=256MB")
DURABLE = ("shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=15min")
"""PostgreSQL's own `fsync`, `synchronous_commit` and `full_page_writes`, and room for a bulk load."""
LOCALES = (("--locale-provider=icu", "--icu-locale=vi-VN"), ())


class ClusterFailed(Exception):
    """A program of PostgreSQL ended badly; the text is what it said."""


def _run(command: Sequence[str], *, owner: str | None, **environ: str) -> None:
    as_owner = (
        ["setpriv", f"--reuid={owner}", f"--regid={owner}", "--init-groups", "--", *command] if owner else command
    )
    done = subprocess.run(
        as_owner, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/", env={**os.environ, **environ}
    )
    if done.returncode:
        raise ClusterFailed(f"{Path(command[0]).name}: {done.stderr or done.stdout}")


@contextlib.contextmanager
def cluster(settings: Sequence[str] = QUICK) -> Iterator[str]:
    """Yields the DATABASE_URL of an empty database in a fresh cluster. Raises ClusterFailed."""
    programs = debian.postgresql()
    if programs is None:
        raise ClusterFailed("PostgreSQL with PostGIS was not found; ./khcn check names the packages.")
    owner = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="khcn-postgresql-", ignore_cleanup_errors=True) as made:
        home = Path(made)
        password = home / "password"
        password.write_text(secrets.token_hex(16), "utf-8")
        if owner:
            account = pwd.getpwnam(owner)
            for path in (home, password):
                os.chown(path, account.pw_uid, account.pw_gid)
        _initdb(programs, home, password, owner)
        port = _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        options += "".join(f" -c {setting}" for setting in settings)
        control = [str(programs / "pg_ctl"), "-D", str(home / "cluster"), "-w", "-l", str(home / "log")]
        try:
            _run([*control, "-o", options, "start"], owner=owner)
            secret = password.read_text("utf-8")
            psql = [
                shutil.which("psql") or str(programs / "psql"),
                "-h",
                "127.0.0.1",
                "-p",
                str(port),
                "-U",
                "khcn",
                "-q",
            ]
            extend = "CREATE EXTENSION IF NOT EXISTS postgis"
            _run([*psql, "-d", "template1", "-c", extend], owner=None, PGPASSWORD=secret)
            _run([*psql, "-d", "template1", "-c", "CREATE DATABASE khcn"], owner=None, PGPASSWORD=secret)
            yield f"postgres://khcn:{secret}@127.0.0.1:{port}/khcn"
        finally:
            with contextlib.suppress(ClusterFailed):  # it may not have started
                _run([*control, "-m", "immediate", "stop"], owner=owner)


def _initdb(programs: Path, home: Path, password: Path, owner: str | None) -> None:
    """Vietnamese ICU order where this build of PostgreSQL has it, else the C locale."""
    command = [
        str(programs / "initdb"), "-D", str(home / "cluster"), "-U", "khcn", "-E", "UTF8", "--locale=C.UTF-8",
        f"--pwfile={password}", "--auth=scram-sha-256", "--no-sync",
    ]  # fmt: skip
    for locale in LOCALES:
        try:
            return _run([*command, *locale], owner=owner)
        except ClusterFailed:
            if not locale:
                raise
            shutil.rmtree(home / "cluster", ignore_errors=True)
    raise AssertionError("the last locale either returns or raises")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(command: Sequence[str]) -> int:
    """Runs the command beside a fresh cluster; returns its exit code."""
    is_durable = command[:1] == ["--durable"]
    try:
        with cluster(DURABLE if is_durable else QUICK) as address:
            return subprocess.run(command[is_durable:], env={**os.environ, "DATABASE_URL": address}).returncode
    except ClusterFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
