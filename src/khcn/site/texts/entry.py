"""One translatable text as gettext knows it."""

from typing import NamedTuple


class Text(NamedTuple):
    """A text to translate. plural and context are empty where gettext has none."""

    words: str
    plural: str = ""
    context: str = ""
