"""Outside drawings are kept whole; hostile files are refused quickly and in words."""

import contextlib
import time
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from khcn.standards.bpmn import BPMN, Shape, UnreadableDrawing, Wire, build, read
from khcn.standards.bpmn.drawing import DI, FLOW_NODES, Drawing
from khcn.standards.bpmn.tests.variants import VARIANTS, count_of

REFERENCE = Path(__file__).resolve().parents[5] / "../shared/reference/bpmn"
DRAWINGS = sorted(REFERENCE.glob("*.bpmn"))
needs_reference = pytest.mark.skipif(
    not DRAWINGS, reason="the MIWG reference drawings are not at ../shared/reference/bpmn"
)
HEAD = f'<definitions xmlns="{BPMN}" targetNamespace="x">'


def counted(content: bytes) -> dict[str, int]:
    """Every element of a file by its name, counted without our reader."""
    found: dict[str, int] = {}
    for element in etree.fromstring(content).iter():
        if isinstance(element.tag, str):
            found[element.tag] = found.get(element.tag, 0) + 1
    return found


@needs_reference
@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_reference_drawing_is_kept_whole(path):
    content = path.read_bytes()

    drawing = read(content)
    written = drawing.xml()

    names = {f"{{{BPMN}}}{name}" for name in FLOW_NODES}
    count = counted(content)
    assert len(drawing.nodes) == sum(number for name, number in count.items() if name in names)
    assert len(drawing.flows) == count.get(f"{{{BPMN}}}sequenceFlow", 0)
    assert len(drawing.processes) == count[f"{{{BPMN}}}process"]
    assert drawing.dangling == ()
    assert counted(written) == count
    assert etree.tostring(etree.fromstring(written), method="c14n") == etree.tostring(
        etree.fromstring(content), method="c14n"
    )
    assert read(written).xml() == written
    assert count.get(f"{{{DI}}}BPMNShape", 0) + count.get(f"{{{DI}}}BPMNEdge", 0) >= len(drawing.shown)


@needs_reference
def test_reference_lanes_events_and_conditions_are_read():
    invoice = read((REFERENCE / "C.1.0.bpmn").read_bytes())

    by_name = {node.name: node for node in invoice.nodes}
    assert by_name["7 days"].events[0].kind == "timer"
    assert any(node.lane for node in invoice.nodes)
    assert "${approved}" in {flow.condition for flow in invoice.flows}
    assert any(link.kind == "messageFlow" for link in invoice.links)


def values(drawing: Drawing) -> dict[str, object]:
    """What was read, without the tree."""
    return {field.name: getattr(drawing, field.name) for field in fields(drawing) if field.name != "tree"}


@pytest.mark.parametrize("content", VARIANTS.values(), ids=VARIANTS.keys())
def test_drawing_of_any_tool_is_kept_whole_and_reads_back_equal(content):
    drawing = read(content)
    again = read(drawing.xml())

    nodes, flows, _processes = count_of(content)
    assert (len(drawing.nodes), len(drawing.flows)) == (nodes, flows)
    assert {flow.source for flow in drawing.flows} <= {node.id for node in drawing.nodes}
    assert values(again) == values(drawing)
    assert again.canonical() == drawing.canonical()
    assert counted(again.xml()) == counted(content.lstrip())


def test_only_the_flow_that_leads_nowhere_dangles():
    dangling = {name: len(read(content).dangling) for name, content in VARIANTS.items()}

    assert {name for name, number in dangling.items() if number} == {"flow to nothing"}


def test_references_by_qualified_names_find_what_they_name():
    drawing = read(VARIANTS["prefixed, no diagram"])

    assert next(node for node in drawing.nodes if node.tag == "boundaryEvent").attached_to == "_t"


def test_lanes_inside_lanes_are_named_from_the_outermost_in():
    lanes = {node.name: node.lane for node in read(VARIANTS["signavio"]).nodes}

    assert lanes["Thẩm định"] == ("Sở Khoa học và Công nghệ", "Giải quyết")
    assert lanes["Hồ sơ đến"] == ("Sở Khoa học và Công nghệ", "Tiếp nhận")


def test_elements_without_ids_get_keys_of_their_own():
    drawing = read(VARIANTS["without ids"])

    keys = [node.id for node in drawing.nodes] + [flow.id for flow in drawing.flows]
    assert len(set(keys)) == len(keys) == 5
    assert all(keys)


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    + "".join(f'<!ENTITY c{n} "{"&b;" if n == 0 else f"&c{n - 1};"}{"&b;" * 9}">' for n in range(9))
    + "]>"
    + HEAD
    + "&c8;</definitions>"
)
HOSTILE = {
    "billion laughs": LAUGHS.encode(),
    "external entity": f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}&x;</definitions>'.encode(),
    "external dtd": f'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">{HEAD}</definitions>'.encode(),
    "parameter entity": f'<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/hosts"> %p;]>{HEAD}</definitions>'.encode(),
    "in utf-16": f'<!DOCTYPE a [<!ENTITY x "y">]>{HEAD}&x;</definitions>'.encode("utf-16"),
    "too deep": (HEAD + "<a>" * 5000 + "</a>" * 5000 + "</definitions>").encode(),
    "too many": (HEAD + "<a/>" * 200_001 + "</definitions>").encode(),
    "too large": b"<a>" + b" " * 11_000_000 + b"</a>",
    "wrong bytes": b'<?xml version="1.0" encoding="UTF-8"?><a name="\xff\xfe"/>',
    "unknown encoding": b'<?xml version="1.0" encoding="KHONG-CO"?><a/>',
    "multi-byte encoding": b'<?xml version="1.0" encoding="utf-7"?><a/>',
    "not closed": (HEAD + "<process>").encode(),
    "another root": b"<html/>",
    "not xml": b"%PDF-1.7 \x00\x01",
    "zip": b"PK\x03\x04" + b"\x00" * 40,
    "empty": b"  ",
}  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_file_is_refused_quickly_in_a_sentence(content):
    began = time.monotonic()

    with pytest.raises(UnreadableDrawing) as refused:
        read(content)

    assert refused.value.message.endswith(".")
    assert time.monotonic() - began < 5


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_read_or_are_refused(content):
    with contextlib.suppress(UnreadableDrawing):
        read(content)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_inside_a_drawing_reads_or_is_refused(text):
    with contextlib.suppress(UnreadableDrawing):
        read(
            (HEAD + f"<process id='p'><task id='a' name='{text}'/></process></definitions>").encode("utf-8", "replace")
        )


def test_dangling_flow_is_named():
    drawing = read(
        (
            HEAD
            + "<process id='p'><task id='a'/><sequenceFlow id='f' sourceRef='a' targetRef='b'/></process></definitions>"
        ).encode()
    )

    assert [flow.id for flow in drawing.dangling] == ["f"]


def test_built_drawing_reads_back_with_every_shape_drawn():
    xml = build(
        process="p", name="Cấp phép",
        shapes=[
            Shape("s", "startEvent", "Bắt đầu"), Shape("a", "userTask", "Làm"), Shape("t", "boundaryEvent", "Hết hạn",
            host="a", event="timer", timer=("timeDuration", "P3D")), Shape("u", "subProcess", "Con"),
            Shape("v", "userTask", "Bên trong", scope="u"), Shape("e", "endEvent", "Hết"),
        ],
        wires=[Wire("f", "s", "a"), Wire("g", "a", "u", condition="x > 1"), Wire("h", "u", "e"), Wire("i", "t", "e")],
        contents="{}",
    )  # fmt: skip

    drawing = read(xml)

    assert {node.id for node in drawing.nodes} == {"s", "a", "t", "u", "v", "e"}
    assert drawing.shown == {"s", "a", "t", "u", "v", "e", "f", "g", "h", "i"}
    assert drawing.processes[0].contents == "{}"
    assert next(node for node in drawing.nodes if node.id == "t").events[0].text == "P3D"
    assert next(flow for flow in drawing.flows if flow.id == "g").condition == "x > 1"
    assert drawing.xml() == read(drawing.xml()).xml()
