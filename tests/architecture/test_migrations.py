"""The migrations describe the models as they are."""

import os
import subprocess
import sys
from pathlib import Path


def test_migrations_match_models(house: Path) -> None:
    command = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "khcn.site.settings.test"}

    done = subprocess.run(command, cwd=house, env=environ, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
