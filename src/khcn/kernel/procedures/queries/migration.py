"""What would become of running cases if they went over to another version: case by case, before anything is done."""

from collections.abc import Mapping
from dataclasses import dataclass

from khcn.kernel.procedures.choices import CaseState
from khcn.kernel.procedures.models import Case, ProcedureVersion, StepRun
from khcn.kernel.procedures.models.cases import OPEN_RUNS
from khcn.kernel.procedures.queries.versions import graph_of


@dataclass(frozen=True, slots=True)
class StepMove:
    """One live step and where it would go. target: key in the new version, empty when it has no place there.

    drops: it only watched the boundary of another step, which the new version does not watch; it falls away.
    """

    run: StepRun
    target: str
    target_name: str
    reason: str
    drops: bool = False

    @property
    def maps(self) -> bool:
        """True when nothing of the step stands in the way."""
        return bool(self.target) or self.drops


@dataclass(frozen=True, slots=True)
class CaseMove:
    """One running case with its live steps."""

    case: Case
    moves: tuple[StepMove, ...]

    @property
    def maps(self) -> bool:
        """True when every live step has a place: the case can be moved."""
        return all(move.maps for move in self.moves)


def preview_migration(
    source: ProcedureVersion, target: ProcedureVersion, *, mapping: Mapping[str, str] | None = None
) -> list[CaseMove]:
    """Every open case of `source` as it would stand on `target`. mapping: old step key → new key, where names changed.

    A step maps to the one with its key (or the mapped key) when kind, sub-process and boundary fit; a branch that waits
    at a join maps when its flow still leads there; an event at a boundary that is gone falls away. Two queries.
    """
    old, new = graph_of(source), graph_of(target)
    renamed = dict(mapping or {})
    runs: dict[int, list[StepRun]] = {}
    cases = Case.objects.filter(version_pinned=source, state__in=[CaseState.RUNNING, CaseState.PAUSED]).order_by("id")
    for run in StepRun.objects.filter(case__in=cases, state__in=OPEN_RUNS).order_by("id"):
        runs.setdefault(run.case_id, []).append(run)
    result = []
    for case in cases:
        moves = []
        for run in runs.get(case.pk, []):
            key = renamed.get(run.step_key, run.step_key)
            before, after = old.steps.get(run.step_key), new.steps.get(key)
            reason = ""
            if after is None and run.host_id is not None:
                moves.append(StepMove(run, "", "", "", drops=True))
                continue
            if after is None:
                reason = "phiên bản mới không có bước này"
            elif before is not None and after.kind != before.kind:
                reason = f"bước mới thuộc loại “{after.kind.label}”"
            elif before is not None and (
                after.scope != renamed.get(before.scope, before.scope)
                or after.host != renamed.get(before.host, before.host)
            ):
                reason = "bước nằm ở quy trình con hoặc gắn vào bước khác"
            elif run.via and not any(flow.key == run.via for flow in new.arriving[key]):
                reason = "nhánh đang chờ gộp không còn trong phiên bản mới"
            name = (after.name or after.key) if after is not None and not reason else ""
            moves.append(StepMove(run, "" if reason else key, name, reason))
        result.append(CaseMove(case, tuple(moves)))
    return result
