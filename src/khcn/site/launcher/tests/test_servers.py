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


@pytest.mark.parametrize(("worker", "broker", "parts"), [(True, True, 3), (True, False, 2), (False, True, 0)])
def test_running_the_subscriber_runs_beside_the_worker_where_a_broker_is_named(
    monkeypatch: pytest.MonkeyPatch, worker: bool, broker: bool, parts: int
) -> None:
    for name in ("start_worker", "start_scheduler", "start_subscriber"):
        monkeypatch.setattr(servers, name, lambda name=name: name)
    monkeypatch.setattr(servers, "stop", lambda _children: None)

    with servers.running("127.0.0.1", 1, web=False, worker=worker, subscriber=broker) as children:
        found = list(children)

    assert len(found) == parts
    assert ("start_subscriber" in found) == (worker and broker)
