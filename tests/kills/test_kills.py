"""Web server, worker and sweeper killed with SIGKILL under load: nobody was told of what is not there, nothing is there
twice, nothing stands still, no code or number is skipped, every chain holds.

KHCN_KILLS sets how many rounds (3 in the suite, 100 before a release). SQLite: a file of its own, as on the embedded
default. PostgreSQL: a database of its own in the cluster of DATABASE_URL.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from kills.people import People

KILLS = int(os.environ.get("KHCN_KILLS", "3"))
ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 180
ACTS_A_ROUND = 12
WEB = (
    "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "--blocking-threads", "4",
    "--no-ws", "--no-access-log", "--working-dir", str(ROOT), "khcn.site.wsgi:application",
)  # fmt: skip
WORKER = (str(ROOT / "manage.py"), "db_worker", "--queue-name", "*", "--no-reload", "--interval", "0.1")


class Processes:
    """Web server, worker and sweeper of one round."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self.port = _free_port()
        with (folder / "server.log").open("ab") as log:
            self._all = [
                subprocess.Popen(
                    [sys.executable, *program], env=environ, cwd=ROOT, start_new_session=True, stdin=subprocess.DEVNULL,
                    stdout=log, stderr=subprocess.STDOUT,
                )
                for program in ((*WEB, "--port", str(self.port)), WORKER, ("-m", "kills.sweeper"))
            ]  # fmt: skip

    def wait(self) -> None:
        """Until the server answers."""
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=READY_SECONDS):
                    return
            except urllib.error.HTTPError:
                return
            except OSError:
                assert all(one.poll() is None for one in self._all), "a process ended by itself"
                time.sleep(0.1)
        raise AssertionError("the server never answered")

    def kill(self) -> None:
        """SIGKILL to all of them and their children."""
        for one in self._all:
            os.killpg(one.pid, signal.SIGKILL)
        for one in self._all:
            one.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(environ: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], env=environ, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.database
def test_killed_servers_and_workers_lose_double_stop_and_skip_nothing(environ_apart, tmp_path, record_property):
    office = json.loads(run(environ_apart, "-m", "kills.office"))
    people, dice = People(office), random.Random(7)

    for _ in range(KILLS):
        processes = Processes(environ_apart, tmp_path)
        try:
            processes.wait()
            before, until = people.acts, time.monotonic() + READY_SECONDS
            threads = people.work(processes.port)
            while people.acts < before + ACTS_A_ROUND and time.monotonic() < until:
                time.sleep(0.02)
            time.sleep(2 * dice.random())
        finally:
            processes.kill()
        for thread in threads:
            thread.join(READY_SECONDS)
            assert not thread.is_alive()

    _finish(environ_apart, tmp_path, people)
    told = tmp_path / "told.json"
    told.write_text(
        json.dumps({"dossiers": people.dossiers, "done": sorted(people.done), "numbered": sorted(people.numbered)})
    )
    found = json.loads(run(environ_apart, "-m", "kills.accounts", str(told)))
    record_property("counted", json.dumps({"rounds": KILLS, **found["counted"]}))
    (tmp_path / "counted.json").write_text(json.dumps({"rounds": KILLS, **found["counted"]}))
    assert not people.strange
    assert {name: found[name] for name in ("lost", "doubled", "stuck", "gaps", "broken")} == {
        "lost": [], "doubled": [], "stuck": [], "gaps": [], "broken": []
    }  # fmt: skip
    assert found["counted"]["dossiers"] >= found["counted"]["told"] >= KILLS
    assert found["counted"]["ended"] == found["counted"]["cases"]


def _finish(environ: dict[str, str], folder: Path, people: People) -> None:
    """Everything goes on to its end without being killed: what was sent is answered, what was begun is done."""
    processes = Processes(environ, folder)
    try:
        processes.wait()
        people.finish(processes.port)
        dossiers, jobs, until = [], 1, time.monotonic() + READY_SECONDS * 2
        while dossiers or jobs:
            dossiers, jobs = json.loads(run(environ, "-c", "from kills.accounts import left; left()"))
            people.handle_all(dossiers)
            assert time.monotonic() < until, (dossiers[:5], jobs)
    finally:
        processes.kill()
