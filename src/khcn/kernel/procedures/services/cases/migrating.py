"""Moves running cases to another version, when every live step has a place there."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from khcn.kernel.procedures.choices import VersionState
from khcn.kernel.procedures.models import Case, ProcedureVersion
from khcn.kernel.procedures.permissions import require_approver
from khcn.kernel.procedures.queries import graph_of, preview_migration
from khcn.kernel.procedures.services.cases.locking import locked
from khcn.kernel.procedures.services.cases.log import append
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused


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
    """
    require_approver(by, target)
    if target.state != VersionState.EFFECTIVE or target.procedure_id != source.procedure_id:
        raise Refused("Chỉ chuyển hồ sơ sang bản đang có hiệu lực của cùng quy trình.")
    if not reason.strip():
        raise Refused("Ghi lý do chuyển hồ sơ sang bản mới.", field="reason")
    now = now or timezone.now()
    steps = graph_of(target).steps
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
            for move in plan.moves:
                step = steps[move.target]
                move.run.step_key, move.run.name, move.run.role = step.key, step.name or step.key, step.role
                move.run.save(update_fields=["step_key", "name", "role"])
            case.version_pinned = target
            append(
                by=by, case=case, verb="migrated", at=now, from_version=source.number, to_version=target.number,
                reason=reason.strip(), mapping=dict(mapping or {}),
            )  # fmt: skip
            case.version += 1
            case.save()
            moved += 1
    return moved
