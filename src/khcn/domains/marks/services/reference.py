"""Loads the dated thresholds of the room of marks; repeatable."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from khcn.domains.marks.models import MarkParameter
from khcn.kernel.documents.choices import LegalStatus
from khcn.lib.actor import Actor
from khcn.web.reference import Tally, day, read_rows, upsert


def load_marks(*, by: Actor, folder: Path) -> list[Tally]:
    """Load the tables of the folder. Raises KeyError or ValueError for bad rows."""
    parameters = Tally("tham số sở hữu trí tuệ")
    for row in read_rows(folder / "parameters.csv"):
        values: dict[str, Any] = {
            "value": Decimal(row["value"]), "unit": row["unit"], "valid_to": day(row["valid_to"]),
            "citation": row["citation"], "status": LegalStatus(row["status"]), "note": row["note"],
        }  # fmt: skip
        upsert(MarkParameter, parameters, key={"key": row["key"], "valid_from": day(row["valid_from"])}, values=values)
    return [parameters]
