"""Loads the dated thresholds of the room of marks and the procedure of the right to use; repeatable."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from khcn.domains.marks.models import MarkParameter
from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.procedures.choices import ProcedureKind, StepClock, StepKind, UnitRule
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step
from khcn.kernel.procedures.models import Procedure
from khcn.kernel.procedures.services import install_procedure
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
    return [parameters, _load_procedures(by, folder)]


def _load_procedures(by: Actor, folder: Path) -> Tally:
    """Put the procedures into effect that are not there yet; one that the office has is left as it is."""
    tally = Tally("quy trình sở hữu trí tuệ")
    steps, flows = read_rows(folder / "steps.csv"), read_rows(folder / "flows.csv")
    for row in read_rows(folder / "procedures.csv"):
        if Procedure.objects.filter(code=row["code"]).exists():
            tally.same += 1
            continue
        definition = Definition(
            steps=tuple(
                Step(
                    one["key"], one["name"], StepKind(one["kind"]), one["role"], unit_rule=UnitRule(one["unit_rule"]),
                    clock=StepClock(one["clock"]), output=one["output"],
                )
                for one in steps if one["procedure"] == row["code"]
            ),
            flows=tuple(
                Flow(f"f{number}", one["source"], one["target"])
                for number, one in enumerate(flows, 1) if one["procedure"] == row["code"]
            ),
        )  # fmt: skip
        install_procedure(
            by=by, approver=by, code=row["code"], title=row["title"], definition=definition,
            kind=ProcedureKind.INTERNAL,
            effective_from=date.fromisoformat(row["effective_from"]), decision_number=row["decision"],
            purpose=row["purpose"], legal_basis=row["legal_basis"],
        )  # fmt: skip
        tally.added += 1
    return tally
