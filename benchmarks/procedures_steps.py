"""Steps of the procedure benchmark: ours alone, by clerks at once and in batches; the same on SpiffWorkflow.

Each is measured on two processes: the small permit of `procedures_world`, and the larger one of `procedures_drawn`.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from uuid import uuid4

from measuring import percentiles

ROOT = Path(__file__).resolve().parents[1]
TURNS = 40
"""How often the draft of a long case is sent back."""
CLERKS = (16, 32)
BATCHES = (20, 100)
STEPS_IN_BATCHES = 900
"""About how many steps are completed for each size of batch."""


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


@dataclass(frozen=True)
class Process:
    """One process on both sides. routed: the tasks of a case, each with what is learned there, for a number of turns;
    filled: answers to the form of a task; spiff: specification, sub-processes and serializer.
    """

    name: str
    code: str
    facts: Callable[[], dict[str, Any]]
    routed: Callable[[int], Iterator[tuple[str, dict[str, Any]]]]
    filled: Callable[[str], dict[str, Any]]
    spiff: Callable[[], tuple[Any, Any, Any]]


def small() -> Process:
    """The permit of eight steps without a form."""
    from procedures_world import facts_of_a_permit, permit_drawing

    def routed(turns: int = 1) -> Iterator[tuple[str, dict[str, Any]]]:
        for key in ("b1", "b2", "b3", "b4", *("b5", "b6") * turns):
            yield key, {}
        yield "b5", {"can_sua": 0}
        yield from ((key, {}) for key in ("b6", "b7", "b8"))

    def spiff() -> tuple[Any, Any, Any]:
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

        parser = BpmnParser()
        parser.add_bpmn_io(BytesIO(permit_drawing()))
        return parser.get_spec("p"), {}, BpmnWorkflowSerializer()

    return Process("small", "BENCH", facts_of_a_permit, routed, lambda key: {}, spiff)


def large() -> Process:
    """The process of three lanes, seven tasks of people, a form, a decision table, scripts, a loop and a reminder."""
    import procedures_drawn as drawn

    def filled(key: str) -> dict[str, Any]:
        return drawn.answers() if key == "t1" else {}

    return Process("large", "BENCH-VE", drawn.facts, drawn.routed, filled, drawn.spiff)


def install_large(province: Any) -> None:
    """Put the larger process into force beside the small one."""
    import procedures_drawn as drawn
    from khcn.kernel.orgs.tests.cast import make_member
    from khcn.kernel.procedures.services import install_procedure
    from khcn.lib.roles import Role

    head = make_member(Role.DIRECTOR, organisation=province.agencies[0])
    install_procedure(
        by=province.clerk.actor, approver=head.actor, code="BENCH-VE", title="Đo", definition=drawn.steps(),
        effective_from=province.version.effective_from, owner=province.agencies[0],
    )  # fmt: skip


def open_cases(province: Any, process: Process, number: int) -> list[Any]:
    """New cases at the first agency, waiting at their first step."""
    from khcn.kernel.procedures.services import start_case

    return [
        start_case(
            by=province.clerk.actor, procedure=process.code, title=f"Đo {n}", code=f"DO-{uuid4().hex[:12]}",
            deciding=province.agencies[0], facts=process.facts(),
        )
        for n in range(number)
    ]  # fmt: skip


def all_ended(cases: Iterable[Any]) -> None:
    """Refuses figures of cases that did not come to their end."""
    for case in cases:
        case.refresh_from_db()
        assert case.state == "ended", case.state


def walk_ours(province: Any, process: Process, case: Any, turns: int = 1) -> Speed:
    """Take a case to its end, each step in a transaction of its own."""
    from khcn.kernel.procedures.queries import run_at
    from khcn.kernel.procedures.services import complete_step

    by, seconds, processor = province.clerk.actor, [], 0.0
    for key, facts in process.routed(turns):
        run, values, began = run_at(case, key), process.filled(key) or None, time.process_time()
        seconds.append(
            timed(lambda run=run, values=values, facts=facts: complete_step(by=by, run=run, values=values, facts=facts))  # type: ignore[misc]
        )
        processor += time.process_time() - began
    all_ended([case])
    return Speed(seconds, processor)


def summed(walked: list[Speed]) -> Speed:
    """Several walks as one."""
    return Speed([one for walk in walked for one in walk.seconds], sum(walk.processor for walk in walked))


def measure_steps(province: Any, process: Process, cases: int) -> dict[str, Speed]:
    """Steps completed by one process, each in a transaction of its own that is on the disk when it is told done."""
    walk_ours(province, process, open_cases(province, process, 1)[0])  # what is read once per process has been read
    found = {}
    for name, number, turns in (("complete_step", cases, 1), ("complete_step_sent_back", max(cases // 20, 2), TURNS)):
        begun = open_cases(province, process, number)
        found[name] = summed([walk_ours(province, process, case, turns) for case in begun])
        emit(name, process=process.name, turns=turns, durability=durability(), **found[name].told())
    return found


def measure_without_disk(province: Any, process: Process, cases: int) -> None:
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
    found = summed([walk_ours(province, process, case) for case in open_cases(province, process, cases)])
    emit("complete_step_without_disk", process=process.name, durability=durability(), **found.told())
    with connection.cursor() as cursor:
        cursor.execute(kept.format(name))


def measure_clerks(province: Any, process: Process, each: int) -> dict[int, Crowd]:
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
        for key, facts in process.routed(1):
            run = next(run for run in waiting(case.pk) if run.step_key == key)
            values = process.filled(key) or None
            seconds.append(
                timed(
                    lambda run=run, values=values, facts=facts: complete_step(  # type: ignore[misc]
                        by=by, run=run, values=values, facts=facts
                    )
                )
            )
        return seconds

    for clerks in CLERKS:
        cases = open_cases(province, process, clerks * each)
        found[clerks] = at_once(clerks, cases, work)
        all_ended(cases)
        emit(
            "complete_step_clerks", process=process.name, clerks=clerks, durability=durability(), **found[clerks].told()
        )
    return found


def told_of_batches(seconds: list[float], processor: float, size: int) -> dict[str, Any]:
    """For the line that is printed: steps a second, processor time of a step, and how long a batch takes."""
    steps = len(seconds) * size
    return {
        "batch": size, "steps": steps, "per_second": round(steps / sum(seconds), 1),
        "cpu_ms": round(processor / steps * 1e3, 3), **percentiles(seconds),
    }  # fmt: skip


def measure_batches(province: Any, process: Process) -> dict[int, dict[str, Any]]:
    """Steps that one clerk completes many at once, each batch one transaction that is on the disk when it is told."""
    from khcn.kernel.procedures.models import StepRun
    from khcn.kernel.procedures.models.cases import WORKABLE_RUNS
    from khcn.kernel.procedures.services import Work, complete_steps

    by, found = province.clerk.actor, {}
    for size in BATCHES:
        seconds, processor = [], 0.0
        while len(seconds) * size < STEPS_IN_BATCHES:
            cases = open_cases(province, process, size)
            for key, facts in process.routed(1):
                runs = StepRun.objects.filter(case__in=cases, step_key=key, state__in=WORKABLE_RUNS).order_by("id")
                works = [Work(run, process.filled(key) or None, facts) for run in runs]
                assert len(works) == size
                began = time.process_time()
                seconds.append(timed(lambda works=works: complete_steps(by=by, works=works)))  # type: ignore[misc]
                processor += time.process_time() - began
            all_ended(cases)
        found[size] = told_of_batches(seconds, processor, size)
        emit("complete_steps_batch", process=process.name, durability=durability(), **found[size])
    return found


class Spiff:
    """The same process on SpiffWorkflow with its state as JSON: in memory, and in a row of the same database."""

    def __init__(self, process: Process) -> None:
        from django.db import connection

        self.process = process
        self.spec, self.inner, self.serializer = process.spiff()
        self.largest, self.number = 0, 0
        self.last = list(process.routed(1))[-1][0]
        self.table = f"bench_spiff_{process.name}"
        self.lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {self.table} (id integer PRIMARY KEY, state text NOT NULL)")

    def begin(self) -> str:
        """The state of a new case."""
        from SpiffWorkflow.bpmn import BpmnWorkflow

        workflow = BpmnWorkflow(self.spec, self.inner)
        workflow.task_tree.set_data(**self.process.facts())
        workflow.do_engine_steps()
        return str(self.serializer.serialize_json(workflow))

    def step(self, state: str, key: str, facts: dict[str, Any]) -> str:
        """Read the state, complete one step, write the state."""
        from SpiffWorkflow import TaskState

        workflow = self.serializer.deserialize_json(state)
        ready = [one for one in workflow.get_tasks(state=TaskState.READY) if one.task_spec.manual]
        task = next(one for one in ready if one.task_spec.bpmn_id == key)
        task.data.update({**self.process.filled(key), **facts})
        task.run()
        workflow.do_engine_steps()
        assert workflow.completed == (key == self.last)
        after = str(self.serializer.serialize_json(workflow))
        self.largest = max(self.largest, len(after))
        return after

    def stored(self) -> int:
        """A new case in a row of its own."""
        from django.db import connection

        self.number += 1
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {self.table} VALUES (%s, %s)", [self.number, self.begin()])  # noqa: S608
        return self.number

    def step_rows(self, rows: list[int], key: str, facts: dict[str, Any]) -> None:
        """One step of each of these cases, inside the caller's transaction: read at once, written at once."""
        from django.db import connection

        places = ", ".join(["%s"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, state FROM {self.table} WHERE id IN ({places}) ORDER BY id{self.lock}",  # noqa: S608
                rows,
            )
            after = [(self.step(state, key, facts), row) for row, state in cursor.fetchall()]
            cursor.executemany(f"UPDATE {self.table} SET state = %s WHERE id = %s", after)  # noqa: S608


def measure_spiff(
    process: Process,
    ours: dict[str, Speed],
    crowds: dict[int, Crowd],
    batches: dict[int, dict[str, Any]],
    cases: int,
) -> None:
    """What SpiffWorkflow comes to at each of the things that ours was measured at."""
    from django.db import connection, transaction

    from khcn.web.shared_commits import commit_together

    spiff = Spiff(process)

    def own_commit(row: int, key: str, facts: dict[str, Any]) -> None:
        with transaction.atomic():
            spiff.step_rows([row], key, facts)

    def shared_commit(row: int, key: str, facts: dict[str, Any]) -> None:
        commit_together(lambda: spiff.step_rows([row], key, facts))

    kept: dict[int, str] = {}

    def in_memory(row: int, key: str, facts: dict[str, Any]) -> None:
        kept[row] = spiff.step(kept[row], key, facts)

    alone: dict[str, Speed] = {}
    for name, act in (("spiffworkflow_json", in_memory), ("spiffworkflow_stored", own_commit)):
        for against, many, turns in (("complete_step", cases, 1), ("complete_step_sent_back", 2, TURNS)):
            seconds, processor, spiff.largest = [], 0.0, 0
            for _ in range(many):
                row = spiff.stored()
                kept = {row: spiff.begin()}
                began = time.process_time()
                for key, facts in process.routed(turns):
                    seconds.append(timed(lambda act=act, row=row, key=key, facts=facts: act(row, key, facts)))  # type: ignore[misc]
                processor += time.process_time() - began
            theirs = Speed(seconds, processor)
            if turns == 1:
                alone[name] = theirs
            emit(
                name, process=process.name, turns=turns, **theirs.told(), largest_state_bytes=spiff.largest,
                task_specs=len(spiff.spec.task_specs), ours_to_theirs=round(ours[against].rate / theirs.rate, 2),
                ours_to_theirs_cpu=round(theirs.cpu_ms / ours[against].cpu_ms, 2),
            )  # fmt: skip

    ways = {"own": own_commit} if connection.vendor == "postgresql" else {"own": own_commit, "shared": shared_commit}
    for clerks, crowd in crowds.items():
        for commits, act in ways.items():
            begun = [spiff.stored() for _ in range(clerks * 2)]

            def work(row: int, act: Callable[..., None] = act) -> list[float]:
                return [timed(lambda key=key, facts=facts: act(row, key, facts)) for key, facts in process.routed(1)]  # type: ignore[misc]

            theirs_at_once = at_once(clerks, begun, work)
            emit(
                "spiffworkflow_clerks", process=process.name, clerks=clerks, commits=commits, **theirs_at_once.told(),
                ours_to_theirs=round(crowd.rate / theirs_at_once.rate, 2),
                ours_at_once_to_theirs_alone=round(crowd.rate / alone["spiffworkflow_stored"].rate, 2),
            )  # fmt: skip

    for size, told in batches.items():
        rows, seconds = [spiff.stored() for _ in range(size)], []
        began = time.process_time()
        for key, facts in process.routed(1):

            def whole(key: str = key, facts: dict[str, Any] = facts, rows: list[int] = rows) -> None:
                with transaction.atomic():
                    spiff.step_rows(rows, key, facts)

            seconds.append(timed(whole))
        theirs_told = told_of_batches(seconds, time.process_time() - began, size)
        emit(
            "spiffworkflow_batch", process=process.name, **theirs_told,
            ours_to_theirs=round(told["per_second"] / theirs_told["per_second"], 2),
            ours_to_theirs_cpu=round(theirs_told["cpu_ms"] / told["cpu_ms"], 2),
            ours_to_theirs_in_memory=round(told["per_second"] / alone["spiffworkflow_json"].rate, 2),
            ours_to_theirs_alone=round(told["per_second"] / alone["spiffworkflow_stored"].rate, 2),
        )  # fmt: skip
