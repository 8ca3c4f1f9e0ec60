"""The form of a rule, and the small readings that rules share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from khcn.standards.cap.dates import read_time
from khcn.standards.cap.findings import ERROR, Violation
from khcn.standards.cap.places import MisreadPlace, Point, read_polygon
from khcn.standards.cap.reading import children, text_of
from khcn.standards.cap.safe_xml import pointer_to

Broken = Iterator[tuple[etree._Element, str]]
"""Places where the rule is broken, each with a whole Vietnamese sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A demand on a message. `demand` says it in Vietnamese; `source` names section or profile."""

    key: str
    demand: str
    source: str
    breaches: Callable[[etree._Element], Broken]
    severity: str = ERROR

    def violations(self, alert: etree._Element) -> list[Violation]:
        """Every place of the message where the rule is broken."""
        return [Violation(self.key, pointer_to(place), text, self.severity) for place, text in self.breaches(alert)]


def infos(alert: etree._Element) -> list[etree._Element]:
    """The info blocks of the message."""
    return children(alert, "info")


def below_infos(alert: etree._Element, name: str) -> list[etree._Element]:
    """Children of that name in every info block: areas, resources, parameters."""
    return [child for info in infos(alert) for child in children(info, name)]


def rings(alert: etree._Element) -> Iterator[tuple[etree._Element, tuple[Point, ...]]]:
    """Every polygon that can be read, with its (latitude, longitude) ring; another rule tells of the others."""
    for area in below_infos(alert, "area"):
        for element in children(area, "polygon"):
            try:
                yield element, read_polygon(element.text or "")
            except MisreadPlace:
                continue


def first(element: etree._Element, name: str) -> etree._Element:
    """The first child of that name, else the element itself: where to point."""
    found = children(element, name)
    return found[0] if found else element


def moment(element: etree._Element, name: str) -> datetime | None:
    """The time in a child; None where it is missing or misread (the structure check says so)."""
    return read_time(text_of(element, name))
