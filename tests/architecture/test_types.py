"""mypy accepts the whole package under the rules of pyproject.toml."""

import os
import subprocess
import sys
from pathlib import Path


def test_mypy_whole_package_finds_nothing(house: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": str(house / "src"), "DJANGO_SETTINGS_MODULE": "khcn.site.settings.test"}

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "src/khcn"], cwd=house, env=environ, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr
