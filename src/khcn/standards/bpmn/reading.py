"""Reads BPMN 2.0 files from anybody: hostile XML is refused before it is built, whatever is drawn is kept.

Refused, in whole sentences: document types and entities (external files, billion laughs), too large, too deep or too
many elements, bytes that are not in the declared encoding, XML that is not BPMN.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn
from xml.parsers import expat

from lxml import etree

from khcn.lib.text import nfc
from khcn.lib.unreadable import Unreadable
from khcn.standards.bpmn.drawing import (
    BPMN,
    CONTAINERS,
    DI,
    EXTENSION,
    FLOW_NODES,
    Drawing,
    EventDefinition,
    Link,
    Node,
    Process,
    SequenceFlow,
)

SIZE_LIMIT = 10 * 1024 * 1024
DEPTH_LIMIT = 200
ELEMENTS_LIMIT = 200_000
ATTRIBUTES_LIMIT = 200

_DATA = frozenset(
    ["dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "dataInput", "dataOutput", "property"]
)
_ARTIFACTS = frozenset(["textAnnotation", "group", "category", "categoryValue"])
_KEYED = frozenset(["sequenceFlow", "process", "choreography"])
_EXPRESSIONS = frozenset(
    ["loopCardinality", "loopCondition", "completionCondition", "activationCondition", "loopDataInputRef"]
)
_REFERRED = {
    "message": "messageRef", "signal": "signalRef", "error": "errorRef", "escalation": "escalationRef",
    "compensate": "activityRef",
}  # fmt: skip


class UnreadableDrawing(Unreadable):
    """A file is not a BPMN drawing that can be read safely; the sentence says why."""

    code = "unreadable_drawing"


def read(content: bytes) -> Drawing:
    """The drawing in the bytes. Raises UnreadableDrawing."""
    if len(content) > SIZE_LIMIT:
        raise UnreadableDrawing(f"Tệp lớn hơn {SIZE_LIMIT // 1024 // 1024} MB; bản vẽ quy trình không lớn như vậy.")
    content = content.lstrip(b" \t\r\n")
    if not content:
        raise UnreadableDrawing("Tệp trống.")
    _inspect(content)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=False, remove_blank_text=False,
    )  # fmt: skip
    try:
        tree = etree.ElementTree(etree.fromstring(content, parser))
    except etree.XMLSyntaxError as fault:
        raise UnreadableDrawing(f"Tệp không phải là XML đúng: {fault.msg}.") from fault
    root = tree.getroot()
    if root.tag != f"{{{BPMN}}}definitions":
        raise UnreadableDrawing("Tệp XML này không phải là bản vẽ BPMN 2.0 (phần tử gốc không phải “definitions”).")
    return _Reader(tree).drawing()


def _inspect(content: bytes) -> None:
    """Walk the bytes without building anything, and refuse what could harm."""
    depth = elements = 0

    def start(_name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth += 1
        elements += 1
        if depth > DEPTH_LIMIT:
            raise UnreadableDrawing(f"Bản vẽ lồng nhau quá {DEPTH_LIMIT} lớp nên không được nhận.")
        if elements > ELEMENTS_LIMIT:
            raise UnreadableDrawing(f"Bản vẽ có quá {ELEMENTS_LIMIT} phần tử nên không được nhận.")
        if len(attributes) > ATTRIBUTES_LIMIT:
            raise UnreadableDrawing("Bản vẽ có phần tử với quá nhiều thuộc tính nên không được nhận.")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_facts: Any) -> NoReturn:
        raise UnreadableDrawing(
            "Tệp có khai báo DOCTYPE hoặc thực thể XML, có thể gây hại nên không được nhận. "
            "Hãy xuất lại bản vẽ BPMN 2.0."
        )

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as fault:
        if fault.code == expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING]:
            raise UnreadableDrawing("Tệp dùng bảng mã không biết; hãy lưu lại dưới dạng UTF-8.") from fault
        if fault.code == expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]:
            raise UnreadableDrawing(
                f"Dòng {fault.lineno} có ký tự không hợp lệ hoặc sai bảng mã; hãy lưu lại tệp dưới dạng UTF-8."
            ) from fault
        raise UnreadableDrawing(f"Tệp không phải là XML đúng ở dòng {fault.lineno}, cột {fault.offset}.") from fault
    except (LookupError, UnicodeError, ValueError) as fault:
        if isinstance(fault, UnreadableDrawing):
            raise
        raise UnreadableDrawing("Tệp dùng bảng mã không biết; hãy lưu lại dưới dạng UTF-8.") from fault


def _local(element: etree._Element) -> str:
    """The element's name in BPMN's own namespace, empty for anything else."""
    tag = element.tag
    if not isinstance(tag, str) or not tag.startswith("{" + BPMN + "}"):
        return ""
    return tag[len(BPMN) + 2 :]


def _name(element: etree._Element) -> str:
    return nfc(" ".join((element.get("name") or "").split()))


class _Reader:
    def __init__(self, tree: etree._ElementTree) -> None:
        self._tree = tree
        self._root = tree.getroot()
        self._names = {
            element.get("id"): _name(element) for element in self._root.iter(f"{{{BPMN}}}*") if element.get("id")
        }
        self._made: dict[etree._Element, str] = {
            element: f"khong_ma_{number}"
            for number, element in enumerate(self._root.iter(f"{{{BPMN}}}*"), 1)
            if not element.get("id") and (_local(element) in FLOW_NODES or _local(element) in _KEYED)
        }
        self._nodes: list[Node] = []
        self._flows: list[SequenceFlow] = []

    def drawing(self) -> Drawing:
        pools = {
            self._ref(one.get("processRef")): _name(one) for one in self._all("participant") if one.get("processRef")
        }
        processes = []
        for element in self._root.iter(f"{{{BPMN}}}process", f"{{{BPMN}}}choreography"):
            key = self._key(element)
            processes.append(
                Process(
                    key, _name(element) or pools.get(key, ""), pools.get(key, ""),
                    element.get("isExecutable") == "true", self._contents(element), _local(element) == "choreography",
                )
            )  # fmt: skip
            self._walk(element, key, "", self._lanes(element))
        return Drawing(
            tree=self._tree,
            processes=tuple(processes),
            nodes=tuple(self._nodes),
            flows=tuple(self._flows),
            links=tuple(self._links()),
            data=tuple(one.get("id") or "" for one in self._root.iter() if _local(one) in _DATA),
            artifacts=tuple(one.get("id") or "" for one in self._root.iter() if _local(one) in _ARTIFACTS),
            closed_pools=tuple(_name(one) for one in self._all("participant") if not one.get("processRef")),
            shown=frozenset(
                one.get("bpmnElement") or ""
                for kind in ("BPMNShape", "BPMNEdge")
                for one in self._root.iter(f"{{{DI}}}{kind}")
            ),
        )

    def _all(self, name: str) -> Iterator[etree._Element]:
        return self._root.iter(f"{{{BPMN}}}{name}")

    def _key(self, element: etree._Element) -> str:
        """The element's id, or the one made for it."""
        return element.get("id") or self._made.get(element, "")

    def _ref(self, value: str | None) -> str:
        """The id that a reference names: as it stands, or a QName's local part."""
        named = (value or "").strip()
        return named if named in self._names else named.rsplit(":", 1)[-1]

    def _walk(self, container: etree._Element, process: str, scope: str, lanes: dict[str, tuple[str, ...]]) -> None:
        defaults = {one.get("default") for one in container if _local(one) in FLOW_NODES and one.get("default")}
        for element in container:
            kind = _local(element)
            if kind == "sequenceFlow":
                self._flows.append(self._flow(element, process, scope, defaults))
            elif kind in FLOW_NODES:
                self._nodes.append(self._node(element, kind, process, scope, lanes))
                if kind in CONTAINERS:
                    inner = {**lanes, **self._lanes(element)}
                    self._walk(element, process, self._key(element), inner)

    def _flow(self, element: etree._Element, process: str, scope: str, defaults: set[str | None]) -> SequenceFlow:
        condition = element.find(f"{{{BPMN}}}conditionExpression")
        key = self._key(element)
        source, target = self._ref(element.get("sourceRef")), self._ref(element.get("targetRef"))
        return SequenceFlow(
            key, _name(element), source, target, process, scope,
            nfc("".join(condition.itertext()).strip()) if condition is not None else "", key in defaults,
        )  # fmt: skip

    def _node(
        self, element: etree._Element, kind: str, process: str, scope: str, lanes: dict[str, tuple[str, ...]]
    ) -> Node:
        key = self._key(element)
        loop = ""
        for child in element:
            if _local(child) == "standardLoopCharacteristics":
                loop = "standard"
            elif _local(child) == "multiInstanceLoopCharacteristics":
                loop = "sequential" if child.get("isSequential") == "true" else "parallel"
        documentation = element.find(f"{{{BPMN}}}documentation")
        extension = element.find(f"{{{BPMN}}}extensionElements/{{{EXTENSION}}}step")
        return Node(
            id=key, name=_name(element), tag=kind, process=process, scope=scope,
            lane=lanes.get(key) or lanes.get(scope, ()), events=tuple(self._events(element)),
            attached_to=self._ref(element.get("attachedToRef")), loop=loop,
            message=self._names.get(self._ref(element.get("messageRef")), "") or self._ref(element.get("messageRef")),
            documentation=nfc("".join(documentation.itertext()).strip()) if documentation is not None else "",
            expressions=self._expressions(element),
            attributes={name: value for name, value in element.attrib.items() if isinstance(name, str)},
            extension=dict(extension.attrib) if extension is not None else {},
        )  # fmt: skip

    @staticmethod
    def _expressions(element: etree._Element) -> dict[str, str]:
        """Conditions and counts that the node carries itself, not those of what lies inside it."""
        found = {}
        for child in element:
            holders = [child, *child] if _local(child).endswith("LoopCharacteristics") else [child]
            for one in holders:
                if _local(one) in _EXPRESSIONS:
                    found[_local(one)] = nfc("".join(one.itertext()).strip())
        return found

    def _events(self, element: etree._Element) -> Iterator[EventDefinition]:
        for child in element:
            kind = _local(child)
            if kind == "eventDefinitionRef":
                referred = next((one for one in self._root if one.get("id") == self._ref(child.text)), None)
                if referred is None:
                    continue
                child, kind = referred, _local(referred)
            if not kind.endswith("EventDefinition"):
                continue
            text = form = ""
            for inner in child:
                if _local(inner) in ("timeDate", "timeDuration", "timeCycle", "condition"):
                    form, text = _local(inner), nfc("".join(inner.itertext()).strip())
            kind = kind.removesuffix("EventDefinition")
            key = self._ref(child.get(_REFERRED[kind])) if kind in _REFERRED else ""
            yield EventDefinition(kind, text, form, (self._names.get(key, "") or key) or _name(child))

    def _lanes(self, container: etree._Element) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}

        def look(holder: etree._Element, above: tuple[str, ...]) -> None:
            for lane in holder:
                if _local(lane) != "lane":
                    continue
                here = (*above, _name(lane)) if _name(lane) else above
                for one in lane:
                    if _local(one) == "flowNodeRef":
                        found[(one.text or "").strip()] = here
                    elif _local(one) == "childLaneSet":
                        look(one, here)

        for child in container:
            if _local(child) == "laneSet":
                look(child, ())
        return found

    def _links(self) -> Iterator[Link]:
        for kind in ("messageFlow", "association"):
            for one in self._all(kind):
                yield Link(
                    one.get("id") or "",
                    kind,
                    self._ref(one.get("sourceRef")),
                    self._ref(one.get("targetRef")),
                    _name(one),
                )
        for kind in ("dataInputAssociation", "dataOutputAssociation"):
            for one in self._all(kind):
                ends = [
                    "".join(end.itertext()).strip()
                    for name in ("sourceRef", "targetRef")
                    for end in one.findall(f"{{{BPMN}}}{name}")
                ]
                yield Link(one.get("id") or "", kind, ends[0] if ends else "", ends[-1] if ends else "")

    @staticmethod
    def _contents(element: etree._Element) -> str:
        found = element.find(f"{{{BPMN}}}extensionElements/{{{EXTENSION}}}contents")
        return "".join(found.itertext()) if found is not None else ""
