"""Work on the steps of dossiers through the engine: complete, return, assign, many at once, absences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from khcn.domains.onestop.choices import NationalStatus
from khcn.domains.onestop.errors import DossierStepRefused
from khcn.domains.onestop.models import Absence, Dossier
from khcn.domains.onestop.permissions import LEADERS
from khcn.domains.onestop.queries.dossiers import why_status_waits
from khcn.domains.onestop.services.handling import start
from khcn.domains.onestop.services.intake import accept
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import User
from khcn.kernel.procedures.choices import RunState
from khcn.kernel.procedures.models import Case, StepRun
from khcn.kernel.procedures.queries.cases import form_of
from khcn.kernel.procedures.services import Work, assign_step, complete_step, complete_steps, return_step
from khcn.lib.actor import Actor
from khcn.lib.failure import Failure, Forbidden, Refused
from khcn.lib.labelled import gettext_noop as _

HAS_FORM = _("Bước này có biểu mẫu phải nhập; hãy mở hồ sơ để hoàn thành.")


def complete_work(
    *, by: Actor, dossier: Dossier, run: StepRun, note: str = "", outcome: str = "", now: datetime | None = None
) -> StepRun:
    """Finish a step of a dossier in progress and hand it on. Raises DossierStepRefused while it waits for somebody."""
    if run.case_id != dossier.case_id:
        raise Refused("Bước này không thuộc hồ sơ.")
    return complete_step(by=by, run=run, note=note, outcome=outcome, check=not_in_progress, now=now)


def not_in_progress(cases: Sequence[Case]) -> dict[int, Failure]:
    """Refusals for those cases, under their locks, whose dossiers wait for somebody or have ended. One query."""
    rows = Dossier.objects.filter(case__in=cases).exclude(status=NationalStatus.IN_PROGRESS).only("case_id", "status")
    return {
        row.case_id: DossierStepRefused(sentence)
        for row in rows
        if row.case_id is not None and (sentence := why_status_waits(NationalStatus(row.status)))
    }


def return_work(
    *, by: Actor, dossier: Dossier, run: StepRun, to: str, reason: str, now: datetime | None = None
) -> StepRun:
    """Send a step of a dossier back to an earlier one that the procedure allows."""
    if run.case_id != dossier.case_id:
        raise Refused("Bước này không thuộc hồ sơ.")
    return return_step(by=by, run=run, to=to, reason=reason, now=now)


def assign_work(*, by: Actor, run: StepRun, to: User, today: date | None = None) -> tuple[StepRun, User]:
    """Hand a step to a colleague, or to whoever stands in for them today; returns the run and who got it."""
    actual = stand_in(to, on=today or timezone.localdate())
    return assign_step(by=by, run=run, to=actual), actual


def stand_in(person: User, *, on: date) -> User:
    """Who does the person's work on the day: themselves, or the substitute of their absence (one step, no chains)."""
    absence = Absence.objects.filter(person=person, date_from__lte=on, date_to__gte=on).order_by("-id").first()
    return absence.substitute if absence else person


def declare_absence(
    *, by: Actor, person: User, substitute: User, date_from: date, date_to: date, reason: str = ""
) -> tuple[Absence, int]:
    """Say that a person is away; what they hold goes to the substitute at once. Returns the absence and how many steps.

    For oneself, or for one's people as a head. Raises Refused for days out of order or a substitute who is away too.
    """
    if by.user_id != person.pk and not by.holds(*LEADERS):
        raise Forbidden("Chỉ bản thân hoặc lãnh đạo đơn vị khai báo vắng mặt.")
    if date_to < date_from:
        raise Refused("Ngày kết thúc không thể trước ngày bắt đầu.", field="date_to")
    if substitute.pk == person.pk:
        raise Refused("Chọn người khác làm thay.", field="substitute")
    if Absence.objects.filter(person=substitute, date_from__lte=date_to, date_to__gte=date_from).exists():
        raise Refused(f"{substitute} cũng vắng mặt trong thời gian này.", field="substitute")
    with transaction.atomic():
        absence = Absence.objects.create(
            person=person, substitute=substitute, date_from=date_from, date_to=date_to, reason=reason[:300]
        )
        moved = 0
        if date_from <= timezone.localdate() <= date_to:
            held = StepRun.objects.filter(assignee=person, state=RunState.CLAIMED, case__subject_type="onestop.dossier")
            for run in held:
                assign_step(by=by, run=run, to=substitute)
                moved += 1
        record(by=by, verb="absence.declare", subject=absence, after={"substitute": str(substitute), "moved": moved})
    return absence, moved


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What became of many dossiers: how many were done, and (dossier, sentence) for those refused."""

    done: int
    refused: tuple[tuple[str, str], ...]


def do_for_all(*, by: Actor, dossiers: Iterable[Dossier], event: str, now: datetime | None = None) -> BatchOutcome:
    """Accept or forward many dossiers, each for itself: what one refuses does not stop the others.

    Raises Refused for an event that cannot be done for many.
    """
    acts = {"accept": accept, "start": start}
    if event not in acts:
        raise Refused("Việc này không làm cho nhiều hồ sơ cùng lúc được.")
    done, refused = 0, []
    for dossier in dossiers:
        try:
            acts[event](by=by, dossier=dossier, now=now)
        except Failure as failure:
            refused.append((str(dossier), failure.message))
        else:
            done += 1
    return BatchOutcome(done, tuple(refused))


def complete_all(*, by: Actor, runs: Sequence[StepRun], note: str = "", now: datetime | None = None) -> BatchOutcome:
    """Finish many steps of dossiers with one commit, each for itself: what one refuses does not stop the others.

    Steps with a form are refused, since somebody must fill it in.
    """
    works = [Work(run, note=note) for run in runs if form_of(run) is None]
    told = complete_steps(by=by, works=works, check=not_in_progress, now=now)
    refused = [(run.case.code, HAS_FORM) for run in runs if form_of(run) is not None]
    refused += [
        (work.run.case.code, one.message)
        for work, one in zip(works, told, strict=True)
        if isinstance(one, Failure)
    ]  # fmt: skip
    return BatchOutcome(len(runs) - len(refused), tuple(refused))
