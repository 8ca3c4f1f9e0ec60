"""Layers run side by side, and each outcome reaches the closing session."""

import dataclasses
import signal
import subprocess
import sys

import pytest

from khcn.site.launcher import suite


def heed_interrupts():
    """A session begun in the background of a shell ignores interrupts, and so would what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def house(monkeypatch, tmp_path):
    monkeypatch.setattr(suite, "RESULTS", tmp_path)

    def session(arguments, *, around, output=None):
        script = f"print('session {arguments[0]}'); raise SystemExit({arguments[1]})"
        return subprocess.Popen([sys.executable, "-c", script], stdout=output, start_new_session=True)

    monkeypatch.setattr(suite, "_pytest", session)


def layer(name, code=0, lack=""):
    return suite.SeparateLayer(name, lambda: lack, (name, str(code)))


def test_outcomes_of_layers_that_ran_side_by_side_and_of_one_that_could_not(house, capfd):
    found = suite._run_side_by_side([layer("one"), layer("two", 3), layer("three", lack="no browser")])

    assert {one["name"]: one.get("exit", one.get("skipped")) for one in found} == {
        "one": 0, "two": 3, "three": "no browser",
    }  # fmt: skip
    printed = capfd.readouterr().out
    assert printed.index("session one") < printed.index("session two")


def test_stopping_the_first_stops_the_others(house, monkeypatch):
    started = []

    def endless(arguments, *, around, output=None):
        sleeping = [sys.executable, "-c", "import time; time.sleep(600)"]
        started.append(subprocess.Popen(sleeping, start_new_session=True, preexec_fn=heed_interrupts))
        return started[-1]

    def interrupted(process, until):
        raise KeyboardInterrupt

    monkeypatch.setattr(suite, "_pytest", endless)
    monkeypatch.setattr(suite, "_end", interrupted)

    with pytest.raises(KeyboardInterrupt):
        suite._run_side_by_side([layer("one"), layer("two")])

    assert [process.wait(20) != 0 for process in started] == [True, True]


def test_sessions_side_by_side_share_one_time_limit(house, monkeypatch):
    limits = []
    ended = [sys.executable, "-c", ""]
    monkeypatch.setattr(suite, "_pytest", lambda *_, **__: subprocess.Popen(ended, start_new_session=True))
    monkeypatch.setattr(suite, "_end", lambda process, until: limits.append(until) or process.wait(20))

    suite._run_side_by_side([layer("one"), layer("two")])

    assert len(limits) == 2
    assert limits[0] == limits[1]


def test_layer_that_fills_both_cores_steps_back_behind_the_one_that_cannot(house, monkeypatch):
    stepped_back = []
    monkeypatch.setattr(suite.os, "setpriority", lambda _kind, process, by: stepped_back.append((process > 0, by)))

    suite._run_side_by_side([dataclasses.replace(layer("wide"), behind=5), layer("narrow")])

    assert stepped_back == [(True, 5)]


def test_session_keeps_what_it_compiles_even_where_the_environment_says_otherwise(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    given = {}
    monkeypatch.setattr(suite.subprocess, "Popen", lambda _command, **how: given.update(how["env"]))

    suite._pytest(["--version"], around=())

    assert given["PYTHONPATH"]
    assert "PYTHONDONTWRITEBYTECODE" not in given
