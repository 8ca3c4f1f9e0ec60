"""Files by content, revisions without gaps, and what a crash leaves behind."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.errors import FileDamaged
from khcn.kernel.documents.models import Revision, StoredFile
from khcn.kernel.documents.queries import content_of, documents_of
from khcn.kernel.documents.services import add_revision, register_document, store_file

pytestmark = [pytest.mark.django_db, pytest.mark.database]
KIND = next(iter(DocumentKind))


def files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_same_bytes_are_kept_once_whoever_brings_them(cast):
    first = store_file(by=cast.actor(), content=b"noi dung", media_type="text/plain")
    second = store_file(by=cast.actor(), content=b"noi dung", media_type="application/octet-stream")

    assert first.pk == second.pk
    assert len(files()) == 1
    assert files()[0].name == first.sha256


def test_crash_while_writing_leaves_no_half_file_and_no_row(cast, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("hết đĩa")))

    with pytest.raises(OSError, match="hết đĩa"):
        store_file(by=cast.actor(), content=b"noi dung", media_type="text/plain")

    assert files() == []
    assert not StoredFile.objects.exists()


def test_crash_before_the_final_name_leaves_no_file_under_it(cast, monkeypatch):
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("mất điện")))

    with pytest.raises(OSError, match="mất điện"):
        store_file(by=cast.actor(), content=b"noi dung", media_type="text/plain")

    assert files() == []


def test_half_file_of_another_program_is_replaced(cast):
    stored = store_file(by=cast.actor(), content=b"noi dung", media_type="text/plain")
    files()[0].write_bytes(b"noi")

    store_file(by=cast.actor(), content=b"noi dung", media_type="text/plain")

    assert files()[0].read_bytes() == b"noi dung"
    assert stored.size == 8


def test_revisions_count_from_one_and_old_ones_stay_readable(cast):
    actor = cast.actor()
    document = register_document(
        by=actor, kind=KIND, title="Thuyết minh", content=b"lan 1", filename="a.txt", media_type="text/plain"
    )
    add_revision(by=actor, document=document, content=b"lan 2", filename="b.txt", media_type="text/plain", reason="Sửa")

    revisions = list(document.revisions.order_by("number"))

    assert [revision.number for revision in revisions] == [1, 2]
    assert [content_of(revision) for revision in revisions] == [b"lan 1", b"lan 2"]
    assert AuditEntry.objects.filter(verb="document.revise", subject_uid=document.uid).count() == 2


def test_damaged_file_is_refused_not_served(cast):
    document = register_document(
        by=cast.actor(), kind=KIND, title="Văn bản", content=b"dung", filename="a.txt", media_type="text/plain"
    )
    files()[0].write_bytes(b"sai!")

    with pytest.raises(FileDamaged):
        content_of(document.revisions.get())


def test_lost_file_is_told(cast):
    document = register_document(
        by=cast.actor(), kind=KIND, title="Văn bản", content=b"dung", filename="a.txt", media_type="text/plain"
    )
    files()[0].unlink()

    with pytest.raises(FileNotFoundError):
        content_of(document.revisions.get())


def test_revision_number_twice_is_refused_by_the_database(cast):
    document = register_document(
        by=cast.actor(), kind=KIND, title="Văn bản", content=b"dung", filename="a.txt", media_type="text/plain"
    )
    revision = document.revisions.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(document=document, number=1, file=revision.file, filename="x")


def test_documents_of_a_record_are_found_by_its_uid(cast):
    record, other = cast.organisation(), cast.organisation()
    for subject, title in ((record, "Của hồ sơ"), (other, "Của hồ sơ khác")):
        register_document(
            by=cast.actor(), kind=KIND, title=title, content=title.encode(), filename="a.txt", media_type="text/plain",
            subject_type="orgs.organisation", subject_uid=subject.uid,
        )  # fmt: skip

    found = documents_of(subject_type="orgs.organisation", subject_uid=record.uid)

    assert [document.title for document in found] == ["Của hồ sơ"]
