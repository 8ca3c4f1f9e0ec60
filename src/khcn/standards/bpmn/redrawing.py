"""Changes a drawing in place: names, conditions and our own extension, where its shapes and lines stay as they are.

Positions, pools, lanes, notes and whatever else somebody drew are kept. Nothing is placed anew here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy

from lxml import etree

from khcn.standards.bpmn.drawing import BPMN, EXTENSION, TASKS, Drawing
from khcn.standards.bpmn.writing import XSI, Shape, Wire

#: Children of a flow element that stand before its extension elements.
_BEFORE_EXTENSION = f"{{{BPMN}}}documentation"


def redraw(
    drawing: Drawing, *, process: str, shapes: Sequence[Shape], wires: Sequence[Wire], contents: str = ""
) -> bytes | None:
    """The drawing as UTF-8 XML with what shapes and wires say now; None when it does not draw the same ones.

    process: id of the process that is changed. The same: equal ids, which the drawing gives, tags (any two kinds of
    task count as one), ends.
    """
    nodes = {node.id: node for node in drawing.nodes_of(process)}
    flows = {flow.id: flow for flow in drawing.flows_of(process)}
    wired = {wire.key: wire for wire in wires}
    if nodes.keys() != {shape.key for shape in shapes} or flows.keys() != wired.keys():
        return None
    if any(not _same_tag(nodes[shape.key].tag, shape.tag) for shape in shapes):
        return None
    if any((flow.source, flow.target) != (wired[key].source, wired[key].target) for key, flow in flows.items()):
        return None
    tree = deepcopy(drawing.tree)
    by_id: dict[str, etree._Element] = {
        element.get("id") or "": element for element in tree.getroot().iter() if isinstance(element.tag, str)
    }
    if not {process, *nodes, *flows} <= by_id.keys():
        return None  # drawn without ids
    set_contents(by_id[process], contents)
    for shape in shapes:
        default = next((wire.key for wire in wires if wire.source == shape.key and wire.is_default), "")
        _change_node(by_id[shape.key], shape, default)
    for wire in wires:
        _change_flow(by_id[wire.key], wire)
    keys = [*(shape.key for shape in shapes), *(wire.key for wire in wires)]
    order = {key: place for place, key in enumerate(keys)}
    for holder in (process, *(shape.key for shape in shapes)):
        _order(by_id[holder], order)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def with_contents(drawing: Drawing, *, process: str, contents: str) -> bytes:
    """The drawing as UTF-8 XML whose process carries other contents in our extension."""
    tree = deepcopy(drawing.tree)
    for element in tree.getroot().iter(f"{{{BPMN}}}process"):
        if element.get("id") == process:
            set_contents(element, contents)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def set_contents(element: etree._Element, contents: str) -> None:
    """Put the text into a process's own extension; an empty text takes it out."""
    _own(element, "contents", {}, contents)


def _same_tag(one: str, other: str) -> bool:
    return one == other or (one in TASKS and other in TASKS)


def _order(holder: etree._Element, order: Mapping[str, int]) -> None:
    """Put nodes and flows that stand right inside the element into the order asked for; the rest stays where it is."""
    inside = [child for child in holder if child.get("id") in order]
    if not inside:
        return
    place = holder.index(inside[0])
    for child in inside:
        child.tail = None
        holder.remove(child)
    for child in sorted(inside, key=lambda one: order[one.get("id") or ""], reverse=True):
        holder.insert(place, child)


def _change_node(element: etree._Element, shape: Shape, default: str) -> None:
    _set(element, "name", shape.name)
    _set(element, "default", default)
    _own(element, "step", shape.extension)


def _change_flow(element: etree._Element, wire: Wire) -> None:
    _set(element, "name", wire.name)
    condition = element.find(f"{{{BPMN}}}conditionExpression")
    if not wire.condition:
        if condition is not None:
            element.remove(condition)
        return
    if condition is None:
        condition = etree.SubElement(element, f"{{{BPMN}}}conditionExpression")
        condition.set(f"{{{XSI}}}type", f"{_prefix(element)}tFormalExpression")
    if "".join(condition.itertext()) != wire.condition:
        for child in list(condition):
            condition.remove(child)
        condition.text = wire.condition


def _prefix(element: etree._Element) -> str:
    """The prefix of BPMN's namespace where a value is a qualified name; empty where it is the default one."""
    prefixes = [prefix for prefix, name in element.nsmap.items() if name == BPMN]
    return "" if None in prefixes or not prefixes else f"{prefixes[0]}:"


def _set(element: etree._Element, name: str, value: str) -> None:
    if value:
        element.set(name, value)
    elif name in element.attrib:
        del element.attrib[name]


def _own(element: etree._Element, tag: str, attributes: Mapping[str, str], text: str = "") -> None:
    """Put our own element into an element's extension, in place of the one before; nothing to say takes it out."""
    holder = element.find(f"{{{BPMN}}}extensionElements")
    old = None if holder is None else holder.find(f"{{{EXTENSION}}}{tag}")
    if holder is not None and old is not None:
        holder.remove(old)
    if not attributes and not text:
        if holder is not None and not len(holder):
            element.remove(holder)
        return
    if holder is None:
        holder = etree.Element(f"{{{BPMN}}}extensionElements")
        element.insert(sum(child.tag == _BEFORE_EXTENSION for child in element), holder)
    own = etree.SubElement(holder, f"{{{EXTENSION}}}{tag}", nsmap={"khcn": EXTENSION})
    own.text = text or None
    for name, value in attributes.items():
        own.set(name, value)
