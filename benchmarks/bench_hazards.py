"""Stations and warnings at size: taking in, windows, one look at all places, fire indices, the public feed.

Prints one JSON line per measurement, each with commit and machine. `./khcn bench hazards [--streams N] [--days N] …`.
The aims: windows of 1, 24 and 72 hours of all series within 200 ms, a look at 111 communes by all tables within 2 s, P
and FWI of 100,000 station-days within 0.5 s. Requests are answered in this process, without a socket; what comes by
MQTT waits at a mosquitto of its own (left out, and said so, where none is installed) and is taken from there by the
subscriber in this process. The database is an embedded one of its own unless DATABASE_URL names another.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = tempfile.TemporaryDirectory(prefix="khcn-bench-")
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/bench.sqlite3")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khcn.site.settings.dev")
os.environ.setdefault("KHCN_HOSTS", "testserver")
os.environ["KHCN_VAR"] = FOLDER.name

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
import paho.mqtt.client as mqtt  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client as Browser  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402
from paho.mqtt.enums import CallbackAPIVersion  # noqa: E402

from khcn.domains.hazards import drivers  # noqa: E402
from khcn.domains.hazards.choices import ObservationDoor  # noqa: E402
from khcn.domains.hazards.models import Datastream, Observation, ObservedProperty, Station  # noqa: E402
from khcn.domains.hazards.queries.assessing import assess, grounds_on  # noqa: E402
from khcn.domains.hazards.queries.windows import totals_of  # noqa: E402
from khcn.domains.hazards.rules.fire_danger import FireDay, accumulate  # noqa: E402
from khcn.domains.hazards.rules.fire_weather import next_day  # noqa: E402
from khcn.domains.hazards.services.observations import Reading, record_observations  # noqa: E402
from khcn.domains.hazards.services.reference import load_hazards  # noqa: E402
from khcn.domains.hazards.services.stations import create_station, issue_key, set_up_stream  # noqa: E402
from khcn.domains.warnings.services.publishing import publish_files  # noqa: E402
from khcn.kernel.orgs.models import Organisation  # noqa: E402
from khcn.kernel.places.choices import UnitLevel  # noqa: E402
from khcn.kernel.places.models import AdministrativeUnit  # noqa: E402
from khcn.kernel.schedules.services import system_actor  # noqa: E402
from khcn.site.launcher import debian, servers  # noqa: E402
from khcn.web.broker import Broker  # noqa: E402

BATCH = 5_000
KINDS = ("rain_mm", "air_temp_c", "humidity_pct")
SECRET = secrets.token_urlsafe(16)
NOW = timezone.now().replace(minute=0, second=0, microsecond=0)
SYSTEM = system_actor(timezone.localdate(NOW))


def emit(name: str, **values: object) -> None:
    """Print one measurement as a JSON line."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    here = {"commit": done.stdout.strip(), "python": platform.python_version(), "cores": os.cpu_count()}
    load = round(os.getloadavg()[0], 1)
    print(json.dumps({"bench": f"hazards.{name}", **values, **here, "load": load}, ensure_ascii=False), flush=True)


def timed(action: Callable[[], Any]) -> tuple[float, float, Any]:
    """(wall seconds, processor seconds of this process, answer)."""
    wall, processor = time.perf_counter(), time.process_time()
    answer = action()
    return time.perf_counter() - wall, time.process_time() - processor, answer


def best(action: Callable[[], Any], times: int) -> dict[str, float]:
    """Median wall and processor milliseconds of some runs."""
    runs = sorted(timed(action)[:2] for _number in range(times))
    wall, processor = runs[len(runs) // 2]
    return {"p50_ms": round(wall * 1e3, 1), "processor_p50_ms": round(processor * 1e3, 1)}


def make_world(communes: int, streams: int, interval_s: int) -> list[Datastream]:
    """So many communes on a grid and so many series, three to a station."""
    load_hazards(by=SYSTEM, folder=ROOT / "data" / "reference" / "hazards")
    AdministrativeUnit.objects.bulk_create(
        AdministrativeUnit(
            code=f"26{number:03d}", name=f"Xã {number}", level=UnitLevel.COMMUNE,
            latitude=11.3 + number // 12 * 0.1, longitude=106.4 + number % 12 * 0.09,
        )
        for number in range(communes)
    )  # fmt: skip
    owner = Organisation.objects.create(code="SNNMT-B", name="Sở Nông nghiệp và Môi trường", kind="agency")
    kinds = {one.code: one for one in ObservedProperty.objects.filter(code__in=KINDS)}
    made: list[Datastream] = []
    for number in range(-(-streams // len(KINDS))):
        station = create_station(
            by=SYSTEM, code=f"b{number:04d}", name=f"Trạm {number}", owner=owner,
            opened_on=timezone.localdate(NOW) - timedelta(days=3000), latitude=11.3 + number // 12 * 0.1,
            longitude=106.4 + number % 12 * 0.09,
        )  # fmt: skip
        for code in KINDS[: streams - len(made)]:
            made.append(set_up_stream(by=SYSTEM, station=station, property=kinds[code], interval_s=interval_s))
    return made


def weather(dice: random.Random, kind: str) -> float:
    """Any value that the series may have."""
    if kind == "rain_mm":
        return round(dice.random() * 8, 1) if dice.random() < 0.08 else 0.0
    return round(24 + dice.random() * 2, 1) if kind == "air_temp_c" else float(70 + dice.randrange(3))


def rounds(streams: list[Datastream], days: float, interval_s: int) -> Iterator[list[Reading]]:
    """Batches in the order of time, as machines send them: every series at each moment."""
    dice = random.Random(4)
    batch: list[Reading] = []
    slots = int(days * 86_400 / interval_s)
    for slot in range(slots, -1, -1):
        at = NOW - timedelta(seconds=interval_s * slot)
        for one in streams:
            batch.append(Reading(one.pk, at, weather(dice, one.property.code)))
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def take_in(streams: list[Datastream], days: float, interval_s: int) -> tuple[int, float, float]:
    """(values, wall seconds, processor seconds) of taking in through the one door that all ways lead to."""
    values, wall, processor = 0, 0.0, 0.0
    for batch in rounds(streams, days, interval_s):
        taken, used, _done = timed(
            lambda batch=batch: record_observations(  # type: ignore[misc]
                by=SYSTEM, readings=batch, door=ObservationDoor.STORY, now=NOW + timedelta(hours=1), drop_faulty=True
            )
        )
        values, wall, processor = values + len(batch), wall + taken, processor + used
    return values, wall, processor


def by_http(station: Station, values: int) -> tuple[int, float, float]:
    """The same through SensorThings, as arrays of a thousand values of one station that is new."""
    kind = ObservedProperty.objects.get(code="water_level_m")
    stream = set_up_stream(by=SYSTEM, station=station, property=kind, interval_s=60)
    _key, secret = issue_key(by=SYSTEM, station=station)
    browser = Browser(headers={"Authorization": f"Bearer {secret}"})
    sent, wall, processor = 0, 0.0, 0.0
    while sent < values:
        rows = [
            [(NOW - timedelta(seconds=60 * (values - sent - place))).isoformat(), 50.0 + place % 7 / 100]
            for place in range(1_000)
        ]
        body = [{"Datastream": {"@iot.id": stream.code}, "components": ["phenomenonTime", "result"], "dataArray": rows}]
        taken, used, answer = timed(
            lambda body=body: browser.post(  # type: ignore[misc]
                "/sta/v1.1/CreateObservations", json.dumps(body), content_type="application/json"
            )
        )
        if answer.status_code != 201:
            raise SystemExit(f"{answer.status_code}: {answer.content[:300]!r}")
        sent, wall, processor = sent + 1_000, wall + taken, processor + used
    return sent, wall, processor


def by_mqtt(stations: list[Station], messages: int, values_each: int) -> None:
    """The same through a broker: messages of new series wait there, then the subscriber takes them all in."""
    program = debian.mosquitto()
    if program is None:
        emit("mqtt", left_out="mosquitto is not installed: apt-get install mosquitto")
        return
    folder = Path(tempfile.mkdtemp(dir=FOLDER.name))
    broker = Broker("127.0.0.1", servers.free_port("127.0.0.1", 18_830, 200), username="khcn", password=SECRET)
    kind = ObservedProperty.objects.get(code="soil_moisture_pct" if values_each == 1 else "pressure_hpa")
    for one in stations:
        set_up_stream(by=SYSTEM, station=one, property=kind, interval_s=60)
    keys = {one.code: issue_key(by=SYSTEM, station=one) for one in stations}
    drivers.AccountFiles(folder, broker).write()
    told = (ROOT / "deploy/mosquitto/khcn.conf").read_text("utf-8").replace("/srv/khcn/var/mosquitto", str(folder))
    user = f"user {os.environ.get('USER') or 'root'}\n" if os.geteuid() == 0 else ""
    told = told.replace("listener 1883 127.0.0.1", f"listener {broker.port} 127.0.0.1") + user
    (folder / "mosquitto.conf").write_text(told, "utf-8")
    running = subprocess.Popen([str(program), "-c", str(folder / "mosquitto.conf")], stderr=subprocess.DEVNULL)
    try:
        while servers.is_free("127.0.0.1", broker.port):
            time.sleep(0.02)
        asked, looked = threading.Event(), [0]

        def seen_twice() -> None:  # the first is before the connection, the second after the subscription
            looked[0] += 1
            if looked[0] > 1:
                asked.set()

        drivers.Subscriber(broker, between=seen_twice, between_s=1.0).run(asked)
        for place, one in enumerate(stations):
            account, secret = keys[one.code]
            publish_all(broker.port, account.account, secret, one.code, kind.code,
                        range(place, messages, len(stations)), values_each)  # fmt: skip
        asked, left, batches = threading.Event(), [messages], [0]

        def counted(batch: Any) -> Any:
            done = drivers.take_in(batch)
            left[0] -= len(batch)
            batches[0] += 1
            if left[0] <= 0:
                asked.set()
            return done

        wall, processor, _none = timed(lambda: drivers.Subscriber(broker, keep=counted).run(asked))
    finally:
        running.terminate()
        running.wait()
    values = messages * values_each
    emit("mqtt", values=values, values_a_message=values_each, commits=batches[0], per_second=round(values / wall),
         per_processor_second=round(values / processor))  # fmt: skip


def publish_all(
    port: int, account: str, secret: str, station: str, kind: str, places: range, values_each: int
) -> None:  # fmt: skip
    """Publish with QoS 1 and wait until the broker has all."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"may-{account}")
    client.username_pw_set(account, secret)
    client.max_inflight_messages_set(1_000)
    client.connect("127.0.0.1", port)
    client.loop_start()
    first, sent = int(NOW.timestamp()) - 60 * len(places) * values_each, []
    for number, _place in enumerate(places):
        rows = [
            {"t": first + 60 * (number * values_each + each), "v": 50.0 if values_each == 1 else 1_000.0}
            for each in range(values_each)
        ]
        sent.append(client.publish(f"bp/{station}/{kind}", json.dumps(rows), qos=1))
    for one in sent:
        one.wait_for_publish(600)
    client.disconnect()
    client.loop_stop()


def fire(station_days: int) -> None:
    """P by days of one station after the other, FWI of all stations day by day."""
    dice = np.random.default_rng(7)
    stations, days = station_days // 365, 365
    warm, humid = dice.uniform(24, 37, (days, stations)), dice.uniform(30, 95, (days, stations))
    wind, rain = dice.uniform(0, 20, (days, stations)), dice.choice([0.0, 0.0, 0.0, 6.0], (days, stations))
    table = [
        [FireDay(float(warm[day, one]), float(humid[day, one]), float(rain[day, one])) for day in range(days)]
        for one in range(stations)
    ]
    wall, processor, _found = timed(lambda: [accumulate(one, wet_day_mm=5.0) for one in table])
    emit("fire_p", station_days=stations * days, seconds=round(wall, 3), processor_seconds=round(processor, 3),
         aim_seconds=0.5)  # fmt: skip

    def season() -> None:
        held = None
        for day in range(days):
            held = next_day(held, warm[day], humid[day], wind[day], rain[day], latitude_deg=11.5, month=day // 31 + 1)

    wall, processor, _found = timed(season)
    emit("fire_fwi", station_days=stations * days, seconds=round(wall, 3), processor_seconds=round(processor, 3),
         aim_seconds=0.5)  # fmt: skip


def feed(requests: int) -> None:
    """What a reader of CAP asks again and again: the feed, and the feed that it has already."""
    publish_files(now=NOW)
    browser, address = Browser(), reverse("warning_feed")
    tag = browser.get(address)["ETag"]
    for name, headers in (("whole", {}), ("unchanged", {"If-None-Match": tag})):
        wall, processor, _last = timed(lambda h=headers: [browser.get(address, headers=h) for _n in range(requests)])  # type: ignore[misc]
        emit(f"feed_{name}", requests=requests, per_second=round(requests / wall),
             per_processor_second=round(requests / processor))  # fmt: skip


def main() -> None:
    """Make the world, then measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--streams", type=int, default=300)
    parser.add_argument("--days", type=float, default=7)
    parser.add_argument("--interval", type=int, default=600)
    parser.add_argument("--communes", type=int, default=111)
    parser.add_argument("--station-days", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=2_000)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    streams = make_world(options.communes, options.streams, options.interval)
    values, wall, processor = take_in(streams, options.days, options.interval)
    emit("take_in", values=values, per_second=round(values / wall), per_processor_second=round(values / processor))
    values, wall, processor = by_http(streams[0].station, 20_000)
    emit("http", values=values, per_second=round(values / wall), per_processor_second=round(values / processor))
    stations = sorted({one.station for one in streams}, key=lambda one: one.code)[:20]
    by_mqtt(stations, options.messages, 1)
    by_mqtt(stations, options.messages // 50, 50)
    kept = Observation.objects.count()
    spans: dict[str, tuple[datetime, datetime]] = {f"{h}h": (NOW - timedelta(hours=h), NOW) for h in (1, 24, 72)}
    emit("windows", series=len(streams), observations=kept, **best(lambda: totals_of(streams, spans), 7), aim_ms=200)

    def look() -> object:
        return assess(NOW, grounds_on(NOW))

    emit("look", communes=options.communes, observations=kept, places=len(assess(NOW, grounds_on(NOW))),
         **best(look, 5), aim_ms=2_000)  # fmt: skip
    fire(options.station_days)
    feed(options.requests)


if __name__ == "__main__":
    main()
