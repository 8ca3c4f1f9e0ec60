"""Drafts written on the page: forms as tables, and drawings that keep their places while tables and forms change."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from khcn.kernel.procedures.choices import FieldKind
from khcn.kernel.procedures.engine.definition import Field, Form
from khcn.kernel.procedures.engine.drawings import draw
from khcn.kernel.procedures.engine.form_table import form_from, rows_of_form, with_form, without_form
from khcn.kernel.procedures.models import ProcedureVersion
from khcn.kernel.procedures.queries import definition_of
from khcn.kernel.procedures.services import create_procedure, save_draft
from khcn.kernel.procedures.tests.samples import RECEIVE, permit
from khcn.kernel.procedures.tests.test_step_forms import FORM
from khcn.standards.bpmn import read


@pytest.fixture
def draft(people) -> ProcedureVersion:
    """A draft whose drawing was moved by hand and given a note."""
    version = create_procedure(
        by=people.specialist.actor, code="QT-05", title="Cấp giấy xác nhận", owner=people.specialist.organisation
    )
    xml = draw(permit(), process="process", name="Cấp giấy").decode()
    xml = xml.replace('x="40"', 'x="4321"', 1).replace(
        "</process>", '<textAnnotation id="ghi_chu"><text>Đã bàn ngày 05/3</text></textAnnotation></process>', 1
    )
    return save_draft(by=people.specialist.actor, version=version, definition=permit(), drawing=xml)


def fresh(version: ProcedureVersion) -> ProcedureVersion:
    return ProcedureVersion.objects.get(pk=version.pk)


def table_of(page) -> dict[str, list[str]]:
    """What the step table on a page would send."""
    soup = BeautifulSoup(page.content.decode(), "html.parser").select_one(".k-step-table")
    sent: dict[str, list[str]] = {}
    for field in soup.select("input[name], select[name], textarea[name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            value = chosen["value"] if chosen else ""
        else:
            value = field.text if field.name == "textarea" else field.get("value", "")
        sent.setdefault(field["name"], []).append(value)
    return {name: values for name, values in sent.items() if not name.startswith(("csrf", "_"))}


@pytest.mark.parametrize("form", [RECEIVE, FORM], ids=["receive", "every_kind"])
def test_form_as_a_table_gives_the_form_back(form):
    back, faults = form_from(form.key, form.title, rows_of_form(form), form)

    assert not faults
    assert back == form


def test_cells_of_a_form_that_do_not_read_are_named_by_row():
    rows = [
        {"label": "Số tiền", "kind": "Tiền (đồng)", "minimum": "ít"},
        {"label": "Lĩnh vực", "kind": "Chọn một", "options": "y tế"},
        {"label": "Thành viên", "kind": "Bảng", "options": "Người: Tệp"},
        {"label": "Lý do", "kind": "Đoạn văn", "shown_if": "so_tien >"},
        {"label": "Khác", "kind": "Ảnh", "key": "so_tien"},
    ]

    _form, faults = form_from("", "Phiếu", rows)

    assert {(fault.row, fault.column) for fault in faults} == {
        (1, "minimum"), (2, "options"), (3, "options"), (4, "shown_if"), (5, "kind"), (5, "key"),
    }  # fmt: skip


def test_fields_without_a_code_get_one_from_their_name():
    rows = [{"label": "Số tháng", "kind": "Số"}, {"label": "Số tháng"}, {"label": "2 bản", "required": "Có"}]

    form, faults = form_from("", "Phiếu đề nghị", rows)

    assert not faults
    assert form.key == "phieu_de_nghi"
    assert [(field.key, field.kind, field.required) for field in form.fields] == [
        ("so_thang", FieldKind.NUMBER, False), ("so_thang_2", FieldKind.TEXT, False), ("t_2_ban", FieldKind.TEXT, True),
    ]  # fmt: skip


def test_form_that_is_taken_away_leaves_its_steps_without_one():
    form = Form("them", "Thêm", (Field("a", "A"),))

    with_it, without = with_form(permit(), form), without_form(permit(), "tiep_nhan")

    assert with_it.forms == (RECEIVE, form)
    assert without.forms == ()
    assert without.step("tiep_nhan").form == ""


def test_form_is_written_on_the_page_and_the_drawing_keeps_its_places_and_notes(client_for, people, draft):
    client = client_for(people.specialist)

    sent = {"version": draft.version, "title": "Phiếu thẩm định", "label": ["Ý kiến", ""], "kind": ["Đoạn văn", ""],
            "required": ["Có", "Không"], "options": ["", ""]}  # fmt: skip
    answer = client.post(reverse("version_form_new", args=[draft.uid]), sent)

    version = fresh(draft)
    assert answer.status_code == 302
    assert definition_of(version).form("phieu_tham_dinh").fields[0].key == "y_kien"
    assert 'x="4321"' in version.drawing
    assert "Đã bàn ngày 05/3" in version.drawing
    assert "phieu_tham_dinh" in read(version.drawing.encode()).processes[0].contents
    page = client.get(reverse("version_forms", args=[draft.uid])).content.decode()
    assert "Phiếu thẩm định" in page
    assert client.get(reverse("version_form", args=[draft.uid, "khong_co"])).status_code == 404


def test_faulty_form_is_shown_again_with_what_was_typed(client_for, people, draft):
    sent = {"version": draft.version, "title": "", "label": ["Mức"], "kind": ["Chọn một"], "options": ["cao"]}

    answer = client_for(people.specialist).post(reverse("version_form_new", args=[draft.uid]), sent)

    assert answer.status_code == 422
    assert "Ghi tên biểu mẫu." in answer.content.decode()
    assert 'value="Mức"' in answer.content.decode()
    assert len(definition_of(fresh(draft)).forms) == 1


def test_stranger_may_not_write_a_form(client_for, people, draft):
    sent = {"version": draft.version, "title": "Phiếu", "label": ["A"], "kind": ["Chữ"]}

    answer = client_for(people.stranger).post(reverse("version_form_new", args=[draft.uid]), sent)

    assert answer.status_code in (302, 403)
    assert len(definition_of(fresh(draft)).forms) == 1


def test_step_table_that_changes_words_and_times_changes_the_drawing_in_place(client_for, people, draft):
    client, address = client_for(people.specialist), reverse("version_table", args=[draft.uid])
    sent = table_of(client.get(address))
    place = sent["key"].index("kiem_tra")
    sent["name"][place], sent["norm"][place] = "Kiểm tra thật kỹ", "3"

    client.post(address, sent)

    version = fresh(draft)
    node = next(one for one in read(version.drawing.encode()).nodes if one.id == "kiem_tra")
    assert definition_of(version).step("kiem_tra").norm == 3
    assert (node.name, node.extension["norm"]) == ("Kiểm tra thật kỹ", "3")
    assert 'x="4321"' in version.drawing
    assert "Đã bàn ngày 05/3" in version.drawing


def test_step_table_that_changes_the_way_has_the_drawing_placed_anew(client_for, people, draft):
    client, address = client_for(people.specialist), reverse("version_table", args=[draft.uid])
    sent = table_of(client.get(address))
    for name, value in {"key": "them", "name": "Thêm bước", "role": "specialist"}.items():
        sent[name][-1] = value
    sent["next"][-1] = "ket_thuc"
    sent["next"][sent["key"].index("phe_duyet")] = "them"

    client.post(address, sent)

    assert fresh(draft).drawing == ""
    shown = client.get(reverse("version_drawing", args=[draft.uid])).content
    assert "them" in {node.id for node in read(shown).nodes}


def test_names_of_ways_have_room_in_a_drawing_that_is_made(people):
    definition = permit()

    drawing = draw(definition, process="p", name="Cấp giấy")

    assert b"BPMNLabel" not in drawing
    assert read(drawing).nodes
