"""Document control: one revision in effect, duties apart, bases in force, readers, copies, changes, records."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from khcn.domains.qms.choices import ChangePolicy, Disposal, DocumentType, RevisionState
from khcn.domains.qms.errors import DutiesConflict, NotYetProven, StepNotOpen, TooEarly
from khcn.domains.qms.models import DocumentRevision, ReadAck, RecordSeries
from khcn.domains.qms.queries.documents import copy_for, responsibilities, where_used
from khcn.domains.qms.queries.skeletons import drafted_from
from khcn.domains.qms.rules.document_text import parse_sections, parse_steps, print_sections, print_steps
from khcn.domains.qms.services import changes, documents, records, registers
from khcn.domains.qms.services.documents import bring_due_into_effect
from khcn.domains.qms.tests.world import MACHINE, START, World, effective_document, on, put_into_effect
from khcn.kernel.documents.models import LegalInstrument
from khcn.kernel.notices.models import Notice
from khcn.kernel.orgs.tests.cast import make_member
from khcn.kernel.procedures.choices import NormUnit, ProcedureKind, StepKind
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step
from khcn.kernel.procedures.services import install_procedure
from khcn.lib.failure import Forbidden, Stale

pytestmark = pytest.mark.django_db


def test_bring_into_effect_closes_the_earlier_revision_and_asks_everybody_to_read(world: World) -> None:
    first = effective_document(world)
    draft = documents.draft_revision(by=on(world.secretary, START), document=first.document, reason="Đổi biểu mẫu")
    later = START + timedelta(days=30)

    put_into_effect(world, draft, later)

    first.refresh_from_db()
    assert first.state == RevisionState.SUPERSEDED
    assert first.effective_to == later
    assert draft.number == "1.1"
    assert ReadAck.objects.filter(revision=draft).count() == 4
    assert ReadAck.objects.filter(revision=first).first().due_on == date(2025, 1, 20)  # ten working days


@pytest.mark.database
def test_effective_revision_a_second_one_is_refused_by_the_database(world: World) -> None:
    first = effective_document(world)
    draft = documents.draft_revision(by=on(world.secretary, START), document=first.document, reason="Sửa")

    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentRevision.objects.filter(pk=draft.pk).update(state="effective", effective_from=START)


def test_approve_by_the_author_is_refused(world: World) -> None:
    by = on(world.head, START)
    draft = documents.start_document(
        by=by, system=world.system, code="QT-1", type=DocumentType.PROCEDURE, title="Quy trình", reason="Mới",
        sections=[{"title": "Mục đích", "body": "Nội dung"}],
    )  # fmt: skip
    documents.submit_revision(by=by, revision=draft)

    with pytest.raises(DutiesConflict):
        documents.approve_revision(by=by, revision=draft, effective_from=START)


def test_approve_by_an_officer_is_forbidden(world: World) -> None:
    draft = documents.start_document(
        by=on(world.officer, START), system=world.system, code="QT-1", type=DocumentType.PROCEDURE, title="Quy trình",
        reason="Mới", sections=[{"title": "Mục đích", "body": "Nội dung"}],
    )  # fmt: skip
    documents.submit_revision(by=on(world.officer, START), revision=draft)

    with pytest.raises(Forbidden):
        documents.approve_revision(by=on(world.auditor, START), revision=draft, effective_from=START)


def test_approve_with_an_ended_legal_basis_or_a_form_not_in_effect_is_refused(world: World) -> None:
    by = on(world.secretary, START)
    law = LegalInstrument.objects.create(number="01/2020/TT", title="Thông tư", valid_to=START)
    form = documents.start_document(
        by=by, system=world.system, code="BM-1", type=DocumentType.FORM, title="Phiếu", reason="Mới",
        sections=[{"title": "Phiếu", "body": "…"}],
    )  # fmt: skip
    draft = documents.start_document(
        by=by, system=world.system, code="QT-1", type=DocumentType.PROCEDURE, title="Quy trình", reason="Mới"
    )
    sections = [{"title": "Mục đích", "body": "Nội dung"}]
    documents.edit_draft(by=by, revision=draft, sections=sections, table=[], forms=[], legal_bases=[law])
    documents.submit_revision(by=by, revision=draft)

    with pytest.raises(NotYetProven, match="01/2020/TT"):
        documents.approve_revision(by=on(world.head, START), revision=draft, effective_from=START)
    documents.return_revision(by=on(world.head, START), revision=draft, reason="Thay căn cứ")
    documents.edit_draft(by=by, revision=draft, sections=sections, table=[], forms=[form.document], legal_bases=[])
    documents.submit_revision(by=by, revision=draft)
    with pytest.raises(NotYetProven, match="BM-1"):
        documents.approve_revision(by=on(world.head, START), revision=draft, effective_from=START)


def test_submit_without_contents_is_refused(world: World) -> None:
    draft = documents.start_document(
        by=on(world.secretary, START), system=world.system, code="QT-1", type=DocumentType.PROCEDURE, title="Quy trình",
        reason="Mới",
    )  # fmt: skip

    with pytest.raises(NotYetProven):
        documents.submit_revision(by=on(world.secretary, START), revision=draft)


def test_edit_draft_from_an_old_page_is_stale(world: World) -> None:
    by = on(world.secretary, START)
    draft = documents.start_document(
        by=by, system=world.system, code="QT-1", type=DocumentType.PROCEDURE, title="Quy trình", reason="Mới"
    )
    documents.edit_draft(by=by, revision=draft, sections=[], table=[], expected_version=1)

    with pytest.raises(Stale):
        documents.edit_draft(by=by, revision=draft, sections=[], table=[], expected_version=1)


def test_bring_due_into_effect_waits_for_the_day_and_runs_once(world: World) -> None:
    draft = documents.start_document(
        by=on(world.secretary, START), system=world.system, code="QT-1", type=DocumentType.PROCEDURE, title="Quy trình",
        reason="Mới", sections=[{"title": "Mục đích", "body": "Nội dung"}],
    )  # fmt: skip
    documents.submit_revision(by=on(world.secretary, START), revision=draft)
    day = START + timedelta(days=5)
    documents.approve_revision(by=on(world.head, START), revision=draft, effective_from=day)

    with pytest.raises(TooEarly):
        documents.bring_into_effect(by=on(world.secretary, START), revision=draft)
    assert bring_due_into_effect(by=on(MACHINE, START)) == []
    assert bring_due_into_effect(by=on(MACHINE, day)) == [draft]
    assert bring_due_into_effect(by=on(MACHINE, day)) == []


def test_acknowledge_without_opening_is_refused_and_strangers_have_nothing_to_acknowledge(world: World) -> None:
    revision = effective_document(world)

    with pytest.raises(NotYetProven):
        documents.acknowledge(by=on(world.officer, START), revision=revision)
    documents.open_for_reading(by=on(world.officer, START), revision=revision)
    ack = documents.acknowledge(by=on(world.officer, START), revision=revision)

    assert ack.acknowledged_on == START
    with pytest.raises(Exception, match="không có trong danh sách"):
        documents.acknowledge(by=make_member().actor, revision=revision)


@pytest.mark.parametrize(
    ("state", "mark"),
    [("effective", "TÀI LIỆU ĐƯỢC KIỂM SOÁT"), ("superseded", "TÀI LIỆU HẾT HIỆU LỰC"), ("draft", "DỰ THẢO")],
)
def test_copy_for_every_page_carries_the_mark_of_its_state(world: World, state: str, mark: str) -> None:
    revision = effective_document(world)
    DocumentRevision.objects.filter(pk=revision.pk).update(state=state)
    revision.refresh_from_db()

    copy = copy_for(revision, actor=world.officer.actor, now=timezone.localtime())

    pages = PdfReader(io.BytesIO(copy.content)).pages
    assert pages
    assert all(mark in " ".join(page.extract_text().split()) for page in pages)
    assert all("QT-10" in page.extract_text() for page in pages)


def test_withdraw_recalls_copies_and_where_used_names_who_uses_the_form(world: World) -> None:
    form = effective_document(world, "BM-1", type=DocumentType.FORM)
    by = on(world.secretary, START)
    user = documents.start_document(
        by=by, system=world.system, code="QT-2", type=DocumentType.PROCEDURE, title="Quy trình", reason="Mới"
    )
    documents.edit_draft(by=by, revision=user, sections=[], table=[], forms=[form.document])
    copy = documents.distribute(by=by, revision=form, receiver="Bộ phận một cửa")

    documents.withdraw_revision(by=by, revision=form, reason="Không dùng nữa")

    copy.refresh_from_db()
    assert copy.recalled_on == START
    assert [use.text for use in where_used(form.document)] == ["QT-2 Quy trình (1.0)"]


def test_responsibilities_are_read_from_step_tables(world: World) -> None:
    effective_document(world)

    found = {(row.who, row.step, row.letter) for row in responsibilities(world.system)}

    assert ("Chuyên viên", "Thẩm định", "R") in found
    assert ("Giám đốc", "Thẩm định", "A") in found


def test_change_request_decided_by_whoever_asked_is_refused(world: World) -> None:
    document = effective_document(world).document
    change = changes.ask_change(
        by=on(world.head, START), system=world.system, title="Rút ngắn bước", reason="Chậm", document=document
    )
    changes.assess_change(
        by=on(world.secretary, START), change=change, impact_documents="QT-10", impact_training="không có",
        case_policy=ChangePolicy.MIGRATE,
    )  # fmt: skip

    with pytest.raises(DutiesConflict):
        changes.decide_change(by=on(world.head, START), change=change, is_approved=True)
    with pytest.raises(StepNotOpen):
        changes.finish_change(by=on(world.secretary, START), change=change)


def test_dispose_folder_held_or_early_is_refused(world: World) -> None:
    by = on(world.secretary, START)
    series = registers.add_row(
        by=by, system=world.system, model=RecordSeries,
        values={"code": "HS-1", "name": "Hồ sơ", "keeper": world.office, "medium": "paper", "retention_months": 12,
                "disposal": Disposal.DESTROY, "basis": ""},
    )  # fmt: skip
    folder = records.close_folder(by=by, series=series, title="Năm 2024", closed_on=date(2024, 12, 31))

    with pytest.raises(TooEarly):
        records.dispose_folder(by=on(world.head, date(2025, 12, 30)), folder=folder, paper="01/BB")
    records.hold_series(by=by, series=series, reason="Đang thanh tra")
    folder.series.refresh_from_db()
    with pytest.raises(StepNotOpen, match="thanh tra"):
        records.dispose_folder(by=on(world.head, date(2026, 1, 1)), folder=folder, paper="01/BB")
    records.hold_series(by=by, series=series, reason="")
    folder.series.refresh_from_db()
    assert records.dispose_folder(by=on(world.head, date(2026, 1, 1)), folder=folder, paper="01/BB").disposed_on


def test_scope_difference_after_the_announcement_tells_the_secretary(world: World) -> None:
    from khcn.domains.qms.models import Announcement

    effective_document(world)
    Announcement.objects.create(
        system=world.system, state="published", standard="S", scope="P", published_on=START, effective_from=START,
        procedures=[{"code": "QT-10", "title": "", "issue": 1, "revision": 0}],
    )  # fmt: skip

    effective_document(world, "QT-11")

    told = Notice.objects.filter(recipient=world.secretary.user, done_at=None, title__startswith="Công bố lại")
    assert told.get().body == "thêm QT-11"


def test_document_text_prints_and_parses_back() -> None:
    sections = [{"title": "Mục đích", "body": "Một.\nHai."}, {"title": "Phạm vi", "body": ""}]
    steps = [{"who": "A", "what": "B", "time": "", "form": "BM", "output": ""}]

    assert parse_sections(print_sections(sections)) == sections
    assert parse_steps(print_steps(steps)) == steps
    assert parse_sections("Không có đề mục") == [{"title": "Nội dung", "body": "Không có đề mục"}]
    with pytest.raises(ValueError, match="2"):
        parse_steps("A | B\nChỉ có một cột")


def test_empty_draft_of_a_procedure_begins_with_its_cover_and_steps(world: World, client_for) -> None:
    work = {"role": "officer", "norm": Decimal("1.5"), "norm_unit": NormUnit.WORKING_DAY}
    version = install_procedure(
        by=on(world.secretary, START), approver=on(world.head, START), code="QT-NOI", title="Xử lý",
        owner=world.organisation,
        definition=Definition(
            (
                Step("a", "", StepKind.START), Step("b", "Thẩm định", StepKind.HUMAN, **work),
                Step("c", "", StepKind.END),
            ),
            (Flow("f1", "a", "b"), Flow("f2", "b", "c")),
        ),
        kind=ProcedureKind.TTHC, effective_from=START,
    )  # fmt: skip
    version.purpose = "Thống nhất cách làm."
    version.save()
    draft = documents.start_document(
        by=on(world.secretary, START), system=world.system, code="QT-11", type=DocumentType.PROCEDURE, title="Xử lý",
        reason="Ban hành lần đầu", procedure_code="QT-NOI",
    )  # fmt: skip

    page = client_for(world.secretary).get(reverse("qms_revision_edit", args=[draft.uid])).content.decode()

    assert "# Mục đích\nThống nhất cách làm." in page
    assert "Công chức, viên chức của cơ quan | Thẩm định | 1,5 ngày làm việc" in page
    assert drafted_from("không có") == ([], [])
