"""Signatures that last: time stamped, with revocation lists inside; withdrawn, expired and altered ones are found."""

import random
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from khcn.standards.pades import (
    CertificateWithdrawn,
    Credential,
    LongTerm,
    PdfRefused,
    Revocation,
    add_gaps,
    begin_signing,
    fill_gaps,
    finish_signing,
    issue_test_certificate,
    issue_test_clock,
    make_revocation_list,
    make_test_authority,
    sign,
    trial_stamps,
    verify,
)
from khcn.standards.pades.tests.test_pades import BODY_LOOK, GAPS, PERSON_LOOK, paper

SIGNED = datetime(2026, 11, 28, 9, tzinfo=UTC)
LATER = SIGNED + timedelta(days=200)
AFTER_ALL = SIGNED + timedelta(days=365 * 3)


@cache
def authority() -> Credential:
    return make_test_authority(at=SIGNED)


@cache
def holder(name: str = "Nguyễn Thị Ánh Nguyệt") -> Credential:
    return issue_test_certificate(authority(), common_name=name, organisation="Sở KH&CN", at=SIGNED, years=1)


@cache
def clock() -> Credential:
    return issue_test_clock(authority(), at=SIGNED)


def lists(*revoked: tuple[bytes, datetime], at: datetime = SIGNED) -> tuple[bytes, ...]:
    return (make_revocation_list(authority(), at=at, revoked=revoked),)


def long_term() -> LongTerm:
    return LongTerm(trial_stamps(clock(), at=SIGNED), authority().chain, lists())


@cache
def lasting() -> bytes:
    look = {"appearance": PERSON_LOOK, "long_term": long_term(), "moment": SIGNED}
    return sign(add_gaps(paper(), GAPS), holder(), field="person", **look)


@cache
def plain() -> bytes:
    return sign(add_gaps(paper(), GAPS), holder(), field="person", appearance=PERSON_LOOK)


def report(pdf: bytes, moment: datetime = SIGNED, **more):
    (found,) = verify(pdf, roots=authority().chain, moment=moment, **more)
    return found


def test_signature_with_stamp_and_lists_is_good_when_its_certificate_has_long_ended() -> None:
    found = report(lasting(), AFTER_ALL)

    assert found.is_good
    assert found.is_long_term
    assert found.covers_file
    assert found.stamped_at == SIGNED
    assert found.revocation is Revocation.GOOD
    assert not report(plain(), AFTER_ALL).trusted


def test_signature_without_lists_says_that_revocation_is_not_known() -> None:
    found = report(plain())

    assert found.is_good
    assert found.revocation is Revocation.UNKNOWN
    assert not found.is_long_term
    assert found.stamped_at is None


def test_certificate_withdrawn_before_the_signature_is_found_by_a_list_from_outside() -> None:
    withdrawn = (holder().chain[0], SIGNED - timedelta(hours=2))

    for pdf in (plain(), lasting()):
        found = report(pdf, LATER, lists=lists(withdrawn, at=LATER))
        assert found.is_revoked
        assert not found.is_good


def test_certificate_withdrawn_after_the_stamp_leaves_the_signature_good_but_one_without_stamp_bad() -> None:
    later = lists((holder().chain[0], SIGNED + timedelta(days=30)), at=LATER)

    assert report(lasting(), LATER, lists=later).is_good
    assert report(plain(), LATER, lists=later).is_revoked


def test_signing_with_a_withdrawn_certificate_is_refused() -> None:
    withdrawn = lists((holder().chain[0], SIGNED - timedelta(days=1)))
    options = LongTerm(trial_stamps(clock(), at=SIGNED), authority().chain, withdrawn)

    with pytest.raises(CertificateWithdrawn):
        sign(paper(), holder(), field="person", appearance=PERSON_LOOK, long_term=options, moment=SIGNED)


def test_lists_of_another_authority_leave_the_file_without_lists() -> None:
    other = make_revocation_list(make_test_authority(at=SIGNED), at=SIGNED)
    options = LongTerm(roots=authority().chain, lists=(other,))

    signed = sign(paper(), holder(), field="person", appearance=PERSON_LOOK, long_term=options, moment=SIGNED)

    assert report(signed).is_good
    assert not report(signed).keeps_lists


def test_stamp_of_a_stranger_proves_nothing() -> None:
    stranger = make_test_authority(at=SIGNED)
    stamps = trial_stamps(issue_test_clock(stranger, at=SIGNED), at=SIGNED)
    signed = sign(paper(), holder(), field="person", appearance=PERSON_LOOK, long_term=LongTerm(stamps), moment=SIGNED)

    assert report(signed).stamped_at is None
    assert not report(signed, AFTER_ALL).trusted


def test_authority_that_does_not_answer_stops_the_signature() -> None:
    def silent(request: bytes) -> bytes:
        raise TimeoutError

    for stamps in (silent, lambda request: b"<html>"):
        with pytest.raises(OSError):  # noqa: PT011 – the carrier's own error goes through
            sign(paper(), holder(), field="person", appearance=PERSON_LOOK, long_term=LongTerm(stamps), moment=SIGNED)


def test_person_number_and_body_all_last() -> None:
    numbered = fill_gaps(lasting(), {"number": "05", "day": "13"})
    whole = sign(
        numbered, holder("Sở KH&CN"), field="organisation", appearance=BODY_LOOK, long_term=long_term(), moment=SIGNED
    )

    first, second = verify(whole, roots=authority().chain, moment=AFTER_ALL)

    assert first.is_good
    assert second.is_good
    assert first.is_long_term
    assert second.is_long_term


def test_interrupted_signing_lasts_too() -> None:
    held = holder("Trần Quốc Đạt")
    prepared = begin_signing(paper(), held.chain, field="person", appearance=PERSON_LOOK)
    token = serialization.load_der_private_key(held.key, password=None)
    assert isinstance(token, ec.EllipticCurvePrivateKey)
    signature = token.sign(prepared.attributes, ec.ECDSA(hashes.SHA256()))

    signed = finish_signing(prepared, held.chain, signature, field="person", long_term=long_term(), moment=SIGNED)

    found = report(signed, AFTER_ALL)
    assert found.is_good
    assert found.is_long_term


def test_one_changed_byte_of_what_was_signed_is_found_in_a_lasting_file() -> None:
    good, chance = lasting(), random.Random(11)
    end = good.index(b"/ByteRange")

    for _ in range(20):
        changed = bytearray(good)
        changed[chance.randrange(100, end // 2)] ^= 1 << chance.randrange(8)
        try:
            found = verify(bytes(changed), roots=authority().chain, moment=AFTER_ALL)
        except PdfRefused:
            continue
        assert not any(one.is_good for one in found)
