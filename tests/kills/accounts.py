"""Reads the database after the kills: prints, as JSON, what is lost, doubled, stuck, skipped or broken.

argv: a JSON file with what people were told (`dossiers` uid → applicant, `done` [dossier, run or event], `numbered`).
"""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db.models import Count  # noqa: E402 - after Django is set up
from django_tasks_db.models import DBTaskResult  # noqa: E402

from khcn.domains.onestop.models import Dossier  # noqa: E402
from khcn.kernel.audit.queries import verify_chain  # noqa: E402
from khcn.kernel.documents.models import NumberRegister, OfficialPaper  # noqa: E402
from khcn.kernel.procedures.models import Case, CaseEvent, StepRun  # noqa: E402
from khcn.kernel.procedures.queries import verify_logs  # noqa: E402


def gaps(numbers: dict[Any, list[int]], registers: dict[Any, int]) -> list[str]:
    """Series whose numbers are not 1, 2, 3 … up to what the register says."""
    return [
        f"{key}: {sorted(numbers.get(key, []))[:5]}… of {last}"
        for key, last in registers.items()
        if sorted(numbers.get(key, [])) != list(range(1, last + 1))
    ] + [f"{key}: no register" for key in numbers if key not in registers]


def read(told: dict[str, Any]) -> dict[str, Any]:
    """Everything that is wrong, and how much there was."""
    there = {str(uid): name for uid, name in Dossier.objects.values_list("uid", "applicant_name")}
    lost = [uid for uid, name in told["dossiers"].items() if there.get(uid) != name]
    runs = {str(uid): state for uid, state in StepRun.objects.values_list("uid", "state")}
    lost += [run for _dossier, run in told["done"] if run in runs and runs[run] != "done"]
    events = set(Dossier.objects.filter(history__event__isnull=False).values_list("uid", "history__event"))
    has = {(str(uid), event) for uid, event in events}
    lost += [f"{uid} {what}" for uid, what in told["done"] if what not in runs and (uid, what) not in has]
    doubled = [name for name, times in Counter(there.values()).items() if times > 1]
    doubled += [
        f"{case} {step}"
        for case, step, times in StepRun.objects.exclude(state="cancelled").values_list("case__code", "step_key")
        .annotate(n=Count("id")).filter(n__gt=1).exclude(step_key="gop")
    ]  # fmt: skip
    stuck = [
        case.code
        for case in Case.objects.filter(state__in=["running", "paused"])
        if not case.runs.filter(state__in=["ready", "claimed"]).exclude(kind="timer").exists()
    ]
    stuck += list(Dossier.objects.filter(code__isnull=False, case=None).values_list("code", flat=True))
    stuck += [
        f"job {job}" for job in DBTaskResult.objects.exclude(status="SUCCESSFUL").values_list("status", flat=True)
    ]
    sent = StepRun.objects.filter(kind="system", state="done").count()
    if DBTaskResult.objects.count() != sent:
        lost.append(f"{DBTaskResult.objects.count()} jobs of {sent} signals")
    dossiers: dict[Any, list[int]] = defaultdict(list)
    for code in Dossier.objects.exclude(code=None).values_list("code", flat=True):
        _agency, day, number = code.rsplit("-", 2)
        dossiers[f"dossier.{day[2:]}"].append(int(number))
    papers: dict[Any, list[int]] = defaultdict(list)
    for kind, number in OfficialPaper.objects.exclude(number=None).values_list("kind", "number"):
        papers[f"paper.{kind}"].append(int(number))
    last = dict(NumberRegister.objects.values_list("series", "last_number"))
    registers = {name: {k: v for k, v in last.items() if k.startswith(name)} for name in ("dossier.", "paper.")}
    numbered = set(map(str, OfficialPaper.objects.exclude(number=None).values_list("uid", flat=True)))
    logs, report = verify_logs(), verify_chain()
    chain = [] if report.holds else [str(report)]
    return {
        "lost": lost + [paper for paper in told["numbered"] if paper not in numbered], "doubled": doubled,
        "stuck": stuck, "gaps": gaps(dossiers, registers["dossier."]) + gaps(papers, registers["paper."]),
        "broken": [*map(str, logs.faults), *chain],
        "counted": {
            "dossiers": len(there), "told": len(told["dossiers"]), "cases": logs.cases, "events": logs.events,
            "codes": sum(map(len, dossiers.values())), "papers": sum(map(len, papers.values())),
            "ended": Case.objects.filter(state="ended").count(), "lines": CaseEvent.objects.count(),
            "jobs": DBTaskResult.objects.count(),
        },
    }  # fmt: skip


def left() -> None:
    """Prints the dossiers that are not at the end of their procedure, and how many jobs are not done."""
    waiting = Dossier.objects.filter(case=None) | Dossier.objects.exclude(case__state="ended")
    jobs = DBTaskResult.objects.exclude(status="SUCCESSFUL").count()
    json.dump([[str(uid) for uid in waiting.values_list("uid", flat=True)], jobs], sys.stdout)


if __name__ == "__main__":
    json.dump(read(json.loads(Path(sys.argv[1]).read_text("utf-8"))), sys.stdout, ensure_ascii=False)
