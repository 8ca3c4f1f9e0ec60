"""Loads the dated parameters, weights and forms of the one-stop mechanism; repeatable."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from khcn.domains.onestop.choices import PaperKind
from khcn.domains.onestop.models import IndexWeight, PaperFormRow, ServiceParameter
from khcn.domains.onestop.rules.service_index import Group
from khcn.kernel.documents.choices import LegalStatus
from khcn.lib.actor import Actor
from khcn.web.reference import Tally, day, read_rows, upsert


def load_onestop(*, by: Actor, folder: Path) -> list[Tally]:
    """Load the three tables of the folder. Raises KeyError or ValueError for bad rows."""
    parameters, weights, forms = Tally("tham số một cửa"), Tally("trọng số bộ chỉ số"), Tally("mẫu giấy tờ một cửa")
    for row in read_rows(folder / "parameters.csv"):
        values: dict[str, Any] = {
            "value": Decimal(row["value"]), "valid_to": day(row["valid_to"]), "citation": row["citation"],
            "status": LegalStatus(row["status"]), "note": row["note"],
        }  # fmt: skip
        upsert(
            ServiceParameter, parameters, key={"key": row["key"], "valid_from": day(row["valid_from"])}, values=values
        )
    for row in read_rows(folder / "index_weights.csv"):
        values = {
            "group": Group(row["group"]), "title": row["title"], "maximum": Decimal(row["maximum"]),
            "threshold": Decimal(row["threshold"]), "valid_to": day(row["valid_to"]), "citation": row["citation"],
            "status": LegalStatus(row["status"]),
        }  # fmt: skip
        upsert(IndexWeight, weights, key={"key": row["key"], "valid_from": day(row["valid_from"])}, values=values)
    for row in read_rows(folder / "paper_forms.csv"):
        values = {
            "basis": row["basis"], "number": row["number"], "title": row["title"], "valid_to": day(row["valid_to"]),
            "status": LegalStatus(row["status"]),
        }  # fmt: skip
        key = {"kind": PaperKind(row["kind"]), "valid_from": day(row["valid_from"])}
        upsert(PaperFormRow, forms, key=key, values=values)
    return [parameters, weights, forms]
