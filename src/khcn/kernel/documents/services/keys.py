"""Test keys and certificates, made at the first use and kept beside the files, readable by this account only."""

import hashlib
import os
from datetime import datetime
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_pem_private_key,
)

from khcn.kernel.documents.queries import test_authority_file
from khcn.standards.pades import Credential, issue_test_certificate, issue_test_clock, make_test_authority


def test_authority(*, at: datetime) -> Credential:
    """The test authority, made at the first use."""
    return _kept(test_authority_file().parent / "authority", partial(make_test_authority, at=at))


def test_clock(*, at: datetime) -> Credential:
    """The key with which the test authority stamps times."""
    authority = test_authority(at=at)
    own = _kept(test_authority_file().parent / "clock", partial(issue_test_clock, authority, at=at))
    return Credential(own.key, (own.chain[0], authority.chain[0]))


def test_credential(holder: str, organisation: str, *, at: datetime) -> Credential:
    """The test key and certificate of a holder."""
    authority = test_authority(at=at)
    name = hashlib.sha256(f"{holder}|{organisation}".encode()).hexdigest()[:32]
    own = _kept(
        test_authority_file().parent / name,
        partial(issue_test_certificate, authority, common_name=holder, organisation=organisation, at=at),
    )
    return Credential(own.key, (own.chain[0], authority.chain[0]))


def _kept(path: Path, make: partial[Credential]) -> Credential:
    key_path, certificate_path = path.with_suffix(".key"), path.with_suffix(".pem")
    if not (key_path.is_file() and certificate_path.is_file()):
        made = make()
        key = load_der_private_key(made.key, password=None)
        path.parent.mkdir(parents=True, exist_ok=True)
        certificate = x509.load_der_x509_certificate(made.chain[0])
        descriptor = os.open(key_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        certificate_path.write_bytes(certificate.public_bytes(Encoding.PEM))
    key = load_pem_private_key(key_path.read_bytes(), password=None)
    certificate = x509.load_pem_x509_certificate(certificate_path.read_bytes())
    return Credential(
        key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), (certificate.public_bytes(Encoding.DER),)
    )
