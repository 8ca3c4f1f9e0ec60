"""Loads the templates of registers; repeatable. Layers already set up keep their own fields."""

from pathlib import Path
from typing import Any

from khcn.domains.geodata.choices import Access, FieldType, GeometryType, TopologyKind, UpdateCycle
from khcn.domains.geodata.models import LayerTemplate
from khcn.domains.geodata.rules.fields import Field, describe_fields, read_fields
from khcn.kernel.documents.choices import LegalStatus
from khcn.lib.actor import Actor
from khcn.web.reference import Tally, read_rows, upsert


def load_templates(*, by: Actor, folder: Path) -> list[Tally]:
    """Load the three tables of the folder. Raises KeyError, ValueError or Refused for bad rows."""
    tally = Tally("mẫu sổ bản đồ")
    fields: dict[str, list[Field]] = {}
    for row in read_rows(folder / "fields.csv"):
        fields.setdefault(row["register"], []).append(
            Field(
                name=row["name"], title=row["title"], type=FieldType(row["type"]), required=bool(row["required"]),
                access=Access(row["access"]), unit=row["unit"],
                choices=tuple(part.strip() for part in row["choices"].split(";") if part.strip()),
            )
        )  # fmt: skip
    rules: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows(folder / "rules.csv"):
        rules.setdefault(row["register"], []).append(
            {
                "kind": str(TopologyKind(row["kind"])), "amount": float(row["amount"]) if row["amount"] else None,
                "is_blocking": bool(row["is_blocking"]),
            }
        )  # fmt: skip
    for row in read_rows(folder / "registers.csv"):
        described = describe_fields(fields[row["key"]])
        read_fields(described)
        values: dict[str, Any] = {
            "title": row["title"], "summary": row["summary"], "geometry_type": GeometryType(row["geometry_type"]),
            "fields": described, "title_field": row["title_field"], "rules": rules.get(row["key"], []),
            "look": {"colour": row["colour"]}, "update_cycle": UpdateCycle(row["update_cycle"]),
            "legal_basis": row["legal_basis"], "status": LegalStatus(row["status"]),
        }  # fmt: skip
        upsert(LayerTemplate, tally, key={"key": row["key"]}, values=values)
    return [tally]
