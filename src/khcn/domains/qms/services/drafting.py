"""Drafts many documents at once: a procedure for each service that lacks one; and takes one step on many drafts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from khcn.domains.qms.choices import DocumentType, Duty, RevisionState
from khcn.domains.qms.models import ControlledDocument, DocumentRevision, QualitySystem, Unit
from khcn.domains.qms.permissions import require_duty
from khcn.domains.qms.queries.coverage import Needed, coverage_of
from khcn.domains.qms.queries.documents import next_codes
from khcn.domains.qms.queries.dossiers import worked_steps
from khcn.domains.qms.rules.code_scheme import next_code
from khcn.domains.qms.rules.procedure_text import CLAUSES, Published, draft_sections
from khcn.domains.qms.services import documents
from khcn.kernel.audit.services import record
from khcn.kernel.documents.models import LegalInstrument
from khcn.kernel.procedures.queries import service_sheet
from khcn.lib.actor import Actor
from khcn.lib.failure import Failure


@dataclass(frozen=True, slots=True)
class Together:
    """What came of one step on many: those done, and (code, why) of those refused."""

    done: tuple[DocumentRevision, ...]
    refused: tuple[tuple[str, str], ...]


def draft_missing(*, by: Actor, system: QualitySystem) -> list[DocumentRevision]:
    """Draft a procedure for each service and procedure in force that no document of the agency describes yet.

    Sections come from what is published, the step table from the engine, bases in force are tied to the draft. Those
    just published are drafted as well: their time runs. Repeatable: adds only what is missing.
    """
    require_duty(by, system, Duty.SECRETARY)
    needed = coverage_of({system.pk: system}, first=by.on.replace(month=1, day=1), last=by.on)[system.pk]
    described = set(ControlledDocument.objects.filter(system=system).values_list("procedure_code", flat=True))
    lacking = [item for item in needed if not described & ({item.code, item.engine_code} - {""})]
    steps = worked_steps({item.engine_code or item.code for item in lacking})
    unit = Unit.objects.filter(system=system, valid_to=None).order_by("code").first()
    used = list(
        ControlledDocument.objects.filter(system=system, type=DocumentType.PROCEDURE).values_list("code", flat=True)
    )
    drafted = []
    with transaction.atomic():
        code = next_codes(system)[DocumentType.PROCEDURE]
        for item in lacking:
            published, instruments = _published(system, item, by.on)
            draft = documents.start_document(
                by=by, system=system, code=code, type=DocumentType.PROCEDURE, title=item.title[:300], unit=unit,
                clauses=CLAUSES, procedure_code=item.code, reason="Ban hành lần đầu theo thủ tục đã công bố",
                sections=draft_sections(published), table=steps.get(item.engine_code or item.code, []),
            )  # fmt: skip
            draft.legal_bases.set(instruments)
            drafted.append(draft)
            used.append(code)
            code = next_code(DocumentType.PROCEDURE, used)
        record(by=by, verb="qms.draft_missing", subject=system, after={"documents": [row.code for row in drafted]})
    return drafted


def submit_all(*, by: Actor, revisions: Iterable[DocumentRevision]) -> Together:
    """Send drafts to review; what one refuses is told and stops no other."""
    return _each(revisions, RevisionState.DRAFT, lambda row: documents.submit_revision(by=by, revision=row))


def review_all(*, by: Actor, revisions: Iterable[DocumentRevision]) -> Together:
    """Confirm to have looked at drafts under review; what one refuses is told and stops no other."""
    return _each(revisions, RevisionState.IN_REVIEW, lambda row: documents.review_revision(by=by, revision=row))


def approve_all(*, by: Actor, revisions: Iterable[DocumentRevision], effective_from: date) -> Together:
    """Approve drafts under review for one day; those whose day is today come into effect at once."""

    def approve(row: DocumentRevision) -> None:
        documents.approve_revision(by=by, revision=row, effective_from=effective_from)
        if effective_from == by.on:
            documents.bring_into_effect(by=by, revision=row)

    # Forms first: a procedure is approved only when the forms that it uses are in effect.
    rows = sorted(revisions, key=lambda row: (row.document.type != DocumentType.FORM, row.document.code))
    return _each(rows, RevisionState.IN_REVIEW, approve)


def _each(revisions, state, act) -> Together:  # type: ignore[no-untyped-def]
    done, refused = [], []
    for row in revisions:
        if row.state != state:
            refused.append((row.document.code, f"Bản này đang “{RevisionState(row.state).label}”."))
            continue
        try:
            with transaction.atomic():
                act(row)
        except Failure as failure:
            refused.append((row.document.code, failure.message))
        else:
            done.append(row)
    return Together(tuple(done), tuple(refused))


def _published(system: QualitySystem, item: Needed, on: date) -> tuple[Published, list[LegalInstrument]]:
    """What is known of a procedure, and those of its bases that are in force."""
    sheet = service_sheet(on, system.organisation_id, item.code)
    if sheet is None:
        return Published(title=item.title, agency=str(system), code=item.code), []
    bases = [row for row in LegalInstrument.objects.filter(pk__in=sheet.instruments) if row.is_valid_on(on)]
    return (
        Published(
            title=item.title, agency=str(system), code=item.code, field=sheet.field, receiving=sheet.receiving,
            deciding=sheet.deciding, components=sheet.components, time=sheet.time, fee=sheet.fee, result=sheet.result,
            conditions=sheet.conditions, decision=sheet.decision, bases=sheet.bases,
        ),
        bases,
    )  # fmt: skip
