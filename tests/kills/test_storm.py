"""Subscriber, worker and watcher killed with SIGKILL in a storm: no value lost or doubled, no warning lost or doubled.

KHCN_STORM_KILLS sets how many rounds (2 in the suite, 100 before a release); both databases as in `test_kills`.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime

import pytest

from kills.storm import RECIPIENTS, STATIONS, VALUES_A_ROUND, Stations
from kills.test_kills import READY_SECONDS, ROOT, WORKER, run
from mosquitto_broker import OWN_ACCOUNT, OWN_PASSWORD, broker, needs_mosquitto

KILLS = int(os.environ.get("KHCN_STORM_KILLS", "2"))
SUBSCRIBER = (str(ROOT / "manage.py"), "receive_observations")
WATCHER = ("-m", "kills.storm", "watch")
VALUES = "SELECT count(*) FROM hazards_observation"
WAITING = (
    "SELECT count(*) FROM warnings_delivery WHERE state = 'queued'",
    "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status <> 'SUCCESSFUL'",
)


def counted(environ: dict[str, str], *statements: str) -> int:
    """The sum of what the statements count, asked without Django."""
    address = environ["DATABASE_URL"]
    if address.startswith("sqlite"):
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"), timeout=READY_SECONDS)) as here:
            return sum(here.execute(one).fetchone()[0] for one in statements)
    import psycopg

    with psycopg.connect(address) as there:
        return sum(there.execute(one).fetchone()[0] for one in statements)


class Processes:
    """Subscriber, worker and watcher of one round."""

    def __init__(self, environ: dict[str, str], log) -> None:
        self._environ = environ
        self._all = [
            subprocess.Popen(
                [sys.executable, *program], env=environ, cwd=ROOT, start_new_session=True, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT,
            )
            for program in (SUBSCRIBER, WORKER, WATCHER)
        ]  # fmt: skip

    def wait_for(self, is_there, what: str) -> None:
        """Until it is so; a process that ends by itself ends the test."""
        until = time.monotonic() + READY_SECONDS * 2
        while not is_there():
            assert all(one.poll() is None for one in self._all), "a process ended by itself"
            assert time.monotonic() < until, what
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL to all of them."""
        for one in self._all:
            os.killpg(one.pid, signal.SIGKILL)
        for one in self._all:
            one.wait()


@pytest.mark.database
@needs_mosquitto()
def test_killed_in_a_storm_no_value_and_no_warning_is_lost_or_doubled(environ_apart, tmp_path, record_property):
    world = json.loads(run(environ_apart, "-m", "kills.storm", str(tmp_path / "accounts")))
    dice = random.Random(11)

    with broker(tmp_path) as running, (tmp_path / "storm.log").open("ab") as log:
        environ = {
            **environ_apart, "KHCN_MQTT_BROKER": running.address, "KHCN_MQTT_USERNAME": OWN_ACCOUNT,
            "KHCN_MQTT_PASSWORD": OWN_PASSWORD,
        }  # fmt: skip
        stations = Stations(running.port, world["secrets"], datetime.fromisoformat(world["base"]))
        for number in range(KILLS + 1):  # the last is not killed before all is done
            processes, thread = Processes(environ, log), None
            try:
                if not number:
                    processes.wait_for(
                        lambda: b"\xc4\x90\xc3\xa3 n\xe1\xbb\x91i" in (tmp_path / "storm.log").read_bytes(),
                        "the subscriber never connected",
                    )
                thread = stations.work()
                least = number * VALUES_A_ROUND + dice.randrange(VALUES_A_ROUND) if number < KILLS else 0
                processes.wait_for(lambda least=least: counted(environ, VALUES) >= least, "no values came")
                if number == KILLS:
                    thread.join(READY_SECONDS)
                    sent = len(stations.sent)
                    processes.wait_for(lambda sent=sent: counted(environ, VALUES) >= sent, "values are lost")
                    processes.wait_for(lambda: not counted(environ, *WAITING), "something waits for ever")
            finally:
                processes.kill()
            thread.join(READY_SECONDS)
            assert not thread.is_alive()
        stations.stop()

    told = tmp_path / "told.json"
    told.write_text(json.dumps({"sent": stations.sent, "base": world["base"]}))
    found = json.loads(run(environ_apart, "-m", "kills.storm", "account", str(told)))
    record_property("counted", json.dumps({"rounds": KILLS, **found["counted"]}))
    (tmp_path / "counted.json").write_text(json.dumps({"rounds": KILLS, **found["counted"]}))
    wrong = {name: what for name, what in found.items() if name != "counted" and what}
    assert wrong == {}
    assert found["counted"]["observations"] == (KILLS + 1) * VALUES_A_ROUND
    assert found["counted"]["deliveries"] == RECIPIENTS
    assert found["counted"]["exceedances"] >= len(STATIONS)
