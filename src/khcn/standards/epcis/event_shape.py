"""Whether an event has the shape that its hash reads: texts, lists and objects where they belong.

It asks for far less than a schema, so that events of invalid documents and of old bindings can be hashed too.
"""

from collections.abc import Callable, Mapping
from typing import Any

_REQUIRED = ("type", "eventTime", "eventTimeZoneOffset")


def _objects(value: Any, *texts: str) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, Mapping) and all(isinstance(item.get(name), str) for name in texts) for item in value
    )


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _scalar(value: Any) -> bool:
    return value is None or not isinstance(value, Mapping | list)


def _sensors(value: Any) -> bool:
    if not _objects(value):
        return False
    for element in value:
        metadata, reports = element.get("sensorMetadata", {}), element.get("sensorReport", [])
        if not isinstance(metadata, Mapping) or not _objects(reports):
            return False
        named = [item for part in (metadata, *reports) for name, item in part.items() if ":" not in name]
        if not all(map(_scalar, named)):
            return False
    return True


def _persistent(value: Any) -> bool:
    return isinstance(value, Mapping) and all(_texts(value.get(name, [])) for name in ("set", "unset"))


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _quantities(value: Any) -> bool:
    return _objects(value, "epcClass") and all(
        _scalar(item.get("quantity")) and _scalar(item.get("uom")) for item in value
    )


def _typed(member: str) -> Callable[[Any], bool]:
    return lambda value: _objects(value, member) and all(isinstance(item.get("type", ""), str) for item in value)


def _place(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("id"), str)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys([*_REQUIRED, "parentID", "action", "transformationID", "bizStep", "disposition"], _text),
    **dict.fromkeys(["epcList", "childEPCs", "inputEPCList", "outputEPCList"], _texts),
    **dict.fromkeys(["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"], _quantities),
    "bizTransactionList": _typed("bizTransaction"), "sourceList": _typed("source"),
    "destinationList": _typed("destination"), "readPoint": _place, "bizLocation": _place,
    "ilmd": lambda value: isinstance(value, Mapping), "persistentDisposition": _persistent,
    "sensorElementList": _sensors, "certificationInfo": lambda value: isinstance(value, str) or _texts(value),
}  # fmt: skip


def has_hashable_shape(event: Mapping[str, Any]) -> bool:
    """Whether every standard field of the event is of a kind that the hash can read."""
    for name in _REQUIRED:
        if name not in event:
            return False
    for name, value in event.items():
        check = _CHECKS.get(name)
        if check is not None and not check(value):
            return False
    return True
