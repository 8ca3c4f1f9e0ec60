"""A mosquitto of a test's own on a free port of this machine, set up as deploy/mosquitto says, with its files apart."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from khcn.site.launcher import debian

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 60
OWN_ACCOUNT, OWN_PASSWORD = "khcn", "mat-khau-cua-he-thong"


def needs_mosquitto() -> pytest.MarkDecorator:
    """The mark of tests that are skipped, with the reason, where no broker is installed."""
    return pytest.mark.skipif(
        debian.mosquitto() is None, reason="mosquitto is not installed: apt-get install mosquitto"
    )


@dataclass
class RunningBroker:
    """A broker that runs: where it listens, and the folder from which it reads accounts."""

    port: int
    accounts: Path
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """As KHCN_MQTT_BROKER names it."""
        return f"mqtt://127.0.0.1:{self.port}"

    def read_accounts_again(self) -> None:
        """As systemd does when the files change."""
        self.process.send_signal(signal.SIGHUP)


@contextmanager
def broker(folder: Path, *, certificate: Path | None = None) -> Iterator[RunningBroker]:
    """A broker with the accounts in folder/accounts, which are written before; stopped after the block.

    certificate: a PEM with certificate and key, with which the broker speaks TLS.
    """
    accounts, port = folder / "accounts", _free_port()
    text = (ROOT / "deploy/mosquitto/khcn.conf").read_text("utf-8")
    text = text.replace("/srv/khcn/var/mosquitto", str(accounts))
    secure = f"\ncertfile {certificate}\nkeyfile {certificate}" if certificate else ""
    text = re.sub(r"^listener .*$", f"listener {port} 127.0.0.1{secure}", text, flags=re.MULTILINE)
    owner = f"user {_user_name()}\n" if os.geteuid() == 0 else ""
    kept = f"persistence true\npersistence_location {folder}/\n"
    (folder / "mosquitto.conf").write_text(text + kept + owner, "utf-8")
    with (folder / "mosquitto.log").open("ab") as log:
        process = subprocess.Popen(
            [str(debian.mosquitto()), "-c", str(folder / "mosquitto.conf")], stdin=subprocess.DEVNULL, stdout=log,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(port, process, folder / "mosquitto.log")
        yield RunningBroker(port, accounts, process)
    finally:
        process.terminate()
        process.wait(READY_SECONDS)


def _user_name() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text("utf-8", "replace")[-2000:]
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("mosquitto never listened")
