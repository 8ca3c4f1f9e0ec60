"""Takes a dossier one step along the state table: lock, condition, status record, message to the portal, audit."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from khcn.domains.onestop.choices import MessageState, NationalStatus, PaperKind, SyncState
from khcn.domains.onestop.errors import DossierStepRefused
from khcn.domains.onestop.models import Dossier, IssuedPaper, PortalMessage, StatusRecord
from khcn.domains.onestop.queries.papers import paper_document
from khcn.domains.onestop.rules.statuses import STEPS, Facts, refusal
from khcn.kernel.audit.services import record
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.services import add_revision, register_document
from khcn.lib.actor import Actor
from khcn.standards.nd30.docx_writer import render_docx
from khcn.standards.nd30.pdf_writer import render_pdf

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def take(
    *, by: Actor, dossier: Dossier, event: str, facts: Facts, expected_version: int | None = None, note: str = "",
    changes: dict[str, Any] | None = None,
) -> Dossier:  # fmt: skip
    """Move the dossier inside the caller's transaction. Raises DossierStepRefused with the condition that fails, Stale.

    A step that changes the status, or ends the dossier, is queued for the portal in the same transaction.
    """
    dossier.claim(expected_version)
    dossier.refresh_from_db(fields=["status"])
    before = NationalStatus(dossier.status)
    if why := refusal(before, event, facts):
        raise DossierStepRefused(why)
    dossier.status = STEPS[event].target or before
    for name, value in (changes or {}).items():
        setattr(dossier, name, value)
    StatusRecord.objects.create(
        dossier=dossier, event=event, status=dossier.status, at=facts.now, by_id=by.user_id, by_name=by.name, note=note
    )
    if dossier.code and (dossier.status != before or event == "accept"):
        queue_message(dossier=dossier, now=facts.now)
    dossier.save()
    record(
        by=by, verb=f"dossier.{event}", subject=dossier, before={"status": before},
        after={"status": dossier.status, "note": note},
    )  # fmt: skip
    return dossier


def queue_message(*, dossier: Dossier, now: datetime) -> PortalMessage:
    """Queue the dossier's present status for the national portal; the caller saves the dossier."""
    last = dossier.messages.order_by("-place").values_list("place", flat=True).first() or 0
    due = dossier.case.due_at if dossier.case else None
    message = PortalMessage(
        dossier=dossier, place=last + 1, status=dossier.status, state=MessageState.WAITING, created_at=now,
        next_try_at=now,
        payload={
            "MaHoSo": dossier.code, "MaTTHC": dossier.procedure.code,
            "TrangThai": NationalStatus(dossier.status).number,
            "KenhTiepNhan": int(dossier.channel), "ThuTu": last + 1, "ThoiGian": now.isoformat(),
            "NgayTiepNhan": dossier.received_at.isoformat() if dossier.received_at else "",
            "NgayHenTra": (dossier.appointment_at or due or now).isoformat(),
            "DonViXuLy": dossier.deciding.name,
        },
    )  # fmt: skip
    message.save()
    dossier.sync = SyncState.WAITING
    return message


def issue_paper(
    *, by: Actor, dossier: Dossier, kind: PaperKind, now: datetime, reason: str = "", until: datetime | None = None
) -> IssuedPaper:
    """Make a paper of the dossier under the form of the day, as PDF with the Word file behind it, and keep it."""
    on = timezone.localdate(now)
    form, document = paper_document(dossier, kind, on=on, signer=by.name, reason=reason, until=until)
    name = f"{kind.value}-{dossier.code or dossier.tracking}"
    kept = register_document(
        by=by, kind=DocumentKind.FORM, title=f"{form.title} {dossier}", content=render_docx(document),
        filename=f"{name}.docx", media_type=WORD, owner=dossier.receiving, issued_on=on,
        subject_type=Dossier._meta.label_lower, subject_uid=dossier.uid, role=f"paper.{kind.value}",
    )  # fmt: skip
    add_revision(
        by=by, document=kept, content=render_pdf(document), filename=f"{name}.pdf", media_type="application/pdf"
    )
    return IssuedPaper.objects.create(
        dossier=dossier, kind=kind, form_basis=form.basis, form_number=form.number, title=form.title, document=kept,
        issued_at=now,
    )  # fmt: skip
