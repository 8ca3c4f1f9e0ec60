"""Runs the test suite layer by layer and closes with one pytest session whose last line counts them all.

PostgreSQL and browser run first, in sessions of their own; the closing session takes up their outcomes as items (see
tests/earlier_layers.py), so a failure anywhere shows in pytest's summary and in the exit code. A layer that cannot run
is a skipped item with its reason, never a passed one.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

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


SEPARATE_LAYERS = {
    layer.name: layer
    for layer in (
        SeparateLayer(
            "postgresql",
            lambda: debian.require(debian.postgresql, "PostgreSQL + PostGIS", debian.postgresql_packages),
            ("-m", "database", "-n", "2"),
            around=("tests/postgres_cluster.py",),
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
    if not fast:  # where it cannot be had, the tests of scanned plans are skipped and say so
        debian.require(debian.vietnamese_recognition, "Tesseract", lambda: [*debian.RECOGNITION_PACKAGES])
    wanted = [name for name in SEPARATE_LAYERS if name in layers or (not layers and not fast)]
    outcomes = [_run_separately(SEPARATE_LAYERS[name]) for name in wanted]
    paths = [path for name in CLOSING_LAYERS if name in layers for path in CLOSING_LAYERS[name]]
    if not layers:
        paths = ["src", "tests"]
    if outcomes:
        record = RESULTS / "earlier.layers.json"
        record.write_text(json.dumps(outcomes, ensure_ascii=False), "utf-8")
        paths.append(str(record))
    say("layer", name=", ".join(layers or ["lint", "contracts", "types", "migrations", "unit", "flows"]))
    arguments = ["-p", "earlier_layers", "--verbosity=0", "-rfEs", "-n", "2", "--dist", "worksteal", *paths, *extra]
    return _pytest(arguments, around=())


def _run_separately(layer: SeparateLayer) -> dict[str, object]:
    """Runs the layer's session; returns what the closing session has to know of it."""
    lack = layer.lacks()
    if lack:
        say("layer_skipped", name=layer.name, reason=lack)
        return {"name": layer.name, "skipped": lack}
    say("layer", name=layer.name)
    junit = RESULTS / f"{layer.name}.xml"
    junit.unlink(missing_ok=True)
    code = _pytest([*layer.arguments, "--verbosity=0", f"--junitxml={junit}", "src", "tests"], around=layer.around)
    return {"name": layer.name, "junit": str(junit), "exit": code}


def _pytest(arguments: Sequence[str], *, around: Sequence[str]) -> int:
    """One pytest session in the project's folder, ended after SESSION_SECONDS; returns its exit code."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(house.ROOT / "src"), str(house.ROOT / "tests")])}
    environ.pop("DATABASE_URL", None)
    environ["DJANGO_SETTINGS_MODULE"] = "khcn.site.settings.test"
    wrapper = [sys.executable, *around] if around else []
    process = subprocess.Popen(
        [*wrapper, sys.executable, "-m", "pytest", *arguments],
        cwd=house.ROOT, env=environ, stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        return process.wait(SESSION_SECONDS)
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
