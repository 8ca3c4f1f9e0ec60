"""The programme at size: pages, the measure of all indicators, reports R1–R3 and the topic look-up.

5,000 tasks, 100,000 ledger rows and 20,000 products in a fresh database of the embedded default. Prints one JSON line
per measurement, each with commit and machine. `./khcn bench programme [--tasks N] [--titles N] [--rounds N]`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("OMP_NUM_THREADS", "1")
TODAY = date(2026, 11, 23)
LEDGER_ROWS_PER_TASK = 20
PRODUCTS_PER_TASK = 4
MILLION = 1_000_000


def machine() -> dict[str, object]:
    """The commit measured and the machine it ran on."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "commit": commit.stdout.strip(), "python": platform.python_version(), "machine": platform.machine(),
        "cores": os.cpu_count(),
    }  # fmt: skip


def emit(name: str, **values: object) -> None:
    """Print one measurement as a JSON line."""
    print(json.dumps({"bench": f"programme.{name}", **values, **machine()}, ensure_ascii=False), flush=True)


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Median, 95th percentile and largest, in milliseconds."""
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return {
        "p50_ms": round(statistics.median(ordered) * 1e3, 1),
        "p95_ms": round(ordered[round(last * 0.95)] * 1e3, 1),
        "max_ms": round(ordered[last] * 1e3, 1),
    }


def timed(action: Callable[[], object], rounds: int) -> list[float]:
    """Seconds per round, after one round that warms up."""
    action()
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return seconds


@contextmanager
def house() -> Iterator[None]:
    """Django on an empty SQLite database in a temporary folder, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="khcn-bench-") as folder:
        os.environ |= {
            "KHCN_VAR": folder, "DATABASE_URL": f"sqlite:///{folder}/khcn.sqlite3",
            "DJANGO_SETTINGS_MODULE": "khcn.site.settings.dev",
        }  # fmt: skip
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS = ["testserver"]
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
        call_command("migrate", verbosity=0)
        yield


def fill(tasks: int) -> dict[str, Any]:
    """One plan with its targets, `tasks` tasks in all states, twenty ledger rows and four products each."""
    from django.db import transaction

    from khcn.domains.programme.choices import TaskState
    from khcn.domains.programme.models import (
        Contract,
        LedgerEntry,
        Plan,
        PlanEnvelope,
        PlanField,
        Product,
        RuleSet,
        Task,
    )
    from khcn.domains.programme.services.reference import load_rules
    from khcn.domains.programme.services.reference_indicators import load_indicators
    from khcn.domains.programme.tests.similarity.invented_titles import invent_titles
    from khcn.kernel.indicators.models import Indicator, Target
    from khcn.kernel.orgs.tests.cast import make_member, make_organisation
    from khcn.lib.actor import Actor
    from khcn.lib.roles import Role
    from khcn.lib.text import fold

    system = Actor(uid=UUID(int=0), name="Hệ thống", on=TODAY, is_system=True)
    load_rules(by=system, folder=ROOT / "data" / "reference" / "rules")
    load_indicators(system)
    dice = random.Random(7)
    department = make_organisation("Sở Khoa học và Công nghệ")
    specialist = make_member(Role.SPECIALIST, organisation=department)
    hosts = [make_member(Role.HOST, organisation=make_organisation(f"Viện {number}")) for number in range(60)]
    plan = Plan.objects.create(
        code="KH-B", title="Kế hoạch đo hiệu năng", issuer="UBND tỉnh", period_from=2021, period_to=2025,
        total_vnd=45_000 * MILLION, state="adopted", standing_body=department,
    )  # fmt: skip
    fields = [PlanField.objects.create(plan=plan, ordinal=n, title=f"Lĩnh vực {n}", area="it") for n in range(1, 6)]
    for ordinal, code in enumerate(("T1", "T2", "T3", "T4", "T5", "T7"), 1):
        indicator = Indicator.objects.get(code=code)
        Target.objects.create(
            indicator=indicator, scope_uid=plan.uid, ordinal=ordinal, operator=">=", value=2, unit=indicator.unit,
            sentence=indicator.name, due_on=date(2025, 12, 31),
        )  # fmt: skip
    rules = RuleSet.objects.get(code="A")
    states = [TaskState.RUNNING, TaskState.CONTRACTED, TaskState.ACCEPTED, TaskState.DOSSIER_DUE, TaskState.ARCHIVED]
    titles = invent_titles(tasks, seed=3)
    with transaction.atomic():
        for year in range(2020, 2029):
            PlanEnvelope.objects.create(
                plan=plan, source="S1", year=year, planned_vnd=10**15, granted_vnd=10**15, certainty="secured"
            )
        made = []
        for number, parts in enumerate(titles):
            start = date(2021, 1, 1) + timedelta(days=dice.randrange(1500))
            state = states[number % len(states)]
            host = hosts[number % len(hosts)]
            is_over = state in (TaskState.ACCEPTED, TaskState.ARCHIVED)
            made.append(
                Task(
                    code=f"NV-{number:05d}", plan=plan, field=fields[number % 5], title=parts.title[:500],
                    kind="research", host=host.organisation, pi=host.person, rule_set=rules,
                    approved_on=start, start_on=start, end_on=start + timedelta(days=720), state_vnd=1_000 * MILLION,
                    state=state, grade="pass" if is_over else "", accepted_on=start + timedelta(days=740) if is_over
                    else None, recognised_on=start + timedelta(days=800) if is_over else None,
                    folded=fold(f"NV-{number:05d} {parts.title}")[:700],
                )
            )  # fmt: skip
        rows = Task.objects.bulk_create(made, batch_size=500)
        Contract.objects.bulk_create(
            [
                Contract(
                    task=task, number=f"{task.code}/HĐ", signed_on=task.approved_on, start_on=task.start_on,
                    end_on=task.end_on, state_vnd=task.state_vnd, first_advance_cap_vnd=task.state_vnd // 2,
                )
                for task in rows
            ],
            batch_size=500,
        )  # fmt: skip
        types = ("software", "bioproduct", "nanomaterial", "process", "mechanisation")
        Product.objects.bulk_create(
            [
                Product(
                    task=task, code=f"{task.code}-SP{place}", name=f"Sản phẩm {place} của {task.code}",
                    type=types[(task.pk + place) % len(types)], purpose="production", sector="agriculture",
                    grade=task.grade, graded_on=task.accepted_on,
                )
                for task in rows
                for place in range(PRODUCTS_PER_TASK)
            ],
            batch_size=500,
        )  # fmt: skip
        LedgerEntry.objects.bulk_create(
            [entry for task in rows for entry in _entries(LedgerEntry, task)], batch_size=500
        )
    return {"plan": plan, "specialist": specialist}


def _entries(model: Any, task: Any) -> list[Any]:
    year, day = task.start_on.year, task.start_on
    steps = [("plan", 0, 500), ("plan", 1, 500), ("estimate", 0, 500), ("estimate", 1, 500), ("allocation", 0, 500),
             ("allocation", 1, 500), ("advance", 0, 300), *[("clearance", 0, 60)] * 5, *[("payment", 0, 40)] * 5,
             ("advance", 1, 100), *[("payment", 1, 50)] * 2]  # fmt: skip
    assert len(steps) == LEDGER_ROWS_PER_TASK
    return [
        model(
            task=task, kind=kind, source="S1", year=year + later, amount_vnd=amount * MILLION,
            on=day + timedelta(days=30 * place), document_number=f"CT-{place}", key=f"{task.code}-{place}",
        )
        for place, (kind, later, amount) in enumerate(steps)
    ]  # fmt: skip


def measure_pages(world: dict[str, Any], rounds: int) -> None:
    """Server time of the pages, in process: everything but the network, with the number of statements."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    client = Client()
    client.force_login(world["specialist"].user)
    plan = world["plan"]
    tasks = reverse("task_list")
    pages = {
        "dashboard": reverse("plan_dashboard", args=[plan.uid]),
        "task_list": tasks,
        "task_list_state": f"{tasks}?state=running",
        "task_list_words": f"{tasks}?q=nuoi+trong",
        "task_list_last_page": f"{tasks}?trang=100",
        "product_list": reverse("product_list"),
        "money": reverse("money_overview"),
    }
    for name, address in pages.items():

        def visit(where: str = address) -> None:
            answer = client.get(where)
            assert answer.status_code == 200, (where, answer.status_code)

        seconds = timed(visit, rounds)
        with CaptureQueriesContext(connection) as statements:
            visit()
        emit("page", page=name, rounds=rounds, aim_p95_ms=150, statements=len(statements), **percentiles(seconds))


def measure_indicators(world: dict[str, Any], rounds: int) -> None:
    """All indicators of the plan, measured and kept."""
    from khcn.domains.programme.services.measuring import measure_plan

    actor = world["specialist"].actor
    seconds = timed(
        lambda: measure_plan(by=actor, plan=world["plan"], as_of=TODAY - timedelta(days=1), today=TODAY), rounds
    )
    emit("measure", rounds=rounds, aim_ms=1000, **percentiles(seconds))


def measure_reports(world: dict[str, Any], rounds: int) -> None:
    """R1–R3 from the figures to the bytes of the .docx and the .xlsx."""
    from khcn.domains.programme.choices import PeriodKind, ReportCode
    from khcn.domains.programme.models import ReportRun
    from khcn.domains.programme.queries.report_runs import computed
    from khcn.domains.programme.services.reports.papers import word_of, workbook_of

    for code in (ReportCode.R1, ReportCode.R2, ReportCode.R3):
        run = ReportRun(
            code=f"{code}-B", report=code, plan=world["plan"], period=PeriodKind.YEAR, period_from=date(2024, 12, 15),
            period_to=date(2025, 12, 14), as_of=date(2025, 12, 14),
        )  # fmt: skip

        def make(run: Any = run, paper: Callable[[Any], bytes] = word_of) -> None:
            run.snapshot = computed(run)
            paper(run)

        for ending, paper in (("docx", word_of), ("xlsx", workbook_of)):
            seconds = timed(lambda paper=paper, make=make: make(paper=paper), rounds)  # type: ignore[misc]
            emit("report", report=str(code), ending=ending, rounds=rounds, aim_ms=2000, **percentiles(seconds))


def measure_look_up(titles: int) -> None:
    """One warm look-up over many titles, the five hits explained."""
    from khcn.domains.programme.rules.similarity import Corpus, Topic, TopicEntry, TopicIndex, look_up
    from khcn.domains.programme.tests.similarity.invented_titles import DISGUISES, disguise, invent_titles

    parts = invent_titles(titles)
    corpora = list(Corpus)
    index = TopicIndex(TopicEntry(str(n), corpora[n % 3], topic.title) for n, topic in enumerate(parts))
    dice = random.Random(2)
    asked = [disguise(parts[n], DISGUISES[n % len(DISGUISES)], dice) for n in dice.sample(range(titles), 200)]
    index.find(asked[0])
    seconds = []
    for title in asked:
        started = time.perf_counter()
        list(look_up(index, Topic(title)).hits)
        seconds.append(time.perf_counter() - started)
    emit("look_up", titles=titles, queries=len(asked), aim_ms=50, **percentiles(seconds))


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=5_000)
    parser.add_argument("--titles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with house():
        started = time.perf_counter()
        world = fill(options.tasks)
        emit(
            "fill", tasks=options.tasks, ledger_rows=options.tasks * LEDGER_ROWS_PER_TASK,
            products=options.tasks * PRODUCTS_PER_TASK, seconds=round(time.perf_counter() - started, 1),
        )  # fmt: skip
        measure_pages(world, options.rounds)
        measure_indicators(world, max(3, options.rounds // 3))
        measure_reports(world, max(3, options.rounds // 5))
        measure_look_up(options.titles)


if __name__ == "__main__":
    main()
