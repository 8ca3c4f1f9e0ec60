"""Says of each signature in a PDF: who signed, whether what was signed is intact, whom it trusts, what came after.

Offline: time stamps, and revocation lists in the file or handed in, are judged; where there are none, whether a
certificate was withdrawn is not known and not claimed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel

from khcn.standards.pades.certificates import TEST_MARK
from khcn.standards.pades.longterm import context_of, store_inside

_NO_CONTENTS = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
_HARMLESS = (*_NO_CONTENTS, ModificationLevel.FORM_FILLING)


class PdfRefused(ValueError):
    """The bytes are no PDF that can be read, or one that is encrypted."""


class Revocation(Enum):
    """What revocation lists say of the certificate at the moment that counts."""

    UNKNOWN = "unknown"
    GOOD = "good"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature.

    intact: the signed bytes are those that were signed. valid: the signature fits them. trusted: the certificate leads
    to one of the roots. covers_file: nothing was added after it but what makes it last. allowed_changes: what was
    added is only filling of fields or further signatures. is_test: made with a test certificate. problem: why nothing
    could be said. signed_at is what the signer says; stamped_at what a trusted time stamp proves, and then the moment
    that counts. keeps_lists: the file itself holds the revocation lists by which the certificate was judged.
    """

    field: str
    signer: str
    organisation: str
    issuer: str
    signed_at: datetime | None
    intact: bool
    valid: bool
    trusted: bool
    covers_file: bool
    allowed_changes: bool
    is_test: bool
    problem: str = ""
    stamped_at: datetime | None = None
    revocation: Revocation = Revocation.UNKNOWN
    keeps_lists: bool = False

    @property
    def is_good(self) -> bool:
        """True when it may be relied on: intact, valid, trusted, not withdrawn, nothing forbidden came after."""
        whole = self.intact and self.valid and self.trusted and self.allowed_changes
        return whole and self.revocation is not Revocation.REVOKED

    @property
    def is_long_term(self) -> bool:
        """True when it can be judged after its certificate has ended: stamped, and with its revocation lists."""
        return self.stamped_at is not None and self.keeps_lists and self.revocation is Revocation.GOOD

    @property
    def is_revoked(self) -> bool:
        """True when the certificate was withdrawn before the moment that counts."""
        return self.revocation is Revocation.REVOKED


def verify(
    pdf: bytes, *, roots: Sequence[bytes], moment: datetime, lists: Sequence[bytes] = ()
) -> list[SignatureReport]:
    """A report for each signature, the first signed first; an unsigned file gives none.

    roots: certificates in DER; lists: revocation lists in DER, besides those in the file. Raises PdfRefused.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        if reader.encrypted:
            raise PdfRefused("Tệp PDF có mật khẩu nên không kiểm tra được.")
        embedded = list(reader.embedded_regular_signatures)
    except (PdfError, ValueError, KeyError, TypeError, IndexError, OSError, RecursionError) as error:
        raise PdfRefused("Không đọc được tệp PDF này; tệp có thể đã hỏng hoặc bị sửa.") from error
    return [_report(one, roots, moment, lists) for one in embedded]


def _report(
    embedded: EmbeddedPdfSignature, roots: Sequence[bytes], moment: datetime, lists: Sequence[bytes]
) -> SignatureReport:
    field = str(embedded.field_name)
    try:
        subject = embedded.signer_cert.subject.native
        issuer = embedded.signer_cert.issuer.native
        status = validate_pdf_signature(embedded, context_of(roots, moment=moment))
        stamped_at = _stamped_at(status)
        at = stamped_at or moment
        trusted = status.trusted if at == moment else _judged(embedded, roots, at).trusted
        revocation, inside = _revocation(embedded, roots, at, lists)
    except (
        PdfError, SignatureValidationError, SigningError, ValueError, KeyError, TypeError, IndexError
    ) as error:  # fmt: skip
        return SignatureReport(
            field, "", "", "", None, False, False, False, False, False, False,
            problem=f"Chữ ký bị hỏng hoặc bị sửa ({type(error).__name__}).",
        )  # fmt: skip
    name, issuer_name = str(subject.get("common_name", "")), str(issuer.get("common_name", ""))
    return SignatureReport(
        field=field,
        signer=name,
        organisation=str(subject.get("organization_name", "")),
        issuer=issuer_name,
        signed_at=status.signer_reported_dt,
        intact=status.intact,
        valid=status.valid,
        trusted=trusted,
        covers_file=status.coverage is SignatureCoverageLevel.ENTIRE_FILE or status.modification_level in _NO_CONTENTS,
        allowed_changes=status.modification_level in _HARMLESS and bool(status.docmdp_ok),
        is_test=TEST_MARK in name or TEST_MARK in issuer_name,
        stamped_at=stamped_at,
        revocation=revocation,
        keeps_lists=inside,
    )


def _stamped_at(status: PdfSignatureStatus) -> datetime | None:
    """When a trusted authority saw the signature."""
    stamp = status.timestamp_validity
    return stamp.timestamp if stamp is not None and stamp.intact and stamp.valid and stamp.trusted else None


def _revocation(
    embedded: EmbeddedPdfSignature, roots: Sequence[bytes], at: datetime, lists: Sequence[bytes]
) -> tuple[Revocation, bool]:
    """What the lists say as of the moment, and whether those in the file alone say that all is well."""
    inside = store_inside(embedded.reader)
    if inside is None and not lists:
        return Revocation.UNKNOWN, False
    strict = {"mode": "require", "inside": inside}
    status = _judged(embedded, roots, at, lists=lists, **strict)
    alone = status if not lists else _judged(embedded, roots, at, **strict)
    if status.revoked or alone.revoked:
        return Revocation.REVOKED, False
    kept = inside is not None and alone.trusted
    return (Revocation.GOOD if status.trusted or kept else Revocation.UNKNOWN), kept


def _judged(embedded: EmbeddedPdfSignature, roots: Sequence[bytes], at: datetime, **options: Any) -> PdfSignatureStatus:
    """The certificate judged as of a moment; what came after the signature is not looked at again."""
    context = context_of(roots, moment=at, **options)
    return validate_pdf_signature(embedded, context, skip_diff=True)
