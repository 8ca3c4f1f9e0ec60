"""Loads the words, numbers and duties of warnings; repeatable."""

from pathlib import Path

from khcn.domains.warnings.models import DutyRule, WarningParameter, WarningTemplate
from khcn.kernel.documents.choices import LegalStatus
from khcn.lib.actor import Actor
from khcn.web.reference import Tally, day, read_rows, upsert

_WORDS = (
    "event", "event_en", "category", "article", "responses", "headline", "description", "instruction", "headline_en",
    "description_en", "instruction_en",
)  # fmt: skip


def load_warnings(*, by: Actor, folder: Path) -> list[Tally]:
    """Load the tables of the folder. Raises KeyError or ValueError for bad rows."""
    del by
    return [_templates(folder), _parameters(folder), _duties(folder)]


def _templates(folder: Path) -> Tally:
    tally = Tally("mẫu tin cảnh báo")
    for row in read_rows(folder / "templates.csv"):
        for level in range(int(row["level_from"]), int(row["level_to"]) + 1):
            upsert(
                WarningTemplate, tally,
                key={"hazard": row["hazard"], "level": level, "valid_from": day(row["valid_from"])},
                values={name: row[name] for name in _WORDS} | {"status": LegalStatus(row["status"])},
            )  # fmt: skip
    return tally


def _parameters(folder: Path) -> Tally:
    tally = Tally("tham số cảnh báo")
    for row in read_rows(folder / "parameters.csv"):
        upsert(
            WarningParameter, tally, key={"key": row["key"], "valid_from": day(row["valid_from"])},
            values={"name": row["name"], "value": row["value"], "basis": row["basis"],
                    "status": LegalStatus(row["status"])},
        )  # fmt: skip
    return tally


def _duties(folder: Path) -> Tally:
    tally = Tally("trách nhiệm theo cấp")
    for row in read_rows(folder / "duties.csv"):
        upsert(
            DutyRule, tally, key={"code": row["code"], "valid_from": day(row["valid_from"])},
            values={
                "level_from": int(row["level_from"]), "level_to": int(row["level_to"]), "post": row["post"],
                "act": row["act"], "within_minutes": int(row["within_minutes"]),
                "repeats_minutes": int(row["repeats_minutes"] or 0), "basis": row["basis"],
                "status": LegalStatus(row["status"]),
            },
        )  # fmt: skip
    return tally
