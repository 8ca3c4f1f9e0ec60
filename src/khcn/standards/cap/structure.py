"""The structure that the CAP 1.2 schema fixes: which elements, in which order, how often, with which form of value.

Our own content model; the tests hold its verdict against the official schema on outside messages and on mutations of
them. What a schema cannot say is in `semantics`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lxml import etree

from khcn.standards.cap import vocabulary as words
from khcn.standards.cap.dates import is_schema_time
from khcn.standards.cap.findings import Violation
from khcn.standards.cap.safe_xml import name_of, pointer_to

MANY: Final = None
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*", re.ASCII)
_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:", re.ASCII)
_AUTHORITY = re.compile(r"//([^@]*@)?(\[[^\]]*\]|[^:\[\]]*)(:\d*)?", re.ASCII)
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_XML_SPACE = " \t\r\n"

ValueCheck = Callable[[str], str]
"""Returns "" for a value of the right form, else what is expected, as the end of a Vietnamese sentence."""


def _any_text(_text: str) -> str:
    return ""


def _one_of(values: tuple[str, ...]) -> ValueCheck:
    return lambda text: "" if text in values else f"phải là một trong: {', '.join(values)}"


def _time(text: str) -> str:
    if is_schema_time(text):
        return ""
    return "phải là thời điểm có múi giờ bằng số, ví dụ 2026-11-28T07:30:00+07:00 (không dùng Z, không có phần lẻ giây)"


def _language(text: str) -> str:
    return "" if _LANGUAGE.fullmatch(text.strip(_XML_SPACE)) else "phải là mã ngôn ngữ, ví dụ vi-VN"


def _integer(text: str) -> str:
    return "" if _INTEGER.fullmatch(text.strip(_XML_SPACE)) else "phải là số nguyên"


def _decimal(text: str) -> str:
    return "" if _DECIMAL.fullmatch(text.strip(_XML_SPACE)) else "phải là số thập phân, dấu chấm ngăn phần lẻ"


def _address(text: str) -> str:
    """Refuse what anyURI refuses: a colon in the first step without a scheme, a bare %, a second #, odd brackets."""
    text = text.strip(_XML_SPACE)
    scheme = _SCHEME.match(text)
    first_step = re.split(r"[/?#]", text, maxsplit=1)[0]
    rest = text[scheme.end() :] if scheme else text
    wrong = (":" in first_step and not scheme) or bool(_BARE_PERCENT.search(text)) or text.count("#") > 1
    authority = re.match(r"//[^/?#]*", rest)
    beyond = rest[authority.end() :] if authority else rest
    wrong = wrong or "[" in beyond or "]" in beyond
    wrong = wrong or bool(authority and not _AUTHORITY.fullmatch(authority[0]))
    return "phải là một địa chỉ đúng dạng URI" if wrong else ""


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a sequence: how often it may stand there, and its value's form or its own parts."""

    name: str
    least: int = 1
    most: int | None = 1
    value: ValueCheck = _any_text
    parts: tuple[Part, ...] = ()


_NAMED = (Part("valueName"), Part("value"))
_RESOURCE = (
    Part("resourceDesc"), Part("mimeType"), Part("size", 0, value=_integer), Part("uri", 0, value=_address),
    Part("derefUri", 0), Part("digest", 0),
)  # fmt: skip
_AREA = (
    Part("areaDesc"), Part("polygon", 0, MANY), Part("circle", 0, MANY), Part("geocode", 0, MANY, parts=_NAMED),
    Part("altitude", 0, value=_decimal), Part("ceiling", 0, value=_decimal),
)  # fmt: skip
_INFO = (
    Part("language", 0, value=_language),
    Part("category", 1, MANY, _one_of(words.CATEGORIES)),
    Part("event"),
    Part("responseType", 0, MANY, _one_of(words.RESPONSE_TYPES)),
    Part("urgency", value=_one_of(words.URGENCIES)),
    Part("severity", value=_one_of(words.SEVERITIES)),
    Part("certainty", value=_one_of(words.CERTAINTIES)),
    Part("audience", 0),
    Part("eventCode", 0, MANY, parts=_NAMED),
    Part("effective", 0, value=_time),
    Part("onset", 0, value=_time),
    Part("expires", 0, value=_time),
    Part("senderName", 0),
    Part("headline", 0),
    Part("description", 0),
    Part("instruction", 0),
    Part("web", 0, value=_address),
    Part("contact", 0),
    Part("parameter", 0, MANY, parts=_NAMED),
    Part("resource", 0, MANY, parts=_RESOURCE),
    Part("area", 0, MANY, parts=_AREA),
)
ALERT: Final = Part(
    "alert",
    parts=(
        Part("identifier"),
        Part("sender"),
        Part("sent", value=_time),
        Part("status", value=_one_of(words.STATUSES)),
        Part("msgType", value=_one_of(words.MESSAGE_TYPES)),
        Part("source", 0),
        Part("scope", value=_one_of(words.SCOPES)),
        Part("restriction", 0),
        Part("addresses", 0),
        Part("code", 0, MANY),
        Part("note", 0),
        Part("references", 0),
        Part("incidents", 0),
        Part("info", 0, MANY, parts=_INFO),
    ),
)


def structure_violations(root: etree._Element) -> list[Violation]:
    """Return everything in which the message departs from the schema of CAP 1.2; [] where it is as the schema wants."""
    namespace, name = name_of(root)
    if (namespace, name) != (words.NAMESPACE, "alert"):
        return [Violation("CAP-S01", "/" + (name or "?"), _not_an_alert(namespace, name))]
    return _children_violations(root, ALERT)


def _not_an_alert(namespace: str, name: str) -> str:
    if name == "alert" and namespace in words.EARLIER_NAMESPACES:
        return f"Đây là bản tin CAP bản cũ ({namespace}); hệ thống kiểm tra theo CAP 1.2, hãy phát lại theo CAP 1.2."
    return f"Phần tử gốc phải là alert của {words.NAMESPACE}; tệp này có {{{namespace}}}{name}."


def _children_violations(element: etree._Element, part: Part) -> list[Violation]:
    found = _attribute_violations(element)
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        found.append(
            Violation("CAP-S02", pointer_to(element), f"{part.name} chỉ chứa các phần tử con, không chứa chữ tự do.")
        )
    children = list(element)
    if part is ALERT:  # signatures may close the message
        while children and name_of(children[-1])[0] == words.SIGNATURE_NAMESPACE:
            found += _signature_violations(children.pop())
    place = 0
    counts = [0] * len(part.parts)
    names = [each.name for each in part.parts]
    for child in children:
        namespace, name = name_of(child)
        if namespace != words.NAMESPACE or name not in names:
            found.append(Violation("CAP-S03", pointer_to(child), _stranger(part, namespace, name)))
            continue
        index = names.index(name)
        if index < place:
            found.append(
                Violation("CAP-S04", pointer_to(child), f"{name} phải đứng trước {names[place]} trong {part.name}.")
            )
        place = max(place, index)
        counts[index] += 1
        wanted = part.parts[index]
        if wanted.most is not None and counts[index] == wanted.most + 1:
            found.append(
                Violation("CAP-S05", pointer_to(child), f"{name} chỉ được có {wanted.most} lần trong {part.name}.")
            )
        found += _children_violations(child, wanted) if wanted.parts else _value_violations(child, wanted)
    found += [
        Violation("CAP-S06", pointer_to(element), f"Thiếu {wanted.name} trong {part.name}.")
        for wanted, count in zip(part.parts, counts, strict=True)
        if count < wanted.least
    ]
    return found


def _signature_violations(signature: etree._Element) -> list[Violation]:
    """The schema looks into signatures laxly: only at elements that it knows by themselves."""
    found: list[Violation] = []
    for element in signature.iterdescendants():
        namespace, name = name_of(element)
        if namespace != words.NAMESPACE:
            continue
        if name == ALERT.name:
            found += _children_violations(element, ALERT)
        elif name in {each.name for each in _NAMED}:
            found += _value_violations(element, Part(name))
    return found


def _stranger(part: Part, namespace: str, name: str) -> str:
    shown = name if namespace == words.NAMESPACE else f"{{{namespace}}}{name}"
    return f"{shown} không phải phần tử của {part.name} trong CAP 1.2."


def _attribute_violations(element: etree._Element) -> list[Violation]:
    allowed = "{http://www.w3.org/2001/XMLSchema-instance}"
    return [
        Violation("CAP-S07", pointer_to(element), f"CAP 1.2 không có thuộc tính {name}.")
        for name in element.attrib
        if not str(name).startswith(allowed)
    ]


def _value_violations(element: etree._Element, part: Part) -> list[Violation]:
    found = _attribute_violations(element)
    if len(element):
        return [*found, Violation("CAP-S03", pointer_to(element[0]), f"{part.name} chỉ chứa chữ, không chứa phần tử.")]
    text = element.text or ""
    if not text and part.name == "language":
        text = words.DEFAULT_LANGUAGE  # the schema's default stands in for an empty element
    expected = part.value(text)
    if expected:
        shown = text if len(text) <= 60 else text[:57] + "…"
        found.append(Violation("CAP-S08", pointer_to(element), f"{part.name} là “{shown}”; giá trị {expected}."))
    return found
