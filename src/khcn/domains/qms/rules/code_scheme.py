"""Codes of controlled documents: what comes next in the series that an agency uses for a type; it assigns none."""

import re
from collections import Counter
from collections.abc import Iterable

from khcn.domains.qms.choices import DocumentType

FIRST = {
    DocumentType.POLICY: "CSCL-01", DocumentType.OBJECTIVES: "MTCL-01", DocumentType.MANUAL: "MTHT-01",
    DocumentType.PROCEDURE: "QT-01", DocumentType.INSTRUCTION: "HD-01", DocumentType.FORM: "BM-01",
    DocumentType.EXTERNAL: "TLBN-01",
}  # fmt: skip
"""Where a type begins at an agency that has no code of it yet."""

_SERIES = re.compile(r"(.*?)(\d+)(\D*)")


def next_code(type: DocumentType, used: Iterable[str]) -> str:
    """The next code of the type: the commonest pattern among those used, with the number after its highest.

    The number keeps its width ("QT-09" → "QT-10"); codes without a number make no series.
    """
    numbers: dict[tuple[str, str], list[str]] = {}
    for code in used:
        if found := _SERIES.fullmatch(code):
            numbers.setdefault((found.group(1), found.group(3)), []).append(found.group(2))
    if not numbers:
        return FIRST[type]
    sizes = Counter({pattern: len(values) for pattern, values in numbers.items()})
    (before, after), _ = min(sizes.items(), key=lambda item: (-item[1], item[0]))
    values = numbers[before, after]
    return f"{before}{max(int(value) for value in values) + 1:0{max(len(value) for value in values)}d}{after}"
