"""What is due again is counted and found in the lists that the counts lead to; matrix, files and reviews of drafts."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from khcn.domains.qms.choices import ContextKind, DocumentType, RevisionState, RiskKind
from khcn.domains.qms.errors import DutiesConflict, StepNotOpen
from khcn.domains.qms.models import (
    Calibration,
    ContextIssue,
    Instrument,
    InterestedParty,
    RecordFolder,
    RecordSeries,
    Risk,
    Skill,
    SkillRequirement,
    Supplier,
    SupplierEvaluation,
    Training,
)
from khcn.domains.qms.queries.documents import responsibilities
from khcn.domains.qms.queries.risks import risk_cells
from khcn.domains.qms.queries.waiting import WATCHED, waiting_in
from khcn.domains.qms.services import audits, documents, registers
from khcn.domains.qms.tests.world import START, World, effective_document, make_procedure, on
from khcn.kernel.procedures.choices import StepKind
from khcn.kernel.procedures.models import Step

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def counts(world: World, day: date = TODAY) -> dict[str, int]:
    """What waits, by its text."""
    return {item.text: item.count for item in waiting_in(world.system, on=day)}


def test_everything_due_again_is_counted_in_one_statement(world: World, sql_count) -> None:
    world.system.has_laboratory = True
    past, coming = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    common = {"system": world.system}
    ContextIssue.objects.create(**common, kind=ContextKind.THREAT, text="Sáp nhập", review_on=past)
    ContextIssue.objects.create(**common, kind=ContextKind.STRENGTH, text="Cán bộ trẻ", review_on=coming)
    InterestedParty.objects.create(**common, name="Người dân", requirements="…", monitored_by="…", review_on=past)
    Risk.objects.create(**common, code="RR-1", text="Trễ", likelihood=3, impact=3, review_on=past)
    Risk.objects.create(**common, code="RR-2", text="Hết", likelihood=3, impact=3, review_on=past, closed_on=past)
    Training.objects.create(**common, title="Nhận thức", planned_on=past)
    Training.objects.create(**common, title="Đánh giá", planned_on=past, held_on=past, evaluate_on=past)
    expired, good = (Instrument.objects.create(**common, code=code, name="Cân", every_months=12) for code in "AB")
    values = {"done_on": START, "certificate": "GCN", "has_passed": True}
    Calibration.objects.create(instrument=expired, valid_until=past, **values)
    Calibration.objects.create(instrument=good, valid_until=coming, **values)
    judged, _ = (Supplier.objects.create(**common, name=name, service="Bưu chính", criteria="…") for name in "XY")
    SupplierEvaluation.objects.create(supplier=judged, year=2026, score=80, is_approved=True)
    series = RecordSeries.objects.create(**common, code="HS-1", name="Hồ sơ", retention_months=12)
    RecordFolder.objects.create(series=series, title="2024", closed_on=START, dispose_from=past)
    outside = effective_document(world, "TLBN-1")
    outside.document.type, outside.document.valid_to, outside.document.review_on = DocumentType.EXTERNAL, TODAY, past
    outside.document.save()

    with sql_count() as queries:
        found = counts(world)

    assert len(queries) == 1
    one = {
        "vấn đề bối cảnh đến hạn xem lại", "bên quan tâm đến hạn xem lại", "rủi ro đến hạn xem lại",
        "khóa đào tạo chưa tổ chức đúng kế hoạch", "khóa đào tạo chưa đánh giá hiệu quả",
        "phương tiện đo hết hạn kiểm định", "nhà cung cấp chưa đánh giá trong năm",
        "loại hồ sơ có tập hết thời hạn lưu", "tài liệu đến hạn soát xét", "tài liệu bên ngoài hết hiệu lực",
    }  # fmt: skip
    assert {text for text in one if found[text] != 1} == set()
    world.system.has_laboratory = False
    assert "phương tiện đo hết hạn kiểm định" not in counts(world)


def test_every_count_leads_to_a_list_that_its_condition_narrows(world: World, client_for) -> None:
    client = client_for(world.secretary)

    for watch in WATCHED:
        answer = client.get(f"{reverse(watch.url_name)}?{watch.query}")
        filters = answer.context["filters"]
        names = {part.partition("=")[0] for part in watch.query.split("&") if part}
        assert names <= filters.form.fields.keys(), watch.text


def test_held_series_waits_for_no_disposal(world: World) -> None:
    series = RecordSeries.objects.create(
        system=world.system, code="HS-1", name="Hồ sơ", retention_months=12, is_held=True, hold_reason="Thanh tra"
    )
    RecordFolder.objects.create(series=series, title="2024", closed_on=START, dispose_from=START)

    assert counts(world)["loại hồ sơ có tập hết thời hạn lưu"] == 0


def test_risk_matrix_shows_each_open_risk_before_and_after_treatment(world: World, client_for) -> None:
    values = {"system": world.system, "kind": RiskKind.RISK}
    Risk.objects.create(**values, code="RR-1", text="A", likelihood=5, impact=4, likelihood_after=2, impact_after=1)
    Risk.objects.create(**values, code="RR-2", text="B", likelihood=1, impact=1)

    before, after = (
        {
            risk.code: (cell.likelihood, cell.impact, cell.level.value)
            for row in risk_cells(world.system, after=stage)
            for cell in row
            for risk in cell.risks
        }
        for stage in (False, True)
    )

    assert before == {"RR-1": (5, 4, "extreme"), "RR-2": (1, 1, "low")}
    assert after == {"RR-1": (2, 1, "low"), "RR-2": (1, 1, "low")}
    page = client_for(world.secretary).get(reverse("qms_risk_matrix"), {"sau": "1"}).content.decode()
    assert "RR-1" in page
    assert page.count('class="q-level-') == 25


def test_approved_list_of_suppliers_follows_the_last_evaluation(world: World, client_for) -> None:
    good, worse = (
        Supplier.objects.create(system=world.system, name=name, service="Tư vấn", criteria="…")
        for name in ("Công ty Một", "Công ty Hai")
    )
    for supplier, year, approved in (
        (good, 2024, False),
        (good, 2025, True),
        (worse, 2024, True),
        (worse, 2025, False),
    ):
        SupplierEvaluation.objects.create(supplier=supplier, year=year, score=70, is_approved=approved)

    page = client_for(world.secretary).get(reverse("qms_supplier_list"), {"chap_nhan": "1"}).content.decode()

    assert "Công ty Một" in page
    assert "Công ty Hai" not in page
    assert "2025: 70 điểm, chấp nhận" in page


def test_draft_is_reviewed_once_by_another_than_its_author_and_the_sheet_names_them(world: World) -> None:
    draft = documents.start_document(
        by=on(world.officer, START), system=world.system, code="QT-20", type=DocumentType.PROCEDURE, title="Thẩm định",
        reason="Ban hành lần đầu", sections=[{"title": "Mục đích", "body": "…"}],
    )  # fmt: skip
    documents.submit_revision(by=on(world.officer, START), revision=draft)

    reviewed = documents.review_revision(by=on(world.secretary, START), revision=draft, note="Đã xem")

    assert (reviewed.state, reviewed.reviewer) == (RevisionState.IN_REVIEW, world.secretary.user)
    with pytest.raises(StepNotOpen, match="đã xem xét"):
        documents.review_revision(by=on(world.auditor, START), revision=draft)
    documents.return_revision(by=on(world.head, START), revision=draft, reason="Thiếu biểu mẫu")
    draft.refresh_from_db()
    assert draft.reviewer is None  # what comes back changed is looked at anew


def test_author_reviews_no_draft_of_their_own(world: World) -> None:
    draft = documents.start_document(
        by=on(world.secretary, START), system=world.system, code="QT-21", type=DocumentType.PROCEDURE, title="A",
        reason="Ban hành", sections=[{"title": "Mục đích", "body": "…"}],
    )  # fmt: skip
    documents.submit_revision(by=on(world.secretary, START), revision=draft)

    with pytest.raises(DutiesConflict):
        documents.review_revision(by=on(world.secretary, START), revision=draft)


def test_responsibilities_of_a_document_without_a_table_come_from_the_engine(world: World, client_for) -> None:
    version = make_procedure("TT-77", owner=world.organisation)
    for place, (role, name) in enumerate((("one_stop", "Tiếp nhận"), ("agency_head", "Ký duyệt")), 1):
        Step.objects.create(version=version, key=f"b{place}", place=place, name=name, kind=StepKind.HUMAN, role=role)
    revision = effective_document(world, "QT-77", procedure_code="TT-77")
    revision.steps = []
    revision.save()

    found = {(row.who, row.step, row.letter) for row in responsibilities(world.system)}

    assert ("Cán bộ một cửa", "Tiếp nhận", "R") in found
    assert ("Người đứng đầu cơ quan", "Tiếp nhận", "A") in found
    exported = client_for(world.secretary).get(reverse("qms_raci"), {"tai": "xlsx"})
    assert exported.content[:2] == b"PK"


def test_gap_of_the_matrix_leads_to_a_training_for_it(world: World, client_for) -> None:
    skill = Skill.objects.create(system=world.system, name="Đánh giá nội bộ")
    SkillRequirement.objects.create(skill=skill, position="Chuyên viên", level=3)
    client = client_for(world.secretary)

    page = client.get(reverse("qms_skills")).content.decode()
    form = client.get(reverse("qms_training_new"), {"skill": skill.pk, "title": skill.name}).content.decode()

    assert f"skill={skill.pk}" in page
    assert f'<option value="{skill.pk}" selected' in form


def test_plan_of_an_audit_prints_its_timetable(world: World, client_for) -> None:
    effective_document(world, "QT-10")
    programme = audits.draft_programme(by=on(world.secretary, START), system=world.system, year=2025)
    audits.submit_programme(by=on(world.secretary, START), programme=programme)
    audits.approve_programme(by=on(world.head, START), programme=programme)
    audit = audits.plan_audit(
        by=on(world.secretary, START), programme=programme, lines=list(programme.lines.all()),
        auditee=world.expert_unit, starts_on=START + timedelta(days=10), ends_on=START + timedelta(days=11),
        scope="Phòng Chuyên môn", criteria="TCVN ISO 9001:2015", team=[world.members["auditor"]],
        lead=world.members["auditor"], timetable="08:00 | Họp mở đầu | Đoàn | Trưởng phòng\n09:00 | QT-10",
    )  # fmt: skip
    client = client_for(world.secretary)

    page = client.get(reverse("qms_audit_page", args=[audit.uid])).content.decode()
    paper = client.get(reverse("qms_audit_plan", args=[audit.uid]))

    assert "Họp mở đầu" in page
    assert b"".join(paper)[:5] == b"%PDF-" if paper.streaming else paper.content[:5] == b"%PDF-"


def test_register_line_added_today_is_not_due_yet(world: World) -> None:
    registers.add_row(
        by=on(world.secretary, TODAY), system=world.system, model=ContextIssue,
        values={"kind": ContextKind.OPPORTUNITY, "text": "Chuyển đổi số", "review_on": timezone.localdate()},
    )  # fmt: skip

    assert counts(world)["vấn đề bối cảnh đến hạn xem lại"] == 0
