"""Signatures in PDF files by the PAdES profile: gaps filled after signing, signing here or elsewhere, verification.

Built on pyHanko. It keeps no keys; the certificates it can make are for trying out and say so in their names. Time
stamps and revocation lists go into the file when they are handed in; it fetches none itself.
"""

from khcn.standards.pades.certificates import (
    TEST_MARK,
    Credential,
    issue_test_certificate,
    issue_test_clock,
    make_revocation_list,
    make_test_authority,
)
from khcn.standards.pades.gaps import Gap, add_gaps, fill_gaps
from khcn.standards.pades.longterm import CertificateWithdrawn, LongTerm, StampExchange, trial_stamps
from khcn.standards.pades.signing import Appearance, PreparedSignature, begin_signing, finish_signing, sign
from khcn.standards.pades.verification import PdfRefused, Revocation, SignatureReport, verify

__all__ = [
    "TEST_MARK",
    "Appearance",
    "CertificateWithdrawn",
    "Credential",
    "Gap",
    "LongTerm",
    "PdfRefused",
    "PreparedSignature",
    "Revocation",
    "SignatureReport",
    "StampExchange",
    "add_gaps",
    "begin_signing",
    "fill_gaps",
    "finish_signing",
    "issue_test_certificate",
    "issue_test_clock",
    "make_revocation_list",
    "make_test_authority",
    "sign",
    "trial_stamps",
    "verify",
]
