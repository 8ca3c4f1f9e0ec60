"""The procedure engine over many dossiers: worklist, completed steps, sweeps, the yearly effectiveness of all agencies.

Prints one JSON line per measurement, each with commit and machine. SQLite in a temporary folder by default (100,000
dossiers); `--postgres URL` fills an empty database of a cluster that is given, through COPY (1,000,000 dossiers with
8,000,000 step runs). What grows with the dossiers is measured at a quarter of them and at all of them.

Steps are completed by one clerk alone, by 16 and 32 at once, each a thread with a connection of its own, as a web
server's threads are, and by one clerk who completes 20 or 100 with one act; each step is on the disk before its clerk
is told. On two processes: a permit of eight steps, and one with lanes, a form, a table, scripts, a loop and a reminder.

The ratio to SpiffWorkflow is taken in the same run, on the same procedure with the same facts. What it is asked to do:
read the state's JSON, complete one step, write the state's JSON. In memory, where nothing is on a disk; in one row of
the same database, read, stepped and written in a transaction of its own with the same durability, which is what a
server must do, by one clerk and by as many at once as ours; and, at once, in transactions shared by the very means that
ours share them by (on SQLite), which SpiffWorkflow does not bring. Alone also for a case whose draft is sent back forty
times, and for the same batches with one transaction each. Ratios are of the clock on the wall and of processor time;
the disk's own time for making 4 KB durable is printed, since no step that is alone can take less. Processor time is
that of this process; PostgreSQL's own is not.

A cluster that keeps what it was told, for one run and gone after it:

    .venv/bin/python tests/postgres_cluster.py --durable sh -c './khcn bench procedures --postgres "$DATABASE_URL"'
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT), str(ROOT / "benchmarks")]

from measuring import percentiles  # noqa: E402 - found beside this file
from procedures_steps import (  # noqa: E402 - found beside this file
    emit,
    install_large,
    large,
    measure_batches,
    measure_clerks,
    measure_spiff,
    measure_steps,
    measure_without_disk,
    small,
    timed,
)

PAGES = 60
PROCESSES = {"small": small, "large": large}


def measure_disk(folder: str) -> None:
    """How long the disk takes to make 4 KB durable."""
    seconds = []
    with (Path(folder) / "durable").open("wb", buffering=0) as sink:
        for _ in range(100):
            sink.write(b"0" * 4096)
            seconds.append(timed(lambda: os.fdatasync(sink.fileno())))
    emit("disk", **percentiles(seconds))


def measure_pages(province: Any, number: int) -> None:
    """Pages as a browser gets them, queries and template: the clerk's worklist, searched, filtered; the dossiers."""
    from django.test import Client

    client = Client()
    client.force_login(province.clerk.user, backend="django.contrib.auth.backends.ModelBackend")
    addresses = {
        "worklist_page": "/viec-quy-trinh/", "worklist_search": "/viec-quy-trinh/?q=thu+1234",
        "worklist_overdue": "/viec-quy-trinh/?han=qua", "worklist_page_20": "/viec-quy-trinh/?trang=20",
        "dossier_list": "/mot-cua/ho-so/",
    }  # fmt: skip
    for name, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        began = time.process_time()
        seconds = [timed(lambda address=address: client.get(address)) for _ in range(PAGES)]  # type: ignore[misc]
        cpu_ms = round((time.process_time() - began) / PAGES * 1e3, 2)
        emit(name, dossiers=number, pages=PAGES, cpu_ms=cpu_ms, **percentiles(seconds))


def measure_sweeps(number: int) -> None:
    """Sweeps over every live step: nothing due; then timers that ring and overdue steps that are told."""
    from django.utils import timezone

    from khcn.kernel.procedures.queries import system_actor
    from khcn.kernel.procedures.services import fire_timers, tell_overdue

    by, now = system_actor(), timezone.now()
    emit("timer_sweep", dossiers=number, seconds=round(timed(lambda: fire_timers(by=by, now=now)), 4))
    emit("overdue_sweep", dossiers=number, told=1000, seconds=round(timed(lambda: tell_overdue(now=now)), 4))


def measure_effectiveness(number: int) -> None:
    """The year of every agency computed from its records and kept with its evidence."""
    from khcn.domains.qms.models import AgencyYear
    from khcn.domains.qms.services.scores import compute_all
    from khcn.kernel.procedures.queries import system_actor

    seconds = timed(lambda: compute_all(by=system_actor(), year=2025, as_of=date(2026, 1, 31)))
    emit("effectiveness_of_all", dossiers=number, agencies=AgencyYear.objects.count(), seconds=round(seconds, 2))
    AgencyYear.objects.all().delete()


def main() -> None:
    """Set up a database, fill it, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int)
    parser.add_argument("--postgres", default="", help="DATABASE_URL of an empty database in a cluster")
    parser.add_argument("--cases", type=int, default=100, help="cases whose steps are completed")
    parser.add_argument("--only-steps", action="store_true", help="complete steps beside no other dossiers")
    parser.add_argument("--process", default="", choices=["", *PROCESSES], help="complete steps of this one only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KHCN_VAR"] = folder
        os.environ["DATABASE_URL"] = options.postgres or f"sqlite:///{folder}/bench.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khcn.site.settings.dev")
        import django
        from django.core.management import call_command

        django.setup()
        from django.conf import settings

        from khcn.domains.onestop.services.reference import load_onestop
        from khcn.domains.qms.services.reference import load_standards
        from khcn.kernel.procedures.queries import system_actor
        from procedures_world import RUNS_A_DOSSIER, Province, fill

        settings.ALLOWED_HOSTS = ["testserver"]
        call_command("migrate", verbosity=0)
        load_standards(by=system_actor(), folder=ROOT / "data" / "reference" / "qms")
        load_onestop(by=system_actor(), folder=ROOT / "data" / "reference" / "onestop")
        whole = options.dossiers or (1_000_000 if options.postgres else 100_000)
        province, last = Province().settle(), 0
        for number in () if options.only_steps else (whole // 4, whole):
            began = time.perf_counter()
            rows = fill(province, last, number)
            emit(
                "fill", dossiers=number, runs=number * RUNS_A_DOSSIER, added=rows,
                seconds=round(time.perf_counter() - began, 1),
            )  # fmt: skip
            last = number
            measure_pages(province, number)
            measure_sweeps(number)
            measure_effectiveness(number)
        measure_disk(folder)
        install_large(province)
        for process in [made() for name, made in PROCESSES.items() if options.process in ("", name)]:
            ours = measure_steps(province, process, options.cases)
            crowds = measure_clerks(province, process, max(options.cases // 20, 1))
            batches = measure_batches(province, process)
            measure_without_disk(province, process, options.cases)
            measure_spiff(process, ours, crowds, batches, options.cases)


if __name__ == "__main__":
    main()
