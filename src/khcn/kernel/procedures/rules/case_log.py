"""How a line of a case's log is digested; the chain of a case begins at GENESIS and ends at the case's head."""

import hashlib
import json
from typing import Any

GENESIS = "0" * 64


def event_digest(previous: str, case_uid: str, row: list[Any]) -> str:
    """SHA-256 (hex, 64) over the previous digest, the case's uid and the row's values.

    row: JSON-able values in the order of `CaseEvent.row()`; moments are ISO 8601 in UTC with microseconds.
    """
    body = json.dumps([previous, case_uid, row], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(body.encode("utf-8")).hexdigest()
