"""Messages survive reading and writing; signatures hold for whole messages only; hostile files are refused in words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from khcn.standards.cap.checking import check_alert
from khcn.standards.cap.dates import is_schema_time, read_time, write_time
from khcn.standards.cap.findings import UnreadableCap
from khcn.standards.cap.places import read_list, write_list
from khcn.standards.cap.reading import read_alert
from khcn.standards.cap.signatures import SignatureWrong, is_signed, sign_alert, verify_alert
from khcn.standards.cap.tests.examples import example
from khcn.standards.cap.writing import write_alert


def test_example_survives_writing_and_reading():
    alert = example()

    content = write_alert(alert)

    assert read_alert(content) == alert
    assert write_alert(read_alert(content)) == content


def test_outside_messages_survive_reading_and_writing(samples):
    read = {name: read_alert(content) for name, content in samples.items() if check_alert(content).is_valid}

    for alert in read.values():
        assert read_alert(write_alert(alert)) == alert
    assert len(read) >= 7
    assert "thunderstorm.cap" in read


@given(st.datetimes(), st.integers(-840, 840))
def test_times_survive_writing_and_reading(moment, minutes):
    aware = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))

    assert is_schema_time(write_time(aware))
    assert read_time(write_time(aware)) == aware


@given(
    st.lists(st.text(st.characters(exclude_characters='"', exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1))
)
def test_lists_survive_writing_and_reading(members):
    kept = tuple(member for member in members if member.strip() == member)

    assert read_list(write_list(kept)) == kept


HOSTILE = {
    "empty": b"",
    "blank": b" \n ",
    "no xml": "Bản tin".encode(),
    "cut": write_alert(example())[:900],
    "laughs": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
    "file": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert xmlns="x">&x;</alert>',
    "doctype": b'<!DOCTYPE alert SYSTEM "http://example.vn/a.dtd"><alert/>',
    "deep": b"<a>" * 5000 + b"</a>" * 5000,
    "encoding": b'<?xml version="1.0" encoding="x-none"?><alert/>',
    "nul": b"<alert>\x00</alert>",
    "large": b"<a>" + b" " * (9 * 1024 * 1024) + b"</a>",
    "another root": b"<rss/>",
    "utf-16 cut": "<alert/>".encode("utf-16")[:-1],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_a_violation_in_words(name):
    found = check_alert(HOSTILE[name])

    assert not found.is_valid
    assert found.violations[0].rule in {"CAP-X01", "CAP-S01"}
    assert "passwd" not in found.violations[0].message
    with pytest.raises(UnreadableCap):
        read_alert(HOSTILE[name])


@given(st.binary(max_size=300))
def test_random_bytes_never_raise(content):
    check_alert(content)
    check_alert(b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">' + content + b"</alert>")


def _identity(key) -> tuple[bytes, bytes]:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Chứng thư thử")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(start).not_valid_after(start + timedelta(days=36500))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem, certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module", params=["ec", "rsa"])
def identity(request) -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1()) if request.param == "ec" else rsa.generate_private_key(65537, 2048)
    return _identity(key)


def test_signed_message_is_valid_and_verifies(identity, official_schema):
    from lxml import etree

    key, certificate = identity

    signed = sign_alert(write_alert(example()), key_pem=key, certificate_pem=certificate)

    assert is_signed(signed)
    assert check_alert(signed, profile="vn").is_valid
    assert official_schema.validate(etree.fromstring(signed))
    assert verify_alert(signed, certificate_pem=certificate).subject == "CN=Chứng thư thử"
    assert read_alert(signed) == example()


def test_changed_message_does_not_verify(identity):
    key, certificate = identity
    signed = sign_alert(write_alert(example()), key_pem=key, certificate_pem=certificate)

    for old, new in ((b">Minor<", b">Severe<"), (b"100 mm", b"900 mm"), (b"12.05,107 ", b"12.06,107 ")):
        assert old in signed
        with pytest.raises(SignatureWrong):
            verify_alert(signed.replace(old, new, 1), certificate_pem=certificate)


def test_unsigned_message_and_another_key_do_not_verify(identity):
    key, certificate = identity
    _other_key, other_certificate = _identity(ec.generate_private_key(ec.SECP256R1()))

    with pytest.raises(SignatureWrong):
        verify_alert(write_alert(example()), certificate_pem=certificate)
    signed = sign_alert(write_alert(example()), key_pem=key, certificate_pem=certificate)
    with pytest.raises(SignatureWrong):
        verify_alert(signed, certificate_pem=other_certificate)
