"""What the public reads and whom messages reach: files with tags, each delivery once, retries, receipts, damage."""

import io
import json
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from lxml import etree
from PIL import Image

from khcn.domains.warnings import drivers
from khcn.domains.warnings.choices import DamageState, MessageKind, WarningChannel, WarningDeliveryState
from khcn.domains.warnings.errors import WarningRefused
from khcn.domains.warnings.models import DamageReport, Delivery, MessageDraft, WarningCase
from khcn.domains.warnings.queries.finding import lead_time, warnings_issued
from khcn.domains.warnings.services import damage, drafts
from khcn.domains.warnings.services.publishing import publish_files
from khcn.domains.warnings.services.sending import Receipt, confirm_delivery, mark_delivery_read, send_waiting
from khcn.kernel.documents.queries import bytes_of
from khcn.kernel.indicators.queries import Question
from khcn.kernel.orgs.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MINUTE = timedelta(minutes=1)


def client_of(actor=None):
    client = Client()
    if actor is not None:
        client.force_login(User.objects.get(pk=actor.user_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


def said(response):
    return response.content.decode()


def test_feed_list_and_page_say_what_holds_and_answer_304_to_the_same_tag(world):
    client = client_of()
    message = world.issued()
    publish_files(now=world.now)

    feed, listed, shown = (client.get(reverse(name)) for name in ("warning_feed", "warning_json", "warning_public"))
    again = client.get(reverse("warning_json"), headers={"If-None-Match": listed["ETag"]})

    entries = etree.fromstring(feed.content).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 1
    assert message.identifier in said(feed)
    assert json.loads(listed.content)["warnings"][0]["sha256"] == message.sha256
    assert message.draft.headline in said(shown)
    assert "Xã 1, Xã 2" in said(shown)
    assert "csrf" not in said(shown)
    assert (again.status_code, again.content) == (304, b"")


def test_message_is_served_byte_for_byte_also_after_it_was_cancelled(world):
    message = world.issued()
    address = reverse("warning_cap", args=[message.identifier])
    case = WarningCase.objects.get(pk=message.case_id)
    world.issued(world.written(case, MessageKind.CANCEL, reason="Hết"), now=world.now + MINUTE)
    publish_files(now=world.now + 2 * MINUTE)

    response = client_of().get(address)

    assert response.content == bytes(message.content)
    assert "immutable" in response["Cache-Control"]
    assert json.loads(client_of().get(reverse("warning_json")).content)["warnings"] == []
    assert client_of().get(reverse("warning_cap", args=["VN-khong-co"])).status_code == 404


def test_public_requests_ask_the_database_for_nothing(world, sql_count):
    world.issued()
    publish_files(now=world.now)
    client = client_of()
    client.get(reverse("warning_feed"))

    with sql_count() as queries:
        client.get(reverse("warning_feed"))
        client.get(reverse("warning_public"))

    assert len(queries) == 0


def test_recipients_are_chosen_by_area_and_level(world):
    world.recipient(address="1", units=["70001"])
    world.recipient(address="2", units=["70003"])
    world.recipient(address="3", least_level=3)

    world.issued()

    assert [one.address for one in Delivery.objects.all()] == ["1"]


def test_each_delivery_goes_out_once_and_its_receipts_are_kept(world):
    world.recipient(WarningChannel.SMS, "0900")
    world.recipient(WarningChannel.ZALO, "zalo-1")
    world.recipient(WarningChannel.EMAIL, "xa@example.vn")
    message = world.issued()

    sent = send_waiting(carriers=drivers.CARRIERS, now=world.now)
    again = send_waiting(carriers=drivers.CARRIERS, now=world.now + MINUTE)

    assert (sent, again) == (3, 0)
    assert [one["to"] for one in drivers.SMS.kept()] == ["0900"]
    assert mail.outbox[0].attachments[0][0] == f"{message.identifier}.xml"
    sms = Delivery.objects.get(channel="sms")
    assert confirm_delivery(receipt=sms.receipt, channel=WarningChannel.SMS, now=world.now)
    assert not confirm_delivery(receipt="", channel=WarningChannel.SMS, now=world.now)
    assert mark_delivery_read(uid=str(sms.uid), now=world.now)
    sms.refresh_from_db()
    assert (sms.state, sms.confirmed_at is not None) == (WarningDeliveryState.READ, True)
    assert WarningCase.objects.get().first_delivered_at is not None


def test_failure_waits_longer_each_time_and_is_given_up_in_the_end(world):
    def fail(_message):
        raise OSError("hỏng")

    world.recipient()
    world.issued()
    at, waits = world.now, []
    for _attempt in range(8):
        send_waiting(carriers={WarningChannel.SMS: fail}, now=at)
        one = Delivery.objects.get()
        waits.append((one.next_at - at).total_seconds())
        at = max(one.next_at, at + MINUTE)

    assert waits[:7] == sorted(waits[:7])
    assert (one.state, one.attempts, one.error) == (WarningDeliveryState.FAILED, 8, "hỏng")


def test_delivery_whose_worker_died_is_done_again_with_the_same_key(world):
    keys = []

    def die(message):
        keys.append(message.key)
        raise KeyboardInterrupt

    def carry(message):
        keys.append(message.key)
        return Receipt("x", has_arrived=True)

    world.recipient()
    world.issued()
    with pytest.raises(KeyboardInterrupt):
        send_waiting(carriers={WarningChannel.SMS: die}, now=world.now)
    too_soon = send_waiting(carriers={WarningChannel.SMS: carry}, now=world.now + MINUTE)
    later = send_waiting(carriers={WarningChannel.SMS: carry}, now=world.now + 3 * MINUTE)

    assert (too_soon, later) == (0, 1)
    assert keys[0] == keys[1]


def test_webhook_inside_the_network_is_refused(world):
    message = type("M", (), {"address": "http://127.0.0.1:1/x", "content": b"", "key": "k"})()

    with pytest.raises(OSError, match="mạng nội bộ"):
        drivers.by_webhook(message)


@pytest.mark.parametrize(("status", "arrived"), [(200, True), (204, True), (302, None), (500, None)])
def test_webhook_vouches_only_with_a_good_answer(world, monkeypatch, status, arrived):
    monkeypatch.setattr(drivers, "post", lambda *_args, **_more: (status, b""))
    message = type("M", (), {"address": "https://example.com/x", "content": b"", "key": "k"})()

    if arrived:
        assert drivers.by_webhook(message).has_arrived
    else:
        with pytest.raises(OSError, match=f"HTTP {status}"):
            drivers.by_webhook(message)


def photograph():
    picture = Image.new("RGB", (80, 40), "red")
    exif = Image.Exif()
    exif[0x010F] = "Máy thử"
    exif.get_ifd(0x8825)[2] = (11.0, 30.0, 0.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_public_copy_of_a_photograph_has_no_trace_of_its_place(world):
    raw = photograph()
    report = damage.report_damage(
        by=world.host, hazard="heavy_rain", unit_code="70001", happened_at=world.now, told="Tốc mái ba nhà",
        photograph=raw,
    )  # fmt: skip
    damage.decide_damage(by=world.writer, report=report, accept=True)

    response = client_of().get(reverse("damage_picture", args=[report.code]))

    assert dict(Image.open(io.BytesIO(raw)).getexif().get_ifd(0x8825))
    assert not dict(Image.open(io.BytesIO(response.content)).getexif())
    assert b"Exif" not in response.content
    assert bytes_of(report.original) == raw
    assert DamageReport.objects.get().state == DamageState.ACCEPTED


@pytest.mark.parametrize("content", [b"%PDF-1.4", b"\xff\xd8\xff\xe0broken"])
def test_what_is_no_picture_is_refused(world, content):
    with pytest.raises(WarningRefused):
        damage.without_metadata(content)


def test_picture_of_damage_not_yet_accepted_is_for_officials(world):
    report = damage.report_damage(
        by=world.host, hazard="heat", unit_code="70001", happened_at=world.now, told="x", photograph=photograph()
    )
    address = reverse("damage_picture", args=[report.code])

    assert client_of().get(address).status_code == 404
    assert client_of(world.writer).get(address).status_code == 200


def test_pages_open_for_whom_they_are(world):
    world.recipient()
    message = world.issued()
    code = message.case.code
    hidden = world.case(exceedance="x-9")

    public, writer, host = client_of(), client_of(world.writer), client_of(world.host)

    assert public.get(reverse("warning_list")).status_code == 200
    assert hidden.code not in said(public.get(reverse("warning_list")))
    assert hidden.code in said(writer.get(reverse("warning_list")))
    assert public.get(reverse("warning_page", args=[hidden.code])).status_code == 404
    assert message.identifier in said(public.get(reverse("warning_page", args=[code])))
    assert "Đã đến ai" not in said(public.get(reverse("warning_page", args=[code])))
    assert "Đã đến ai" in said(writer.get(reverse("warning_page", args=[code])))
    for name in ("bulletin_list", "recipient_list", "damage_list", "warning_new"):
        assert writer.get(reverse(name)).status_code == 200, name
    for name in ("bulletin_list", "recipient_list", "warning_new"):
        assert host.get(reverse(name)).status_code == 404, name


def test_whole_way_on_screen_from_proposal_to_cancellation(world):
    case = world.case()
    writer, head = client_of(world.writer), client_of(world.head)

    def step(client, name, **data):
        from khcn.domains.warnings.queries.listing import open_draft

        draft = open_draft(case)
        return client.post(reverse("warning_step", args=[case.code, name]), {"version": draft.version, **data})

    writer.post(reverse("warning_begin", args=[case.code, "phat"]))
    form = writer.get(reverse("warning_write", args=[case.code])).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, [])}
    sent |= {"headline": "Mưa lớn ở hai xã", "expires_at": f"{world.now + timedelta(hours=31):%H:%M %d/%m/%Y}"}
    written = writer.post(
        reverse("warning_write", args=[case.code]), sent | {"version": MessageDraft.objects.get().version}
    )
    step(writer, "trinh")
    shown = said(head.get(reverse("warning_page", args=[case.code])))
    step(head, "duyet")
    step(writer, "phat")
    issued = case.messages.get()
    writer.post(reverse("warning_begin", args=[case.code, "huy"]), {"reason": "Mưa tạnh"})
    step(writer, "trinh")
    step(head, "duyet")
    step(writer, "phat")

    assert written.status_code == 302, said(written)
    assert "Duyệt tin" in shown
    assert issued.draft.headline == "Mưa lớn ở hai xã"
    assert case.messages.count() == 2
    assert WarningCase.objects.get(pk=case.pk).state == "cancelled"


def test_preview_shows_the_alert_as_it_will_go_out(world):
    case = world.case()
    drafts.begin_message(by=world.writer, case=case, kind=MessageKind.ALERT)

    assert "&lt;msgType&gt;Alert" in said(client_of(world.writer).get(reverse("warning_preview", args=[case.code])))


def test_indicators_count_public_warnings_and_leave_out_illustrations(world):
    world.issued(onset_at=world.now + timedelta(minutes=45))
    other = world.case(exceedance="x-2", is_illustration=True)
    world.issued(world.written(other))
    asked = Question(world.owner.uid, world.today, world.today, world.today, {})

    assert warnings_issued(asked).value == 1
    assert lead_time(asked).value == 45


@pytest.mark.parametrize("topic", ["canh-bao/+", "canh-bao/#", "canh-bao", "canh-bao/", "bp/tram/mua", "canh-bao//xa"])
def test_topic_that_no_warning_may_go_out_on_is_refused(world, topic):
    with pytest.raises(WarningRefused, match="canh-bao/"):
        world.recipient(WarningChannel.MQTT, topic)


def test_warning_by_mqtt_carries_its_bytes_and_key_and_fails_without_a_broker(world, monkeypatch, settings):
    settings.MQTT_BROKER = "mqtt://may"
    sent = []
    monkeypatch.setattr(drivers, "publish", lambda *args, **more: sent.append((args, more)))
    world.recipient(WarningChannel.MQTT, "canh-bao/xa-1")
    message = world.issued()

    send_waiting(carriers=drivers.CARRIERS, now=world.now + MINUTE)

    one = Delivery.objects.get()
    assert one.state == WarningDeliveryState.SENT
    assert [args[1:] for args, _more in sent] == [("canh-bao/xa-1", bytes(message.content))]
    assert sent[0][1]["marks"] == {"delivery": str(one.uid), "identifier": message.identifier}
    settings.MQTT_BROKER = ""
    Delivery.objects.update(state=WarningDeliveryState.QUEUED, next_at=world.now, begun_at=None)
    send_waiting(carriers=drivers.CARRIERS, now=world.now + MINUTE)
    assert Delivery.objects.get().error == "Chưa cấu hình máy chủ MQTT"
