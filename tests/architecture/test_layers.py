"""The closing session of `./khcn test` repeats what earlier sessions found, no better and no worse."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

JUNIT = """<testsuites><testsuite>
<testcase classname="a.b" name="test_fine"/>
<testcase classname="a.b" name="test_wrong"><failure message="m">assert 1 == 2 in earlier</failure></testcase>
<testcase classname="a.b" name="test_skipped"><skipped message="no printer"/></testcase>
</testsuite></testsuites>"""


def _close(house: Path, folder: Path, layers: list[dict[str, object]]) -> subprocess.CompletedProcess[str]:
    record = folder / "earlier.layers.json"
    record.write_text(json.dumps(layers), "utf-8")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(house / "src"), str(house / "tests")])}
    environ = {name: value for name, value in environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "earlier_layers", "-p", "no:randomly", "-rfEs", str(record)],
        cwd=house, env=environ, capture_output=True, text=True,
    )  # fmt: skip


def test_earlier_outcomes_are_counted_in_the_last_line(house: Path, tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text(JUNIT, "utf-8")

    done = _close(house, tmp_path, [{"name": "postgresql", "junit": str(tmp_path / "x.xml"), "exit": 1}])

    assert done.returncode == 1
    assert re.search(r"\b1 failed, 1 passed, 1 skipped in ", done.stdout.strip().splitlines()[-1])
    assert "assert 1 == 2 in earlier" in done.stdout
    assert "no printer" in done.stdout


def test_layer_that_could_not_run_is_skipped_by_name(house: Path, tmp_path: Path) -> None:
    done = _close(house, tmp_path, [{"name": "browser", "skipped": "máy chưa có Chromium"}])

    assert done.returncode == 0
    assert "1 skipped" in done.stdout.strip().splitlines()[-1]
    assert "browser::layer: máy chưa có Chromium" in done.stdout


@pytest.mark.parametrize("code", [1, 2, 3, 4, 5, -9])
def test_session_that_died_without_a_failed_case_fails(code: int, house: Path, tmp_path: Path) -> None:
    done = _close(house, tmp_path, [{"name": "postgresql", "junit": str(tmp_path / "none.xml"), "exit": code}])

    assert done.returncode == 1
    assert f"exit code {code}" in done.stdout
