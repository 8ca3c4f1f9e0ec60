"""Loads the five science procedures as controlled versions: drafted, approved and put into effect by the system.

Idempotent. A row with a later day of effect becomes the next revision, one with a higher issue the next issue from the
day of loading; a procedure that the office has rewritten stays.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from khcn.domains.programme.rules.procedure_steps import label_of_act
from khcn.kernel.procedures.choices import ProcedureKind, StepClock, StepKind, UnitRule, VersionState
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step, as_plain
from khcn.kernel.procedures.models import Procedure
from khcn.kernel.procedures.services import (
    approve_version,
    deploy_version,
    install_procedure,
    new_version,
    save_draft,
    submit_version,
)
from khcn.lib.actor import Actor
from khcn.web.reference import Tally, read_rows

FOLDER = Path("data/reference/procedures")
OTHERWISE = "-"


def load_procedures(*, by: Actor, folder: Path | None = None) -> Tally:
    """Load procedures.csv with its steps.csv and flows.csv. Raises KeyError, ValueError for rows that do not read.

    Raises ValueError when a procedure in force would change without a later day of effect.
    """
    folder = folder or Path(settings.ROOT) / FOLDER
    steps, flows = read_rows(folder / "steps.csv"), read_rows(folder / "flows.csv")
    tally = Tally("quy trình khoa học")
    with transaction.atomic():
        for row in read_rows(folder / "procedures.csv"):
            code = row["code"]
            definition = _definition(
                [item for item in steps if item["procedure"] == code],
                [item for item in flows if item["procedure"] == code],
            )
            _load(by, row, definition, tally)
    return tally


def _load(by: Actor, row: Mapping[str, str], definition: Definition, tally: Tally) -> None:
    effective_from = date.fromisoformat(row["effective_from"])
    cover: dict[str, Any] = {"purpose": row["purpose"], "legal_basis": row["legal_basis"]}
    procedure = Procedure.objects.filter(code=row["code"]).first()
    if procedure is None:
        install_procedure(
            by=by, approver=by, code=row["code"], title=row["title"], definition=definition, kind=ProcedureKind.SCIENCE,
            effective_from=effective_from, decision_number=row["decision"], **cover,
        )  # fmt: skip
        tally.added += 1
        return
    newest = procedure.versions.order_by("-issue_no", "-revision_no").first()
    in_force = procedure.versions.filter(state=VersionState.EFFECTIVE).first()
    if in_force is None or newest != in_force or newest.author_id is not None:
        tally.same += 1
        return
    same_words = all(getattr(in_force, name) == value for name, value in cover.items())
    if _without_names(in_force.definition) == _without_names(as_plain(definition)) and same_words:
        tally.same += 1
        return
    reissue = int(row["issue"]) > in_force.issue_no
    if reissue:
        effective_from = max(effective_from, by.on)
    elif in_force.effective_from is not None and effective_from <= in_force.effective_from:
        raise ValueError(f"{row['code']}: nội dung đổi thì ngày hiệu lực phải sau {in_force.effective_from:%d/%m/%Y}")
    version = new_version(by=by, procedure=procedure, from_version=in_force, reissue=reissue)
    save_draft(by=by, version=version, definition=definition, **cover)
    submit_version(by=by, version=version)
    approve_version(by=by, version=version, decision_number=row["decision"])
    deploy_version(by=by, version=version, effective_from=effective_from)
    tally.changed += 1


def _words(act: str) -> str:
    """What a way is called: the label of the act that takes it."""
    return label_of_act(*act.split(".", 1)) if act not in ("", OTHERWISE) else ""


def _without_names(plain: Mapping[str, Any]) -> dict[str, Any]:
    """A definition as plain values without what its ways are called; a name alone makes no new revision."""
    flows = [{name: value for name, value in flow.items() if name != "name"} for flow in plain["flows"]]
    return {**plain, "flows": flows}


def _definition(steps: list[dict[str, str]], flows: list[dict[str, str]]) -> Definition:
    """Steps and flows; a flow is taken by the act of the programme that it names, so no other act moves a case."""
    return Definition(
        steps=tuple(
            Step(
                row["key"], row["name"], StepKind(row["kind"]), row["role"], unit_rule=UnitRule(row["unit_rule"]),
                clock=StepClock(row["clock"]), output=row["output"],
            )
            for row in steps
        ),
        flows=tuple(
            Flow(
                f"f{number}", row["source"], row["target"], default=row["act"] == OTHERWISE,
                guard=f'act = "{row["act"]}"' if row["act"] not in ("", OTHERWISE) else "", name=_words(row["act"]),
            )
            for number, row in enumerate(flows, 1)
        ),
        facts={"act": "text"},
    )  # fmt: skip
