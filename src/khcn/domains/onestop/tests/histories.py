"""Dossiers as the one-stop room leaves them, written straight into the tables: many at once, with any history."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import count

from khcn.domains.onestop.choices import Channel, NationalStatus
from khcn.domains.onestop.models import AdministrativeProcedure, Dossier, StatusRecord
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import CaseState, ProcedureKind, VersionState
from khcn.kernel.procedures.models import Case, Procedure, ProcedureVersion

S = NationalStatus
ENDED = {S.DECIDED, S.RETURNED, S.STOPPED}
_numbers = count(1)


def publish(agency: Organisation, code: str = "1.010708", *, since: date = date(2020, 1, 1)) -> AdministrativeProcedure:
    """A procedure of the catalogue on a workflow of the engine whose code is the agency's and its own."""
    workflow = Procedure.objects.create(code=f"QT-{agency.code}-{code}", title=code, kind=ProcedureKind.TTHC)
    ProcedureVersion.objects.create(procedure=workflow, state=VersionState.EFFECTIVE, effective_from=since)
    return AdministrativeProcedure.objects.create(
        code=code, title=f"Thủ tục {code}", field="Thử", deciding=agency, workflow=workflow, limit_amount=5,
        result_title="Kết quả", valid_from=since,
    )  # fmt: skip


def make_dossiers(
    procedure: AdministrativeProcedure, histories: Iterable[Sequence[tuple[S, datetime]]], *, days: int = 7,
    due_after: timedelta | None = None,
) -> list[Dossier]:  # fmt: skip
    """One dossier per history; the first entry is its acceptance, the appointment comes so many days after it.

    due_after: where the engine's due moment stands after the appointment, as after a clock that began anew.
    """
    version = procedure.workflow.versions.get()
    found = []
    for history in histories:
        number, received_at = next(_numbers), history[0][1]
        moments = dict(reversed(history))
        ended_at = moments.get(S.RETURNED) or moments.get(S.STOPPED)
        over = moments.get(S.DECIDED) or ended_at
        appointment = received_at + timedelta(days=days)
        case = Case.objects.create(
            code=f"H10.16-230515-{number:04d}", title="Hồ sơ", version_pinned=version, deciding=procedure.deciding,
            state=CaseState.ENDED if over else CaseState.RUNNING, received_at=received_at, ended_at=over,
            due_at=appointment + (due_after or timedelta()), subject_type=Dossier._meta.label_lower,
        )  # fmt: skip
        dossier = Dossier.objects.create(
            tracking=f"T{number:09d}", code=case.code, case=case, procedure=procedure, channel=Channel.ONLINE,
            status=history[-1][0], applicant_name="Người nộp", receiving=procedure.deciding,
            deciding=procedure.deciding, submitted_at=received_at, received_at=received_at,
            appointment_at=appointment, decided_at=moments.get(S.DECIDED), ended_at=ended_at,
        )  # fmt: skip
        StatusRecord.objects.bulk_create(
            StatusRecord(dossier=dossier, event="thu", status=status, at=at, by_name="Thử") for status, at in history
        )
        found.append(dossier)
    return found
