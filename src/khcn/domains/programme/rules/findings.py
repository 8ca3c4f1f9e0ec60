"""What a rule finds wrong: a whole Vietnamese sentence with its source and the records that prove it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One departure from a rule. code: stable machine name; evidence: ids of the records that show it."""

    code: str
    text: str
    citation: str
    evidence: tuple[str, ...] = ()


def sentences(findings: Iterable[Finding]) -> list[str]:
    """Return the sentences alone, as the guards of the state machines take them."""
    return [finding.text for finding in findings]
