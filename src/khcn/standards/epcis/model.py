"""One event as typed values, for those who reason about events rather than pass them on.

It is made from the JSON form, which stays the form that is stored and sent; what the standard does not name is kept
in `extensions`. Nothing is validated here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from khcn.standards.epcis.text_formats import moment_of


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of a class of objects; without a unit it counts pieces, without a quantity the amount is not said."""

    epc_class: str
    quantity: Decimal | None = None
    uom: str | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """A business transaction, source or destination with its type."""

    identifier: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A read point or business location with what extends it."""

    id: str
    extensions: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErrorDeclaration:
    """The statement that an earlier event of the same identity was wrong."""

    declared_at: datetime | None
    reason: str | None = None
    corrective_event_ids: tuple[str, ...] = ()
    extensions: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SensorElement:
    """Readings with the metadata that they share, as the binding wrote them."""

    metadata: dict[str, Any]
    reports: tuple[dict[str, Any], ...]
    extensions: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """An event of any type; fields that its type does not know stay empty."""

    type: str
    event_time: datetime | None
    time_zone_offset: str
    event_id: str | None = None
    record_time: datetime | None = None
    action: str | None = None
    parent_id: str | None = None
    epcs: tuple[str, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    input_epcs: tuple[str, ...] = ()
    input_quantities: tuple[Quantity, ...] = ()
    output_epcs: tuple[str, ...] = ()
    output_quantities: tuple[Quantity, ...] = ()
    transformation_id: str | None = None
    biz_step: str | None = None
    disposition: str | None = None
    set_dispositions: tuple[str, ...] = ()
    unset_dispositions: tuple[str, ...] = ()
    read_point: Place | None = None
    biz_location: Place | None = None
    biz_transactions: tuple[Typed, ...] = ()
    sources: tuple[Typed, ...] = ()
    destinations: tuple[Typed, ...] = ()
    sensor_elements: tuple[SensorElement, ...] = ()
    certifications: tuple[str, ...] = ()
    error_declaration: ErrorDeclaration | None = None
    ilmd: dict[str, Any] = field(default_factory=dict)
    extensions: dict[str, Any] = field(default_factory=dict)


_EPCS = {
    "ObjectEvent": "epcList",
    "TransactionEvent": "epcList",
    "AggregationEvent": "childEPCs",
    "AssociationEvent": "childEPCs",
}
_QUANTITIES = {
    "ObjectEvent": "quantityList",
    "TransactionEvent": "quantityList",
    "AggregationEvent": "childQuantityList",
    "AssociationEvent": "childQuantityList",
}
_NAMED = frozenset(
    [
        "@context",
        "type",
        "eventTime",
        "recordTime",
        "eventTimeZoneOffset",
        "eventID",
        "certificationInfo",
        "errorDeclaration",
        "epcList",
        "parentID",
        "inputEPCList",
        "childEPCs",
        "quantityList",
        "childQuantityList",
        "inputQuantityList",
        "outputEPCList",
        "outputQuantityList",
        "action",
        "transformationID",
        "bizStep",
        "disposition",
        "persistentDisposition",
        "readPoint",
        "bizLocation",
        "bizTransactionList",
        "sourceList",
        "destinationList",
        "sensorElementList",
        "ilmd",
    ]
)


def _rest(value: Mapping[str, Any], named: frozenset[str] | set[str]) -> dict[str, Any]:
    return {name: member for name, member in value.items() if name not in named}


def _quantities(value: Any) -> tuple[Quantity, ...]:
    return tuple(
        Quantity(
            item["epcClass"],
            Decimal(str(item["quantity"])) if item.get("quantity") is not None else None,
            item.get("uom"),
        )
        for item in value or ()
    )


def _place(value: Any) -> Place | None:
    return Place(value["id"], _rest(value, {"id"})) if value else None


def _typed(value: Any, name: str) -> tuple[Typed, ...]:
    return tuple(Typed(item[name], item.get("type")) for item in value or ())


def _moment(value: Any) -> datetime | None:
    return moment_of(value) if isinstance(value, str) else None


def _error(value: Any) -> ErrorDeclaration | None:
    if not value:
        return None
    named = {"declarationTime", "reason", "correctiveEventIDs"}
    return ErrorDeclaration(
        _moment(value.get("declarationTime")),
        value.get("reason"),
        tuple(value.get("correctiveEventIDs") or ()),
        _rest(value, named),
    )


def _sensors(value: Any) -> tuple[SensorElement, ...]:
    named = {"sensorMetadata", "sensorReport"}
    return tuple(
        SensorElement(item.get("sensorMetadata") or {}, tuple(item.get("sensorReport") or ()), _rest(item, named))
        for item in value or ()
    )


def event_of(value: Mapping[str, Any]) -> Event:
    """The typed event of a valid event in its JSON form."""
    get = value.get
    kind = value["type"]
    persistent = get("persistentDisposition") or {}
    certification = get("certificationInfo") or ()
    return Event(
        type=kind,
        event_time=_moment(value["eventTime"]),
        time_zone_offset=value["eventTimeZoneOffset"],
        event_id=get("eventID"),
        record_time=_moment(get("recordTime")),
        action=get("action"),
        parent_id=get("parentID"),
        epcs=tuple(get(_EPCS.get(kind, ""), ()) or ()),
        quantities=_quantities(get(_QUANTITIES.get(kind, ""))),
        input_epcs=tuple(get("inputEPCList") or ()),
        input_quantities=_quantities(get("inputQuantityList")),
        output_epcs=tuple(get("outputEPCList") or ()),
        output_quantities=_quantities(get("outputQuantityList")),
        transformation_id=get("transformationID"),
        biz_step=get("bizStep"),
        disposition=get("disposition"),
        set_dispositions=tuple(persistent.get("set", ())),
        unset_dispositions=tuple(persistent.get("unset", ())),
        read_point=_place(get("readPoint")),
        biz_location=_place(get("bizLocation")),
        biz_transactions=_typed(get("bizTransactionList"), "bizTransaction"),
        sources=_typed(get("sourceList"), "source"),
        destinations=_typed(get("destinationList"), "destination"),
        sensor_elements=_sensors(get("sensorElementList")),
        certifications=(certification,) if isinstance(certification, str) else tuple(certification),
        error_declaration=_error(get("errorDeclaration")),
        ilmd=dict(get("ilmd") or {}),
        extensions=_rest(value, _NAMED),
    )
