"""Whether an event has the shape that its hash reads: texts, lists and objects where they belong.

It asks for far less than a schema, so that events of invalid documents and of old bindings can be hashed too.
"""

from collections.abc import Mapping
from typing import Any

_TEXTS = ("type", "eventTime", "eventTimeZoneOffset")
_OPTIONAL_TEXTS = ("parentID", "action", "transformationID", "bizStep", "disposition")
_TEXT_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_QUANTITIES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_TYPED = {"bizTransactionList": "bizTransaction", "sourceList": "source", "destinationList": "destination"}


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


def has_hashable_shape(event: Mapping[str, Any]) -> bool:
    """Whether every standard field of the event is of a kind that the hash can read."""
    get = event.get
    certification = get("certificationInfo", "")
    return (
        all(isinstance(get(name), str) for name in _TEXTS)
        and all(isinstance(get(name, ""), str) for name in _OPTIONAL_TEXTS)
        and all(_texts(get(name, [])) for name in _TEXT_LISTS)
        and all(_objects(get(name, []), "epcClass") for name in _QUANTITIES)
        and all(
            _scalar(item.get(field)) for name in _QUANTITIES for item in get(name, []) for field in ("quantity", "uom")
        )
        and all(_objects(get(name, []), member) for name, member in _TYPED.items())
        and all(isinstance(item.get("type", ""), str) for name in _TYPED for item in get(name, []))
        and all(
            isinstance(get(name, {"id": ""}).get("id"), str)
            for name in ("readPoint", "bizLocation")
            if isinstance(get(name, {}), Mapping)
        )
        and all(isinstance(get(name, {}), Mapping) for name in ("readPoint", "bizLocation", "ilmd"))
        and _persistent(get("persistentDisposition", {}))
        and _sensors(get("sensorElementList", []))
        and (isinstance(certification, str) or _texts(certification))
    )
