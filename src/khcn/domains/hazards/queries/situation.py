"""What the situation board shows: levels held now, what each place was last said to be, tables and their holes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from khcn.domains.hazards.choices import ExceedanceState, VerdictKind
from khcn.domains.hazards.models import Evaluation, Exceedance, LevelTable
from khcn.domains.hazards.permissions import visible_stations
from khcn.domains.hazards.queries.tables import read_table, words_of
from khcn.domains.hazards.rules.risk_tables import Coverage, Row, coverage
from khcn.domains.hazards.rules.table_words import INPUTS
from khcn.lib.actor import Actor

#: Evaluations older than this say nothing of now.
RECENT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Standing:
    """A hazard at a place: what was said last, and the level held."""

    evaluation: Evaluation
    held: Exceedance | None

    @property
    def level(self) -> int:
        """The level held, 0 without one."""
        return self.held.level if self.held else 0


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a table as people read it: level, clause, and per input its name, what it asks, its unit."""

    level: int
    clause: str
    tests: tuple[tuple[str, Any, str], ...]


def _readable(actor: Actor | None, places: Iterable[str]) -> set[str]:
    """The places of which the actor may read, the province with them."""
    wanted = set(places)
    return {""} | set(visible_stations(actor).filter(code__in=wanted).values_list("code", flat=True))


def standings(actor: Actor | None, *, now: datetime) -> list[Standing]:
    """The newest evaluation of each hazard and place, the highest level first."""
    newest: dict[tuple[str, str], Evaluation] = {}
    for row in Evaluation.objects.filter(as_of__gt=now - RECENT).select_related("table").order_by("as_of", "pk"):
        newest[row.hazard, row.place] = row
    held = {(one.hazard, one.place): one for one in Exceedance.objects.filter(state=ExceedanceState.OPEN, level__gt=0)}
    for key, one in held.items():  # a level is held until it is left, however long ago it was last spoken of
        if key not in newest:
            newest[key] = one.evaluation
    readable = _readable(actor, (place for _hazard, place in newest))
    order = {VerdictKind.OUTSIDE: 0, VerdictKind.UNKNOWN: 1, VerdictKind.LEVEL: 2, VerdictKind.QUIET: 3}
    found = [Standing(row, held.get(key)) for key, row in newest.items() if key[1] in readable]
    return sorted(
        found,
        key=lambda one: (
            -one.level, order[VerdictKind(one.evaluation.kind)], one.evaluation.hazard, one.evaluation.place
        ),
    )  # fmt: skip


def exceedances(actor: Actor | None) -> QuerySet[Exceedance]:
    """All stretches in which a level was held at a place that the actor may read of, the newest first."""
    codes = visible_stations(actor).values("code")
    rows = Exceedance.objects.filter(peak__gt=0).select_related("evaluation__table")
    return (rows.filter(place="") | rows.filter(place__in=codes)).order_by("-opened_at", "-pk")


def evaluation_for(actor: Actor | None, uid: str) -> Evaluation | None:
    """One evaluation, where the actor may read of its place."""
    found = Evaluation.objects.select_related("table").filter(uid=uid).first()
    return found if found is not None and found.place in _readable(actor, [found.place]) else None


def earlier_of(evaluation: Evaluation) -> QuerySet[Evaluation]:
    """What was said of the same place before, the newest first."""
    rows = Evaluation.objects.filter(hazard=evaluation.hazard, place=evaluation.place)
    return rows.exclude(pk=evaluation.pk).order_by("-as_of", "-pk")


def shown_rows(table: LevelTable) -> list[ShownRow]:
    """The rows of a table for a page, by level."""
    return [shown_row(row) for row in sorted(read_table(table).rows, key=lambda one: one.level)]


def shown_row(row: Row) -> ShownRow:
    """One row for a page."""
    tests = []
    for name, test in row.tests:
        label, unit = INPUTS.get(name, (name, ""))
        tests.append((label, words_of(test), unit))
    return ShownRow(row.level, row.clause, tuple(tests))


def coverage_of(table: LevelTable) -> Coverage:
    """Where a table says nothing and where it says two things; kept for the version of the table."""
    return _coverage(table.pk, table.version)


@lru_cache(maxsize=64)
def _coverage(key: int, _version: int) -> Coverage:
    return coverage(read_table(LevelTable.objects.get(pk=key)))
