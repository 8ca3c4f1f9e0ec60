"""Hostile input at the pages' own doors: drawings, spreadsheets, uploads, signed files, messages sent twice.

Each is refused in a sentence beside its field and leaves nothing behind; the codecs have tests of their own.
"""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from flows.test_onestop import Office, applicant, pdf
from khcn.domains.onestop.models import AdministrativeProcedure, Dossier, DossierFile, PortalMessage
from khcn.domains.onestop.services.portal import PortalAnswer, push_waiting
from khcn.domains.qms.models import Announcement, DocumentRevision
from khcn.domains.qms.services import announcements, documents
from khcn.domains.qms.tests.test_effectiveness import effective_world
from khcn.domains.qms.tests.world import START, effective_document, make_world, on
from khcn.kernel.documents.models import IncomingPaper
from khcn.kernel.documents.queries import pdf_of
from khcn.kernel.documents.services import deliver_waiting, send_paper, set_identifier
from khcn.kernel.documents.tests.test_papers import sealed
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.kernel.procedures.choices import ProcedureKind, VersionState
from khcn.kernel.procedures.models import Procedure
from khcn.kernel.procedures.services import create_procedure
from khcn.lib.actor import Actor
from khcn.lib.roles import Role

pytestmark = pytest.mark.django_db
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://khcn.test">'
)  # fmt: skip
LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{"&a;" * 10 if n == 0 else f"&a{n - 1};" * 10}">' for n in range(9))
    + f"]>{HEAD}<process id='p' name='&a8;'/></definitions>"
)
DRAWINGS = {
    "billion laughs": LAUGHS.encode(),
    "external entity": f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}&x;</definitions>'.encode(),
    "external subset": f'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">{HEAD}</definitions>'.encode(),
    "too deep": (HEAD + "<a>" * 1000 + "</a>" * 1000 + "</definitions>").encode(),
    "picture with a good name": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "program with a good name": b"MZ\x90\x00" + bytes(200),
    "archive with a good name": b"PK\x03\x04" + bytes(200),
    "web page": b"<html><script>alert(1)</script></html>",
    "empty": b" ",
}
CIRCLE = HEAD + (
    '<process id="vong" name="Vòng" isExecutable="true"><startEvent id="s"/><exclusiveGateway id="a" name="Rẽ A"/>'
    '<exclusiveGateway id="b" name="Rẽ B"/><sequenceFlow id="f1" sourceRef="s" targetRef="a"/>'
    '<sequenceFlow id="f2" sourceRef="a" targetRef="b"/><sequenceFlow id="f3" sourceRef="b" targetRef="a"/>'
    "</process></definitions>"
)


def named(content: bytes, name: str, kind: str = "application/octet-stream") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type=kind)


def bomb(name: str) -> bytes:
    """An archive of a few kilobytes that unpacks to half a gigabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open(name, "w") as member:
            for _ in range(512):
                member.write(bytes(1024 * 1024))
    return out.getvalue()


def altered(content: bytes) -> bytes:
    """A signed file with one bit turned inside what the signature covers."""
    place = content.index(b"/ByteRange") // 2
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.fixture
def office(db, client_for) -> Office:
    cache.clear()
    return Office(client_for)


@pytest.mark.parametrize("content", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_hostile_drawing_is_refused_at_the_import_page_and_in_the_drawing_board(client_for, people, content) -> None:
    draft = create_procedure(by=people.specialist.actor, code="QT-05", title="Vẽ", owner=people.specialist.organisation)
    client = client_for(people.specialist)
    before = draft.drawing

    brought = client.post(
        reverse("procedure_import"),
        {"file": named(content, "quy-trinh.bpmn"), "code": "QT-66", "kind": ProcedureKind.INTERNAL},
    )
    drawn = client.post(reverse("version_draw", args=[draft.uid]), content, content_type="application/xml")

    assert brought.status_code == 422
    assert "invalid-feedback" in brought.content.decode() or "alert" in brought.content.decode()
    assert b"root:" not in brought.content
    assert not Procedure.objects.filter(code="QT-66").exists()
    assert drawn.status_code == 422
    draft.refresh_from_db()
    assert draft.drawing == before


def test_drawing_larger_than_any_real_one_is_refused_before_it_is_read(client_for, people) -> None:
    answer = client_for(people.specialist).post(
        reverse("procedure_import"),
        {"file": named(b"<a>" + b" " * 11_000_000 + b"</a>", "to.bpmn"), "code": "QT-66", "kind": "internal"},
    )

    assert answer.status_code == 422
    assert "MB" in answer.content.decode()


def test_circle_in_which_nothing_waits_is_kept_as_a_draft_that_never_runs(client_for, people) -> None:
    client = client_for(people.specialist)

    brought = client.post(
        reverse("procedure_import"),
        {"file": named(CIRCLE.encode(), "vong.bpmn"), "code": "QT-67", "kind": ProcedureKind.INTERNAL},
    )
    version = Procedure.objects.get(code="QT-67").versions.get()
    sent = client.post(reverse("version_act", args=[version.uid, "trinh"]), {"version": version.version})
    version.refresh_from_db()

    assert brought.status_code == 200
    assert sent.status_code == 422
    assert "Vòng lặp qua" in sent.content.decode()
    assert version.state == VersionState.DRAFT


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (bomb("xl/worksheets/sheet1.xml"), "bang.xlsx"),
        (b"MZ" + bytes(100), "bang.xlsx"),
        (b"\x00\x01\x02" * 50, "bang.csv"),
        (b"", "bang.csv"),
        (b"%PDF-1.4\n%%EOF", "bang.xlsx"),
    ],
    ids=["bomb", "program", "bytes", "empty", "pdf"],
)
def test_hostile_spreadsheet_is_refused_at_every_page_that_takes_one(office, content, name) -> None:
    draft = create_procedure(by=office.people["specialist"].actor, code="QT-08", title="Bảng", owner=office.body)
    before = AdministrativeProcedure.objects.count()

    answers = [
        office.post("specialist", "tthc_import", file=named(content, name), workflow=""),
        office.post("clerk", "reconciliation", file=named(content, name)),
        office.post("specialist", "version_table", draft.uid, file=named(content, name)),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert AdministrativeProcedure.objects.count() == before
    assert not draft.steps.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00" + bytes(200), "don.pdf"),
        (b"\x7fELF" + bytes(200), "don.pdf"),
        (b"<html><script>alert(1)</script></html>", "don.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "anh.png"),
        (bomb("word/document.xml"), "don.docx"),
        (b"PK\x03\x04" + bytes(100), "don.docx"),
        (b"%PDF-1.4\n" + bytes(21 * 1024 * 1024), "lon.pdf"),
        (b"", "don.pdf"),
        (b"%PDF-1.4\n%%EOF", "don.pdf.exe"),
    ],
    ids=["program", "elf", "page", "svg", "bomb", "half archive", "too large", "empty", "double ending"],
)
def test_hostile_file_is_refused_on_line_at_the_counter_and_as_a_supplement(office, content, name) -> None:
    values = applicant()
    on_line = office.post(
        "citizen", "public_submit", office.procedure.uid, **values,
        **{f"c_{office.application.pk}": named(content, name)},
    )  # fmt: skip
    at_counter = office.post(
        "clerk", "dossier_receive", office.procedure.uid, **values, channel="1", accept="1",
        **{f"c_{office.application.pk}": named(content, name)},
    )  # fmt: skip
    assert (on_line.status_code, at_counter.status_code) == (422, 422)
    assert not Dossier.objects.exists()
    office.post("citizen", "public_submit", office.procedure.uid, **values, **{f"c_{office.application.pk}": pdf()})
    dossier = Dossier.objects.get()

    more = office.post("citizen", "public_act", dossier.tracking, "bo-sung", file=named(content, name))

    assert more.status_code == 422
    assert DossierFile.objects.count() == 1


def test_result_whose_signature_covers_other_bytes_is_refused_and_told_on_the_public_page(office) -> None:
    office.post(
        "clerk", "dossier_receive", office.procedure.uid, **applicant(channel="1"), accept="1",
        **{f"p_{office.application.pk}": "on"},
    )  # fmt: skip
    dossier = Dossier.objects.get()
    office.act("clerk", dossier, "start")
    office.work(dossier, ("head", "phan_cong"), ("specialist", "tham_dinh"), ("director", "ky_duyet"))
    good = pdf_of(office.paper(dossier))
    dossier.refresh_from_db()

    def decide(content: bytes):
        return office.post(
            "specialist", "dossier_act", dossier.uid, "decide", version=dossier.version,
            file=named(content, "ket-qua.pdf", "application/pdf"),
        )  # fmt: skip

    refused = decide(altered(good))
    dossier.refresh_from_db()
    assert refused.status_code == 422
    assert dossier.result is None
    told = office.post("citizen", "verify_signatures", file=named(altered(good), "kq.pdf")).content.decode()
    assert "Mọi chữ ký hợp lệ" not in told
    assert decide(good).status_code == 200
    dossier.refresh_from_db()
    assert dossier.result is not None


def test_announcement_takes_no_paper_that_was_changed_after_signing(client_for) -> None:
    world = effective_world(make_world())
    day = timezone.localdate()
    effective_document(world, "QT-99", day=START)
    draft = announcements.draft_announcement(by=on(world.secretary, day), system=world.system)
    Announcement.objects.filter(pk=draft.pk).update(state="confirmed")
    other = make_organisation("Sở Nội vụ", code="SNV")
    people = {
        name: make_member(role, organisation=other)
        for name, role in (("drafter", Role.SPECIALIST), ("head", Role.HEAD), ("clerk", Role.CLERK))
    }
    signed = pdf_of(_sealed_paper(other, people))
    client = client_for(world.secretary)
    address = reverse("qms_act", args=["announcement", draft.uid, "publish"])

    def publish(content: bytes):
        draft.refresh_from_db()
        values = {"number": "01/CB", "effective_from": f"{day:%d/%m/%Y}", "version": draft.version}
        return client.post(address, {**values, "file": named(content, "cong-bo.pdf", "application/pdf")})

    refused, program = publish(altered(signed)), publish(b"MZ" + bytes(100))

    draft.refresh_from_db()
    assert (refused.status_code, program.status_code) == (422, 422)
    assert (draft.state, draft.paper) == ("confirmed", None)


def test_controlled_document_takes_no_program_locked_or_oversized_file(client_for) -> None:
    world = make_world()
    client = client_for(world.secretary)
    draft = documents.start_document(
        by=on(world.secretary, START), system=world.system, code="BM-9", type="form", title="Biểu mẫu", reason="Mới"
    )

    for content, name in (
        (b"MZ" + bytes(100), "bieu-mau.docx"), ("%PDF-1.4 hỏng".encode(), "bieu-mau.pdf"),
        (bomb("word/document.xml"), "bieu-mau.docx"), (b"%PDF-1.4\n" + bytes(51 * 1024 * 1024), "bieu-mau.pdf"),
    ):  # fmt: skip
        answer = client.post(
            reverse("qms_revision_file", args=[draft.uid]), {"file": named(content, name), "version": draft.version}
        )
        assert answer.status_code == 422, name

    assert DocumentRevision.objects.get(pk=draft.pk).contents is None


def test_message_of_the_axis_sent_twice_arrives_once_and_hostile_ones_not_at_all(cast, client_for) -> None:
    body, other = make_organisation("Sở Y tế", code="SYT"), make_organisation("Sở Xây dựng", code="SXD")
    system = Actor(uid=body.uid, name="Hệ thống", on=timezone.localdate(), is_system=True)
    set_identifier(by=system, organisation=body, code="H10.20")
    set_identifier(by=system, organisation=other, code="H10.21")
    people = {
        name: make_member(role, organisation=body)
        for name, role in (("drafter", Role.SPECIALIST), ("head", Role.HEAD), ("clerk", Role.CLERK))
    }
    paper = _sealed_paper(body, people)
    send_paper(by=people["clerk"].actor, paper=paper, receivers=[("H10.21", "Sở Xây dựng")])
    carried: list[bytes] = []
    deliver_waiting(carry=lambda uid, code, content: carried.append(content))
    client = client_for(make_member(Role.CLERK, organisation=other))

    def bring(content: bytes) -> int:
        return client.post(reverse("arrival_list"), {"file": named(content, "goi.edxml")}).status_code

    assert [bring(carried[0]) for _ in range(3)] == [302, 302, 302]
    assert IncomingPaper.objects.get().arrival_number == 1
    for content in (LAUGHS.encode(), DRAWINGS["external entity"], carried[0][:-40], b"PK\x03\x04" + bytes(50), b"<a>"):
        assert bring(content) == 422
    assert IncomingPaper.objects.count() == 1


def test_status_sent_again_and_again_by_hand_reaches_the_portal_once_each(office) -> None:
    office.post(
        "clerk", "dossier_receive", office.procedure.uid, **applicant(channel="1"), accept="1",
        **{f"p_{office.application.pk}": "on"},
    )  # fmt: skip
    dossier = Dossier.objects.get()
    seen: dict[str, int] = {}

    def portal(message_id: str, payload) -> PortalAnswer:
        known = message_id in seen
        seen[message_id] = payload["TrangThai"]
        return PortalAnswer("1" if known else "0")

    for _ in range(3):
        assert office.post("clerk", "portal_again", dossier.uid).status_code == 200
    later = timezone.now() + timedelta(minutes=1)
    sent = [push_waiting(carry=portal, now=later) for _ in range(3)]

    assert sent == [(1, 0), (0, 0), (0, 0)]
    assert list(seen.values()) == [2]
    assert PortalMessage.objects.filter(state="sent").count() == 1


def _sealed_paper(body, people):
    """A paper of the body that went the whole way to its seal."""
    from types import SimpleNamespace

    director = make_member(Role.HEAD, Role.DIRECTOR, organisation=body)
    office = SimpleNamespace(
        body=body, director_person=director.person, director=director.actor, drafter=people["drafter"].actor,
        head=people["head"].actor, clerk=people["clerk"].actor,
    )  # fmt: skip
    return sealed(office)
