"""Loads the rules' reference data: idempotent, reports what was added, changed and left; rows edited by hand stay."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db import models, transaction

from khcn.domains.programme.models import (
    ClockRule,
    CostNorm,
    FormTemplate,
    RuleParameter,
    RuleSet,
    TreasuryPaper,
)
from khcn.kernel.audit.services import record
from khcn.kernel.documents.models import LegalInstrument
from khcn.lib.actor import Actor


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading one file did."""

    name: str
    added: int
    changed: int
    same: int


def load_rules(*, by: Actor, folder: Path, dry_run: bool = False) -> list[Loaded]:
    """Load instruments, rule sets, parameters, clocks, norms, forms and Treasury papers from their files in `folder`.

    Rows are found by their natural key and first day of validity; with dry_run everything is rolled back.
    """
    with transaction.atomic():
        done = [
            _load("legal_instruments.csv", folder, _instrument),
            _load("rule_sets.csv", folder, _rule_set),
        ]
        sets = {item.code: item for item in RuleSet.objects.all()}
        for row in _rows(folder / "rule_sets.csv"):
            follows = sets.get(row["falls_back_to"])
            if sets[row["code"]].follows_id != (follows.pk if follows else None):
                sets[row["code"]].follows = follows
                sets[row["code"]].save(update_fields=["follows"])
        done += [
            _load("rule_parameters.csv", folder, lambda row: _parameter(row, sets)),
            _load("clocks.csv", folder, lambda row: _clock(row, sets)),
            _load("cost_norms.csv", folder, _norm),
            _load("form_templates.csv", folder, lambda row: _form(row, sets)),
            _load("treasury_papers.csv", folder, lambda row: _treasury_paper(row, sets)),
        ]
        if any(item.added or item.changed for item in done):
            record(
                by=by, verb="reference.load", subject=None, label="rules",
                after={item.name: [item.added, item.changed] for item in done},
            )  # fmt: skip
        if dry_run:
            transaction.set_rollback(True)
    return done


Wanted = tuple[type[models.Model], dict[str, Any], dict[str, Any]]


def _load(name: str, folder: Path, wanted: Any) -> Loaded:
    added = changed = same = 0
    for row in _rows(folder / name):
        model, key, values = wanted(row)
        found = model._default_manager.filter(**key).first()
        if found is None:
            model._default_manager.create(**key, **values)
            added += 1
        elif any(getattr(found, field) != value for field, value in values.items()):
            for field, value in values.items():
                setattr(found, field, value)
            found.save()
            changed += 1
        else:
            same += 1
    return Loaded(name, added, changed, same)


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _instrument(row: Mapping[str, str]) -> Wanted:
    return LegalInstrument, {"number": row["number"]}, {
        "title": f"{row['kind']}: {row['title']}"[:500], "issuer": row["issuer"], "issued_on": _day(row["issued_on"]),
        "valid_from": _day(row["valid_from"]), "valid_to": _day(row["valid_to"]), "status": row["status"],
        "note": row["note"],
    }  # fmt: skip


def _rule_set(row: Mapping[str, str]) -> Wanted:
    return RuleSet, {"code": row["code"]}, {
        "title": row["title"], "regime": row["regime"], "pinning": row["pinning_policy"],
        "valid_from": _day(row["valid_from"]), "valid_to": _day(row["valid_to"]), "citation": row["citation"],
        "status": row["status"], "levels": [part for part in row["levels"].split(";") if part],
    }  # fmt: skip


def _parameter(row: Mapping[str, str], sets: Mapping[str, RuleSet]) -> Wanted:
    key = {"rule_set": sets[row["rule_set"]], "key": row["key"], "valid_from": _day(row["valid_from"])}
    return RuleParameter, key, {
        "value": row["value"], "unit": row["unit"], "instrument": row["instrument"], "article": row["article"],
        "evidence": row["evidence"], "status": row["status"], "valid_to": _day(row["valid_to"]), "note": row["note"],
    }  # fmt: skip


def _clock(row: Mapping[str, str], sets: Mapping[str, RuleSet]) -> Wanted:
    key = {"rule_set": sets[row["rule_set"]], "key": row["code"], "valid_from": _day(row["valid_from"])}
    return ClockRule, key, {
        "title": row["title"], "step": int(row["step"] or 0), "amount": int(row["amount"]), "unit": row["unit"],
        "bound": row["bound"], "starts_with": row["start_event"], "responsible_role": row["party"],
        "consequence": row["consequence"], "instrument": row["instrument"], "article": row["article"],
        "evidence": row["evidence"], "status": row["status"], "valid_to": _day(row["valid_to"]), "note": row["note"],
    }  # fmt: skip


def _norm(row: Mapping[str, str]) -> Wanted:
    ratio = row.get("ratio") or ""
    return CostNorm, {"key": row["code"], "valid_from": _day(row["valid_from"])}, {
        "title": f"{row['activity']}: {row['role']}".strip(": "), "activity": row["activity"], "role": row["role"],
        "amount_vnd": int(row["amount_vnd"]) if row["amount_vnd"] else None,
        "ratio": Decimal(str(float(Fraction(ratio)))) if ratio else None, "unit": row["unit"],
        "instrument": row["instrument"], "article": row["article"], "evidence": row["evidence"],
        "status": row["status"], "valid_to": _day(row["valid_to"]),
    }  # fmt: skip


def _form(row: Mapping[str, str], sets: Mapping[str, RuleSet]) -> Wanted:
    key = {"rule_set": sets["A"], "code": row["code"], "valid_from": None}
    return FormTemplate, key, {
        "title": row["title"], "official_code": row["official_code"], "step": int(row["step"] or 0),
        "instrument": row["instrument"], "article": row["article"], "status": row["status"],
    }  # fmt: skip


def _treasury_paper(row: Mapping[str, str], sets: Mapping[str, RuleSet]) -> Wanted:
    key: dict[str, Any] = {name: row[name] for name in ("payment", "code", "line", "source", "condition")}
    key |= {"rule_set": sets[row["rule_set"]], "valid_from": _day(row["valid_from"])}
    values: dict[str, Any] = {
        name: row[name]
        for name in ("title", "need", "keeper", "copy", "instrument", "article", "evidence", "status", "note")
    }
    bounds = {name: int(row[name]) if row[name] else None for name in ("over_vnd", "up_to_vnd")}
    return TreasuryPaper, key, values | bounds | {"valid_to": _day(row["valid_to"])}
