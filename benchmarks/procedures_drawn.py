"""The larger process of the procedure benchmark, once for our engine and once for SpiffWorkflow, with the same facts.

Three lanes, seven tasks of people, a form, a decision table of three rules, two script tasks, choices, two opinions in
parallel, a draft that is sent back, a reminder at the draft that does not interrupt it. What SpiffWorkflow computes in
scripts (Python), ours computes in decision tables of one row; its form is Camunda's, which that dialect reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from khcn.kernel.procedures.choices import FieldKind, NormUnit, StepKind
from khcn.kernel.procedures.engine.definition import Column, Definition, Field, Flow, Form, Rule, Step, Table

FIELDS = 12
_LANES = {
    "Một cửa": ("s", "t1", "phi", "tuyen", "chon", "t7", "e"),
    "Chuyên môn": ("t2", "chia", "t3", "t4", "gop", "vao", "t5", "nhac", "da_nhac"),
    "Lãnh đạo": ("t6", "lai", "so"),
}
_TASKS = {
    "t1": "Tiếp nhận", "t2": "Kiểm tra nhanh", "t3": "Ý kiến chuyên môn", "t4": "Ý kiến tài chính", "t5": "Dự thảo",
    "t6": "Ký", "t7": "Trả kết quả",
}  # fmt: skip
_WAYS: tuple[tuple[str, ...], ...] = (
    ("s", "t1"), ("t1", "phi"), ("phi", "tuyen"), ("tuyen", "chon"), ("chon", "t2", "tuyen_di == 'nhanh'"),
    ("chon", "chia", ""), ("chia", "t3"), ("chia", "t4"), ("t3", "gop"), ("t4", "gop"), ("gop", "vao"), ("t2", "vao"),
    ("vao", "t5"), ("t5", "t6"), ("nhac", "da_nhac"), ("t6", "lai"), ("lai", "vao", "can_sua > 0"), ("lai", "so", ""),
    ("so", "t7"), ("t7", "e"),
)  # fmt: skip


def steps() -> Definition:
    """The process for our engine."""
    lane_of = {key: lane for lane, keys in _LANES.items() for key in keys}
    kinds = {
        "s": StepKind.START, "e": StepKind.END, "da_nhac": StepKind.END, "phi": StepKind.DECISION,
        "tuyen": StepKind.DECISION, "chon": StepKind.DECISION, "chia": StepKind.FORK, "gop": StepKind.JOIN,
        "vao": StepKind.DECISION, "lai": StepKind.DECISION, "so": StepKind.DECISION,
    }  # fmt: skip
    made = [Step(key, key, kind, lane=lane_of[key], table=key if key in ("phi", "tuyen", "so") else "")
            for key, kind in kinds.items()]  # fmt: skip
    made += [
        Step(
            key, name, StepKind.HUMAN, "specialist", norm=Decimal(8), lane=lane_of[key],
            form="don" if key == "t1" else "",
        )
        for key, name in _TASKS.items()
    ]  # fmt: skip
    made.append(
        Step(
            "nhac", "Nhắc", StepKind.TIMER, norm=Decimal(16), norm_unit=NormUnit.WORKING_HOUR, host="t5",
            interrupting=False, lane=lane_of["nhac"],
        )
    )  # fmt: skip
    flows = [
        Flow(
            f"f{n}", way[0], way[1], way[2].replace("==", "=").replace("'", '"') if len(way) > 2 else "",
            default=len(way) > 2 and not way[2],
        )
        for n, way in enumerate(_WAYS)
    ]  # fmt: skip
    number = Column("so_tien", "number")
    tables = (
        Table("phi", "Phí", (number,), (Column("le_phi", "number"),), (Rule(("-",), ("so_tien / 1000",)),)),
        Table(
            "tuyen", "Phân tuyến", (number,), (Column("tuyen_di"),),
            (
                Rule(("< 50000000",), ('"nhanh"',)), Rule(("[50000000..1000000000)",), ('"thường"',)),
                Rule((">= 1000000000",), ('"hội đồng"',)),
            ),
        ),
        Table("so", "Số", (number,), (Column("con_lai", "number"),), (Rule(("-",), ("so_tien - le_phi",)),)),
    )  # fmt: skip
    form = Form(
        "don", "Đơn",
        (
            Field("so_tien", "Số tiền", FieldKind.NUMBER, required=True),
            *(Field(f"truong_{n}", f"Trường {n}", FieldKind.TEXT) for n in range(FIELDS)),
        ),
    )  # fmt: skip
    return Definition(tuple(made), tuple(flows), tables, (form,), {"can_sua": "number"})


def drawing() -> bytes:
    """The same process as BPMN with Camunda's form, scripts in Python and a called decision."""

    def tag(key: str) -> str:
        out = "".join(f"<incoming>f{n}</incoming>" for n, way in enumerate(_WAYS) if way[1] == key)
        out += "".join(f"<outgoing>f{n}</outgoing>" for n, way in enumerate(_WAYS) if way[0] == key)
        default = next((f' default="f{n}"' for n, way in enumerate(_WAYS) if way[0] == key and way[2:] == ("",)), "")
        if key in _TASKS:
            fields = "".join(
                f'<camunda:formField id="truong_{n}" label="Trường {n}" type="string"/>' for n in range(FIELDS)
            )
            data = (
                "<extensionElements><camunda:formData>"
                f'<camunda:formField id="so_tien" label="Số tiền" type="long"/>{fields}'
                "</camunda:formData></extensionElements>"
            )
            return f'<userTask id="{key}" name="{_TASKS[key]}">{data if key == "t1" else ""}{out}</userTask>'
        scripts = {"phi": "le_phi = so_tien / 1000", "so": "con_lai = so_tien - le_phi"}
        if key in scripts:
            return f'<scriptTask id="{key}" name="{key}">{out}<script>{scripts[key]}</script></scriptTask>'
        if key == "tuyen":
            return f'<businessRuleTask id="tuyen" name="Phân tuyến" camunda:decisionRef="phan_tuyen">{out}</businessRuleTask>'  # noqa: E501
        if key == "nhac":
            return (
                f'<boundaryEvent id="nhac" cancelActivity="false" attachedToRef="t5">{out}<timerEventDefinition>'
                '<timeDuration xsi:type="tFormalExpression">"PT48H"</timeDuration></timerEventDefinition>'
                "</boundaryEvent>"
            )
        kind = {"s": "startEvent", "e": "endEvent", "da_nhac": "endEvent", "chia": "parallelGateway",
                "gop": "parallelGateway"}.get(key, "exclusiveGateway")  # fmt: skip
        return f'<{kind} id="{key}" name="{key}"{default}>{out}</{kind}>'

    lanes = "".join(
        f'<lane id="lan_{n}" name="{name}">{"".join(f"<flowNodeRef>{key}</flowNodeRef>" for key in keys)}</lane>'
        for n, (name, keys) in enumerate(_LANES.items())
    )
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{way[0]}" targetRef="{way[1]}">'
        + (
            f'<conditionExpression xsi:type="tFormalExpression">{way[2].replace(">", "&gt;")}</conditionExpression>'
            if way[2:] and way[2]
            else ""
        )
        + "</sequenceFlow>"
        for n, way in enumerate(_WAYS)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
        ' id="d" targetNamespace="urn:bench"><process id="p" name="p" isExecutable="true">'
        f'<laneSet id="lans">{lanes}</laneSet>{"".join(tag(key) for keys in _LANES.values() for key in keys)}{flows}'
        "</process></definitions>"
    ).encode()


def decisions() -> bytes:
    """The decision table as DMN."""
    rows = (
        ("&lt; 50000000", "nhanh"), ("50000000 &lt;= ? and ? &lt; 1000000000", "thường"),
        ("&gt;= 1000000000", "hội đồng"),
    )  # fmt: skip
    rules = "".join(
        f'<rule id="r{n}"><inputEntry id="ri{n}"><text>{test}</text></inputEntry>'
        f'<outputEntry id="ro{n}"><text>"{result}"</text></outputEntry></rule>'
        for n, (test, result) in enumerate(rows)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"'
        ' id="dm" name="dm" namespace="urn:bench"><decision id="phan_tuyen" name="Phân tuyến">'
        '<decisionTable id="bang" hitPolicy="UNIQUE"><input id="i1" label="Số tiền">'
        '<inputExpression id="ie1" typeRef="double"><text>so_tien</text></inputExpression></input>'
        f'<output id="o1" label="Tuyến" name="tuyen_di" typeRef="string"/>{rules}</decisionTable></decision>'
        "</definitions>"
    ).encode()


def spiff() -> tuple[Any, Any, Any]:
    """The process as SpiffWorkflow reads it: its specification, its sub-processes, and a serializer that knows both."""
    from lxml import etree
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
    from SpiffWorkflow.camunda.parser import CamundaParser
    from SpiffWorkflow.camunda.serializer import DEFAULT_CONFIG

    parser = CamundaParser()
    parser.add_bpmn_xml(etree.ElementTree(etree.fromstring(drawing())))
    parser.add_dmn_xml(etree.fromstring(decisions()))
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))
    return parser.get_spec("p"), parser.get_subprocess_specs("p"), serializer


def facts() -> dict[str, Any]:
    """What is known at the start; the form says the rest."""
    return {"can_sua": 1}


def answers() -> dict[str, Any]:
    """What the form of the first step says."""
    texts = {f"truong_{n}": f"Nội dung kê khai thứ {n}, đường Trần Hưng Đạo, phường Tân Phú" for n in range(FIELDS)}
    return {"so_tien": 90_000_000, **texts}


def routed(turns: int = 1) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tasks of people that a case goes through, each with what is learned there; the draft goes back `turns` times.

    The first task's form is filled in by whoever does it.
    """
    yield from ((key, {}) for key in ("t1", "t3", "t4", *("t5", "t6") * turns))
    yield "t5", {"can_sua": 0}
    yield from ((key, {}) for key in ("t6", "t7"))
