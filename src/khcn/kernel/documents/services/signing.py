"""Signs papers: the person first, after the number the organisation; with test keys here, or with a key held elsewhere.

Test keys are made on demand, kept beside the files, marked as test in every certificate and stamp, and refused where
the settings switch them off. Real keys never come here: a token or a remote service signs the prepared digest.
"""

import base64
import hashlib
from datetime import datetime, timedelta

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from khcn.kernel.documents.choices import DocumentKind, PaperState, SignatureKind
from khcn.kernel.documents.errors import SignatureRefused
from khcn.kernel.documents.models import OfficialPaper, PaperSignature, SigningSession
from khcn.kernel.documents.permissions import require
from khcn.kernel.documents.queries import bytes_of, contents_of, pdf_of, verify_pdf
from khcn.kernel.documents.rules import as_document, one_way_only, step_refusal
from khcn.kernel.documents.services.files import add_revision, register_document, store_file
from khcn.kernel.documents.services.keys import test_credential
from khcn.kernel.documents.services.lasting import lasting_real, lasting_test
from khcn.kernel.documents.services.papers import file_name
from khcn.kernel.documents.services.steps import step_paper
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.text import fold
from khcn.standards.nd30 import layout
from khcn.standards.nd30.document import OfficialDocument
from khcn.standards.nd30.pdf_writer import Place, places, render_pdf
from khcn.standards.pades import (
    TEST_MARK,
    Appearance,
    CertificateWithdrawn,
    Gap,
    PdfRefused,
    PreparedSignature,
    add_gaps,
    begin_signing,
    finish_signing,
    sign,
)

SESSION_MINUTES = 15
_POINTS_PER_MM = 72 / 25.4
_EVENTS = {SignatureKind.PERSON: "sign", SignatureKind.ORGANISATION: "seal"}
_DATE_PARTS = (("day", 20), ("month", 20), ("year", 28))


def sign_paper(*, by: Actor, paper: OfficialPaper, expected_version: int | None = None) -> OfficialPaper:
    """Put the person's signature with their test key. Raises SignatureRefused where test keys are switched off."""
    return _sign_here(by, paper, SignatureKind.PERSON, expected_version)


def seal_paper(*, by: Actor, paper: OfficialPaper, expected_version: int | None = None) -> OfficialPaper:
    """Put the organisation's signature with its test key; only after the number. Raises as `sign_paper`."""
    return _sign_here(by, paper, SignatureKind.ORGANISATION, expected_version)


def sign_document(*, document: OfficialDocument, holder: str, organisation: str, now: datetime) -> bytes:
    """A document outside the life of official papers as a PDF that its holder has signed with their test key.

    Raises SignatureRefused where test keys are switched off.
    """
    _require_test_keys()
    credential = test_credential(holder, organisation, at=now)
    place = next(one for one in places(document) if one.name == "signature")
    appearance = _look(place, SignatureKind.PERSON, f"{holder} ({TEST_MARK})", now)
    return sign(
        render_pdf(document), credential, field=SignatureKind.PERSON.value, appearance=appearance,
        long_term=lasting_test(at=now), moment=now,
    )  # fmt: skip


def begin_remote_signature(
    *, by: Actor, paper: OfficialPaper, kind: SignatureKind, chain: list[bytes], now: datetime | None = None
) -> SigningSession:
    """Prepare the signature for whoever holds the key. chain: certificates in DER, the signer's first.

    Raises SignatureRefused for a certificate that is unreadable, out of date, or another's.
    """
    now = now or timezone.now()
    _may_sign(by, paper, kind)
    holder = _checked_certificate(chain, paper, kind, now)
    with transaction.atomic():
        if by.user_id is None:
            raise Forbidden("Phiên ký phải có người ký.")
        base = _to_sign(paper, kind)
        appearance = _appearance(paper, kind, holder, now)
        prepared = begin_signing(base, tuple(chain), field=kind.value, appearance=appearance, location=paper.place)
        stored = store_file(by=by, content=prepared.pdf, media_type="application/pdf")
        return SigningSession.objects.create(
            paper=paper, paper_version=paper.version, kind=kind, begun_by_id=by.user_id, begun_at=now, prepared=stored,
            chain=[base64.b64encode(one).decode() for one in chain], attributes=prepared.attributes,
            document_digest=prepared.document_digest, start=prepared.start, end=prepared.end,
        )  # fmt: skip


def finish_remote_signature(
    *, by: Actor, session: SigningSession, signature: bytes, now: datetime | None = None
) -> OfficialPaper:
    """Put the signature that came back into the file, check that it fits, and move the paper on; once, in time."""
    now = now or timezone.now()
    kind = SignatureKind(session.kind)
    _may_sign(by, session.paper, kind)
    with transaction.atomic():
        locked = (
            SigningSession.objects.select_for_update(of=("self",))
            .select_related("paper", "prepared")
            .get(pk=session.pk)
        )
        if locked.begun_by_id != by.user_id:
            raise Forbidden("Phiên ký này do người khác mở.")
        if locked.used_at is not None or now - locked.begun_at > timedelta(minutes=SESSION_MINUTES):
            raise SignatureRefused("Phiên ký đã dùng hoặc đã hết giờ. Bắt đầu ký lại.")
        chain = tuple(base64.b64decode(one) for one in locked.chain)
        prepared = PreparedSignature(
            bytes_of(locked.prepared), bytes(locked.attributes), bytes(locked.document_digest), locked.start, locked.end
        )
        try:
            signed = finish_signing(prepared, chain, signature, field=kind.value, long_term=lasting_real(), moment=now)
            report = verify_pdf(signed, moment=now)[-1]
        except CertificateWithdrawn as error:
            raise SignatureRefused("Chứng thư số đã bị thu hồi. Ký bằng chứng thư khác.") from error
        except (PdfRefused, ValueError) as error:
            raise SignatureRefused("Chữ ký gửi về không đọc được. Bắt đầu ký lại.") from error
        except OSError as error:
            raise SignatureRefused("Dịch vụ cấp dấu thời gian không trả lời. Ký lại sau ít phút.") from error
        if not (report.intact and report.valid):
            raise SignatureRefused("Chữ ký gửi về không khớp với văn bản. Bắt đầu ký lại.")
        locked.used_at = now
        locked.save(update_fields=["used_at"])
        return _keep(by, locked.paper, kind, signed, report.signer, chain[0], now, locked.paper_version)


def _sign_here(by: Actor, paper: OfficialPaper, kind: SignatureKind, expected_version: int | None) -> OfficialPaper:
    _may_sign(by, paper, kind)
    _require_test_keys()
    now = timezone.now()
    holder = paper.signer.full_name if kind is SignatureKind.PERSON else paper.organisation.name
    credential = test_credential(holder, paper.organisation.name, at=now)
    with transaction.atomic():
        base = _to_sign(paper, kind)
        appearance = _appearance(paper, kind, f"{holder} ({TEST_MARK})", now)
        signed = sign(
            base, credential, field=kind.value, appearance=appearance, location=paper.place,
            long_term=lasting_test(at=now), moment=now,
        )  # fmt: skip
        return _keep(by, paper, kind, signed, holder, credential.chain[0], now, expected_version)


def _require_test_keys() -> None:
    if not settings.TEST_SIGNATURES:
        raise SignatureRefused("Hệ thống không dùng chứng thư thử nghiệm. Ký bằng USB token hoặc ký số từ xa.")


def _may_sign(by: Actor, paper: OfficialPaper, kind: SignatureKind) -> None:
    event = _EVENTS[kind]
    require(by, event, paper.organisation_id)
    if why := step_refusal(PaperState(paper.state), event):
        raise SignatureRefused(why)
    if kind is SignatureKind.PERSON:
        if not by.is_system and by.person_id != paper.signer_id:
            raise Forbidden(f"Văn bản này do {paper.signer.full_name} ký.")
        if not one_way_only([paper.initialled_by_id], by.user_id):
            raise Forbidden("Người đã ký nháy không ký chính văn bản đó.")


def _to_sign(paper: OfficialPaper, kind: SignatureKind) -> bytes:
    """The bytes on which the signature goes: the drawn paper with its gaps, or what the person signed."""
    if kind is SignatureKind.ORGANISATION:
        return pdf_of(paper)
    document = as_document(contents_of(paper))
    return add_gaps(render_pdf(document), _gaps(places(document)))


def _gaps(found: list[Place]) -> list[Gap]:
    height = layout.PAGE_HEIGHT_MM * _POINTS_PER_MM
    gaps, dates = [], iter(_DATE_PARTS)
    for place in found:
        if place.name == "signature":
            continue
        name, width = ("number", 20) if place.name == "number" else next(dates)
        left, bottom = round(place.x_pt) + 1, round(height - place.y_pt) - 4
        gaps.append(Gap(name, place.page, (left, bottom, left + width, bottom + 16), italic=name != "number"))
    return gaps


def _appearance(paper: OfficialPaper, kind: SignatureKind, holder: str, now: datetime) -> Appearance:
    place = next(one for one in places(as_document(contents_of(paper))) if one.name == "signature")
    return _look(place, kind, holder, now)


def _look(place: Place, kind: SignatureKind, holder: str, now: datetime) -> Appearance:
    """Where and how a signature shows: the person's above the name, the organisation's over its left third."""
    height = layout.PAGE_HEIGHT_MM * _POINTS_PER_MM
    left, bottom = round(place.x_pt), round(height - place.y_pt) + 2
    moment = f"{timezone.localtime(now):%d-%m-%Y %H:%M:%S %z}"
    if kind is SignatureKind.PERSON:
        return Appearance(
            place.page, (left + 78, bottom, left + 210, bottom + 46), (f"Ký bởi: {holder}", moment), "#1d4ed8"
        )
    lines = (f"Cơ quan: {holder}", moment)
    return Appearance(place.page, (left - 26, bottom, left + 76, bottom + 46), lines, "#b00020", 6.5)


def _keep(
    by: Actor, paper: OfficialPaper, kind: SignatureKind, signed: bytes, holder: str, certificate: bytes, now: datetime,
    expected_version: int | None,
) -> OfficialPaper:  # fmt: skip
    step_paper(by=by, paper=paper, event=_EVENTS[kind], expected_version=expected_version)
    name = file_name(paper)
    if paper.document is None:
        paper.document = register_document(
            by=by, kind=DocumentKind(paper.kind), title=paper.title, content=signed, filename=name,
            media_type="application/pdf", owner=paper.organisation, subject_type=paper.subject_type,
            subject_uid=paper.subject_uid, role="official_paper", reason="Ký số cá nhân",
        )  # fmt: skip
        paper.save(update_fields=["document"])
    else:
        add_revision(
            by=by, document=paper.document, content=signed, filename=name, media_type="application/pdf",
            reason="Ký số cơ quan",
        )  # fmt: skip
    PaperSignature.objects.create(
        paper=paper, kind=kind, signer_name=holder.replace(f" ({TEST_MARK})", ""), signed_at=now,
        certificate_sha256=hashlib.sha256(certificate).hexdigest(), signed_by_id=by.user_id,
        is_test=TEST_MARK in x509.load_der_x509_certificate(certificate).subject.rfc4514_string(),
    )  # fmt: skip
    return paper


def _checked_certificate(chain: list[bytes], paper: OfficialPaper, kind: SignatureKind, now: datetime) -> str:
    """The holder's name on a certificate that fits the signature. Raises SignatureRefused."""
    try:
        certificate = x509.load_der_x509_certificate(chain[0])
        names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        holder = str(names[0].value)
    except (ValueError, IndexError) as error:
        raise SignatureRefused("Chứng thư số không đọc được. Chọn lại chứng thư.") from error
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise SignatureRefused("Chứng thư số đã hết hạn hoặc chưa có hiệu lực.")
    if TEST_MARK in holder and not settings.TEST_SIGNATURES:
        raise SignatureRefused("Hệ thống không nhận chứng thư thử nghiệm.")
    expected = paper.signer.full_name if kind is SignatureKind.PERSON else paper.organisation.name
    if fold(expected) not in fold(holder):
        raise SignatureRefused(f"Chứng thư số mang tên “{holder}”, không phải “{expected}”.")
    return holder
