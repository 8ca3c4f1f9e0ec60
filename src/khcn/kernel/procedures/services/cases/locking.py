"""Takes a case under its lock, with its live tokens; every act on a case begins here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from khcn.kernel.procedures.models import Case, StepRun
from khcn.kernel.procedures.models.cases import OPEN_RUNS
from khcn.kernel.procedures.queries import ask_calendar_stamp, pinned_version
from khcn.web.rows import Reading, together

_case_under_lock = Reading(
    lambda key: (
        Case.objects.select_for_update(of=("self",))
        .annotate(version_uid=F("version_pinned__uid"))
        .filter(pk=key)
        .order_by()
    )
)
_live_runs = Reading(lambda key: StepRun.objects.filter(case_id=key, state__in=OPEN_RUNS).order_by("id"))


def locked(case_id: int) -> Case:
    """The case under its lock, without the long texts of its version. Raises Case.DoesNotExist."""
    return _with_version(_case_under_lock(case_id), case_id)


@dataclass(frozen=True, slots=True)
class Held:
    """A case under its lock, its live tokens as the lock found them, and the calendar's stamp at that moment."""

    case: Case
    rows: list[StepRun]
    calendar_stamp: tuple[Any, ...]


def held(case_id: int) -> Held:
    """Take the case under its lock with what an act on it needs, on one way to the database."""
    with together():
        asked, tokens, stamp = _case_under_lock.ask(case_id), _live_runs.ask(case_id), ask_calendar_stamp()
    case = _with_version(asked.rows(), case_id)
    return Held(case, _of_case(case, tokens.rows()), stamp.rows()[0])


def live_rows(case: Case) -> list[StepRun]:
    """The tokens of a locked case, in the order in which they came."""
    return _of_case(case, _live_runs(case.pk))


def _with_version(found: Sequence[Case], case_id: int) -> Case:
    if not found:
        raise Case.DoesNotExist(f"case {case_id}")
    found[0].version_pinned = pinned_version(found[0].version_uid)  # type: ignore[attr-defined]
    return found[0]


def _of_case(case: Case, rows: list[StepRun]) -> list[StepRun]:
    for row in rows:
        row.case = case
    return rows
