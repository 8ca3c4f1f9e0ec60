"""A paper signed by a person, numbered, signed by the body: both stay valid; changed bytes, strangers, tokens."""

import io
import random
from datetime import UTC, datetime
from functools import cache

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from pypdf.annotations import FreeText

from khcn.standards.nd30.document import LETTER, DocumentNumber, Issuer, OfficialDocument, Paragraph, Signature
from khcn.standards.nd30.pdf_writer import places, render_pdf
from khcn.standards.pades import (
    Appearance,
    Credential,
    Gap,
    PdfRefused,
    SignatureReport,
    add_gaps,
    begin_signing,
    fill_gaps,
    finish_signing,
    issue_test_certificate,
    make_test_authority,
    sign,
    verify,
)

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
PERSON_LOOK = Appearance(1, (330, 250, 480, 300), ("Ký bởi: Nguyễn Thị Ánh Nguyệt", "13/10/2022 09:00:00 +07:00"))
BODY_LOOK = Appearance(1, (250, 250, 330, 300), ("Sở Khoa học và Công nghệ",))
GAPS = (Gap("number", 1, (134, 718, 154, 734)), Gap("day", 1, (397, 718, 415, 734), italic=True))


@cache
def authority() -> Credential:
    return make_test_authority(at=NOW)


@cache
def credential(name: str, body: str = "Sở Khoa học và Công nghệ") -> Credential:
    return issue_test_certificate(authority(), common_name=name, organisation=body, at=NOW)


@cache
def paper() -> bytes:
    return render_pdf(
        OfficialDocument(
            Issuer("Sở Khoa học và Công nghệ"), LETTER, "lấy ý kiến", (Paragraph("Nội dung."),),
            number=DocumentNumber("SKHCN-QLKH"), place="Bình Phước",
            signatures=(Signature("Giám đốc", "Nguyễn Thị Ánh"),),
        )
    )  # fmt: skip


@cache
def finished() -> bytes:
    first = sign(add_gaps(paper(), GAPS), credential("Nguyễn Thị Ánh Nguyệt"), field="person", appearance=PERSON_LOOK)
    numbered = fill_gaps(first, {"number": "05", "day": "13"})
    return sign(numbered, credential("Sở Khoa học và Công nghệ"), field="organisation", appearance=BODY_LOOK)


def reports(pdf: bytes, *roots: bytes) -> list[SignatureReport]:
    return verify(pdf, roots=roots or authority().chain, moment=NOW)


def test_person_then_number_then_body_leaves_both_signatures_good() -> None:
    first, second = reports(finished())

    assert (first.field, second.field) == ("person", "organisation")
    assert first.is_good
    assert second.is_good
    assert (first.covers_file, second.covers_file) == (False, True)
    assert "Nguyễn Thị Ánh Nguyệt" in first.signer
    assert first.is_test
    assert second.is_test


def test_filled_gaps_are_seen_by_another_program() -> None:
    fields = pypdf.PdfReader(io.BytesIO(finished())).get_fields() or {}

    assert fields["number"]["/V"] == "05"
    assert fields["day"]["/V"] == "13"


def test_fill_gaps_with_no_such_field_is_refused() -> None:
    with pytest.raises(KeyError, match="month"):
        fill_gaps(add_gaps(paper(), GAPS), {"month": "10"})


def test_places_of_number_date_and_signature_are_on_the_first_page() -> None:
    document = OfficialDocument(
        Issuer("Sở"), LETTER, "x", (Paragraph("Nội dung."),), number=DocumentNumber("S"), place="Bình Phước",
        signatures=(Signature("Giám đốc", "A"),),
    )  # fmt: skip

    found = places(document)

    assert [place.name for place in found] == ["number", "date", "date", "date", "signature"]
    assert found[1].x_pt < found[2].x_pt < found[3].x_pt
    assert found[4].y_pt > found[0].y_pt + 60


def test_one_changed_byte_anywhere_in_what_was_signed_is_detected() -> None:
    good, chance = finished(), random.Random(7)
    end_of_first = good.index(b"%%EOF", good.index(b"/ByteRange")) // 2

    for _ in range(40):
        changed = bytearray(good)
        place = chance.randrange(100, end_of_first)
        changed[place] ^= 1 << chance.randrange(8)
        try:
            found = reports(bytes(changed))
        except PdfRefused:
            continue
        assert not any(report.is_good for report in found), place


def test_text_changed_behind_the_signatures_is_detected() -> None:
    writer = pypdf.PdfWriter(io.BytesIO(finished()), incremental=True)
    writer.add_annotation(0, FreeText(text="Sửa", rect=(100, 100, 200, 130)))
    out = io.BytesIO()
    writer.write(out)

    first, second = reports(out.getvalue())

    assert not first.covers_file
    assert not second.covers_file
    assert not (first.is_good and second.is_good)


def test_certificate_of_a_stranger_is_not_trusted() -> None:
    stranger = make_test_authority(at=NOW)

    first, second = reports(finished(), *stranger.chain)

    assert first.intact
    assert not first.trusted
    assert not second.is_good


def test_unsigned_file_has_no_reports_and_rubbish_is_refused() -> None:
    assert reports(paper()) == []
    for content in (b"", b"PK\x03\x04", b"%PDF-1.7\n", paper()[:400]):
        with pytest.raises(PdfRefused):
            reports(content)


def test_interrupted_signing_with_the_key_elsewhere_gives_a_good_signature() -> None:
    held = credential("Trần Quốc Đạt")
    prepared = begin_signing(add_gaps(paper(), GAPS), held.chain, field="person", appearance=PERSON_LOOK)
    token = serialization.load_der_private_key(held.key, password=None)
    assert isinstance(token, ec.EllipticCurvePrivateKey)

    signed = finish_signing(prepared, held.chain, token.sign(prepared.attributes, ec.ECDSA(hashes.SHA256())))

    (report,) = reports(signed)
    assert report.is_good
    assert report.covers_file


def test_interrupted_signing_with_a_wrong_signature_is_not_valid() -> None:
    held, other = credential("Trần Quốc Đạt"), ec.generate_private_key(ec.SECP256R1())
    prepared = begin_signing(paper(), held.chain, field="person", appearance=PERSON_LOOK)

    signed = finish_signing(prepared, held.chain, other.sign(prepared.attributes, ec.ECDSA(hashes.SHA256())))

    (report,) = reports(signed)
    assert not report.valid
    assert not report.is_good


def test_interrupted_signing_with_an_rsa_token_gives_a_good_signature() -> None:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Token RSA")])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(datetime(2026, 1, 1)).not_valid_after(datetime(2030, 1, 1))  # noqa: DTZ001
        .add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    chain = (certificate.public_bytes(serialization.Encoding.DER),)
    prepared = begin_signing(paper(), chain, field="person", appearance=PERSON_LOOK)
    signed = finish_signing(prepared, chain, key.sign(prepared.attributes, padding.PKCS1v15(), hashes.SHA256()))

    (report,) = reports(signed, *chain)
    assert report.intact
    assert report.valid
    assert not report.is_test
