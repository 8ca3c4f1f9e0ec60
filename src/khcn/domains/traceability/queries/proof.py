"""What proves that the record behind a QR is as it was captured: hashes of events, and the chain of captures."""

import zlib
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from khcn.domains.traceability.models import CapturedEvent, CaptureJob, Lot
from khcn.domains.traceability.queries.lots import Stage
from khcn.standards.epcis.documents import hasher_of
from khcn.standards.epcis.event_hash import hash_uri
from khcn.standards.epcis.json_reading import read_json

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One event with its hash, and the link of the chain that the capture of it made."""

    event_id: str
    hash: str
    recorded_at: datetime
    job: str
    before: str
    document: str
    keys: tuple[str, ...]
    chain: str
    is_sound: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """The links of a lot's events, and the head of the chain now."""

    links: tuple[Link, ...]
    head: str
    captures: int

    @property
    def is_sound(self) -> bool:
        """Whether every link was computed again with the same outcome."""
        return all(link.is_sound for link in self.links)


def event_hash(event: CapturedEvent) -> str:
    """The CBV hash of an event, computed from its stored body."""
    value, _problems = read_json(bytes(event.body))
    return hash_uri(hasher_of({"@context": event.context.value}).digest(value))


def proof_of(stages: list[Stage]) -> Proof:
    """The proof of these stages; every hash and link is computed anew from what is stored."""
    rows = CapturedEvent.objects.filter(
        event_id__in=[stage.record.event_id for stage in stages], declares_error=False
    ).select_related("context", "job").order_by("seq")  # fmt: skip
    links = tuple(_link(event) for event in rows[:200])
    last = CaptureJob.objects.order_by("-id").values_list("chain", flat=True).first()
    return Proof(links, last or GENESIS, CaptureJob.objects.count())


def _link(event: CapturedEvent) -> Link:
    job = event.job
    earlier = CaptureJob.objects.filter(id__lt=job.id).order_by("-id").values_list("chain", flat=True).first()
    before = earlier or GENESIS
    document = sha256(zlib.decompress(bytes(job.document))).digest()
    keys = [bytes(key) for key in job.events.order_by("seq").values_list("key", flat=True)]
    again = sha256(bytes.fromhex(before) + document)
    for key in keys:
        again.update(key)
    found = event_hash(event)
    is_sound = again.hexdigest() == job.chain and found.split(";")[1].split("?")[0] == bytes(event.key).hex()
    return Link(
        event.event_id, found, event.record_time, str(job.uid), before, document.hex(),
        tuple(key.hex() for key in keys), job.chain, is_sound,
    )  # fmt: skip


def as_json(lot: Lot, proof: Proof) -> dict[str, Any]:
    """The proof for a program: chain = SHA-256(before + SHA-256 of the document + keys), all in hexadecimal."""
    return {
        "lot": lot.uri, "head": proof.head, "captures": proof.captures,
        "rule": "chain = SHA256(before || document || keys...)",
        "links": [
            {
                "eventID": one.event_id, "hash": one.hash, "recordTime": one.recorded_at.isoformat(),
                "captureID": one.job, "before": one.before, "document": one.document, "keys": list(one.keys),
                "chain": one.chain,
            }
            for one in proof.links
        ],
    }  # fmt: skip


def find_hash(text: str) -> CapturedEvent | None:
    """The stored event of a hash id or of its hexadecimal part."""
    digits = text.strip().removeprefix("ni:///sha-256;").split("?")[0].lower()
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        return None
    return CapturedEvent.objects.filter(key=key, declares_error=False).first() if len(key) == 32 else None
