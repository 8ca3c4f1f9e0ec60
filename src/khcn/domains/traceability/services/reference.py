"""Loads the dated templates, items of the profile and thresholds of traceability; repeatable."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from khcn.domains.traceability.choices import FieldAct, Sector
from khcn.domains.traceability.models import EudrGoods, FormTemplate, ProfileItem, TraceParameter
from khcn.kernel.documents.choices import LegalStatus
from khcn.lib.actor import Actor
from khcn.web.reference import Tally, day, read_rows, upsert


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _box(row: dict[str, str]) -> dict[str, Any]:
    box: dict[str, Any] = {name: row[name] for name in ("key", "label", "kind")}
    box |= {"required": bool(row["required"])} | ({"unit": row["unit"]} if row["unit"] else {})
    box |= {name: int(row[name]) for name in ("min", "max") if row[name]}
    return box | ({"options": row["options"].split("; ")} if row["options"] else {})


def load_traceability(*, by: Actor, folder: Path) -> list[Tally]:
    """Load the tables of the folder. Raises KeyError or ValueError for bad rows."""
    templates, items, parameters = Tally("mẫu ghi nhật ký"), Tally("mục thông tin"), Tally("tham số truy xuất")
    boxes = {row["key"]: _box(row) for row in read_rows(folder / "boxes.csv")}
    for row in read_rows(folder / "templates.csv"):
        values: dict[str, Any] = {
            "sector": Sector(row["sector"]), "title": row["title"], "act": FieldAct(row["act"]), "icon": row["icon"],
            "biz_step": row["biz_step"], "disposition": row["disposition"],
            "fields": [boxes[key] for key in row["boxes"].split()],
            "most_kg_per_ha": _decimal(row["most_kg_per_ha"]), "least_share": _decimal(row["least_share"]),
            "most_share": _decimal(row["most_share"]), "order": int(row["order"]), "citation": row["citation"],
            "status": LegalStatus(row["status"]), "valid_to": day(row["valid_to"]),
        }  # fmt: skip
        key = {"code": row["code"], "valid_from": day(row["valid_from"])}
        if day(row["valid_to"]) is None:
            # An officer may have ended the row with one of the office's own.
            values.pop("valid_to")
        upsert(FormTemplate, templates, key=key, values=values)
    for row in read_rows(folder / "profile_items.csv"):
        values = {
            "number": int(row["number"]), "title": row["title"], "advice": row["advice"], "weight": int(row["weight"]),
            "citation": row["citation"], "status": LegalStatus(row["status"]), "valid_to": day(row["valid_to"]),
        }  # fmt: skip
        upsert(ProfileItem, items, key={"key": row["key"], "valid_from": day(row["valid_from"])}, values=values)
    for row in read_rows(folder / "parameters.csv"):
        values = {
            "value": Decimal(row["value"]), "citation": row["citation"], "status": LegalStatus(row["status"]),
            "note": row["note"], "valid_to": day(row["valid_to"]),
        }  # fmt: skip
        upsert(TraceParameter, parameters, key={"key": row["key"], "valid_from": day(row["valid_from"])}, values=values)
    goods = Tally("ngành hàng thuộc EUDR")
    for row in read_rows(folder / "eudr_goods.csv"):
        values = {
            "commodity": row["commodity"], "hs_heading": row["hs_heading"], "description": row["description"],
            "citation": row["citation"], "status": LegalStatus(row["status"]), "valid_to": day(row["valid_to"]),
        }  # fmt: skip
        key = {"sector": Sector(row["sector"]), "valid_from": day(row["valid_from"])}
        upsert(EudrGoods, goods, key=key, values=values)
    return [templates, items, parameters, goods]
