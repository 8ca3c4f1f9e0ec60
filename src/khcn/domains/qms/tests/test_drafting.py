"""Many documents at once: what one refuses stops no other, and nobody approves their own."""

from datetime import date

import pytest
from django.urls import reverse

from khcn.domains.qms.choices import RevisionState, TemplateKind
from khcn.domains.qms.models import ControlledDocument, DocumentRevision
from khcn.domains.qms.rules.procedure_text import Published, draft_sections
from khcn.domains.qms.services import documents, drafting, templates
from khcn.domains.qms.tests.world import START, World, make_procedure, on
from khcn.lib.failure import Forbidden

TITLES = [
    "Mục đích", "Phạm vi", "Tài liệu viện dẫn", "Định nghĩa, viết tắt", "Nội dung công bố", "Thành phần hồ sơ",
    "Trình tự thực hiện", "Hồ sơ lưu",
]  # fmt: skip


def test_sections_follow_the_model_framework_and_ask_for_what_is_not_published() -> None:
    known = draft_sections(
        Published("Cấp phép", "Sở A", code="1.01", components=("Đơn (01 bản chính)", "Bản đồ"), time="5 ngày làm việc")
    )
    bare = draft_sections(Published("Nghiệm thu", "Sở A"))

    assert [item["title"] for item in known] == [item["title"] for item in bare] == TITLES
    assert known[5]["body"] == "1. Đơn (01 bản chính)\n2. Bản đồ"
    assert "Thời hạn giải quyết: 5 ngày làm việc" in known[4]["body"]
    assert bare[5]["body"] == "(bổ sung)"


@pytest.mark.django_db
def test_missing_procedures_are_drafted_once_by_the_secretary(world: World) -> None:
    make_procedure("KH-01", owner=world.organisation)
    make_procedure("KH-02", owner=world.organisation)
    by = on(world.secretary, START)

    with pytest.raises(Forbidden):
        drafting.draft_missing(by=on(world.officer, START), system=world.system)
    first = drafting.draft_missing(by=by, system=world.system)
    again = drafting.draft_missing(by=by, system=world.system)

    assert [(row.document.code, row.document.procedure_code) for row in first] == [
        ("QT-01", "KH-01"),
        ("QT-02", "KH-02"),
    ]
    assert again == []


@pytest.mark.django_db
def test_set_is_sent_looked_at_and_approved_together_and_refusals_stay_apart(world: World) -> None:
    secretary, auditor, head = on(world.secretary, START), on(world.auditor, START), on(world.head, START)
    drafted = templates.start_from_templates(by=secretary, system=world.system, kind=TemplateKind.PROVINCIAL, year=2025)
    own = documents.start_document(
        by=head, system=world.system, code="HD-1", type="instruction", title="Của người đứng đầu", reason="Mới",
        sections=[{"title": "A", "body": "B"}],
    )  # fmt: skip
    empty = documents.start_document(
        by=secretary, system=world.system, code="HD-2", type="instruction", title="Chưa viết", reason="Mới"
    )

    sent = drafting.submit_all(by=secretary, revisions=[*drafted, own, empty])
    looked = drafting.review_all(by=auditor, revisions=DocumentRevision.objects.filter(state=RevisionState.IN_REVIEW))
    approved = drafting.approve_all(
        by=head, revisions=DocumentRevision.objects.filter(state=RevisionState.IN_REVIEW), effective_from=START
    )

    assert [code for code, _why in sent.refused] == ["HD-2"]
    assert len(looked.done) == len(drafted) + 1
    assert [code for code, _why in approved.refused] == ["HD-1"]
    in_effect = DocumentRevision.objects.filter(state=RevisionState.EFFECTIVE)
    assert in_effect.count() == len(drafted)
    assert DocumentRevision.objects.get(pk=own.pk).approver is None


@pytest.mark.django_db
def test_documents_approved_for_a_later_day_wait_for_it(world: World) -> None:
    secretary = on(world.secretary, START)
    drafted = templates.start_from_templates(by=secretary, system=world.system, kind=TemplateKind.COMMUNE, year=2025)
    drafting.submit_all(by=secretary, revisions=drafted)

    rows = DocumentRevision.objects.filter(state=RevisionState.IN_REVIEW)
    drafting.approve_all(by=on(world.head, START), revisions=rows, effective_from=date(2025, 2, 3))

    assert set(DocumentRevision.objects.values_list("state", flat=True)) == {RevisionState.APPROVED}


@pytest.mark.django_db
def test_page_offers_each_office_its_own_steps_and_tells_refusals(world: World, client_for) -> None:
    address = reverse("qms_documents_together")
    secretary = client_for(world.secretary)
    assert "Không có tài liệu nào" in secretary.get(address).content.decode()
    draft = documents.start_document(
        by=on(world.secretary, START), system=world.system, code="HD-2", type="instruction", title="Chưa viết",
        reason="Mới",
    )  # fmt: skip

    offered = {
        name: client_for(who).get(address).content.decode() for name, who in
        (("secretary", world.secretary), ("head", world.head), ("officer", world.officer))
    }  # fmt: skip
    nothing = secretary.post(address, {"event": "submit"}, follow=True).content.decode()
    refused = secretary.post(address, {"event": "submit", "chon": [str(draft.uid), "x"]}, follow=True).content.decode()
    forbidden = client_for(world.officer).post(address, {"event": "approve", "chon": str(draft.uid)}, follow=True)

    assert 'value="approve"' in offered["head"]
    assert 'value="approve"' not in offered["secretary"]
    assert 'value="approve"' not in offered["officer"]
    assert "Chọn ít nhất một tài liệu" in nothing
    assert "chưa có nội dung" in refused
    assert forbidden.status_code == 200
    assert ControlledDocument.objects.get().revisions.get().state == RevisionState.DRAFT
