"""Stations and warnings at size: taking in, windows, one look at all places, fire indices, the public feed.

Prints one JSON line per measurement, each with commit and machine. The embedded default is filled with 3 million values
(300 series, every ten minutes, 70 days), a database of PostgreSQL that is given empty (`--postgres URL`) with 15.8
million (a year), through COPY. The aims: windows of 1, 24 and 72 hours of all series within 200 ms, a look at 111
communes by all tables within 2 s, P and FWI of 100,000 station-days within 0.5 s, 2,000 requests a second for the feed.

What comes by HTTP is answered in this process, without a socket; what comes by MQTT waits at a mosquitto of its own
(left out, and said so, where none is installed) and is taken from there by the subscriber in this process. The public's
feed, list, page and messages are asked of the real web server with its two processes, over connections that stay open,
by this process, which counts bytes and reads nothing else; the server's processor time is read beside the clock, for
both share the machine.

    .venv/bin/python tests/postgres_cluster.py --durable sh -c './khcn bench hazards --postgres "$DATABASE_URL"'
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import secrets
import socket
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
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khcn.site.settings.dev")
os.environ.setdefault("KHCN_HOSTS", "testserver,127.0.0.1")
os.environ["KHCN_VAR"] = FOLDER.name


def asked() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgres", default="", help="an empty database of a cluster that is given")
    parser.add_argument("--streams", type=int, default=300)
    parser.add_argument("--days", type=float, default=0, help="70, or 366 on PostgreSQL")
    parser.add_argument("--taken", type=int, default=40_000, help="values that are taken in, each judged")
    parser.add_argument("--interval", type=int, default=600)
    parser.add_argument("--communes", type=int, default=111)
    parser.add_argument("--station-days", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--only-feed", action="store_true", help="nothing but the requests of the public")
    found = parser.parse_args()
    found.days = found.days or (366 if found.postgres else 70)
    return found


OPTIONS = asked()
if OPTIONS.postgres:
    os.environ["DATABASE_URL"] = OPTIONS.postgres
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/bench.sqlite3")

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
import paho.mqtt.client as mqtt  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client as Browser  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402
from paho.mqtt.enums import CallbackAPIVersion  # noqa: E402

from khcn.domains.hazards import drivers  # noqa: E402
from khcn.domains.hazards.choices import ObservationDoor, Quality  # noqa: E402
from khcn.domains.hazards.models import (  # noqa: E402
    Datastream,
    LatestObservation,
    Observation,
    ObservedProperty,
    Station,
)
from khcn.domains.hazards.queries.assessing import assess, grounds_on  # noqa: E402
from khcn.domains.hazards.queries.fire import fire_danger  # noqa: E402
from khcn.domains.hazards.queries.windows import totals_of  # noqa: E402
from khcn.domains.hazards.rules.fire_danger import FireDay, accumulate  # noqa: E402
from khcn.domains.hazards.rules.fire_weather import next_day  # noqa: E402
from khcn.domains.hazards.services.fire_days import keep_fire_days  # noqa: E402
from khcn.domains.hazards.services.observations import Reading, record_observations  # noqa: E402
from khcn.domains.hazards.services.reference import load_hazards  # noqa: E402
from khcn.domains.hazards.services.stations import create_station, issue_key, set_up_stream  # noqa: E402
from khcn.domains.warnings.models import CapMessage, WarningCase  # noqa: E402
from khcn.domains.warnings.services import drafts, hearing, issuing  # noqa: E402
from khcn.domains.warnings.services.publishing import publish_files  # noqa: E402
from khcn.domains.warnings.services.reference import load_warnings  # noqa: E402
from khcn.kernel.audit.rules import canonical  # noqa: E402
from khcn.kernel.orgs.models import Organisation  # noqa: E402
from khcn.kernel.orgs.tests.cast import make_member  # noqa: E402
from khcn.kernel.places.choices import UnitLevel  # noqa: E402
from khcn.kernel.places.models import AdministrativeUnit  # noqa: E402
from khcn.kernel.schedules.services import system_actor  # noqa: E402
from khcn.lib.roles import Role  # noqa: E402
from khcn.site.launcher import debian, servers  # noqa: E402
from khcn.web.broker import Broker  # noqa: E402

BATCH = 5_000
CONNECTIONS = 32
WARNINGS = 6
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


def fill(streams: list[Datastream], first: datetime, last: datetime, interval_s: int) -> int:
    """Rows as they stand after judging, day by day straight into the table; returns how many."""
    dice, filled, at = np.random.default_rng(4), 0, first
    columns = "datastream_id, phenomenon_time, result, quality, checks, revision, received_at, door"
    while at <= last:
        until = min(at + timedelta(days=1), last + timedelta(seconds=1))
        count = int(((until - at).total_seconds() - 1) // interval_s) + 1
        moments = [f"{at + timedelta(seconds=interval_s * n):%Y-%m-%d %H:%M:%S}" for n in range(count)]
        rows = []
        for one in streams:
            values = _weather(dice, one.property.code, count)
            rows += [(one.pk, moment, value) for moment, value in zip(moments, values, strict=True)]
        _write(columns, rows)
        filled, at = filled + len(rows), at + timedelta(seconds=interval_s * count)
    LatestObservation.objects.filter(datastream__in=streams).update(
        phenomenon_time=at - timedelta(seconds=interval_s), received_at=NOW
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE hazards_observation" if connection.vendor == "postgresql" else "ANALYZE")
    return filled


def _write(columns: str, rows: list[tuple[int, str, float]]) -> None:
    quality, door = int(Quality.PASSED), str(ObservationDoor.STORY)
    if connection.vendor == "postgresql":
        lines = "".join(f"{key}\t{at}+00\t{value}\t{quality}\t0\t1\t{at}+00\t{door}\n" for key, at, value in rows)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # no look at the series of every single row
            with cursor.copy(f"COPY hazards_observation ({columns}) FROM STDIN") as copy:  # type: ignore[attr-defined]
                copy.write(lines)
            cursor.execute("SET session_replication_role = DEFAULT")
        return
    connection.ensure_connection()
    connection.connection.execute("BEGIN IMMEDIATE")
    connection.connection.executemany(
        f"INSERT INTO hazards_observation ({columns}) VALUES (?, ?, ?, {quality}, 0, 1, '{NOW:%Y-%m-%d %H:%M:%S}', "  # noqa: S608 - constants
        f"'{door}')", rows,
    )  # fmt: skip
    connection.connection.execute("COMMIT")


def _weather(dice: np.random.Generator, kind: str, count: int) -> list[float]:
    """So many values that the series may have."""
    if kind == "rain_mm":
        wet = np.where(dice.random(count) < 0.08, dice.random(count) * 8, 0.0)
        return [float(one) for one in wet.round(1)]
    low, span = (24, 2) if kind == "air_temp_c" else (70, 3)
    return [float(one) for one in (low + dice.random(count) * span).round(1)]


def rounds(streams: list[Datastream], first: datetime, interval_s: int) -> Iterator[list[Reading]]:
    """Batches in the order of time, as machines send them: every series at each moment, up to now."""
    batch: list[Reading] = []
    dice, at = np.random.default_rng(5), first
    while at <= NOW:
        batch += [Reading(one.pk, at, _weather(dice, one.property.code, 1)[0]) for one in streams]
        if len(batch) >= BATCH:
            yield batch
            batch = []
        at += timedelta(seconds=interval_s)
    if batch:
        yield batch


def take_in(streams: list[Datastream], first: datetime, interval_s: int) -> tuple[int, float, float]:
    """(values, wall seconds, processor seconds) of taking in through the one door that all ways lead to."""
    values, wall, processor = 0, 0.0, 0.0
    for batch in rounds(streams, first, interval_s):
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


def warn() -> CapMessage:
    """Some warnings that two people gave; returns the newest message."""
    load_warnings(by=SYSTEM, folder=ROOT / "data" / "reference" / "warnings")
    office = Organisation.objects.get(code="SNNMT-B")
    officer, head = (make_member(role, organisation=office).actor for role in (Role.SPECIALIST, Role.HEAD))
    seen_at = (NOW - timedelta(minutes=5)).isoformat()
    for number in range(WARNINGS):
        told = {
            "source": "hazards", "hazard": "heavy_rain", "hazard_name": "Mưa lớn", "place": "",
            "place_name": "Toàn tỉnh", "level": 1, "outcome": "level", "clauses": ["44.1"],
            "decision": "18/2021/QĐ-TTg", "article": "44", "units": [f"26{number:03d}", f"26{number + 20:03d}"],
            "evaluation": "e", "exceedance": f"b-{number}", "is_illustration": False,
            "facts": [["rain_24h_mm", "134.0"]], "observed_at": seen_at, "seen_at": seen_at,
        }  # fmt: skip
        hearing.hear_danger(canonical(told))
        case = WarningCase.objects.get(seen_key=f"hazards:b-{number}")
        draft = case.drafts.latest("pk")
        drafts.submit_message(by=officer, draft=draft)
        drafts.approve_message(by=head, draft=draft)
        message = issuing.issue_message(by=officer, draft=draft)
    publish_files(now=timezone.now())
    return message


class Reader(asyncio.Protocol):
    """One connection that asks for the same thing again as soon as it has it; answers are counted by their length."""

    def __init__(self, request: bytes, length: int, left: list[int], seconds: list[float], done: Any) -> None:
        self._request, self._length, self._left, self._seconds, self._done = request, length, left, seconds, done
        self._got, self._began = 0, 0.0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._got += len(data)
        if self._got < self._length:
            return
        if self._got > self._length or not self._got:
            raise SystemExit("an answer of another length")
        self._seconds.append(time.perf_counter() - self._began)
        self._ask()

    def _ask(self) -> None:
        if self._left[0] <= 0:
            self._transport.close()
            return
        self._left[0] -= 1
        self._got, self._began = 0, time.perf_counter()
        self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        self._done()
        if exc is not None:
            raise exc


def load(port: int, request: bytes, length: int, requests: int) -> tuple[float, list[float]]:
    """(seconds of all, seconds of each) of so many requests over some connections."""
    seconds: list[float] = []
    left = [requests]

    async def run() -> float:
        loop = asyncio.get_running_loop()
        open_ones, ended = [CONNECTIONS], asyncio.Event()

        def done() -> None:
            open_ones[0] -= 1
            if not open_ones[0]:
                ended.set()

        began = time.perf_counter()
        for _number in range(CONNECTIONS):
            await loop.create_connection(lambda: Reader(request, length, left, seconds, done), "127.0.0.1", port)
        await asyncio.wait_for(ended.wait(), 600)
        return time.perf_counter() - began

    return asyncio.run(run()), sorted(seconds)


def one_answer(port: int, request: bytes) -> bytes:
    """What the server answers once, whole."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as here:
        here.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        parts = []
        while part := here.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def processor_of(root: int) -> float:
    """Processor seconds that a process and those below it have used."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(fields[1])
        used[int(path.parent.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def is_below(one: int) -> bool:
        while one in parents:
            if one == root:
                return True
            one = parents[one]
        return False

    return sum(seconds for one, seconds in used.items() if is_below(one))


def feed(requests: int) -> None:
    """What the public and its machines ask again and again, of the web server: whole, packed, and what they have."""
    message = warn()
    port = servers.free_port("127.0.0.1", 18_200, 200)
    addresses = {name: reverse(f"warning_{name}") for name in ("feed", "json", "public")}
    addresses["cap"] = reverse("warning_cap", args=[message.identifier])
    connection.close()
    with servers.running("127.0.0.1", port, workers=2, worker=False) as children:
        for name, address in addresses.items():
            whole = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            head, _blank, _body = one_answer(port, whole.encode()).partition(b"\r\n\r\n")
            told = {
                line.partition(b":")[0].lower(): line.partition(b":")[2].strip() for line in head.split(b"\r\n")[1:]
            }
            has = f"If-None-Match: {told[b'etag'].decode()}\r\n\r\n"
            ways = {"whole": whole, "gzip": whole.replace("\r\n\r\n", "\r\nAccept-Encoding: gzip\r\n\r\n"),
                    "unchanged": whole[:-2] + has}  # fmt: skip
            for way, request in ways.items():
                if name in ("json", "cap") and way == "gzip":
                    continue
                measure_load(f"public_{name}_{way}", port, request.encode(), requests, children[0].process.pid)


def measure_load(name: str, port: int, request: bytes, requests: int, server: int) -> None:
    """One line: requests a second by the clock and by the server's processor time, the slowest answers."""
    for _turn in range(40):  # every process has made its answers by then
        answer = one_answer(port, request)
    length = len(answer) - (len(b"connection: close\r\n") if b"connection: close" in answer.lower() else 0)
    before, own = processor_of(server), time.process_time()
    wall, seconds = load(port, request, length, requests)
    server_used, own = processor_of(server) - before, time.process_time() - own
    emit(name, requests=requests, connections=CONNECTIONS, bytes=length, per_second=round(requests / wall),
         per_server_processor_second=round(requests / server_used), reader_processor_s=round(own, 2),
         p50_ms=round(seconds[len(seconds) // 2] * 1e3, 2), p99_ms=round(seconds[len(seconds) * 99 // 100] * 1e3, 2),
         slowest_ms=round(seconds[-1] * 1e3, 1), aim_per_second=2_000)  # fmt: skip


def main() -> None:
    """Make the world, then measure."""
    options = OPTIONS
    call_command("migrate", verbosity=0)
    streams = make_world(options.communes, options.streams, options.interval)
    emit("world", database=connection.vendor, days=options.days, streams=len(streams))
    if not options.only_feed:
        measure_values(streams, options)
        fire(options.station_days)
    feed(options.requests)


def measure_values(streams: list[Datastream], options: argparse.Namespace) -> None:
    """Filling, taking in by each door, windows, looks."""
    step = timedelta(seconds=options.interval)
    taken_from = NOW - step * (options.taken // len(streams))
    filled, _processor, rows = timed(lambda: fill(streams, NOW - timedelta(days=options.days), taken_from - step,
                                                  options.interval))  # fmt: skip
    emit("fill", values=rows, seconds=round(filled, 1))
    values, wall, processor = take_in(streams, taken_from, options.interval)
    emit("take_in", values=values, per_second=round(values / wall), per_processor_second=round(values / processor))
    values, wall, processor = by_http(streams[0].station, 20_000)
    emit("http", values=values, per_second=round(values / wall), per_processor_second=round(values / processor))
    stations = sorted({one.station for one in streams}, key=lambda one: one.code)[:20]
    by_mqtt(stations, options.messages, 1)
    by_mqtt(stations, options.messages // 50, 50)
    kept = Observation.objects.count()
    spans: dict[str, tuple[datetime, datetime]] = {f"{h}h": (NOW - timedelta(hours=h), NOW) for h in (1, 24, 72)}
    emit("windows", series=len(streams), observations=kept, **best(lambda: totals_of(streams, spans), 7), aim_ms=200)
    for hours in (1, 24, 72):
        only = {"one": spans[f"{hours}h"]}
        emit(f"window_{hours}h", series=len(streams), observations=kept,
             **best(lambda only=only: totals_of(streams, only), 7), aim_ms=200)  # fmt: skip

    def look() -> object:
        return assess(NOW, grounds_on(NOW))

    emit("look", communes=options.communes, observations=kept, places=len(assess(NOW, grounds_on(NOW))),
         **best(look, 5), aim_ms=2_000)  # fmt: skip
    seconds, processor, days = timed(lambda: keep_fire_days(as_of=NOW))
    emit("fire_days_kept", station_days=days, observations=kept, seconds=round(seconds, 1),
         processor_s=round(processor, 2))  # fmt: skip
    emit("fire_danger_now", stations=len({one.station_id for one in streams}), observations=kept,
         **best(lambda: fire_danger(NOW), 3))  # fmt: skip


if __name__ == "__main__":
    main()
