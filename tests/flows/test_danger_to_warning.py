"""From rain at the gauges to a warning that two people give, its update and its end, and back to whoever verifies."""

import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from khcn.domains.hazards.choices import ObservationDoor
from khcn.domains.hazards.models import GivenWarning, ObservedProperty
from khcn.domains.hazards.services.evaluations import look_at_all
from khcn.domains.hazards.services.observations import Reading, record_observations
from khcn.domains.hazards.services.reference import load_hazards
from khcn.domains.hazards.services.stations import create_station, set_up_stream
from khcn.domains.warnings.models import MessageDraft, WarningCase
from khcn.domains.warnings.services.reference import load_warnings
from khcn.kernel.notices.models import Notice
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeUnit
from khcn.kernel.schedules.services import system_actor
from khcn.lib.roles import Role
from khcn.standards.cap.checking import check_alert
from khcn.standards.cap.reading import read_alert

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HOUR = timedelta(hours=1)
COMMUNES = 12


@pytest.fixture
def place(client_for, settings, tmp_path):
    """An agency with a gauge in each of twelve communes, two officials, and the public."""
    settings.MEDIA_ROOT = tmp_path
    office = make_organisation("Sở Nông nghiệp và Môi trường", code="SNNMT")
    officer, head = make_member(Role.SPECIALIST, organisation=office), make_member(Role.HEAD, organisation=office)
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    system = system_actor(timezone.localdate(now))
    reference = Path(settings.ROOT) / "data" / "reference"
    load_hazards(by=system, folder=reference / "hazards")
    load_warnings(by=system, folder=reference / "warnings")
    streams = []
    for number in range(COMMUNES):
        at = {"latitude": 12.1 - (number // 6) * 0.35, "longitude": 107.2 - (number % 6) * 0.22}
        AdministrativeUnit.objects.create(code=f"2600{number:02d}", name=f"Xã {number}", level=UnitLevel.COMMUNE, **at)
        station = create_station(
            by=officer.actor, code=f"mua-{number:02d}", name=f"Trạm mưa {number}", owner=office,
            opened_on=timezone.localdate(now) - timedelta(days=900), **at,
        )  # fmt: skip
        rain = ObservedProperty.objects.get(code="rain_mm")
        streams.append(set_up_stream(by=officer.actor, station=station, property=rain, interval_s=3600))
    return SimpleNamespace(
        now=now, system=system, streams=streams, officer=client_for(officer), head=client_for(head), public=Client()
    )


def rain(place, until, hours, wet, mm_per_hour) -> None:
    """So much each hour at the first `wet` gauges and nothing at the others, then a look at all places."""
    for number, stream in enumerate(place.streams):
        value = mm_per_hour if number < wet else 0.0
        readings = [Reading(stream.pk, until - HOUR * back, value) for back in range(hours)]
        record_observations(by=place.system, readings=readings, door=ObservationDoor.STORY, now=until + HOUR)
    look_at_all(by=place.system, as_of=until)


def step(client, case, name, **more):
    draft = MessageDraft.objects.filter(case=case).latest("pk")
    return client.post(reverse("warning_step", args=[case.code, name]), {"version": draft.version, **more})


def out(place, case):
    """Two people send the open message out; returns the feed's entries and what holds."""
    answers = [step(place.officer, case, "trinh"), step(place.head, case, "duyet"), step(place.officer, case, "phat")]
    assert [answer.status_code for answer in answers] == [302, 302, 302], [answer.content[:400] for answer in answers]
    return read_by_the_public(place)


def read_by_the_public(place):
    feed = etree.fromstring(place.public.get(reverse("warning_feed")).content)
    links = feed.findall("{*}entry/{*}link")
    return [link.get("href") for link in links], json.loads(place.public.get(reverse("warning_json")).content)[
        "warnings"
    ]


def alert_at(place, address):
    content = place.public.get(address.split("8000", 1)[-1]).content
    assert check_alert(content, profile="vn").violations == ()
    return read_alert(content)


def test_rain_becomes_a_warning_by_two_people_is_updated_and_cancelled(
    place, django_capture_on_commit_callbacks
) -> None:
    dry_until = place.now - 30 * HOUR
    rain(place, dry_until, 96, 0, 0.0)
    assert not WarningCase.objects.exists()

    # 134 mm in 24 hours in two of twelve communes: level 1 by article 44.1, as a draft that nobody has sent
    rain(place, dry_until + 24 * HOUR, 24, 2, 5.6)

    case = WarningCase.objects.get()
    draft = MessageDraft.objects.get()
    assert (case.state, draft.level, draft.clause, draft.written_by) == ("proposed", 1, "44.1", None)
    assert draft.units == ["260000", "260001"]
    assert Notice.objects.filter(title__startswith="Đề xuất cảnh báo").exists()
    assert read_by_the_public(place) == ([], [])
    assert place.public.get(reverse("warning_page", args=[case.code])).status_code == 404

    # one submits, and does not approve; another approves; then it goes out
    assert "Trình duyệt" in place.officer.get(reverse("warning_page", args=[case.code])).content.decode()
    step(place.officer, case, "trinh")
    assert step(place.officer, case, "duyet").status_code == 403
    assert step(place.head, case, "duyet").status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        assert step(place.officer, case, "phat").status_code == 302
    entries, holding = read_by_the_public(place)
    first = alert_at(place, entries[0])
    assert (first.message_type, first.infos[0].severity) == ("Alert", "Minor")
    assert [one["level"] for one in holding] == [1]
    given = GivenWarning.objects.get()
    assert given.units == ["260000", "260001"]

    # the rain spreads to ten communes: an update is drafted, and replaces the first
    rain(place, place.now, 6, 10, 45.0)
    with django_capture_on_commit_callbacks(execute=True):
        entries, holding = out(place, case)
    entries, holding = read_by_the_public(place)
    second = alert_at(place, entries[0])
    assert (second.message_type, second.infos[0].severity, len(entries)) == ("Update", "Moderate", 2)
    assert [one.identifier for one in second.references] == [first.identifier]
    assert [one["level"] for one in holding] == [2]

    # it ends by a cancellation with its reason; whoever verifies knows until when people were warned
    begin = reverse("warning_begin", args=[case.code, "huy"])
    assert place.officer.post(begin, {"reason": "Mưa đã tạnh"}).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        out(place, case)
    entries, holding = read_by_the_public(place)
    third = alert_at(place, entries[0])
    assert (third.message_type, third.note, holding) == ("Cancel", "Mưa đã tạnh", [])
    assert [one.identifier for one in third.references] == [second.identifier]
    assert max(one.ends_at for one in GivenWarning.objects.all()) <= third.sent
    assert WarningCase.objects.get().state == "cancelled"
