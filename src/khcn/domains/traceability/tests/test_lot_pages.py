"""Lots, the page of a QR, the resolver, the proof, labels, alarms, recalls and reports of fakes."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory
from django.urls import reverse

from khcn.domains.traceability.choices import EvidenceKind
from khcn.domains.traceability.models import CapturedEvent, FakeReport, LabelBatch, Recall, Scan
from khcn.domains.traceability.queries.alarms import alarms_for
from khcn.domains.traceability.queries.lots import completeness_of, stages_of
from khcn.domains.traceability.queries.proof import proof_of
from khcn.domains.traceability.rules.label_sheet import QR_VERSION, Label, qr_svg, render_labels
from khcn.domains.traceability.rules.mass_balance import AlarmKind
from khcn.domains.traceability.services.goods import add_evidence, make_labels, note_scan
from khcn.domains.traceability.services.recalls import close_recall, order_recall
from khcn.domains.traceability.tests.conftest import captured, event, new_client
from khcn.domains.traceability.tests.world import GTIN, NOW, PLANT_GLN, SYSTEM, TODAY
from khcn.kernel.documents.services import store_file
from khcn.kernel.notices.models import Notice
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.serials import is_genuine, looks_copied, serial_of
from khcn.standards.epcis.documents import read_document
from khcn.standards.epcis.json_reading import read_json
from khcn.standards.gs1.digital_link import parse_digital_link
from khcn.standards.gs1.link_compression import compress
from khcn.web.standing_answers import StandingAnswers

SSCC = "389312340000000012"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    cache.clear()


@pytest.fixture
def chain(world):
    world.raw_lot, world.made_lot = world.chain()
    return world


def test_resolver_leads_a_lot_to_its_page_and_says_what_else_there_is(chain, client_for):
    client = client_for()
    address = f"/01/{GTIN}/10/{chain.made_lot.code}"

    led = client.get(address, {"x": "1"})
    linkset = client.get(address, {"linkType": "all"})
    asked = client.get(address, HTTP_ACCEPT="application/linkset+json")
    typed = client.get(address, {"linkType": "gs1:traceability"})
    none = client.get(address, {"linkType": "gs1:recipeInfo"})

    page = reverse("trace_goods", args=[chain.made_lot.uid])
    assert (led.status_code, led["Location"]) == (307, f"http://testserver{page}?x=1")
    assert led["Access-Control-Allow-Origin"] == "*"
    assert linkset["Content-Type"] == "application/linkset+json"
    assert linkset.content == asked.content
    (entry,) = linkset.json()["linkset"]
    assert entry["anchor"] == f"http://testserver{address}"
    assert len(entry["https://ref.gs1.org/voc/defaultLink"]) == 1
    assert typed["Location"].endswith("#hanh-trinh")
    assert none.status_code == 404
    assert client.options(address).status_code == 204
    assert client.post(address).status_code == 405
    assert client.get(reverse("trace_well_known")).json()["supportedPrimaryKeys"][:2] == ["00", "01"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/01/08931234123452", 400), ("/01/abc", 400), ("/01/04012345000009", 404), (f"/01/{GTIN}/10/khong-co", 307),
     (f"/01/{GTIN}", 307)],
)  # fmt: skip
def test_resolver_tells_wrong_links_from_unknown_goods(chain, client_for, path, status):
    assert client_for().get(path).status_code == status


def test_resolver_knows_places_parties_labels_and_pallets(chain, client_for):
    _batch, serials = make_labels(by=SYSTEM, lot=chain.made_lot, count=1, on=TODAY)
    program = new_client(sees_all=True)
    pallet = f"https://id.gs1.org/00/{SSCC}"
    captured(
        program,
        event(type="AggregationEvent", action="ADD", parentID=pallet, childQuantityList=[
            {"epcClass": chain.made_lot.uri, "quantity": 50, "uom": "KGM"}], epcList=None, bizStep="packing"),
    )  # fmt: skip
    client = client_for()

    place = client.get(client.get(f"/414/{PLANT_GLN}/254/X1")["Location"])
    party = client.get(client.get(f"/417/{PLANT_GLN}")["Location"])
    label = client.get(f"/01/{GTIN}/21/{serials[0]}")
    inside = client.get(client.get(f"/00/{SSCC}")["Location"])

    assert "Xưởng 1" in place.content.decode()
    assert "Nhà máy điều thử" in party.content.decode()
    assert label["Location"].endswith(f"{reverse('trace_goods', args=[chain.made_lot.uid])}?tem={serials[0]}")
    assert chain.made_lot.code in inside.content.decode()
    assert "Điểu Thử" not in inside.content.decode()
    assert client.get(f"/414/{PLANT_GLN}/254/khong").status_code == 404
    assert client.get("/00/389312340000000098").status_code == 404
    assert client.get("/00/389312340000000099").status_code == 400
    assert client.get("/hang/ma/01/1").status_code == 404


def test_resolver_reads_compressed_links_and_names_the_plain_one(chain, client_for):
    plain = f"http://testserver/01/{GTIN}/10/{chain.made_lot.code}"
    whole = compress(parse_digital_link(plain)).removeprefix("http://testserver")
    partly = compress(parse_digital_link(plain), keep_key=True).removeprefix("http://testserver")
    client, page = client_for(), reverse("trace_goods", args=[chain.made_lot.uid])

    answers = [client.get(whole), client.get(partly)]
    linkset = client.get(whole, {"linkType": "all"}).json()["linkset"][0]

    assert [one.status_code for one in answers] == [307, 307]
    assert all(one["Location"] == f"http://testserver{page}" for one in answers)
    assert all(f'<{plain}>; rel="http://www.w3.org/2002/07/owl#sameAs"' in one["Link"] for one in answers)
    assert linkset["anchor"] == plain
    assert client.get("/khongphaimanen").status_code == 404


def test_picture_that_the_store_has_lost_is_not_found(chain, client_for, settings):
    product = chain.kernel
    product.image = store_file(by=SYSTEM, content=b"\x89PNG\r\n\x1a\n", media_type="image/png")
    product.save()
    address = reverse("trace_product_image", args=[product.uid])
    there = client_for().get(address).status_code
    (Path(settings.MEDIA_ROOT) / product.image.path).unlink()

    gone = client_for().get(address).status_code

    assert (there, gone) == (200, 404)


def test_goods_page_is_small_needs_no_script_and_hides_households(chain, client_for, sql_count):
    add_evidence(
        by=SYSTEM, product=chain.kernel, kind=EvidenceKind.TEST, title="Kiểm nghiệm aflatoxin", issuer="QUATEST",
        issued_on=TODAY,
    )  # fmt: skip
    address = reverse("trace_goods", args=[chain.made_lot.uid])

    shown = client_for().get(address)
    with sql_count() as queries:
        client_for().get(address)

    text = shown.content.decode()
    assert shown.status_code == 200
    assert len(shown.content) < 30_000
    assert "<script" not in text
    assert "Điểu Thử" not in text
    for wanted in ("Nhân điều rang muối", "Nhà máy điều thử", "Thu hoạch điều", "Kiểm nghiệm aflatoxin", "Đầy đủ"):
        assert wanted in text
    assert len(queries) <= 4


def test_goods_page_is_kept_and_asked_about_with_one_statement(chain, client_for, sql_count):
    address, somebody = reverse("trace_goods", args=[chain.made_lot.uid]), client_for()
    first = somebody.get(address)

    with sql_count() as queries:
        again = somebody.get(address)
        known = somebody.get(address, headers={"If-None-Match": first["ETag"]})
    asked = len(queries)
    signed_in = client_for(chain.maker).get(address)

    assert asked == 2
    assert again.content == first.content
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == "no-cache"
    assert signed_in["Cache-Control"] == "private, no-store"


def test_kept_goods_page_says_at_once_what_a_program_declares_wrong(chain, client_for, sql_count):
    address, label = reverse("trace_goods", args=[chain.made_lot.uid]), {"tem": "X"}
    making = CapturedEvent.objects.get(kind="TransformationEvent")
    before, etag = client_for().get(address).content.decode(), client_for().get(address)["ETag"]
    seen_by_label = client_for().get(address, label).content.decode()
    event, _problems = read_json(bytes(making.body))
    event |= {
        "errorDeclaration": {"declarationTime": "2026-03-20T08:00:00Z"},
        "inputQuantityList": [{"epcClass": "urn:epc:class:lgtin:8931234.099999.KHAC"}],
        "outputQuantityList": [{"epcClass": "urn:epc:class:lgtin:8931234.099999.NUA"}],
    }

    job = captured(chain.plant.client, event)
    after = client_for().get(address, headers={"If-None-Match": etag})

    assert job.success
    assert "Thu hoạch điều" in before
    assert "Thu hoạch điều" in seen_by_label
    assert after.status_code == 200
    assert "Thu hoạch điều" not in after.content.decode()
    assert "Thu hoạch điều" not in client_for().get(address, label).content.decode()


def test_kept_goods_page_stays_while_others_capture_and_goes_with_events_of_its_own_things(
    chain, client_for, sql_count
):
    address, client = reverse("trace_goods", args=[chain.made_lot.uid]), new_client("lab", sees_all=True)
    kept = client_for().get(address)

    captured(client, event())
    with sql_count() as after_others:
        others = client_for().get(address)
    with sql_count() as once_more:
        client_for().get(address)
    captured(client, event(epcList=None, quantityList=[{"epcClass": chain.raw_lot.uri}]))
    with sql_count() as after_own:
        client_for().get(address)

    assert others.content == kept.content
    assert (len(after_others), len(once_more)) == (2, 1)
    assert len(after_own) > 5


def test_kept_goods_page_says_at_once_what_people_do(chain, client_for):
    address, raw = (reverse("trace_goods", args=[lot.uid]) for lot in (chain.made_lot, chain.raw_lot))
    plain = [client_for().get(one).content.decode() for one in (address, raw)]

    recall = order_recall(by=SYSTEM, lot=chain.raw_lot, reason="Dư lượng", now=NOW)
    recalled = [client_for().get(one).content.decode() for one in (address, raw)]
    close_recall(by=SYSTEM, recall=recall, conclusion="Đã thu đủ", now=NOW)
    add_evidence(
        by=SYSTEM, product=chain.kernel, kind=EvidenceKind.TEST, title="Kiểm nghiệm mới", issuer="QUATEST",
        issued_on=TODAY,
    )  # fmt: skip
    closed = [client_for().get(one).content.decode() for one in (address, raw)]

    assert not any("đang bị thu hồi" in one for one in plain + closed)
    assert all("đang bị thu hồi" in one for one in recalled)
    assert ["Kiểm nghiệm mới" in one for one in closed] == [True, False]


@pytest.fixture
def at_the_door():
    """Ask as the server does, through the door that gives kept pages itself: (status, headers, body)."""
    door = StandingAnswers(get_wsgi_application())

    def ask(address, **extra):
        told = []
        environ = {**RequestFactory()._base_environ(PATH_INFO=address), **extra}
        if not environ.get("HTTP_COOKIE"):
            environ.pop("HTTP_COOKIE", None)
        response = door(environ, lambda status, headers, *more: told.append((status, headers)))
        return (*told[-1], b"".join(response).decode())

    return ask


def test_kept_goods_page_is_given_at_the_door_as_the_application_gave_it(chain, at_the_door, sql_count):
    address = reverse("trace_goods", args=[chain.made_lot.uid])
    first = at_the_door(address)
    etag = dict(first[1])["ETag"]
    known = at_the_door(address, HTTP_IF_NONE_MATCH=etag)

    with sql_count() as queries:
        again, still_known = at_the_door(address), at_the_door(address, HTTP_IF_NONE_MATCH=etag)

    assert (first, known) == (again, still_known)
    assert (first[0], known[0], known[2]) == ("200 OK", "304 Not Modified", "")
    assert {"Content-Security-Policy", "Content-Language", "Vary", "X-Frame-Options"} <= set(dict(first[1]))
    assert len(queries) == 2


def test_page_at_the_door_tells_of_a_recall_an_error_and_a_new_event_at_the_next_opening(chain, at_the_door):
    address = reverse("trace_goods", args=[chain.made_lot.uid])
    making = CapturedEvent.objects.get(kind="TransformationEvent")
    plain = [at_the_door(address)[2] for _ in range(2)]
    etag = dict(at_the_door(address)[1])["ETag"]
    at_the_door(address, HTTP_IF_NONE_MATCH=etag)

    recall = order_recall(by=SYSTEM, lot=chain.raw_lot, reason="Dư lượng", now=NOW)
    recalled, asked = at_the_door(address), at_the_door(address, HTTP_IF_NONE_MATCH=etag)
    close_recall(by=SYSTEM, recall=recall, conclusion="Đã thu đủ", now=NOW)
    closed = at_the_door(address)
    event, _problems = read_json(bytes(making.body))
    captured(chain.plant.client, event | {"errorDeclaration": {"declarationTime": "2026-03-20T08:00:00Z"}})
    corrected = at_the_door(address)

    assert "đang bị thu hồi" not in plain[1] + closed[2]
    assert "đang bị thu hồi" in recalled[2]
    assert asked[0] == "200 OK"
    assert "Thu hoạch điều" in closed[2]
    assert "Thu hoạch điều" not in corrected[2]


def test_scans_of_a_label_and_signed_in_visitors_pass_the_door(chain, at_the_door, client_for):
    address, maker = reverse("trace_goods", args=[chain.made_lot.uid]), client_for(chain.maker)
    _batch, (serial,) = make_labels(by=SYSTEM, lot=chain.made_lot, count=1, on=TODAY)
    for _ in range(2):
        at_the_door(address)

    by_label = [at_the_door(address, QUERY_STRING=f"tem={serial}") for _ in range(2)]
    cookies = "; ".join(f"{name}={one.value}" for name, one in maker.cookies.items())
    signed_in = at_the_door(address, HTTP_COOKIE=cookies)

    assert Scan.objects.count() == 2
    assert by_label[0][2] != by_label[1][2]
    assert all(dict(one[1])["Cache-Control"] == "private, no-store" for one in (*by_label, signed_in))


def test_completeness_scores_what_is_there_and_says_what_is_missing(chain):
    made = completeness_of(chain.made_lot, stages_of([chain.raw_lot, chain.made_lot]), TODAY)
    raw = completeness_of(chain.raw_lot, stages_of([chain.raw_lot]), TODAY)

    assert [one.item.key for one in made.missing] == ["image"]
    assert made.percent == 90
    assert {one.item.key for one in raw.missing} >= {"image", "trace_code", "place_code", "brand", "standards"}
    assert raw.percent < made.percent


def test_serials_cannot_be_guessed_and_scans_tell_copies(chain):
    batch, serials = make_labels(by=SYSTEM, lot=chain.made_lot, count=3, on=TODAY)

    assert all(len(one) <= 20 for one in serials)
    assert is_genuine(serials[2], 3, batch.secret)
    assert not is_genuine(serial_of(batch.pk, 4, batch.secret), 3, batch.secret)
    assert not is_genuine(serials[0][:-1] + "A", 3, batch.secret) or serials[0].endswith("A")
    first = note_scan(lot=chain.made_lot, serial=serials[0], network="10.0.0.1", now=NOW)
    again = note_scan(lot=chain.made_lot, serial=serials[0], network="10.0.0.9", now=NOW)
    for place in range(3):
        last = note_scan(lot=chain.made_lot, serial=serials[0], network=f"10.{place + 1}.0.1", now=NOW)
    assert (first["first"], again["first"], again["times"], again["copied"]) == (True, False, 2, False)
    assert last["copied"]
    forged = note_scan(lot=chain.made_lot, serial="1-1-AAAAA", network="10.0.0.1", now=NOW)
    other = note_scan(lot=chain.raw_lot, serial=serials[1], network="10.0.0.1", now=NOW)
    assert not forged["genuine"]
    assert not other["genuine"]
    assert not any("10." in one.network for one in Scan.objects.all())
    assert looks_copied(networks=1, scans=40, most_networks=4, most_scans=40)


def test_labels_are_a_pdf_of_one_size_of_code(chain, client_for):
    maker, address = client_for(chain.maker), reverse("trace_lot_labels", args=[chain.made_lot.uid])

    sheet = maker.post(address, {"count": "3", "numbered": "on"})
    too_many = maker.post(address, {"count": "501", "numbered": "on"})

    assert sheet.content[:5] == b"%PDF-"
    assert LabelBatch.objects.get().count == 3
    assert too_many.status_code == 422
    link = f"https://truyxuat.example/01/{GTIN}/10/260315-X1-ABCD/21/1-1-ABCDE"
    size = 17 + 4 * QR_VERSION + 4
    assert f'width="{size}" height="{size}"' in qr_svg(link)
    label = Label(link, "Nhân điều", "L1", "NSX 01/01/2026", "1-1-A")
    assert render_labels([label]) == render_labels([label])
    assert client_for(chain.farmer).get(address).status_code == 404


def test_proof_is_sound_until_somebody_alters_the_store(chain, client_for):
    stages = stages_of([chain.raw_lot, chain.made_lot])
    client, address = client_for(), reverse("trace_goods_proof", args=[chain.made_lot.uid])
    event = CapturedEvent.objects.first()

    sound = proof_of(stages)
    told = client.get(address, {"dang": "json"}).json()
    known = client.get(address, {"ma": bytes(event.key).hex()})
    CapturedEvent.objects.filter(pk=event.pk).update(body=bytes(event.body).replace(b"320", b"999"))

    assert sound.is_sound
    assert len(sound.links) == 5
    assert told["head"] == sound.head == told["links"][-1]["chain"]
    assert "Có sự kiện mang mã này" in known.content.decode()
    assert not proof_of(stages).is_sound
    assert "không khớp" in client.get(address).content.decode()


def test_proof_can_be_recomputed_by_anybody(chain, client_for):
    from hashlib import sha256

    told = client_for().get(reverse("trace_goods_proof", args=[chain.made_lot.uid]), {"dang": "json"}).json()

    for link in told["links"]:
        again = sha256(bytes.fromhex(link["before"] + link["document"] + "".join(link["keys"]))).hexdigest()
        assert again == link["chain"]


def test_trace_page_draws_and_exports_and_hides_what_is_not_ones_own(chain, client_for, sql_count):
    address = reverse("trace_lot_trace", args=[chain.made_lot.uid])
    officer, maker = client_for(chain.officer), client_for(chain.maker)

    with sql_count() as queries:
        shown = officer.get(address)
    epcis, csv, pdf = (officer.get(address, {"tai": kind}) for kind in ("epcis", "csv", "pdf"))
    raw = officer.get(reverse("trace_lot_trace", args=[chain.raw_lot.uid])).content.decode()

    assert shown.status_code == 200
    assert len(queries) <= 40
    assert "Hạt điều tươi" in shown.content.decode()
    document = read_document(epcis.content)
    assert (document.is_valid, len(document.events)) == (True, 5)
    assert chain.raw_lot.code in b"".join(csv.streaming_content).decode()
    assert pdf.content[:5] == b"%PDF-"
    assert chain.made_lot.code in raw
    farmer = client_for(chain.farmer).get(reverse("trace_lot_trace", args=[chain.raw_lot.uid])).content.decode()
    assert "Cơ sở khác" in farmer
    assert "Nhân điều rang muối" not in farmer
    assert maker.get(address).status_code == 200
    assert client_for(chain.stranger).get(address).status_code == 404


@pytest.mark.parametrize("name", ["trace_lot_list", "trace_alarm_list", "trace_recall_list"])
def test_lists_open_for_producers_and_officers(chain, client_for, sql_count, name):
    for member in (chain.officer, chain.farmer, chain.maker):
        client = client_for(member)
        with sql_count() as queries:
            assert client.get(reverse(name)).status_code == 200
        assert len(queries) <= 20


def test_lot_page_shows_what_is_missing_and_takes_papers(chain, client_for):
    maker, address = client_for(chain.maker), reverse("trace_lot", args=[chain.made_lot.uid])
    values = {"kind": "test", "title": "Phiếu 1", "issuer": "QUATEST", "issued_on": "15/03/2026"}

    page = maker.get(address).content.decode()
    added = maker.post(reverse("trace_evidence_new", args=[chain.made_lot.uid]), values)
    wrong = maker.post(reverse("trace_evidence_new", args=[chain.made_lot.uid]), {**values, "expires_on": "01/01/2026"})

    assert "Thêm một ảnh" in page
    assert (added.status_code, wrong.status_code) == (302, 422)
    assert maker.get(reverse("trace_lot_qr", args=[chain.made_lot.uid])).content[:4] == b"<svg"


def test_alarms_name_what_cannot_be(chain):
    chain.write("dieu-thu-hoach", chain.grower, 17, site=chain.plot, product=chain.raw, kg=Decimal(6000))
    other = chain.write("dieu-thu-hoach", chain.grower, 17, site=chain.plot, product=chain.raw, kg=Decimal(100)).lot
    chain.write("dieu-giao", chain.grower, 18, inputs=[(other, Decimal(150))], buyer=chain.plant)
    chain.write("dieu-nhan", chain.plant, 18, inputs=[(other, Decimal(180))])
    chain.write("dieu-che-bien-2", chain.plant, 19, site=chain.hall, product=chain.kernel, kg=Decimal(90),
                inputs=[(other, Decimal(150))])  # fmt: skip

    kinds = {one.alarm.kind for one in alarms_for(chain.officer.actor, TODAY)}

    assert kinds == {
        AlarmKind.OVER_YIELD, AlarmKind.OVERDRAWN, AlarmKind.MORE_RECEIVED, AlarmKind.TOO_MUCH_OUT,
    }  # fmt: skip
    assert not alarms_for(chain.stranger.actor, TODAY)


def test_sound_chain_raises_no_alarm(chain):
    assert alarms_for(chain.officer.actor, TODAY) == []


def test_recall_reaches_every_lot_and_party_and_warns_buyers_until_it_ends(chain, client_for):
    officer, page = client_for(chain.officer), reverse("trace_goods", args=[chain.made_lot.uid])
    ordered = officer.post(
        reverse("trace_recall_new", args=[chain.raw_lot.uid]), {"reason": "Dư lượng", "advice": "Trả lại"}
    )

    recall = Recall.objects.get()
    warned = client_for().get(page).content.decode()
    report = officer.get(reverse("trace_recall", args=[recall.uid]))
    closing = {"conclusion": "Đã thu đủ", "version": str(recall.version)}
    closed = officer.post(reverse("trace_recall_close", args=[recall.uid]), closing)

    assert ordered.status_code == 302
    assert {one["code"] for one in recall.report["lots"]} == {chain.raw_lot.code, chain.made_lot.code}
    assert {one["name"] for one in recall.report["parties"]} == {
        "Hộ ông Điểu Thử", "Nhà máy điều thử", "Cửa hàng thử"
    }  # fmt: skip
    assert recall.report["told"] == 2
    assert Notice.objects.filter(title__startswith="Thu hồi").count() == 2
    assert "đang bị thu hồi" in warned
    assert "Trả lại" in warned
    assert "Cửa hàng thử" in report.content.decode()
    assert closed.status_code == 302
    assert "đang bị thu hồi" not in client_for().get(page).content.decode()


def test_drill_is_timed_and_warns_no_buyer(chain, client_for):
    ticks = iter([1.0, 1.25, 2.0])

    recall = order_recall(
        by=SYSTEM, lot=chain.raw_lot, reason="Diễn tập", is_drill=True, now=NOW, clock=lambda: next(ticks)
    )

    assert (recall.report["traced_ms"], recall.report["whole_ms"]) == (250, 1000)
    assert "thu hồi" not in client_for().get(reverse("trace_goods", args=[chain.made_lot.uid])).content.decode()
    with pytest.raises(Forbidden):
        order_recall(by=chain.farmer.actor, lot=chain.made_lot, reason="x", now=NOW)
    with pytest.raises(Refused):
        order_recall(by=SYSTEM, lot=chain.made_lot, reason=" ", now=NOW)


def test_fake_is_reported_by_anybody_and_answered_by_officers(chain, client_for):
    address = reverse("trace_goods_fake", args=[chain.made_lot.uid])

    short = client_for().post(address, {"contents": "giả"})
    sent = client_for().post(address, {"contents": "Nắp hộp không có niêm phong như mọi khi."})
    report = FakeReport.objects.get()
    page = reverse("trace_report", args=[report.uid])
    answer = {"state": "confirmed", "answer": "Đã kiểm tra", "version": "1"}

    assert (short.status_code, sent.status_code) == (422, 302)
    assert client_for(chain.farmer).get(page).status_code == 403
    assert Notice.objects.filter(title__contains="hàng giả").exists()
    assert client_for(chain.officer).get(reverse("trace_report_list")).status_code == 200
    assert client_for(chain.officer).post(page, answer).status_code == 302
    assert client_for(chain.officer).post(page, answer).status_code == 409


def test_expired_goods_and_withdrawn_lots_are_said(chain, client_for):
    lot = chain.made_lot
    lot.expires_on = TODAY - timedelta(days=1)
    lot.save()

    assert "hết hạn" in client_for().get(reverse("trace_goods", args=[lot.uid])).content.decode()
    lot.withdrawn = True
    lot.save()
    assert client_for().get(reverse("trace_goods", args=[lot.uid])).status_code == 404
    assert json.loads(client_for().get(f"/01/{GTIN}/10/{lot.code}", {"linkType": "all"}).content)
