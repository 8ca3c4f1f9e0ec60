"""Signatures with real keys: stamped over HTTP, judged by the lists in the folder of roots; what the page says."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from khcn.kernel.documents import services
from khcn.kernel.documents.choices import SignatureKind
from khcn.kernel.documents.errors import SignatureRefused
from khcn.kernel.documents.queries import pdf_of, verify_pdf
from khcn.kernel.documents.tests.test_papers import ready_to_sign, sealed
from khcn.standards.pades import (
    Credential,
    issue_test_certificate,
    issue_test_clock,
    make_revocation_list,
    make_test_authority,
    trial_stamps,
)


class Authority:
    """An authority of the world outside: its folder of roots and lists, its time stamps over HTTP, a token."""

    def __init__(self, folder, body, settings) -> None:
        self.now = timezone.now()
        self.root = make_test_authority(at=self.now)
        self.stamps = trial_stamps(issue_test_clock(self.root, at=self.now), at=self.now)
        self.folder = folder
        (folder / "root.der").write_bytes(self.root.chain[0])
        settings.TRUST_ROOTS = str(folder)
        name = "Nguyễn Thị Ánh Nguyệt"
        self.token: Credential = issue_test_certificate(
            self.root, common_name=name, organisation=body.name, at=self.now, years=1
        )

    def publish(self, *revoked) -> None:
        content = make_revocation_list(self.root, at=self.now, revoked=revoked)
        (self.folder / "list.crl").write_bytes(content)

    def sign(self, attributes: bytes) -> bytes:
        key = serialization.load_der_private_key(self.token.key, password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key.sign(attributes, ec.ECDSA(hashes.SHA256()))


@pytest.fixture
def outside(office, tmp_path, settings):
    folder = tmp_path / "roots"
    folder.mkdir()
    return Authority(folder, office.body, settings)


@pytest.fixture
def stamping(outside, settings):
    class Answering(BaseHTTPRequestHandler):
        answers: list[bytes] = []

        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            content = self.answers.pop() if self.answers else outside.stamps(request)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.TSA_URL = f"http://127.0.0.1:{server.server_port}/tsa"
    yield Answering
    server.shutdown()
    server.server_close()
    thread.join()


def signed_by_token(office, outside):
    paper, chain = ready_to_sign(office), list(outside.token.chain)
    session = services.begin_remote_signature(by=office.director, paper=paper, kind=SignatureKind.PERSON, chain=chain)
    signature = outside.sign(bytes(session.attributes))
    return services.finish_remote_signature(by=office.director, session=session, signature=signature)


def test_token_signature_is_stamped_over_http_and_keeps_its_lists(office, outside, stamping) -> None:
    outside.publish()

    (report,) = verify_pdf(pdf_of(signed_by_token(office, outside)), moment=timezone.now() + timedelta(days=365 * 3))

    assert report.is_good
    assert report.is_long_term
    assert report.stamped_at is not None


def test_token_signature_without_authority_for_time_stands_without_a_stamp(office, outside) -> None:
    (report,) = verify_pdf(pdf_of(signed_by_token(office, outside)), moment=timezone.now())

    assert report.is_good
    assert report.stamped_at is None
    assert report.revocation.value == "unknown"


def test_time_authority_that_answers_rubbish_leaves_the_session_open(office, outside, stamping) -> None:
    stamping.answers = [b"<html>"]
    paper, chain = ready_to_sign(office), list(outside.token.chain)
    session = services.begin_remote_signature(by=office.director, paper=paper, kind=SignatureKind.PERSON, chain=chain)
    signature = outside.sign(bytes(session.attributes))

    with pytest.raises(SignatureRefused, match="dấu thời gian"):
        services.finish_remote_signature(by=office.director, session=session, signature=signature)
    done = services.finish_remote_signature(by=office.director, session=session, signature=signature)

    assert verify_pdf(pdf_of(done), moment=timezone.now())[0].stamped_at is not None


def test_withdrawn_certificate_may_not_sign_and_what_it_signed_before_is_found(office, outside, client_for) -> None:
    outside.publish()
    paper = signed_by_token(office, outside)
    outside.publish((outside.token.chain[0], outside.now - timedelta(hours=1)))

    (report,) = verify_pdf(pdf_of(paper), moment=timezone.now())
    sent = {"file": SimpleUploadedFile("van-ban.pdf", pdf_of(paper), content_type="application/pdf")}
    page = client_for().post(reverse("verify_signatures"), sent).content.decode()

    assert report.is_revoked
    assert "Chứng thư đã bị thu hồi." in page
    with pytest.raises(SignatureRefused, match="thu hồi"):
        signed_by_token(office, outside)


def test_altered_paper_is_told_on_the_page_and_a_whole_one_too(office, client_for) -> None:
    good = pdf_of(sealed(office))
    place = good.index(b"/ByteRange") // 2
    altered = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]

    def page(content: bytes) -> str:
        sent = {"file": SimpleUploadedFile("van-ban.pdf", content, content_type="application/pdf")}
        return client_for().post(reverse("verify_signatures"), sent).content.decode()

    assert "Mọi chữ ký hợp lệ" in page(good)
    assert "tệp giữ đủ dữ liệu để kiểm tra lâu dài" in page(good)
    assert "Mọi chữ ký hợp lệ" not in page(altered)
