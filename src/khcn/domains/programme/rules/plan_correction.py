"""What a person does with a reading besides editing it: place a passage that went nowhere, remove and restore items.

Pure: works on the JSON values of a reading and returns new ones. Whether the result may be adopted is not decided here.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from khcn.domains.programme.rules.plan_reading.json_form import number_form
from khcn.domains.programme.rules.plan_reading.quantities import read_quantities
from khcn.domains.programme.rules.plan_reading.units import cut_heading, split_units, starts_with_unit
from khcn.standards.officialdoc import read_citations, read_marker

GROUPS = {"fields": "lines", "duties": "clauses"}
LISTS = ("objectives", "sources", "recipients")
WAS = "was"  # of a group: its index on the page where the person chose, before others were removed
READ = "read"  # seen by a person and left out on purpose


def place(found: Mapping[str, Any], choices: Mapping[int, str]) -> dict[str, Any]:
    """Return `found` with unplaced passages moved where the person chose.

    choices: index in found["unplaced"] → "targets", "objectives", "sources", "recipients", "legal_bases", "fields:2"
    (into the third field), "fields:new", "duties:0", "duties:new", or READ. Other words change nothing.
    """
    result = {**found, **{key: list(found.get(key) or []) for key in (*GROUPS, *LISTS, "targets", "legal_bases")}}
    left = []
    for index, item in enumerate(found.get("unplaced") or []):
        chosen = choices.get(index, "")
        if chosen == READ:
            result["set_aside"] = [*(result.get("set_aside") or []), item]
        elif not _put(result, chosen, item):
            left.append(item)
    for key in GROUPS:
        result[key] = [{name: value for name, value in group.items() if name != WAS} for group in result[key]]
    return {**result, "unplaced": left}


#: What a reading's parts are called where two versions of it are held side by side.
PART_NAMES = {
    "number": "Số, ký hiệu", "title": "Tên kế hoạch", "issuer": "Cơ quan ban hành", "issued_on": "Ngày ban hành",
    "total_vnd": "Tổng kinh phí (đồng)", "targets": "Chỉ tiêu", "objectives": "Mục tiêu chung",
    "fields": "Nội dung, lĩnh vực", "sources": "Nguồn kinh phí", "legal_bases": "Căn cứ", "duties": "Phân công",
    "recipients": "Nơi nhận",
}  # fmt: skip


def differing_items(stored: Mapping[str, Any], mine: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return (part, stored, mine) for each value or item of a list in which two versions of a reading differ."""
    rows = []
    for key, name in PART_NAMES.items():
        theirs, ours = stored.get(key), mine.get(key)
        if not isinstance(theirs, list) and not isinstance(ours, list):
            if theirs != ours:
                rows.append((name, _words(theirs), _words(ours)))
            continue
        pairs = zip_longest(theirs or [], ours or [])
        rows += [
            (f"{name} {number}", _words(one), _words(other))
            for number, (one, other) in enumerate(pairs, start=1)
            if _words(one) != _words(other)
        ]
    return rows


def _words(item: Any) -> str:
    if not isinstance(item, Mapping):
        return "" if item is None else str(item)
    head = item.get("sentence") or item.get("title") or item.get("text") or item.get("raw")
    head = head or "; ".join(item.get("units") or [])
    figures = " ".join(
        str(item[key]) for key in ("operator", "quantity", "unit", "due_on") if item.get(key) is not None
    )
    lines = [_words(line) for key in ("lines", "clauses") for line in item.get(key) or []]
    return " | ".join([f"{head} ({figures})" if figures else str(head), *lines])


def _put(result: dict[str, Any], chosen: str, item: Mapping[str, Any]) -> bool:
    text, span = _without_marker(item["text"]), item.get("span")
    passage = {"text": text, "span": span, "confidence": None}
    kind, _, where = chosen.partition(":")
    if kind == "targets":
        result["targets"].extend(_targets(text, span, _last_day(result)))
    elif kind in LISTS:
        result[kind].append(passage)
    elif kind == "legal_bases":
        result["legal_bases"].extend(bases_in(text, span))
    elif kind in GROUPS and where == "new":
        result[kind].append(_group(kind, text, span))
    elif kind in GROUPS and where.isdecimal():
        for index, group in enumerate(result[kind]):
            if group.get(WAS, index) == int(where):
                result[kind][index] = {**group, GROUPS[kind]: [*group[GROUPS[kind]], passage]}
                return True
        return False
    else:
        return False
    return True


def _group(kind: str, text: str, span: Any) -> dict[str, Any]:
    passage = {"text": text, "span": span, "confidence": None}
    if kind == "fields":
        title, _, rest = text.partition(":")
        named = bool(rest.strip()) and len(title) < 110
        lines = [{**passage, "text": rest.strip()}] if named else [passage]
        return {"title": title.strip() if named else text[:110], "lines": lines, "span": span}
    heading, clause = cut_heading(text) if starts_with_unit(text) else ("", text)
    units = list(split_units(heading)) if heading else []
    return {"units": units, "clauses": [{**passage, "text": clause or text}], "span": span}


def _targets(text: str, span: Any, due_on: str | None) -> list[dict[str, Any]]:
    """Return a target for each counted number of the text, or one without a number for the person to fill in."""
    found = [
        {
            "sentence": text, "operator": item.operator, "quantity": number_form(item.value), "unit": item.unit,
            "due_on": due_on, "subject": item.subject, "confidence": None, "span": span,
        }
        for item in read_quantities(text)
    ]  # fmt: skip
    empty = {"sentence": text, "operator": "=", "quantity": None, "unit": "", "due_on": due_on, "span": span}
    return found or [empty]


def _last_day(found: Mapping[str, Any]) -> str | None:
    last = (found.get("period") or {}).get("to")
    return date(last, 12, 31).isoformat() if isinstance(last, int) else None


def bases_in(text: str, span: Any = None) -> list[dict[str, Any]]:
    """Return the legal bases that a line names, as it stands where it names none with a number."""
    cited = [
        {"raw": item.raw, "kind": item.kind, "number": item.number, "issuer": item.issuer, "subject": item.subject,
         "issued_on": item.issued_on.isoformat() if item.issued_on else None, "span": span}
        for item in read_citations(text)
        if not item.nested
    ]  # fmt: skip
    return cited or [{"raw": text, "number": None, "issued_on": None, "span": span}]


def _without_marker(text: str) -> str:
    marker = read_marker(text)
    return text[len(marker.raw) :].strip() if marker else text.strip()


def with_removed(found: Mapping[str, Any], kind: str, items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the list of removed items with `items` of `kind` added; each can be brought back."""
    return [*(found.get("removed") or []), *({"kind": kind, "item": dict(item)} for item in items)]


def restore(found: Mapping[str, Any], indices: Sequence[int]) -> dict[str, Any]:
    """Return `found` with the removed items at `indices` back at the end of their lists."""
    removed = list(found.get("removed") or [])
    result = dict(found)
    for index in sorted(set(indices)):
        if 0 <= index < len(removed):
            kind = removed[index]["kind"]
            result[kind] = [*(result.get(kind) or []), removed[index]["item"]]
    result["removed"] = [item for index, item in enumerate(removed) if index not in set(indices)]
    return result
