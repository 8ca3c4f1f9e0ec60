"""Screens of master data and of the diary: who sees what, forms, the phone's queue, the spreadsheet."""

import io
from decimal import Decimal
from uuid import uuid4

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from khcn.domains.traceability.models import CapturedEvent, FieldRecord, FormTemplate, Holding, Party, Product, Site
from khcn.domains.traceability.tests.world import GTIN

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch):
    from khcn.domains.traceability.tests.world import NOW

    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def harvest_values(**more):
    return {
        "record": str(uuid4()), "at": "2026-03-12T02:00:00Z", "day": "12/03/2026", "site": "7", "product": "SP01",
        "kg": "320", "x_do_am": "", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["trace_party_list", "trace_site_list", "trace_product_list", "trace_record_list", "trace_template_list"]
)
def test_lists_show_own_rows_only_search_and_export(world, client_for, sql_count, name):
    world.chain()
    producer, officer, stranger = (client_for(who) for who in (world.farmer, world.officer, world.stranger))

    with sql_count() as queries:
        page = officer.get(reverse(name))

    assert page.status_code == 200
    assert len(queries) <= 12
    assert producer.get(reverse(name), {"q": "dieu"}).status_code == 200
    if name != "trace_template_list":
        hidden = "Nhân điều rang muối" if name == "trace_record_list" else "Nhà máy điều thử"
        assert hidden in page.content.decode()
        for client in (producer, stranger):
            assert hidden not in BeautifulSoup(client.get(reverse(name)).content, "html.parser").main.text
        assert officer.get(reverse(name), {"tai": "xlsx"}).content[:2] == b"PK"


def test_party_is_registered_changed_and_hidden_from_strangers(world, client_for):
    officer, stranger, farmer = client_for(world.officer), client_for(world.stranger), client_for(world.farmer)
    values = {"name": "Trạm thu mua thử", "kind": "collector", "prefix": "8936999", "gln": ""}

    made = officer.post(reverse("trace_party_new"), values)

    party = Party.objects.get(name="Trạm thu mua thử")
    assert made.status_code == 302
    assert party.client.prefixes == ["8936999"]
    page = reverse("trace_party", args=[party.code])
    assert officer.get(page).status_code == 200
    assert stranger.get(page).status_code == farmer.get(page).status_code == 404
    edit = reverse("trace_party_edit", args=[party.code])
    assert officer.post(edit, {**values, "version": "1", "address": "Xã Phú Riềng"}).status_code == 302
    assert officer.post(edit, {**values, "version": "1", "address": "Nơi khác"}).status_code == 409
    assert officer.post(edit, {**values, "version": "2", "gln": "8931234000005"}).status_code == 422
    household = {"name": "Hộ bà Thử", "kind": "grower", "head": "HTX1"}
    assert farmer.post(reverse("trace_party_new"), household).status_code == 302
    assert stranger.post(reverse("trace_party_new"), {"name": "X", "kind": "grower", "head": "HTX1"}).status_code == 422


def test_places_and_products_are_kept_with_pictures_and_codes_checked(world, client_for):
    maker = client_for(world.maker)
    new_site = reverse("trace_site_new", args=["NM1"])
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(picture, "JPEG")
    values = {"name": "Điều rang", "sector": "cashew", "gtin": GTIN}

    assert maker.post(new_site, {"kind": "store", "code": "K1", "name": "Kho 1"}).status_code == 302
    assert maker.post(new_site, {"kind": "store", "code": "k1", "name": "Kho 1"}).status_code == 422
    new_product = reverse("trace_product_new", args=["NM1"])
    assert maker.post(new_product, values).status_code == 422  # taken
    assert maker.post(new_product, {**values, "gtin": "4012345000009"}).status_code == 422  # another's prefix
    sent = {**values, "gtin": "", "image": SimpleUploadedFile("a.jpg", picture.getvalue(), "image/jpeg")}
    assert maker.post(new_product, sent).status_code == 302
    product = Product.objects.get(name="Điều rang")
    assert product.is_local
    shown = client_for().get(reverse("trace_product_image", args=[product.uid]))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    site = Site.objects.get(code="K1")
    edit = reverse("trace_site_edit", args=[site.uid])
    assert maker.get(edit).status_code == 200
    assert maker.post(edit, {"kind": "store", "name": "Kho lớn", "version": "1"}).status_code == 302
    assert client_for(world.farmer).get(edit).status_code == 404


def test_product_with_lots_keeps_its_barcode(world, client_for):
    world.chain()
    edit = reverse("trace_product_edit", args=[world.kernel.uid])

    refused = client_for(world.maker).post(edit, {"name": "A", "sector": "cashew", "gtin": "", "version": "1"})

    assert refused.status_code == 422
    assert "phải giữ nguyên" in refused.content.decode()


def test_phone_is_told_what_became_of_each_form_and_sends_twice_safely(world, client_for):
    farmer, address = client_for(world.farmer), reverse("trace_field_form", args=["HO1", "dieu-thu-hoach"])
    values = harvest_values()

    stored, again = (farmer.post(address, values, **JSON) for _ in range(2))
    other = farmer.post(address, {**values, "kg": "999"}, **JSON)
    wrong = farmer.post(address, harvest_values(kg="ba"), **JSON)

    assert (stored.json()["state"], again.json()["state"]) == ("stored", "known")
    assert stored.json()["message"].startswith("Đã ghi. Số lô: 260312-7-")
    assert (other.status_code, other.json()["state"]) == (422, "refused")
    assert (wrong.status_code, "số" in wrong.json()["message"]) == (422, True)
    assert CapturedEvent.objects.count() == FieldRecord.objects.count() == 1
    assert FieldRecord.objects.get().source == "phone"


def test_form_works_without_scripts(world, client_for):
    farmer, address = client_for(world.farmer), reverse("trace_field_form", args=["HO1", "dieu-thu-hoach"])

    page = BeautifulSoup(farmer.get(address).content, "html.parser")
    sent = farmer.post(address, harvest_values(record=page.find("input", {"name": "record"})["value"]))

    assert sent.status_code == 302
    assert FieldRecord.objects.get().source == "web"


def test_form_offers_lots_held_and_refuses_those_that_are_not(world, client_for):
    raw, _made = world.chain()
    held = world.write("dieu-thu-hoach", world.grower, 17, site=world.plot, product=world.raw, kg=Decimal(200)).lot
    farmer, address = client_for(world.farmer), reverse("trace_field_form", args=["HO1", "dieu-giao"])

    page = farmer.get(address).content.decode()
    sold = farmer.post(address, {"record": str(uuid4()), "day": "18/03/2026", f"lot_{held.uid}": "150", "buyer": "NM1"},
                       **JSON)  # fmt: skip
    strange = farmer.post(address, {"record": str(uuid4()), "day": "18/03/2026", f"lot_{uuid4()}": "1"}, **JSON)

    assert held.code in page
    assert raw.code not in page
    assert sold.json()["state"] == "stored"
    assert Holding.objects.get(lot=held, party=world.plant).coming_kg == 150
    assert strange.json()["state"] == "refused"


def test_phone_page_opens_the_camera_only_where_codes_are_read_and_is_installable(world, client_for):
    farmer = client_for(world.farmer)
    home = farmer.get(reverse("trace_field_party", args=["HO1"]))

    form = farmer.get(reverse("trace_field_form", args=["HO1", "dieu-thu-hoach"]))
    worker = farmer.get(reverse("trace_field_worker"))
    manifest = farmer.get(reverse("trace_field_manifest"))

    assert "camera=()" in home["Permissions-Policy"]
    assert "camera=(self)" in form["Permissions-Policy"]
    assert worker["Content-Type"].startswith("text/javascript")
    assert "field.js" in worker.content.decode()
    assert manifest.json()["scope"] == reverse("trace_field_home")
    assert farmer.get(reverse("trace_field_party", args=["NM1"])).status_code == 404


def sheet(*rows):
    book = openpyxl.Workbook()
    book.active.append(["Ngày làm", "Việc", "Lô đất, địa điểm", "Sản phẩm", "Số kg", "Lô hàng dùng", "Bên mua",
                        "Số hóa đơn", "Chi tiết", "Ghi chú"])  # fmt: skip
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("nhat-ky.xlsx", file.getvalue())


def test_sheet_is_taken_whole_or_not_at_all_and_never_twice(world, client_for):
    farmer, address = client_for(world.farmer), reverse("trace_field_sheet", args=["HO1"])
    good = ("12/03/2026", "Thu hoạch điều", "7", "Hạt điều tươi", 320, "", "", "", "Độ ẩm: 12", "")
    care = ("10/03/2026", "Chăm sóc vườn", "7", "", "", "", "", "", "Việc đã làm: Bón phân", "")
    bad = ("13/03/2026", "Thu hoạch điều", "9", "Hạt điều tươi", 100, "", "", "", "", "")

    refused = farmer.post(address, {"file": sheet(good, bad)})
    stored = farmer.post(address, {"file": sheet(good, good, care)})
    again = farmer.post(address, {"file": sheet(good, good, care)})

    assert refused.status_code == 422
    assert "Không tìm thấy đúng một địa điểm" in refused.content.decode()
    assert (stored.status_code, again.status_code) == (302, 302)
    assert FieldRecord.objects.count() == 3
    assert farmer.get(address, {"mau": "1"}).content[:2] == b"PK"


def test_sheet_rule_broken_in_one_row_keeps_nothing(world, client_for):
    farmer, address = client_for(world.farmer), reverse("trace_field_sheet", args=["HO1"])
    good = ("12/03/2026", "Thu hoạch điều", "7", "Hạt điều tươi", 320, "", "", "", "", "")
    late = ("12/05/2026", "Thu hoạch điều", "7", "Hạt điều tươi", 320, "", "", "", "", "")

    refused = farmer.post(address, {"file": sheet(good, late)})

    assert refused.status_code == 422
    assert "Dòng 3" in refused.content.decode()
    assert not FieldRecord.objects.exists()


def test_record_is_shown_and_taken_back_by_its_writer(world, client_for):
    world.chain()
    farmer = client_for(world.farmer)
    record = FieldRecord.objects.get(template__act="ship", party=world.grower)

    page = farmer.get(reverse("trace_record", args=[record.uid]))
    refused = farmer.post(reverse("trace_record_withdraw", args=[record.uid]), {"reason": ""})
    done = farmer.post(reverse("trace_record_withdraw", args=[record.uid]), {"reason": "ghi nhầm"})

    assert record.event_id in page.content.decode()
    assert (refused.status_code, done.status_code) == (422, 302)
    assert client_for(world.maker).get(reverse("trace_record", args=[record.uid])).status_code == 404


def test_template_is_edited_by_officers_as_a_new_version(world, client_for):
    template = world.template("dieu-cham-soc")
    edit, officer = reverse("trace_template_edit", args=[template.uid]), client_for(world.officer)
    values = {"valid_from": "01/04/2026", "title": "Chăm vườn điều", "fields_text": "Việc đã làm * | chữ",
              "version": "1"}  # fmt: skip

    assert officer.get(edit).status_code == 200
    assert officer.post(edit, {**values, "fields_text": "| gì"}).status_code == 422
    assert officer.post(edit, values).status_code == 302
    assert FormTemplate.objects.filter(code="dieu-cham-soc").count() == 2
    assert client_for(world.farmer).post(edit, values).status_code == 403
