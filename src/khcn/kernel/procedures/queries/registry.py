"""What domains register with the engine in their wiring: system steps, the records that cases serve, catalogues.

The kernel calls what is registered and never imports a domain.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from khcn.kernel.procedures.choices import NormUnit
from khcn.kernel.procedures.models import Case, Procedure, StepRun
from khcn.lib.actor import Actor
from khcn.lib.failure import Failure, Refused


@dataclass(frozen=True, slots=True)
class StepContext:
    """What a system step is told: the case, its run, the case's facts, the moment, and whose act led here."""

    case: Case
    run: StepRun
    facts: Mapping[str, Any]
    now: datetime
    by: Actor


SystemStep = Callable[[StepContext], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RegisteredStep:
    """A system step: its title for people, and the function that returns facts to add to the case."""

    key: str
    title: str
    run: SystemStep


@dataclass(frozen=True, slots=True)
class CaseSubject:
    """A kind of record that cases serve: its title for people, and where a record's page is.

    waits: why work on a record's case cannot go on from the case's own pages, empty when it can; None when the domain
    never says so. People then work on the record's page.
    """

    label: str
    title: str
    address: Callable[[UUID], str]
    waits: Callable[[UUID], str] | None = None


@dataclass(frozen=True, slots=True)
class PublishedService:
    """A procedure that an agency has published: its code and title, since when, the code of the engine's procedure on
    which it runs (empty: none), those of its legal bases that are no longer in force, its time (0: none) and fee.
    """

    organisation_id: int
    code: str
    title: str
    since: date
    procedure_code: str = ""
    lapsed_bases: tuple[str, ...] = ()
    limit_amount: int = 0
    limit_unit: NormUnit = NormUnit.WORKING_DAY
    fee_vnd: int = 0


@dataclass(frozen=True, slots=True)
class ServiceSheet:
    """What an agency has published of one procedure, in words: everything that a written procedure repeats.

    components, time, fee and the rest as people read them; instruments: keys of the legal instruments it rests on.
    """

    field: str
    receiving: str
    deciding: str
    components: tuple[str, ...]
    time: str
    fee: str
    result: str
    conditions: str
    decision: str
    bases: tuple[str, ...]
    instruments: tuple[int, ...]


Catalogue = Callable[[date, Collection[int]], list[PublishedService]]
SheetOf = Callable[[date, int, str], ServiceSheet | None]
CasesOf = Callable[[str], QuerySet]
"""By the code of a published procedure: the keys of the cases that it led to, as a subquery."""

_steps: dict[str, RegisteredStep] = {}
_catalogues: dict[str, Catalogue] = {}
_sheets: dict[str, SheetOf] = {}
_cases: dict[str, CasesOf] = {}
_subjects: dict[str, CaseSubject] = {}


def register_system_step(key: str, title: str, run: SystemStep) -> None:
    """Make a function available to procedures as the system step `key` ("onestop.issue_code").

    It runs inside the transaction of the act that reached it; a Failure it raises refuses that act. Registering the
    same key twice replaces it.
    """
    _steps[key] = RegisteredStep(key, title, run)


def register_case_subject(
    label: str, title: str, address: Callable[[UUID], str], *, waits: Callable[[UUID], str] | None = None
) -> None:
    """Say where the page of a record is that cases serve. label: `label_lower` of its model. waits: see CaseSubject."""
    _subjects[label] = CaseSubject(label, title, address, waits)


def register_catalogue(
    name: str, catalogue: Catalogue, *, sheet: SheetOf | None = None, cases: CasesOf | None = None
) -> None:
    """Say where procedures that agencies publish are listed: a function of a day and the agencies asked about.

    sheet: what one of them says, by the day, the agency and the code; None for one that the catalogue does not know.
    cases: the cases that one of them led to.
    """
    _catalogues[name] = catalogue
    if sheet is not None:
        _sheets[name] = sheet
    if cases is not None:
        _cases[name] = cases


def services_in_force(on: date, organisation_ids: Collection[int]) -> list[PublishedService]:
    """What the agencies have published and is in force on the day, of every registered catalogue."""
    return [item for catalogue in _catalogues.values() for item in catalogue(on, organisation_ids)]


def service_sheet(on: date, organisation_id: int, code: str) -> ServiceSheet | None:
    """What the agency has published of the procedure on the day; None where no catalogue knows it."""
    found = (sheet(on, organisation_id, code) for sheet in _sheets.values())
    return next((item for item in found if item is not None), None)


def cases_following(code: str) -> QuerySet[Case]:
    """Cases of a procedure by its code: the engine's of that code if there is one, else the one published so."""
    if not code:
        return Case.objects.none()
    if Procedure.objects.filter(code=code).exists():
        return Case.objects.filter(version_pinned__procedure__code=code)
    found = Q(pk__in=())
    for cases in _cases.values():
        found |= Q(pk__in=cases(code))
    return Case.objects.filter(found)


def system_steps() -> dict[str, RegisteredStep]:
    """Every registered system step by key."""
    return dict(sorted(_steps.items()))


def subject_address(case: Case) -> str:
    """The page of the record that the case serves: its own address, else its registered subject's, else empty."""
    if case.url:
        return case.url
    subject = _subjects.get(case.subject_type)
    return subject.address(case.subject_uid) if subject and case.subject_uid else ""


def is_led_elsewhere(case: Case) -> bool:
    """Whether people work on the case from its record's page rather than from the step's."""
    subject = _subjects.get(case.subject_type)
    return subject is not None and subject.waits is not None


def why_case_waits(case: Case) -> str:
    """What the case's domain says of why its steps cannot be completed here now; empty when they can."""
    subject = _subjects.get(case.subject_type)
    return subject.waits(case.subject_uid) if subject and subject.waits and case.subject_uid else ""


def cases_that_wait(cases: Iterable[Case]) -> dict[int, Failure]:
    """Refusals for those of the cases whose domain says that they wait, by their key."""
    found = ((case.pk, why_case_waits(case)) for case in cases)
    return {key: Refused(sentence) for key, sentence in found if sentence}


def system_actor() -> Actor:
    """The system itself, as the log names it."""
    return Actor(uid=UUID(int=0), name="Hệ thống", on=timezone.localdate(), is_system=True)
