"""Ruff finds nothing, and every file is formatted."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("arguments", [("check",), ("format", "--check")], ids=["check", "format"])
def test_ruff_whole_project_finds_nothing(arguments: tuple[str, ...], house: Path) -> None:
    command = [sys.executable, "-m", "ruff", *arguments, "."]

    done = subprocess.run(command, cwd=house, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
