"""A paper from draft to receiver and back: four eyes, gap-free numbers, both signatures, edXML, retries, recall."""

import io
from datetime import timedelta

import pypdf
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils import timezone

from khcn.kernel.documents import services
from khcn.kernel.documents.choices import (
    DispatchKind,
    DispatchState,
    DocumentKind,
    IncomingState,
    PaperState,
    SignatureKind,
)
from khcn.kernel.documents.errors import LayoutFaulty, PaperStepRefused, SignatureRefused
from khcn.kernel.documents.forms import PaperForm
from khcn.kernel.documents.models import Dispatch, IncomingPaper, NumberRegister, OfficialPaper
from khcn.kernel.documents.queries import bytes_of, pdf_of, verify_pdf
from khcn.kernel.documents.rules import PAPER_STEPS, state_diagram
from khcn.kernel.documents.services.keys import test_credential as credential_of
from khcn.kernel.orgs.models import Organisation
from khcn.lib.failure import Forbidden, Refused, Stale
from khcn.lib.roles import Role
from khcn.standards.edxml import Agency, StatusCode, StatusMessage, read_edxml, write_status

BODY = "Kính đề nghị quý cơ quan góp ý dự thảo.\n- Về phạm vi\n- Về thời hạn\nTrân trọng cảm ơn."


def draft(office, **more):
    values = {
        "organisation": office.body, "kind": DocumentKind.LETTER, "title": "lấy ý kiến dự thảo quy chế",
        "notation": "SKHCN-QLKH", "place": "Bình Phước", "body": BODY, "signer": office.director_person,
        "signer_title": "Giám đốc", "addressees": "Sở Tài chính", "recipients": "Như trên", "archive": "VT, QLKH",
        "by": office.drafter,
    }  # fmt: skip
    return services.draft_paper(**(values | more))


def signed(office, **more):
    paper = draft(office, **more)
    services.check_paper(by=office.drafter, paper=paper)
    services.initial_paper(by=office.head, paper=paper)
    return services.sign_paper(by=office.director, paper=paper)


def sealed(office, **more):
    paper = services.number_paper(by=office.clerk, paper=signed(office, **more))
    return services.seal_paper(by=office.clerk, paper=paper)


def test_paper_from_draft_to_seal_carries_two_good_signatures_and_its_number(office) -> None:
    paper = sealed(office)

    first, second = verify_pdf(pdf_of(paper), moment=timezone.now())
    fields = pypdf.PdfReader(io.BytesIO(pdf_of(paper))).get_fields() or {}
    assert paper.state == PaperState.SEALED
    assert first.is_good
    assert second.is_good
    assert second.covers_file
    assert first.is_test
    assert "Nguyễn Thị Ánh Nguyệt" in first.signer
    assert "Sở Khoa học và Công nghệ" in second.signer
    assert fields["number"]["/V"] == "01"
    assert fields["year"]["/V"] == str(timezone.localdate().year)
    assert [event.event for event in paper.events.all()] == ["check", "initial", "sign", "number", "seal"]
    assert paper.document.revisions.count() == 3


def test_paper_tampered_after_the_seal_is_detected(office) -> None:
    content = bytearray(pdf_of(sealed(office)))
    content[len(content) // 4] ^= 1

    assert not any(report.is_good for report in verify_pdf(bytes(content), moment=timezone.now()))


def test_numbers_of_papers_run_without_gap_per_kind_even_when_one_is_refused(office) -> None:
    first, second = signed(office), signed(office)

    services.number_paper(by=office.clerk, paper=first)
    with transaction.atomic():  # a failure after the number gives the number back
        services.number_paper(by=office.clerk, paper=second)
        transaction.set_rollback(True)
    second.refresh_from_db()
    services.number_paper(by=office.clerk, paper=second)
    decision = services.number_paper(
        by=office.clerk, paper=signed(office, kind=DocumentKind.NOTICE, notation="TB-SKHCN", addressees="")
    )

    assert [first.number, second.number, decision.number] == [1, 2, 1]
    assert NumberRegister.objects.filter(organisation=office.body).count() == 2


def test_drafter_may_not_initial_and_initialler_may_not_sign(office, cast) -> None:
    paper = draft(office)
    services.check_paper(by=office.drafter, paper=paper)

    with pytest.raises(Forbidden, match="Trưởng phòng"):
        services.initial_paper(by=office.drafter, paper=paper)
    services.initial_paper(by=office.director, paper=paper)
    with pytest.raises(Forbidden, match="ký nháy"):
        services.sign_paper(by=office.director, paper=paper)


def test_only_the_named_signer_signs_and_only_the_clerk_numbers(office, cast) -> None:
    paper = draft(office)
    services.check_paper(by=office.drafter, paper=paper)
    services.initial_paper(by=office.head, paper=paper)

    with pytest.raises(Forbidden, match="Nguyễn Thị Ánh Nguyệt"):
        services.sign_paper(by=cast.actor(Role.DIRECTOR, organisation=office.body), paper=paper)
    with pytest.raises(Forbidden, match="Văn thư"):
        services.number_paper(by=office.head, paper=paper)
    with pytest.raises(PaperStepRefused, match="đã được ký"):
        services.number_paper(by=office.clerk, paper=paper)
    with pytest.raises(Forbidden):
        services.number_paper(by=office.other_clerk, paper=paper)


def test_layout_that_breaks_the_decree_is_refused_with_findings(office) -> None:
    paper = draft(office, recipients="", archive="", addressees="")

    with pytest.raises(LayoutFaulty) as refused:
        services.check_paper(by=office.drafter, paper=paper)

    assert refused.value.findings
    assert paper.state == PaperState.DRAFT


def test_returned_paper_loses_its_signature_and_may_be_edited_again(office) -> None:
    paper = signed(office)

    with pytest.raises(PaperStepRefused, match="Chỉ sửa được dự thảo"):
        services.edit_paper(by=office.drafter, paper=paper, changes={"title": "khác"}, expected_version=None)
    services.return_paper(by=office.head, paper=paper, reason="Sửa trích yếu")
    services.edit_paper(by=office.drafter, paper=paper, changes={"title": "khác"}, expected_version=paper.version)

    assert paper.signatures.count() == 0
    assert OfficialPaper.objects.get(pk=paper.pk).title == "khác"


def test_two_people_move_one_paper_the_second_is_told(office) -> None:
    paper = draft(office)
    seen = OfficialPaper.objects.get(pk=paper.pk)
    services.check_paper(by=office.drafter, paper=paper, expected_version=1)

    with pytest.raises(Stale):
        services.edit_paper(by=office.drafter, paper=seen, changes={"title": "khác"}, expected_version=1)


def token_of(office, name: str = "Nguyễn Thị Ánh Nguyệt"):
    credential = credential_of(name, office.body.name, at=timezone.now())
    key = serialization.load_der_private_key(credential.key, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return list(credential.chain), key


def ready_to_sign(office):
    paper = draft(office)
    services.check_paper(by=office.drafter, paper=paper)
    return services.initial_paper(by=office.head, paper=paper)


def test_token_signs_the_prepared_digest_once(office) -> None:
    paper, (chain, key) = ready_to_sign(office), token_of(office)
    session = services.begin_remote_signature(by=office.director, paper=paper, kind=SignatureKind.PERSON, chain=chain)
    signature = key.sign(bytes(session.attributes), ec.ECDSA(hashes.SHA256()))

    done = services.finish_remote_signature(by=office.director, session=session, signature=signature)

    (report,) = verify_pdf(pdf_of(done), moment=timezone.now())
    assert report.is_good
    assert done.state == PaperState.SIGNED
    with pytest.raises((SignatureRefused, Forbidden)):
        services.finish_remote_signature(by=office.director, session=session, signature=signature)


def test_token_signature_wrong_late_or_in_another_name_is_refused(office) -> None:
    paper, (chain, key) = ready_to_sign(office), token_of(office)
    begin = {"by": office.director, "paper": paper, "kind": SignatureKind.PERSON}
    session = services.begin_remote_signature(**begin, chain=chain)
    good = key.sign(bytes(session.attributes), ec.ECDSA(hashes.SHA256()))

    wrong = key.sign(b"khac", ec.ECDSA(hashes.SHA256()))
    with pytest.raises(SignatureRefused, match="không khớp"):
        services.finish_remote_signature(by=office.director, session=session, signature=wrong)
    late = timezone.now() + timedelta(hours=1)
    with pytest.raises(SignatureRefused, match="hết giờ"):
        services.finish_remote_signature(by=office.director, session=session, signature=good, now=late)
    with pytest.raises(SignatureRefused, match="mang tên"):
        services.begin_remote_signature(**begin, chain=token_of(office, "Trần Quốc Đạt")[0])
    with pytest.raises(SignatureRefused, match="không đọc được"):
        services.begin_remote_signature(**begin, chain=[b"rac"])


def test_test_keys_are_refused_where_they_are_switched_off(office, settings) -> None:
    paper = ready_to_sign(office)
    settings.TEST_SIGNATURES = False

    with pytest.raises(SignatureRefused, match="USB token"):
        services.sign_paper(by=office.director, paper=paper)


def test_sent_paper_arrives_is_registered_once_and_acknowledged(office) -> None:
    paper = sealed(office)
    (dispatch,) = services.send_paper(by=office.clerk, paper=paper, receivers=[("H10.05", "Sở Tài chính")])
    carried: list[bytes] = []

    assert services.deliver_waiting(carry=lambda uid, code, content: carried.append(content)) == (1, 0)
    assert services.deliver_waiting(carry=lambda uid, code, content: carried.append(content)) == (0, 0)
    arrival = services.receive_message(by=office.system, content=carried[0])
    again = services.receive_message(by=office.system, content=carried[0])
    answer = services.register_arrival(by=office.other_clerk, arrival=arrival, accept=True)
    services.receive_message(by=office.system, content=answer)
    services.receive_message(by=office.system, content=answer)

    dispatch.refresh_from_db()
    paper.refresh_from_db()
    assert (arrival.pk, arrival.arrival_number, IncomingPaper.objects.count()) == (again.pk, 1, 1)
    assert dispatch.state == DispatchState.ACCEPTED
    assert paper.state == PaperState.ACKNOWLEDGED
    assert len(verify_pdf(bytes_of(arrival.document.revisions.get().file), moment=timezone.now())) == 2


def test_delivery_that_fails_waits_longer_each_time_and_is_given_up(office) -> None:
    (dispatch,) = services.send_paper(by=office.clerk, paper=sealed(office), receivers=[("H10.05", "Sở Tài chính")])
    now, waits = timezone.now(), []

    def fail(uid: str, code: str, content: bytes) -> None:
        raise TimeoutError("không trả lời")

    for _ in range(14):
        services.deliver_waiting(carry=fail, now=now)
        dispatch.refresh_from_db()
        waits.append((dispatch.next_try_at - now).total_seconds() / 60)
        now = max(now, dispatch.next_try_at)

    assert waits[:5] == [1, 2, 4, 8, 16]
    assert dispatch.state == DispatchState.GIVEN_UP
    assert dispatch.attempts == 12
    assert "TimeoutError" in dispatch.answer


def test_recalled_paper_is_marked_at_the_receiver(office) -> None:
    paper = sealed(office)
    services.send_paper(by=office.clerk, paper=paper, receivers=[("H10.05", "Sở Tài chính")])
    services.recall_paper(by=office.clerk, paper=paper, reason="Sai phụ lục")
    carried: list[bytes] = []
    services.deliver_waiting(carry=lambda uid, code, content: carried.append(content))

    for content in carried:
        services.receive_message(by=office.system, content=content)

    assert paper.state == PaperState.RECALLED
    assert IncomingPaper.objects.get().state == IncomingState.RECALLED
    assert "Sai phụ lục" in IncomingPaper.objects.get().note


def test_replacement_goes_to_the_same_receivers_and_names_the_old_paper(office) -> None:
    old, new = sealed(office), sealed(office)
    services.send_paper(by=office.clerk, paper=old, receivers=[("H10.05", "Sở Tài chính")])

    (dispatch,) = services.replace_paper(by=office.clerk, paper=old, replacement=new, reason="Thay bản cũ")

    message = read_edxml(bytes_of(dispatch.file))
    assert old.state == PaperState.REPLACED
    assert dispatch.kind == DispatchKind.REPLACE
    assert old.code in message.replacements[0].document_id


def test_status_for_an_unknown_document_and_rubbish_change_nothing(office) -> None:
    paper = sealed(office)
    services.send_paper(by=office.clerk, paper=paper, receivers=[("H10.05", "Sở Tài chính")])
    stranger = StatusMessage(
        read_edxml(bytes_of(Dispatch.objects.get().file)).document_id, Agency("H10.99", "Lạ"), StatusCode.ACCEPTED,
        timezone.localtime().replace(tzinfo=None, microsecond=0),
    )  # fmt: skip

    assert services.receive_message(by=office.system, content=write_status(stranger)) is None
    with pytest.raises(Refused):
        services.receive_message(by=office.system, content=b"<a>")
    assert Dispatch.objects.get().state == DispatchState.WAITING


def test_sending_without_receiver_or_identifier_is_refused(office, cast) -> None:
    paper = sealed(office)

    with pytest.raises(Refused, match="ít nhất một"):
        services.send_paper(by=office.clerk, paper=paper, receivers=[])
    office.body.identifiers.all().delete()
    with pytest.raises(Refused, match="mã định danh"):
        services.send_paper(by=office.clerk, paper=paper, receivers=[("H10.05", "Sở Tài chính")])


def test_state_diagram_holds_every_step() -> None:
    drawn = state_diagram()

    assert all(step.label in drawn for step in PAPER_STEPS.values())


def test_small_office_signs_through_its_own_people(office, cast) -> None:
    """An officer initials what another drafted, and the head of the agency signs."""
    head = cast.person("Đoàn Thị Mơ")
    drafter, other = (cast.actor(Role.OFFICER, organisation=office.body) for _ in range(2))
    signer = cast.actor(Role.AGENCY_HEAD, organisation=office.body, person=head)
    paper = draft(office, by=drafter, signer=head)
    services.check_paper(by=drafter, paper=paper)

    with pytest.raises(Forbidden, match="không tự ký nháy"):
        services.initial_paper(by=drafter, paper=paper)
    services.initial_paper(by=other, paper=paper)
    services.sign_paper(by=signer, paper=paper)

    assert OfficialPaper.objects.get(pk=paper.pk).state == PaperState.SIGNED


def test_heads_of_agencies_may_be_named_as_signers_and_officers_may_not(office, make_member):
    head = make_member(Role.AGENCY_HEAD, organisation=office.body)
    officer = make_member(Role.OFFICER, organisation=office.body)

    offered = set(PaperForm(bodies=Organisation.objects.filter(pk=office.body.pk)).fields["signer"].queryset)

    assert head.person in offered
    assert office.director_person in offered
    assert officer.person not in offered
