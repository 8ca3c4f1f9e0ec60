"""TLS to the broker: messages go to whom our authority vouches for under the name that was called; nowhere else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from khcn.domains.hazards import drivers
from khcn.web.broker import Broker, broker_at, publish
from mosquitto_broker import OWN_ACCOUNT, OWN_PASSWORD, broker, needs_mosquitto

pytestmark = [pytest.mark.django_db, needs_mosquitto()]
HERE = "localhost"


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey, *, is_authority: bool
) -> bytes:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(named(name)).issuer_name(named(issuer)).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )  # fmt: skip
    if not is_authority:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return made.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


class Authority:
    """An authority of one's own: its certificate as a file, and certificates of servers."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name, self._key = folder, name, _key()
        self.path = folder / f"{name}.pem"
        self.path.write_bytes(_certificate(name, self._key, name, self._key, is_authority=True))

    def server(self, name: str) -> Path:
        """Certificate and key of a server of that name, in one file."""
        key = _key()
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self._folder / f"{name}.server.pem"
        path.write_bytes(_certificate(name, key, self._name, self._key, is_authority=False) + private)
        return path


@pytest.fixture
def authority(tmp_path):
    """The agency's own authority, and the accounts of its broker."""
    own = Broker("127.0.0.1", 1, username=OWN_ACCOUNT, password=OWN_PASSWORD)
    drivers.AccountFiles(tmp_path / "accounts", own, heard_by_all="khcn/canh-bao/#").write()
    return Authority(tmp_path, "cap-chung-thu")


def send(port: int, authority: Path) -> None:
    there = broker_at(f"mqtts://{HERE}:{port}", username=OWN_ACCOUNT, password=OWN_PASSWORD, authority=str(authority))
    publish(there, "khcn/canh-bao/thu", b"thu", media_type="text/plain", marks={}, seconds=20)


def test_message_goes_to_a_broker_that_our_authority_vouches_for(authority, tmp_path):
    with broker(tmp_path, certificate=authority.server(HERE)) as running:
        send(running.port, authority.path)


def test_broker_of_another_authority_gets_nothing(authority, tmp_path):
    stranger = Authority(tmp_path, "nguoi-la")

    with (
        broker(tmp_path, certificate=stranger.server(HERE)) as running,
        pytest.raises(OSError, match="certificate verify failed"),
    ):
        send(running.port, authority.path)


def test_broker_of_another_name_gets_nothing(authority, tmp_path):
    with (
        broker(tmp_path, certificate=authority.server("may-khac.invalid")) as running,
        pytest.raises(OSError, match=HERE),
    ):
        send(running.port, authority.path)


def test_broker_that_speaks_without_tls_gets_no_password(authority, tmp_path):
    with broker(tmp_path) as running, pytest.raises(OSError, match=r"SSL|reset|EOF|closed"):
        send(running.port, authority.path)
