"""A small form that somebody filled in, as the EPCIS event it says, and as a sentence. Pure.

"Thu hoạch 320 kg ở lô 7 ngày 12/03" becomes an ObjectEvent that brings a lot into being at the plot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from khcn.domains.traceability.choices import FieldAct
from khcn.lib.dates import VIETNAM, parse_date_vi
from khcn.lib.failure import Refused
from khcn.lib.unreadable import Unreadable
from khcn.standards.epcis.json_writing import write_json
from khcn.standards.epcis.vocabulary import CONTEXT_URI

NAMESPACE = "urn:x-khcn:epcis:"
CONTEXT = [CONTEXT_URI, {"khcn": NAMESPACE}]
OFFSET = "+07:00"
LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Amount:
    """So many kilograms of a lot."""

    uri: str
    kg: Decimal


@dataclass(frozen=True, slots=True)
class Filled:
    """Everything that one filled-in form says, in the names that events use; empty where it says nothing of it."""

    record: UUID
    act: FieldAct
    biz_step: str
    disposition: str
    occurred_at: datetime
    party: str
    site: str = ""
    crop: str = ""
    counterparty: str = ""
    inputs: tuple[Amount, ...] = ()
    output: Amount | None = None
    lot_code: str = ""
    expires_on: date | None = None
    paper: str = ""
    note: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


def event_of(filled: Filled) -> dict[str, Any]:
    """The event; its id is the record's, and the record stands in it, so that two alike forms stay two events."""
    event: dict[str, Any] = {
        "type": "TransformationEvent" if filled.act is FieldAct.MAKE else "ObjectEvent",
        "eventID": f"urn:uuid:{filled.record}",
        "eventTime": filled.occurred_at.astimezone(VIETNAM).isoformat(timespec="milliseconds"),
        "eventTimeZoneOffset": OFFSET,
    }
    if filled.act is FieldAct.MAKE:
        event["inputQuantityList"] = [_quantity(one) for one in filled.inputs]
        event["outputQuantityList"] = [_quantity(filled.output)] if filled.output else []
    elif filled.act is FieldAct.CARE and not filled.inputs:
        event |= {"action": "OBSERVE", "epcList": [filled.crop]}
    else:
        held = [filled.output] if filled.act is FieldAct.HARVEST and filled.output else list(filled.inputs)
        action = "ADD" if filled.act is FieldAct.HARVEST else "OBSERVE"
        event |= {"action": action, "quantityList": [_quantity(one) for one in held]}
    event["bizStep"] = filled.biz_step
    if filled.disposition:
        event["disposition"] = filled.disposition
    if filled.site:
        event["readPoint"] = {"id": filled.site}
        if filled.act is not FieldAct.SHIP:
            event["bizLocation"] = {"id": filled.site}
    if filled.counterparty:
        ends = [("sourceList", "source"), ("destinationList", "destination")]
        parties = [filled.party, filled.counterparty]
        if filled.act is FieldAct.RECEIVE:
            parties.reverse()
        for (name, member), party in zip(ends, parties, strict=True):
            event[name] = [{"type": "possessing_party", member: party}]
    if filled.paper:
        event["bizTransactionList"] = [{"type": "inv", "bizTransaction": filled.paper}]
    if filled.lot_code:
        event["ilmd"] = {"cbvmda:lotNumber": filled.lot_code}
        if filled.expires_on:
            event["ilmd"]["cbvmda:itemExpirationDate"] = filled.expires_on.isoformat()
    event["khcn:record"] = str(filled.record)
    event["khcn:party"] = filled.party
    if filled.extra:
        event["khcn:details"] = {f"khcn:{key}": value for key, value in filled.extra.items()}
    if filled.note:
        event["khcn:note"] = filled.note
    return event


def taken_back(event: Mapping[str, Any], reason: str, at: datetime) -> dict[str, Any]:
    """The event again as the declaration that it was wrong."""
    declared = at.astimezone(VIETNAM).isoformat(timespec="milliseconds")
    declaration = {"declarationTime": declared, "reason": "incorrect_data", "khcn:why": reason}
    return {**event, "errorDeclaration": declaration}


def document_of(events: Sequence[Mapping[str, Any]], created_at: datetime) -> bytes:
    """The events as an EPCIS document."""
    return write_json(
        {
            "@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0",
            "creationDate": created_at.astimezone(VIETNAM).isoformat(timespec="milliseconds"),
            "epcisBody": {"eventList": [dict(event) for event in events]},
        }
    )  # fmt: skip


def _quantity(amount: Amount) -> dict[str, Any]:
    kg = amount.kg.normalize()
    return {"epcClass": amount.uri, "quantity": int(kg) if kg == kg.to_integral_value() else float(kg), "uom": "KGM"}


def checked_extra(fields: Sequence[Mapping[str, Any]], given: Mapping[str, str]) -> dict[str, str]:
    """What was entered in a template's own boxes, each in one spelling. Raises Refused naming the box."""
    found: dict[str, str] = {}
    for one in fields:
        text = str(given.get(one["key"], "")).strip()
        if not text:
            if one.get("required"):
                raise Refused(f"Cần ghi {one['label'].lower()}.", field=one["key"])
            continue
        found[one["key"]] = _checked(one, text)
    return found


def _checked(one: Mapping[str, Any], text: str) -> str:
    kind = one.get("kind", "text")
    if kind == "number":
        return str(_number(one, text))
    if kind == "day":
        try:
            return parse_date_vi(text).isoformat()
        except Unreadable as error:
            raise Refused(error.message, field=one["key"]) from error
    if kind == "choice" and text not in one.get("options", ()):
        raise Refused(f"Hãy chọn {one['label'].lower()} trong danh sách.", field=one["key"])
    if len(text) > LONGEST_TEXT:
        raise Refused(f"Mục {one['label'].lower()} dài quá {LONGEST_TEXT} chữ; hãy viết ngắn lại.", field=one["key"])
    return text


def _number(one: Mapping[str, Any], text: str) -> Decimal:
    try:
        value = read_kg(text)
    except Unreadable as error:
        raise Refused(f"Mục {one['label'].lower()} phải là một con số.", field=one["key"]) from error
    lowest, highest = one.get("min"), one.get("max")
    if (lowest is not None and value < Decimal(str(lowest))) or (highest is not None and value > Decimal(str(highest))):
        raise Refused(f"Mục {one['label'].lower()} phải từ {lowest} đến {highest}.", field=one["key"])
    return value


def read_kg(text: str) -> Decimal:
    """A number as people type it: 320, 320,5, 1.250 (with points between thousands), 1.250,75. Raises Unreadable."""
    plain = text.strip().replace(" ", "").replace("\u00a0", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    elif plain.count(".") and all(len(part) == 3 for part in plain.split(".")[1:]) and plain.split(".")[0] != "0":
        plain = plain.replace(".", "")
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise Unreadable("Hãy ghi một con số, ví dụ 320 hoặc 320,5.") from error
    if not value.is_finite() or value < 0 or value >= Decimal(10) ** 9 or value.as_tuple().exponent < -6:  # type: ignore[operator]
        raise Unreadable("Hãy ghi một con số, ví dụ 320 hoặc 320,5.")
    return value


def kg_text(kg: Decimal) -> str:
    """Kilograms in Vietnamese: 1.250,5 kg."""
    whole, _, part = f"{kg.normalize():f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{grouped},{part} kg" if part else f"{grouped} kg"


def sentence_of(
    *, title: str, occurred_on: date, product: str = "", kg: Decimal | None = None, site: str = "", partner: str = "",
    lots: Sequence[str] = (),
) -> str:  # fmt: skip
    """What the form says in one line, as the diary keeps it."""
    parts = [title]
    if kg is not None:
        parts.append(kg_text(kg))
    if product:
        parts.append(product)
    if lots:
        parts.append("từ lô " + ", ".join(lots[:3]) + ("…" if len(lots) > 3 else ""))
    if partner:
        parts.append(f"với {partner}")
    if site:
        parts.append(f"ở {site}")
    parts.append(f"ngày {occurred_on:%d/%m/%Y}")
    return " ".join(parts)[:300]
