"""Elements of extensions as JSON values, and back.

A text element is a text; elements inside are members, repeated ones a list; attributes stand in `@attributes`, a
claimed XML Schema type in `@type` beside `@value`. What JSON tells apart and XML does not (numbers, truth values,
lists of one, empty containers) is kept in attributes of a namespace of our own. Text between elements is refused;
the order of differently named neighbours is not kept.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lxml import etree

from khcn.standards.epcis.namespaces import Namespaces
from khcn.standards.epcis.xml_values import collapse

KEPT = "urn:khcn:epcis:json"
UNQUALIFIED = "urn:khcn:epcis:unqualified:"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
_KIND, _NAME, _ITEM = f"{{{KEPT}}}kind", f"{{{KEPT}}}name", f"{{{KEPT}}}item"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TYPE = f"{{{XSI}}}type"
_NC_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*\Z|[^\W\d][\w.\-]*\Z")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PREFIX = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*\Z")


class NotExpressible(ValueError):
    """A value that the asked binding has no form for; `name` says which."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{name}: {sentence}")
        self.name = name


class PrefixTable:
    """Prefixes given to namespaces while elements become members; colliding prefixes get a number."""

    def __init__(self) -> None:
        self.namespaces: dict[str, str] = {}
        self._prefixes: dict[str, str] = {}

    def declare(self, prefix: str | None, namespace: str) -> str:
        """The prefix of a namespace, a new one where it has none yet."""
        known = self._prefixes.get(namespace)
        if known is not None:
            return known
        wanted = prefix or "ns"
        free, number = wanted, 1
        while free in self.namespaces:
            number += 1
            free = f"{wanted}{number}"
        self.namespaces[free] = namespace
        self._prefixes[namespace] = free
        return free

    def member_name(self, tag: str, nsmap: Mapping[Any, str], prefix: str | None) -> str:
        """The member name prefix:local of a tag; a tag without namespace keeps its bare name."""
        if not tag.startswith("{"):
            return tag
        namespace, local = tag[1:].split("}")
        if namespace.endswith(":") and _PREFIX.match(namespace[:-1]):
            return namespace + local  # an undeclared prefix that was its own namespace
        if prefix is None:
            prefix = next((name for name, uri in nsmap.items() if uri == namespace and name), None)
        return f"{self.declare(prefix, namespace)}:{local}"

    def context(self) -> dict[str, str]:
        """The prefixes as a JSON-LD context."""
        return dict(self.namespaces)


def _number(text: str) -> int | Decimal:
    return int(text) if re.fullmatch(r"-?[0-9]+", text) else Decimal(text)


def _kept_value(kind: str, text: str) -> Any:
    if kind == "number":
        return _number(collapse(text))
    if kind == "boolean":
        return collapse(text) == "true"
    if kind == "null":
        return None
    return {"empty-list": [], "object": {}}.get(kind, text)


def _text_of(element: Any) -> str:
    text = "".join(element.itertext(etree.Element)) if len(element) else element.text or ""
    return text if element.get(_SPACE) == "preserve" else text.strip(" \t\r\n")


def member_of(element: Any, table: PrefixTable) -> str:
    """The member name of an extension's element."""
    name = element.get(_NAME)
    if name is not None and name.startswith("unqualified:"):
        table.declare("unqualified", UNQUALIFIED)
    return name if name is not None else table.member_name(element.tag, element.nsmap, element.prefix)


def members_of(elements: Any, table: PrefixTable) -> dict[str, Any]:
    """The members that a run of elements makes."""
    found: dict[str, Any] = {}
    listed: set[str] = set()
    for element in elements:
        name, value = member_of(element, table), value_of(element, table)
        kind = element.get(_KIND, "")
        if kind.startswith("item"):
            listed.add(name)
        if name not in found:
            found[name] = [value] if name in listed else value
        elif name in listed:
            found[name].append(value)
        else:
            listed.add(name)
            found[name] = [found[name], value]
    return found


def value_of(element: Any, table: PrefixTable) -> Any:
    """The JSON value of an extension's element."""
    kind = element.get(_KIND, "").removeprefix("item").strip()
    children = [child for child in element if isinstance(child.tag, str)]
    if kind == "list":
        return [value_of(child, table) for child in children]
    attributes = {
        table.member_name(name, element.nsmap, None): text
        for name, text in element.attrib.items()
        if name not in (_TYPE, _SPACE) and not name.startswith(f"{{{KEPT}}}")
    }
    claimed = element.get(_TYPE)
    if not children and not attributes and claimed is None:
        return _kept_value(kind, _text_of(element))
    if any((piece or "").strip() for piece in [element.text, *(child.tail for child in element)]) and children:
        raise NotExpressible(element.tag, "text between elements has no form in JSON.")
    value: dict[str, Any] = members_of(children, table)
    if attributes:
        value["@attributes"] = attributes
    if claimed is not None:
        value["@type"] = _claimed_name(element, collapse(claimed), table)
    if not children:
        value["@value"] = _kept_value(kind, _text_of(element))
    return value


def _claimed_name(element: Any, name: str, table: PrefixTable) -> str:
    prefix, _, local = name.rpartition(":")
    namespace = element.nsmap.get(prefix or None)
    if namespace == XSD:
        return f"xsd:{local}"
    return f"{table.declare(prefix or None, namespace)}:{local}" if namespace else name


class ExtensionWriter:
    """Writes members as elements under one document's namespaces."""

    def __init__(self, namespaces: Namespaces) -> None:
        self.namespaces = namespaces

    def tag(self, name: str) -> tuple[str, bool]:
        """The tag of a member, and whether the member's name must be kept beside it."""
        namespace, local = self.namespaces.split(name)
        if namespace == UNQUALIFIED:
            return f"{{{KEPT}}}member", True
        if not _NC_NAME.match(local) or "\0" in namespace or not namespace.isprintable():
            return f"{{{KEPT}}}member", True
        prefix = name.partition(":")[0]
        kept = bool(namespace) and self.namespaces.namespace(prefix) is None and namespace != prefix + ":"
        return (f"{{{namespace}}}{local}" if namespace else local), kept

    def write(self, parent: Any, name: str, value: Any) -> None:
        """Appends what a member stands for, one element for each item of a list."""
        tag, keep_name = self.tag(name)
        if isinstance(value, list):
            if not value:
                self._element(parent, tag, name if keep_name else "", None, "empty-list")
            for item in value:
                kind = "item" if len(value) == 1 else ""
                self._value(parent, tag, name if keep_name else "", item, kind)
            return
        self._value(parent, tag, name if keep_name else "", value, "")

    def write_named(self, parent: Any, tag: str, name: str, value: Any) -> None:
        """Appends a member under a tag of the binding's choice, with its name kept beside it."""
        items = value if isinstance(value, list) and value else [value]
        for item in items:
            self._value(parent, tag, name, item, "item" if isinstance(value, list) and len(value) == 1 else "")

    def write_all(self, parent: Any, members: Mapping[str, Any]) -> None:
        """Appends every member."""
        for name, value in members.items():
            self.write(parent, name, value)

    def _element(self, parent: Any, tag: str, name: str, text: str | None, kind: str) -> Any:
        element = etree.SubElement(parent, tag)
        if kind.strip():
            element.set(_KIND, kind.strip())
        if name:
            element.set(_NAME, name)
        if text is not None:
            if _NOT_XML.search(text):
                raise NotExpressible(name or tag, "the text holds characters that XML must not hold.")
            element.text = text
            if text != text.strip(" \t\r\n"):
                element.set(_SPACE, "preserve")
        return element

    def _value(self, parent: Any, tag: str, name: str, value: Any, kind: str) -> None:
        if isinstance(value, str):
            self._element(parent, tag, name, value, kind)
        elif isinstance(value, bool):
            self._element(parent, tag, name, "true" if value else "false", f"{kind} boolean")
        elif isinstance(value, int | float | Decimal):
            self._element(parent, tag, name, number_text(value), f"{kind} number")
        elif value is None:
            self._element(parent, tag, name, None, f"{kind} null")
        elif isinstance(value, list):
            holder = self._element(parent, tag, name, None, f"{kind} list")
            for item in value:
                self._value(holder, _ITEM, "", item, "")
        else:
            self._object(parent, tag, name, value, kind)

    def _object(self, parent: Any, tag: str, name: str, value: Mapping[str, Any], kind: str) -> None:
        if not value:
            self._element(parent, tag, name, None, f"{kind} object")
            return
        element = self._element(parent, tag, name, None, kind)
        attributes = value.get("@attributes")
        if isinstance(attributes, Mapping):
            for attribute, text in attributes.items():
                element.set(self.tag(attribute)[0], str(text))
        claimed, plain = value.get("@type"), value.get("@value")
        simple = isinstance(claimed, str) and claimed.startswith("xsd:") and "@value" in value
        if simple and isinstance(plain, str):
            element.set(_TYPE, str(claimed))
            element.text = plain
        elif "@value" in value and isinstance(plain, str) and isinstance(attributes, Mapping):
            element.text = plain
        done = {"@attributes", *(("@type", "@value") if simple else ()), *(("@value",) if element.text else ())}
        for member, inner in value.items():
            if member not in done:
                self.write(element, member, inner)


def number_text(value: float | Decimal) -> str:
    """A JSON number as XML writes it, without loss."""
    return format(value, "f") if isinstance(value, Decimal) and -20 < value.adjusted() < 20 else str(value)
