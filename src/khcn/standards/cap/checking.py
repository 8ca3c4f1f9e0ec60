"""Checks a message whole: safe XML, the schema's structure, the demands in words. Collects all, stops at nothing."""

from __future__ import annotations

from dataclasses import dataclass

from khcn.standards.cap.findings import ADVICE, ERROR, UnreadableCap, Violation
from khcn.standards.cap.safe_xml import parse
from khcn.standards.cap.semantics import PROFILES
from khcn.standards.cap.structure import structure_violations


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on a message: `violations` make it invalid, `advice` does not."""

    violations: tuple[Violation, ...]
    advice: tuple[Violation, ...] = ()

    @property
    def is_valid(self) -> bool:
        """No demand of CAP 1.2 (and of the profile asked for) is broken."""
        return not self.violations


def check_alert(content: bytes, *, profile: str = "") -> Checked:
    """Return every departure of the message from CAP 1.2; profile "vn" adds what this system issues by.

    An unreadable file is one violation CAP-X01. Never raises for what a file holds; KeyError for an unknown profile.
    """
    rules = PROFILES[profile]
    try:
        root = parse(content)
    except UnreadableCap as fault:
        return Checked((Violation("CAP-X01", f"/line({fault.line})" if fault.line else "/", str(fault)),))
    found = structure_violations(root)
    if not any(each.rule == "CAP-S01" for each in found):
        found += [each for rule in rules for each in rule.violations(root)]
    return Checked(
        tuple(each for each in found if each.severity == ERROR),
        tuple(each for each in found if each.severity == ADVICE),
    )
