"""Rules on the message as a whole: who, to whom, about which earlier messages. Source: CAP 1.2 section 3.2.1."""

from __future__ import annotations

import re

from lxml import etree

from khcn.standards.cap.findings import ADVICE
from khcn.standards.cap.model import Reference
from khcn.standards.cap.reading import children, read_references, text_of
from khcn.standards.cap.semantics.rule import Broken, Rule, first, infos, moment
from khcn.standards.cap.vocabulary import MESSAGE_TYPES_WITH_REFERENCES

SECTION = "CAP 1.2, 3.2.1"
_REFUSED = re.compile(r"[\s,<&]")


def _name_breaches(alert: etree._Element, name: str) -> Broken:
    for element in children(alert, name)[:1]:
        text = element.text or ""
        if not text.strip():
            yield element, f"{name} đang để trống; đây là giá trị nhận diện bản tin, bắt buộc phải có."
        elif _REFUSED.search(text):
            yield element, f"{name} “{text[:60]}” có dấu cách, dấu phẩy hoặc ký tự < &; hãy bỏ các ký tự đó."


def _identifier(alert: etree._Element) -> Broken:
    yield from _name_breaches(alert, "identifier")


def _sender(alert: etree._Element) -> Broken:
    yield from _name_breaches(alert, "sender")


def _universal_time(alert: etree._Element) -> Broken:
    for element in children(alert, "sent")[:1]:
        if (element.text or "").strip().endswith("+00:00"):
            yield element, "Giờ quốc tế (UTC) trong CAP viết là -00:00, không viết +00:00."


def _restricted_without_rule(alert: etree._Element) -> Broken:
    if text_of(alert, "scope") == "Restricted" and not text_of(alert, "restriction"):
        yield first(alert, "scope"), "scope là Restricted nên phải có restriction nói rõ phạm vi hạn chế."


def _restriction_of_unrestricted(alert: etree._Element) -> Broken:
    scope = text_of(alert, "scope")
    if scope and scope != "Restricted" and text_of(alert, "restriction"):
        yield first(alert, "restriction"), f"restriction chỉ dùng khi scope là Restricted; ở đây scope là {scope}."


def _private_without_addresses(alert: etree._Element) -> Broken:
    if text_of(alert, "scope") == "Private" and not text_of(alert, "addresses"):
        yield first(alert, "scope"), "scope là Private nên phải có addresses liệt kê nơi nhận."


def _missing_references(alert: etree._Element) -> Broken:
    kind = text_of(alert, "msgType")
    if kind in MESSAGE_TYPES_WITH_REFERENCES and not text_of(alert, "references"):
        yield first(alert, "msgType"), f"msgType là {kind} nên phải có references chỉ rõ bản tin trước."


def _misread_references(alert: etree._Element) -> Broken:
    for element in children(alert, "references")[:1]:
        if not (element.text or "").strip():
            yield (
                element,
                "references đang để trống; hãy ghi bản tin trước hoặc bỏ phần tử này.",
            )
        for member in read_references(element.text or ""):
            if isinstance(member, str):
                yield element, f"“{member[:80]}” không đúng dạng sender,identifier,sent (cách nhau bằng dấu phẩy)."


def _known_references(alert: etree._Element) -> list[Reference]:
    return [each for each in read_references(text_of(alert, "references")) if isinstance(each, Reference)]


def _self_reference(alert: etree._Element) -> Broken:
    own = (text_of(alert, "sender"), text_of(alert, "identifier"))
    if any((each.sender, each.identifier) == own for each in _known_references(alert)):
        yield first(alert, "references"), "Bản tin tham chiếu chính nó; references chỉ nêu các bản tin trước."


def _later_reference(alert: etree._Element) -> Broken:
    sent = moment(alert, "sent")
    for each in _known_references(alert):
        if sent and each.sent > sent:
            yield first(alert, "references"), f"Bản tin được tham chiếu {each.identifier} có giờ gửi sau bản tin này."


def _repeated_reference(alert: etree._Element) -> Broken:
    seen: set[Reference] = set()
    for each in _known_references(alert):
        if each in seen:
            yield first(alert, "references"), f"Bản tin {each.identifier} được tham chiếu hai lần; hãy giữ một."
        seen.add(each)


def _empty_code(alert: etree._Element) -> Broken:
    for element in children(alert, "code"):
        if not (element.text or "").strip():
            yield element, "code đang để trống; hãy ghi mã xử lý hoặc bỏ phần tử này."


def _unexplained_error(alert: etree._Element) -> Broken:
    if text_of(alert, "msgType") == "Error" and not text_of(alert, "note"):
        yield first(alert, "msgType"), "msgType là Error: hãy giải thích lý do từ chối trong note."


def _unnamed_exercise(alert: etree._Element) -> Broken:
    if text_of(alert, "status") == "Exercise" and not text_of(alert, "note"):
        yield first(alert, "status"), "status là Exercise: hãy ghi tên cuộc diễn tập trong note."


def _alert_without_contents(alert: etree._Element) -> Broken:
    kind = text_of(alert, "msgType")
    if kind in {"Alert", "Update"} and not infos(alert):
        yield alert, f"Bản tin {kind} không có info nên người nhận không biết chuyện gì xảy ra."


RULES = (
    Rule("CAP-M01", "identifier có giá trị, không chứa dấu cách, dấu phẩy, < và &", SECTION, _identifier),
    Rule("CAP-M02", "sender có giá trị, không chứa dấu cách, dấu phẩy, < và &", SECTION, _sender),
    Rule("CAP-M03", "giờ UTC viết là -00:00", "CAP 1.2, 3.3.2", _universal_time, ADVICE),
    Rule("CAP-M04", "scope Restricted kèm restriction", SECTION, _restricted_without_rule),
    Rule("CAP-M05", "restriction chỉ đi với scope Restricted", SECTION, _restriction_of_unrestricted),
    Rule("CAP-M06", "scope Private kèm addresses", SECTION, _private_without_addresses),
    Rule("CAP-M07", "Update, Cancel, Ack, Error tham chiếu bản tin trước", SECTION, _missing_references),
    Rule("CAP-M08", "mỗi tham chiếu có dạng sender,identifier,sent", SECTION, _misread_references),
    Rule("CAP-M09", "bản tin không tham chiếu chính nó", SECTION, _self_reference),
    Rule("CAP-M10", "bản tin được tham chiếu không gửi sau bản tin này", SECTION, _later_reference),
    Rule("CAP-M11", "một bản tin được tham chiếu một lần", SECTION, _repeated_reference, ADVICE),
    Rule("CAP-M12", "code không để trống", SECTION, _empty_code, ADVICE),
    Rule("CAP-M13", "Error kèm lời giải thích trong note", SECTION, _unexplained_error, ADVICE),
    Rule("CAP-M14", "Exercise kèm tên cuộc diễn tập trong note", SECTION, _unnamed_exercise, ADVICE),
    Rule("CAP-M15", "Alert và Update có info", SECTION, _alert_without_contents, ADVICE),
)
