"""Takes a case under its lock, with its live tokens; every act on a case begins here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
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


def held_all(case_ids: Iterable[int]) -> dict[int, Held]:
    """Take many cases under their locks, by key in the order of keys, so that no two who do wait for each other."""
    keys = sorted(set(case_ids))
    cases, runs = _many(len(keys))
    with together():
        asked, tokens, stamp = cases.ask(*keys), runs.ask(*keys), ask_calendar_stamp()
    live: dict[int, list[StepRun]] = {}
    for run in tokens.rows():
        live.setdefault(run.case_id, []).append(run)
    calendar_stamp = stamp.rows()[0]
    found = {case.pk: case for case in asked.rows()}
    return {
        key: Held(case, _of_case(case, live.get(key, [])), calendar_stamp)
        for key in keys
        for case in (_with_version([found[key]] if key in found else [], key),)
    }


@lru_cache(maxsize=256)
def _many(count: int) -> tuple[Reading[Any], Reading[StepRun]]:
    """The two readings of `held` for so many cases."""
    cases: Reading[Any] = Reading(
        lambda *keys: (
            Case.objects.select_for_update(of=("self",))
            .annotate(version_uid=F("version_pinned__uid"))
            .filter(pk__in=keys)
            .order_by("pk")
        ),
        keys=count,
    )
    runs = Reading(
        lambda *keys: StepRun.objects.filter(case_id__in=keys, state__in=OPEN_RUNS).order_by("id"), keys=count
    )
    return cases, runs


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
