"""Reads controlled documents: the sheet that is printed, the copy that is served, where they are used, who has read."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from khcn.domains.qms.choices import DocumentType, RevisionState
from khcn.domains.qms.models import ControlledDocument, DocumentRevision, QualitySystem, ReadAck
from khcn.domains.qms.queries.dossiers import engine_codes, worked_steps
from khcn.domains.qms.rules.code_scheme import next_code
from khcn.domains.qms.rules.controlled_copy import (
    CONTROLLED,
    OBSOLETE,
    UNCONTROLLED,
    Amendment,
    Sheet,
    render_sheet,
    stamp,
)
from khcn.kernel.documents.queries import content_of
from khcn.lib.actor import Actor
from khcn.lib.text import slug

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy to serve: bytes, media type, filename, and whether it carries the mark."""

    content: bytes
    media_type: str
    filename: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a document is used: what kind of place, its text and its address name with the uid."""

    kind: str
    text: str
    url_name: str
    uid: str


@dataclass(frozen=True, slots=True)
class Responsibility:
    """A line of the RACI table: who, in which document and step, in what standing (R, A, C, I)."""

    who: str
    document: ControlledDocument
    step: str
    letter: str


def sheet_of(revision: DocumentRevision) -> Sheet:
    """What the revision prints: its own facts, and the log of amendments up to it."""
    document = revision.document
    log = [
        row
        for row in document.revisions.order_by("issue_no", "revision_no")
        if (row.issue_no, row.revision_no) <= (revision.issue_no, revision.revision_no)
        and (row.effective_from is not None or row.pk == revision.pk)
    ]
    return Sheet(
        agency=str(document.system.organisation),
        code=document.code,
        title=document.title,
        type=DocumentType(document.type).label,
        issue_no=revision.issue_no,
        revision_no=revision.revision_no,
        effective_from=_printed(revision.effective_from),
        author=str(revision.author or ""),
        reviewer=str(revision.reviewer or ""),
        approver=str(revision.approver or ""),
        sections=[(item["title"], item["body"]) for item in revision.sections],
        steps=[
            tuple(str(item.get(name, "")) for name in ("who", "what", "time", "form", "output"))  # type: ignore[misc]
            for item in revision.steps
        ],
        amendments=[
            Amendment(_printed(row.effective_from), row.amended_part, row.reason, f"{row.issue_no}.{row.revision_no}")
            for row in log
        ],
    )


def copy_for(revision: DocumentRevision, *, actor: Actor, now: datetime) -> Copy:
    """The copy that the actor gets: PDF with the controlled mark, or the obsolete or draft mark across each page.

    Files that are not PDF (Word, Excel forms) are served as stored. Raises as `content_of` does.
    """
    name = slug(f"{revision.document.code}-{revision.issue_no}-{revision.revision_no}")
    if revision.contents is not None and revision.contents.file.media_type != PDF:
        stored = revision.contents
        return Copy(content_of(stored), stored.file.media_type, stored.filename, False)
    content = content_of(revision.contents) if revision.contents is not None else render_sheet(sheet_of(revision))
    if revision.state == RevisionState.EFFECTIVE:
        mark = CONTROLLED
    elif revision.state in (RevisionState.SUPERSEDED, RevisionState.WITHDRAWN):
        mark = OBSOLETE
    else:
        mark = UNCONTROLLED
    line = f"{revision.code} · {actor.name} · {now:%H:%M %d/%m/%Y}"
    return Copy(stamp(content, mark=mark, line=line), PDF, f"{name}.pdf", True)


def where_used(document: ControlledDocument) -> list[Use]:
    """Revisions not ended that use it as a form, processes, risks, records and change requests that name it."""
    alive = [RevisionState.DRAFT, RevisionState.IN_REVIEW, RevisionState.APPROVED, RevisionState.EFFECTIVE]
    found = [
        Use(
            "Tài liệu", f"{row.document} ({row.issue_no}.{row.revision_no})", "qms_document_page", str(row.document.uid)
        )
        for row in document.used_by.filter(state__in=alive).select_related("document")
    ]
    found += [Use("Quá trình", str(row), "", str(row.uid)) for row in document.processes.all()]
    found += [Use("Rủi ro", str(row), "", str(row.uid)) for row in document.risks.all()]
    found += [Use("Loại hồ sơ", str(row), "", str(row.uid)) for row in document.records.all()]
    found += [Use("Yêu cầu thay đổi", str(row), "qms_change_page", str(row.uid)) for row in document.changes.all()]
    return found


def reads_owed_by(actor: Actor) -> QuerySet[ReadAck]:
    """What the actor has still to read and acknowledge, soonest first."""
    rows = ReadAck.objects.filter(
        reader_id=actor.user_id or 0, acknowledged_on=None, revision__state=RevisionState.EFFECTIVE
    )
    return rows.select_related("revision__document", "revision__system__organisation").order_by("due_on")


def responsibilities(system: QualitySystem) -> list[Responsibility]:
    """Who does what, read from the step tables of the procedures in effect.

    R: who is named for the step; A: who is named for the last step that signs or approves, else the last one's; I: who
    takes over from the step. A document without a table takes the steps of the engine's procedure that it names, or on
    which the published procedure that it names runs.
    """
    rows = DocumentRevision.objects.filter(
        system=system, state=RevisionState.EFFECTIVE, document__type=DocumentType.PROCEDURE
    ).select_related("document")
    found = []
    revisions = list(rows.order_by("document__code"))
    bare = {row.document.procedure_code for row in revisions if not row.steps} - {""}
    drawn = worked_steps(bare) if bare else {}
    if published := bare - set(drawn):
        engine = engine_codes(system.organisation_id, on=timezone.localdate())
        named = {code: engine[code] for code in published if code in engine}
        found_steps = worked_steps(set(named.values())) if named else {}
        drawn |= {code: found_steps.get(name, []) for code, name in named.items()}
    for revision in revisions:
        steps = revision.steps or drawn.get(revision.document.procedure_code, [])
        table = [item for item in steps if item.get("who")]
        deciding = [item for item in table if any(word in item["what"].lower() for word in ("duyệt", "ký"))] or table
        for item, after in zip(table, [*table[1:], None], strict=True):
            found.append(Responsibility(item["who"], revision.document, item["what"], "R"))
            found.append(Responsibility(deciding[-1]["who"], revision.document, item["what"], "A"))
            if after is not None and after["who"] not in (item["who"], deciding[-1]["who"]):
                found.append(Responsibility(after["who"], revision.document, item["what"], "I"))
    return found


def next_codes(system: QualitySystem) -> dict[DocumentType, str]:
    """The next free code of each type, by the agency's own scheme. One query."""
    used: dict[str, list[str]] = {}
    for kind, code in ControlledDocument.objects.filter(system=system).values_list("type", "code"):
        used.setdefault(kind, []).append(code)
    return {kind: next_code(kind, used.get(kind, [])) for kind in DocumentType}


def _printed(on: date | None) -> str:
    return f"{on:%d/%m/%Y}" if on else ""
