"""The screens of the register: who opens what, forms, files in and out, the public pages."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khcn.domains.marks.choices import UseState
from khcn.domains.marks.forms.rights import COLUMNS
from khcn.domains.marks.models import Right, UseRight
from khcn.domains.marks.services import rights
from khcn.web.spreadsheets.writing import CellKind, Column, Sheet, write_xlsx

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def test_public_register_shows_open_rights_without_an_account(client_for, bounded, sql_count) -> None:
    listed = client_for().get(reverse("public_marks"), {"q": "hat dieu"})
    with sql_count() as queries:
        whole = client_for().get(reverse("public_mark", args=["dieu"]))

    assert "Hạt điều Bình Phước" in listed.content.decode()
    text = whole.content.decode()
    assert "14,5 – 18 mm" in text
    assert "Nhà nước" in text
    assert "Xã Phú Nghĩa" in text
    assert len(queries) <= 24


def test_page_of_a_right_shows_its_many_members_page_by_page(client_for, bounded, sql_count) -> None:
    UseRight.objects.bulk_create(
        UseRight(
            right=Right.objects.get(), code=f"dieu-{number}", holder=f"Thành viên {number:03d}", state=UseState.GRANTED,
            applied_on=date(2020, 1, 1), valid_to=date(2099, 1, 1), number=f"D-{number}",
        )
        for number in range(60)
    )  # fmt: skip
    address = reverse("public_mark", args=["dieu"])

    with sql_count() as queries:
        first = client_for().get(address, {"trang": "1"}).content.decode()
    last = client_for().get(address, {"trang": "9"}).content.decode()

    assert len(queries) <= 24
    assert "Thành viên 000" in first
    assert "Thành viên 059" not in first
    assert "Thành viên 059" in last


def test_closed_right_is_not_found_by_the_public(client_for, office, cashew) -> None:
    rights.open_right(by=office.head.actor, right=cashew, is_public=False)

    assert client_for().get(reverse("public_mark", args=["dieu"])).status_code == 404
    assert client_for(office.company).get(reverse("mark_page", args=["dieu"])).status_code == 404
    assert client_for(office.specialist).get(reverse("mark_page", args=["dieu"])).status_code == 200


def test_register_is_entered_and_corrected_through_the_forms(client_for, office) -> None:
    client = client_for(office.specialist)
    values = {
        "kind": "collective", "name": "Tiêu Lộc Ninh", "manager": office.body.code, "state": "filed", "term_years": 5,
        "status": "unverified", "owner_name": "Hội Nông dân", "filed_on": "01022024",
    }  # fmt: skip

    entered = client.post(reverse("mark_new"), values)

    assert entered.url == reverse("mark_page", args=["tieu-loc-ninh"])
    right = Right.objects.get()
    assert right.filed_on == date(2024, 2, 1)
    change = {"name": "Hồ tiêu Lộc Ninh", "state": "registered", "term_years": 5, "status": "verified",
              "version": right.version}  # fmt: skip
    refused = client.post(reverse("mark_edit", args=[right.code]), change)
    assert refused.status_code == 422
    assert "phải có ngày cấp" in refused.content.decode()
    client.post(reverse("mark_edit", args=[right.code]), change | {"registered_on": "02/03/2025"})
    right.refresh_from_db()
    assert (right.name, right.registered_on) == ("Hồ tiêu Lộc Ninh", date(2025, 3, 2))


def test_forms_of_a_right_are_not_found_by_others(client_for, office, cashew) -> None:
    for name in ("mark_edit", "mark_goods", "mark_holder_new", "mark_paper_new", "mark_spec_new", "mark_area_new"):
        assert client_for(office.stranger).get(reverse(name, args=["dieu"])).status_code == 404
    assert client_for(office.company).get(reverse("mark_new")).status_code == 404


def test_specification_and_area_go_from_draft_to_effect(client_for, office, cashew, communes) -> None:
    client, head = client_for(office.specialist), client_for(office.head)
    lines = "Độ dày hạt; mm; 14,5; 18\nTỷ lệ nhân thu hồi; %; 30"

    client.post(reverse("mark_spec_new", args=["dieu"]), {"title": "Bản mô tả", "percent": "100", "parameters": lines})
    client.post(
        reverse("mark_area_new", args=["dieu"]), {"units_on": "29/08/2018", "units": "25220\nPhú Văn", "note": ""}
    )
    draft = client_for(office.stranger).get(reverse("mark_spec", args=["dieu", 1]))
    for name in ("mark_spec_issue", "mark_area_issue"):
        done = head.post(reverse(name, args=["dieu", 1]), {"valid_from": "29/08/2018", "decision": "QĐ 2065"})
        assert done.status_code == 302

    assert draft.status_code == 404
    shown = client_for(office.stranger).get(reverse("mark_spec", args=["dieu", 1])).content.decode()
    assert "14,5 – 18 mm" in shown
    assert "QĐ 2065" in shown
    area = client.get(reverse("mark_area", args=["dieu", 1])).content.decode()
    assert "toàn bộ" in area
    assert "một phần, chưa đo" in area


def test_area_with_an_unknown_commune_says_which(client_for, office, cashew, communes) -> None:
    answer = client_for(office.specialist).post(
        reverse("mark_area_new", args=["dieu"]), {"units_on": "29/08/2018", "units": "Xã Trên Trời"}
    )

    assert answer.status_code == 422
    assert "Không rõ xã, phường: Xã Trên Trời" in answer.content.decode()


def test_parameters_are_taken_from_a_sheet_and_go_out_as_one(client_for, office, cashew) -> None:
    client = client_for(office.specialist)
    columns = [Column("Chỉ tiêu"), Column("Đơn vị"), Column("Thấp nhất", CellKind.DECIMAL)]
    sheet = write_xlsx([Sheet("Chỉ tiêu", columns, [("Độ dày", "mm", 14.5), ("Độ ẩm", "%", 8)])])

    answer = client.post(
        reverse("mark_spec_new", args=["dieu"]),
        {"title": "Bản mô tả", "percent": "100", "sheet": SimpleUploadedFile("chi-tieu.xlsx", sheet)},
    )

    assert answer.status_code == 302
    assert [str(one.minimum.normalize()) for one in cashew.specifications.get().parameters.all()] == ["14.5", "8"]
    out = client.get(reverse("mark_spec", args=["dieu", 1]), {"tai": "csv"})
    assert "Độ dày,mm,14.5" in b"".join(out.streaming_content).decode()


def test_register_goes_out_and_comes_in_as_a_sheet(client_for, office, cashew) -> None:
    client = client_for(office.specialist)
    template = client.get(reverse("mark_import"), {"mau": 1})
    out = client.get(reverse("mark_list"), {"tai": "xlsx"})
    columns = [Column(one.title_vi) for one in COLUMNS]
    row = ["", "Nhãn hiệu tập thể", "Bưởi da xanh", "", "Bưởi", "Đã nộp đơn", "4-2024-1", "", "", "", "", "", "", "HTX"]
    sheet = write_xlsx([Sheet("Sổ", columns, [row])])

    answer = client.post(
        reverse("mark_import"), {"file": SimpleUploadedFile("so.xlsx", sheet), "manager": office.body.code}
    )

    assert template.content[:2] == out.content[:2] == b"PK"
    assert answer.status_code == 302
    assert Right.objects.get(code="buoi-da-xanh").application_number == "4-2024-1"


def test_sheet_with_a_fault_names_its_row_and_takes_nothing_in(client_for, office) -> None:
    columns = [Column(one.title_vi) for one in COLUMNS[1:6]]
    sheet = write_xlsx([Sheet("Sổ", columns, [("Bằng sáng chế", "A", "", "", "Đã nộp đơn")])])

    answer = client_for(office.specialist).post(
        reverse("mark_import"), {"file": SimpleUploadedFile("so.xlsx", sheet), "manager": office.body.code}
    )

    assert answer.status_code == 422
    assert "không có trong danh mục" in answer.content.decode()
    assert not Right.objects.exists()


def test_document_is_open_only_where_it_is_said_so(client_for, office, cashew) -> None:
    client = client_for(office.specialist)
    for title, is_public in (("Quyết định cấp", "on"), ("Biên bản nội bộ", "")):
        client.post(
            reverse("mark_paper_new", args=["dieu"]),
            {"file": SimpleUploadedFile("qd.pdf", PDF), "kind": "QĐ", "title": title, "is_public": is_public},
        )

    shown = client_for().get(reverse("public_mark", args=["dieu"])).content.decode()
    inside = client.get(reverse("mark_page", args=["dieu"])).content.decode()

    assert "Quyết định cấp" in shown
    assert "Biên bản nội bộ" not in shown
    assert "Biên bản nội bộ" in inside
    link = next(part for part in shown.split('"') if "/tai-lieu/" in part)
    assert client_for().get(link).status_code == 200


def test_register_is_found_by_words_without_diacritics(client_for, office, cashew) -> None:
    found = client_for(office.specialist).get(reverse("search"), {"q": "hat dieu binh"}).content.decode()

    assert reverse("mark_page", args=["dieu"]) in found
