"""A document of any binding to one report: its kind, its events, what is wrong, and the hash of every event.

The bytes decide the binding. The report never raises; a document that cannot be read is one with problems.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from khcn.standards.epcis.event_hash import EventHasher
from khcn.standards.epcis.event_shape import has_hashable_shape
from khcn.standards.epcis.json_reading import read_json
from khcn.standards.epcis.json_validation import validate_json
from khcn.standards.epcis.namespaces import Namespaces
from khcn.standards.epcis.problems import Problem
from khcn.standards.epcis.standard_rules import check_rules
from khcn.standards.epcis.xml_extensions import NotExpressible
from khcn.standards.epcis.xml_reading import looks_like_xml, read_xml
from khcn.standards.epcis.xml_to_json import document_from_xml, holds_results, salvaged_events
from khcn.standards.epcis.xml_validation import validate_xml

_IGNORED_LIST = "ignoreFields"


@dataclass(slots=True)
class Document:
    """What was read: `value` is the JSON form of the document whatever its binding was."""

    kind: str
    binding: str
    value: dict[str, Any] | None = None
    salvaged: dict[str, Any] | None = None
    problems: list[Problem] = field(default_factory=list)
    breaches: list[Problem] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong by the text and the schema; `breaches` of the standard's further rules are apart."""
        return not self.problems

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of a valid document, in its order."""
        return [] if self.value is None else events_of(self.value)

    def hashes(self) -> list[str | None]:
        """The event hash id of every event in order; None where an event lacks the shape that a hash needs.

        Documents that are not valid are hashed as far as they can be read, since a hash asks for less than a schema.
        """
        value = self.value if self.value is not None else self.salvaged
        if value is None:
            return []
        hasher = hasher_of(value)
        return [hasher.hash_id(event) if has_hashable_shape(event) else None for event in events_of(value)]


def _lists_of(value: Mapping[str, Any], names: Iterable[str]) -> Any:
    inner: Any = value
    for name in names:
        inner = inner.get(name) if isinstance(inner, Mapping) else None
    return inner


_EVENT_LISTS = (("epcisBody", "eventList"), ("epcisBody", "queryResults", "resultsBody", "eventList"))


def events_of(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The events of a document in its JSON form; a bare event is its own list."""
    for names in _EVENT_LISTS:
        events = _lists_of(value, names)
        if isinstance(events, list):
            return [event for event in events if isinstance(event, dict)]
    return [dict(value)] if "eventTime" in value else []


def vocabularies_of(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The master data of a document's header or of its query results."""
    header = _lists_of(value, ("epcisHeader", "epcisMasterData", "vocabularyList"))
    results = _lists_of(value, ("epcisBody", "queryResults", "resultsBody", "vocabularyList"))
    return [*(header if isinstance(header, list) else []), *(results if isinstance(results, list) else [])]


def _ignored_names(value: Mapping[str, Any]) -> list[str]:
    """Names that the document asks to leave out of hashes, wherever above the events it says so."""
    found: list[str] = []
    level: Any = value
    for step in ("epcisBody", "queryResults", "resultsBody", ""):
        if not isinstance(level, Mapping):
            break
        for name, member in level.items():
            if name.endswith((":" + _IGNORED_LIST, "/" + _IGNORED_LIST)):
                items = (
                    member if isinstance(member, list) else list(member) if isinstance(member, Mapping) else [member]
                )
                found += [item for item in items if isinstance(item, str)]
        level = level.get(step)
    return found


def hasher_of(value: Mapping[str, Any]) -> EventHasher:
    """The hasher for the events of a document in its JSON form."""
    return EventHasher(Namespaces.of_context(value.get("@context")), _ignored_names(value))


def _read_json_document(raw: bytes) -> Document:
    value, problems = read_json(raw)
    if problems:
        return Document("unreadable", "json", problems=problems)
    kind = value.get("type") if isinstance(value, dict) else None
    document = Document(kind if isinstance(kind, str) else "unknown", "json", value)
    document.problems = list(validate_json(value))
    if document.problems:
        document.value, document.salvaged = None, value if isinstance(value, dict) else None
    return document


def _read_xml_document(raw: bytes) -> Document:
    tree, problems = read_xml(raw)
    if tree is None:
        return Document("unreadable", "xml", problems=problems)
    root = tree.getroot()
    version = "1.2" if ":xsd:1" in root.tag or ":xsd:1}" in root.tag else "2.0"
    document = Document(root.tag.rpartition("}")[2], f"xml-{version}")
    document.problems = list(validate_xml(tree))
    try:
        if document.problems:
            document.salvaged = salvaged_events(root)
        elif document.kind in ("EPCISDocument", "EPCISMasterDataDocument") or holds_results(root):
            document.value = document_from_xml(root)
    except NotExpressible as refused:
        document.problems.append(Problem(tree.getpath(root), str(refused), "expressible", "text"))
    return document


def read_document(raw: bytes) -> Document:
    """Reads a document in JSON-LD, XML 2.0 or XML 1.2, validates it, and brings it into its JSON form."""
    document = _read_xml_document(raw) if looks_like_xml(raw) else _read_json_document(raw)
    if document.value is not None:
        document.breaches = list(check_rules(document.value))
    return document
