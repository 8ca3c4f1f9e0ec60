"""The enveloped XML signature of an alert (CAP 1.2 section 3.3.4, W3C XML Signature), made and verified by signxml.

Fails before anything half-signed leaves: the bytes returned are verified first. Trust in a certificate is the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.algorithms import SignatureMethod
from signxml.exceptions import InvalidInput, SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from khcn.standards.cap import vocabulary as words
from khcn.standards.cap.safe_xml import parse


class SignatureWrong(ValueError):
    """The signature does not hold for these bytes and certificates; the message says why."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed: the certificate in DER and its subject as RFC 4514 writes it."""

    certificate: bytes
    subject: str


def sign_alert(content: bytes, *, key_pem: bytes, certificate_pem: bytes) -> bytes:
    """Return the message with a signature as its last element (RSA or ECDSA by the key, SHA-256).

    Raises SignatureWrong where the key does not belong to the certificate.
    """
    certificate = x509.load_pem_x509_certificate(certificate_pem)
    family = "RSA" if "rsa" in type(certificate.public_key()).__name__.lower() else "ECDSA"
    signer = XMLSigner(signature_algorithm=SignatureMethod[f"{family}_SHA256"])
    signed = signer.sign(parse(content), key=key_pem, cert=certificate_pem.decode("ascii"))
    finished: bytes = etree.tostring(signed, xml_declaration=True, encoding="UTF-8") + b"\n"
    verify_alert(finished, certificate_pem=certificate_pem)
    return finished


def is_signed(content: bytes) -> bool:
    """Whether the message carries a signature, whatever it is worth."""
    return parse(content).find("{" + words.SIGNATURE_NAMESPACE + "}Signature") is not None


def verify_alert(content: bytes, *, certificate_pem: bytes) -> Signed:
    """Return who signed, where the whole message is as it was signed with this certificate.

    Raises SignatureWrong for a changed message, a signature of another key or one that covers only a part.
    """
    certificate = x509.load_pem_x509_certificate(certificate_pem)
    wanted = SignatureConfiguration(require_x509=True, expect_references=1)
    try:
        result = XMLVerifier().verify(parse(content), x509_cert=certificate, expect_config=wanted)
    except (SignXMLException, InvalidInput) as fault:
        raise SignatureWrong(f"Chữ ký không khớp nội dung hoặc chứng thư: {fault}") from fault
    verified = result[0] if isinstance(result, list) else result
    if verified.signed_xml is None or verified.signed_xml.tag != "{" + words.NAMESPACE + "}alert":
        raise SignatureWrong("Chữ ký không bao trùm toàn bộ bản tin.")
    return Signed(certificate.public_bytes(Encoding.DER), certificate.subject.rfc4514_string())
