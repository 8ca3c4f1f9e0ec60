"""How a row of the audit log is digested; shared in words with deploy/verify_audit.py, which repeats it alone."""

import hashlib
import json
from typing import Any

GENESIS = "0" * 64
FIELDS = (
    "at", "actor_uid", "actor_name", "organisation", "verb", "subject_type", "subject_uid", "subject_label",
    "before", "after",
)  # fmt: skip


def canonical(value: Any) -> str:
    """JSON with sorted keys, no blanks, letters as they are."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def digest(previous: str, row: dict[str, Any]) -> str:
    """SHA-256 (hex, 64) over the previous digest and the row's FIELDS.

    row["at"] is an ISO 8601 text in UTC with microseconds; UUIDs are text or None; before/after are JSON values.
    """
    body = canonical([previous, [row[name] for name in FIELDS]])
    return hashlib.sha256(body.encode("utf-8")).hexdigest()
