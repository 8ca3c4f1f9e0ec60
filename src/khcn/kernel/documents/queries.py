"""Reads documents: those of a record, the bytes of a revision, official papers, and what signatures say."""

import hashlib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate, load_pem_x509_crl
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.errors import FileDamaged
from khcn.kernel.documents.models import AgencyIdentifier, Document, OfficialPaper, Revision, StoredFile
from khcn.kernel.documents.rules import PaperContents, as_document
from khcn.kernel.orgs.models import Organisation
from khcn.standards.nd30.docx_writer import render_docx
from khcn.standards.nd30.lint import Finding, lint_docx
from khcn.standards.nd30.pdf_writer import render_pdf
from khcn.standards.pades import SignatureReport, verify


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


def identifier_of(organisation: Organisation, *, on: date) -> str:
    """The organisation's code on the national axis on a day; empty where it has none."""
    found = AgencyIdentifier.objects.valid_on(on).filter(organisation=organisation).order_by("-valid_from").first()
    return found.code if found else ""


def organisation_behind(code: str, *, on: date) -> Organisation | None:
    """The organisation known under a code on a day."""
    found = AgencyIdentifier.objects.valid_on(on).filter(code=code).select_related("organisation").first()
    return found.organisation if found else None


def contents_of(paper: OfficialPaper) -> PaperContents:
    """What a paper says, as the rules take it."""
    body = paper.organisation
    return PaperContents(
        issuer=body.name, issuer_parent=body.parent.name if body.parent else "", kind=DocumentKind(paper.kind),
        title=paper.title, notation=paper.notation, place=paper.place, addressees=paper.addressees,
        grounds=paper.grounds, body=paper.body, recipients=paper.recipients, archive=paper.archive,
        signer_name=paper.signer.full_name, signer_title=paper.signer_title, signer_authority=paper.signer_authority,
        signer_for=paper.signer_for, is_illustration=paper.is_illustration, number=paper.number,
        issued_on=paper.issued_on,
    )  # fmt: skip


def pdf_of(paper: OfficialPaper) -> bytes:
    """The paper's PDF: the signed file once there is one, else the draft as it would look."""
    if paper.document is not None:
        revision = paper.document.revisions.order_by("-number").select_related("file").first()
        if revision is not None:
            return content_of(revision)
    return render_pdf(as_document(contents_of(paper)))


def layout_findings(paper: OfficialPaper) -> list[Finding]:
    """What the paper's Word file breaks of the decree's layout; number and day, still open, are taken as given."""
    contents = contents_of(paper)
    if contents.number is None:
        contents = replace(contents, number=1, issued_on=timezone.localdate())
    return lint_docx(render_docx(as_document(contents)))


def papers_of(*, subject_type: str, subject_uid: UUID) -> QuerySet[OfficialPaper]:
    """Official papers of one governed record, newest first."""
    return OfficialPaper.objects.filter(subject_type=subject_type, subject_uid=subject_uid).select_related(
        "organisation", "signer"
    )


def trust_roots() -> list[bytes]:
    """Certificates (DER) that signatures are traced to: files of the folder in the settings, and the test authority."""
    roots = [_certificate(path.read_bytes()) for path in _root_files()]
    authority = test_authority_file()
    if settings.TEST_SIGNATURES and authority.is_file():
        roots.append(_certificate(authority.read_bytes()))
    return roots


def test_authority_file() -> Path:
    """Where the certificate of the test authority is kept."""
    return Path(settings.MEDIA_ROOT) / "test-ca" / "authority.pem"


def revocation_lists() -> list[bytes]:
    """Revocation lists (DER) of the authorities, as somebody keeps them fresh: `.crl` files of the folder of roots."""
    return [_revocation_list(path.read_bytes()) for path in _trust_files({".crl"})]


def verify_pdf(content: bytes, *, moment: datetime) -> list[SignatureReport]:
    """A report for each signature in a PDF. Raises PdfRefused."""
    return verify(content, roots=trust_roots(), moment=moment, lists=revocation_lists())


def _root_files() -> list[Path]:
    return _trust_files({".pem", ".crt", ".cer", ".der"})


def _trust_files(endings: set[str]) -> list[Path]:
    folder = settings.TRUST_ROOTS
    return sorted(path for path in Path(folder).iterdir() if path.suffix in endings) if folder else []


def _revocation_list(content: bytes) -> bytes:
    if content.lstrip().startswith(b"-----"):
        return load_pem_x509_crl(content).public_bytes(Encoding.DER)
    return content


def _certificate(content: bytes) -> bytes:
    if content.lstrip().startswith(b"-----"):
        return load_pem_x509_certificate(content).public_bytes(Encoding.DER)
    return content
