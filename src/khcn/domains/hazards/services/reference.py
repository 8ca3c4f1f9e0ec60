"""Loads what can be measured, the dated parameters and the law's tables; repeatable. Series keep their own bounds."""

from pathlib import Path

from khcn.domains.hazards.choices import Aggregation, LevelTableState, TableScope
from khcn.domains.hazards.models import HazardParameter, LevelTable, ObservedProperty
from khcn.domains.hazards.queries.fire_days import fire_terms
from khcn.domains.hazards.services.fire_days import forget_station_days
from khcn.kernel.documents.choices import LegalStatus
from khcn.lib.actor import Actor
from khcn.web.reference import Tally, day, read_rows, upsert


def load_hazards(*, by: Actor, folder: Path) -> list[Tally]:
    """Load the tables of the folder. Raises KeyError, ValueError or Refused for bad rows."""
    return [_properties(folder), _parameters(folder), _tables(folder)]


def _properties(folder: Path) -> Tally:
    tally = Tally("yếu tố quan trắc")
    for order, row in enumerate(read_rows(folder / "properties.csv"), start=1):
        values = {
            "name": row["name"], "unit": row["unit"], "definition": row["definition"],
            "aggregation": Aggregation(row["aggregation"]), "plausible_min": _number(row["plausible_min"]),
            "plausible_max": _number(row["plausible_max"]), "most_per_hour": _number(row["most_per_hour"]),
            "persistence_h": _number(row["persistence_h"]), "zero_may_last": row["zero_may_last"] == "1",
            "decimals": int(row["decimals"]), "order": order * 10, "status": LegalStatus(row["status"]),
        }  # fmt: skip
        upsert(ObservedProperty, tally, key={"code": row["code"]}, values=values)
    return tally


def _parameters(folder: Path) -> Tally:
    tally, before = Tally("tham số thiên tai"), fire_terms()
    for row in read_rows(folder / "parameters.csv"):
        values = {
            "name": row["name"], "value": row["value"], "unit": row["unit"], "valid_to": day(row["valid_to"]),
            "basis": row["basis"], "status": LegalStatus(row["status"]),
        }  # fmt: skip
        upsert(HazardParameter, tally, key={"key": row["key"], "valid_from": day(row["valid_from"])}, values=values)
    if fire_terms() != before:
        forget_station_days()
    return tally


def _tables(folder: Path) -> Tally:
    tally = Tally("bảng cấp độ rủi ro")
    lines = read_rows(folder / "risk_rows.csv")
    for row in read_rows(folder / "risk_tables.csv"):
        values = {
            "hazard": row["hazard"], "name": row["name"], "article": row["article"], "scope": TableScope.LAW,
            "decision": row["instrument"], "policy": row["policy"], "valid_from": day(row["valid_from"]),
            "valid_to": day(row["valid_to"]), "status": LegalStatus(row["status"]), "note": row["note"],
            "state": LevelTableState.APPROVED,
            "lines": [
                {name: line[name] for name in ("row", "level", "clause", "input", "test")}
                for line in lines
                if line["hazard"] == row["hazard"]
            ],
        }  # fmt: skip
        code = f"{row['hazard'].replace('_', '-')}-{row['valid_from'][:4]}"
        upsert(LevelTable, tally, key={"code": code}, values=values)
    return tally


def _number(text: str) -> float | None:
    return float(text) if text else None
