"""Makes a BPMN 2.0 drawing from plain shapes and wires, with its diagram interchange."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from khcn.standards.bpmn.drawing import BPMN, DC, DD, DI, EXTENSION, SUB_PROCESSES
from khcn.standards.bpmn.layout import GAP_X, NAMED_GAP_X, PAD, Box, label_box, place, way

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SIZES = {"Event": (36.0, 36.0), "Gateway": (50.0, 50.0)}


@dataclass(frozen=True, slots=True)
class Shape:
    """A flow node to draw. event: local name of its event definition; timer: (form, text). scope, host: keys."""

    key: str
    tag: str
    name: str = ""
    scope: str = ""
    host: str = ""
    event: str = ""
    timer: tuple[str, str] | None = None
    message: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    extension: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wire:
    """A sequence flow to draw."""

    key: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    is_default: bool = False


def build(*, process: str, name: str, shapes: Sequence[Shape], wires: Sequence[Wire], contents: str = "") -> bytes:
    """The drawing as UTF-8 XML. contents: text kept in the process's own extension. Ids are the keys as they are."""
    spaces = {None: BPMN, "bpmndi": DI, "dc": DC, "di": DD, "khcn": EXTENSION, "xsi": XSI}
    root = etree.Element(f"{{{BPMN}}}definitions", nsmap=spaces)  # type: ignore[arg-type]
    root.set("id", "definitions")
    root.set("targetNamespace", "urn:khcn:procedures")
    root.set("exporter", "KHCN")
    messages = sorted({shape.message for shape in shapes if shape.message})
    refs = {message: f"message_{number}" for number, message in enumerate(messages, 1)}
    for message, key in refs.items():
        _under(root, "message", id=key, name=message)
    holder = _under(root, "process", id=process, name=name, isExecutable="true")
    if contents:
        etree.SubElement(_under(holder, "extensionElements"), f"{{{EXTENSION}}}contents").text = contents
    homes = {"": holder}
    for shape in _outer_first(shapes):
        homes[shape.key] = _node(homes[shape.scope], shape, wires, refs)
    scopes = {shape.key: shape.scope for shape in shapes}
    for wire in wires:
        flow = _under(
            homes[scopes[wire.source]], "sequenceFlow", id=wire.key, sourceRef=wire.source, targetRef=wire.target
        )
        if wire.name:
            flow.set("name", wire.name)
        if wire.condition:
            condition = _under(flow, "conditionExpression")
            condition.set(f"{{{XSI}}}type", "tFormalExpression")
            condition.text = wire.condition
    _diagram(root, process, shapes, wires)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _under(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{BPMN}}}{tag}", attributes)


def _outer_first(shapes: Sequence[Shape]) -> list[Shape]:
    done: dict[str, Shape] = {}
    rest = list(shapes)
    while rest:
        ready = [shape for shape in rest if not shape.scope or shape.scope in done]
        if not ready:
            raise ValueError("a shape lies in a sub-process that is not drawn")
        done |= {shape.key: shape for shape in ready}
        rest = [shape for shape in rest if shape.key not in done]
    return list(done.values())


def _node(home: etree._Element, shape: Shape, wires: Sequence[Wire], refs: Mapping[str, str]) -> etree._Element:
    node = _under(home, shape.tag, id=shape.key)
    if shape.name:
        node.set("name", shape.name)
    for name, value in shape.attributes.items():
        node.set(name, value)
    if shape.host:
        node.set("attachedToRef", shape.host)
    default = next((wire.key for wire in wires if wire.source == shape.key and wire.is_default), "")
    if default:
        node.set("default", default)
    if shape.extension:
        step = etree.SubElement(_under(node, "extensionElements"), f"{{{EXTENSION}}}step")
        for name, value in shape.extension.items():
            step.set(name, value)
    for wire in wires:
        if wire.target == shape.key:
            _under(node, "incoming").text = wire.key
    for wire in wires:
        if wire.source == shape.key:
            _under(node, "outgoing").text = wire.key
    if shape.event:
        definition = _under(node, f"{shape.event}EventDefinition", id=f"{shape.key}_definition")
        if shape.timer:
            inner = _under(definition, shape.timer[0])
            inner.set(f"{{{XSI}}}type", "tFormalExpression")
            inner.text = shape.timer[1]
        if shape.message and shape.event == "message":
            definition.set("messageRef", refs[shape.message])
    elif shape.message:
        node.set("messageRef", refs[shape.message])
    return node


def _size(tag: str) -> tuple[float, float]:
    return next((size for ending, size in _SIZES.items() if tag.endswith(ending)), (120.0, 80.0))


def _diagram(root: etree._Element, process: str, shapes: Sequence[Shape], wires: Sequence[Wire]) -> None:
    plane = etree.SubElement(
        etree.SubElement(root, f"{{{DI}}}BPMNDiagram", id="diagram"),
        f"{{{DI}}}BPMNPlane",
        id="plane",
        bpmnElement=process,
    )
    gap = NAMED_GAP_X if any(wire.name for wire in wires) else GAP_X
    boxes = _boxes(shapes, wires, "", gap)
    for shape in shapes:
        box = boxes[shape.key]
        drawn = etree.SubElement(plane, f"{{{DI}}}BPMNShape", id=f"{shape.key}_di", bpmnElement=shape.key)
        if shape.tag in SUB_PROCESSES:
            drawn.set("isExpanded", "true")
        if shape.tag == "exclusiveGateway":
            drawn.set("isMarkerVisible", "true")
        _bounds(drawn, box)
    for wire in wires:
        edge = etree.SubElement(plane, f"{{{DI}}}BPMNEdge", id=f"{wire.key}_di", bpmnElement=wire.key)
        corners = way(boxes[wire.source], boxes[wire.target], gap_x=gap)
        for x, y in corners:
            etree.SubElement(edge, f"{{{DD}}}waypoint", x=_number(x), y=_number(y))
        if wire.name:
            label = label_box(corners, gap_x=gap)
            _bounds(etree.SubElement(edge, f"{{{DI}}}BPMNLabel"), label)


def _bounds(parent: etree._Element, box: Box) -> None:
    etree.SubElement(
        parent, f"{{{DC}}}Bounds", x=_number(box.x), y=_number(box.y), width=_number(box.width),
        height=_number(box.height),
    )  # fmt: skip


def _boxes(shapes: Sequence[Shape], wires: Sequence[Wire], scope: str, gap: float) -> dict[str, Box]:
    """Boxes of a scope and of everything inside it, from its own corner."""
    here = [shape for shape in shapes if shape.scope == scope and not shape.host]
    inner: dict[str, dict[str, Box]] = {}
    sizes: dict[str, tuple[float, float]] = {}
    for shape in here:
        sizes[shape.key] = _size(shape.tag)
        if shape.tag in SUB_PROCESSES:
            inner[shape.key] = _boxes(shapes, wires, shape.key, gap)
            right = max((box.x + box.width for box in inner[shape.key].values()), default=60.0)
            low = max((box.y + box.height for box in inner[shape.key].values()), default=20.0)
            sizes[shape.key] = (right + PAD, low + PAD)
    hosts = {shape.key: shape.host for shape in shapes if shape.scope == scope and shape.host}
    ways = [(hosts.get(wire.source, wire.source), hosts.get(wire.target, wire.target)) for wire in wires]
    keys = [shape.key for shape in here]
    placed, _width, _height = place(
        keys, [(a, b) for a, b in ways if a in sizes and b in sizes and a != b], sizes, gap_x=gap
    )
    found = {key: box.moved(PAD, PAD) for key, box in placed.items()}
    for key, boxes in inner.items():
        found |= {name: box.moved(found[key].x, found[key].y) for name, box in boxes.items()}
    beside: dict[str, int] = {}
    for shape in shapes:
        if shape.scope == scope and shape.host in found:
            place_on = beside[shape.host] = beside.get(shape.host, -1) + 1
            host = found[shape.host]
            found[shape.key] = Box(host.x + 12 + 44 * place_on, host.y + host.height - 18, 36, 36)
    return found


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
