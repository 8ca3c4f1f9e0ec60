"""Keeps the documents of a right: decisions, regulations, certificates, pictures."""

from datetime import date

from django.db import transaction

from khcn.domains.marks.models import Right
from khcn.domains.marks.permissions import require_keeper
from khcn.kernel.audit.services import record
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.models import Document
from khcn.kernel.documents.services import register_document
from khcn.lib.actor import Actor
from khcn.web.uploads import ATTACHMENT_KINDS, check_upload

MAX_BYTES = 20 * 1024 * 1024


def attach_document(
    *, by: Actor, right: Right, kind: DocumentKind, title: str, content: bytes, filename: str, number: str = "",
    issued_on: date | None = None, is_public: bool = False,
) -> Document:  # fmt: skip
    """Keep a file with a right, open to everybody or to its office. Raises Forbidden, UploadRefused."""
    require_keeper(by, right)
    checked = check_upload(content, filename, allowed=ATTACHMENT_KINDS, max_bytes=MAX_BYTES)
    with transaction.atomic():
        document = register_document(
            by=by, kind=kind, title=title, content=content, filename=checked.display_name, number=number,
            media_type=checked.kind.media_type, issued_on=issued_on, subject_type=Right._meta.label_lower,
            subject_uid=right.uid, role="right",
        )  # fmt: skip
        if is_public:
            document.is_public = True
            document.save(update_fields=["is_public"])
        record(by=by, verb="mark.document", subject=right, after={"title": title, "number": number})
    return document
