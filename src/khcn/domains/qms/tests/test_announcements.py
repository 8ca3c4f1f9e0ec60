"""The announced paper is signed; only a whole paper with good signatures opens the first gate."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from khcn.domains.qms.models import Announcement
from khcn.domains.qms.queries.papers import announcement_paper
from khcn.domains.qms.services import announcements, scores
from khcn.domains.qms.tests.test_effectiveness import END, JULY, audited, reviewed
from khcn.domains.qms.tests.world import World, effective_document, on
from khcn.kernel.documents.errors import SignatureRefused
from khcn.kernel.documents.queries import content_of, verify_pdf
from khcn.kernel.documents.services import add_revision
from khcn.standards.nd30.pdf_writer import render_pdf
from khcn.standards.pades import Appearance, issue_test_certificate, make_revocation_list, make_test_authority, sign

pytestmark = pytest.mark.django_db
LOOK = Appearance(1, (330, 250, 480, 300), ("Đã ký",))


@pytest.fixture
def confirmed(world: World) -> Announcement:
    effective_document(world)
    audited(world)
    reviewed(world)
    found = announcements.draft_announcement(by=on(world.secretary, JULY), system=world.system)
    return announcements.confirm_announcement(by=on(world.head, JULY), announcement=found)


def publish(world: World, found: Announcement, **sent) -> Announcement:
    return announcements.publish_announcement(
        by=on(world.secretary, JULY), announcement=found, number="01/CB", effective_from=JULY, **sent
    )


def first_gate(world: World) -> bool:
    return scores.compute_year(by=on(world.secretary, END), system=world.system, year=2025).gates["G1"]["holds"]


def signed(found: Announcement, root, name: str) -> bytes:
    found.effective_from, found.published_on = JULY, JULY
    held = issue_test_certificate(root, common_name=name, organisation="Sở Tư pháp", at=timezone.now())
    return sign(render_pdf(announcement_paper(found)), held, field="person", appearance=LOOK)


@pytest.fixture
def root(tmp_path: Path, settings):
    """The authority of a real head's token, trusted through the folder of roots; no test keys here."""
    made = make_test_authority(at=timezone.now())
    (tmp_path / "root.der").write_bytes(made.chain[0])
    settings.TRUST_ROOTS, settings.TEST_SIGNATURES = str(tmp_path), False
    return made


def test_announcement_is_signed_in_the_heads_name_and_opens_the_first_gate(world: World, confirmed) -> None:
    publish(world, confirmed)

    stored = confirmed.paper.revisions.get()
    (report,) = verify_pdf(content_of(stored), moment=timezone.now())
    kept = scores.compute_year(by=on(world.secretary, END), system=world.system, year=2025)
    assert world.head.person.full_name in report.signer
    assert report.is_long_term
    assert kept.gates["G1"]["holds"]
    assert kept.evidence["ids"]["announcement"][1:] == [stored.file.sha256, report.signer]


def test_unsigned_or_altered_paper_does_not_open_the_first_gate(world: World, confirmed) -> None:
    publish(world, confirmed)
    good = content_of(confirmed.paper.revisions.get())
    place = good.index(b"/ByteRange") // 2
    by = {
        "by": on(world.secretary, JULY),
        "document": confirmed.paper,
        "filename": "a.pdf",
        "media_type": "application/pdf",
    }

    for content in (
        render_pdf(announcement_paper(confirmed)), good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :], b"rac",
    ):  # fmt: skip
        add_revision(**by, content=content)
        assert not first_gate(world)
    add_revision(**by, content=good)
    assert first_gate(world)


def test_paper_signed_elsewhere_is_taken_when_every_signature_is_good(world: World, confirmed, root) -> None:
    with pytest.raises(SignatureRefused, match="thử nghiệm"):
        publish(world, confirmed)
    for content in (render_pdf(announcement_paper(_dated(confirmed))), b"%PDF-1.7\nrac\n%%EOF\n"):
        with pytest.raises(SignatureRefused):
            publish(world, confirmed, content=content, filename="a.pdf")
    stranger = make_test_authority(at=timezone.now())
    with pytest.raises(SignatureRefused, match="không hợp lệ"):
        publish(world, confirmed, content=signed(confirmed, stranger, str(world.head.person)), filename="a.pdf")
    other = issue_test_certificate(root, common_name="Người khác", organisation="Nơi khác", at=timezone.now())
    paper = sign(render_pdf(announcement_paper(_dated(confirmed))), other, field="person", appearance=LOOK)
    with pytest.raises(SignatureRefused, match="chữ ký số của"):
        publish(world, confirmed, content=paper, filename="a.pdf")

    publish(world, confirmed, content=signed(confirmed, root, str(world.head.person)), filename="a.pdf")

    assert first_gate(world)


def test_certificate_withdrawn_before_it_signed_closes_the_first_gate(world: World, confirmed, root, tmp_path) -> None:
    held = issue_test_certificate(root, common_name=str(world.head.person), organisation="Sở", at=timezone.now())
    paper = sign(render_pdf(announcement_paper(_dated(confirmed))), held, field="person", appearance=LOOK)
    publish(world, confirmed, content=paper, filename="a.pdf")
    assert first_gate(world)

    withdrawn = make_revocation_list(
        root, at=timezone.now(), revoked=[(held.chain[0], timezone.now() - timedelta(hours=2))]
    )
    (tmp_path / "list.crl").write_bytes(withdrawn)

    assert not first_gate(world)


def test_signed_paper_is_sent_with_the_form(world: World, confirmed, root, client_for) -> None:
    content = signed(confirmed, root, str(world.head.person))
    confirmed.refresh_from_db()
    client = client_for(world.secretary)
    address = reverse("qms_act", args=["announcement", confirmed.uid, "publish"])
    day = f"{timezone.localdate():%d/%m/%Y}"

    refused = client.post(address, {"number": "01/CB", "effective_from": day, "version": confirmed.version})
    sent = {
        "number": "01/CB", "effective_from": day, "version": confirmed.version,
        "file": SimpleUploadedFile("cong-bo.pdf", content, content_type="application/pdf"),
    }  # fmt: skip
    taken = client.post(address, sent)

    assert refused.status_code == 422
    assert taken.status_code == 302
    assert Announcement.objects.get().state == "published"


def _dated(found: Announcement) -> Announcement:
    found.effective_from, found.published_on = JULY, date(2025, 7, 1)
    return found
