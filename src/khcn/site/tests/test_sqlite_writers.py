"""The embedded database with the settings of operation: several writers make one chain; its file stays open."""

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

REQUESTS = """
import io
from django.db.backends.signals import connection_created
from khcn.site.wsgi import application

opened = []
connection_created.connect(lambda **kept: opened.append(1), weak=False)
for _ in range(3):
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/healthz", "HTTP_HOST": "localhost", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http",
    }
    answer = application(environ, lambda status, headers: print(status.split()[0]))
    answer.close()
print(len(opened))
"""


def _run(script, tmp_path):
    environment = {
        **os.environ, "KHCN_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "khcn.site.settings.dev",
        "PYTHONPATH": str(settings.ROOT / "src"), "DATABASE_URL": f"sqlite:///{tmp_path / 'khcn.sqlite3'}",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False, timeout=120
    )


def test_writers_on_sqlite_keep_one_chain_with_the_settings_of_operation(tmp_path):
    done = _run(SCRIPT, tmp_path)

    assert done.stdout.split() == ["100", "0"], done.stderr


def test_requests_on_sqlite_share_an_open_file_with_the_settings_of_operation(tmp_path):
    done = _run(REQUESTS, tmp_path)

    assert done.stdout.split() == ["200", "200", "200", "1"], done.stderr
