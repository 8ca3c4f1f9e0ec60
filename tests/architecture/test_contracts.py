"""The import contracts of pyproject.toml hold: floors, kernel order, inside-app layers, purity, domain tiers."""

import os
import subprocess
import sys
from pathlib import Path

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def test_import_contracts_whole_package_hold(house: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": str(house / "src")}

    done = subprocess.run([sys.executable, "-c", LINT], cwd=house, env=environ, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
