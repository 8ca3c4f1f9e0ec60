"""Counts after the killing what of the captured events is there: lost, doubled, half documents, broken links.

python -m kills.capture_accounts told.json
"""

import json
import sys
import zlib
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import django

django.setup()

from khcn.domains.traceability.models import CapturedEvent, CaptureJob, EventName  # noqa: E402 - after Django is set up
from kills.senders import EVENTS, event_id  # noqa: E402


def counted(told: list[int], sent: int) -> dict[str, Any]:
    """What is wrong by kind, each by document or job, and how much there is."""
    stored = Counter(CapturedEvent.objects.values_list("event_id", flat=True))
    found = {number: sum(stored[event_id(number, at)] > 0 for at in range(EVENTS)) for number in range(sent)}
    named = Counter(EventName.objects.values_list("event__event_id", flat=True))
    return {
        "lost": [number for number in told if found[number] < EVENTS],
        "doubled": sorted(one for one, times in stored.items() if times > 1),
        "half": [number for number, there in found.items() if 0 < there < EVENTS],
        "unnamed": sorted(one for one in stored if named[one] != 1),
        "broken": _broken(),
        "counted": {
            "sent": sent,
            "told": len(told),
            "events": sum(stored.values()),
            "jobs": CaptureJob.objects.count(),
        },
    }


def _broken() -> list[int]:
    """Jobs whose link does not follow from the one before, their document and what they stored."""
    wrong, before = [], "0" * 64
    for job in CaptureJob.objects.order_by("id"):
        link = sha256(bytes.fromhex(before) + sha256(zlib.decompress(bytes(job.document))).digest())
        for key in job.events.order_by("seq").values_list("key", flat=True):
            link.update(bytes(key))
        if link.hexdigest() != job.chain:
            wrong.append(job.id)
        before = job.chain
    return wrong


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    sys.stdout.write(json.dumps(counted(asked["told"], asked["sent"])))
