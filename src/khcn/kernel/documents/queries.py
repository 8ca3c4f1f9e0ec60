"""Reads documents: those of a record, and the bytes of a revision."""

import hashlib
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from khcn.kernel.documents.errors import FileDamaged
from khcn.kernel.documents.models import Document, Revision, StoredFile


def documents_of(*, subject_type: str, subject_uid: UUID) -> QuerySet[Document]:
    """Documents of one governed record, newest first, with their revisions."""
    return Document.objects.filter(subject_type=subject_type, subject_uid=subject_uid).prefetch_related(
        "revisions__file"
    )


def content_of(revision: Revision) -> bytes:
    """The bytes of a revision. Raises as `bytes_of` does."""
    return bytes_of(revision.file)


def bytes_of(stored: StoredFile) -> bytes:
    """The bytes kept under a digest, checked against it.

    Raises FileNotFoundError when the store has lost them, FileDamaged when they are not what was stored.
    """
    content = (Path(settings.MEDIA_ROOT) / stored.path).read_bytes()
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise FileDamaged
    return content
