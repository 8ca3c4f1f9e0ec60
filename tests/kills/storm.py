"""A storm at three stations: rain and rivers, measured every few seconds and published by MQTT in the order in which
machines with gaps send. Levels rise; a warning that was issued waits for many recipients.

Run as a program on an empty, migrated database it sets this up, writes the broker's accounts into the folder named, and
prints the keys as JSON; with "watch" it looks at the tables and sends what waits, without pause; with "account" it says
what is wrong.
"""

import json
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

STATIONS = ("bao-1", "bao-2", "bao-3")
SERIES = ("rain_mm", "water_level_m")
INTERVAL_S = 1
VALUES_A_ROUND = 120
RECIPIENTS = 60
SECONDS = 60
ALARMS = {"alarm_1_m": 50.0, "alarm_2_m": 60.0, "alarm_3_m": 70.0, "station_class": "2", "historic_m": 90.0}


def value_of(property_code: str, place: int) -> float:
    """What is measured at a place of a series: steady rain, a river that rises through its first alarm."""
    return 0.1 if property_code == "rain_mm" else round(49.5 + place * 0.1, 2)


def moment_of(base: datetime, place: int) -> datetime:
    """When the value at a place of a series was measured."""
    return base + timedelta(seconds=INTERVAL_S * place)


class Stations:
    """Machines that publish; `sent` are the values that the broker said it has."""

    def __init__(self, port: int, secrets: dict[str, list[str]], base: datetime) -> None:
        self.sent: list[tuple[str, int]] = []
        self._base, self._next = base, 0
        self._clients = {}
        for code, (account, secret) in secrets.items():
            client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"may-{code}")
            client.username_pw_set(account, secret)
            client.connect("127.0.0.1", port)
            client.loop_start()
            self._clients[code] = client

    def work(self) -> threading.Thread:
        """Publish the values of a round, one after the other, every seventh of a series later than its followers."""
        each = VALUES_A_ROUND // (len(STATIONS) * len(SERIES))
        places = list(range(self._next, self._next + each))
        self._next += each
        places.sort(key=lambda place: place + 4 if place % 7 == 0 else place)
        thread = threading.Thread(target=self._publish, args=(places,))
        thread.start()
        return thread

    def stop(self) -> None:
        """Leave the broker."""
        for client in self._clients.values():
            client.disconnect()
            client.loop_stop()

    def _publish(self, places: list[int]) -> None:
        waiting = []
        for place in places:
            for station in STATIONS:
                for property_code in SERIES:
                    told = {"t": moment_of(self._base, place).isoformat(), "v": value_of(property_code, place)}
                    topic = f"bp/{station}/{property_code}"
                    sent = self._clients[station].publish(topic, json.dumps(told), qos=1)
                    waiting.append((sent, f"{station}.{property_code}", place))
                    time.sleep(0.005)
        for sent, series, place in waiting:
            sent.wait_for_publish(SECONDS)
            if sent.is_published():
                self.sent.append((series, place))


def settle(folder: Path) -> dict[str, Any]:
    """Write stations, keys, and a warning on its way to its recipients."""
    from django.conf import settings
    from django.utils import timezone

    from khcn.domains.hazards.drivers import AccountFiles
    from khcn.domains.hazards.models import ObservedProperty
    from khcn.domains.hazards.services.reference import load_hazards
    from khcn.domains.hazards.services.stations import create_station, issue_key, set_up_stream
    from khcn.domains.warnings.choices import MessageKind, WarningChannel
    from khcn.domains.warnings.models import WarningCase
    from khcn.domains.warnings.services import drafts, hearing, issuing, sending
    from khcn.domains.warnings.services.reference import load_warnings
    from khcn.domains.warnings.tests.conftest import SEEN
    from khcn.kernel.audit.rules import canonical
    from khcn.kernel.orgs.tests.cast import make_member, make_organisation
    from khcn.kernel.places.choices import UnitLevel
    from khcn.kernel.places.models import AdministrativeUnit
    from khcn.lib.actor import Actor
    from khcn.lib.roles import Role
    from khcn.web.broker import broker_at
    from mosquitto_broker import OWN_ACCOUNT, OWN_PASSWORD

    now = timezone.now().replace(microsecond=0)
    for number in (1, 2, 3):
        AdministrativeUnit.objects.create(
            code=f"7000{number}", name=f"Xã {number}", level=UnitLevel.COMMUNE, latitude=11 + number / 10, longitude=107
        )
    body = make_organisation("Sở Nông nghiệp và Môi trường", code="SNNMT")
    writer, head = make_member(Role.SPECIALIST, organisation=body), make_member(Role.HEAD, organisation=body)
    system = Actor(uid=body.uid, name="Hệ thống", on=timezone.localdate(), is_system=True)
    reference = settings.ROOT / "data" / "reference"
    load_hazards(by=system, folder=reference / "hazards")
    load_warnings(by=system, folder=reference / "warnings")
    secrets = {}
    for number, code in enumerate(STATIONS):
        station = create_station(
            by=writer.actor, code=code, name=f"Trạm {code}", owner=body, latitude=11.1 + number / 10, longitude=107.0,
            opened_on=timezone.localdate() - timedelta(days=9), **ALARMS,
        )  # fmt: skip
        for property_code in SERIES:
            kind = ObservedProperty.objects.get(code=property_code)
            set_up_stream(by=writer.actor, station=station, property=kind, interval_s=INTERVAL_S, most_per_hour=None)
        key, secret = issue_key(by=writer.actor, station=station)
        secrets[code] = [key.account, secret]
    for number in range(RECIPIENTS):
        sending.save_recipient(
            by=writer.actor, owner=body, channel=WarningChannel.SMS, address=f"09{number:08d}", name=f"Xã {number}"
        )
    seen_at = (now - timedelta(minutes=5)).isoformat()
    hearing.hear_danger(canonical(SEEN | {"observed_at": seen_at, "seen_at": seen_at}))
    draft = drafts.begin_message(by=writer.actor, case=WarningCase.objects.get(), kind=MessageKind.ALERT, reason="")
    drafts.submit_message(by=writer.actor, draft=draft, now=now)
    drafts.approve_message(by=head.actor, draft=draft, now=now)
    issuing.issue_message(by=writer.actor, draft=draft, now=now)
    broker = broker_at("mqtt://127.0.0.1:1", username=OWN_ACCOUNT, password=OWN_PASSWORD)
    AccountFiles(folder, broker).write()
    base = now - timedelta(hours=1)
    return {"secrets": secrets, "base": base.isoformat()}


def watch() -> None:
    """Look and send again and again, a few deliveries at a time; one that was begun and not ended goes on at once."""
    from django.utils import timezone

    from khcn.domains.hazards.services.evaluations import look_at_all
    from khcn.domains.warnings.drivers import CARRIERS
    from khcn.domains.warnings.services.sending import ABANDONED_AFTER, send_waiting
    from khcn.kernel.events.services import ABANDONED_AFTER as JOBS_ABANDONED_AFTER
    from khcn.kernel.events.services import requeue_abandoned
    from khcn.kernel.schedules.services import system_actor

    while True:
        now = timezone.now()
        look_at_all(by=system_actor(timezone.localdate(now)), as_of=now)
        requeue_abandoned(now=now + JOBS_ABANDONED_AFTER)  # at once: harder than in operation
        send_waiting(carriers=CARRIERS, now=now + ABANDONED_AFTER, limit=3)
        time.sleep(0.05)


def account(told: dict[str, Any]) -> dict[str, Any]:
    """Everything that is wrong, and how much there was."""
    from collections import Counter

    from django_tasks_db.models import DBTaskResult

    from khcn.domains.hazards.models import Exceedance, Observation, ObservationRevision, RefusedMessage
    from khcn.domains.warnings.drivers import SMS
    from khcn.domains.warnings.models import Delivery, WarningCase
    from khcn.kernel.audit.queries import verify_chain

    base = datetime.fromisoformat(told["base"])
    rows = Observation.objects.values_list("datastream__code", "phenomenon_time", "result")
    there = Counter((series, at) for series, at, _value in rows)
    values = {(series, at): value for series, at, value in rows}
    wanted = {(series, moment_of(base, place)): (series.split(".")[1], place) for series, place in told["sent"]}
    lost = [str(key) for key, (kind, place) in wanted.items() if values.get(key) != value_of(kind, place)]
    doubled = [str(key) for key, times in there.items() if times > 1 or key not in wanted]
    doubled += [f"revision {row}" for row in ObservationRevision.objects.values_list("pk", flat=True)]
    kept = Counter(one["to"] for one in SMS.kept())
    unsent = [one.address for one in Delivery.objects.exclude(state__in=["sent", "confirmed"])]
    unsent += [one.address for one in Delivery.objects.all() if not kept[one.address]]
    cases = Counter(WarningCase.objects.values_list("seen_key", flat=True))
    raised = {f"hazards:{uid}" for uid in Exceedance.objects.filter(peak__gt=0).values_list("uid", flat=True)}
    chain = verify_chain()
    return {
        "lost": lost, "doubled": doubled, "unsent": unsent,
        "sent twice": [f"{address} {times}" for address, times in kept.items() if times > 1],
        "unwarned": sorted(raised - set(cases)), "warned twice": [key for key, times in cases.items() if times > 1],
        "refused": list(RefusedMessage.objects.values_list("reason", flat=True)),
        "stuck": DBTaskResult.objects.exclude(status="SUCCESSFUL").count(),
        "broken": [] if chain.holds else [str(chain)],
        "counted": {
            "sent": len(told["sent"]), "observations": len(there), "deliveries": Delivery.objects.count(),
            "exceedances": len(raised), "jobs": DBTaskResult.objects.count(),
        },
    }  # fmt: skip


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "watch":
        watch()
    elif sys.argv[1] == "account":
        json.dump(account(json.loads(Path(sys.argv[2]).read_text("utf-8"))), sys.stdout, ensure_ascii=False)
    else:
        json.dump(settle(Path(sys.argv[1])), sys.stdout)
