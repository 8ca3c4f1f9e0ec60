"""Random structured processes give the same traces here and on two oracles, step by step.

SpiffWorkflow is the first, for processes without parallel blocks inside loops: there SpiffWorkflow 3.2.0 opens a join
early, taking a branch of an earlier turn for one of this turn. A walker over the nesting alone is the second, for all.

KHCN_ORACLE sets how many (400 in the machine unless told; 10 through rows).
"""

import os
import random
import warnings
from datetime import datetime
from io import BytesIO

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    spiff = pytest.importorskip("SpiffWorkflow", reason="SpiffWorkflow, the oracle, is not installed")
    from SpiffWorkflow import TaskState
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.parser import BpmnParser

from khcn.kernel.procedures.choices import CaseState, RunState
from khcn.kernel.procedures.engine.checks import faults_of
from khcn.kernel.procedures.engine.expressions import read
from khcn.kernel.procedures.engine.machine import Finished, Graph, Machine
from khcn.kernel.procedures.models import StepRun
from khcn.kernel.procedures.queries import facts_of, verify_logs
from khcn.kernel.procedures.services import complete_step
from khcn.kernel.procedures.tests.structured import Invented, Walker, invent
from khcn.kernel.procedures.tests.test_cases import MONDAY, Office
from khcn.lib.dates import VIETNAM

MANY = int(os.environ.get("KHCN_ORACLE", "400"))
STEPS_LIMIT = 400


class Theirs:
    """The oracle's run of a process."""

    def __init__(self, made: Invented) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(BytesIO(made.python_drawing()))
        self.workflow = BpmnWorkflow(parser.get_spec("p"))
        self.workflow.task_tree.set_data(**{name: int(value) for name, value in made.facts.items()})
        self.workflow.do_engine_steps()

    def _tasks(self):
        return [task for task in self.workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]

    def ready(self) -> list[str]:
        return sorted(task.task_spec.bpmn_id for task in self._tasks())

    def do(self, step: str, lowers: str) -> None:
        task = next(task for task in self._tasks() if task.task_spec.bpmn_id == step)
        if lowers:
            task.data[lowers] -= 1
        task.run()
        self.workflow.do_engine_steps()


class Ours:
    """Our machine's run of the same process."""

    def __init__(self, made: Invented) -> None:
        self.facts = dict(made.facts)
        self.machine = Machine(Graph(made.definition()), holds=lambda flow: read(flow.guard).holds(self.facts))
        self.changes = self.machine.start()

    def ready(self) -> list[str]:
        return sorted(token.step for token in self.machine.tokens.values() if not token.waits_at_join)

    def do(self, step: str, lowers: str) -> None:
        token = next(one for one in self.machine.tokens.values() if one.step == step and not one.waits_at_join)
        if lowers:
            self.facts[lowers] -= 1
        self.changes = self.machine.complete(token.id)


@pytest.mark.parametrize("block", range(20))
def test_random_processes_have_spiffworkflows_traces(block):
    for seed in range(block, MANY, 20):
        made, _nested = invent(seed)
        assert not [fault for fault in faults_of(made.definition()) if fault.stops], seed
        ours, theirs, dice = Ours(made), Theirs(made), random.Random(seed)
        for _ in range(STEPS_LIMIT):
            ready = ours.ready()
            assert ready == theirs.ready(), seed
            if not ready:
                break
            step = dice.choice(ready)
            ours.do(step, made.writes.get(step, ""))
            theirs.do(step, made.writes.get(step, ""))
        assert isinstance(ours.changes[-1], Finished), seed
        assert theirs.workflow.completed, seed


@pytest.mark.parametrize("block", range(20))
def test_random_processes_have_the_traces_of_their_nesting(block):
    for seed in range(block, MANY * 5, 20):
        made, nested = invent(seed, depth=5, joins_in_loops=True)
        ours, dice = Ours(made), random.Random(seed)
        walker = Walker(nested, ours.facts)
        while walker.ready():
            ready = ours.ready()
            assert ready == walker.ready(), seed
            step = dice.choice(ready)
            ours.do(step, made.writes.get(step, ""))
            walker.do(step)
        assert isinstance(ours.changes[-1], Finished), seed


@pytest.mark.database
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(max(10, MANY // 400)))
def test_random_processes_have_the_oracles_traces_through_rows(seed, cast):
    made, _nested = invent(seed, depth=3)
    office = Office(cast)
    office.install(made.definition(), code=f"NN-{seed}")
    case = office.open(code=f"NN-{seed}", facts=made.facts)
    theirs, dice = Theirs(made), random.Random(seed)

    for _ in range(STEPS_LIMIT):
        runs = list(StepRun.objects.filter(case=case, state=RunState.READY, kind="human").order_by("step_key"))
        assert [run.step_key for run in runs] == theirs.ready()
        if not runs:
            break
        run = dice.choice(runs)
        lowers = made.writes.get(run.step_key, "")
        case.refresh_from_db()
        facts = {lowers: facts_of(case)[lowers] - 1} if lowers else {}
        complete_step(by=office.clerk, run=run, facts=facts, now=datetime(2023, 5, 15, 9, tzinfo=VIETNAM))
        theirs.do(run.step_key, lowers)

    case.refresh_from_db()
    assert case.state == CaseState.ENDED
    assert case.received_at == MONDAY
    assert theirs.workflow.completed
    assert verify_logs().holds
