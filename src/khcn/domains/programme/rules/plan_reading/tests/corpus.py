"""Our own invented plans in varied shapes, what is true of each, and how much of it a reading finds."""

import json
from collections import Counter
from pathlib import Path

PLANS = Path(__file__).parent / "plans"
NAMES = sorted(path.stem for path in PLANS.glob("*.txt"))
LISTS = ("targets", "fields", "sources", "duties", "recipients", "legal_bases")


def text_of(name):
    return (PLANS / f"{name}.txt").read_text(encoding="utf-8")


def truth_of(name):
    return json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))


def summary(plan):
    """Reduce a ParsedPlan to what the truth files hold."""
    return {
        "number": plan.number,
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else None,
        "issuer": plan.issuer,
        "title": plan.title,
        "period": [plan.period.from_year, plan.period.to_year] if plan.period else None,
        "total_vnd": plan.total_vnd,
        "legal_bases": [basis.number or f"{basis.kind} {basis.subject}" for basis in plan.legal_bases],
        "objectives": [objective.text for objective in plan.objectives],
        "targets": [f"{t.operator} {t.quantity.normalize():f} {t.unit} | {t.due_on}" for t in plan.targets],
        "fields": [[field.title, *(line.text for line in field.lines)] for field in plan.fields],
        "sources": [source.text for source in plan.sources],
        "duties": [[list(duty.units), *(clause.text for clause in duty.clauses)] for duty in plan.duties],
        "recipients": [recipient.text for recipient in plan.recipients],
    }


def compared(found, true, key):
    """(right, found, true) counts of one list of a summary, order apart."""
    left, right = (Counter(json.dumps(item, ensure_ascii=False) for item in side[key]) for side in (found, true))
    return (left & right).total(), left.total(), right.total()
