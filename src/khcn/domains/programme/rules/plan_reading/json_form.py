"""Write a `ParsedPlan` as JSON values: the command's form with exactly the agreed keys, and the fuller form of the
review page.
"""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from khcn.domains.programme.rules.plan_reading.model import ParsedPlan, ReadTarget
from khcn.standards.officialdoc import Span


def number_form(value: Decimal) -> int | float:
    """Return a quantity as a JSON number: whole numbers without a decimal point."""
    return int(value) if value == value.to_integral_value() else float(value)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _place(span: Span | None) -> dict[str, int] | None:
    return asdict(span) if span else None


def _target(target: ReadTarget) -> dict[str, Any]:
    return {
        "sentence": target.sentence,
        "operator": target.operator,
        "quantity": number_form(target.quantity),
        "unit": target.unit,
        "due_on": _day(target.due_on),
        "subject": target.subject,
        "upper": number_form(target.upper) if target.upper is not None else None,
        "recurring": target.recurring,
        "growth": target.growth,
        "approximate": target.approximate,
        "theme": target.theme,
        "confidence": target.confidence,
        "span": _place(target.span),
    }


def to_json(plan: ParsedPlan) -> dict[str, Any]:
    """Return the plan as JSON values with the keys that `import_plan --json` prints; dates are ISO 8601, missing is
    null or [].
    """
    return {
        "number": plan.number,
        "issued_on": _day(plan.issued_on),
        "issuer": plan.issuer,
        "period": (
            {"from": plan.period.from_year, "to": plan.period.to_year, "text": plan.period.text}
            if plan.period
            else None
        ),
        "legal_bases": [
            {
                "kind": basis.kind,
                "number": basis.number,
                "issued_on": _day(basis.issued_on),
                "issuer": basis.issuer,
                "subject": basis.subject,
                "raw": basis.raw,
                "nested": basis.nested,
                "confidence": basis.confidence,
                "span": _place(basis.span),
            }
            for basis in plan.legal_bases
        ],
        "objectives": [objective.text for objective in plan.objectives],
        "targets": [_target(target) for target in plan.targets],
        "fields": [
            {
                "title": item.title,
                "lines": [line.text for line in item.lines],
                "confidence": item.confidence,
                "span": _place(item.span),
            }
            for item in plan.fields
        ],
        "sources": [source.text for source in plan.sources],
        "total_vnd": plan.total_vnd,
        "duties": [
            {
                "units": list(duty.units),
                "clauses": [clause.text for clause in duty.clauses],
                "confidence": duty.confidence,
                "span": _place(duty.span),
            }
            for duty in plan.duties
        ],
        "recipients": [recipient.text for recipient in plan.recipients],
        "unplaced": [{"text": item.text, "reason": item.reason, "span": _place(item.span)} for item in plan.unplaced],
    }


def to_review(plan: ParsedPlan) -> dict[str, Any]:
    """Return all of `to_json` and, for the review page, title, spans and confidence of every passage and single
    value.
    """

    def passages(items: tuple[Any, ...]) -> list[dict[str, Any]]:
        return [
            {"text": p.text, "amount_vnd": p.amount_vnd, "confidence": p.confidence, "span": _place(p.span)}
            for p in items
        ]

    review = to_json(plan)
    review["title"] = plan.title
    review["confidence"] = dict(plan.confidence)
    review["objectives"] = passages(plan.objectives)
    review["sources"] = passages(plan.sources)
    review["recipients"] = passages(plan.recipients)
    review["total"] = {
        "vnd": plan.total_vnd,
        "in_words": plan.total_in_words,
        "words_agree": plan.total_words_agree,
        "span": _place(plan.total_span),
    }
    for shown, item in zip(review["fields"], plan.fields, strict=True):
        shown["lines"] = passages(item.lines)
    for shown, duty in zip(review["duties"], plan.duties, strict=True):
        shown["clauses"] = passages(duty.clauses)
    return review
