"""The forms of one reading, filled from its JSON values and read back into them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from khcn.domains.programme.forms import plans as forms
from khcn.domains.programme.rules.plan_correction import GROUPS, LISTS, WAS, bases_in, with_removed
from khcn.domains.programme.services.plans import suggest_indicator


def parts_of(data: Any, found: Mapping[str, Any], indicators: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the forms by part: head, targets, fields, duties, texts.

    data: what was posted, None for a page that is only shown. found: the reading as corrected so far.
    """
    period = found.get("period") or {}
    fields = [{"title": item["title"], "lines": _joined(item["lines"])} for item in found.get("fields") or []]
    duties = [
        {"title": "; ".join(item["units"]), "lines": _joined(item["clauses"])} for item in found.get("duties") or []
    ]
    head = {
        "title": found.get("title"), "number": found.get("number"), "issued_on": _day(found.get("issued_on")),
        "issuer": found.get("issuer"), "year_from": period.get("from"), "year_to": period.get("to"),
        "total_vnd": found.get("total_vnd"),
    }  # fmt: skip
    texts = {key: _joined(found.get(key)) for key in LISTS}
    texts["bases"] = "\n".join(_base_text(item) for item in found.get("legal_bases") or [])
    return {
        "head": forms.ReadingForm(data, initial=head, prefix="head"),
        "targets": forms.Targets(
            data, initial=[_target(item) for item in found.get("targets") or []], prefix="targets",
            form_kwargs={"indicators": indicators},
        ),
        "fields": forms.Headings(data, initial=fields, prefix="fields"),
        "duties": forms.Headings(data, initial=duties, prefix="duties"),
        "texts": forms.TextLinesForm(data, initial=texts, prefix="texts"),
    }  # fmt: skip


def corrected_from(parts: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON values that valid forms hold; places in the text stay with what was not rewritten."""
    head, texts = parts["head"].cleaned_data, parts["texts"].cleaned_data
    bases = {_base_text(item): item for item in before.get("legal_bases") or []}
    kept: dict[str, list[dict[str, Any]]] = {"targets": [], "fields": [], "duties": []}
    removed = list(before.get("removed") or [])
    for key in kept:
        for index, (data, old, gone) in enumerate(_rows(parts[key], before.get(key) or [])):
            if gone:
                removed = with_removed({"removed": removed}, key, [old] if old else [])
            elif data:
                made = _target_from(data, old) if key == "targets" else {**_group_from(key, data, old), WAS: index}
                kept[key].append(made)
    return {
        **before,
        **kept,
        "title": head["title"],
        "number": head["number"] or None,
        "issued_on": head["issued_on"].isoformat() if head["issued_on"] else None,
        "issuer": head["issuer"],
        "period": {**(before.get("period") or {}), "from": head["year_from"], "to": head["year_to"]},
        "total_vnd": head["total_vnd"],
        **{key: _passages(texts[key], before.get(key)) for key in LISTS},
        "legal_bases": [
            base for line in _lines(texts["bases"]) for base in ([bases[line]] if line in bases else bases_in(line))
        ],
        "removed": removed,
    }


def _rows(formset: Any, before: Sequence[Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any], bool]]:
    for index, form in enumerate(formset.forms):
        old = before[index] if index < len(before) else {}
        yield form.cleaned_data, old, bool(form.cleaned_data.get("DELETE"))


def _target(item: Mapping[str, Any]) -> dict[str, Any]:
    indicator = item.get("indicator")
    if indicator is None:
        indicator = suggest_indicator(item["sentence"], item.get("unit") or "", item.get("subject") or "")
    return {
        **{name: item.get(name) for name in ("sentence", "operator", "unit")},
        "quantity": Decimal(str(item["quantity"])) if item.get("quantity") is not None else None,
        "due_on": _day(item.get("due_on")),
        "indicator": indicator,
    }


def _target_from(data: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    quantity = data["quantity"]
    return {
        **old,
        "sentence": data["sentence"],
        "operator": data["operator"].value,
        "quantity": int(quantity) if quantity == quantity.to_integral_value() else float(quantity),
        "unit": data["unit"],
        "due_on": data["due_on"].isoformat() if data["due_on"] else None,
        "indicator": data["indicator"],
    }


def _group_from(key: str, data: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    lines = _passages(data["lines"], old.get(GROUPS[key]))
    if key == "fields":
        return {**old, "title": data["title"], "lines": lines}
    return {**old, "units": [unit.strip() for unit in data["title"].split(";") if unit.strip()], "clauses": lines}


def _passages(text: str, before: Any) -> list[Any]:
    known = {_text(item): item for item in before or []}
    return [known.get(line, line) for line in _lines(text)]


def _text(item: Any) -> str:
    return item.strip() if isinstance(item, str) else str(item.get("text", "")).strip()


def _base_text(item: Mapping[str, Any]) -> str:
    return " ".join(str(item.get("raw") or item.get("number") or "").split())


def _joined(items: Any) -> str:
    return "\n".join(_text(item) for item in items or [])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None
