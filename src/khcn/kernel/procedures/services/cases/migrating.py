"""Moves running cases to another version, when every live step has a place there."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from khcn.kernel.procedures.choices import RunState, StepKind, VersionState
from khcn.kernel.procedures.models import Case, ProcedureVersion
from khcn.kernel.procedures.permissions import require_approver
from khcn.kernel.procedures.queries import StepMove, graph_of, preview_migration
from khcn.kernel.procedures.services.cases.locking import locked
from khcn.kernel.procedures.services.cases.walking import Walk
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.web.rows import update


def migrate_cases(
    *,
    by: Actor,
    source: ProcedureVersion,
    target: ProcedureVersion,
    cases: Iterable[Case],
    mapping: Mapping[str, str] | None = None,
    reason: str,
    now: datetime | None = None,
) -> int:
    """Move cases to `target`, which is in force; returns how many moved. Raises Refused naming the first that cannot.

    All or nothing: the preview is taken again under the locks, so that a case that went on meanwhile is not misplaced.
    Live steps take role, unit and awaited message of the new version, which also says what watches their boundaries and
    what pauses the clock; due moments and ringing timers that were told stay.
    """
    require_approver(by, target)
    if target.state != VersionState.EFFECTIVE or target.procedure_id != source.procedure_id:
        raise Refused("Chỉ chuyển hồ sơ sang bản đang có hiệu lực của cùng quy trình.")
    if not reason.strip():
        raise Refused("Ghi lý do chuyển hồ sơ sang bản mới.", field="reason")
    now = now or timezone.now()
    with transaction.atomic():
        wanted = {case.pk: locked(case.pk) for case in cases}
        moved = 0
        for plan in preview_migration(source, target, mapping=mapping):
            case = wanted.get(plan.case.pk)
            if case is None:
                continue
            if not plan.maps:
                stuck = next(move for move in plan.moves if not move.maps)
                raise Refused(f"Hồ sơ {case.code}, bước “{stuck.run.name}”: {stuck.reason}.")
            case.version_pinned = target
            update(case, ["version_pinned"])
            walk = Walk(by=by, case=case, now=now, rows=[move.run for move in plan.moves if not move.drops])
            for move in plan.moves:
                _move(walk, source, move)
            walk.keep(walk.machine.adopt())
            walk.log(
                "migrated", from_version=source.number, to_version=target.number, reason=reason.strip(),
                mapping=dict(mapping or {}),
            )  # fmt: skip
            walk.save()
            moved += 1
    return moved


def _move(walk: Walk, source: ProcedureVersion, move: StepMove) -> None:
    """Write one live step of a case as the walk's version has it."""
    run = move.run
    run.case = walk.case
    if move.drops:
        run.state, run.done_at = RunState.CANCELLED, max(walk.now, run.ready_at)
        update(run, ["state", "done_at"])
        return
    before, step = graph_of(source).steps.get(run.step_key), walk.graph.steps[move.target]
    if before is not None and before.unit_rule is not step.unit_rule and run.assignee_id is None:
        run.organisation_id = walk.place_of(step)
    run.step_key, run.name, run.role = step.key, (step.name or step.key)[:500], step.role
    run.message = step.message if step.kind is StepKind.MESSAGE else ""
    update(run, ["step_key", "name", "role", "message", "organisation"])
