"""Reads the engine: dossiers and step runs of agencies, as counts for the score and as populations for samples.

A dossier belongs to the agency that decides it. Times are compared in Vietnam's days.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from khcn.domains.qms.models import QualitySystem
from khcn.kernel.indicators.queries import AgencyQuestion, count_agencies, subjects_judged_by
from khcn.kernel.procedures.choices import CaseState, NormUnit, ProcedureKind, RunState, StepKind, VersionState
from khcn.kernel.procedures.models import Case, Procedure, ProcedureVersion, Step, StepRun
from khcn.kernel.procedures.queries import cases_following, definition_of, services_in_force
from khcn.lib.dates import VIETNAM
from khcn.lib.money import format_number
from khcn.lib.roles import Role

WORKED = (StepKind.HUMAN, StepKind.COUNCIL)
OPEN_CASES = (CaseState.RUNNING, CaseState.PAUSED)
COUNTED_KINDS = (ProcedureKind.TTHC, ProcedureKind.SCIENCE)
IN_TIME = "agency.cases_in_time"
"""Key under which rooms whose dossiers have a formula of their own register how they are judged."""


@dataclass(slots=True)
class DossierFacts:
    """What the engine recorded of one agency in a span: counts, and the digest of the dossiers counted.

    cases_due: ended or past due. cases_judged, cases_in_time: by the formula of whoever the dossiers belong to, else
    by the engine's due moment; late: codes that a formula found late.
    """

    cases: int = 0
    electronic: int = 0
    cases_due: int = 0
    cases_judged: int = 0
    cases_in_time: int = 0
    steps: int = 0
    steps_in_time: int = 0
    digest: str = ""
    late: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeated:
    """A step that ran over its due moment several times in a month at one agency."""

    organisation_id: int
    procedure_code: str
    step_key: str
    step_name: str
    times: int
    case_codes: tuple[str, ...]


def dossier_facts(
    *, first: date, last: date, as_of: date, organisation_ids: list[int] | None = None
) -> dict[int, DossierFacts]:
    """Counts per deciding agency over the dossiers of a span, as they stood at the end of `as_of`.

    Those received from `first` to `last`, and those received before that neither ended nor fell due before `first`: so
    a dossier handed in at the end of a span and due in the next is judged once, in the next.
    electronic: ended dossiers of which every worked step names who did it and when. cases_due: ended, or past due.
    Steps count when done or past due; in time when done by the due moment; a step without a norm is in time. Dossiers
    are judged by the formula of the room they belong to where it has registered one (`agency.cases_in_time`), the
    others, when ended or past due, by their due moment. Three queries over the whole province besides those of the
    formulas, and one pass over the codes for the digests.
    """
    start, end, now = _moment(first), _moment(last + timedelta(days=1)), _moment(as_of + timedelta(days=1))
    cases = Case.objects.filter(_of_span(start), received_at__lt=min(end, now), deciding__isnull=False)
    if organisation_ids is not None:
        cases = cases.filter(deciding_id__in=organisation_ids)
    found: dict[int, DossierFacts] = {}
    here = ~Q(subject_type__in=subjects_judged_by(IN_TIME))
    ended = Q(state=CaseState.ENDED, ended_at__lt=now)
    overdue = Q(due_at__lt=now) & (Q(ended_at=None) | Q(ended_at__gt=F("due_at")))
    by_hand = StepRun.objects.filter(
        Q(done_by=None) | Q(done_at=None), case=OuterRef("pk"), kind__in=WORKED, state=RunState.DONE
    )
    rows = (
        cases.order_by()
        .values("deciding_id")
        .annotate(
            cases=Count("pk"),
            cases_due=Count("pk", filter=ended | overdue),
            judged=Count("pk", filter=here & (ended | overdue)),
            in_time=Count("pk", filter=here & ended & (Q(due_at=None) | Q(ended_at__lte=F("due_at")))),
        )
    )
    for row in rows:
        found[row["deciding_id"]] = DossierFacts(
            cases=row["cases"], cases_due=row["cases_due"], cases_judged=row["judged"], cases_in_time=row["in_time"]
        )
    asked = AgencyQuestion(first, last, as_of, None if organisation_ids is None else frozenset(organisation_ids))
    for agency, count in count_agencies(IN_TIME, asked).items():
        own = found.setdefault(agency, DossierFacts())
        own.cases_judged += count.of
        own.cases_in_time += count.counted
        own.late = count.unmet
    whole = cases.filter(ended).exclude(Exists(by_hand)).order_by().values("deciding_id").annotate(n=Count("pk"))
    for entry in whole:
        found[entry["deciding_id"]].electronic = entry["n"]
    runs = StepRun.objects.filter(
        Q(done_at=None) | Q(done_at__gte=start), Q(due_at=None) | Q(due_at__gte=start), kind__in=WORKED, case__in=cases
    ).exclude(state__in=[RunState.SKIPPED, RunState.CANCELLED])
    done = Q(done_at__isnull=False, done_at__lt=now)
    late = Q(due_at__lt=now) & (Q(done_at=None) | Q(done_at__gt=F("due_at")))
    steps = (
        runs.order_by()
        .values("case__deciding_id")
        .annotate(
            steps=Count("pk", filter=done | late),
            in_time=Count("pk", filter=done & (Q(due_at=None) | Q(done_at__lte=F("due_at")))),
        )
    )
    for line in steps:
        facts = found.setdefault(line["case__deciding_id"], DossierFacts())
        facts.steps, facts.steps_in_time = line["steps"], line["in_time"]
    for agency, digest in _digests(cases):
        found[agency].digest = digest
    return found


def population(*, organisation_id: int, procedure_code: str, first: date, last: date) -> dict[str, UUID]:
    """Codes of dossiers of one procedure that the agency decided and worked on in the span, with their uid: those
    received in it, and those received before that had not ended when it began.

    procedure_code: the engine's, or the code under which the agency published it.
    """
    rows = cases_following(procedure_code).filter(
        deciding_id=organisation_id, received_at__lt=_moment(last + timedelta(days=1))
    )
    rows = rows.exclude(ended_at__lt=_moment(first))
    return dict(rows.values_list("code", "uid"))


def engine_codes(organisation_id: int, *, on: date) -> dict[str, str]:
    """The engine's procedure by the code under which the agency has published one that runs on it."""
    return {item.code: item.procedure_code for item in services_in_force(on, [organisation_id]) if item.procedure_code}


def procedures_run_by(
    organisation_ids: Collection[int], *, first: date, last: date, on: date
) -> dict[int, dict[str, tuple[str, date]]]:
    """The engine's procedures that bind each agency on the day by code: title, and the day they first took effect.

    Administrative and science procedures in effect that it owns, and those of others on which it decided dossiers in
    the span: received in it, or received before it and not ended when it began. Three queries.
    """
    effective = Procedure.objects.filter(
        kind__in=COUNTED_KINDS, versions__state=VersionState.EFFECTIVE, versions__effective_from__lte=on
    ).distinct()
    first_day = ProcedureVersion.objects.order_by().values_list("procedure__code").annotate(Min("effective_from"))
    began = dict(first_day.filter(effective_from__isnull=False))
    found: dict[int, dict[str, tuple[str, date]]] = {agency: {} for agency in organisation_ids}
    for agency, code, title in effective.filter(owner__in=organisation_ids).values_list("owner_id", "code", "title"):
        found[agency][code] = title, began[code]
    used = Case.objects.filter(
        Q(received_at__gte=_moment(first)) | Q(ended_at=None) | Q(ended_at__gte=_moment(first)),
        deciding__in=organisation_ids, received_at__lt=_moment(last + timedelta(days=1)),
        version_pinned__procedure__in=effective,
    )  # fmt: skip
    names = ("deciding_id", "version_pinned__procedure__code", "version_pinned__procedure__title")
    for agency, code, title in used.order_by().values_list(*names).distinct():
        found[agency][code] = title, began[code]
    return found


def internal_procedures(system: QualitySystem) -> list[Procedure]:
    """Internal procedures in effect that the agency owns: its services to itself."""
    kinds = [ProcedureKind.INTERNAL, ProcedureKind.QMS]
    rows = Procedure.objects.filter(owner=system.organisation_id, kind__in=kinds)
    return list(rows.filter(versions__state=VersionState.EFFECTIVE).order_by("code").distinct())


def worked_steps(codes: Collection[str]) -> dict[str, list[dict[str, str]]]:
    """Who does what, in what time and with what output in the versions in effect of the engine's procedures, by code,
    in order. One query.
    """
    found: dict[str, list[dict[str, str]]] = {}
    rows = Step.objects.filter(
        version__procedure__code__in=codes, version__state=VersionState.EFFECTIVE, kind__in=WORKED
    ).order_by("version__procedure__code", "place")
    names = ("version__procedure__code", "role", "name", "norm", "norm_unit", "output")
    for code, role, name, norm, unit, output in rows.values_list(*names):
        who = Role(role).label if role in Role.values() else role
        time = f"{format_number(norm)} {NormUnit(unit).label}" if norm is not None else ""
        found.setdefault(code, []).append({"who": who, "what": name, "time": time, "form": "", "output": output})
    return found


def running_cases(procedure_code: str) -> int:
    """How many dossiers of a procedure are still open, whoever decides them."""
    return cases_following(procedure_code).filter(state__in=OPEN_CASES).count()


def cases_on_old_versions(procedure_code: str) -> int:
    """How many open dossiers of a procedure still run on a version other than the one in effect."""
    rows = cases_following(procedure_code).filter(state__in=OPEN_CASES)
    return rows.exclude(version_pinned__state=VersionState.EFFECTIVE).count()


def late_share(*, organisation_id: int, procedure_code: str, first: date, last: date) -> float:
    """Share of late steps of a procedure at the agency in the span, 0 when none ran."""
    cases = cases_following(procedure_code).filter(deciding_id=organisation_id)
    runs = StepRun.objects.filter(
        case__in=cases.order_by().values("pk"), kind__in=WORKED,
        ready_at__gte=_moment(first), ready_at__lt=_moment(last + timedelta(days=1)),
    )  # fmt: skip
    found = runs.aggregate(n=Count("pk"), late=Count("pk", filter=Q(done_at__gt=F("due_at"))))
    return found["late"] / found["n"] if found["n"] else 0.0


def repeated_overdue(
    *, first: date, last: date, at_least: int, now: datetime, procedure_code: str = "", step_key: str = ""
) -> list[Repeated]:
    """Steps whose due moments of the span were missed at least so many times at one agency.

    procedure_code, step_key: look at this step of this procedure only.
    """
    start, end = _moment(first), _moment(last + timedelta(days=1))
    late = StepRun.objects.filter(
        kind__in=WORKED, due_at__gte=start, due_at__lt=min(end, now), case__deciding__isnull=False
    ).filter(Q(done_at=None, state__in=[RunState.READY, RunState.CLAIMED]) | Q(done_at__gt=F("due_at")))
    if procedure_code and step_key:
        late = late.filter(step_key=step_key, case__version_pinned__procedure__code=procedure_code)
    groups = (
        late.order_by()
        .values("case__deciding_id", "case__version_pinned__procedure__code", "step_key")
        .annotate(n=Count("pk"))
        .filter(n__gte=at_least)
    )
    found = []
    for group in groups:
        agency, procedure, key = (
            group["case__deciding_id"], group["case__version_pinned__procedure__code"], group["step_key"],
        )  # fmt: skip
        rows = late.filter(
            case__deciding_id=agency, case__version_pinned__procedure__code=procedure, step_key=key
        ).order_by("id")
        names = list(rows.values_list("name", "case__code")[:20])
        found.append(
            Repeated(agency, procedure, key, names[0][0], group["n"], tuple(dict.fromkeys(code for _, code in names)))
        )
    return found


def step_name(procedure_code: str, key: str) -> str:
    """How people call a step of a procedure in force; the key itself where there is none such."""
    version = ProcedureVersion.objects.filter(
        procedure__code=procedure_code, state=VersionState.EFFECTIVE
    ).first()  # fmt: skip
    steps = definition_of(version).steps if version else ()
    return next((step.name for step in steps if step.key == key and step.name), key)


def _digests(cases: QuerySet[Case]) -> Iterator[tuple[int, str]]:
    """SHA-256 over the codes of each agency's dossiers, in order, one pass."""
    current, running = None, sha256()
    for agency, code in cases.order_by("deciding_id", "code").values_list("deciding_id", "code").iterator(10_000):
        if agency != current:
            if current is not None:
                yield current, running.hexdigest()
            current, running = agency, sha256()
        running.update(code.encode())
        running.update(b"\n")
    if current is not None:
        yield current, running.hexdigest()


def _of_span(start: datetime) -> Q:
    """Dossiers that no span before the one that begins at `start` has judged, once those received after it are cut."""
    carried = (Q(ended_at=None) | Q(ended_at__gte=start)) & (Q(due_at=None) | Q(due_at__gte=start))
    return Q(received_at__gte=start) | carried


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
