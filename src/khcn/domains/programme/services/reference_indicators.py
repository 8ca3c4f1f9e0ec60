"""Loads the definitions of the plan's targets and measures; a changed one becomes a new version, old ones stay."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from khcn.kernel.audit.services import record
from khcn.kernel.indicators.models import Indicator
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused

FILE = Path("data/reference/indicators/indicators.csv")
COMPARED = ("name", "unit", "definition", "source", "parameters")


@dataclass(frozen=True, slots=True)
class Report:
    """What a load did, as codes: definitions added, those that got a new version, those already there."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


def load_indicators(by: Actor, path: Path | None = None) -> Report:
    """Load the definitions; loading the same file again changes nothing.

    path: a CSV with columns code, version, name, unit, definition, source, parameters (JSON). A definition that differs
    from the stored one under the same version is refused: values measured by it must keep their meaning.
    """
    rows = _read(path or Path(settings.ROOT) / FILE)
    added: list[str] = []
    changed: list[str] = []
    unchanged: list[str] = []
    with transaction.atomic():
        for row in rows:
            known = Indicator.objects.filter(code=row["code"]).order_by("-version").first()
            same = Indicator.objects.filter(code=row["code"], version=row["version"]).first()
            if same is not None:
                if any(getattr(same, name) != row[name] for name in COMPARED):
                    raise Refused(
                        f"Chỉ tiêu {row['code']} phiên bản {row['version']} khác định nghĩa đã nạp; "
                        "tăng số phiên bản trong tệp rồi nạp lại."
                    )
                unchanged.append(row["code"])
                continue
            Indicator.objects.create(**row)
            (changed if known is not None else added).append(row["code"])
        if added or changed:
            record(
                by=by, verb="indicators.load", subject=None, label="Chỉ tiêu của kế hoạch",
                after={"added": added, "changed": changed},
            )  # fmt: skip
    return Report(tuple(added), tuple(changed), tuple(unchanged))


def _read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            {**row, "version": int(row["version"]), "parameters": json.loads(row["parameters"])}
            for row in csv.DictReader(stream)
        ]
