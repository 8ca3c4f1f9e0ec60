"""Drawings as other tools and hands write them: prefixes, namespaces, extensions, and every shape of BPMN 2.0.

Written for these tests. `count_of` counts a file's elements with nothing of ours.
"""

from __future__ import annotations

from lxml import etree

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
_NODES = frozenset(
    ["task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask",
     "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "implicitThrowEvent",
     "boundaryEvent", "exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway",
     "subProcess", "adHocSubProcess", "transaction", "callActivity", "choreographyTask", "subChoreography",
     "callChoreography"]
)  # fmt: skip


def count_of(content: bytes) -> tuple[int, int, int]:
    """Flow nodes, sequence flows and processes of a file."""
    names = [
        etree.QName(one).localname
        for one in etree.fromstring(content.lstrip()).iter()
        if isinstance(one.tag, str) and etree.QName(one).namespace == MODEL
    ]
    return sum(name in _NODES for name in names), names.count("sequenceFlow"), names.count("process")


def plain(body: str, *, head: str = "", more: str = "") -> bytes:
    """One process with the body, in the default namespace."""
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{MODEL}" {head} targetNamespace="urn:thu">'
        f'<process id="p" name="Thử">{body}</process>{more}</definitions>'
    )
    return text.encode()


def ways(*pairs: str) -> str:
    """Sequence flows written as "a b", with a condition after a bar: "a b|x > 1"."""
    made = []
    for number, pair in enumerate(pairs):
        ends, _, condition = pair.partition("|")
        source, target = ends.split()
        inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        made.append(f'<sequenceFlow id="w{number}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>')
    return "".join(made)


CAMUNDA = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="{MODEL}" {_DI} xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  id="Definitions_0" targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler" exporterVersion="5.20.0"
  modeler:executionPlatform="Camunda Platform" modeler:executionPlatformVersion="7.21.0">
  <bpmn:process id="Process_0" name="Xin nghỉ phép" isExecutable="true" camunda:historyTimeToLive="180">
    <bpmn:startEvent id="StartEvent_1" name="Nộp đơn" camunda:initiator="nguoi">
      <bpmn:outgoing>Flow_1</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:sequenceFlow id="Flow_1" sourceRef="StartEvent_1" targetRef="Activity_1" />
    <bpmn:userTask id="Activity_1" name="Xét đơn" camunda:assignee="${{sep}}"
      camunda:formKey="embedded:app:forms/a.html">
      <bpmn:extensionElements>
        <camunda:formData><camunda:formField id="dong_y" label="Đồng ý?" type="boolean" /></camunda:formData>
        <camunda:taskListener class="org.example.Listener" event="create" />
      </bpmn:extensionElements>
      <bpmn:incoming>Flow_1</bpmn:incoming><bpmn:outgoing>Flow_2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="Event_nhac" name="Nhắc" cancelActivity="false" attachedToRef="Activity_1">
      <bpmn:outgoing>Flow_7</bpmn:outgoing>
      <bpmn:timerEventDefinition id="Timer_1"><bpmn:timeDuration
        xsi:type="bpmn:tFormalExpression">P2D</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:exclusiveGateway id="Gateway_1" name="Đồng ý?" default="Flow_4"><bpmn:incoming>Flow_2</bpmn:incoming>
      <bpmn:outgoing>Flow_3</bpmn:outgoing><bpmn:outgoing>Flow_4</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Activity_1" targetRef="Gateway_1" />
    <bpmn:sequenceFlow id="Flow_3" name="Có" sourceRef="Gateway_1" targetRef="Activity_2">
      <bpmn:conditionExpression
        xsi:type="bpmn:tFormalExpression">${{dong_y == true &amp;&amp; so_ngay &lt;= 12}}</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="Flow_4" name="Không" sourceRef="Gateway_1" targetRef="Event_end" />
    <bpmn:serviceTask id="Activity_2" name="Ghi sổ" camunda:type="external" camunda:topic="so" />
    <bpmn:sequenceFlow id="Flow_5" sourceRef="Activity_2" targetRef="Event_end" />
    <bpmn:sendTask id="Activity_3" name="Gửi thư nhắc" camunda:delegateExpression="${{mail}}" />
    <bpmn:sequenceFlow id="Flow_7" sourceRef="Event_nhac" targetRef="Activity_3" />
    <bpmn:endEvent id="Event_end" name="Xong"><bpmn:incoming>Flow_4</bpmn:incoming></bpmn:endEvent>
    <bpmn:textAnnotation id="TextAnnotation_1"><bpmn:text>Luật Lao động</bpmn:text></bpmn:textAnnotation>
    <bpmn:association id="Association_1" sourceRef="Activity_1" targetRef="TextAnnotation_1" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="BPMNDiagram_1"><bpmndi:BPMNPlane id="BPMNPlane_1" bpmnElement="Process_0">
    <bpmndi:BPMNShape id="S1_di" bpmnElement="StartEvent_1"><dc:Bounds x="150" y="100" width="36" height="36" />
      <bpmndi:BPMNLabel><dc:Bounds x="150" y="140" width="40" height="14" /></bpmndi:BPMNLabel></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="F1_di" bpmnElement="Flow_1"><di:waypoint x="186" y="118" /><di:waypoint x="240" y="118" />
    </bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
""".encode()

SIGNAVIO = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<definitions xmlns="{MODEL}" {_DI} xmlns:signavio="http://www.signavio.com"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" exporter="Signavio Process Editor, http://www.signavio.com"
  expressionLanguage="http://www.w3.org/1999/XPath" id="sid-1" targetNamespace="http://www.signavio.com"
  typeLanguage="http://www.w3.org/2001/XMLSchema">
  <collaboration id="sid-2">
    <extensionElements><signavio:signavioDiagramMetaData metaKey="revisionid" metaValue="1"/></extensionElements>
    <participant id="sid-3" name="Công dân"><extensionElements/></participant>
    <participant id="sid-4" name="Bộ phận một cửa" processRef="sid-5"/>
    <messageFlow id="sid-6" name="Hồ sơ" sourceRef="sid-3" targetRef="sid-8"/>
    <messageFlow id="sid-7" name="Kết quả" sourceRef="sid-11" targetRef="sid-3"/>
  </collaboration>
  <process id="sid-5" isClosed="false" isExecutable="false" name="Bộ phận một cửa" processType="None">
    <laneSet id="sid-20">
      <lane id="sid-21" name="Sở Khoa học và Công nghệ"><flowNodeRef>sid-8</flowNodeRef>
        <childLaneSet id="sid-22">
          <lane id="sid-23" name="Tiếp nhận"><flowNodeRef>sid-8</flowNodeRef><flowNodeRef>sid-9</flowNodeRef></lane>
          <lane id="sid-24" name="Giải quyết"><flowNodeRef>sid-10</flowNodeRef><flowNodeRef>sid-11</flowNodeRef></lane>
        </childLaneSet></lane>
    </laneSet>
    <startEvent id="sid-8" name="Hồ sơ&#10;đến"><messageEventDefinition id="sid-30"/></startEvent>
    <task completionQuantity="1" id="sid-9" isForCompensation="false" name="Kiểm tra thành phần" startQuantity="1">
      <extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue="#ffffcc"/></extensionElements></task>
    <userTask id="sid-10" implementation="webService" name="Thẩm định"/>
    <endEvent id="sid-11" name="Trả kết quả"><messageEventDefinition/></endEvent>
    <sequenceFlow id="sid-12" sourceRef="sid-8" targetRef="sid-9"/>
    <sequenceFlow id="sid-13" name="" sourceRef="sid-9" targetRef="sid-10"/>
    <sequenceFlow id="sid-14" sourceRef="sid-10" targetRef="sid-11"/>
  </process>
</definitions>
""".encode()

PREFIXED = f"""<semantic:definitions xmlns:semantic="{MODEL}" id="_1" name="Thử" targetNamespace="http://www.example.vn/a"
  xmlns:tns="http://www.example.vn/a">
  <semantic:process id="_p1" isExecutable="false">
    <semantic:startEvent id="_s"/><semantic:task id="_t" name="Việc"/><semantic:endEvent id="_e"/>
    <semantic:boundaryEvent id="_b" attachedToRef="tns:_t"><semantic:timerEventDefinition>
      <semantic:timeDuration>PT4H</semantic:timeDuration></semantic:timerEventDefinition></semantic:boundaryEvent>
    <semantic:endEvent id="_late"/>
    <semantic:sequenceFlow id="_f1" sourceRef="_s" targetRef="_t"/>
    <semantic:sequenceFlow id="_f2" sourceRef="_t" targetRef="_e"/>
    <semantic:sequenceFlow id="_f3" sourceRef="_b" targetRef="_late"/>
  </semantic:process>
</semantic:definitions>
""".encode()

TWO_POOLS = f"""
<definitions xmlns="{MODEL}" targetNamespace="urn:hai-ben" xmlns:t="urn:hai-ben">
  <message id="don" name="Đơn"/><message id="tra" name="Trả lời"/>
  <collaboration id="c"><participant id="b1" name="Doanh nghiệp" processRef="t:dn"/>
    <participant id="b2" name="Sở" processRef="t:so"/>
    <messageFlow id="m1" sourceRef="gui" targetRef="nhan" messageRef="t:don"/>
    <messageFlow id="m2" sourceRef="xong" targetRef="cho"/></collaboration>
  <process id="dn" name="Doanh nghiệp"><startEvent id="s1"/><sendTask id="gui" name="Gửi đơn" messageRef="t:don"/>
    <eventBasedGateway id="g"/><intermediateCatchEvent id="cho" name="Chờ trả lời"><messageEventDefinition
      messageRef="t:tra"/></intermediateCatchEvent><intermediateCatchEvent id="han" name="15 ngày">
      <timerEventDefinition><timeDuration>P15D</timeDuration></timerEventDefinition></intermediateCatchEvent>
    <endEvent id="e1"/><endEvent id="e2" name="Không trả lời"/>
    {ways("s1 gui", "gui g", "g cho", "g han", "cho e1", "han e2")}</process>
  <process id="so" name="Sở"><startEvent id="nhan"><messageEventDefinition messageRef="t:don"/></startEvent>
    <userTask id="xet" name="Xét"/><endEvent id="xong"><messageEventDefinition messageRef="t:tra"/></endEvent>
    {ways("nhan xet", "xet xong").replace('id="w', 'id="v')}</process>
</definitions>
""".encode()

COLLABORATION_ONLY = (
    f'<definitions xmlns="{MODEL}" targetNamespace="x"><collaboration id="c"><participant id="a" name="A"/>'
    '<participant id="b" name="B"/><messageFlow id="m" sourceRef="a" targetRef="b"/></collaboration></definitions>'
).encode()

CHOREOGRAPHY = (
    f'<definitions xmlns="{MODEL}" targetNamespace="x"><choreography id="ch"><participant id="a" name="A"/>'
    '<participant id="b" name="B"/><startEvent id="s"/><choreographyTask id="t" name="Hỏi" '
    'initiatingParticipantRef="a"><participantRef>a</participantRef><participantRef>b</participantRef></choreographyTask>'
    '<subChoreography id="u" initiatingParticipantRef="a"><choreographyTask id="v" initiatingParticipantRef="b"/>'
    f'</subChoreography><endEvent id="e"/>{ways("s t", "t u", "u e")}</choreography></definitions>'
).encode()

VARIANTS: dict[str, bytes] = {
    "camunda": CAMUNDA,
    "signavio": SIGNAVIO,
    "prefixed, no diagram": PREFIXED,
    "two pools": TWO_POOLS,
    "collaboration only": COLLABORATION_ONLY,
    "choreography": CHOREOGRAPHY,
    "byte order mark": b"\xef\xbb\xbf" + PREFIXED,
    "utf-16": PREFIXED.decode().encode("utf-16"),
    "blank lines before": b"\n\n  " + PREFIXED,
    "empty process": plain(""),
    "comments and processing instructions": plain(
        '<!-- chú thích --><startEvent id="a"/><?may lam gi?><task id="b"/><endEvent id="c"/>' + ways("a b", "b c")
    ),
    "nested sub-processes": plain(
        '<startEvent id="a"/><subProcess id="o" name="Ngoài"><startEvent id="oa"/><subProcess id="i" name="Trong">'
        '<startEvent id="ia"/><task id="it"/><endEvent id="ie"/>'
        + ways("ia it", "it ie").replace('id="w', 'id="i')
        + '</subProcess><endEvent id="oe"/>'
        + ways("oa i", "i oe").replace('id="w', 'id="o_')
        + '</subProcess><endEvent id="e"/>'
        + ways("a o", "o e")
    ),
    "data, groups and annotations": plain(
        '<ioSpecification><dataInput id="di"/><inputSet/><outputSet/></ioSpecification><dataObject id="d"/>'
        '<dataObjectReference id="dr" name="Đơn" dataObjectRef="d"/><dataStoreReference id="sr" dataStoreRef="kho"/>'
        '<startEvent id="a"/><task id="b" name="Ghi"><property id="pr" name="x"/><dataInputAssociation id="da">'
        '<sourceRef>dr</sourceRef><targetRef>pr</targetRef></dataInputAssociation><dataOutputAssociation id="do">'
        '<targetRef>sr</targetRef></dataOutputAssociation></task><endEvent id="c"/>'
        + ways("a b", "b c")
        + '<textAnnotation id="ta"><text>Ghi chú</text></textAnnotation>'
        '<association id="as" sourceRef="b" targetRef="ta" associationDirection="None"/>'
        '<group id="g" categoryValueRef="cv"/>',
        more='<dataStore id="kho" name="Kho"/><category id="cat"><categoryValue id="cv" value="Nhóm"/></category>',
    ),
    "every task": plain(
        '<startEvent id="a"/><task id="t1"/><userTask id="t2"/><manualTask id="t3"/><serviceTask id="t4"/>'
        '<scriptTask id="t5"><script>print(1)</script></scriptTask><businessRuleTask id="t6"/><sendTask id="t7"/>'
        '<receiveTask id="t8" instantiate="false"/><callActivity id="t9" calledElement="kh:QT-02"/>'
        '<callActivity id="t0"/><endEvent id="c"/>'
        + ways("a t1", "t1 t2", "t2 t3", "t3 t4", "t4 t5", "t5 t6", "t6 t7", "t7 t8", "t8 t9", "t9 t0", "t0 c"),
        head='xmlns:kh="urn:thu"',
    ),
    "every gateway": plain(
        '<startEvent id="a"/><exclusiveGateway id="g1" default="w2"/><inclusiveGateway id="g2"/>'
        '<parallelGateway id="g3"/><complexGateway id="g4"/><eventBasedGateway id="g5"/>'
        '<task id="x"/><task id="y"/><task id="z"/><receiveTask id="r" name="Thư"/>'
        '<intermediateCatchEvent id="q" name="2 ngày"><timerEventDefinition/>'
        '</intermediateCatchEvent><endEvent id="c"/>'
        + ways("a g1", "g1 x|diem &gt; 5", "g1 y", "x g2", "y g2", "g2 g3", "g3 z", "g3 g4", "z g4", "g4 g5", "g5 r",
               "g5 q", "r c", "q c")
    ),
    "every event": plain(
        '<startEvent id="a"><conditionalEventDefinition><condition>Đủ hồ sơ</condition></conditionalEventDefinition>'
        '</startEvent><task id="t"/>'
        + "".join(
            f'<boundaryEvent id="b{n}" name="B{n}" attachedToRef="t" cancelActivity="{str(n % 2 == 0).lower()}">'
            f"<{kind}EventDefinition/></boundaryEvent>"
            f'<endEvent id="be{n}"/><sequenceFlow id="bf{n}" sourceRef="b{n}" targetRef="be{n}"/>'
            for n, kind in enumerate(("message", "signal", "error", "escalation", "conditional"))
        )
        + '<intermediateThrowEvent id="th"/><intermediateThrowEvent id="ts"><signalEventDefinition signalRef="tin"/>'
        '</intermediateThrowEvent><intermediateThrowEvent id="te"><escalationEventDefinition/>'
        '</intermediateThrowEvent><intermediateThrowEvent id="lt" name="Sang trang">'
        '<linkEventDefinition name="trang 2"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="lc"><linkEventDefinition name="trang 2"/></intermediateCatchEvent>'
        '<intermediateCatchEvent id="pm" parallelMultiple="true"><messageEventDefinition/><signalEventDefinition/>'
        '</intermediateCatchEvent><endEvent id="c"><terminateEventDefinition/></endEvent>'
        + ways("a t", "t th", "th ts", "ts te", "te lt", "lc pm", "pm c"),
        more='<signal id="tin" name="Tin"/><escalation id="lt1" escalationCode="1"/>',
    ),
    "timers": plain(
        '<startEvent id="a"><timerEventDefinition><timeCycle>R/P1M</timeCycle></timerEventDefinition></startEvent>'
        + "".join(
            f'<intermediateCatchEvent id="t{n}" name="{name}"><timerEventDefinition>{inside}</timerEventDefinition>'
            "</intermediateCatchEvent>"
            for n, (name, inside) in enumerate(
                [("", "<timeDate>2026-12-24T08:00:00</timeDate>"), ("", "<timeDuration>PT30M</timeDuration>"),
                 ("", "<timeCycle>R3/P1D</timeCycle>"), ("Sau 5 ngày làm việc", ""),
                 ("", "<timeDuration>3 ngày</timeDuration>"), ("", "<timeDate>${ngay_hen}</timeDate>")]
            )
        )
        + '<endEvent id="c"/>'
        + ways("a t0", "t0 t1", "t1 t2", "t2 t3", "t3 t4", "t4 t5", "t5 c")
    ),
    "loops": plain(
        '<startEvent id="a"/><task id="l1" name="Soạn"><standardLoopCharacteristics/></task>'
        '<userTask id="l2" name="Phản biện"><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>'
        '</multiInstanceLoopCharacteristics></userTask>'
        '<subProcess id="l3" name="Họp"><multiInstanceLoopCharacteristics isSequential="true"/><task id="h"/>'
        '</subProcess><endEvent id="c"/>'
        + ways("a l1", "l1 l2", "l2 l3", "l3 c")
    ),
    "ad-hoc": plain(
        '<startEvent id="a"/><adHocSubProcess id="h" name="Chuẩn bị" ordering="Parallel">'
        '<task id="x" name="Thuê phòng"/><task id="y" name="Mời khách"/><task id="z" name="In giấy mời"/>'
        + '<sequenceFlow id="yz" sourceRef="z" targetRef="y"/><completionCondition>du</completionCondition>'
        + '</adHocSubProcess><endEvent id="c"/>'
        + ways("a h", "h c")
    ),
    "several starts": plain(
        '<startEvent id="a" name="Nộp trực tiếp"/><startEvent id="b" name="Nộp trực tuyến"><messageEventDefinition/>'
        '</startEvent><startEvent id="d" name="Hằng quý"><timerEventDefinition/></startEvent><task id="t" name="Nhận"/>'
        '<endEvent id="c"/>'
        + ways("a t", "b t", "d t", "t c")
    ),
    "event sub-processes": plain(
        '<startEvent id="a"/><subProcess id="s" name="Giải quyết"><startEvent id="sa"/><task id="st" name="Xử lý"/>'
        '<endEvent id="se"/><sequenceFlow id="s1" sourceRef="sa" targetRef="st"/>'
        '<sequenceFlow id="s2" sourceRef="st" targetRef="se"/>'
        '<subProcess id="x" name="Bổ sung" triggeredByEvent="true"><startEvent id="xa" isInterrupting="false">'
        '<messageEventDefinition/></startEvent><task id="xt" name="Nhận bổ sung"/>'
        '<sequenceFlow id="x1" sourceRef="xa" targetRef="xt"/></subProcess></subProcess><endEvent id="c"/>'
        + ways("a s", "s c")
        + '<subProcess id="r" name="Rút hồ sơ" triggeredByEvent="true"><startEvent id="ra"><messageEventDefinition/>'
        '</startEvent><task id="rt" name="Cho rút"/><endEvent id="re"/>'
        '<sequenceFlow id="r1" sourceRef="ra" targetRef="rt"/><sequenceFlow id="r2" sourceRef="rt" targetRef="re"/>'
        "</subProcess>"
    ),
    "errors and escalations": plain(
        '<startEvent id="a"/><subProcess id="s"><startEvent id="sa"/><task id="st"/><exclusiveGateway id="sg"/>'
        '<endEvent id="ok"/><endEvent id="bad"><errorEventDefinition errorRef="loi"/></endEvent>'
        '<endEvent id="up"><escalationEventDefinition escalationRef="len"/></endEvent>'
        + ways("sa st", "st sg", "sg ok", "sg bad", "sg up").replace('id="w', 'id="s_')
        + '</subProcess><boundaryEvent id="be" attachedToRef="s"><errorEventDefinition errorRef="loi"/></boundaryEvent>'
        '<boundaryEvent id="bu" attachedToRef="s" cancelActivity="false">'
        '<escalationEventDefinition escalationRef="len"/></boundaryEvent>'
        '<task id="fix" name="Sửa"/><task id="tell" name="Báo"/><endEvent id="c"/>'
        + ways("a s", "s c", "be fix", "fix c", "bu tell", "tell c"),
        more='<error id="loi" name="Sai" errorCode="1"/><escalation id="len" name="Lên cấp trên"/>',
    ),
    "transaction with compensation": plain(
        '<startEvent id="a"/><transaction id="x"><startEvent id="xa"/><task id="xt"/><boundaryEvent id="xb" '
        'attachedToRef="xt"><compensateEventDefinition/></boundaryEvent><task id="undo" isForCompensation="true"/>'
        '<endEvent id="xe"><cancelEventDefinition/></endEvent><association id="xo" sourceRef="xb" targetRef="undo"/>'
        + ways("xa xt", "xt xe").replace('id="w', 'id="x_')
        + '</transaction><boundaryEvent id="cb" attachedToRef="x"><cancelEventDefinition/></boundaryEvent>'
        '<endEvent id="c"/><endEvent id="d"/>'
        + ways("a x", "x c", "cb d")
    ),
    "without ids": plain('<startEvent id="a"/><task id="b"/><endEvent/><task/>' + ways("a b").replace(' id="w0"', "")),
    "same id twice": plain('<startEvent id="a"/><task id="b"/><task id="b"/><endEvent id="c"/>' + ways("a b", "b c")),
    "boundary of a boundary": plain(
        '<startEvent id="a"/><boundaryEvent id="b" attachedToRef="b"><messageEventDefinition/></boundaryEvent>'
        '<endEvent id="c"/>' + ways("a c", "b c")
    ),
    "timer in quotes": plain(
        '<startEvent id="a"/><intermediateCatchEvent id="b"><timerEventDefinition><timeDuration>"P2D"</timeDuration>'
        '</timerEventDefinition></intermediateCatchEvent><endEvent id="c"/>' + ways("a b", "b c")
    ),
    "same process id twice": plain(
        '<startEvent id="a"/><endEvent id="b"/>' + ways("a b"),
        more='<process id="p" name="Lại p"><startEvent id="c"/><endEvent id="d"/>'
        '<sequenceFlow id="cd" sourceRef="c" targetRef="d"/></process>',
    ),
    "one process calls the other": plain(
        '<startEvent id="a"/><callActivity id="b" calledElement="q"/><endEvent id="c"/>' + ways("a b", "b c"),
        more='<process id="q" name="Con"><startEvent id="d"/><endEvent id="e"/>'
        '<sequenceFlow id="de" sourceRef="d" targetRef="e"/></process>',
    ),
    "flow to nothing": plain('<startEvent id="a"/><endEvent id="c"/>' + ways("a khong_co")),
    "foreign elements among the nodes": plain(
        '<startEvent id="a"/><la:task id="lạ"/><task id="b"><la:x><la:task/></la:x></task><endEvent id="c"/>'
        + ways("a b", "b c"), head='xmlns:la="urn:la"',
    ),
    "names with marks and quotes": plain(
        '<startEvent id="a" name="Bắt đầu &quot;nhanh&quot; &lt;b&gt;"/><exclusiveGateway id="g"/>'
        '<task id="x" name="Đồng ý \\ “có”"/><task id="y" name="Đồng ý \\ “có”"/><endEvent id="c"/>'
        + ways("a g", "g x", "g y", "x c", "y c")
    ),
}  # fmt: skip
NOT_RUN = frozenset(
    ["collaboration only", "choreography", "empty process", "transaction with compensation", "without ids",
     "same id twice", "same process id twice", "boundary of a boundary", "flow to nothing"]
)  # fmt: skip
"""Drawings of which some process cannot run as drawn, or that hold none."""
