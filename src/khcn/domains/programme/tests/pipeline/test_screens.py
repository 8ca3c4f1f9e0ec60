"""Screens of the pipeline: the fixed cast on every page, one happy path in the browser, constant SQL counts."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khcn.domains.programme.models import Application, Call, Order, OrderList, Proposal, SavedFilter, Task
from khcn.domains.programme.services import applications
from khcn.kernel.orgs.tests.cast import client_for

from . import journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def browser(cast):
    return {name: client_for(user) for name, user in vars(cast.users).items()} | {"anonymous": client_for()}


@pytest.fixture
def pdf():
    return SimpleUploadedFile("to-trinh.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "application/pdf")


def statuses(browser, address):
    return {name: client.get(address).status_code for name, client in browser.items()}


def proposal_fields(full, **more):
    values = {name: value for name, value in full.items() if name != "is_secret"}
    return {"title": journey.TITLE, "kind": "research", "level": "provincial", "is_secret": "no", **values, **more}


def test_proposal_page_draft_is_its_units_alone(cast, browser, full_proposal, today):
    proposal = journey.draft(cast, full_proposal, today)

    seen = statuses(browser, reverse("proposal_page", args=[proposal.uid]))

    assert {name for name, status in seen.items() if status == 200} == {"owner", "colleague"}
    assert seen["anonymous"] == 302
    assert {seen[name] for name in ("stranger", "specialist", "head", "director", "leader")} == {404}


def test_proposal_page_submitted_is_read_by_the_standing_body_not_by_other_units(cast, browser, full_proposal, today):
    proposal = journey.submitted(cast, full_proposal, today)

    seen = statuses(browser, reverse("proposal_page", args=[proposal.uid]))

    assert {name for name, status in seen.items() if status == 404} == {"stranger"}


@pytest.mark.parametrize("name", ["proposal_list", "order_list_list", "call_list", "application_list", "lookup"])
def test_lists_open_for_the_whole_cast_and_not_without_signing_in(browser, name):
    seen = statuses(browser, reverse(name))

    assert seen.pop("anonymous") == 302
    assert set(seen.values()) == {200}


def test_proposal_form_new_edit_autosave_and_submit(cast, browser, full_proposal):
    mine = browser["owner"]
    made = mine.post(reverse("proposal_new"), {"proposer": cast.units.owner.uid, **proposal_fields(full_proposal)})
    proposal = Proposal.objects.get()
    assert made.status_code == 302
    assert proposal.need == full_proposal["need"]

    kept = mine.post(
        reverse("proposal_autosave", args=[proposal.uid]),
        proposal_fields(full_proposal, need="đang gõ dở", budget_vnd="chưa rõ", version=proposal.version),
    )
    assert kept.status_code == 200
    assert kept.json()["told"].startswith("đã lưu ")
    proposal.refresh_from_db()
    assert (proposal.need, proposal.budget_vnd, proposal.version) == (
        "đang gõ dở", full_proposal["budget_vnd"], kept.json()["version"],
    )  # fmt: skip

    mine.post(reverse("proposal_act", args=[proposal.uid, "submit"]), {"version": proposal.version})
    proposal.refresh_from_db()
    assert proposal.state == "submitted"


def test_proposal_autosave_with_old_version_says_so_and_keeps_theirs(cast, browser, full_proposal, today):
    proposal = journey.draft(cast, full_proposal, today)

    answer = browser["owner"].post(
        reverse("proposal_autosave", args=[proposal.uid]), proposal_fields(full_proposal, need="cũ", version=1)
    )

    assert answer.status_code == 409
    assert "người khác sửa" in answer.json()["problem"]


def test_proposal_edit_with_old_version_shows_both_versions(cast, browser, full_proposal, today):
    proposal = journey.draft(cast, full_proposal, today)
    seen = proposal.version
    browser["colleague"].post(
        reverse("proposal_edit", args=[proposal.uid]), proposal_fields(full_proposal, need="Bản của Bình", version=seen)
    )

    answer = browser["owner"].post(
        reverse("proposal_edit", args=[proposal.uid]), proposal_fields(full_proposal, need="Bản của Hoa", version=seen)
    )

    assert answer.status_code == 409
    assert "Bản của Bình" in answer.content.decode()
    assert "Bản của Hoa" in answer.content.decode()


def test_proposal_edit_by_reader_is_not_found(cast, browser, full_proposal, today):
    proposal = journey.submitted(cast, full_proposal, today)

    assert browser["specialist"].get(reverse("proposal_edit", args=[proposal.uid])).status_code == 404


def test_proposal_list_finds_without_accents_exports_and_saves_the_filter(cast, browser, full_proposal, today):
    journey.submitted(cast, full_proposal, today)
    mine = browser["specialist"]

    found = mine.get(reverse("proposal_list"), {"q": "nam xanh dieu", "state": "submitted", "year": 2025})
    missed = mine.get(reverse("proposal_list"), {"q": "vật liệu nano"})
    book = mine.get(reverse("proposal_list"), {"q": "nam xanh", "tai": "xlsx"})
    mine.post(reverse("pipeline_filter_save", args=["proposals"]), {"name": "Nấm xanh", "query": "q=nam+xanh&trang=2"})

    assert journey.TITLE in found.content.decode()
    assert journey.TITLE not in missed.content.decode()
    assert book.content.startswith(b"PK")
    assert SavedFilter.objects.get().query == "q=nam+xanh"
    assert "Nấm xanh" in mine.get(reverse("proposal_list")).content.decode()
    assert "Nấm xanh" not in browser["head"].get(reverse("proposal_list")).content.decode()


def test_attached_file_is_served_to_readers_of_the_proposal_only(cast, browser, full_proposal, today, pdf):
    proposal = journey.submitted(cast, full_proposal, today)
    browser["owner"].post(
        reverse("proposal_attach", args=[proposal.uid]), {"title": "Tờ trình", "kind": "TTr", "file": pdf}
    )
    document = browser["owner"].get(reverse("proposal_page", args=[proposal.uid])).context["history"].documents[0]

    seen = statuses(browser, reverse("document_file", args=[document.revisions.get().uid]))

    assert (seen["owner"], seen["specialist"], seen["stranger"]) == (200, 200, 404)


def test_look_up_page_signed_in_the_browser_moves_the_proposal_on(cast, browser, full_proposal, today):
    proposal = journey.valid(cast, full_proposal, today)
    clerk = browser["specialist"]
    clerk.post(reverse("look_up_start", args=[proposal.uid]))
    check = proposal.checks.get()

    assert clerk.get(reverse("look_up_page", args=[check.uid])).status_code == 200
    assert browser["owner"].get(reverse("look_up_page", args=[check.uid])).status_code == 404
    empty = clerk.post(reverse("look_up_page", args=[check.uid]), {"is_duplicate": "no", "verdict": ""})
    assert empty.status_code == 422
    clerk.post(reverse("look_up_page", args=[check.uid]), {"is_duplicate": "no", "verdict": "Không thấy trùng."})

    proposal.refresh_from_db()
    assert proposal.state == "similarity_checked"
    for name in ("look_up_word", "look_up_print"):
        assert clerk.get(reverse(name, args=[check.uid])).status_code == 200


def test_lookup_typed_without_accents_shows_what_differs_and_claims_nothing(cast, browser, full_proposal, today):
    journey.submitted(cast, full_proposal, today)

    shown = browser["specialist"].get(reverse("lookup"), {"title": "nam xanh tru sau hai dieu tai Loc Ninh"})
    hidden = browser["owner"].get(reverse("lookup"), {"title": "nam xanh tru sau hai dieu tai Loc Ninh"})

    text = shown.content.decode()
    assert "DX-" in text
    assert "không phải là bằng chứng trùng lặp" in text
    assert "p-differs" in text
    assert "DX-" not in hidden.content.decode()


def lines(part, rows):
    values = {f"{part}-TOTAL_FORMS": len(rows), f"{part}-INITIAL_FORMS": 0}
    return values | {f"{part}-{number}-{key}": value for number, row in enumerate(rows) for key, value in row.items()}


def application_fields(cast):
    dossier = journey.dossier(cast.users.owner.person.uid)
    products = [{**row, "form": "form_1"} for row in dossier["products"]]
    return {
        "host": cast.units.owner.uid, "pi": cast.users.owner.person.uid, "months": 24, "lump_mode": "partial",
        "state_vnd": "1 tỷ", "counterpart_vnd": "", "summary": "Tóm tắt.", "objective": "Mục tiêu.", "place": "Bù Đăng",
        "papers": ["TCPL", "B1-3-LLTC", "B1-4-LLCN"], **lines("contents", dossier["contents"]),
        **lines("products", products), **lines("team", dossier["team"]), **lines("budget", dossier["budget"]),
    }  # fmt: skip


def test_from_recommended_proposal_to_task_in_the_browser(cast, browser, full_proposal, today):
    proposal = journey.recommended(cast, full_proposal, today)
    browser["specialist"].post(reverse("order_list_new"), {"title": "Danh mục đặt hàng", "year": today.year})
    listed = OrderList.objects.get()
    here = reverse("order_list_page", args=[listed.uid])
    browser["specialist"].post(reverse("order_add", args=[listed.uid]), {"proposal": proposal.uid})
    order = Order.objects.get()
    assert browser["specialist"].get(reverse("order_edit", args=[order.uid])).status_code == 200
    assert browser["specialist"].get(here).status_code == 200
    browser["director"].post(reverse("order_list_act", args=[listed.uid, "submit"]))
    assert browser["leader"].get(here).status_code == 200
    browser["leader"].post(
        reverse("order_list_act", args=[listed.uid, "approve"]),
        {"decision_number": "45/QĐ-UBND", "on": f"{today:%d/%m/%Y}"},
    )
    browser["specialist"].post(reverse("order_list_act", args=[listed.uid, "publish"]))
    assert statuses(browser, here)["stranger"] == 200
    browser["specialist"].post(reverse("call_new", args=[order.uid]), {"opens_on": f"{today:%d/%m/%Y}"})
    call = Call.objects.get()
    browser["director"].post(reverse("call_act", args=[call.uid, "open"]), {"version": call.version})
    assert order.title in browser["anonymous"].get(reverse("call_public")).content.decode()

    assert browser["owner"].get(reverse("application_new", args=[call.uid])).status_code == 200
    sent = browser["owner"].post(reverse("application_new", args=[call.uid]), application_fields(cast))
    assert sent.status_code == 302, sent.context["form"].errors
    application = Application.objects.get()
    page = reverse("application_page", args=[application.uid])
    assert browser["owner"].get(page).context["missing"] == []
    browser["owner"].post(reverse("application_act", args=[application.uid, "submit"]))
    replaced = browser["owner"].post(
        reverse("application_edit", args=[application.uid]),
        {**application_fields(cast), "summary": "Bản thay", "version": ""},
    )
    assert replaced.status_code == 302
    assert {name for name, status in statuses(browser, page).items() if status == 200} == {"owner", "colleague"}

    Call.objects.update(opens_on=today - timedelta(days=40), closes_on=today - timedelta(days=1))
    browser["specialist"].post(reverse("call_act", args=[call.uid, "close"]))
    assert browser["specialist"].get(reverse("call_opening", args=[call.uid])).status_code == 200
    browser["specialist"].post(reverse("call_opening", args=[call.uid]), {})
    application.refresh_from_db()
    assert (application.state, application.summary) == ("valid", "Bản thay")
    assert browser["specialist"].get(reverse("call_minutes_word", args=[call.uid])).content.startswith(b"PK")
    call.refresh_from_db()
    applications.record_selection_result(
        by=cast.secretary, call=call, results=[journey.result(application, 88)], on=today
    )
    browser["director"].post(reverse("call_act", args=[call.uid, "conclude"]))
    step = reverse("application_act", args=[application.uid, "return_revised"])
    browser["owner"].post(step, {"explanation": "Đã tiếp thu."})
    journey.council_for(application, cast, today, "budget_appraisal")
    appraisal = {
        "amount_vnd": "1.000.000.000", "months": 24, "lump_mode": "partial", "members_total": 5, "members_present": 4,
        "council_member_present": "on", "conclusion": "Thống nhất.", "comment-0": "Đúng định mức.",
    }  # fmt: skip
    assert browser["inspector"].get(reverse("application_appraisal", args=[application.uid])).status_code == 200
    browser["inspector"].post(reverse("application_appraisal", args=[application.uid]), appraisal)
    browser["owner"].post(step, {"explanation": "Đã hoàn thiện."})
    browser["leader"].post(
        reverse("application_act", args=[application.uid, "approve"]),
        {"decision_number": "99/QĐ-UBND", "on": f"{today:%d/%m/%Y}"},
    )

    task = Task.objects.get()
    assert (task.state_vnd, task.products.count(), task.contents.count()) == (1_000_000_000, 1, 2)
    assert "Đúng định mức." in browser["owner"].get(page).content.decode()
    for name, subject in (
        ("application_decision_word", application), ("call_word", call), ("order_list_word", listed),
        ("proposal_word", proposal),
    ):  # fmt: skip
        assert browser["leader"].get(reverse(name, args=[subject.uid])).content.startswith(b"PK")


def test_application_form_with_a_bad_line_says_where_and_keeps_nothing(cast, browser, full_proposal, today):
    call = journey.opened_call(cast, full_proposal, today)
    fields = application_fields(cast) | {"contents-1-month_to": 99}

    answer = browser["owner"].post(reverse("application_new", args=[call.uid]), fields)

    assert answer.status_code == 422
    assert "sau thời gian thực hiện 24 tháng" in answer.content.decode()
    assert not Application.objects.exists()


def test_step_by_the_wrong_person_is_told_and_changes_nothing(cast, browser, full_proposal, today):
    proposal = journey.submitted(cast, full_proposal, today)

    answer = browser["owner"].post(reverse("proposal_act", args=[proposal.uid, "accept"]))

    assert answer.status_code == 422
    assert "Chuyên viên quản lý khoa học" in answer.content.decode()
    proposal.refresh_from_db()
    assert proposal.state == "submitted"


@pytest.mark.parametrize("name", ["proposal_list", "application_list", "call_list", "order_list_list"])
def test_list_statements_do_not_grow_with_rows(cast, browser, full_proposal, today, name):
    mine = browser["specialist"]
    call = journey.opened_call(cast, full_proposal, today)
    application = journey.application_draft(cast, call, today)
    Application.objects.update(state="valid")
    mine.get(reverse(name))

    with CaptureQueriesContext(connection) as few:
        mine.get(reverse(name))
    for number in range(12):
        Proposal.objects.create(code=f"P{number}", title="Thêm", proposer=cast.units.owner, state="submitted")
        listed = OrderList.objects.create(code=f"L{number}", title="Thêm", year=2026)
        order = Order.objects.create(order_list=listed, title="Thêm", kind="research")
        other = Call.objects.create(code=f"C{number}", order=order, rule_set=call.rule_set, state="open")
        Application.objects.create(
            code=f"A{number}", call=other, host=application.host, pi=application.pi, state="valid"
        )
    with CaptureQueriesContext(connection) as many:
        response = mine.get(reverse(name))

    assert response.context["page"].paginator.count >= 12
    assert len(many) == len(few)
    assert len(many) <= 16
