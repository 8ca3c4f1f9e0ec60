"""Enumerations whose members carry a Vietnamese label, without Django: rules and models share them.

The label stands beside the value, marked with `gettext_noop` so that xgettext collects it; whoever shows it
translates it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


def gettext_noop(message: str) -> str:
    """Mark `message` for translation and return it unchanged; xgettext knows this name."""
    return message


class Labelled(StrEnum):
    """A string enumeration with a label: `DRAFT = "draft", gettext_noop("Bản nháp")`.

    A member equals its value (`State.DRAFT == "draft"`), prints as its value and sorts as declared in `choices()`.
    """

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Build a member from its stored value (ASCII, stable) and its Vietnamese label; raise ValueError without one.

        The default lets a type checker accept the look-up by value, `State("draft")`, which never comes here.
        """
        if not label:
            raise ValueError(f"{cls.__name__} member {value!r} has no label")
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return `(value, label)` pairs in declared order, as a form or model field wants them."""
        return [(member.value, member.label) for member in cls]

    @classmethod
    def values(cls) -> list[str]:
        """Return the stored values in declared order, as a check constraint wants them."""
        return [member.value for member in cls]
