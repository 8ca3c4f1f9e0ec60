"""EPCIS: reading, validation and hashes in all bindings; the repository on both databases and over HTTP; three peers.

`./khcn bench traceability [--events N] [--chain N]` prints one JSON line per measurement, each with commit and machine.
Events are invented. Others may share the cores: rates are given by the wall's clock and by the processor's, and ratios
are of the processor's seconds in the same run. The peers run in environments of their own, given by their interpreters
or made anew with `--make-peers`: a Python with `quartet_epcis` (`--quartet-python`), one with
`epcis-event-hash-generator` (`--peer-python`), a Node that finds `epcis2.js` (`--peer-node`, NODE_PATH); without them
their lines say why they are missing. PostgreSQL is a cluster of the run's own, with durability off.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from khcn.standards.epcis.documents import events_of, hasher_of  # noqa: E402 - after the path
from khcn.standards.epcis.json_reading import read_json  # noqa: E402
from khcn.standards.epcis.json_to_xml import document_to_xml  # noqa: E402
from khcn.standards.epcis.json_validation import validate_json  # noqa: E402
from khcn.standards.epcis.xml_reading import read_xml  # noqa: E402
from khcn.standards.epcis.xml_to_json import document_from_xml  # noqa: E402
from khcn.standards.epcis.xml_validation import validate_xml  # noqa: E402

AIM_HASHES_PER_SECOND = 40_000
PEER_EVENTS = 2_000
PEER_SECONDS = 300
QUARTET_DOCUMENTS, QUARTET_SIZE = 4, 100
QUARTET_PEER = """
import io, sys, tempfile, time, warnings
warnings.simplefilter("ignore")
import django
from django.conf import settings
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": tempfile.mkdtemp() + "/quartet.sqlite3"}},
    INSTALLED_APPS=["django.contrib.contenttypes", "quartet_epcis"], USE_TZ=True, SECRET_KEY="bench",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()
from django.apps import apps
from django.db import connection
with connection.schema_editor() as editor:  # its command to migrate wants rooms that the package does not bring
    for model in apps.get_app_config("quartet_epcis").get_models():
        editor.create_model(model)
connection.cursor().execute("PRAGMA journal_mode=WAL")
from quartet_epcis.parsing.parser import QuartetParser
documents = [open(path, "rb").read() for path in sys.argv[1:]]
start = time.process_time()
for document in documents:
    QuartetParser(io.BytesIO(document)).parse()
print(time.process_time() - start)
"""
PYTHON_PEER = """
import sys, time
from epcis_event_hash_generator.hash_generator import epcis_hashes_from_events
from epcis_event_hash_generator.json_to_py import event_list_from_epcis_document_str
text = open(sys.argv[1], encoding="utf-8").read()
start = time.process_time()
epcis_hashes_from_events(event_list_from_epcis_document_str(text))
print(time.process_time() - start)
"""
NODE_PEER = """
const { readFileSync } = require("fs");
const { eventToHashedId } = require("epcis2.js");
const doc = JSON.parse(readFileSync(process.argv[1], "utf-8"));
const start = process.cpuUsage();
for (const event of doc.epcisBody.eventList) eventToHashedId(event, doc["@context"]);
const used = process.cpuUsage(start);
console.log((used.user + used.system) / 1e6);
"""


def machine() -> dict[str, object]:
    """The commit measured and the machine it ran on."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
    }


def emit(name: str, **values: object) -> None:
    """Print one measurement as a JSON line."""
    print(json.dumps({"bench": f"traceability.{name}", **values, **machine()}, ensure_ascii=False), flush=True)


def invented(number: int) -> dict[str, Any]:
    """One shipping event of four items, with its own identifiers, moment and place."""
    return {
        "type": "ObjectEvent",
        "eventTime": f"2026-03-{1 + number % 28:02}T07:{number % 60:02}:{number // 60 % 60:02}.000+07:00",
        "eventTimeZoneOffset": "+07:00",
        "epcList": [f"urn:epc:id:sgtin:8931234.012345.{number * 4 + item}" for item in range(4)],
        "action": "OBSERVE",
        "bizStep": "shipping",
        "disposition": "in_transit",
        "readPoint": {"id": f"urn:epc:id:sgln:8931234.{number % 90_000:05}.0"},
        "bizLocation": {"id": "urn:epc:id:sgln:8931234.00001.0"},
    }


def document(count: int) -> dict[str, Any]:
    """A document of so many events."""
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-12T00:00:00Z",
        "epcisBody": {"eventList": [invented(number) for number in range(count)]},
    }


def rate(count: int, action: Callable[[], object]) -> tuple[int, object]:
    """(events per second of the processor, what the action gave)."""
    start = time.process_time()
    given = action()
    return round(count / max(time.process_time() - start, 1e-9)), given


def peer(
    name: str, command: list[str] | None, wanted: str, ours: int, events: int, what: str = "hashes_per_processor_s"
) -> None:
    """One line about a peer: its rate and how many times ours is of it, or why it is missing."""
    if command is None:
        emit(f"peer.{name}", skipped=f"no {wanted} was given")
        return
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PEER_SECONDS, check=True)
        theirs = round(events / float(done.stdout.strip().splitlines()[-1]))
    except subprocess.CalledProcessError as failed:
        emit(f"peer.{name}", skipped=(failed.stderr.strip().splitlines() or ["it failed without a word"])[-1])
    except (OSError, subprocess.TimeoutExpired, ValueError, IndexError, ZeroDivisionError) as failed:
        emit(f"peer.{name}", skipped=f"{type(failed).__name__}: {failed}")
    else:
        emit(f"peer.{name}", **{what: theirs}, ours=ours, ours_times=round(ours / theirs, 1))


def stored(options: argparse.Namespace, address: str) -> dict[str, int]:
    """The repository on one database; rates by the processor's clock, by measurement."""
    command = [
        sys.executable, str(ROOT / "benchmarks" / "traceability_store.py"), "--events", str(options.events), "--chain",
        str(options.chain), "--port", str(options.port),
    ]  # fmt: skip
    found: dict[str, int] = {}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "DATABASE_URL": address}
    ) as running:
        for line in running.stdout or ():
            if line.startswith("{"):
                value = json.loads(line)
                found[value["bench"]] = value.get("per_processor_s", 0)
                print(json.dumps({**value, **machine()}, ensure_ascii=False), flush=True)
    if running.returncode:
        emit("store", skipped=f"the part for {address.partition(':')[0]} ended with {running.returncode}")
    return found


def on_postgresql(options: argparse.Namespace) -> None:
    """The repository on a PostgreSQL cluster of its own, where the programs of one are installed."""
    sys.path.insert(0, str(ROOT / "tests"))
    from postgres_cluster import ClusterFailed, cluster

    try:
        with cluster() as address:
            stored(options, address)
    except ClusterFailed as failed:
        emit("store", database="postgresql", skipped=str(failed).splitlines()[0])


def beside_quartet(options: argparse.Namespace, folder: Path, ours: int) -> None:
    """The one other repository that runs here: the same kind of events in documents of EPCIS 1.2, no thing twice."""
    paths = []
    for number in range(QUARTET_DOCUMENTS):
        value = document(QUARTET_SIZE)
        first = number * QUARTET_SIZE
        value["epcisBody"]["eventList"] = [invented(first + at) for at in range(QUARTET_SIZE)]
        path = folder / f"quartet-{number}.xml"
        path.write_bytes(document_to_xml(value, "1.2"))
        paths.append(str(path))
    command = [options.quartet_python, "-c", QUARTET_PEER, *paths] if options.quartet_python else None
    events = QUARTET_DOCUMENTS * QUARTET_SIZE
    peer("quartet_epcis", command, "--quartet-python", ours, events, "captured_per_processor_s")


def make_peers(options: argparse.Namespace, folder: Path) -> None:
    """Environments for the Python peers, from the package index; what cannot be made stays missing and says so."""
    for name, packages in (("quartet", ["quartet_epcis", "haikunator", "pytz"]),
                           ("peer", ["epcis-event-hash-generator"])):  # fmt: skip
        home = folder / name
        try:
            subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, capture_output=True)
            subprocess.run([home / "bin" / "pip", "install", "-q", *packages], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as failed:
            emit(f"peer.{name}", skipped=f"its environment could not be made: {failed}")
        else:
            setattr(options, f"{name}_python", str(home / "bin" / "python"))


def main() -> None:
    """Measure everything once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--peer-python", help="a Python that has epcis-event-hash-generator")
    parser.add_argument("--peer-node", help="a Node that finds epcis2.js")
    parser.add_argument("--quartet-python", help="a Python that has quartet_epcis")
    parser.add_argument("--make-peers", action="store_true", help="make the Python peers' environments for this run")
    parser.add_argument("--chain", type=int, default=20_000, help="events that stand when questions are asked")
    parser.add_argument("--port", type=int, default=18_765)
    parser.add_argument("--only-codecs", action="store_true")
    options = parser.parse_args()
    count = options.events

    raw = json.dumps(document(count)).encode()
    reading, (value, _) = rate(count, lambda: read_json(raw))  # type: ignore[misc]
    emit("json.read", events=count, bytes_per_event=len(raw) // count, events_per_s=reading)
    validating, problems = rate(count, lambda: validate_json(value))
    emit("json.validate", events=count, events_per_s=validating, problems=len(problems))  # type: ignore[arg-type]
    hasher, events = hasher_of(value), events_of(value)
    hashing, _ = rate(count, lambda: [hasher.digest(event) for event in events])
    emit(
        "hash.first",
        events=count,
        hashes_per_s=hashing,
        aim=AIM_HASHES_PER_SECOND,
        met=hashing >= AIM_HASHES_PER_SECOND,
    )
    again, _ = rate(count, lambda: [hasher.digest(event) for event in events])
    emit("hash.again", events=count, hashes_per_s=again)
    for version in ("2.0", "1.2"):
        writing, written = rate(count, lambda version=version: document_to_xml(value, version))
        emit("xml.write", version=version, events=count, events_per_s=writing)
        parsing, (tree, _) = rate(count, lambda written=written: read_xml(written))  # type: ignore[misc]
        checking, problems = rate(count, lambda tree=tree: validate_xml(tree))
        turning, _ = rate(count, lambda tree=tree: document_from_xml(tree.getroot()))
        emit(
            "xml.read", version=version, events=count, parsed_per_s=parsing, validated_per_s=checking,
            translated_per_s=turning, problems=len(problems),  # type: ignore[arg-type]
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        if options.make_peers:
            make_peers(options, Path(folder))
        path = Path(folder) / "events.json"
        path.write_text(json.dumps(document(PEER_EVENTS)), "utf-8")
        python = [options.peer_python, "-c", PYTHON_PEER, str(path)] if options.peer_python else None
        peer("epcis-event-hash-generator", python, "--peer-python", hashing, PEER_EVENTS)
        node = [options.peer_node, "-e", NODE_PEER, str(path)] if options.peer_node else None
        peer("epcis2.js", node, "--peer-node", hashing, PEER_EVENTS)
        if not options.only_codecs:
            rates = stored(options, f"sqlite:///{folder}/bench.sqlite3")
            beside_quartet(options, Path(folder), rates.get("traceability.capture.documents_of_100", 0))
            on_postgresql(options)


if __name__ == "__main__":
    main()
