"""Loading of reference tables: rows found by their key, what changed counted, files checked against their SOURCE.toml.

It decides nothing about a table; rows that the office added by hand are never removed.
"""

import csv
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import models


@dataclass(slots=True)
class Tally:
    """What loading one table did, by row; `ended` rows got their last day."""

    name: str
    added: int = 0
    changed: int = 0
    ended: int = 0
    same: int = 0

    @property
    def wrote(self) -> bool:
        """True when any row was written."""
        return bool(self.added or self.changed or self.ended)


def upsert(model: type[models.Model], tally: Tally, *, key: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """Find the row by its key and make it say `values`, creating it where there is none; counted in the tally.

    An empty part of the key means NULL. Returns the row.
    """
    found = {
        f"{name}__isnull" if value is None else name: True if value is None else value for name, value in key.items()
    }
    row = model._default_manager.filter(**found).order_by("pk").first()
    if row is None:
        tally.added += 1
        return model._default_manager.create(**key, **values)
    differing = {name for name, value in values.items() if getattr(row, name) != value}
    if not differing:
        tally.same += 1
        return row
    if "valid_to" in differing and getattr(row, "valid_to", None) is None:
        tally.ended += 1
    else:
        tally.changed += 1
    for name in differing:
        setattr(row, name, values[name])
    row.save()
    return row


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file in UTF-8. Raises FileNotFoundError."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    """An ISO date, None for an empty cell."""
    return date.fromisoformat(text) if text else None


def altered_files(folder: Path) -> list[str]:
    """Names of files in a folder of reference data that are absent or differ from the sums in its SOURCE.toml."""
    source = tomllib.loads((folder / "SOURCE.toml").read_text("utf-8"))
    return [
        item["name"]
        for item in source["files"]
        if not (folder / item["name"]).is_file()
        or hashlib.sha256((folder / item["name"]).read_bytes()).hexdigest() != item["sha256"]
    ]
