"""What a check finds: which rule is broken, where in the message, and what to do, in Vietnamese."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ERROR: Final = "error"
ADVICE: Final = "advice"


class UnreadableCap(ValueError):
    """The bytes are no XML that is safe to read; the message says why and what to do. `line` is 1-based, 0 unknown."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: its id, an XPath to the place (names without prefix, counted from 1) and a whole sentence."""

    rule: str
    pointer: str
    message: str
    severity: str = ERROR
