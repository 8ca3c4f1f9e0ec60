"""The key with which warnings are signed: the agency's own by the settings, else one of the test authority."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from django.conf import settings

from khcn.kernel.documents.services.keys import test_credential
from khcn.standards.cap.signatures import sign_alert


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Key and certificate in PEM, and the subject of the certificate."""

    key_pem: bytes
    certificate_pem: bytes
    subject: str


def signing_key(*, holder: str, at: datetime) -> SigningKey:
    """The key of the settings (KHCN_WARNING_KEY, KHCN_WARNING_CERTIFICATE: files in PEM), else one for tests."""
    key_file = getattr(settings, "WARNING_KEY", "")
    if key_file:
        certificate = Path(settings.WARNING_CERTIFICATE).read_bytes()
        return SigningKey(Path(key_file).read_bytes(), certificate, _subject(certificate))
    made = test_credential("Cảnh báo", holder, at=at)
    key = load_der_private_key(made.key, password=None)
    certificate = x509.load_der_x509_certificate(made.chain[0]).public_bytes(Encoding.PEM)
    return SigningKey(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), certificate, _subject(certificate)
    )


def sign(content: bytes, key: SigningKey) -> bytes:
    """The message with its signature; verified before it is returned. Raises SignatureWrong."""
    return sign_alert(content, key_pem=key.key_pem, certificate_pem=key.certificate_pem)


def _subject(certificate_pem: bytes) -> str:
    return x509.load_pem_x509_certificate(certificate_pem).subject.rfc4514_string()
