"""Every screen for those who may and may not see it; forms lead to services; refusals stand beside their field."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from khcn.domains.qms.choices import Obligation, RevisionState
from khcn.domains.qms.models import (
    Announcement,
    Audit,
    Complaint,
    DocumentRevision,
    ManagementReview,
    Nonconformity,
    Objective,
    QualitySystem,
    Risk,
)
from khcn.domains.qms.services import audits, nonconformities, reviews, scores
from khcn.domains.qms.tests.test_effectiveness import effective_world
from khcn.domains.qms.tests.world import START, World, effective_document, make_world, on
from khcn.domains.qms.views.register_specs import SPECS
from khcn.kernel.orgs.choices import OrganisationKind, OrganisationLevel
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.kernel.procedures.queries import calendar
from khcn.lib.roles import Role

pytestmark = pytest.mark.django_db
LISTS = (
    "document", "change", "audit", "nc", "review", "announcement", "inspection", "year",
    *(spec.listing.key for spec in SPECS),
)  # fmt: skip


@pytest.mark.parametrize("key", LISTS)
def test_lists_open_for_the_secretary_with_filter_order_and_export(world: World, client_for, key: str) -> None:
    client = client_for(world.secretary)

    assert client.get(reverse(f"qms_{key}_list"), {"q": "gì", "xep": "-c0"}).status_code == 200
    exported = client.get(reverse(f"qms_{key}_list"), {"tai": "xlsx"})
    assert exported.status_code == 200
    assert exported.content[:2] == b"PK"


@pytest.mark.parametrize("key", [spec.listing.key for spec in SPECS])
def test_register_forms_open_for_the_secretary(world: World, client_for, key: str) -> None:
    answer = client_for(world.secretary).get(reverse(f"qms_{key}_new"))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "name", ["qms_people", "qms_skills", "qms_process_map", "qms_raci", "qms_start_set", "qms_document_new",
             "qms_change_new", "qms_nc_new", "qms_nc_board", "qms_review_new", "qms_announcement_new", "qms_reading",
             "qms_programme_new", "qms_enrol", "qms_unit_new", "qms_member_new"],
)  # fmt: skip
def test_pages_of_the_agency_open_for_the_secretary(world: World, client_for, name: str) -> None:
    effective_document(world)

    assert client_for(world.secretary).get(reverse(name)).status_code == 200


def test_every_record_page_opens_and_is_hidden_from_other_agencies(world: World, client_for, sql_count) -> None:
    effective_world(world)
    year = scores.compute_year(by=on(world.secretary, date(2026, 1, 5)), system=world.system, year=2025)
    nc = Nonconformity.objects.create(
        system=world.system, code="KPH-1", source="self", title="Chậm", description="…", detected_on=START
    )
    audit = Audit.objects.get()
    review, announcement = ManagementReview.objects.get(), Announcement.objects.get()
    revision = DocumentRevision.objects.get()
    pages = [
        reverse("qms_system_page", args=[world.system.uid]) + "?nam=2025",
        reverse("qms_document_page", args=[revision.document.uid]), reverse("qms_revision_page", args=[revision.uid]),
        reverse("qms_read", args=[revision.uid]), reverse("qms_revision_copy", args=[revision.uid]),
        reverse("qms_programme_page", args=[audit.programme.uid]), reverse("qms_audit_page", args=[audit.uid]),
        reverse("qms_audit_report", args=[audit.uid]), reverse("qms_nc_page", args=[nc.uid]),
        reverse("qms_review_page", args=[review.uid]), reverse("qms_review_paper", args=[review.uid]),
        reverse("qms_announcement_page", args=[announcement.uid]),
        reverse("qms_announcement_file", args=[announcement.uid]),
        reverse("qms_year_page", args=[year.uid]) + "?kiem_tra=1", reverse("qms_export", args=[world.system.uid]),
        reverse("qms_item_page", args=[audit.items.first().uid]),
    ]  # fmt: skip
    stranger, inside, above = (
        client_for(make_member(Role.OFFICER)), client_for(world.secretary), client_for(world.overseer)
    )  # fmt: skip

    for page in pages:
        assert inside.get(page).status_code == 200, page
        assert above.get(page).status_code == 200, page
        assert stranger.get(page).status_code == 404, page
    assert client_for().get(pages[0]).status_code == 302
    with sql_count() as queries:
        inside.get(pages[0])
    assert len(queries) <= 75


def test_province_page_shows_the_three_answers_to_overseers_only(world: World, client_for) -> None:
    effective_world(world)
    scores.compute_all(by=on(world.overseer, date(2026, 1, 5)), year=2025)

    page = client_for(world.overseer).get(reverse("qms_province"), {"nam": 2025})

    assert page.status_code == 200
    assert page.context["tally"].effective == 1
    assert "2.025" not in page.content.decode()  # a year is no amount
    assert str(world.system) in page.content.decode()
    assert client_for(world.secretary).get(reverse("qms_province")).status_code == 404
    assert client_for(world.secretary).get(reverse("qms_home")).status_code == 302


def test_commune_begins_a_system_that_it_is_encouraged_to_have_and_no_company_does(world: World, client_for) -> None:
    commune = make_organisation("Xã Đa Kia", level=OrganisationLevel.COMMUNE)
    company = make_organisation("Công ty A", kind=OrganisationKind.ENTERPRISE, level=OrganisationLevel.NONE)
    client = client_for(world.overseer)

    for body in (commune, company):
        client.post(reverse("qms_enrol"), {"organisation": body.pk, "started_on": "06/01/2025"})

    begun = QualitySystem.objects.exclude(pk=world.system.pk).get()
    assert (begun.organisation, begun.obligation) == (commune, Obligation.ENCOURAGED)


def test_document_from_form_to_effect_in_the_browser(world: World, client_for) -> None:
    secretary, head = client_for(world.secretary), client_for(world.head)
    today = f"{timezone.localdate():%d/%m/%Y}"
    secretary.post(
        reverse("qms_document_new"),
        {"code": "QT-7", "title": "Cấp bản sao", "type": "procedure", "reason": "Ban hành lần đầu"},
    )
    revision = DocumentRevision.objects.get()
    bad = secretary.post(
        reverse("qms_revision_edit", args=[revision.uid]),
        {"sections": "# Mục đích\nQuy định", "table": "Một cột", "reason": "Mới", "version": 1},
    )
    assert bad.status_code == 422
    secretary.post(
        reverse("qms_revision_edit", args=[revision.uid]),
        {"sections": "# Mục đích\nQuy định", "table": "Chuyên viên | Thẩm định", "reason": "Mới", "version": 1,
         "needs_reading": "on"},
    )  # fmt: skip
    act = lambda event: reverse("qms_act", args=["revision", revision.uid, event])  # noqa: E731
    assert secretary.get(act("submit")).status_code == 200
    secretary.post(act("submit"))
    assert secretary.post(act("approve"), {"effective_from": today}).status_code == 403
    assert head.post(act("approve"), {"effective_from": "01/01/2020"}).status_code == 422
    head.post(act("approve"), {"effective_from": today})
    secretary.post(act("bring_into_effect"))

    revision.refresh_from_db()
    assert revision.state == RevisionState.EFFECTIVE
    officer = client_for(world.officer)
    officer.get(reverse("qms_read", args=[revision.uid]))
    officer.post(reverse("qms_read", args=[revision.uid]))
    assert revision.acks.get(reader=world.officer.user).acknowledged_on == timezone.localdate()


def test_registers_add_change_and_remove_in_the_browser(world: World, client_for) -> None:
    client = client_for(world.secretary)
    values = {"kind": "risk", "text": "Thiếu người", "likelihood": 3, "impact": 4, "treatment": "Dự phòng"}

    assert client.post(reverse("qms_risk_new"), {**values, "likelihood": 9}).status_code == 422
    assert client.post(reverse("qms_risk_new"), values).status_code == 302
    row = Risk.objects.get()
    assert row.code == f"RR-{timezone.localdate():%Y}-001"
    page = client.get(reverse("qms_risk_page", args=[row.uid]))
    assert "Thiếu người" in page.content.decode()
    edit = reverse("qms_risk_edit", args=[row.uid])
    assert client.get(edit).status_code == 200
    changed = {**values, "likelihood_after": 1, "impact_after": 2, "version": 1}
    assert client.post(edit, changed).status_code == 302
    assert client.post(edit, {**changed, "text": "Khác"}).status_code == 409
    client.post(reverse("qms_risk_remove", args=[row.uid]))
    assert not Risk.objects.exists()


def test_register_of_another_agency_is_not_written(world: World, client_for) -> None:
    other = make_world()
    theirs = Objective.objects.create(system=other.system, code="M", year=2025, name="Mục tiêu", target=1)

    answer = client_for(world.secretary).post(reverse("qms_objective_edit", args=[theirs.uid]), {"name": "Lạ"})

    assert answer.status_code == 404


def test_complaint_is_answered_by_an_officer(world: World, client_for) -> None:
    client = client_for(world.officer)
    client.post(reverse("qms_complaint_new"), {"from_whom": "Ông A", "content": "Chờ lâu", "received_on": "06/01/2025"})
    row = Complaint.objects.get()
    assert row.due_on > row.received_on

    client.post(reverse("qms_complaint_answer", args=[row.uid]), {"answer": "Xin lỗi", "is_justified": "1"})

    row.refresh_from_db()
    assert row.is_justified
    assert row.answered_on == timezone.localdate()


def test_nonconformity_plan_in_the_browser_asks_for_whole_lines(world: World, client_for) -> None:
    today = timezone.localdate()
    found = nonconformities.note_nonconformity(
        by=on(world.officer, today), system=world.system, source="self", severity="minor", title="Chậm",
        description="Hồ sơ 1",
    )  # fmt: skip
    nonconformities.open_analysis(
        by=on(world.secretary, today), nonconformity=found, owner=world.members["officer"], due_on=today
    )
    address = reverse("qms_act", args=["nonconformity", found.uid, "plan"])
    values = {
        "why_1": "Thiếu người", "why_2": "Nghỉ phép", "root_cause": "Không có người thay", "what_1": "Phân công",
        "owner_1": world.members["officer"].pk, "due_1": f"{today:%d/%m/%Y}", "what_2": "Đào tạo",
    }  # fmt: skip
    client = client_for(world.officer)

    assert client.get(address).status_code == 200
    assert client.post(address, values).status_code == 422
    values["owner_2"], values["due_2"] = world.members["secretary"].pk, f"{today:%d/%m/%Y}"
    assert client.post(address, values).status_code == 302
    assert found.actions.count() == 2


def test_audit_checklist_on_the_phone_leads_to_the_next_point(world: World, client_for) -> None:
    effective_document(world)
    day = calendar().next_working_day(timezone.localdate())
    programme = audits.draft_programme(by=on(world.secretary, day), system=world.system, year=day.year)
    audits.submit_programme(by=on(world.secretary, day), programme=programme)
    audits.approve_programme(by=on(world.head, day), programme=programme)
    planned = client_for(world.secretary).get(reverse("qms_audit_new", args=[programme.uid]))
    assert planned.status_code == 200
    audit = audits.plan_audit(
        by=on(world.secretary, day), programme=programme, lines=list(programme.lines.all()),
        auditee=world.expert_unit, starts_on=day, ends_on=day, scope="S", criteria="C",
        team=[world.members["auditor"]], lead=world.members["auditor"],
    )  # fmt: skip
    audits.prepare_checklist(by=on(world.secretary, day), audit=audit)
    type(audit).objects.filter(pk=audit.pk).update(state="running")
    first, second = audit.items.all()[:2]

    answer = client_for(world.auditor).post(
        reverse("qms_item_page", args=[first.uid]), {"finding": "conform", "evidence": "Đã xem sổ"}
    )

    assert answer["Location"] == reverse("qms_item_page", args=[second.uid])
    forbidden = client_for(world.officer).post(
        reverse("qms_item_page", args=[second.uid]), {"finding": "conform", "evidence": "Đã xem"}
    )
    assert forbidden.status_code in {302, 403}
    second.refresh_from_db()
    assert second.finding == ""


def test_review_page_shows_inputs_before_they_are_frozen(world: World, client_for) -> None:
    day = calendar().next_working_day(timezone.localdate())
    review = reviews.plan_review(by=world.secretary.actor, system=world.system, planned_on=day)

    page = client_for(world.head).get(reverse("qms_review_page", args=[review.uid]))

    assert [item["letter"] for item in page.context["inputs"]] == list("abcdef")


def test_search_finds_documents_of_own_agency_only(world: World, client_for) -> None:
    effective_document(world, "QT-99")

    mine = client_for(world.officer).get(reverse("search"), {"q": "QT-99"}).content.decode()
    theirs = client_for(make_member(Role.OFFICER)).get(reverse("search"), {"q": "QT-99"}).content.decode()

    assert "Tài liệu QT-99" in mine
    assert "Tài liệu QT-99" not in theirs
