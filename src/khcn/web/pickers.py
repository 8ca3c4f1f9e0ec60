"""Choosing one of many records by typing a part of its name: people, organisations, places.

With scripts the box offers what fits while one types. Without them the form sends what was typed: one record that
fits is taken, several come back as a list to choose from. Where records come from is a `Source`; nothing here knows
models.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from khcn.lib.text import fold, nfc

#: Appended to a field's name for what was typed; the name itself carries the record chosen.
TYPED = "__chu"
OFFERED = 20


@dataclass(frozen=True, slots=True)
class Pick:
    """A record one may choose: what the form keeps, what it is called, and a line that tells it from others."""

    value: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where records are found.

    address: answers `?q=` with `{"found": [{"value", "text", "detail"}]}`, asked by the page's script. find: records
    that hold the words typed, diacritics aside, at most so many. named: what records are called, by value; unknown
    values are left out.
    """

    address: Any
    find: Callable[[str, int], list[Pick]]
    named: Callable[[Collection[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Picked:
    """What a form sent: the record's value ("" for none), what was typed, and a sentence when that is no one record.

    offered: records to choose among when several fit.
    """

    value: str = ""
    typed: str = ""
    problem: str = ""
    offered: tuple[Pick, ...] = ()

    def __str__(self) -> str:
        return self.value


def picked(source: Source, value: str, typed: str) -> Picked:
    """Read what was sent. A value counts while its name still stands in the box, or it fits what was typed."""
    value, typed = value.strip(), nfc(typed).strip()
    if value:
        name = source.named([value]).get(value)
        if name is not None and (not typed or fold(name) == fold(typed)):
            return Picked(value, name)
    if not typed:
        return Picked()
    found = source.find(typed, OFFERED)
    chosen = next((one for one in found if one.value == value), None)
    exact = [one for one in found if fold(one.text) == fold(typed)]
    only = chosen or (exact[0] if len(exact) == 1 else found[0] if len(found) == 1 else None)
    if only is not None:
        return Picked(only.value, only.text)
    if not found:
        return Picked("", typed, _("Không tìm thấy “%(typed)s”. Gõ lại một phần tên.") % {"typed": typed})
    problem = _("Có nhiều kết quả cho “%(typed)s”. Chọn một trong danh sách.") % {"typed": typed}
    return Picked("", typed, problem, tuple(found))


class PickerInput(forms.Widget):
    """The box to type in, the hidden value, and the list; `Picked` or a bare value as its value."""

    look = "picker"
    template_name = "web/picker.html"

    def __init__(self, source: Source, attrs: dict[str, Any] | None = None) -> None:
        self.source = source
        super().__init__({"autocomplete": "off", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template draws."""
        context = super().get_context(name, None, attrs)
        if not isinstance(value, Picked):
            text = str(value or "")
            value = Picked(text, self.source.named([text]).get(text, "")) if text else Picked()
        return context | {"picked": value, "address": str(self.source.address), "typed_name": f"{name}{TYPED}"}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Picked:
        """What was sent under the two names."""
        return picked(self.source, str(data.get(name) or ""), str(data.get(f"{name}{TYPED}") or ""))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """True when neither name was sent."""
        return name not in data and f"{name}{TYPED}" not in data

    def id_for_label(self, id_: str) -> str:
        """The box that is typed in."""
        return id_


class PickerField(forms.Field):
    """One record of a source; cleans to its value, None when empty and not required."""

    def __init__(self, source: Source, **kwargs: Any) -> None:
        super().__init__(widget=PickerInput(source), **kwargs)

    def clean(self, value: Any) -> str | None:
        """The value; raises ValidationError with the sentence of `picked`."""
        found = value if isinstance(value, Picked) else Picked(str(value or ""))
        if found.problem:
            raise ValidationError(found.problem, code="several" if found.offered else "unknown")
        super().validate(found.value)
        return found.value or None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares values."""
        return str(initial or "") != str(data or "")
