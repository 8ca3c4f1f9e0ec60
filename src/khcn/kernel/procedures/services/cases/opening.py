"""Opens cases on procedures in force, and cancels them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from khcn.kernel.documents.services import next_number
from khcn.kernel.orgs.models import Organisation, Person
from khcn.kernel.procedures.choices import CaseState, NormUnit, RunState, VersionState
from khcn.kernel.procedures.engine.values import pack
from khcn.kernel.procedures.errors import NotRunnable
from khcn.kernel.procedures.models import Case, Procedure, ProcedureVersion
from khcn.kernel.procedures.models.cases import OPEN_RUNS
from khcn.kernel.procedures.permissions import may_lead_case, require_case_opener
from khcn.kernel.procedures.queries import effective_version
from khcn.kernel.procedures.services.cases import timing
from khcn.kernel.procedures.services.cases.locking import locked
from khcn.kernel.procedures.services.cases.log import append
from khcn.kernel.procedures.services.cases.walking import Walk, open_walk
from khcn.lib.actor import Actor
from khcn.lib.dates import in_vietnam
from khcn.lib.failure import Forbidden, Refused

_RUNNABLE = (VersionState.EFFECTIVE, VersionState.SUPERSEDED, VersionState.WITHDRAWN)


def start_case(
    *,
    by: Actor,
    procedure: Procedure | str,
    title: str,
    code: str = "",
    version: ProcedureVersion | None = None,
    subject: models.Model | None = None,
    subject_type: str = "",
    subject_uid: UUID | None = None,
    url: str = "",
    facts: Mapping[str, Any] | None = None,
    applicant_name: str = "",
    applicant: Person | None = None,
    applicant_organisation: Organisation | None = None,
    deciding: Organisation | None = None,
    receiving: Organisation | None = None,
    support: Organisation | None = None,
    limit_amount: Decimal | None = None,
    limit_unit: NormUnit | None = None,
    due_at: datetime | None = None,
    now: datetime | None = None,
    is_illustration: bool = False,
) -> Case:
    """Open a case and take it to where it first waits for somebody; it keeps the version in force on its day.

    procedure: the row or its code. code: a number of its own is taken when empty (`HS-2026-000001`). subject: the
    domain's record it serves, or its type and uid. facts: what conditions see, typed values by name. The limit is the
    version's unless given; due_at fixes the due moment (an appointment), which then only pauses move.
    Whoever calls this decides who may open cases; the domain's own service checks that. Raises NotRunnable when no
    version is in force, and whatever system steps refuse.
    """
    now = now or timezone.now()
    with transaction.atomic():
        if isinstance(procedure, str):
            found = Procedure.objects.filter(code=procedure).first()
            if found is None:
                raise NotRunnable(f"Chưa có quy trình mã “{procedure}”.")
            procedure = found
        version = version or effective_version(procedure, on=in_vietnam(now).date())
        if version is None or version.state not in _RUNNABLE:
            raise NotRunnable(f"Quy trình “{procedure.title}” chưa có bản nào có hiệu lực.")
        if subject is not None:
            subject_type, subject_uid = subject._meta.label_lower, getattr(subject, "uid", None)
        year = in_vietnam(now).year
        case = Case(
            code=code or f"HS-{year}-{next_number(series='case', year=year):06d}", title=title.strip()[:500],
            version_pinned=version, subject_type=subject_type, subject_uid=subject_uid, url=url,
            facts=pack(facts or {}), applicant_name=applicant_name[:300], applicant=applicant,
            applicant_organisation=applicant_organisation, deciding=deciding, receiving=receiving, support=support,
            limit_amount=limit_amount, limit_unit=limit_unit or version.limit_unit, due_at=due_at,
            due_fixed=due_at is not None, started_by_id=by.user_id, is_illustration=is_illustration,
        )  # fmt: skip
        return open_walk(by=by, case=case, now=now).case


def open_case(
    *,
    by: Actor,
    procedure: Procedure,
    title: str,
    applicant_name: str = "",
    applicant: Person | None = None,
    applicant_organisation: Organisation | None = None,
    now: datetime | None = None,
) -> Case:
    """Open a case of internal work by hand, done by the owning organisation; by the opener's own where all share it.

    Raises Forbidden, Refused without a title, NotRunnable.
    """
    require_case_opener(by, procedure)
    if not title.strip():
        raise Refused("Ghi trích yếu công việc.", field="title")
    own = procedure.owner or Organisation.objects.filter(pk=by.organisation_id or 0).first()
    name = applicant_name or str(applicant or applicant_organisation or "")
    return start_case(
        by=by, procedure=procedure, title=title, applicant_name=name, applicant=applicant,
        applicant_organisation=applicant_organisation, deciding=own, receiving=own, now=now,
    )  # fmt: skip


def cancel_case(*, by: Actor, case: Case, reason: str, outcome: str = "", now: datetime | None = None) -> Case:
    """Stop a case for good: withdrawn, refused, opened by mistake. Cases it called are stopped with it.

    Raises Refused without a reason, CaseClosed, Forbidden unless `by` leads one of its organisations or is the system.
    """
    if not may_lead_case(by, case):
        raise Forbidden("Chỉ lãnh đạo nơi tiếp nhận hoặc cơ quan giải quyết được dừng hồ sơ.")
    if not reason.strip():
        raise Refused("Ghi lý do dừng hồ sơ.", field="reason")
    now = now or timezone.now()
    with transaction.atomic():
        return _cancel(by, locked(case.pk), reason.strip(), outcome, now)


def _cancel(by: Actor, case: Case, reason: str, outcome: str, now: datetime) -> Case:
    walk = Walk(by=by, case=case, now=now)
    walk.require_open()
    for child in Case.objects.filter(
        parent_run__case=case, parent_run__state__in=OPEN_RUNS, state__in=[CaseState.RUNNING, CaseState.PAUSED]
    ):
        _cancel(by, locked(child.pk), reason, outcome, now)
    case.runs.filter(state__in=OPEN_RUNS).update(state=RunState.CANCELLED, done_at=now)
    case.state, case.ended_at, case.outcome = CaseState.CANCELLED, now, outcome[:120]
    timing.close_clock(case, now)
    append(by=by, case=case, verb="cancelled", at=now, reason=reason, outcome=outcome)
    walk.announce_end(cancelled=True)
    case.version += 1
    case.save()
    return case
