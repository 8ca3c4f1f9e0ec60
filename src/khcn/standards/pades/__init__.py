"""Signatures in PDF files by the PAdES profile: gaps filled after signing, signing here or elsewhere, verification.

Built on pyHanko. It keeps no keys; the certificates it can make are for trying out and say so in their names. No time
stamp authority and no revocation lists are asked: long-term validation (LTV) is not done.
"""

from khcn.standards.pades.certificates import TEST_MARK, Credential, issue_test_certificate, make_test_authority
from khcn.standards.pades.gaps import Gap, add_gaps, fill_gaps
from khcn.standards.pades.signing import Appearance, PreparedSignature, begin_signing, finish_signing, sign
from khcn.standards.pades.verification import PdfRefused, SignatureReport, verify

__all__ = [
    "TEST_MARK",
    "Appearance",
    "Credential",
    "Gap",
    "PdfRefused",
    "PreparedSignature",
    "SignatureReport",
    "add_gaps",
    "begin_signing",
    "fill_gaps",
    "finish_signing",
    "issue_test_certificate",
    "make_test_authority",
    "sign",
    "verify",
]
