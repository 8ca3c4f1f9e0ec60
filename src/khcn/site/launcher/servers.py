"""Runs the web server (granian) and the worker as children: starts, watches, stops both.

Does not set anything up; `preparation` has done that before.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from khcn.site.launcher import house
from khcn.site.launcher.messages import Stop, say, tell

READY_SECONDS = 120
STOP_SECONDS = 12
LOG_LIMIT_BYTES = 20_000_000
ALIVE_PATH = "/healthz"
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Child:
    """One running part: its name for people, its process, its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def tail(self, lines: int = 12) -> str:
        """The last lines of the log, indented."""
        text = self.log.read_text("utf-8", "replace").splitlines()[-lines:]
        return "\n".join(f"    {line}" for line in text)


@contextlib.contextmanager
def database_in_use(*, alone: bool = False) -> Iterator[None]:
    """Holds var's lock while serving; alone=True (restore, reset) demands that nobody serves. Raises Stop("in_use")."""
    with house.lock("serving", exclusive=alone) as held:
        if not held:
            raise Stop("in_use")
        yield


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port(host: str, first: int, count: int = 20) -> int:
    """The first free port from `first` on; raises Stop where none of `count` is free."""
    last = min(first + count, 65536)
    for port in range(first, last):
        if is_free(host, port):
            return port
    raise Stop("no_free_port", first=first, last=last - 1)


def _die_with_parent() -> None:
    """On Linux the child is told to end when the launcher is killed outright, so no port stays taken."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _open_log(name: str) -> IO[bytes]:
    house.LOGS.mkdir(parents=True, exist_ok=True)
    path = house.LOGS / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def _start(name: str, log: str, command: list[str]) -> Child:
    with _open_log(log) as output:
        process = subprocess.Popen(
            command, cwd=house.ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True, preexec_fn=_die_with_parent,
        )  # fmt: skip
    return Child(name, process, house.LOGS / f"{log}.log")


def start_web(host: str, port: int, workers: int) -> Child:
    """Starts granian with the WSGI application on the address."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--no-access-log",
        "--working-dir", str(house.ROOT), "khcn.site.wsgi:application",
    ]  # fmt: skip
    return _start(tell("Máy chủ web", "The web server"), "web", command)


def start_worker() -> Child:
    """Starts the worker that runs the jobs of the outbox."""
    command = [sys.executable, str(house.ROOT / "manage.py"), "db_worker", "--queue-name", "*", "--no-reload"]
    return _start(tell("Tiến trình xử lý nền", "The worker"), "worker", command)


def start_scheduler() -> Child:
    """Starts what looks at the time and queues the jobs of site/schedule.py for the worker."""
    command = [sys.executable, str(house.ROOT / "manage.py"), "run_schedule", "--every", "60"]
    return _start(tell("Tiến trình xem lịch", "The scheduler"), "schedule", command)


def start_subscriber() -> Child:
    """Starts what takes in the values that stations publish at the MQTT broker."""
    command = [sys.executable, str(house.ROOT / "manage.py"), "receive_observations"]
    return _start(tell("Tiến trình nhận số liệu MQTT", "The MQTT subscriber"), "mqtt", command)


def stop(children: list[Child]) -> None:
    """Asks every child to end, and ends it after STOP_SECONDS where it does not."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def wait_until_ready(children: list[Child], address: str) -> None:
    """Returns when the web server answers; raises Stop with the log's end where it does not, or a child ends."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        ended(children)
        try:
            with urllib.request.urlopen(address + ALIVE_PATH, timeout=READY_SECONDS):  # noqa: S310 - our own server
                return
        except urllib.error.HTTPError:
            return  # it answers; whether it answers well is for `pages`
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    web = children[0]
    raise Stop("not_answering", seconds=READY_SECONDS, log=web.log, tail=web.tail())


def ended(children: list[Child]) -> None:
    """Raises Stop where a child has ended by itself."""
    for child in children:
        code = child.process.poll()
        if code is not None:
            raise Stop("child_died", name=child.name, code=code, log=child.log, tail=child.tail())


@contextlib.contextmanager
def running(
    host: str, port: int, *, workers: int = 2, web: bool = True, worker: bool = True, subscriber: bool = False
) -> Iterator[list[Child]]:
    """Web server and worker, up and answering inside the block, stopped after it whatever happens.

    subscriber: beside the worker what receives observations by MQTT.
    """
    children: list[Child] = []
    try:
        if web:  # people wait for it; what works behind it would take its processors while it loads
            children.append(start_web(host, port, workers))
            shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
            wait_until_ready(children, f"http://{f'[{shown}]' if ':' in shown else shown}:{port}")
        if worker:
            children += [start_worker(), start_scheduler()]
        if worker and subscriber:
            children.append(start_subscriber())
        yield children
    finally:
        stop(children)


def watch(children: list[Child]) -> None:
    """Returns on Ctrl-C or a TERM; raises Stop when a child ends by itself."""
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask)
    while not asked.wait(0.5):
        ended(children)
    say("stopping")
