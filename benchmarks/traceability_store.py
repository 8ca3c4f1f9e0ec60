"""The repository under load, on the database that DATABASE_URL names: captures, questions, traces, HTTP, the QR page.

Over HTTP the plainest view of the same server (`/healthz`, one statement) is measured first, to compare with.

A program of `bench_traceability.py`, which starts it once for each database; prints JSON lines. Processor seconds are
of this process: what PostgreSQL itself spends stands only in the wall times.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khcn.site.settings.dev")

import django  # noqa: E402 - after the path

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from khcn.domains.traceability.choices import PartyKind, Sector  # noqa: E402
from khcn.domains.traceability.models import CapturedEvent, Client, Ident, Lot, Party, Product  # noqa: E402
from khcn.domains.traceability.queries.events import find_events, question  # noqa: E402
from khcn.domains.traceability.queries.trace import trace_back, trace_forward  # noqa: E402
from khcn.domains.traceability.services.capture import capture_document  # noqa: E402
from khcn.domains.traceability.services.clients import key_digest  # noqa: E402
from khcn.standards.epcis.documents import read_document  # noqa: E402
from khcn.standards.epcis.json_writing import write_json  # noqa: E402

KEY = "bench-" + "k" * 20
GTIN, PREFIX = "08931234123451", "8931234"
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]
FARMERS, COLLECTORS, CANS, CARTONS = 12, 8, 240, 10
AIMS = {"capture": 10_000, "single": 1_500, "trace_ms": 2.0, "page": 1_500}


def emit(name: str, **values: object) -> None:
    """Print one measurement as a JSON line; the parent adds commit and machine."""
    line = {"bench": f"traceability.{name}", "database": connection.vendor, **values}
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _event(kind: str, at: int, **members: Any) -> dict[str, Any]:
    day, minute = divmod(at, 1440)
    moment = f"2026-{1 + day // 28 % 12:02}-{1 + day % 28:02}T{minute // 60:02}:{minute % 60:02}:00.000Z"
    return {"type": kind, "eventTime": moment, "eventTimeZoneOffset": "+07:00", **members}


def _mass(uri: str, kg: float) -> dict[str, Any]:
    return {"epcClass": uri, "quantity": kg, "uom": "KGM"}


def lot_of(unit: int) -> str:
    """The lot that a factory makes in one unit of the chain."""
    return f"urn:epc:class:lgtin:{PREFIX}.012345.F{unit}"


def pallet_of(unit: int) -> str:
    """The pallet that leaves in one unit of the chain."""
    return f"urn:epc:id:sscc:{PREFIX}.1{unit:09}"


def chain(unit: int) -> Iterator[dict[str, Any]]:
    """Farmers' lots, twelve to a collector's, eight of these to a factory lot, cans, cartons, a pallet; 214 events."""
    at, place = unit * 7, f"urn:epc:id:sgln:{PREFIX}.{unit % 90_000:05}.0"
    where = {"readPoint": {"id": place}, "bizLocation": {"id": place}}
    gathered = []
    for collector in range(COLLECTORS):
        lots = []
        for farmer in range(FARMERS):
            lot = f"urn:epc:class:lgtin:{PREFIX}.111111.H{unit}-{collector}-{farmer}"
            lots.append(_mass(lot, 320.5))
            yield _event("ObjectEvent", at, action="ADD", quantityList=lots[-1:], bizStep="commissioning", **where)
            yield _event("ObjectEvent", at + 1, action="OBSERVE", quantityList=lots[-1:], bizStep="shipping", **where)
        gathered.append(_mass(f"urn:epc:class:lgtin:{PREFIX}.122222.C{unit}-{collector}", 3800.0))
        yield _event("TransformationEvent", at + 2, inputQuantityList=lots, outputQuantityList=gathered[-1:],
                     bizStep="creating_class_instance", **where)  # fmt: skip
    cans = [f"urn:epc:id:sgtin:{PREFIX}.112345.{unit}-{number}" for number in range(CANS)]
    yield _event("TransformationEvent", at + 3, inputQuantityList=gathered, bizStep="commissioning",
                 outputQuantityList=[_mass(lot_of(unit), 6000.0)], **where)  # fmt: skip
    yield _event("TransformationEvent", at + 4, inputQuantityList=[_mass(lot_of(unit), 6000.0)], outputEPCList=cans,
                 bizStep="commissioning", **where)  # fmt: skip
    cartons = [f"urn:epc:id:sscc:{PREFIX}.2{unit:07}{number:02}" for number in range(CARTONS)]
    size = CANS // CARTONS
    for number, carton in enumerate(cartons):
        yield _event("AggregationEvent", at + 5, action="ADD", parentID=carton, bizStep="packing",
                     childEPCs=cans[number * size : (number + 1) * size], **where)  # fmt: skip
    yield _event("AggregationEvent", at + 6, action="ADD", parentID=pallet_of(unit), childEPCs=cartons,
                 bizStep="packing", **where)  # fmt: skip
    yield _event("ObjectEvent", at + 7, action="OBSERVE", epcList=[pallet_of(unit)], bizStep="shipping",
                 disposition="in_transit", **where)  # fmt: skip


def documents(first_unit: int, events: int, size: int) -> tuple[list[bytes], int]:
    """Documents of so many events of the chain, `size` each, and the first unit that they leave unused."""
    made: list[dict[str, Any]] = []
    unit = first_unit
    while len(made) < events:
        made += chain(unit)
        unit += 1
    parts = [made[start : start + size] for start in range(0, len(made), size)]
    return [_document(part) for part in parts], unit


def _document(events: list[dict[str, Any]]) -> bytes:
    return write_json(
        {
            "@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0",
            "creationDate": "2026-03-12T00:00:00Z", "epcisBody": {"eventList": events},
        }
    )  # fmt: skip


def observation(number: int) -> dict[str, Any]:
    """One small event, unlike every other."""
    epcs = [f"urn:epc:id:sgtin:{PREFIX}.199999.{number}-{item}" for item in range(4)]
    return _event("ObjectEvent", number % 400_000, action="OBSERVE", epcList=epcs, bizStep="inspecting",
                  readPoint={"id": f"urn:epc:id:sgln:{PREFIX}.00007.0"})  # fmt: skip


def capture(client: Client, raw: bytes) -> int:
    """Validation, hashes, rows and edges, as the door does it; how many events were stored."""
    job = capture_document(by=client, raw=raw, document=read_document(raw), now=timezone.now())
    if not job.success:
        raise RuntimeError(job.errors[:1])
    return job.stored_count


def timed(action: Callable[[], int]) -> tuple[int, float, float]:
    """(what was done, wall seconds, processor seconds)."""
    wall, used = time.perf_counter(), time.process_time()
    done = action()
    return done, time.perf_counter() - wall, time.process_time() - used


def rates(done: int, wall: float, used: float, aim: int) -> dict[str, object]:
    """Rates of both clocks beside the aim, which the processor's clock decides: others share these cores."""
    of_processor = round(done / used)
    return {"events": done, "per_s": round(done / wall), "per_processor_s": of_processor, "aim": aim,
            "met": of_processor >= aim}  # fmt: skip


def captures(client: Client, events: int) -> int:
    """Documents of 100 and 500 events and single ones; returns the first unused unit."""
    unit = 0
    for size in (100, 500):
        raws, unit = documents(unit, events, size)
        found = timed(lambda raws=raws: sum(capture(client, raw) for raw in raws))  # type: ignore[misc]
        emit(f"capture.documents_of_{size}", **rates(*found, AIMS["capture"]))
    singles = [_document([observation(number)]) for number in range(max(events // 40, 50))]
    found = timed(lambda: sum(capture(client, raw) for raw in singles))
    emit("capture.single", **rates(*found, AIMS["single"]))
    return unit


def spread(taken: list[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(taken)
    return {"p50_ms": round(statistics.median(ordered) * 1e3, 3),
            "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1e3, 3), "times": len(ordered)}  # fmt: skip


def repeated(action: Callable[[int], Any], times: int) -> dict[str, float]:
    """How long an action takes, by the processor's clock; on PostgreSQL by the wall's, since the work is elsewhere."""
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    action(0)
    taken = []
    for number in range(times):
        start = clock()
        action(number)
        taken.append(clock() - start)
    return spread(taken)


def asks(client: Client, units: int, times: int) -> None:
    """Questions by thing, time and step, and walks in both directions, at the size that stands."""
    size = CapturedEvent.objects.count()
    pick = random.Random(20261128)
    chosen = [pick.randrange(units) for _ in range(times)]

    def by(parameters: Callable[[int], dict[str, Any]]) -> dict[str, float]:
        return repeated(lambda n: find_events(client=client, query=question(parameters(n)), per_page=30), times)

    emit("query.epc", events=size, **by(lambda n: {"MATCH_anyEPC": [pallet_of(chosen[n])]}))
    emit("query.time", events=size, **by(lambda n: {"GE_eventTime": f"2026-03-{1 + n % 28:02}T00:00:00Z"}))
    emit("query.biz_step", events=size, **by(lambda n: {"EQ_bizStep": ["packing"]}))
    back = repeated(lambda n: trace_back(pallet_of(chosen[n])), times)
    things = len(trace_back(pallet_of(chosen[0])).things)
    emit("trace.back_from_pallet", events=size, things=things, aim_p95_ms=AIMS["trace_ms"], **back)
    can = repeated(lambda n: trace_back(f"urn:epc:id:sgtin:{PREFIX}.112345.{chosen[n]}-7"), times)
    emit("trace.back_from_can", events=size, aim_p95_ms=AIMS["trace_ms"], **can)
    farm = f"urn:epc:class:lgtin:{PREFIX}.111111.H{chosen[0]}-0-0"
    things = len(trace_forward(farm).things)
    ahead = repeated(lambda n: trace_forward(f"urn:epc:class:lgtin:{PREFIX}.111111.H{chosen[n]}-0-0"), times)
    emit("trace.forward_from_farm", events=size, things=things, aim_p95_ms=AIMS["trace_ms"], **ahead)


def goods(unit: int) -> str:
    """The address of the page of a lot that a unit of the chain made."""
    party = Party.objects.create(code="BENCH", name="Nhà máy đo", kind=PartyKind.PLANT, prefix=PREFIX)
    product = Product.objects.create(party=party, name="Nhân điều", sector=Sector.CASHEW, gtin=GTIN, code="N1")
    uri = Ident.objects.get(uri__startswith="https://id.gs1.org/01/", uri__endswith=f"/10/F{unit}").uri
    lot = Lot.objects.create(product=product, code=f"F{unit}", uri=uri, made_on="2026-03-12", quantity_kg=6000)
    return f"/hang/{lot.uid}/"


def _ask(port: int, requests: list[tuple[str, str, bytes]], expected: int) -> None:
    connection_ = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/ld+json"}
    for method, path, body in requests:
        connection_.request(method, path, body or None, headers if body else {})
        answer = connection_.getresponse()
        answer.read()
        if answer.status != expected:
            raise RuntimeError(f"{method} {path}: {answer.status}")
    connection_.close()


def over_http(port: int, requests: list[tuple[str, str, bytes]], expected: int, threads: int = 4) -> float:
    """Wall seconds for all requests over so many connections that stay open."""
    parts = [requests[start::threads] for start in range(threads)]
    workers = [threading.Thread(target=_ask, args=(port, part, expected)) for part in parts]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - start


def _until_ready(port: int) -> None:
    for _ in range(120):
        try:
            _ask(port, [("GET", "/healthz", b"")], 200)
        except (OSError, RuntimeError):
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("the server did not answer")


def _processor_seconds(process: subprocess.Popen[bytes]) -> float:
    """What the server's processes have used so far."""
    ticks = 0
    for found in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = found.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(found.parent.name) == process.pid or int(fields[1]) == process.pid:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def served(client: Client, unit: int, events: int, port: int) -> None:
    """The server as it is started for people, asked over a socket by this process on the same cores."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers",
        "1", "--blocking-threads", "4", "--no-ws", "--no-access-log", "khcn.site.wsgi:application",
    ]  # fmt: skip
    address = goods(0)
    paths = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _until_ready(port)
        _ask(port, [("GET", "/healthz", b"")] * 20, 200)
        plain = _measure(server, "http.plain_view", port, [("GET", "/healthz", b"")] * max(events // 5, 200), 200, 1)
        raws, unit = documents(unit, events, 100)
        posts = [("POST", "/epcis/v2/capture", raw) for raw in raws]
        _measure(server, "http.capture_documents_of_100", port, posts, 202, 100, AIMS["capture"], plain)
        singles = [write_json({"@context": CONTEXT, **observation(10_000_000 + n)}) for n in range(events // 20)]
        posts = [("POST", "/epcis/v2/events", raw) for raw in singles]
        _measure(server, "http.single", port, posts, 201, 1, AIMS["single"], plain)
        pages = [("GET", address, b"")] * max(events // 5, 200)
        _ask(port, pages[:5], 200)
        _measure(server, "http.goods_page", port, pages, 200, 1, AIMS["page"], plain)
    finally:
        server.terminate()
        server.wait(20)


def _measure(
    server: subprocess.Popen[bytes], name: str, port: int, requests: list[tuple[str, str, bytes]], expected: int,
    each: int, aim: int = 0, plain_ms: float = 0.0,
) -> float:  # fmt: skip
    """Processor milliseconds of a request; beside the aim, how many times what the plainest view takes in this run."""
    used = _processor_seconds(server)
    wall = over_http(port, requests, expected)
    used = _processor_seconds(server) - used
    ms = used / len(requests) * 1e3
    more: dict[str, object] = {"processor_ms": round(ms, 3)}
    if plain_ms:
        more["times_plain_view"] = round(ms / plain_ms, 1)
    found = rates(len(requests) * each, wall, max(used, 1e-3), aim)
    emit(name, **(found if aim else {key: found[key] for key in ("events", "per_s", "per_processor_s")}), **more)
    return ms


def main() -> None:
    """Measure one database."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--chain", type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--times", type=int, default=200)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    client = Client.objects.create(uid=uuid4(), name="Đo", key_digest=key_digest(KEY), prefixes=[PREFIX], sees_all=True)
    unit = captures(client, options.events)
    have = CapturedEvent.objects.count()
    if options.chain > have:
        start = time.perf_counter()
        while have < options.chain:
            raws, unit = documents(unit, min(options.chain - have, 20_000), 500)
            have += sum(capture(client, raw) for raw in raws)
        emit("capture.grown", events=have, wall_s=round(time.perf_counter() - start, 1))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    asks(client, unit, options.times)
    served(client, unit, min(options.events, 10_000), options.port)


if __name__ == "__main__":
    main()
