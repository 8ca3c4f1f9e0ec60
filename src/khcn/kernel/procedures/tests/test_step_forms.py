"""Forms of steps in the browser's own requests: records picked by typing, tables, files, drafts, handing work on."""

from datetime import date
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.kernel.procedures.choices import FieldKind, StepKind
from khcn.kernel.procedures.engine.definition import Definition, Field, Flow, Form, Step
from khcn.kernel.procedures.models import CaseAttachment, FormDraft, StepRun
from khcn.kernel.procedures.queries import facts_of, run_at
from khcn.kernel.procedures.services import install_procedure, start_case
from khcn.lib.roles import Role

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FORM = Form(
    "phieu", "Phiếu đề nghị",
    (
        Field("amount", "Kinh phí", FieldKind.MONEY, required=True),
        Field("reason", "Lý do vượt mức", FieldKind.LONG_TEXT, required=True, shown_if="amount > 1000000000"),
        Field("leader", "Chủ nhiệm", FieldKind.PERSON),
        Field("host", "Đơn vị chủ trì", FieldKind.ORGANISATION, required=True),
        Field("paper", "Quyết định", FieldKind.FILE),
        Field("team", "Thành viên", FieldKind.TABLE, columns=(
            Field("who", "Người", FieldKind.PERSON),
            Field("role", "Vai trò", FieldKind.CHOICE, options=("chính", "phụ")),
            Field("months", "Số tháng", FieldKind.NUMBER),
        )),
    ),
)  # fmt: skip


@pytest.fixture
def desk(client_for, people):
    """The specialist at a step with the form above, beside a second specialist of the office."""
    definition = Definition(
        (
            Step("s", "Bắt đầu", StepKind.START),
            Step("a", "Lập phiếu", StepKind.HUMAN, str(Role.SPECIALIST), form="phieu"),
            Step("b", "Xem phiếu", StepKind.HUMAN, str(Role.SPECIALIST)),
            Step("k", "Chọn hướng", StepKind.DECISION), Step("e", "Hết", StepKind.END), Step("f", "Dừng", StepKind.END),
        ),
        (
            Flow("1", "s", "a"), Flow("2", "a", "b"), Flow("3", "b", "k"), Flow("4", "k", "e", 'outcome = "đạt"'),
            Flow("5", "k", "f", 'outcome = "không đạt"', default=True),
        ),
        forms=(FORM,),
    )  # fmt: skip
    office = people.specialist.organisation
    version = install_procedure(
        by=people.specialist.actor, approver=people.director.actor, code="QT-09", title="Phiếu", definition=definition,
        effective_from=date(2020, 1, 1), owner=office,
    )  # fmt: skip
    case = start_case(by=people.specialist.actor, procedure=version.procedure, title="Việc thử", deciding=office)
    colleague = make_member(Role.SPECIALIST, organisation=office)
    for name in ("Trung tâm Ứng dụng khoa học", "Trung tâm Giống cây", "Hợp tác xã Điều Đắk Ơ"):
        make_organisation(name)
    run = run_at(case, "a")
    return SimpleNamespace(
        case=case, run=run, client=client_for(people.specialist), colleague=colleague, client_for=client_for,
        address=reverse("step_page", args=[run.uid]), draft=reverse("step_draft", args=[run.uid]),
    )  # fmt: skip


def soup(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.content.decode(), "html.parser")


def test_records_are_found_by_words_without_diacritics_for_those_in_office(desk, people, client_for):
    address = reverse("record_picks", args=["co-quan"])

    found = desk.client.get(address, {"q": "trung tam dieu"}).json()["found"]
    centres = desk.client.get(address, {"q": "trung tam"}).json()["found"]

    assert found == []
    assert {one["text"] for one in centres} == {"Trung tâm Ứng dụng khoa học", "Trung tâm Giống cây"}
    assert desk.client.get(address, {"q": " "}).json()["found"] == []
    assert client_for(people.stranger).get(address, {"q": "trung tam"}).status_code == 404


def test_typed_name_that_fits_one_record_is_taken_without_scripts(desk):
    answer = desk.client.post(desk.address, {"amount": "5 triệu", "host": "", "host__chu": "dieu dak o"})

    assert answer.status_code == 302
    page = desk.client.get(reverse("process_case_page", args=[desk.case.uid])).content.decode()
    assert "Hợp tác xã Điều Đắk Ơ" in page
    assert facts_of(type(desk.case).objects.get(pk=desk.case.pk))["host"] not in page


def test_typed_name_that_fits_several_records_comes_back_as_a_list_to_choose_from(desk):
    asked = desk.client.post(desk.address, {"amount": "5 triệu", "host": "", "host__chu": "trung tâm"})
    offered = soup(asked).select("select[name=host] option[value]")
    chosen = next(one["value"] for one in offered if "Giống" in one.text)

    answer = desk.client.post(desk.address, {"amount": "5 triệu", "host": chosen, "host__chu": "trung tâm"})

    assert asked.status_code == 422
    assert "Có nhiều kết quả" in asked.content.decode()
    assert answer.status_code == 302


def test_typed_name_that_fits_nothing_is_said_beside_its_field(desk):
    answer = desk.client.post(desk.address, {"amount": "5 triệu", "host__chu": "không có đâu"})

    assert answer.status_code == 422
    assert "Không tìm thấy “không có đâu”" in soup(answer).select_one("#truong-host .k-error").text


def test_draft_keeps_tables_and_half_typed_names_and_is_shown_again(desk, people):
    person = people.director.person

    saved = desk.client.post(
        desk.draft,
        {
            "amount": "7 triệu", "host": "", "host__chu": "trung",
            "team.who": [str(person.uid), ""], "team.who__chu": [str(person), "bình"], "team.role": ["phụ", ""],
            "team.months": ["3", ""],
        },
        HTTP_HX_REQUEST="true",
    )  # fmt: skip
    page = soup(desk.client.get(desk.address))

    assert saved.status_code == 200
    assert page.select_one("[name=amount]")["value"] == "7 triệu"
    assert page.select_one("[name=host__chu]")["value"] == "trung"
    assert [one["value"] for one in page.select("[name='team.who']")][:2] == [str(person.uid), ""]
    assert [one["value"] for one in page.select("[name='team.who__chu']")][:2] == [str(person), "bình"]
    assert page.select_one("[name='team.role'] option[selected]")["value"] == "phụ"


def test_draft_brings_the_field_that_an_answer_asks_for_and_takes_it_away_again(desk):
    more = desk.client.post(desk.draft, {"amount": "2 tỷ"}, HTTP_HX_REQUEST="true").content.decode()
    less = desk.client.post(desk.draft, {"amount": "2", "_hien": "reason"}, HTTP_HX_REQUEST="true").content.decode()
    same = desk.client.post(desk.draft, {"amount": "3 tỷ", "_hien": "reason"}, HTTP_HX_REQUEST="true").content.decode()

    assert 'id="truong-reason"' in more
    assert 'name="reason"' in more
    assert 'id="truong-reason"' in less
    assert 'name="reason"' not in less
    assert "truong-reason" not in same


def test_finished_step_takes_no_draft(desk):
    desk.client.post(desk.address, {"amount": "5 triệu", "host__chu": "dieu dak o"})

    answer = desk.client.post(desk.draft, {"amount": "1"}, HTTP_HX_REQUEST="true")

    assert answer.status_code == 422
    assert not FormDraft.objects.exists()


def test_file_of_another_kind_is_refused_beside_its_field_and_the_rest_is_kept(desk):
    harmful = SimpleUploadedFile("qd.pdf", b"MZ\x90\x00" + bytes(200), content_type="application/pdf")

    answer = desk.client.post(desk.address, {"amount": "5 triệu", "host__chu": "dieu dak o", "paper": harmful})

    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one("#truong-paper .k-error").text.strip()
    assert page.select_one("[name=amount]")["value"] == "5 triệu"
    assert not CaseAttachment.objects.exists()


def test_good_file_need_not_be_sent_again_when_another_field_was_wrong(desk):
    good = SimpleUploadedFile("qd.pdf", PDF, content_type="application/pdf")

    wrong = soup(desk.client.post(desk.address, {"amount": "x", "host__chu": "dieu dak o", "paper": good}))
    kept = wrong.select_one("input[type=hidden][name=paper]")["value"]
    answer = desk.client.post(desk.address, {"amount": "5 triệu", "host__chu": "dieu dak o", "paper": kept})

    page = desk.client.get(reverse("process_case_page", args=[desk.case.uid])).content.decode()
    assert answer.status_code == 302
    assert reverse("case_file", args=[kept]) in page
    assert facts_of(type(desk.case).objects.get(pk=desk.case.pk))["paper"] == kept


def test_file_of_another_case_is_never_named(desk):
    answer = desk.client.post(
        desk.address, {"amount": "5 triệu", "host__chu": "dieu dak o", "paper": "6b0a1bb5-6d0c-4a53-a4a6-5a4a5a4a5a4a"}
    )

    assert answer.status_code == 302
    assert not facts_of(type(desk.case).objects.get(pk=desk.case.pk)).get("paper")


def test_step_is_given_to_a_colleague_who_gives_it_back(desk):
    given = desk.client.post(
        reverse("step_act", args=[desk.run.uid, "giao"]), {"giao-to": str(desk.colleague.user.uid)}
    )
    taken = StepRun.objects.get(pk=desk.run.pk)
    others = desk.client_for(desk.colleague)
    listed = others.get(reverse("step_worklist"), {"cua": "toi"}).content.decode()
    others.post(reverse("step_act", args=[desk.run.uid, "nha"]))

    assert given.status_code == 302
    assert taken.assignee == desk.colleague.user
    assert "Việc thử" in listed
    assert StepRun.objects.get(pk=desk.run.pk).assignee is None


def test_step_is_given_to_nobody_outside_its_role(desk, people):
    answer = desk.client.post(
        reverse("step_act", args=[desk.run.uid, "giao"]), {"giao-to": str(people.director.user.uid)}
    )

    assert answer.status_code == 422
    assert StepRun.objects.get(pk=desk.run.pk).assignee is None


def test_result_that_decides_the_way_is_chosen_from_a_list(desk):
    desk.client.post(desk.address, {"amount": "5 triệu", "host__chu": "dieu dak o"})
    run = run_at(desk.case, "b")

    page = soup(desk.client.get(reverse("step_page", args=[run.uid])))
    refused = desk.client.post(reverse("step_page", args=[run.uid]), {"outcome": ""})
    answer = desk.client.post(reverse("step_page", args=[run.uid]), {"outcome": "không đạt"})

    assert [one["value"] for one in page.select("select[name=outcome] option")] == ["", "đạt", "không đạt"]
    assert refused.status_code == 422
    assert answer.status_code == 302


def test_worklist_finds_a_case_without_diacritics(desk):
    found = desk.client.get(reverse("step_worklist"), {"q": "viec thu"}).content.decode()
    lost = desk.client.get(reverse("step_worklist"), {"q": "khac han"}).content.decode()

    assert "Việc thử" in found
    assert "Việc thử" not in lost


def test_message_that_may_come_is_offered_beside_the_step_and_recorded_on_its_own_page(client_for, people):
    definition = Definition(
        (
            Step("s", "Bắt đầu", StepKind.START), Step("a", "Thẩm định", StepKind.HUMAN, str(Role.SPECIALIST)),
            Step("rut", "Người nộp xin rút", StepKind.MESSAGE, str(Role.SPECIALIST), message="rut", host="a"),
            Step("e", "Hết", StepKind.END),
        ),
        (Flow("1", "s", "a"), Flow("2", "a", "e"), Flow("3", "rut", "e")),
    )  # fmt: skip
    office = people.specialist.organisation
    version = install_procedure(
        by=people.specialist.actor, approver=people.director.actor, code="QT-11", title="Rút", definition=definition,
        effective_from=date(2020, 1, 1), owner=office,
    )  # fmt: skip
    case = start_case(by=people.specialist.actor, procedure=version.procedure, title="Việc thử", deciding=office)
    client = client_for(people.specialist)
    event = reverse("step_page", args=[run_at(case, "rut").uid])

    work = client.get(reverse("step_page", args=[run_at(case, "a").uid])).content.decode()
    shown = client.get(event).content.decode()
    sent = client.post(event, {"note": "Đơn ngày 5/5"})

    assert event in work
    assert "Người nộp xin rút" in work
    assert "Ghi nhận đã đến" in shown
    assert sent.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.runs.get(step_key="rut").note) == ("ended", "Đơn ngày 5/5")
