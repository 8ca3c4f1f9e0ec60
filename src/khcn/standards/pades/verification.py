"""Says of each signature in a PDF: who signed, whether what was signed is intact, whom it trusts, what came after.

Without revocation lists and time stamps: whether a certificate was withdrawn is not known and not claimed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from khcn.standards.pades.certificates import TEST_MARK

_HARMLESS = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)


class PdfRefused(ValueError):
    """The bytes are no PDF that can be read, or one that is encrypted."""


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature.

    intact: the signed bytes are those that were signed. valid: the signature fits them. trusted: the certificate leads
    to one of the roots. covers_file: nothing was added after it. allowed_changes: what was added is only filling of
    fields or further signatures. is_test: made with a test certificate. problem: why nothing could be said.
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

    @property
    def is_good(self) -> bool:
        """True when the signature may be relied on: intact, valid, trusted and nothing forbidden came after."""
        return self.intact and self.valid and self.trusted and self.allowed_changes


def verify(pdf: bytes, *, roots: Sequence[bytes], moment: datetime) -> list[SignatureReport]:
    """A report for each signature, the first signed first; an unsigned file gives none. roots: certificates in DER.

    Raises PdfRefused.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        if reader.encrypted:
            raise PdfRefused("Tệp PDF có mật khẩu nên không kiểm tra được.")
        embedded = list(reader.embedded_signatures)
    except (PdfError, ValueError, KeyError, TypeError, IndexError, OSError, RecursionError) as error:
        raise PdfRefused("Không đọc được tệp PDF này; tệp có thể đã hỏng hoặc bị sửa.") from error
    trusted = [x509.Certificate.load(root) for root in roots]
    return [_report(one, trusted, moment) for one in embedded]


def _report(embedded: EmbeddedPdfSignature, roots: list[x509.Certificate], moment: datetime) -> SignatureReport:
    field = str(embedded.field_name)
    try:
        subject = embedded.signer_cert.subject.native
        issuer = embedded.signer_cert.issuer.native
        context = ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)
        status = validate_pdf_signature(embedded, context)
    except (PdfError, SignatureValidationError, SigningError, ValueError, KeyError, TypeError, IndexError) as error:
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
        trusted=status.trusted,
        covers_file=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        allowed_changes=status.modification_level in _HARMLESS and bool(status.docmdp_ok),
        is_test=TEST_MARK in name or TEST_MARK in issuer_name,
    )
