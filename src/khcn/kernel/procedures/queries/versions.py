"""Reads procedures: their versions, the graph of a version for the engine, its faults, what changed between two."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from khcn.kernel.procedures.choices import CaseState, StepKind, VersionState
from khcn.kernel.procedures.engine.checks import Fault, faults_of
from khcn.kernel.procedures.engine.definition import Definition, Step, from_plain
from khcn.kernel.procedures.engine.machine import Graph
from khcn.kernel.procedures.models import Case, Procedure, ProcedureVersion
from khcn.kernel.procedures.queries.registry import system_steps
from khcn.lib.actor import Actor
from khcn.web.search import matching

K = TypeVar("K")
V = TypeVar("V")
_KEPT = 256
_NAMED_BY_KIND = (StepKind.START, StepKind.END, StepKind.TERMINATE)
_graphs: OrderedDict[str, Graph] = OrderedDict()
_pinned: OrderedDict[UUID, tuple[list[Any], list[Any]]] = OrderedDict()
#: What never changes once a version is in force, of the version and of its procedure; the rest is read when asked for.
_FIXED = ("id", "uid", "procedure_id", "issue_no", "revision_no", "sha256", "limit_amount", "limit_unit", "cut_off")
_FIXED_OF_PROCEDURE = ("id", "uid", "code", "kind")


def definition_of(version: ProcedureVersion) -> Definition:
    """What the version says. Raises BadDefinition when stored content does not read."""
    return from_plain(version.definition)


def graph_of(version: ProcedureVersion) -> Graph:
    """The version's graph, kept in memory under the digest of its definition."""
    key = version.sha256
    found = _graphs.get(key) if key else None
    if found is None:
        found = Graph(definition_of(version))
        if key:
            _keep(_graphs, key, found)
    return found


def pinned_version(uid: UUID) -> ProcedureVersion:
    """The version that a case has pinned, and its procedure: read once per process, since versions in force are fixed.

    uid: the version's, which no other version ever has. What may still change of it (state, end of effect) is not in
    memory but read when asked for. Raises ProcedureVersion.DoesNotExist.
    """
    found = _pinned.get(uid)
    if found is None:
        version = ProcedureVersion.objects.select_related("procedure").only(*_FIXED, "procedure__kind").get(uid=uid)
        mine = [getattr(version, name) for name in _FIXED]
        found = (mine, [getattr(version.procedure, name) for name in _FIXED_OF_PROCEDURE])
        _keep(_pinned, uid, found)
    version = ProcedureVersion.from_db("default", _FIXED, found[0])
    version.procedure = Procedure.from_db("default", _FIXED_OF_PROCEDURE, found[1])
    return version


def _keep(memory: OrderedDict[K, V], key: K, value: V) -> None:
    memory[key] = value
    if len(memory) > _KEPT:
        memory.popitem(last=False)


def version_faults(version: ProcedureVersion) -> list[Fault]:
    """What keeps the version from running, and remarks."""
    return faults_of(definition_of(version), actions=system_steps().keys())


def procedures_visible_to(actor: Actor) -> QuerySet[Procedure]:
    """Procedures in force are read by everybody; drafts are part of their procedure's page."""
    return Procedure.objects.select_related("owner").order_by("code")


def procedures_with_versions(rows: QuerySet[Procedure]) -> QuerySet[Procedure]:
    """The procedures with `shown_versions` (newest first) and `open_cases` beside each. Two queries for a page."""
    versions = ProcedureVersion.objects.defer("definition", "drawing").order_by("-issue_no", "-revision_no")
    running = (
        Case.objects.filter(version_pinned__procedure=OuterRef("pk"), state__in=[CaseState.RUNNING, CaseState.PAUSED])
        .order_by()
        .values("version_pinned__procedure")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return rows.annotate(open_cases=Coalesce(Subquery(running), 0)).prefetch_related(
        Prefetch("versions", queryset=versions, to_attr="shown_versions")
    )


def find_procedures(text: str) -> QuerySet[Procedure]:
    """Procedures whose code or title holds every word, whatever the accents."""
    return matching(Procedure.objects.select_related("owner").order_by("code"), "folded", text)


def effective_version(procedure: Procedure, *, on: date) -> ProcedureVersion | None:
    """The version in force on the date, None when there is none."""
    return (
        procedure.versions.filter(
            Q(effective_to=None) | Q(effective_to__gt=on),
            effective_from__lte=on,
            state__in=[VersionState.EFFECTIVE, VersionState.SUPERSEDED, VersionState.WITHDRAWN],
        )
        .order_by("-effective_from", "-id")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """One change between two versions. what: step, flow, table, form or text; was/now: as a person reads it."""

    what: str
    name: str
    was: str
    now: str


def differences_between(old: Definition, new: Definition) -> list[Difference]:
    """Steps, flows, tables and forms that were added, removed or changed, in the new version's order."""
    found: list[Difference] = []
    for what, before, after in (
        ("step", old.steps, new.steps), ("flow", old.flows, new.flows), ("table", old.tables, new.tables),
        ("form", old.forms, new.forms),
    ):  # fmt: skip
        earlier = {part.key: part for part in before}  # type: ignore[attr-defined]
        later = {part.key: part for part in after}  # type: ignore[attr-defined]
        for key, part in later.items():
            if key not in earlier:
                found.append(Difference(what, _title(part), "", _said(part)))
            elif earlier[key] != part:
                found.append(Difference(what, _title(part), _said(earlier[key], part), _said(part, earlier[key])))
        found += [Difference(what, _title(part), _said(part), "") for key, part in earlier.items() if key not in later]
    return found


def _title(part: object) -> str:
    return getattr(part, "name", "") or getattr(part, "title", "") or getattr(part, "key", "")


def _said(part: object, other: object | None = None) -> str:
    """The values of a part; with another, only those that differ."""
    words = []
    for name in part.__dataclass_fields__:  # type: ignore[attr-defined]
        value = getattr(part, name)
        if name == "key" or value in ("", None, (), False) or (other is not None and getattr(other, name) == value):
            continue
        words.append(f"{name}: {value if not isinstance(value, tuple) else f'{len(value)}'}")
    return "; ".join(words)


@dataclass(frozen=True, slots=True)
class Way:
    """A way on from a step: the name of the step that follows, and when it is taken. is_condition: as an expression."""

    target: str
    when: str = ""
    is_condition: bool = False
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as people read it. returns_to: names of the steps it may be sent back to; form: its form's title."""

    step: Step
    name: str
    ways: tuple[Way, ...]
    returns_to: tuple[str, ...]
    form: str


def step_name(step: Step) -> str:
    """How people call a step: its name; a start or an end without one by its kind; else its code."""
    if step.name:
        return step.name
    return gettext(step.kind.label) if step.kind in _NAMED_BY_KIND else step.key


def step_lines(definition: Definition) -> list[StepLine]:
    """The steps of a definition in order, with names in place of keys."""
    names = {step.key: step_name(step) for step in definition.steps}
    forms = {form.key: form.title for form in definition.forms}
    lines = []
    for step in definition.steps:
        leaving = [flow for flow in definition.flows if flow.source == step.key]
        ways = tuple(
            Way(
                names.get(flow.target, flow.target), flow.name or flow.guard, bool(flow.guard) and not flow.name,
                flow.default,
            )
            for flow in leaving
        )  # fmt: skip
        back = tuple(names.get(key, key) for key in step.returns_to)
        lines.append(StepLine(step, names[step.key], ways, back, forms.get(step.form, "")))
    return lines
