"""Workers of four threads killed with SIGKILL in the middle of their work: nothing is lost, doubled, stuck or skipped.

KHCN_KILLS sets how often (default 10; 100 before release). SQLite: a file, as on the embedded default; PostgreSQL: a
database of its own in the cluster of DATABASE_URL. `tests/kills` does the same to the web server under load.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KILLS = int(os.environ.get("KHCN_KILLS", "10"))
SOURCE = Path(__file__).resolve().parents[4]
WORK = """
import sys
import django
django.setup()
from datetime import date
from threading import Event, Thread
from khcn.kernel.orgs.models import User
from khcn.kernel.orgs.queries import actor_for
from khcn.kernel.procedures.models import Procedure, StepRun
from khcn.kernel.procedures.services import complete_step, start_case
by = actor_for(User.objects.get(username="may-1"), on=date(2026, 1, 5))
procedure = Procedure.objects.get(code="QT-KILL")
print("ready", flush=True)

def work():
    while True:
        case = start_case(by=by, procedure=procedure, title="Hồ sơ thử")
        print(f"{case.code}:0\\n", end="", flush=True)
        for done in (1, 2):
            run = StepRun.objects.filter(case=case, state="ready").first()
            complete_step(by=by, run=run)
            print(f"{case.code}:{done}\\n", end="", flush=True)

for _ in range(4):
    Thread(target=work, daemon=True).start()
Event().wait()
"""
SETUP = """
import django
django.setup()
from datetime import date
from khcn.kernel.orgs.models import User
from khcn.kernel.orgs.tests.cast import make_member
from khcn.kernel.procedures.choices import StepKind, UnitRule
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step
from khcn.kernel.procedures.services import install_procedure
author, boss = make_member("specialist", username="may-1"), make_member("director")
any_place = {"unit_rule": UnitRule.ANY}
install_procedure(
    by=author.actor, approver=boss.actor, code="QT-KILL", title="Thử", effective_from=date(2020, 1, 1),
    definition=Definition(
        (Step("s", "", StepKind.START), Step("a", "Một", StepKind.HUMAN, "specialist", **any_place),
         Step("b", "Hai", StepKind.HUMAN, "specialist", **any_place), Step("e", "", StepKind.END)),
        (Flow("1", "s", "a"), Flow("2", "a", "b"), Flow("3", "b", "e")),
    ),
)
"""
CHECK = """
import json
import django
django.setup()
from khcn.kernel.documents.models import NumberRegister
from khcn.kernel.procedures.models import Case
from khcn.kernel.procedures.queries import verify_logs
report = verify_logs()
assert report.holds, report.faults[:5]
steps = {}
for case in Case.objects.all():
    live = list(case.runs.filter(state__in=["ready", "claimed", "pending"]).values_list("step_key", flat=True))
    done = list(case.runs.filter(state="done").order_by("id").values_list("step_key", flat=True))
    expected = {0: ["a"], 1: ["b"], 2: []}[len(done)]
    assert live == expected and done == ["a", "b"][: len(done)], (case.code, live, done)
    assert (case.state == "ended") == (len(done) == 2), case.code
    steps[case.code] = len(done)
last = NumberRegister.objects.get(series="case").last_number
print(json.dumps({"cases": report.cases, "events": report.events, "steps": steps, "last": last}))
"""


def run(program: str, environ: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.database
def test_killed_workers_lose_double_and_skip_nothing(environ_apart, tmp_path):
    run(SETUP, environ_apart)
    dice, told = random.Random(7), []

    for _ in range(KILLS):
        output = tmp_path / "told.txt"
        with output.open("w") as sink:
            worker = subprocess.Popen(
                [sys.executable, "-c", WORK], env=environ_apart, stdout=sink, stderr=subprocess.DEVNULL
            )
        deadline = time.monotonic() + 120
        while len(output.read_text().split()) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(dice.random() * 0.3)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        told += output.read_text().split()[1:]

    found = json.loads(run(CHECK, environ_apart))
    steps, said = found["steps"], [one.rsplit(":", 1) for one in told]
    codes = sorted(steps)
    assert all(steps[code] >= int(done) for code, done in said)
    assert [int(code.rsplit("-", 1)[1]) for code in codes] == list(range(1, found["last"] + 1))
    assert found["cases"] == len(codes) >= KILLS
    assert found["events"] >= found["cases"]
