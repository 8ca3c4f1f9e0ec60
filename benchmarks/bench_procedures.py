"""The procedure engine over many dossiers: worklist, completed steps, sweeps, the yearly effectiveness of all agencies.

Prints one JSON line per measurement, each with commit and machine. SQLite in a temporary folder by default (100,000
dossiers); `--postgres URL` fills an empty database of a cluster that is given, through COPY (1,000,000 dossiers with
8,000,000 step runs). What grows with the dossiers is measured at a quarter of them and at all of them.

Steps are completed by one clerk alone, and by 16 and 32 at once, each a thread with a connection of its own, as a web
server's threads are; each step is on the disk before its clerk is told.

The ratio to SpiffWorkflow is taken in the same run, on the same procedure with the same facts. What it is asked to do:
read the state's JSON, complete one step, write the state's JSON. In memory, where nothing is on a disk; in one row of
the same database, read, stepped and written in a transaction of its own with the same durability, which is what a
server must do, by one clerk and by as many at once as ours; and, at once, in transactions shared by the very means that
ours share them by (on SQLite), which SpiffWorkflow does not bring. Alone also for a case whose draft is sent back forty
times. Ratios are of the clock on the wall and of processor time; the disk's own time for making 4 KB durable is
printed, since no step that is alone can take less. Processor time is that of this process; PostgreSQL's own is not.

A cluster that keeps what it was told, for one run and gone after it:

    .venv/bin/python tests/postgres_cluster.py --durable sh -c './khcn bench procedures --postgres "$DATABASE_URL"'
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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT), str(ROOT / "benchmarks")]
PAGES = 60
TURNS = 40
"""How often the draft of a long case is sent back."""
CLERKS = (16, 32)


@dataclass(frozen=True)
class Speed:
    """Seconds of each act as the clock on the wall saw them, and processor seconds of them all."""

    seconds: list[float]
    processor: float

    @property
    def rate(self) -> float:
        """Acts a second."""
        return len(self.seconds) / sum(self.seconds)

    @property
    def cpu_ms(self) -> float:
        """Processor time of an act, in milliseconds: what a busy machine does not change much."""
        return self.processor / len(self.seconds) * 1e3

    def told(self) -> dict[str, Any]:
        """For the line that is printed."""
        told = {"steps": len(self.seconds), "per_second": round(self.rate, 1), "cpu_ms": round(self.cpu_ms, 2)}
        return {**told, **percentiles(self.seconds)}


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


def durability() -> str:
    """What the database at hand promises of a commit, as it says itself."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit')")
            return ", ".join(f"{name}={setting}" for name, setting in sorted(cursor.fetchall()))
        cursor.execute("PRAGMA journal_mode")
        journal = cursor.fetchone()[0]
        cursor.execute("PRAGMA synchronous")
        return f"journal_mode={journal}, synchronous={cursor.fetchone()[0]} (2: FULL)"


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


def open_cases(province: Any, number: int) -> list[Any]:
    """New cases at the first agency, waiting at their first step."""
    from khcn.kernel.procedures.services import start_case
    from procedures_world import facts_of_a_permit

    return [
        start_case(
            by=province.clerk.actor, procedure=province.version.procedure, title=f"Đo {n}",
            code=f"DO-{uuid4().hex[:12]}", deciding=province.agencies[0], facts=facts_of_a_permit(),
        )
        for n in range(number)
    ]  # fmt: skip


def routed(turns: int = 1) -> Iterator[tuple[str, dict[str, Any]]]:
    """The steps that a case goes through, each with what is learned there: the draft is sent back `turns` times."""
    for key in ("b1", "b2", "b3", "b4", *("b5", "b6") * turns):
        yield key, {}
    yield "b5", {"can_sua": 0}
    yield from ((key, {}) for key in ("b6", "b7", "b8"))


def walk_ours(province: Any, case: Any, turns: int = 1) -> Speed:
    """Take a case to its end, each step in a transaction of its own."""
    from khcn.kernel.procedures.queries import run_at
    from khcn.kernel.procedures.services import complete_step

    by, seconds, processor = province.clerk.actor, [], 0.0
    for key, facts in routed(turns):
        run, began = run_at(case, key), time.process_time()
        seconds.append(timed(lambda run=run, facts=facts: complete_step(by=by, run=run, facts=facts or None)))  # type: ignore[misc]
        processor += time.process_time() - began
    case.refresh_from_db()
    assert case.state == "ended", case.state
    return Speed(seconds, processor)


def measure_steps(province: Any, cases: int) -> dict[str, Speed]:
    """Steps completed by one process, each in a transaction of its own that is on the disk when it is told done."""
    walk_ours(province, open_cases(province, 1)[0])  # what is read once per process has been read
    found = {}
    for name, number, turns in (("complete_step", cases, 1), ("complete_step_sent_back", max(cases // 20, 2), TURNS)):
        walked = [walk_ours(province, case, turns) for case in open_cases(province, number)]
        found[name] = Speed([one for walk in walked for one in walk.seconds], sum(walk.processor for walk in walked))
        emit(name, turns=turns, durability=durability(), **found[name].told())
    return found


def measure_without_disk(province: Any, cases: int) -> None:
    """What one clerk's steps would come to if nobody waited for the disk: not how the system is run, since a step that
    was told done could then be gone after a power cut; it parts the program's share of the time from the disk's.
    """
    from django.db import connection

    name = "synchronous_commit" if connection.vendor == "postgresql" else "synchronous"
    quick, kept = ("SET {} = off", "SET {} = on") if connection.vendor == "postgresql" else (
        "PRAGMA {} = NORMAL", "PRAGMA {} = FULL"
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(quick.format(name))
    walked = [walk_ours(province, case) for case in open_cases(province, cases)]
    found = Speed([one for walk in walked for one in walk.seconds], sum(walk.processor for walk in walked))
    emit("complete_step_without_disk", durability=durability(), **found.told())
    with connection.cursor() as cursor:
        cursor.execute(kept.format(name))


@dataclass(frozen=True)
class Crowd:
    """What clerks at once came to: seconds that each act took for whoever waited for it, and those of the whole."""

    seconds: list[float]
    elapsed: float
    processor: float

    @property
    def rate(self) -> float:
        """Acts a second, of all clerks together."""
        return len(self.seconds) / self.elapsed

    def told(self) -> dict[str, Any]:
        """For the line that is printed."""
        told = {"steps": len(self.seconds), "per_second": round(self.rate, 1)}
        return {**told, "cpu_ms": round(self.processor / len(self.seconds) * 1e3, 2), **percentiles(self.seconds)}


def at_once(clerks: int, things: Iterable[Any], work: Callable[[Any], list[float]]) -> Crowd:
    """Threads take one thing after another until none is left; each has a database connection of its own."""
    from django.db import connections

    waiting, gate, seconds = iter(list(things)), Lock(), []

    def clerk() -> None:
        try:
            while True:
                with gate:
                    thing = next(waiting, None)
                if thing is None:
                    return
                seconds.extend(work(thing))
        finally:
            connections.close_all()

    threads = [Thread(target=clerk) for _ in range(clerks)]
    began, processor = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Crowd(seconds, time.perf_counter() - began, time.process_time() - processor)


def measure_clerks(province: Any, each: int) -> dict[int, Crowd]:
    """The same in one process for clerks at the same time, as a web server's threads serve them.

    each: cases of each clerk. What a clerk does besides, finding the step that comes next, counts as time too.
    """
    from khcn.kernel.procedures.models import StepRun
    from khcn.kernel.procedures.models.cases import WORKABLE_RUNS
    from khcn.kernel.procedures.services import complete_step
    from khcn.web.rows import Reading

    waiting = Reading(lambda key: StepRun.objects.filter(case_id=key, state__in=WORKABLE_RUNS).order_by("id"))
    by, found = province.clerk.actor, {}

    def work(case: Any) -> list[float]:
        seconds = []
        for key, facts in routed():
            run = next(run for run in waiting(case.pk) if run.step_key == key)
            seconds.append(timed(lambda run=run, facts=facts: complete_step(by=by, run=run, facts=facts or None)))  # type: ignore[misc]
        return seconds

    for clerks in CLERKS:
        cases = open_cases(province, clerks * each)
        found[clerks] = at_once(clerks, cases, work)
        for case in cases:
            case.refresh_from_db()
            assert case.state == "ended", case.state
        emit("complete_step_clerks", clerks=clerks, durability=durability(), **found[clerks].told())
    return found


def measure_spiff(ours: dict[str, Speed], crowds: dict[int, Crowd], cases: int) -> None:
    """The same procedure on SpiffWorkflow with its state as JSON: in memory, and in a row of the same database."""
    from django.db import connection, transaction
    from SpiffWorkflow import TaskState
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

    from khcn.web.shared_commits import commit_together
    from procedures_world import facts_of_a_permit, permit_drawing

    parser = BpmnParser()
    parser.add_bpmn_io(BytesIO(permit_drawing()))
    spec, serializer = parser.get_spec("p"), BpmnWorkflowSerializer()
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_spiff (id integer PRIMARY KEY, state text NOT NULL)")

    def begin() -> str:
        workflow = BpmnWorkflow(spec)
        workflow.task_tree.set_data(**facts_of_a_permit())
        workflow.do_engine_steps()
        return str(serializer.serialize_json(workflow))

    def step(state: str, key: str, facts: dict[str, Any]) -> str:
        workflow = serializer.deserialize_json(state)
        ready = [one for one in workflow.get_tasks(state=TaskState.READY) if one.task_spec.manual]
        task = next(one for one in ready if one.task_spec.bpmn_id == key)
        task.data.update(facts)
        task.run()
        workflow.do_engine_steps()
        assert workflow.completed == (key == "b8")
        return str(serializer.serialize_json(workflow))

    kept, largest, number = "", 0, 0

    def in_memory(key: str, facts: dict[str, Any]) -> None:
        nonlocal kept, largest
        kept = step(kept, key, facts)
        largest = max(largest, len(kept))

    def stepped_in_its_row(row: int, key: str, facts: dict[str, Any]) -> None:
        nonlocal largest
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT state FROM bench_spiff WHERE id = %s{lock}", [row])  # noqa: S608
            after = step(cursor.fetchone()[0], key, facts)
            cursor.execute("UPDATE bench_spiff SET state = %s WHERE id = %s", [after, row])
        largest = max(largest, len(after))

    def own_commit(row: int, key: str, facts: dict[str, Any]) -> None:
        with transaction.atomic():
            stepped_in_its_row(row, key, facts)

    def shared_commit(row: int, key: str, facts: dict[str, Any]) -> None:
        commit_together(lambda: stepped_in_its_row(row, key, facts))

    def in_the_database(key: str, facts: dict[str, Any]) -> None:
        own_commit(number, key, facts)

    for name, act in (("spiffworkflow_json", in_memory), ("spiffworkflow_stored", in_the_database)):
        for against, many, turns in (("complete_step", cases, 1), ("complete_step_sent_back", 2, TURNS)):
            seconds, processor, largest = [], 0.0, 0
            for _ in range(many):
                kept, number = begin(), number + 1
                with connection.cursor() as cursor:
                    cursor.execute("INSERT INTO bench_spiff VALUES (%s, %s)", [number, kept])
                began = time.process_time()
                for key, facts in routed(turns):
                    seconds.append(timed(lambda act=act, key=key, facts=facts: act(key, facts)))  # type: ignore[misc]
                processor += time.process_time() - began
            theirs = Speed(seconds, processor)
            if (name, turns) == ("spiffworkflow_stored", 1):
                alone = theirs
            emit(
                name, turns=turns, **theirs.told(), largest_state_bytes=largest,
                ours_to_theirs=round(ours[against].rate / theirs.rate, 2),
                ours_to_theirs_cpu=round(theirs.cpu_ms / ours[against].cpu_ms, 2),
            )  # fmt: skip

    ways = {"own": own_commit} if connection.vendor == "postgresql" else {"own": own_commit, "shared": shared_commit}
    for clerks, crowd in crowds.items():
        for commits, act in ways.items():
            begun = []
            for _ in range(clerks * 2):
                number += 1
                with connection.cursor() as cursor:
                    cursor.execute("INSERT INTO bench_spiff VALUES (%s, %s)", [number, begin()])
                begun.append(number)

            def work(row: int, act: Callable[..., None] = act) -> list[float]:
                return [timed(lambda key=key, facts=facts: act(row, key, facts)) for key, facts in routed()]  # type: ignore[misc]

            theirs_at_once = at_once(clerks, begun, work)
            emit(
                "spiffworkflow_clerks", clerks=clerks, commits=commits, **theirs_at_once.told(),
                ours_to_theirs=round(crowd.rate / theirs_at_once.rate, 2),
                ours_at_once_to_theirs_alone=round(crowd.rate / alone.rate, 2),
            )  # fmt: skip


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
        ours = measure_steps(province, options.cases)
        crowds = measure_clerks(province, max(options.cases // 20, 1))
        measure_without_disk(province, options.cases)
        measure_spiff(ours, crowds, options.cases)


if __name__ == "__main__":
    main()
