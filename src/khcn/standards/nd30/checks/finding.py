"""What a check finds, and the usual questions about lines: which have a wrong size, weight or slant."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from khcn.standards.nd30.docx_reader import Line
from khcn.standards.nd30.layout import Span


class Severity(StrEnum):
    """ERROR breaks a rule of the decree; WARNING is custom or likely a slip, for a person to look at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One fault: a stable code ("body.size"), how grave, where in the document, and a Vietnamese sentence."""

    code: str
    severity: Severity
    where: str
    message_vi: str


def about(code: str, lines: Iterable[Line], message: str, severity: Severity = Severity.ERROR) -> Iterator[Finding]:
    """One finding for all the lines with the same fault; none when there is no line."""
    faulty = list(lines)
    if faulty:
        more = f" và {len(faulty) - 1} chỗ khác" if len(faulty) > 1 else ""
        yield Finding(code, severity, faulty[0].where + more, message)


def missing(code: str, message: str, severity: Severity = Severity.ERROR) -> Iterator[Finding]:
    """A finding about a part that is not there."""
    yield Finding(code, severity, "toàn văn bản", message)


def wrong_size(code: str, lines: Iterable[Line], allowed: Span, name: str) -> Iterator[Finding]:
    """Lines with a size outside the allowed span."""
    faulty = [line for line in lines if any(not allowed.holds(size) for size in line.sizes)]
    if faulty:
        shown = ", ".join(f"{size:g}" for size in sorted(set().union(*(line.sizes for line in faulty))))
        span = f"{allowed.least:g}" if allowed.least == allowed.most else f"từ {allowed.least:g} đến {allowed.most:g}"
        yield from about(code, faulty, f"{name} phải có cỡ chữ {span}; đang là {shown}.")


def unlike(code: str, lines: Iterable[Line], is_right: Callable[[Line], bool], message: str) -> Iterator[Finding]:
    """Lines that hold text and are not as they must be."""
    yield from about(code, [line for line in lines if not line.is_blank and not is_right(line)], message)


def is_upright_bold(line: Line) -> bool:
    return line.is_bold and not any(run.italic for run in line.runs if run.text.strip())


def is_capitals(line: Line) -> bool:
    return line.text == line.text.upper()
