"""Stores files and documents, and hands out numbers without gaps."""

import hashlib
import os
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from khcn.kernel.audit.services import record
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.models import Document, NumberRegister, Revision, StoredFile
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor


def store_file(*, by: Actor, content: bytes, media_type: str) -> StoredFile:
    """Keep bytes under their SHA-256; the same bytes are kept once.

    Written to a temporary name and renamed, so a crash leaves no half file under a final name.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    stored = StoredFile(sha256=sha256, size=len(content), media_type=media_type)
    target = Path(settings.MEDIA_ROOT) / stored.path
    if not target.is_file() or target.stat().st_size != len(content):
        _write_whole(target, content)
    found, _ = StoredFile.objects.get_or_create(
        sha256=sha256, defaults={"size": len(content), "media_type": media_type}
    )
    return found


def register_document(
    *,
    by: Actor,
    kind: DocumentKind,
    title: str,
    content: bytes,
    filename: str,
    media_type: str,
    owner: Organisation | None = None,
    number: str = "",
    issued_on: date | None = None,
    subject_type: str = "",
    subject_uid: UUID | None = None,
    role: str = "",
    reason: str = "",
) -> Document:
    """Register a document with its first revision; returns it."""
    with transaction.atomic():
        document = Document.objects.create(
            kind=kind, title=title[:500], owner=owner, number=number, issued_on=issued_on,
            subject_type=subject_type, subject_uid=subject_uid, role=role,
        )  # fmt: skip
        add_revision(by=by, document=document, content=content, filename=filename, media_type=media_type, reason=reason)
    return document


def add_revision(
    *, by: Actor, document: Document, content: bytes, filename: str, media_type: str, reason: str = ""
) -> Revision:
    """Add the next revision of a document; earlier ones stay readable."""
    with transaction.atomic():
        Document.objects.select_for_update().get(pk=document.pk)
        last = document.revisions.order_by("-number").values_list("number", flat=True).first() or 0
        stored = store_file(by=by, content=content, media_type=media_type)
        revision = Revision.objects.create(
            document=document,
            number=last + 1,
            file=stored,
            filename=filename[-255:],
            reason=reason,
            created_by_id=by.user_id,
        )
        record(by=by, verb="document.revise", subject=document, after={"revision": last + 1, "sha256": stored.sha256})
    return revision


def next_number(*, series: str, year: int, organisation: Organisation | None = None) -> int:
    """Take the next number of a register, under a row lock, inside the caller's transaction: no gap, no repeat.

    A transaction that fails gives its number back; two that run at once wait for each other.
    Raises TransactionManagementError outside a transaction.
    """
    key: dict[str, Any] = {"organisation": organisation, "series": series, "year": year}
    NumberRegister.objects.get_or_create(**key)
    register = NumberRegister.objects.select_for_update().get(**key)
    register.last_number += 1
    register.save(update_fields=["last_number"])
    return register.last_number


def _write_whole(target: Path, content: bytes) -> None:
    """Write under a name of its own, force it to the disk, then rename: a reader sees all of it or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{target.name}.{uuid4().hex}.part")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
