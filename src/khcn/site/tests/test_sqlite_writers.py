"""Several writers at once on the embedded database, with the settings of operation: one chain, nothing lost."""

import os
import subprocess
import sys

from django.conf import settings

SCRIPT = """
import threading
from datetime import date
from uuid import UUID
import django
django.setup()
from django.core.management import call_command
from django.db import connections, transaction
from khcn.kernel.audit.queries import verify_chain
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor

call_command("migrate", "audit", verbosity=0)
actor = Actor(uid=UUID(int=0), name="Hệ thống", on=date(2023, 5, 15), is_system=True)
start = threading.Barrier(4)

def write(number):
    start.wait()
    for act in range(25):
        with transaction.atomic():
            record(by=actor, verb="thu.song_song", subject=None, after={"luong": number, "lan": act})
    connections.close_all()

threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
report = verify_chain()
print(report.rows, len(report.broken))
"""


def test_writers_on_sqlite_keep_one_chain_with_the_settings_of_operation(tmp_path):
    environment = {
        **os.environ, "KHCN_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "khcn.site.settings.dev",
        "PYTHONPATH": str(settings.ROOT / "src"), "DATABASE_URL": f"sqlite:///{tmp_path / 'khcn.sqlite3'}",
    }  # fmt: skip

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=environment, check=False, timeout=120
    )

    assert done.stdout.split() == ["100", "0"], done.stderr
