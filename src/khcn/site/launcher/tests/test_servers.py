"""Ports are looked for honestly, and the lock tells serving from restoring."""

import socket
from pathlib import Path

import pytest

from khcn.site.launcher import house, servers
from khcn.site.launcher.messages import Stop


def test_free_port_taken_one_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        found = servers.free_port("127.0.0.1", port)

    assert port < found < port + 20


def test_free_port_none_left_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(Stop):
            servers.free_port("127.0.0.1", taken.getsockname()[1], count=1)


def test_database_in_use_two_may_serve_but_none_restores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "VAR", tmp_path)

    with servers.database_in_use():
        with servers.database_in_use():
            pass
        with pytest.raises(Stop, match="Hãy dừng lại trước"), servers.database_in_use(alone=True):
            pass

    with (
        servers.database_in_use(alone=True),
        pytest.raises(Stop, match="Hãy dừng lại trước"),
        servers.database_in_use(),
    ):
        pass
