"""A certificate authority for trying out: every certificate it issues names itself a test and has no legal value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import keys, x509
from cryptography import x509 as building
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TEST_MARK = "THỬ NGHIỆM"
"""Stands in the name of every test certificate and on every stamp made with one."""

_DER, _PKCS8 = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8


@dataclass(frozen=True, slots=True)
class Credential:
    """A private key (PKCS #8) and its certificate with those above it (DER, the signer's first)."""

    key: bytes
    chain: tuple[bytes, ...]

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's own certificate."""
        return x509.Certificate.load(self.chain[0])

    @property
    def private_key(self) -> keys.PrivateKeyInfo:
        """The key as pyHanko takes it."""
        return keys.PrivateKeyInfo.load(self.key)


def make_test_authority(*, at: datetime, years: int = 20) -> Credential:
    """A new root of trust for trying out, valid from a day before `at`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"CA {TEST_MARK} – không có giá trị pháp lý", "KHCN")
    certificate = _certificate(name, name, key, key, at=at, years=years, is_authority=True)
    return Credential(_key_bytes(key), (certificate.public_bytes(_DER),))


def issue_test_certificate(
    authority: Credential, *, common_name: str, organisation: str, at: datetime, years: int = 10
) -> Credential:
    """A signing certificate of the test authority for a person or an organisation."""
    return _issue(authority, ec.generate_private_key(ec.SECP256R1()), common_name, organisation, at, years)


def issue_test_clock(authority: Credential, *, at: datetime, years: int = 10) -> Credential:
    """A certificate of the test authority with which time stamps are made, and nothing else."""
    key = rsa.generate_private_key(65537, 2048)
    return _issue(authority, key, "Dấu thời gian", "KHCN", at, years, (ExtendedKeyUsageOID.TIME_STAMPING,))


def make_revocation_list(
    authority: Credential, *, at: datetime, revoked: Iterable[tuple[bytes, datetime]] = (), days: int = 30
) -> bytes:
    """The authority's list (DER) of withdrawn certificates as it stood at `at`; revoked: certificate, since when."""
    above = building.load_der_x509_certificate(authority.chain[0])
    builder = building.CertificateRevocationListBuilder().issuer_name(above.subject)
    builder = builder.last_update(at).next_update(at + timedelta(days=days))
    for certificate, since in revoked:
        entry = building.RevokedCertificateBuilder().revocation_date(since)
        serial = building.load_der_x509_certificate(certificate).serial_number
        builder = builder.add_revoked_certificate(entry.serial_number(serial).build())
    key = _authority_key(authority)
    identifier = building.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    builder = builder.add_extension(identifier, critical=False)
    builder = builder.add_extension(building.CRLNumber(int(at.timestamp())), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(_DER)


def _issue(
    authority: Credential, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, common_name: str, organisation: str,
    at: datetime, years: int, purposes: tuple[building.ObjectIdentifier, ...] = (),
) -> Credential:  # fmt: skip
    above = building.load_der_x509_certificate(authority.chain[0])
    name = _name(f"{common_name} ({TEST_MARK})", organisation)
    certificate = _certificate(
        name, above.subject, key, _authority_key(authority), at=at, years=years, is_authority=False, purposes=purposes
    )
    return Credential(_key_bytes(key), (certificate.public_bytes(_DER), authority.chain[0]))


def _authority_key(authority: Credential) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_der_private_key(authority.key, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the test authority's key is not the kind that it makes")
    return key


def _name(common_name: str, organisation: str) -> building.Name:
    parts = [building.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if organisation:
        parts.append(building.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]))
    return building.Name([*parts, building.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])


def _certificate(
    subject: building.Name, issuer: building.Name, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    signing_key: ec.EllipticCurvePrivateKey, *, at: datetime, years: int, is_authority: bool,
    purposes: tuple[building.ObjectIdentifier, ...] = (),
) -> building.Certificate:  # fmt: skip
    usage = building.KeyUsage(
        digital_signature=not is_authority, content_commitment=not is_authority, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=is_authority, crl_sign=is_authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        building.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(building.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=365 * years))
        .add_extension(building.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(building.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(building.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
    )
    if purposes:
        builder = builder.add_extension(building.ExtendedKeyUsage(purposes), critical=True)
    return builder.sign(signing_key, hashes.SHA256())


def _key_bytes(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(_DER, _PKCS8, serialization.NoEncryption())
