"""Moves a case: its row locked, its tokens loaded, the machine's changes kept as rows. Inside every case service.

What waits for nobody (system steps, calls of other procedures) is done here at once, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from khcn.kernel.audit.services import record
from khcn.kernel.events.services import publish
from khcn.kernel.procedures.choices import CaseState, RunState, StepKind, UnitRule
from khcn.kernel.procedures.engine.definition import TAKEN_KINDS, WORK_KINDS, Flow, Step
from khcn.kernel.procedures.engine.expressions import BadExpression, read
from khcn.kernel.procedures.engine.machine import (
    Change,
    Dropped,
    Entered,
    Finished,
    Left,
    Machine,
    Passed,
    Token,
)
from khcn.kernel.procedures.engine.tables import decide
from khcn.kernel.procedures.engine.values import pack, unpack
from khcn.kernel.procedures.errors import CaseClosed, NotRunnable, StepTaken
from khcn.kernel.procedures.models import Case, Procedure, StepRun
from khcn.kernel.procedures.models.cases import OPEN_RUNS
from khcn.kernel.procedures.queries import StepContext, effective_version, graph_of, system_steps
from khcn.kernel.procedures.services.cases import timing
from khcn.kernel.procedures.services.cases.happenings import CaseEnded, CaseStarted, StepReady
from khcn.kernel.procedures.services.cases.locking import live_rows, locked
from khcn.kernel.procedures.services.cases.log import append
from khcn.lib.actor import Actor
from khcn.lib.calendar import TimeUnit, WorkCalendar
from khcn.lib.dates import in_vietnam
from khcn.lib.text import fold
from khcn.web.rows import Writes

CASE_MOVES = ("state", "outcome", "due_at", "ended_at", "head", "events_count", "version", "updated_at")
"""Fields of a case that an act may change, besides its facts."""
CLOSED = ("state", "done_at", "done_by", "outcome", "note", "assignee")
"""Fields of a step run that its end writes."""
CALL_DEPTH = 8
"""Procedures that may call one another in a row."""


class Walk:
    """One act on one locked case, inside the caller's transaction. Finish with `save`.

    Rows it writes wait in `writes` until something must see them, at the latest the end.
    """

    def __init__(
        self,
        *,
        by: Actor,
        case: Case,
        now: datetime,
        rows: list[StepRun] | None = None,
        calendar_stamp: tuple[Any, ...] | None = None,
        writes: Writes | None = None,
    ) -> None:
        self._loaded = rows
        self._calendar_stamp = calendar_stamp
        self.writes = Writes() if writes is None else writes
        self.by = by
        self.case = case
        self.now = now
        self.graph = graph_of(case.version_pinned)
        self.facts: dict[str, Any] = unpack(case.facts)
        self._facts_before = case.facts
        self.runs: dict[int, StepRun] = {}
        self.passed: list[str] = []
        self.decided: list[dict[str, Any]] = []
        self._machine: Machine | None = None
        self._calendar: WorkCalendar | None = None
        self._rows_of_token: dict[int, StepRun] = {}
        self._announced: list[StepRun] = []
        self.called_inline = False
        self._has_ended = False

    def require_open(self) -> None:
        """Raises CaseClosed for a case that has ended or was cancelled."""
        if not self.case.is_open:
            raise CaseClosed(f"Hồ sơ {self.case.code} đã kết thúc, không xử lý thêm được.")

    @property
    def calendar(self) -> WorkCalendar:
        """The office's calendar, read once, with the procedure's own time of closing."""
        if self._calendar is None:
            self._calendar = timing.calendar_for(self.case.version_pinned.cut_off, self._calendar_stamp)
        return self._calendar

    @property
    def machine(self) -> Machine:
        """The engine over the case's live tokens."""
        if self._machine is None:
            rows = live_rows(self.case) if self._loaded is None else self._loaded
            self.runs = {run.pk: run for run in rows}
            self._rows_of_token = dict(self.runs)
            tokens = [
                Token(run.pk, run.step_key, via=run.via, scope=run.scope_id, host=run.host_id, race=run.race)
                for run in rows
            ]
            self._machine = Machine(self.graph, tokens, holds=self._holds, arrive=self._arrive)
        return self._machine

    # -- acts

    def start(self) -> None:
        """Put the case on its start."""
        self.keep(self.machine.start())

    def complete(self, run: StepRun, *, outcome: str = "", note: str = "") -> None:
        """The run's step is done by the walk's actor; go on from it."""
        machine = self.machine
        row = self._rows_of_token[run.pk]
        row.outcome, row.note, row.done_by_id = outcome[:120], note, self.by.user_id
        row.assignee_id = run.assignee_id
        self.keep(machine.complete(run.pk))

    def send_back(self, run: StepRun, to: str, reason: str) -> None:
        """Return the case from the run's step to an earlier one."""
        machine = self.machine
        row = self._rows_of_token[run.pk]
        row.note, row.done_by_id = reason, self.by.user_id
        self.keep(machine.send_back(run.pk, to))
        row.state = RunState.RETURNED
        self.writes.update(row, ["state"])

    def keep(self, changes: list[Change]) -> None:
        """Store what the machine did, then do what waits for nobody."""
        gone = {change.token.id for change in changes if isinstance(change, Left | Dropped)}
        entered: list[tuple[Token, StepRun]] = []
        finished: Finished | None = None
        for change in changes:
            match change:
                case Entered(token):
                    if token.waits_at_join and token.id in gone:
                        continue
                    entered.append((token, self._new_row(token)))
                case Left(token) if token.id in self._rows_of_token:
                    self._close(token.id, RunState.DONE)
                case Dropped(token) if token.id in self._rows_of_token:
                    self._close(token.id, RunState.CANCELLED)
                case Passed(step, _scope):
                    self.passed.append(step)
                case Finished():
                    finished = change
        self._add([row for _token, row in entered])
        for token, row in entered:
            if self.machine.tokens.get(token.id) is not token or not self.case.is_open:
                continue
            self._begin(token, row)
        if finished is not None and self.case.is_open and not self.machine.tokens:
            self.end(finished.at)

    def end(self, at: str) -> None:
        """Close the case; `save` writes the last line of its log and lets a case that called it go on."""
        step = self.graph.steps.get(at)
        case = self.case
        case.state, case.ended_at = CaseState.ENDED, self.now
        case.outcome = case.outcome or ((step.output or step.name) if step else "")[:120]
        timing.close_clock(case, self.now, into=self.writes)
        self._has_ended = True

    def announce_end(self, *, cancelled: bool) -> None:
        """Keep the log's head where nobody can change it, and publish the end."""
        case = self.case
        verb = "case.cancel" if cancelled else "case.end"
        record(by=self.by, verb=verb, subject=case, after={"head": case.head, "lines": case.events_count})
        publish(
            CaseEnded(
                case.uid, case.code, case.version_pinned.procedure.code, case.subject_type, case.subject_uid,
                case.outcome, cancelled, self.now,
            )
        )  # fmt: skip

    def save(self) -> None:
        """Write the case back and tell who has work now."""
        self.settle()
        if self._has_ended:
            self.announce_end(cancelled=False)
        self.writes.flush()
        self.follow()

    def settle(self) -> None:
        """Have the case, its clock and the last line of its log wait among the writes."""
        facts = pack(self.facts)
        learned = ("facts",) if facts != self._facts_before else ()
        self.case.facts = self._facts_before = facts
        if self.case.is_open:
            timing.follow_steps(self)
        if self._has_ended:
            self.log("ended", outcome=self.case.outcome)
        self.case.version += 1
        self.writes.update(self.case, CASE_MOVES + learned)

    def follow(self) -> None:
        """Once the act is written: the case that called this one goes on, and people hear of their work."""
        if self._has_ended and self.case.parent_run_id is not None and not self.called_inline:
            self._return_to_caller()
        for event in self.announced():
            publish(event)

    @property
    def has_ended(self) -> bool:
        """Whether this act ended the case."""
        return self._has_ended

    def announced(self) -> list[StepReady]:
        """The steps that wait for somebody since this act."""
        return [
            StepReady(
                self.case.uid, self.case.code, run.uid, run.step_key, run.name, run.role, run.organisation_id,
                run.due_at,
            )
            for run in self._announced
            if run.state in (RunState.READY, RunState.CLAIMED)
        ]  # fmt: skip

    def log(self, verb: str, run: StepRun | None = None, **facts: Any) -> None:
        """A line in the case's log, by the walk's actor at its moment."""
        append(by=self.by, case=self.case, verb=verb, at=self.now, run=run, into=self.writes, **facts)

    def add_facts(self, values: Mapping[str, Any]) -> None:
        """Facts learned now; later values replace earlier ones of the same name."""
        self.facts.update(values)

    def live_steps(self) -> list[Step]:
        """The steps at which the case rests now."""
        return [self.graph.steps[token.step] for token in self.machine.tokens.values() if not token.waits_at_join]

    # -- what the machine asks

    @property
    def _known(self) -> dict[str, Any]:
        return {**self.facts, "today": in_vietnam(self.now).date()}

    def _holds(self, flow: Flow) -> bool:
        return read(flow.guard).holds(self._known)

    def _arrive(self, step: Step) -> None:
        if step.table:
            self._decide(step)

    def _decide(self, step: Step) -> None:
        table = self.graph.definition.table(step.table)
        if table is None:
            raise NotRunnable(f"Bước “{step.name}” dùng bảng quyết định không có: “{step.table}”.")
        results, row = decide(table, self._known)
        self.add_facts(results)
        self.decided.append({"step": step.key, "table": table.key, "row": row})

    # -- rows

    def place_of(self, step: Step) -> int | None:
        """The organisation whose people do the step; None for any, and for what nobody does."""
        if step.kind not in TAKEN_KINDS:
            return None
        return {
            UnitRule.DECIDING: self.case.deciding_id,
            UnitRule.RECEIVING: self.case.receiving_id,
            UnitRule.SUPPORT: self.case.support_id,
            UnitRule.ANY: None,
        }[step.unit_rule]

    def _new_row(self, token: Token) -> StepRun:
        step = self.graph.steps[token.step]
        scope = self._rows_of_token.get(token.scope) if token.scope is not None else None
        host = self._rows_of_token.get(token.host) if token.host is not None else None
        row = StepRun(
            case=self.case, step_key=step.key, name=(step.name or step.key)[:500], kind=step.kind,
            state=RunState.PENDING if token.waits_at_join else RunState.READY, via=token.via, scope=scope, host=host,
            race=token.race, role=step.role, organisation_id=self.place_of(step),
            ready_at=self.now, message=step.message if step.kind is StepKind.MESSAGE else "",
        )  # fmt: skip
        if not token.waits_at_join:
            if step.kind is StepKind.TIMER:
                row.fire_at = self._rings_at(step)
            elif step.norm is not None:
                row.due_at = timing.step_due(self.calendar, self.now, step, self.case)
        self._rows_of_token[token.id] = row
        if row.kind in WORK_KINDS and not token.waits_at_join:
            self._announced.append(row)
        return row

    def _rings_at(self, step: Step) -> datetime:
        """A timer's moment: a date fact (its first working moment), an amount in the step's unit, or its norm."""
        amount: Any = step.norm
        if step.wait:
            amount = read(step.wait).value(self._known)
        if isinstance(amount, Decimal) and amount >= 0:
            return timing.after(self.calendar, self.now, amount, TimeUnit(step.norm_unit))
        if amount is not None and hasattr(amount, "isoformat"):
            return timing.opening_of(self.calendar, amount)
        raise BadExpression(f"Thời gian chờ của “{step.name or step.key}” không phải là số hay ngày.")

    def _close(self, token_id: int, state: RunState) -> None:
        row = self._rows_of_token[token_id]
        was, row.state, row.done_at = row.state, state, max(self.now, row.ready_at)
        if row.pk is not None:
            taken = StepTaken(f"Bước “{row.name}” vừa được người khác xử lý. Hãy mở lại hồ sơ để xem.")
            self.writes.update(row, CLOSED, was={"state": was}, otherwise=taken)

    def _add(self, rows: list[StepRun]) -> None:
        """Store new tokens in their order: one statement, or one more where a token stands inside another new one."""
        fresh: list[StepRun] = []
        for row in rows:
            around = [one for one in (row.scope, row.host) if isinstance(one, StepRun) and one.pk is None]
            if around:
                if fresh:
                    self.writes.insert(*fresh)
                self.writes.need_keys(*around)
                fresh = []
            row.scope, row.host = row.scope, row.host  # their keys are known now
            fresh.append(row)
        if fresh:
            self.writes.insert(*fresh)

    def _begin(self, token: Token, row: StepRun) -> None:
        step = self.graph.steps[token.step]
        if token.waits_at_join or step.kind not in (StepKind.SYSTEM, StepKind.CALL):
            return
        if step.action or step.kind is StepKind.CALL:
            self.writes.flush()  # whoever acts now finds the row
        if step.kind is StepKind.CALL:
            self._call(step, row)
            return
        if step.table:
            self._decide(step)
        if step.action:
            registered = system_steps().get(step.action)
            if registered is None:
                raise NotRunnable(f"Bước “{row.name}” gọi việc chưa có trong hệ thống: “{step.action}”.")
            found = registered.run(StepContext(self.case, row, self._known, self.now, self.by))
            self.add_facts(found or {})
        self.log("system", row, action=step.action, table=step.table)
        self.keep(self.machine.complete(token.id))

    def _call(self, step: Step, row: StepRun) -> None:
        """Open a case on the procedure in force that the step names; when that ends at once, go on at once."""
        depth, above = 1, self.case
        while above.parent_run is not None:
            depth, above = depth + 1, above.parent_run.case
        if depth > CALL_DEPTH:
            raise NotRunnable(f"Bước “{row.name}” gọi các quy trình lồng nhau quá {CALL_DEPTH} lớp.")
        procedure = Procedure.objects.filter(code=step.call).first()
        version = effective_version(procedure, on=in_vietnam(self.now).date()) if procedure else None
        if version is None:
            raise NotRunnable(f"Bước “{row.name}” gọi quy trình “{step.call}” chưa có bản nào có hiệu lực.")
        mine = self.case
        child = Case(
            code=f"{mine.code}/{row.pk}", title=row.name, version_pinned=version, parent_run=row,
            subject_type=mine.subject_type, subject_uid=mine.subject_uid, url=mine.url, facts=pack(self.facts),
            applicant_name=mine.applicant_name, applicant_id=mine.applicant_id, support_id=mine.support_id,
            applicant_organisation_id=mine.applicant_organisation_id, receiving_id=mine.receiving_id,
            deciding_id=mine.deciding_id, is_illustration=mine.is_illustration, started_by_id=self.by.user_id,
        )  # fmt: skip
        walk = open_walk(by=self.by, case=child, now=self.now, called_inline=True)
        if not child.is_open:
            self.add_facts(walk.facts)
            token = next(token_id for token_id, one in self._rows_of_token.items() if one is row)
            self.keep(self.machine.complete(token))

    def _return_to_caller(self) -> None:
        caller = StepRun.objects.get(called=self.case)
        if caller.state not in OPEN_RUNS:
            return
        walk = Walk(by=self.by, case=locked(caller.case_id), now=self.now)
        walk.add_facts(self.facts)
        walk.complete(caller, outcome=self.case.outcome)
        walk.log("call_ended", caller, called=self.case.code)
        walk.save()


def open_walk(*, by: Actor, case: Case, now: datetime, called_inline: bool = False) -> Walk:
    """Save a new case with its running clock and take it from the start to where it first waits."""
    version = case.version_pinned
    case.received_at = now
    if case.limit_amount is None:
        case.limit_amount, case.limit_unit = version.limit_amount, version.limit_unit
    case.folded = fold(f"{case.code} {case.title} {case.applicant_name}")[:900]
    walk = Walk(by=by, case=case, now=now, rows=[])
    walk.called_inline = called_inline
    timing.open_clock(case, walk.calendar, now)
    append(
        by=by, case=case, verb="started", at=now, procedure=version.procedure.code, version=version.number,
        sha256=version.sha256, facts=case.facts, due_at=case.due_at,
    )  # fmt: skip
    record(by=by, verb="case.start", subject=case, after={"procedure": version.procedure.code})
    publish(CaseStarted(case.uid, case.code, version.procedure.code, case.subject_type, case.subject_uid, now))
    walk.start()
    walk.save()
    return walk
