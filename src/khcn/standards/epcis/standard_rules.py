"""What EPCIS 2.0 demands beyond its schemas, on the JSON form of a document of any binding.

Sources: EPCIS 2.0 sections 7.3 and 7.4, and GS1's draft test case requirements TCR-53 (sensor data) and TCR-54
(associations). Official examples "with all possible fields" break some of these rules, so breaches are reported
apart from what a schema refuses, and whoever captures decides.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from khcn.standards.epcis.problems import Path, Problems
from khcn.standards.epcis.text_formats import moment_of

# Attributes that a sensor element says once: for all reports in its metadata, or in each report (TCR-53, step 29).
SAID_ONCE = ("time", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod")


def _some(event: Mapping[str, Any], *names: str) -> bool:
    return any(event.get(name) for name in names)


def _is_later(text: Any, than: Any) -> bool:
    first, second = (moment_of(value) if isinstance(value, str) else None for value in (text, than))
    return first is not None and second is not None and first > second


def _sensor_rules(event: Mapping[str, Any], path: Path, problems: Problems) -> None:
    elements = event.get("sensorElementList")
    for at, element in enumerate(elements if isinstance(elements, list) else ()):
        place: Path = ((path, "sensorElementList"), at)
        metadata = element.get("sensorMetadata") or {}
        for name in ("time", "startTime", "endTime"):
            if _is_later(metadata.get(name), event.get("eventTime")):
                problems.add(((place, "sensorMetadata"), name), "The reading lies after the event.", "time", "standard")
        if _is_later(metadata.get("startTime"), metadata.get("endTime")):
            problems.add(
                ((place, "sensorMetadata"), "endTime"), "The period ends before it starts.", "time", "standard"
            )
        for number, report in enumerate(element.get("sensorReport") or ()):
            spot: Path = ((place, "sensorReport"), number)
            if _is_later(report.get("time"), event.get("eventTime")):
                problems.add((spot, "time"), "The reading lies after the event.", "time", "standard")
            for name in SAID_ONCE:
                if name in report and name in metadata:
                    message = f"{name} stands in the metadata and in the report; say it once."
                    problems.add((spot, name), message, "sensor_twice", "standard")


def _parent_rules(event: Mapping[str, Any], path: Path, problems: Problems) -> None:
    action = event.get("action")
    if action in ("ADD", "DELETE") and not event.get("parentID"):
        problems.add(path, f"parentID is missing, which action {action} needs.", "parent", "standard")
    if action in ("ADD", "OBSERVE") and not _some(event, "childEPCs", "childQuantityList"):
        problems.add(
            path, f"childEPCs and childQuantityList are missing; action {action} needs one.", "children", "standard"
        )


def _object_rules(event: Mapping[str, Any], path: Path, problems: Problems) -> None:
    sensed = _some(event, "sensorElementList") and "readPoint" in event
    if not (_some(event, "epcList", "quantityList") or sensed):
        problems.add(path, "The event names no object, no quantity and no sensed place.", "objects", "standard")
    if event.get("ilmd") and event.get("action") != "ADD":
        problems.add((path, "ilmd"), "ilmd may stand only where action is ADD.", "ilmd", "standard")


def _transaction_rules(event: Mapping[str, Any], path: Path, problems: Problems) -> None:
    if event.get("action") != "DELETE" and not _some(event, "parentID", "epcList", "quantityList"):
        problems.add(path, "The event names no object.", "objects", "standard")


def _transformation_rules(event: Mapping[str, Any], path: Path, problems: Problems) -> None:
    inputs, outputs = (_some(event, f"{side}EPCList", f"{side}QuantityList") for side in ("input", "output"))
    if not inputs and not outputs:
        problems.add(path, "The event names neither inputs nor outputs.", "objects", "standard")
    elif not (inputs and outputs) and not event.get("transformationID"):
        missing = "outputs" if inputs else "inputs"
        problems.add(path, f"Without {missing} a transformationID is needed.", "objects", "standard")


_RULES = {
    "ObjectEvent": _object_rules,
    "AggregationEvent": _parent_rules,
    "AssociationEvent": _parent_rules,
    "TransactionEvent": _transaction_rules,
    "TransformationEvent": _transformation_rules,
}


def _events(value: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Path]]:
    body = value.get("epcisBody")
    if not isinstance(body, Mapping):
        yield value, None
        return
    results = body.get("queryResults")
    inner: Path = (None, "epcisBody")
    if isinstance(results, Mapping):
        body, inner = results.get("resultsBody", {}), ((inner, "queryResults"), "resultsBody")
    for at, event in enumerate(body.get("eventList") or ()):
        yield event, ((inner, "eventList"), at)


def check_event_rules(event: Mapping[str, Any], path: Path, problems: Problems) -> None:
    """The further rules on one event that a schema found valid."""
    rule = _RULES.get(event.get("type", ""))
    if rule is not None:
        rule(event, path, problems)
    _sensor_rules(event, path, problems)


def check_rules(value: Mapping[str, Any]) -> Problems:
    """Every breach in a valid document's JSON form."""
    problems = Problems()
    for event, path in _events(value):
        check_event_rules(event, path, problems)
    return problems
