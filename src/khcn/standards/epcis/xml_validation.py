"""The EPCIS XML bindings as our own rules: every error of a document with its XPath.

The verdict is that of the official schemas of 2.0 and 1.2 as libxml2 runs them; they are the oracle of the tests and
no part of the product.
"""

from collections.abc import Sequence
from typing import Any

from lxml import etree

from khcn.standards.epcis.problems import Problem
from khcn.standards.epcis.xml_grammar import GRAMMAR_1, GRAMMAR_2, SBDH, Particle, XmlType, read_grammar
from khcn.standards.epcis.xml_values import VALUE_CHECKS, collapse

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_XSD = "http://www.w3.org/2001/XMLSchema"
_XSI_NAMES = {_XSI + name for name in ("type", "nil", "schemaLocation", "noNamespaceSchemaLocation")}
_EPCIS = "urn:epcglobal:epcis:xsd:"
_QUERY = "urn:epcglobal:epcis-query:xsd:"
_MASTER = "urn:epcglobal:epcis-masterdata:xsd:"

_TYPES = {"2": read_grammar(GRAMMAR_2, _QUERY + "2"), "1": read_grammar(GRAMMAR_1, _QUERY + "1")}
ROOTS = {
    f"{{{namespace}{version}}}{name}": (version, name)
    for version in ("1", "2")
    for namespace, name in (
        (_EPCIS, "EPCISDocument"),
        (_QUERY, "EPCISQueryDocument"),
        (_MASTER, "EPCISMasterDataDocument"),
    )
}
ROOTS[f"{{{_EPCIS}2}}EPCISCaptureJob"] = ("2", "EPCISCaptureJob")
ROOTS[f"{{{_EPCIS}2}}EPCISException"] = ("2", "EPCISException")
_QUERY_TYPES = frozenset({"EPCISQueryDocument", "QueryBody", "QueryResults", "ResultsBody", "Controls", "Schedule"})
_MASTER_TYPES = frozenset({"EPCISMasterDataDocument", "MasterBody"})
_HEADER_TYPES = frozenset({"Sbdh", "Scope"})
# Simple types of XML Schema that elements of extensions may claim with xsi:type.
_CLAIMABLE = {name: name for name in VALUE_CHECKS if name not in ("stamp", "action", "behaviour", "severity")}


_CLAIMABLE_QUERY = {"ArrayOfString": "Texts", "VoidHolder": "Empty", "EmptyParms": "Empty"}


def _children(element: Any) -> list[Any]:
    return [child for child in element if isinstance(child.tag, str)]


def _has_text(element: Any) -> bool:
    pieces = [element.text, *(child.tail for child in element)]
    return any(piece and piece.strip(" \t\r\n") for piece in pieces)


class _Validation:
    """One walk over one document, under the grammar of one version."""

    def __init__(self, tree: Any, version: str, target: str) -> None:
        self._tree, self._types, self._target, self._version = tree, _TYPES[version], target, version
        self.problems: list[Problem] = []

    def _target_of(self, type_name: str) -> str:
        """The namespace of the schema that declares a type; its wildcards leave that namespace out."""
        if type_name in _QUERY_TYPES:
            return _QUERY + self._version
        if type_name in _MASTER_TYPES:
            return _MASTER + self._version
        return SBDH if type_name in _HEADER_TYPES else _EPCIS + self._version

    def add(self, element: Any, message: str, code: str, attribute: str = "") -> None:
        path = self._tree.getpath(element) + (f"/@{attribute}" if attribute else "")
        self.problems.append(Problem(path, message, code))

    def check(self, element: Any, kind: XmlType, target: str, *, claims: bool = True) -> None:
        """One declared element; `target` is the namespace that foreign elements must not have."""
        claimed = element.get(_XSI + "type")
        if claims and claimed is not None and kind.value == "anything" and not kind.attributes:
            self._claimed(element, collapse(claimed))
            return
        self._attributes(element, kind)
        if kind.nillable and collapse(element.get(_XSI + "nil", "")) in ("true", "1"):
            if len(element) or element.text:
                self.add(element, "A null element must be empty.", "value")
            return
        if element.get(_XSI + "nil") is not None and not kind.nillable:
            self.add(element, "The element must not be null.", "value", "xsi:nil")
        if kind.value == "anything":
            for child in _children(element):
                self._lax(child)
        elif kind.value:
            self._simple(element, kind.value)
        else:
            self._sequence(element, kind, target)

    def _attributes(self, element: Any, kind: XmlType) -> None:
        for name, text in element.attrib.items():
            check = kind.attributes.get(name)
            if check is not None:
                problem = VALUE_CHECKS[check](text)
                if problem:
                    self.add(element, problem + ".", "value", name)
            elif name not in _XSI_NAMES and not kind.any_attribute:
                self.add(element, f"The attribute {name} has no place here.", "name", name)
        for name in kind.required:
            if name not in element.attrib:
                self.add(element, f"The attribute {name} is missing.", "missing")

    def _simple(self, element: Any, check: str) -> None:
        children = _children(element)
        if children:
            self.add(children[0], "A text is expected here, not an element.", "name")
            return
        problem = VALUE_CHECKS[check]("".join(element.itertext(etree.Element)) if len(element) else element.text or "")
        if problem:
            self.add(element, problem + ".", "value")

    def _sequence(self, element: Any, kind: XmlType, target: str) -> None:
        if _has_text(element):
            self.add(element, "Text has no place between the elements.", "text")
        children = _children(element)
        at = self._particles(element, kind.particles, children, 0, target)
        for child in children[at:]:
            self.add(child, f"{_label(child)} has no place here, or not in this order.", "name")

    def _particles(self, element: Any, particles: Sequence[Particle], children: list[Any], at: int, target: str) -> int:
        for particle in particles:
            count = 0
            while count < particle.most and at < len(children) and self._fits(children[at], particle, target):
                at = self._take(element, particle, children, at, target)
                count += 1
            if count < particle.least:
                self.add(element, f"{_wanted(particle)} is missing{_before(children, at)}.", "missing")
        return at

    def _fits(self, child: Any, particle: Particle, target: str) -> bool:
        if particle.kind == "element":
            return bool(child.tag == particle.tag)
        if particle.kind == "local":
            return not child.tag.startswith("{")
        if particle.kind == "other":
            return child.tag.startswith("{") and not child.tag.startswith(f"{{{target}}}")
        members = particle.members if particle.kind == "one" else particle.members[:1]
        return any(self._fits(child, member, target) for member in members)

    def _take(self, element: Any, particle: Particle, children: list[Any], at: int, target: str) -> int:
        child = children[at]
        if particle.kind == "element":
            self.check(child, self._types[particle.type_name], self._target_of(particle.type_name))
            return at + 1
        if particle.kind in ("other", "local"):
            self._lax(child)
            return at + 1
        if particle.kind == "group":
            return self._particles(element, particle.members, children, at, target)
        member = next(member for member in particle.members if self._fits(child, member, target))
        return self._take(element, member, children, at, target)

    def _lax(self, element: Any) -> None:
        """An element of an extension: checked where it is declared after all, or where it claims a simple type."""
        root = ROOTS.get(element.tag)
        if root is not None and self._target.endswith(root[0]):
            self.check(element, self._types[root[1]], element.tag[1:].split("}")[0])
            return
        if element.tag == f"{{{SBDH}}}StandardBusinessDocumentHeader":
            self.check(element, self._types["Sbdh"], SBDH)
            return
        claimed = element.get(_XSI + "type")
        if claimed is not None:
            self._claimed(element, collapse(claimed))
            return
        for child in _children(element):
            self._lax(child)

    def _claimed(self, element: Any, name: str) -> None:
        prefix, _, local = name.rpartition(":")
        namespace = element.nsmap.get(prefix or None)
        if namespace == _XSD and local == "anyType":
            for child in _children(element):
                self._lax(child)
        elif namespace == _XSD and local in _CLAIMABLE:
            self.check(element, XmlType(value=_CLAIMABLE[local]), "", claims=False)
        elif namespace == _QUERY + self._version and local in _CLAIMABLE_QUERY:
            self.check(element, self._types[_CLAIMABLE_QUERY[local]], namespace, claims=False)
        elif namespace != _XSD:
            self.add(element, f"xsi:type {name} names no type.", "value", "xsi:type")


def _label(element: Any) -> str:
    return str(element.tag.rpartition("}")[2])


def _wanted(particle: Particle) -> str:
    if particle.kind == "element":
        return particle.tag.rpartition("}")[2]
    if particle.kind in ("one", "group"):
        return " or ".join(_wanted(member) for member in particle.members)
    return "An element of another namespace" if particle.kind == "other" else "An element without namespace"


def _before(children: list[Any], at: int) -> str:
    return f" before {_label(children[at])}" if at < len(children) else ""


def validate_xml(tree: Any) -> list[Problem]:
    """Everything that the XML binding finds wrong with a document; the namespace of its root tells the version."""
    root = tree.getroot()
    found = ROOTS.get(root.tag)
    if found is None:
        return [Problem(tree.getpath(root), f"{root.tag} is no document of EPCIS 2.0 or 1.2.", "root")]
    version, name = found
    target = root.tag[1:].split("}")[0]
    validation = _Validation(tree, version, target)
    validation.check(root, _TYPES[version][name], target)
    return validation.problems
