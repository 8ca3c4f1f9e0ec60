"""The procedure engine over many dossiers: worklist page, completed steps with durable commits, timers.

Prints one JSON line per measurement, each with commit and machine. SQLite in a temporary folder by default
(`--dossiers 100000`); `--postgres URL` fills a database of a cluster that is given through COPY (1,000,000 dossiers
with 8,000,000 step runs by default). The ratio to SpiffWorkflow is taken in the same run: the same three steps, its
state
saved to JSON and loaded again after each.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT)]
AGENCIES = 230
RUNS_A_DOSSIER = 8
OPEN_SHARE = 0.1


def emit(name: str, **values: object) -> None:
    """Print one measurement as a JSON line."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    here = {
        "commit": commit.stdout.strip(), "python": platform.python_version(), "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    print(json.dumps({"bench": f"procedures.{name}", **values, **here}, ensure_ascii=False), flush=True)


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Median, 95th percentile and largest, in milliseconds."""
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return {
        "p50_ms": round(ordered[last // 2] * 1e3, 2),
        "p95_ms": round(ordered[round(last * 0.95)] * 1e3, 2),
        "max_ms": round(ordered[last] * 1e3, 2),
    }


def timed(action: Callable[[], object]) -> float:
    """Seconds that an action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def three_steps() -> object:
    """Three steps of one person in a row; the same as THREE_STEPS_XML for SpiffWorkflow."""
    from khcn.kernel.procedures.choices import StepKind
    from khcn.kernel.procedures.engine.definition import Definition, Flow, Step

    steps = [Step(f"b{n}", f"Bước {n}", StepKind.HUMAN, "specialist", norm=Decimal(8)) for n in range(1, 4)]
    row = [Step("s", "Bắt đầu", StepKind.START), *steps, Step("e", "Xong", StepKind.END)]
    flows = [Flow(f"f{n}", row[n].key, row[n + 1].key) for n in range(len(row) - 1)]
    return Definition(tuple(row), tuple(flows))


class Office:
    """Agencies, one clerk in each, and a procedure in force."""

    def __init__(self) -> None:
        from khcn.kernel.orgs.models import Organisation
        from khcn.kernel.orgs.tests.cast import make_member
        from khcn.kernel.procedures.services import install_procedure
        from khcn.lib.roles import Role

        self.agencies = Organisation.objects.bulk_create(
            [
                Organisation(code=f"BENCH{n:04d}", name=f"Cơ quan {n}", folded=f"co quan {n}", sort_key=f"{n}")
                for n in range(AGENCIES)
            ]
        )
        author = make_member(Role.SPECIALIST, organisation=self.agencies[0])
        self.clerk = author
        self.version = install_procedure(
            by=author.actor, approver=make_member(Role.DIRECTOR, organisation=self.agencies[0]).actor, code="BENCH",
            title="Đo", definition=three_steps(), effective_from=date(2020, 1, 1), owner=self.agencies[0],  # type: ignore[arg-type]
        )  # fmt: skip


def dossiers(office: Office, number: int) -> Iterator[tuple[dict[str, object], list[dict[str, object]]]]:
    """Rows of dossiers with their step runs; a tenth is open, and half of their work is free."""
    start = datetime(2025, 1, 2, 1, tzinfo=datetime.now().astimezone().tzinfo)
    for n in range(number):
        is_open = n % round(1 / OPEN_SHARE) == 0
        at = start + timedelta(minutes=n % 500_000)
        agency = office.agencies[n % AGENCIES].pk
        case: dict[str, object] = {
            "code": f"B-{n:08d}", "title": f"Hồ sơ {n}", "deciding_id": agency, "received_at": at,
            "state": "running" if is_open else "ended", "ended_at": None if is_open else at + timedelta(days=3),
            "due_at": at + timedelta(days=5),
        }  # fmt: skip
        runs: list[dict[str, object]] = []
        for place in range(RUNS_A_DOSSIER):
            live = is_open and place == RUNS_A_DOSSIER - 1
            runs.append(
                {
                    "step_key": "b1" if live else f"b{place % 3 + 1}", "name": f"Bước {place}",
                    "state": "ready" if live else "done", "organisation_id": agency, "ready_at": at,
                    "due_at": at + timedelta(days=1), "done_at": None if live else at + timedelta(hours=place + 1),
                }
            )  # fmt: skip
        yield case, runs


def fill(office: Office, number: int) -> None:
    """Put the dossiers into the database in batches, by COPY on PostgreSQL."""
    from django.db import connection, transaction

    from khcn.kernel.procedures.models import Case, StepRun

    if connection.vendor == "postgresql":
        copy(office, number)
        return
    cases: list[Case] = []
    runs: list[StepRun] = []

    def flush() -> None:
        with transaction.atomic():
            Case.objects.bulk_create(cases, batch_size=500)
            StepRun.objects.bulk_create(runs, batch_size=500)
        cases.clear()
        runs.clear()

    for facts, work in dossiers(office, number):
        case = Case(version_pinned=office.version, pk=1_000_000 + int(str(facts["code"])[2:]), **facts)
        cases.append(case)
        runs += [StepRun(case=case, kind="human", role="specialist", **one) for one in work]
        if len(cases) >= 2000:
            flush()
    flush()


def copy(office: Office, number: int) -> None:
    """COPY cases, then their runs, straight into the tables."""
    from django.db import connection
    from django.utils import timezone

    now = timezone.now()
    case_columns = [
        "id",
        "uid",
        "version",
        "created_at",
        "updated_at",
        "code",
        "title",
        "version_pinned_id",
        "subject_type",
        "url",
        "applicant_name",
        "deciding_id",
        "state",
        "outcome",
        "facts",
        "limit_unit",
        "received_at",
        "due_at",
        "due_fixed",
        "ended_at",
        "head",
        "events_count",
        "is_illustration",
        "folded",
    ]
    run_columns = [
        "uid",
        "case_id",
        "step_key",
        "name",
        "kind",
        "state",
        "via",
        "role",
        "organisation_id",
        "ready_at",
        "due_at",
        "done_at",
        "outcome",
        "note",
        "message",
        "overdue_told",
    ]
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY procedures_case ({','.join(case_columns)}) FROM STDIN") as sink:
            for n, (one, _runs) in enumerate(dossiers(office, number)):
                sink.write_row(
                    (
                        1_000_000 + n, uuid4(), 1, now, now, one["code"], one["title"], office.version.pk, "", "", "",
                        one["deciding_id"], one["state"], "", "{}", "WD", one["received_at"], one["due_at"], False,
                        one["ended_at"], "", 0, False, "",
                    )
                )  # fmt: skip
        with cursor.copy(f"COPY procedures_steprun ({','.join(run_columns)}) FROM STDIN") as sink:
            for n, (_case, runs) in enumerate(dossiers(office, number)):
                for one in runs:
                    sink.write_row(
                        (
                            uuid4(), 1_000_000 + n, one["step_key"], one["name"], "human", one["state"], "",
                            "specialist", one["organisation_id"], one["ready_at"], one["due_at"], one["done_at"], "",
                            "", "", False,
                        )
                    )  # fmt: skip
        cursor.execute("ANALYZE")


def measure_worklist(office: Office, pages: int = 60) -> None:
    """A clerk's worklist as a page: the view, with its queries and its template."""
    from django.test import Client

    client = Client()
    client.force_login(office.clerk.user, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/viec-quy-trinh/")
    emit(
        "worklist_page",
        pages=pages,
        **percentiles([timed(lambda: client.get("/viec-quy-trinh/")) for _ in range(pages)]),
    )


def measure_steps(office: Office, cases: int) -> float:
    """Steps completed per second by one process, each in a transaction of its own that is on the disk when it ends."""
    from khcn.kernel.procedures.queries import run_at
    from khcn.kernel.procedures.services import complete_step, start_case

    by = office.clerk.actor
    opened = [
        start_case(by=by, procedure=office.version.procedure, title=f"Đo {n}", code=f"DO-{uuid4().hex[:12]}",
                   deciding=office.agencies[0]) for n in range(cases)
    ]  # fmt: skip
    seconds = []
    began = time.process_time()
    for case in opened:
        for key in ("b1", "b2", "b3"):
            run = run_at(case, key)
            seconds.append(timed(lambda run=run: complete_step(by=by, run=run)))  # type: ignore[misc]
    rate = len(seconds) / sum(seconds)
    cpu = (time.process_time() - began) / len(seconds)
    emit(
        "complete_step",
        steps=len(seconds),
        per_second=round(rate, 1),
        cpu_ms=round(cpu * 1e3, 2),
        **percentiles(seconds),
    )
    return rate


def measure_spiff(ours: float, cases: int) -> None:
    """The same three steps on SpiffWorkflow, its state saved as JSON and loaded again after each step."""
    from SpiffWorkflow import TaskState
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

    from khcn.kernel.procedures.engine.drawings import draw

    parser = BpmnParser()
    parser.add_bpmn_io(BytesIO(draw(three_steps(), process="p", name="p")))  # type: ignore[arg-type]
    spec = parser.get_spec("p")
    serializer = BpmnWorkflowSerializer()
    done = 0
    began = time.perf_counter()
    for _ in range(cases):
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        while not workflow.completed:
            next(task for task in workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual).run()
            workflow.do_engine_steps()
            done += 1
            workflow = serializer.deserialize_json(serializer.serialize_json(workflow))
    rate = done / (time.perf_counter() - began)
    emit("spiffworkflow_json", steps=done, per_second=round(rate, 1), ours_to_theirs=round(ours / rate, 2))


def measure_timers(office: Office, due: int) -> None:
    """A sweep that finds nothing due among all live steps, and one that finds many."""
    from django.utils import timezone

    from khcn.kernel.procedures.queries import system_actor
    from khcn.kernel.procedures.services import fire_timers, tell_overdue

    by, now = system_actor(), timezone.now()
    emit("timer_sweep_idle", seconds=round(timed(lambda: fire_timers(by=by, now=now)), 4))
    emit("overdue_sweep", found=due, seconds=round(timed(lambda: tell_overdue(now=now, limit=due)), 4))


def main() -> None:
    """Set up a database, fill it, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int)
    parser.add_argument("--postgres", default="", help="DATABASE_URL of an empty database in a cluster")
    parser.add_argument("--cases", type=int, default=200, help="cases whose steps are completed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KHCN_VAR"] = folder
        os.environ["DATABASE_URL"] = options.postgres or f"sqlite:///{folder}/bench.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khcn.site.settings.dev")
        import django
        from django.core.management import call_command

        django.setup()
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["testserver"]
        call_command("migrate", verbosity=0)
        number = options.dossiers or (1_000_000 if options.postgres else 100_000)
        office = Office()
        seconds = timed(lambda: fill(office, number))
        emit("fill", dossiers=number, runs=number * RUNS_A_DOSSIER, seconds=round(seconds, 1))
        measure_worklist(office)
        rate = measure_steps(office, options.cases)
        measure_spiff(rate, options.cases)
        measure_timers(office, 1000)


if __name__ == "__main__":
    main()
