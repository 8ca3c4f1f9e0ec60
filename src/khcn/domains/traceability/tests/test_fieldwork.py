"""The diary: forms become events once, lots are held and handed on, and what was wrong is taken back."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from khcn.domains.traceability.choices import FieldAct
from khcn.domains.traceability.models import CapturedEvent, FieldRecord, FormTemplate, Holding, Lot
from khcn.domains.traceability.queries.trace import trace_back, trace_forward
from khcn.domains.traceability.rules.field_forms import Amount, Filled, document_of, event_of, kg_text, read_kg
from khcn.domains.traceability.rules.template_fields import fields_of_lines, lines_of_fields
from khcn.domains.traceability.services.fieldwork import withdraw_record
from khcn.domains.traceability.services.templates import change_template
from khcn.domains.traceability.tests.world import NOW, SYSTEM, at
from khcn.lib.failure import Forbidden, Refused, Stale
from khcn.lib.unreadable import Unreadable
from khcn.standards.epcis.documents import read_document
from khcn.standards.epcis.json_reading import read_json

database = pytest.mark.database
UID = UUID("5d0c8f0e-8a43-4d1c-9f4e-0f7f3f6f1a2b")


def held(party, lot):
    found = Holding.objects.filter(party=party, lot=lot).first()
    return (found.kg, found.coming_kg) if found else None


@database
def test_harvest_becomes_an_event_at_the_plot_and_a_lot(world):
    record = world.write("dieu-thu-hoach", world.grower, 12, uid=UID, site=world.plot, product=world.raw,
                         kg=Decimal(320), extra={"do_am": "12,5"}, note="nắng")  # fmt: skip

    event, _ = read_json(bytes(CapturedEvent.objects.get().body))
    assert record.sentence == "Thu hoạch điều 320 kg Hạt điều tươi ở Lô 7 ngày 12/03/2026"
    assert record.lot.code == "260312-7-1A2B"
    assert (event["type"], event["action"], event["bizStep"]) == ("ObjectEvent", "ADD", "commissioning")
    assert event["eventID"] == f"urn:uuid:{UID}"
    assert event["quantityList"] == [{"epcClass": record.lot.uri, "quantity": 320, "uom": "KGM"}]
    assert event["readPoint"]["id"] == "urn:x-khcn:site:HO1:7"
    assert event["khcn:details"] == {"khcn:do_am": "12.5"}
    assert held(world.grower, record.lot) == (Decimal(320), Decimal(0))


@database
def test_same_record_sent_again_is_stored_once(world):
    first = world.write(
        "dieu-thu-hoach", world.grower, 12, uid=UID, site=world.plot, product=world.raw, kg=Decimal(320)
    )
    again = world.write("dieu-thu-hoach", world.grower, 12, uid=UID, site=world.plot, product=world.raw,
                        kg=Decimal("320.0"))  # fmt: skip

    assert (again, world.is_new) == (first, False)
    assert CapturedEvent.objects.count() == FieldRecord.objects.count() == Lot.objects.count() == 1
    with pytest.raises(Refused, match="nội dung khác"):
        world.write("dieu-thu-hoach", world.grower, 12, uid=UID, site=world.plot, product=world.raw, kg=Decimal(321))


@database
def test_two_alike_harvests_are_two(world):
    for _ in range(2):
        world.write("dieu-thu-hoach", world.grower, 12, site=world.plot, product=world.raw, kg=Decimal(320))

    assert CapturedEvent.objects.count() == Lot.objects.count() == 2


@database
def test_chain_moves_what_is_held_and_traces_both_ways(world):
    raw, made = world.chain()

    assert held(world.grower, raw) == held(world.plant, raw) == (Decimal(0), Decimal(0))
    assert held(world.plant, made) == (Decimal(30), Decimal(0))
    assert held(world.shop, made) == (Decimal(0), Decimal(50))
    assert {thing.uri for thing in trace_back(made.uri).things} == {made.uri, raw.uri}
    assert {thing.uri for thing in trace_forward(raw.uri).things} == {raw.uri, made.uri}
    assert made.expires_on == made.made_on + timedelta(days=360)


@database
def test_withdrawn_record_takes_its_lot_and_what_was_derived(world):
    raw, made = world.chain()
    sale, making = (FieldRecord.objects.get(template__act=act, party=world.plant) for act in ("ship", "make"))

    with pytest.raises(Refused, match="các dòng sau"):
        withdraw_record(by=SYSTEM, record=making, reason="ghi nhầm", now=NOW)
    withdraw_record(by=SYSTEM, record=sale, reason="ghi nhầm", now=NOW)
    withdraw_record(by=SYSTEM, record=making, reason="ghi nhầm", now=NOW)

    assert held(world.plant, raw) == (Decimal(320), Decimal(0))
    assert held(world.plant, made) == (Decimal(0), Decimal(0))
    assert {thing.uri for thing in trace_forward(raw.uri).things} == {raw.uri}
    assert CapturedEvent.objects.filter(declares_error=True).count() == 2
    assert Lot.objects.get(pk=made.pk).withdrawn
    with pytest.raises(Refused, match="đã hủy"):
        withdraw_record(by=SYSTEM, record=making, reason="lần nữa", now=NOW)


def test_writing_for_others_is_forbidden(world):
    answers = {"site": world.plot, "product": world.raw, "kg": Decimal(1)}

    record = world.write("dieu-thu-hoach", world.grower, 12, by=world.farmer.actor, **answers)

    assert record.written_by == world.farmer.user
    for member in (world.stranger, world.officer, world.maker):
        with pytest.raises(Forbidden):
            world.write("dieu-thu-hoach", world.grower, 12, by=member.actor, **answers)


@pytest.mark.parametrize(
    ("code", "answers", "sentence"),
    [
        ("dieu-thu-hoach", {"product": "raw", "kg": Decimal(1)}, "lô đất"),
        ("dieu-thu-hoach", {"site": "plot"}, "chọn sản phẩm"),
        ("dieu-thu-hoach", {"site": "hall", "product": "raw", "kg": Decimal(1)}, "cơ sở khác"),
        ("dieu-cham-soc", {"site": "plot"}, "việc đã làm"),
        ("dieu-cham-soc", {"site": "plot", "extra": {"muc_dich": "Bay"}}, "trong danh sách"),
        (
            "dieu-thu-hoach",
            {"site": "plot", "product": "raw", "kg": Decimal(1), "extra": {"do_am": "101"}},
            "từ 0 đến 100",
        ),
        ("dieu-giao", {}, "ít nhất một lô"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(world, code, answers, sentence):
    given = {key: getattr(world, value) if isinstance(value, str) else value for key, value in answers.items()}

    with pytest.raises(Refused, match=sentence):
        world.write(code, world.grower, 12, **given)

    assert not CapturedEvent.objects.exists()


def test_lots_of_others_and_days_to_come_are_refused(world):
    raw, _made = world.chain()

    with pytest.raises(Refused, match="không thuộc cơ sở"):
        world.write("dieu-giao", world.coop, 17, inputs=[(raw, Decimal(1))])
    with pytest.raises(Refused, match="chưa được bên bán"):
        world.write("dieu-nhan", world.coop, 17, inputs=[(raw, Decimal(1))])
    with pytest.raises(Refused, match="tương lai"):
        world.write("dieu-thu-hoach", world.grower, 25, site=world.plot, product=world.raw, kg=Decimal(1))


def test_template_changed_from_a_day_keeps_old_records_and_refuses_stale_saves(world):
    old = world.template("dieu-thu-hoach")
    changed = change_template(
        by=world.officer.actor, template=old, valid_from=date(2026, 3, 18),
        changes={"title": "Nhặt điều", "fields": fields_of_lines("Độ ẩm * | số | %", old.fields)},
        expected_version=old.version,
    )  # fmt: skip

    assert FormTemplate.objects.get(pk=old.pk).valid_to == date(2026, 3, 18)
    assert changed.fields[0]["key"] == "do_am"
    with pytest.raises(Refused, match="không dùng cho ngày"):
        world.write("dieu-thu-hoach", world.grower, 12, site=world.plot, product=world.raw, kg=Decimal(1))
    with pytest.raises(Refused, match="độ ẩm"):
        world.write("dieu-thu-hoach", world.grower, 19, site=world.plot, product=world.raw, kg=Decimal(1))
    with pytest.raises(Stale):
        change_template(by=SYSTEM, template=old, valid_from=date(2026, 4, 1), changes={}, expected_version=1)
    with pytest.raises(Forbidden):
        change_template(by=world.farmer.actor, template=changed, valid_from=date(2026, 4, 1), changes={})


@pytest.mark.parametrize("act", list(FieldAct))
def test_every_act_is_a_valid_event_of_epcis(act):
    lot = Amount("urn:x-khcn:lot:HO1:SP01:L1", Decimal("320.5"))
    filled = Filled(
        record=UID, act=act, biz_step="receiving", disposition="active", occurred_at=at(12), party="urn:x-khcn:party:A",
        site="urn:x-khcn:site:A:7", crop="urn:x-khcn:crop:A:7", counterparty="urn:x-khcn:party:B", inputs=(lot,),
        output=lot, lot_code="L1", expires_on=date(2027, 1, 1), paper="urn:x-khcn:doc:A:1", note="a",
        extra={"do_am": "1"},
    )  # fmt: skip
    if act in (FieldAct.CARE, FieldAct.SHIP, FieldAct.RECEIVE):
        filled = Filled(**{name: getattr(filled, name) for name in Filled.__slots__} | {"lot_code": ""})

    document = read_document(document_of([event_of(filled)], NOW))

    assert (document.problems, document.breaches) == ([], [])


@pytest.mark.parametrize(
    ("text", "kg"),
    [
        ("320", "320"),
        ("320,5", "320.5"),
        ("1.250", "1250"),
        ("1.250,75", "1250.75"),
        ("0.125", "0.125"),
        ("2.5", "2.5"),
    ],
)
def test_kilograms_are_read_as_people_type_them(text, kg):
    assert read_kg(text) == Decimal(kg)


@pytest.mark.parametrize("text", ["", "ba", "-1", "1e999", "NaN", "0,00000001"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(Unreadable):
        read_kg(text)


def test_kilograms_are_written_in_vietnamese():
    assert [kg_text(Decimal(one)) for one in ("1250.50", "320", "1000000")] == ["1.250,5 kg", "320 kg", "1.000.000 kg"]


def test_lines_of_a_template_go_there_and_back():
    lines = "Việc * | chọn |  | Bón phân; Tưới\nĐộ ẩm | số | %\nTên thuốc | chữ"

    fields = fields_of_lines(lines)

    assert lines_of_fields(fields) == lines
    assert fields[0] == {"key": "viec", "label": "Việc", "kind": "choice", "required": True,
                         "options": ["Bón phân", "Tưới"]}  # fmt: skip
    for wrong in ("| số", "A | hình", "A | chọn", "A\nA"):
        with pytest.raises(Refused):
            fields_of_lines(wrong)
