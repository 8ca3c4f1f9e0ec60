"""What domains register with the engine in their wiring: system steps and the records that cases serve.

The kernel calls what is registered and never imports a domain.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from khcn.kernel.procedures.models import Case, StepRun
from khcn.lib.actor import Actor


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
    """A kind of record that cases serve: its title for people, and where a record's page is."""

    label: str
    title: str
    address: Callable[[UUID], str]


_steps: dict[str, RegisteredStep] = {}
_subjects: dict[str, CaseSubject] = {}


def register_system_step(key: str, title: str, run: SystemStep) -> None:
    """Make a function available to procedures as the system step `key` ("onestop.issue_code").

    It runs inside the transaction of the act that reached it; a Failure it raises refuses that act. Registering the
    same key twice replaces it.
    """
    _steps[key] = RegisteredStep(key, title, run)


def register_case_subject(label: str, title: str, address: Callable[[UUID], str]) -> None:
    """Say where the page of a record is that cases serve. label: `label_lower` of its model."""
    _subjects[label] = CaseSubject(label, title, address)


def system_steps() -> dict[str, RegisteredStep]:
    """Every registered system step by key."""
    return dict(sorted(_steps.items()))


def subject_address(case: Case) -> str:
    """The page of the record that the case serves: its own address, else its registered subject's, else empty."""
    if case.url:
        return case.url
    subject = _subjects.get(case.subject_type)
    return subject.address(case.subject_uid) if subject and case.subject_uid else ""


def system_actor() -> Actor:
    """The system itself, as the log names it."""
    return Actor(uid=UUID(int=0), name="Hệ thống", on=timezone.localdate(), is_system=True)
