"""The review page: source beside items, correct, remove, restore, place what went nowhere, adopt; bad files refused."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khcn.domains.programme.models import Plan, PlanReading
from khcn.domains.programme.rules.plan_reading.tests.corpus import text_of, truth_of
from khcn.kernel.documents.models import Document
from khcn.kernel.indicators.models import Target
from khcn.lib.roles import Role
from khcn.web.intake.tests.test_intake import UNFIT

NAME = "high_tech_farming"


@pytest.fixture
def client(client_for, make_member):
    return client_for(make_member(Role.SPECIALIST))


@pytest.fixture
def reading(client):
    upload = SimpleUploadedFile("kế hoạch.txt", text_of(NAME).encode(), content_type="text/plain")
    client.post(reverse("plan_read"), {"file": upload})
    return PlanReading.objects.get()


def address(reading):
    return reverse("plan_reading", args=[reading.uid])


def filled(client, reading):
    """What the page's form would send as it stands."""
    html = client.get(address(reading)).content.decode()
    body = html[html.index('class="k-form k-correct"') : html.index('id="dua-vao"')]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", body):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if attributes.get("type") in ("checkbox", "submit") or "name" not in attributes:
            continue
        sent[attributes["name"]] = unescape(attributes.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s?(.*?)</textarea>', body, re.DOTALL):
        sent[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*\bselected', options)
        first = re.search(r'<option value="([^"]*)"', options)
        sent[name] = unescape((chosen or first).group(1))
    sent.pop("_once", None)
    return sent


def save(client, reading, sent, **changes):
    answer = client.post(address(reading), {**sent, "viec": "ghi", **changes})
    reading.refresh_from_db()
    return answer


def test_page_marks_each_passage_and_links_item_and_passage_both_ways(client, reading):
    html = client.get(address(reading)).content.decode()

    for index in range(len(truth_of(NAME)["targets"])):
        assert f'id="doan-targets-{index}"' in html
        assert f'id="muc-targets-{index}"' in html
        assert f'href="#doan-targets-{index}"' in html
    pane = html[html.index("k-source-text") : html.index('id="doc"')]
    shown = unescape(re.sub(r"<[^>]+>", "", pane[pane.index(">") + 1 :]))
    assert "".join(shown.split()).startswith("".join(reading.text.split())[:3000])
    assert "95 %" in html or "95%" in html


def test_saving_unchanged_keeps_every_item_with_its_place(client, reading):
    before = reading.corrected

    answer = save(client, reading, filled(client, reading))

    assert answer.status_code == 302
    for key in ("targets", "fields", "duties", "sources", "objectives", "recipients", "legal_bases", "unplaced"):
        assert strip(reading.corrected[key]) == strip(before[key]), key
    assert reading.corrected["targets"][0]["span"] == before["targets"][0]["span"]
    assert reading.corrected["fields"][0]["lines"][0]["span"] == before["fields"][0]["lines"][0]["span"]
    assert reading.extracted == before


def strip(items):
    return [{k: v for k, v in i.items() if k != "indicator"} if isinstance(i, dict) else i for i in items]


def test_item_edited_added_removed_and_restored(client, reading):
    sent = filled(client, reading)
    count = len(reading.corrected["targets"])
    sent |= {
        "targets-0-quantity": "6",
        "targets-1-DELETE": "on",
        f"targets-{count}-sentence": "Mỗi năm cấp mới 03 văn bằng.",
        f"targets-{count}-operator": "=",
        f"targets-{count}-quantity": "3",
        f"targets-{count}-unit": "văn bằng",
    }

    save(client, reading, sent)

    assert reading.corrected["targets"][0]["quantity"] == 6
    assert reading.corrected["targets"][-1]["unit"] == "văn bằng"
    assert len(reading.corrected["targets"]) == count
    assert "Khôi phục" in client.get(address(reading)).content.decode()

    save(client, reading, filled(client, reading), **{"khoi-phuc-0": "on"})

    assert reading.corrected["removed"] == []
    restored, taken_out = reading.corrected["targets"][-1], reading.extracted["targets"][1]
    assert [restored[key] for key in ("sentence", "quantity", "span")] == [
        taken_out[key] for key in ("sentence", "quantity", "span")
    ]


@pytest.mark.parametrize(
    ("choice", "key"),
    [
        ("targets", "targets"),
        ("objectives", "objectives"),
        ("sources", "sources"),
        ("legal_bases", "legal_bases"),
        ("recipients", "recipients"),
        ("fields:new", "fields"),
        ("duties:new", "duties"),
        ("read", "set_aside"),
    ],
)
def test_unplaced_passage_placed_becomes_an_item_of_that_kind(client, reading, choice, key):
    text = reading.corrected["unplaced"][0]["text"]
    before = len(reading.corrected.get(key) or [])

    save(client, reading, filled(client, reading), **{"xep-0": choice})

    assert len(reading.corrected[key]) == before + 1
    assert text not in [item["text"] for item in reading.corrected["unplaced"]]
    assert client.get(address(reading)).status_code == 200


def test_unplaced_passage_goes_into_the_field_chosen_even_when_another_is_removed(client, reading):
    text = reading.corrected["unplaced"][0]["text"]

    save(client, reading, filled(client, reading), **{"xep-0": "fields:2", "fields-0-DELETE": "on"})

    assert reading.corrected["fields"][1]["title"] == "Liên kết tiêu thụ"
    assert reading.corrected["fields"][1]["lines"][-1]["text"] in text
    assert [item["kind"] for item in reading.corrected["removed"]] == ["fields"]


def test_adopting_needs_the_word_that_it_was_seen_and_saves_edits_at_once(client, reading):
    sent = filled(client, reading) | {"viec": "nhan", "code": "KH-TEST", "targets-0-quantity": "9"}

    unseen = client.post(address(reading), sent)

    assert unseen.status_code == 422
    assert Plan.objects.count() == 0

    client.post(address(reading), filled(client, reading) | sent | {"seen": "on", "version": reading.version})

    plan = Plan.objects.get()
    assert Target.objects.filter(scope_uid=plan.uid).order_by("ordinal").first().value == 9
    assert plan.fields.count() == len(truth_of(NAME)["fields"])


def test_adopting_an_incomplete_reading_names_the_faults_and_adopts_nothing(client, reading):
    save(client, reading, filled(client, reading), **{"xep-0": "targets"})
    assert reading.corrected["targets"][-1]["quantity"] is None

    sent = filled(client, reading) | {"viec": "nhan", "code": "KH-TEST", "seen": "on"}
    answer = client.post(address(reading), sent)

    assert answer.status_code == 422
    assert "Cần ghi" in answer.content.decode()
    assert Plan.objects.count() == 0


def test_second_official_saving_an_older_page_is_told(client, reading):
    sent = filled(client, reading)
    save(client, reading, sent, **{"targets-0-quantity": "7"})

    answer = client.post(address(reading), {**sent, "viec": "ghi", "targets-0-quantity": "8"})

    reading.refresh_from_db()
    assert answer.status_code == 409
    assert reading.corrected["targets"][0]["quantity"] == 7


def test_stranger_sees_no_reading(client_for, make_member, reading):
    other = client_for(make_member(Role.HOST))

    assert other.get(address(reading)).status_code == 403
    assert other.post(address(reading), {"viec": "ghi"}).status_code in (302, 403)
    assert PlanReading.objects.get().corrected == reading.corrected


@pytest.mark.parametrize("case", [name for name in UNFIT if name != "too_large"])
def test_unfit_file_sent_to_the_page_is_refused_and_nothing_is_kept(client, case):
    make, name, _ = UNFIT[case]

    answer = client.post(reverse("plan_read"), {"file": SimpleUploadedFile(name, make())})

    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert re.search(r"Vui lòng|Chỉ nhận tệp|rỗng|trống|Không có nội dung", page)
    assert PlanReading.objects.count() == Document.objects.count() == 0


def test_file_of_200_mb_sent_to_the_page_is_refused_by_its_size(client, tmp_path):
    path = tmp_path / "a.pdf"
    with path.open("wb") as stream:
        stream.truncate(40 * 1024 * 1024)  # above the limit of 30 MB; the same check stops 200 MB

    with path.open("rb") as stream:
        answer = client.post(reverse("plan_read"), {"file": stream})

    assert answer.status_code == 422
    assert "lớn hơn 30 MB" in unescape(answer.content.decode())
    assert PlanReading.objects.count() == 0
