"""The auditor's door: every rule that leaves traces is registered here, and a stored trace is computed again.

Importing `rule_trace` alone knows only the rules imported so far; this module imports them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import councils, guards, money, progress, traced_findings
from .rule_trace import RuleTrace, UnknownRule, recompute, rule_names

TRACED_MODULES = (guards, councils, money, progress, traced_findings)
"""The modules whose import registers the rules."""


@dataclass(frozen=True, slots=True)
class TraceCheck:
    """The verdict on one stored trace: `agrees`, or else a whole Vietnamese sentence in `text` and today's outcome."""

    rule: str
    agrees: bool
    text: str
    outcome: Any


def check_traces(stored: Iterable[Mapping[str, Any]]) -> tuple[TraceCheck, ...]:
    """Compute stored traces again, in order, and say which do not give the outcome on record.

    stored: what `RuleTrace.as_json` wrote. Raises KeyError for a row that is no trace.
    """
    return tuple(_check(RuleTrace.from_json(row)) for row in stored)


def known_rules() -> tuple[str, ...]:
    """Return the names of every rule that this version can compute again."""
    return rule_names()


def _check(trace: RuleTrace) -> TraceCheck:
    try:
        again = recompute(trace)
    except UnknownRule:
        return TraceCheck(trace.rule, False, f"Phiên bản này không có quy tắc “{trace.rule}”.", None)
    text = "" if again.agrees else f"Tính lại quy tắc “{trace.rule}” cho kết quả khác với kết quả đã lưu."
    return TraceCheck(trace.rule, again.agrees, text, again.outcome)
