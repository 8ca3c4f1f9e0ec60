"""Starts a server with a database of its own for browser tests, and moves its clock.

The database is the demonstration's, loaded by the product's own command. KHCN_BROWSER_VAR names a folder to keep it in
between runs, for whoever writes tests; without it each run begins anew.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import migrated_database

HOUSE = Path(__file__).resolve().parents[2]
READY_SECONDS = 240  # beside other layers on a slow machine
PREPARE_SECONDS = 800


@dataclass
class Site:
    """A running server: its address, its folder, and the day that it believes it is."""

    address: str
    folder: Path
    _days: int = 0

    @property
    def today(self) -> date:
        """The server's day."""
        return date.today() + timedelta(days=self._days)  # noqa: DTZ011 - the machine's own day, as the server reads it

    def move_to(self, day: date) -> None:
        """Set the server's clock to another day, at the hour that it is."""
        self._days += (day - self.today).days
        (self.folder / "clock").write_text(str(self._days), "utf-8")

    def log(self) -> str:
        """What the server has written."""
        return (self.folder / "server.log").read_text("utf-8", "replace")


def _environ(folder: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("KHCN_", "PYTEST_"))}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "browser.server_settings",
        "PYTHONPATH": os.pathsep.join([str(HOUSE / "src"), str(HOUSE / "tests")]),
        "KHCN_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'khcn.sqlite3'}",
        "TZ": "Asia/Ho_Chi_Minh",
    }


def _prepare(folder: Path, migrated: Path) -> None:
    """Fills the folder's database; a second call copies the kept one where a folder to keep it in is named.

    migrated: the copy of the empty database that all tests share; it is made here where there is none yet.
    """
    kept = os.environ.get("KHCN_BROWSER_VAR")
    if kept and Path(kept, "khcn.sqlite3").is_file():
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        return
    if migrated_database.has_copy(migrated):
        shutil.copyfile(migrated, folder / "khcn.sqlite3")
    else:
        _manage(folder, "migrate", "--verbosity=0", "--noinput")
        migrated_database.keep_file(folder / "khcn.sqlite3", migrated)
    _manage(folder, "prepare", "--demo")
    if kept:
        shutil.copytree(folder, kept, dirs_exist_ok=True)


def _manage(folder: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, str(HOUSE / "manage.py"), *command], cwd=HOUSE, env=_environ(folder),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PREPARE_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")


@contextlib.contextmanager
def running(folder: Path, migrated: Path) -> Iterator[Site]:
    """The site with the demonstration loaded, answering inside the block; its process is ended after it.

    migrated: where the copy of the empty database is kept between tests.
    """
    _prepare(folder, migrated)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    site = Site(f"http://127.0.0.1:{port}", folder)
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--no-ws", "--no-access-log", "browser.server:application",
    ]  # fmt: skip
    with (folder / "server.log").open("ab") as output:
        process = subprocess.Popen(
            command, cwd=HOUSE, env=_environ(folder), stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            _wait(site, process)
            yield site
        finally:
            process.terminate()
            try:
                process.wait(12)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(site: Site, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}:\n{site.log()}")
        try:
            with urllib.request.urlopen(f"{site.address}/healthz", timeout=READY_SECONDS):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server does not answer:\n{site.log()}")
