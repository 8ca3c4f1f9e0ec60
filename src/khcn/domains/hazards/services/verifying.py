"""Keeps what was warned of and what damage came, as the rooms that know tell it; each once."""

import json
from datetime import datetime

from khcn.domains.hazards.models import GivenWarning, SeenHarm


def hear_warning(payload: str) -> None:
    """A message went out: it replaces the one before it in its case, or ends it. Exercises are passed over."""
    told = json.loads(payload)
    if told["is_exercise"]:
        return
    issued_at = datetime.fromisoformat(told["issued_at"])
    for earlier in GivenWarning.objects.filter(case=told["case"], ends_at__gt=issued_at).exclude(
        message=told["message"]
    ):
        earlier.ends_at = max(issued_at, earlier.issued_at)
        earlier.save(update_fields=["ends_at"])
    if told["message_type"] == "Cancel":
        return
    GivenWarning.objects.get_or_create(
        message=told["message"],
        defaults={
            "case": told["case"], "hazard": told["hazard"], "level": told["level"], "units": list(told["units"]),
            "issued_at": issued_at, "onset_at": datetime.fromisoformat(told["onset_at"]),
            "ends_at": datetime.fromisoformat(told["expires_at"]),
            "is_illustration": told.get("is_illustration", False),
        },
    )  # fmt: skip


def hear_harm(payload: str) -> None:
    """Damage was accepted as true."""
    told = json.loads(payload)
    SeenHarm.objects.get_or_create(
        report=told["report"],
        defaults={
            "hazard": told["hazard"], "unit": told["unit"], "happened_at": datetime.fromisoformat(told["happened_at"]),
            "is_illustration": told.get("is_illustration", False),
        },
    )  # fmt: skip
