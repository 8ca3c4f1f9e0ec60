"""The programme at size: pages, the measure of all indicators, reports R1–R3 and the topic look-up.

5,000 tasks, 100,000 ledger rows and 20,000 products in a fresh database of the embedded default. The statements of
every page are counted at a tenth of that size and at the whole. Prints one JSON line per measurement, each with commit
and machine. `./khcn bench programme [--tasks N] [--titles N] [--rounds N]`.
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
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("OMP_NUM_THREADS", "1")
TODAY = date(2026, 11, 23)
LEDGER_ROWS_PER_TASK = 20
PRODUCTS_PER_TASK = 4
REPORT_RUNS = 120
MILLION = 1_000_000


def machine() -> dict[str, object]:
    """The commit measured, the machine it ran on, and how many programs wanted its cores at the time."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "commit": commit.stdout.strip(), "python": platform.python_version(), "machine": platform.machine(),
        "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1),
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
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in by password
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
        call_command("migrate", verbosity=0)
        yield


@dataclass
class World:
    """The plan measured, who looks at it, and what further tasks are made from."""

    plan: Any
    specialist: Any
    fields: list[Any]
    hosts: list[Any]
    rules: Any
    titles: list[Any]
    dice: random.Random
    places: list[Any]


def make_world(tasks: int) -> World:
    """One plan with its targets, envelopes, hosts and places, and no task yet; titles for so many."""
    from khcn.domains.programme.models import Plan, PlanEnvelope, PlanField, RuleSet
    from khcn.domains.programme.services.reference import load_rules
    from khcn.domains.programme.services.reference_indicators import load_indicators
    from khcn.domains.programme.tests.similarity.invented_titles import invent_titles
    from khcn.kernel.indicators.models import Indicator, Target
    from khcn.kernel.orgs.tests.cast import make_member, make_organisation
    from khcn.kernel.places.models import Place
    from khcn.lib.actor import Actor
    from khcn.lib.roles import Role

    system = Actor(uid=UUID(int=0), name="Hệ thống", on=TODAY, is_system=True)
    load_rules(by=system, folder=ROOT / "data" / "reference" / "rules")
    load_indicators(system)
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
    for year in range(2020, 2029):
        PlanEnvelope.objects.create(
            plan=plan, source="S1", year=year, planned_vnd=10**15, granted_vnd=10**15, certainty="secured"
        )
    places = [
        Place.objects.create(name=f"Điểm {n}", latitude=11.5 + n / 100, longitude=106.6 + n / 70) for n in range(80)
    ]
    titles = invent_titles(tasks, seed=3)
    rules = RuleSet.objects.get(code="A")
    return World(plan, specialist, fields, hosts, rules, titles, random.Random(7), places)


def fill(world: World, first: int, last: int) -> None:
    """Tasks first to last − 1 in all states with contract, products, uses, ledger, clocks, history, difficulties."""
    from django.db import transaction

    from khcn.domains.programme.choices import TaskState
    from khcn.domains.programme.models import Contract, LedgerEntry, Product, Task
    from khcn.lib.text import fold

    states = [TaskState.RUNNING, TaskState.CONTRACTED, TaskState.ACCEPTED, TaskState.DOSSIER_DUE, TaskState.ARCHIVED]
    types = ("software", "bioproduct", "nanomaterial", "process", "mechanisation")
    with transaction.atomic():
        made = []
        for number in range(first, last):
            title = world.titles[number].title[:500]
            start = date(2021, 1, 1) + timedelta(days=world.dice.randrange(1500))
            state = states[number % len(states)]
            host = world.hosts[number % len(world.hosts)]
            is_over = state in (TaskState.ACCEPTED, TaskState.ARCHIVED)
            made.append(
                Task(
                    code=f"NV-{number:05d}", plan=world.plan, field=world.fields[number % 5], title=title,
                    kind="research", host=host.organisation, pi=host.person, rule_set=world.rules,
                    approved_on=start, start_on=start, end_on=start + timedelta(days=720), state_vnd=1_000 * MILLION,
                    counterpart_vnd=250 * MILLION if number % 3 == 0 else 0, state=state,
                    grade="pass" if is_over else "", accepted_on=start + timedelta(days=740) if is_over else None,
                    recognised_on=start + timedelta(days=800) if is_over else None,
                    folded=fold(f"NV-{number:05d} {title}")[:700],
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
        products = Product.objects.bulk_create(
            [
                Product(
                    task=task, code=f"{task.code}-SP{place}", name=f"Sản phẩm {place} của {task.code}",
                    type=types[(task.pk + place) % len(types)], purpose="production", sector="agriculture",
                    grade=task.grade, graded_on=task.accepted_on, place=world.places[(task.pk + place) % 80],
                    folded=f"{task.code}-sp{place} san pham {place} cua {task.code}".lower(),
                )
                for task in rows
                for place in range(PRODUCTS_PER_TASK)
            ],
            batch_size=500,
        )  # fmt: skip
        LedgerEntry.objects.bulk_create(
            [entry for task in rows for entry in _entries(LedgerEntry, task)], batch_size=500
        )
        _fill_around(world, rows, products)


def _fill_around(world: World, tasks: list[Any], products: list[Any]) -> None:
    """Uses of every second accepted product, clocks, history, difficulties, counterpart, estimates over a norm."""
    from khcn.domains.programme.models import (
        ApplicationRecord,
        BudgetLine,
        BudgetVersion,
        Counterpart,
        Handover,
        Issue,
    )
    from khcn.kernel.procedures.models import Clock, TransitionRecord
    from khcn.lib.text import fold

    organisations = [member.organisation for member in world.hosts]
    used = [product for product in products if product.graded_on and product.pk % 2]
    day = timedelta(days=1)
    Handover.objects.bulk_create(
        [
            Handover(product=one, receiver=organisations[one.pk % 60], handed_on=one.graded_on, signed_on=one.graded_on)
            for one in used
        ],
        batch_size=500,
    )
    ApplicationRecord.objects.bulk_create(
        [
            ApplicationRecord(
                product=one, user_organisation=organisations[(one.pk + 1) % 60], place=world.places[one.pk % 80],
                used_from=one.graded_on + 30 * day, scale="01 xã", confirmation_number="1/XN",
                confirmed_on=one.graded_on + 400 * day if one.pk % 3 else None,
            )
            for one in used
        ],
        batch_size=500,
    )  # fmt: skip
    about = {"subject_type": "programme.task", "rule_set": "A"}
    Clock.objects.bulk_create(
        [
            Clock(
                **about, subject_uid=task.uid, subject_label=task.code, rule_key="bench", title=f"Việc {place}",
                amount=30, unit="CD", started_on=task.start_on, due_on=task.start_on + (30 + 300 * place) * day,
                stopped_on=task.start_on + (20 + 20 * place) * day if place < 2 else None,
            )
            for task in tasks
            for place in range(3)
        ],
        batch_size=500,
    )  # fmt: skip
    steps = (("approve", "draft", "approved"), ("sign", "approved", "contracted"), ("start", "contracted", "running"))
    TransitionRecord.objects.bulk_create(
        [
            TransitionRecord(
                **about, subject_uid=task.uid, machine="task", event=event, from_state=before, to_state=after,
                at=f"{task.start_on + place * day}T08:00:00+07:00", by_name="Chuyên viên", trace=[{"rule": "bench"}],
            )
            for task in tasks
            for place, (event, before, after) in enumerate(steps)
        ],
        batch_size=500,
    )  # fmt: skip
    Issue.objects.bulk_create(
        [
            Issue(
                code=f"VM-{task.code}", plan=world.plan, task=task, kind="money", title=f"Chậm kinh phí {task.code}",
                reporter=task.host, assignee=world.plan.standing_body, raised_on=task.start_on + 100 * day,
                due_on=task.start_on + 130 * day, folded=fold(f"VM-{task.code} Chậm kinh phí {task.code}"),
            )
            for task in tasks[::10]
        ],
        batch_size=500,
    )  # fmt: skip
    Counterpart.objects.bulk_create(
        [
            Counterpart(
                task=task, state=state, giver=task.host, amount_vnd=amount * MILLION, on=task.start_on + 60 * day,
                document_number="CK",
            )
            for task in tasks
            if task.counterpart_vnd
            for state, amount in (("pledged", 250), ("proven", 200), ("spent", 50))
        ],
        batch_size=500,
    )  # fmt: skip
    breach = {
        "line": 0, "verdict": "explain", "text": "Chi chuyên gia vượt 30% tổng thù lao.", "citation": "TT 03/2023",
        "limit_vnd": 72 * MILLION, "actual_vnd": 100 * MILLION,
    }  # fmt: skip
    budgets = BudgetVersion.objects.bulk_create(
        [BudgetVersion(task=task, number=1, norm_breaches=[breach, {**breach, "line": 1}]) for task in tasks[::5]],
        batch_size=500,
    )
    BudgetLine.objects.bulk_create(
        [
            BudgetLine(budget=budget, kind="remuneration", source="S1", year=2022, amount_vnd=100 * MILLION)
            for budget in budgets
            for _ in range(2)
        ],
        batch_size=500,
    )


def add_reports(world: World, runs: int) -> None:
    """Report runs of past half-years, each tenth holding the figures of the long report R2."""
    from khcn.domains.programme.models import ReportRun
    from khcn.domains.programme.queries.report_runs import computed

    long = computed(_run(world.plan, "R2"))
    ReportRun.objects.bulk_create(
        [
            ReportRun(
                code=f"BC-{number:04d}", report=f"R{number % 7 + 1}", plan=world.plan, period="half_year",
                period_from=date(2021 + number // 20, 1, 1) + timedelta(days=number),
                period_to=date(2021 + number // 20, 6, 30) + timedelta(days=number), as_of=date(2024, 6, 14),
                snapshot=long if number % 10 == 0 else None,
            )
            for number in range(runs)
        ]
    )  # fmt: skip


def _run(plan: Any, report: str) -> Any:
    from khcn.domains.programme.choices import PeriodKind, ReportCode
    from khcn.domains.programme.models import ReportRun

    return ReportRun(
        code=f"{report}-B", report=ReportCode(report), plan=plan, period=PeriodKind.YEAR,
        period_from=date(2024, 12, 15), period_to=date(2025, 12, 14), as_of=date(2025, 12, 14),
    )  # fmt: skip


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


def pages(world: World) -> dict[str, str]:
    """The pages measured by name, with their addresses; the same at every size."""
    from django.urls import reverse

    from khcn.domains.programme.models import ReportRun, Task

    tasks, ledger, products = reverse("task_list"), reverse("entry_list"), reverse("product_list")
    task, run = Task.objects.get(code="NV-00000"), ReportRun.objects.get(code="BC-0000")
    return {
        "dashboard": reverse("plan_dashboard", args=[world.plan.uid]),
        "task_list": tasks,
        "task_list_state": f"{tasks}?state=running",
        "task_list_words": f"{tasks}?q=nuoi+trong",
        "task_list_last_page": f"{tasks}?trang=9999",
        "timeline": reverse("task_timeline"),
        "task_page": reverse("task_page", args=[task.uid]),
        "task_history": reverse("task_tab", args=[task.uid, "lich-su"]),
        "task_money": reverse("task_tab", args=[task.uid, "kinh-phi"]),
        "product_list": products,
        "product_list_words": f"{products}?q=san+pham+2",
        "application_map": reverse("application_map"),
        "money": reverse("money_overview"),
        "ledger": ledger,
        "ledger_kind": f"{ledger}?kind=payment&q=nuoi+trong",
        "advances": reverse("advance_ageing"),
        "counterpart": reverse("counterpart_ratios"),
        "norms": reverse("norm_breaches"),
        "issue_list": reverse("issue_list"),
        "unit_page": reverse("unit_page", args=[world.hosts[0].organisation.uid]),
        "report_list": reverse("report_list"),
        "report_page": reverse("report_page", args=[run.uid]),
        "values": reverse("plan_values", args=[world.plan.uid]),
    }


def count_statements(world: World) -> dict[str, int]:
    """SQL statements of every page, after a visit that warms up."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(world.specialist.user)
    counts = {}
    for name, address in pages(world).items():
        client.get(address)
        with CaptureQueriesContext(connection) as statements:
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        counts[name] = len(statements)
    return counts


def measure_pages(world: World, rounds: int, sizes: dict[int, dict[str, int]]) -> None:
    """Server time of the pages, in process: everything but the network, with the number of statements at each size."""
    from django.test import Client

    client = Client()
    client.force_login(world.specialist.user)
    for name, address in pages(world).items():

        def visit(where: str = address) -> None:
            answer = client.get(where)
            assert answer.status_code == 200, (where, answer.status_code)

        counts = {size: found[name] for size, found in sizes.items()}
        emit(
            "page", page=name, rounds=rounds, aim_p95_ms=150, statements=counts[max(counts)],
            statements_by_tasks=counts, independent=len(set(counts.values())) == 1, **percentiles(timed(visit, rounds)),
        )  # fmt: skip


def measure_once(world: World) -> None:
    """Store one set of values, which the dashboard and the list of values show."""
    from khcn.domains.programme.services.measuring import measure_plan

    measure_plan(by=world.specialist.actor, plan=world.plan, as_of=TODAY, today=TODAY)


def measure_indicators(world: World, rounds: int) -> None:
    """All indicators of the plan, measured and kept."""
    from khcn.domains.programme.services.measuring import measure_plan

    actor = world.specialist.actor
    seconds = timed(
        lambda: measure_plan(by=actor, plan=world.plan, as_of=TODAY - timedelta(days=1), today=TODAY), rounds
    )
    emit("measure", rounds=rounds, aim_ms=1000, **percentiles(seconds))


def measure_reports(world: World, rounds: int) -> None:
    """R1–R3 from the figures to the bytes of the .docx and the .xlsx."""
    from khcn.domains.programme.queries.report_runs import computed
    from khcn.domains.programme.services.reports.papers import word_of, workbook_of

    for code in ("R1", "R2", "R3"):
        run = _run(world.plan, code)

        def make(run: Any = run, paper: Callable[[Any], bytes] = word_of) -> None:
            run.snapshot = computed(run)
            paper(run)

        for ending, paper in (("docx", word_of), ("xlsx", workbook_of)):
            seconds = timed(lambda paper=paper, make=make: make(paper=paper), rounds)  # type: ignore[misc]
            emit("report", report=code, ending=ending, rounds=rounds, aim_ms=2000, **percentiles(seconds))


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
        few = max(200, options.tasks // 10)
        world = make_world(max(few, options.tasks))
        fill(world, 0, few)
        add_reports(world, REPORT_RUNS)
        measure_once(world)
        sizes = {few: count_statements(world)}
        if options.tasks > few:
            fill(world, few, options.tasks)
            measure_once(world)
            sizes[options.tasks] = count_statements(world)
        size = max(sizes)
        emit(
            "fill", tasks=size, ledger_rows=size * LEDGER_ROWS_PER_TASK, products=size * PRODUCTS_PER_TASK,
            seconds=round(time.perf_counter() - started, 1),
        )  # fmt: skip
        # the server keeps what it loaded out of the collector's sight; what the filling left behind goes the same way
        import_module("khcn.site.wsgi")
        measure_pages(world, options.rounds, sizes)
        measure_indicators(world, max(3, options.rounds // 3))
        measure_reports(world, max(3, options.rounds // 3))
        measure_look_up(options.titles)


if __name__ == "__main__":
    main()
