"""Loads editions, clauses, parameters and sets of templates from data/reference/qms; repeatable."""

import json
from pathlib import Path

from django.db import transaction

from khcn.domains.qms.models import Clause, Parameter, StandardEdition, TemplateDocument
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.web.reference import Tally, day, read_rows, upsert


def load_standards(*, by: Actor, folder: Path) -> list[Tally]:
    """Load every table; rows that the office added by hand stay. Raises KeyError or ValueError for bad rows."""
    editions, clauses = Tally("ấn bản tiêu chuẩn"), Tally("điều khoản")
    parameters, templates = Tally("tham số ISO điện tử"), Tally("tài liệu mẫu")
    with transaction.atomic():
        for row in read_rows(folder / "editions.csv"):
            upsert(
                StandardEdition, editions, key={"code": row["code"]},
                values={
                    "title": row["title"], "valid_from": day(row["valid_from"]), "valid_to": day(row["valid_to"]),
                    "status": row["status"],
                },
            )  # fmt: skip
        known = {edition.code: edition for edition in StandardEdition.objects.all()}
        for ordinal, row in enumerate(read_rows(folder / "clauses.csv"), 1):
            upsert(
                Clause, clauses, key={"edition": known[row["edition"]], "number": row["number"]},
                values={"title": row["title"], "question": row["question"], "ordinal": ordinal},
            )  # fmt: skip
        for row in read_rows(folder / "parameters.csv"):
            int(row["value"])
            upsert(
                Parameter, parameters, key={"key": row["key"], "valid_from": day(row["valid_from"])},
                values={
                    "value": row["value"], "unit": row["unit"], "decision": row["decision"], "status": row["status"],
                    "valid_to": day(row["valid_to"]), "note": row["note"],
                },
            )  # fmt: skip
        for row in json.loads((folder / "templates.json").read_text("utf-8")):
            upsert(
                TemplateDocument, templates, key={"set_for": row["set_for"], "code": row["code"]},
                values={name: row[name] for name in row if name not in {"set_for", "code"}},
            )  # fmt: skip
        tallies = [editions, clauses, parameters, templates]
        if any(tally.wrote for tally in tallies):
            record(
                by=by, verb="qms.load_reference", subject=None, label="Dữ liệu tham chiếu ISO điện tử",
                after={tally.name: [tally.added, tally.changed, tally.ended] for tally in tallies},
            )  # fmt: skip
    return tallies
