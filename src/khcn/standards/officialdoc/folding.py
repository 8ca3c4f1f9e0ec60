"""Fold Vietnamese text for matching: lower case, no diacritics, single spaces.

Folding is for recognising words only; nothing folded is ever stored or shown.
"""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def _fold_short(text: str) -> str:
    return _fold(text)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def fold(text: str) -> str:
    """Return `text` in lower case without Vietnamese marks, white space collapsed ("Mục  ĐÍCH" → "muc dich")."""
    return _fold_short(text) if len(text) <= 200 else _fold(text)
