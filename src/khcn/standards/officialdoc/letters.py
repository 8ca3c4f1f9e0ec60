"""Classes of Vietnamese letters for regular expressions: ranges such as À-Ỹ mix capitals with small letters."""

import re
import unicodedata

_LETTERS = [chr(code) for code in (*range(0x41, 0x180), *range(0x1A0, 0x1B1), *range(0x1EA0, 0x1EFA))]
UPPER = "".join(c for c in _LETTERS if unicodedata.category(c) == "Lu")
LOWER = "".join(c for c in _LETTERS if unicodedata.category(c) == "Ll")


def compile_letters(pattern: str, flags: int = 0) -> re.Pattern[str]:
    r"""Compile `pattern`; \p{Lu} and \p{Ll} within its brackets stand for Vietnamese capitals and small letters."""
    return re.compile(pattern.replace(r"\p{Lu}", UPPER).replace(r"\p{Ll}", LOWER), flags)
