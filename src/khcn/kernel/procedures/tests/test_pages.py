"""The screens as people use them: a procedure from its table to effect, a case from the worklist to its end."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from khcn.kernel.procedures.choices import CaseState, FieldKind, ProcedureKind, RunState, StepKind, VersionState
from khcn.kernel.procedures.engine.definition import Definition, Field, Flow, Form, Step
from khcn.kernel.procedures.engine.step_table import definition_from, rows_of
from khcn.kernel.procedures.models import Case, Procedure, ProcedureVersion, StepRun
from khcn.kernel.procedures.models.cases import WORKABLE_RUNS
from khcn.kernel.procedures.queries import definition_of, facts_of, run_at, step_lines
from khcn.kernel.procedures.queries.panel import home_panel
from khcn.kernel.procedures.services import (
    create_procedure,
    install_procedure,
    save_draft,
    start_case,
    submit_version,
    upload_template,
)
from khcn.kernel.procedures.tests.samples import permit
from khcn.lib.failure import Refused
from khcn.lib.roles import Role
from khcn.standards.bpmn import read
from khcn.web.spreadsheets.reading import read_table

TABLE = {
    "key": ["B1", "B2", "B3", "B4"],
    "name": ["Tiếp nhận", "Phân loại", "Thẩm định", "Trả kết quả"],
    "kind": ["Việc của người", "Rẽ nhánh theo điều kiện", "Việc của người", "Việc của người"],
    "role": ["specialist", "", "specialist", "specialist"],
    "norm": ["0,5", "", "2", "1"],
    "norm_unit": ["ngày làm việc"] * 4,
    "next": ["", "B3 nếu kho; B4 còn lại", "", ""],
    **{name: [""] * 4 for name in ("unit_rule", "form", "output", "clock", "sign", "returns_to", "more")},
}


QUERIES_LIMIT = 30


@pytest.fixture
def draft(people) -> ProcedureVersion:
    return create_procedure(
        by=people.specialist.actor, code="QT-05", title="Cấp giấy xác nhận", owner=people.specialist.organisation
    )


@pytest.fixture
def case(people) -> Case:
    version = install_procedure(
        by=people.specialist.actor, approver=people.director.actor, code="QT-01", title="Cấp giấy phép",
        definition=permit(), effective_from=date(2020, 1, 1), owner=people.specialist.organisation,
    )  # fmt: skip
    return start_case(
        by=people.specialist.actor, procedure=version.procedure, title="Cấp phép cho ông Ẩn",
        deciding=people.specialist.organisation, applicant_name="Đặng Văn Ẩn",
    )  # fmt: skip


@pytest.mark.parametrize("definition", [permit(), Definition((), ())], ids=["permit", "empty"])
def test_step_table_gives_the_definition_back(definition):
    back, faults = definition_from(rows_of(definition), definition)

    assert not faults
    assert back.steps == definition.steps
    assert set(back.flows) == set(definition.flows)
    assert (back.tables, back.forms, back.facts) == (definition.tables, definition.forms, definition.facts)


def test_step_table_faults_name_row_and_column():
    rows = [{"key": "B1", "name": "Một", "kind": "lạ", "norm": "hai", "next": "B9"}, {"key": "B 2", "more": "x"}]

    _definition, faults = definition_from(rows)

    assert {(fault.row, fault.column) for fault in faults} == {
        (1, "kind"), (1, "norm"), (1, "next"), (2, "key"), (2, "more"),
    }  # fmt: skip


def test_table_from_browser_becomes_a_runnable_procedure(client_for, people, draft):
    author, boss = client_for(people.specialist), client_for(people.director)
    here = reverse("version_page", args=[draft.uid])

    saved = author.post(reverse("version_table", args=[draft.uid]), {**TABLE, "version": draft.version})
    author.post(reverse("version_act", args=[draft.uid, "trinh"]))
    own = author.post(reverse("version_act", args=[draft.uid, "phe-duyet"]))
    boss.post(reverse("version_act", args=[draft.uid, "phe-duyet"]), {"decision_number": "12/QĐ"})
    boss.post(reverse("version_act", args=[draft.uid, "hieu-luc"]), {"effective_from": "01/01/2024"})

    assert saved.status_code == 302
    assert own.status_code in (302, 403)
    version = ProcedureVersion.objects.get(pk=draft.pk)
    assert version.state == VersionState.EFFECTIVE
    assert [step.kind for step in version.steps.all()] == ["start", "human", "decision", "human", "human", "end"]
    assert definition_of(version).step("B1").norm == Decimal("0.5")
    assert boss.get(here).status_code == 200


def test_wrong_cells_are_told_and_nothing_is_saved(client_for, people, draft):
    wrong = {**TABLE, "norm": ["x", "", "2", "1"], "version": draft.version}

    answer = client_for(people.specialist).post(reverse("version_table", args=[draft.uid]), wrong)

    assert answer.status_code == 422
    assert "“x” không phải là số" in answer.content.decode()
    assert not ProcedureVersion.objects.get(pk=draft.pk).sha256


def test_table_goes_to_excel_and_comes_back(client_for, people, draft):
    save_draft(by=people.specialist.actor, version=draft, definition=permit())
    client, here = client_for(people.specialist), reverse("version_table", args=[draft.uid])

    file = client.get(here + "?tai=xlsx").content
    again = client.post(here, {"file": io.BytesIO(file), "version": 2}, format="multipart")

    table = read_table(file, "bang.xlsx")
    assert len(table.rows) == 11
    assert again.status_code in (302, 422)


def test_drawing_saved_in_the_browser_is_translated_and_kept(client_for, people, draft):
    save_draft(by=people.specialist.actor, version=draft, definition=permit())
    client = client_for(people.specialist)
    xml = client.get(reverse("version_drawing", args=[draft.uid])).content
    changed = xml.decode().replace("Kiểm tra nhanh", "Kiểm tra kỹ")

    answer = client.post(
        reverse("version_draw", args=[draft.uid]), changed.encode(), content_type="application/xml",
        HTTP_X_KHCN_VERSION="2",
    )  # fmt: skip

    assert answer.json() == {"saved": True, "version": 3, "obstacles": []}
    version = ProcedureVersion.objects.get(pk=draft.pk)
    assert definition_of(version).step("kiem_tra").name == "Kiểm tra kỹ"
    assert definition_of(version).tables == permit().tables
    assert read(version.drawing.encode()).shown
    hostile = client.post(
        reverse("version_draw", args=[draft.uid]), b"<!DOCTYPE a [<!ENTITY x 'y'>]><a/>", content_type="application/xml"
    )
    assert hostile.status_code == 422
    assert "DOCTYPE" in hostile.json()["message"]


def test_import_shows_obstacles_and_keeps_drafts(client_for, people, draft):
    save_draft(by=people.specialist.actor, version=draft, definition=permit())
    client = client_for(people.specialist)
    xml = client.get(reverse("version_drawing", args=[draft.uid])).content
    file = io.BytesIO(xml.replace(b"<userTask", b"<complexGateway", 1).replace(b"</userTask>", b"</complexGateway>", 1))
    file.name = "ve.bpmn"

    answer = client.post(reverse("procedure_import"), {"file": file, "code": "QT-77", "kind": ProcedureKind.INTERNAL})

    assert answer.status_code == 200
    assert "Cổng phức hợp" in answer.content.decode()
    assert Procedure.objects.get(code="QT-77").versions.get().state == VersionState.DRAFT


def test_step_is_claimed_completed_with_its_form_and_leaves_the_worklist(client_for, people, case):
    client, run = client_for(people.specialist), run_at(case, "tiep_nhan")
    assert case.title in client.get(reverse("step_worklist")).content.decode()

    client.post(reverse("step_act", args=[run.uid, "nhan"]))
    draft = client.post(reverse("step_draft", args=[run.uid]), {"field": "y tế"}, HTTP_HX_REQUEST="true")
    wrong = client.post(reverse("step_page", args=[run.uid]), {"amount": "x", "field": "y tế"})
    right = client.post(reverse("step_page", args=[run.uid]), {"amount": "100 triệu", "field": "y tế"})

    assert draft.status_code == 200
    assert wrong.status_code == 422
    assert right.status_code == 302
    assert StepRun.objects.get(pk=run.pk).state == RunState.DONE
    assert not run.drafts.exists()
    assert client.get(reverse("step_page", args=[run.uid])).status_code == 200
    assert client.get(reverse("step_page", args=[run_at(case, "kiem_tra").uid])).status_code == 200


def test_step_may_be_returned_and_remarked_upon(client_for, people, case):
    client = client_for(people.specialist)
    client.post(reverse("step_page", args=[run_at(case, "tiep_nhan").uid]), {"amount": "100 triệu", "field": "y tế"})
    run = run_at(case, "kiem_tra")

    client.post(reverse("step_act", args=[run.uid, "y-kien"]), {"text": "Đã gọi điện."})
    client.post(reverse("step_act", args=[run.uid, "tra-lai"]), {"to": "tiep_nhan", "reason": "Thiếu bản sao"})

    assert run_at(case, "tiep_nhan") is not None
    page = client.get(reverse("process_case_page", args=[case.uid])).content.decode()
    assert "Đã gọi điện." in page
    assert "Thiếu bản sao" in page
    assert "case-marks" in page


def test_case_of_another_office_is_not_found(client_for, people, case):
    client = client_for(people.stranger)

    assert client.get(reverse("process_case_page", args=[case.uid])).status_code == 404
    assert client.get(reverse("step_page", args=[run_at(case, "tiep_nhan").uid])).status_code == 404
    assert case.title not in client.get(reverse("step_worklist")).content.decode()


@pytest.mark.parametrize(
    "name", ["procedure_list", "step_worklist", "procedure_statistics", "procedure_new", "procedure_import"]
)
def test_lists_open_for_staff_with_few_queries(client_for, people, case, sql_count, name):
    with sql_count() as queries:
        answer = client_for(people.specialist).get(reverse(name))

    assert answer.status_code == 200
    assert len(queries) <= QUERIES_LIMIT


@pytest.mark.parametrize(
    "name", ["version_page", "version_differences", "version_migration", "version_cover", "version_draw"]
)
def test_tabs_of_a_version_open(client_for, people, case, name):
    answer = client_for(people.director).get(reverse(name, args=[case.version_pinned.uid]))

    assert answer.status_code == 200


def test_earlier_answers_are_offered_and_taken_only_when_asked(client_for, people):
    form = Form("f", "Phiếu", (Field("phone", "Điện thoại", FieldKind.TEXT, reuse="phone"),))
    definition = Definition(
        (
            Step("s", "Bắt đầu", StepKind.START), Step("a", "Nhập", StepKind.HUMAN, str(Role.SPECIALIST), form="f"),
            Step("e", "Hết", StepKind.END),
        ),
        (Flow("1", "s", "a"), Flow("2", "a", "e")), forms=(form,),
    )  # fmt: skip
    version = install_procedure(
        by=people.specialist.actor, approver=people.director.actor, code="QT-02", title="Xác nhận",
        definition=definition, effective_from=date(2020, 1, 1), owner=people.specialist.organisation,
    )  # fmt: skip
    more = {"procedure": version.procedure, "deciding": people.specialist.organisation, "applicant": people.host.person}
    client = client_for(people.specialist)
    first = start_case(by=people.specialist.actor, title="Một", **more)
    client.post(reverse("step_page", args=[run_at(first, "a").uid]), {"phone": "0913 000 111"})
    second = run_at(start_case(by=people.specialist.actor, title="Hai", **more), "a")

    plain = client.get(reverse("step_page", args=[second.uid])).content.decode()
    taken = client.get(reverse("step_page", args=[second.uid]) + "?dung-lai=1").content.decode()

    assert Case.objects.get(pk=first.pk).state == CaseState.ENDED
    assert "0913 000 111" in plain
    assert 'value="0913 000 111"' not in plain
    assert 'value="0913 000 111"' in taken


def word(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_case_is_printed_through_the_offices_template(client_for, people, case):
    client = client_for(people.specialist)
    client.post(reverse("step_page", args=[run_at(case, "tiep_nhan").uid]), {"amount": "100 triệu", "field": "y tế"})
    template = upload_template(
        by=people.specialist.actor, procedure=case.version_pinned.procedure, form_key="tiep_nhan", title="Phiếu",
        content=word("Hồ sơ {{ case.code }} của {{ case.applicant }}: {{ amount }}, {{ field }}"),
    )  # fmt: skip

    answer = client.get(reverse("case_print", args=[case.uid, template.uid]))

    text = "\n".join(line.text for line in Document(io.BytesIO(answer.content)).paragraphs)
    assert f"Hồ sơ {case.code} của Đặng Văn Ẩn: 100.000.000 đồng, y tế" in text


@pytest.mark.parametrize(
    "text",
    ["{{ case.__class__.__mro__[1].__subclasses__() }}", "{% for x in [", "{{ 9 / 0 }}",
     "{% for a in range(10000000000) %}x{% endfor %}"],
)  # fmt: skip
def test_template_that_reaches_for_more_is_refused(people, case, text):
    from khcn.kernel.procedures.services import print_case

    template = upload_template(
        by=people.specialist.actor, procedure=case.version_pinned.procedure, form_key="tiep_nhan", title="Xấu",
        content=word(text),
    )  # fmt: skip

    with pytest.raises(Refused, match="Mẫu in"):
        print_case(by=people.specialist.actor, case=case, template=template)
    assert facts_of(case) == {}
    assert case.received_at <= timezone.now()


def test_person_of_the_agency_opens_a_case_of_internal_work(client_for, people, make_member):
    version = install_procedure(
        by=people.specialist.actor, approver=people.director.actor, code="QT-NB", title="Xét sáng kiến",
        definition=permit(), effective_from=date(2020, 1, 1), owner=people.specialist.organisation,
        kind=ProcedureKind.INTERNAL,
    )  # fmt: skip
    address = reverse("case_new", args=[version.procedure.uid])
    person = people.head.person
    desk = client_for(people.specialist)

    assert address in desk.get(reverse("procedure_page", args=[version.procedure.uid])).content.decode()
    empty = desk.post(address, {"title": " "})
    answer = desk.post(address, {"title": "Sáng kiến số hóa", "applicant": str(person.uid)})

    assert empty.status_code == 422
    opened = Case.objects.get()
    assert (opened.title, opened.applicant, opened.applicant_name, opened.deciding) == (
        "Sáng kiến số hóa", person, str(person), people.specialist.organisation,
    )  # fmt: skip
    first = StepRun.objects.get(case=opened, state__in=WORKABLE_RUNS)
    assert answer.url in (reverse("step_page", args=[first.uid]), reverse("process_case_page", args=[opened.uid]))
    assert client_for(people.stranger).post(address, {"title": "Của người khác"}).status_code == 403
    assert Case.objects.count() == 1


def test_case_of_a_dossier_is_not_opened_by_hand(client_for, people):
    version = install_procedure(
        by=people.specialist.actor, approver=people.director.actor, code="QT-MC", title="Cấp giấy phép",
        definition=permit(), effective_from=date(2020, 1, 1), owner=people.specialist.organisation,
        kind=ProcedureKind.TTHC,
    )  # fmt: skip
    address = reverse("case_new", args=[version.procedure.uid])
    desk = client_for(people.specialist)

    assert address not in desk.get(reverse("procedure_page", args=[version.procedure.uid])).content.decode()
    assert desk.post(address, {"title": "Bằng tay"}).status_code == 403
    assert not Case.objects.exists()


def test_draft_handed_in_waits_on_the_home_page_of_an_approver_and_not_of_its_author(people, draft):
    changed, _faults = definition_from(
        [{name: TABLE[name][row] for name in TABLE} | {"role": "specialist"} for row in (0, 2, 3)], definition_of(draft)
    )
    version = save_draft(by=people.specialist.actor, version=draft, definition=changed)
    assert home_panel(people.director.actor) is None

    submit_version(by=people.specialist.actor, version=version)

    assert [row.pk for row in home_panel(people.director.actor)["versions"]] == [version.pk]
    assert home_panel(people.specialist.actor) is None
    assert home_panel(people.stranger.actor) is None


def test_start_and_end_without_a_name_are_called_by_what_they_are():
    start, work, end = step_lines(
        Definition(
            (
                Step("Event_1", "", StepKind.START),
                Step("Task_1", "", StepKind.HUMAN),
                Step("Event_2", "", StepKind.END),
            ),
            (Flow("f1", "Event_1", "Task_1"), Flow("f2", "Task_1", "Event_2")),
        )
    )

    assert (start.name, work.name, work.ways[0].target, end.name) == ("Bắt đầu", "Task_1", "Kết thúc", "Kết thúc")
