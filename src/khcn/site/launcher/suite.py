"""Runs the test suite layer by layer and closes with one pytest session whose last line counts them all.

PostgreSQL and browser run first, side by side in sessions of their own; the closing session takes up their outcomes as
items (see tests/earlier_layers.py), so a failure anywhere shows in pytest's summary and in the exit code. A layer that
cannot run is a skipped item with its reason, never a passed one.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from khcn.site.launcher import debian, house, preparation
from khcn.site.launcher.messages import Stop, say

# One path per layer of the closing session; together they are all of src and tests.
CLOSING_LAYERS: dict[str, tuple[str, ...]] = {
    "lint": ("tests/architecture/test_lint.py",),
    "contracts": ("tests/architecture/test_contracts.py",),
    "types": ("tests/architecture/test_types.py",),
    "migrations": ("tests/architecture/test_migrations.py",),
    "architecture": ("tests/architecture",),
    "unit": ("src",),
    "conformance": ("tests/conformance",),
    "flows": ("tests/flows",),
}
SESSION_SECONDS = 2400
RESULTS = house.VAR / "test"


@dataclass(frozen=True)
class SeparateLayer:
    """A layer with a session of its own: what it needs of the machine, and how it runs."""

    name: str
    lacks: Callable[[], str]
    arguments: tuple[str, ...]
    around: tuple[str, ...] = field(default=())
    behind: int = 0
    """How far it steps back before the layers beside it, as `nice` counts: one that can fill both cores leaves the
    first turn to one that cannot."""


SEPARATE_LAYERS = {
    layer.name: layer
    for layer in (
        SeparateLayer(
            "postgresql",
            lambda: debian.require(debian.postgresql, "PostgreSQL + PostGIS", debian.postgresql_packages),
            ("-m", "database", "-n", "2"),
            around=("tests/postgres_cluster.py",),
            behind=5,
        ),
        SeparateLayer(
            "browser",
            lambda: debian.require(debian.chromium, "Chromium", lambda: ["chromium"]),
            ("-m", "browser", "-p", "no:randomly"),
        ),
    )
}


def run(layers: Sequence[str], *, fast: bool, extra: Sequence[str] = ()) -> int:
    """Runs the layers named, all where none is; fast leaves out PostgreSQL and browser. Returns the exit code.

    extra: arguments for the closing pytest session, such as ["-k", "calendar"].
    """
    known = [*CLOSING_LAYERS, *SEPARATE_LAYERS]
    for name in layers:
        if name not in known:
            raise Stop("unknown_layer", name=name, names=", ".join(known))
    preparation.install(for_tests=True)
    RESULTS.mkdir(parents=True, exist_ok=True)
    if not fast:  # where they cannot be had, the tests of scanned plans and of MQTT are skipped and say so
        debian.require(debian.vietnamese_recognition, "Tesseract", lambda: [*debian.RECOGNITION_PACKAGES])
        debian.require(debian.mosquitto, "Mosquitto", lambda: ["mosquitto"])
    wanted = [name for name in SEPARATE_LAYERS if name in layers or (not layers and not fast)]
    outcomes = _run_side_by_side([SEPARATE_LAYERS[name] for name in wanted])
    paths = [path for name in CLOSING_LAYERS if name in layers for path in CLOSING_LAYERS[name]]
    if not layers:
        paths = ["src", "tests"]
    if outcomes:
        record = RESULTS / "earlier.layers.json"
        record.write_text(json.dumps(outcomes, ensure_ascii=False), "utf-8")
        paths.append(str(record))
    say("layer", name=", ".join(layers or ["lint", "contracts", "types", "migrations", "unit", "flows"]))
    arguments = ["-p", "earlier_layers", "--verbosity=0", "-rfEs", "-n", "2", "--dist", "worksteal", *paths, *extra]
    return _end(_pytest(arguments, around=()), time.monotonic() + SESSION_SECONDS)


def _run_side_by_side(layers: Sequence[SeparateLayer]) -> list[dict[str, object]]:
    """Runs the sessions of the layers at once; returns what the closing session has to know of each.

    The first prints as it runs, the others once they have ended.
    """
    outcomes: list[dict[str, object]] = []
    running: list[tuple[SeparateLayer, subprocess.Popen[bytes], Path, Path | None]] = []
    for layer in layers:
        lack = layer.lacks()
        if lack:
            say("layer_skipped", name=layer.name, reason=lack)
            outcomes.append({"name": layer.name, "skipped": lack})
            continue
        say("layer", name=layer.name)
        junit, kept = RESULTS / f"{layer.name}.xml", RESULTS / f"{layer.name}.log" if running else None
        junit.unlink(missing_ok=True)
        arguments = [*layer.arguments, "--verbosity=0", f"--junitxml={junit}", "src", "tests"]
        with kept.open("wb") if kept else contextlib.nullcontext() as output:
            process = _pytest(arguments, around=layer.around, output=output)
            if layer.behind:
                os.setpriority(os.PRIO_PROCESS, process.pid, layer.behind)
            running.append((layer, process, junit, kept))
    until = time.monotonic() + SESSION_SECONDS
    try:
        for layer, process, junit, kept in running:
            code = _end(process, until)
            if kept:
                say("layer_ended", name=layer.name)
                sys.stdout.write(kept.read_text("utf-8", "replace"))
                sys.stdout.flush()
            outcomes.append({"name": layer.name, "junit": str(junit), "exit": code})
    finally:  # whoever stops the first stops the others
        for _layer, process, _junit, _kept in running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
    return outcomes


def _pytest(
    arguments: Sequence[str], *, around: Sequence[str], output: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Starts a pytest session in the project's folder.

    What is compiled is kept even where the environment says otherwise: the suite starts some hundred processes.
    """
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(house.ROOT / "src"), str(house.ROOT / "tests")])}
    for name in ("DATABASE_URL", "PYTHONDONTWRITEBYTECODE"):
        environ.pop(name, None)
    environ["DJANGO_SETTINGS_MODULE"] = "khcn.site.settings.test"
    wrapper = [sys.executable, *around] if around else []
    return subprocess.Popen(
        [*wrapper, sys.executable, "-m", "pytest", *arguments], cwd=house.ROOT, env=environ, stdin=subprocess.DEVNULL,
        stdout=output, stderr=subprocess.STDOUT if output else None, start_new_session=True,
    )  # fmt: skip


def _end(process: subprocess.Popen[bytes], until: float) -> int:
    """Waits for the session, no longer than that moment of the monotonic clock; returns its exit code."""
    try:
        return process.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return 1
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGINT)
        process.wait()
        raise


def bench(name: str, arguments: Sequence[str]) -> int:
    """Runs benchmarks/bench_<name>.py with the arguments; without a known name, says which there are."""
    names = [path.stem.removeprefix("bench_") for path in sorted((house.ROOT / "benchmarks").glob("bench_*.py"))]
    if name not in names:
        raise Stop("unknown_bench", name=name, names=", ".join(names))
    preparation.install()
    script = Path("benchmarks") / f"bench_{name}.py"
    return subprocess.run([sys.executable, str(house.ROOT / script), *arguments], cwd=house.ROOT).returncode
