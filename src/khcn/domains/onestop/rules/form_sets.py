"""Which set of forms is in force on a day and which number a paper has in it; the rows are handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from khcn.domains.onestop.choices import PaperKind


@dataclass(frozen=True, slots=True)
class PaperForm:
    """One form of a circular: its number there, its title, and the half-open time in which it is in force."""

    kind: PaperKind
    basis: str
    number: str
    title: str
    valid_from: date
    valid_to: date | None = None


class NoFormInForce(LookupError):
    """No set of forms in force on the day holds this paper."""


def form_on(forms: Sequence[PaperForm], kind: PaperKind, on: date) -> PaperForm:
    """The form of the paper in force on the day, the newest when two circulars overlap. Raises NoFormInForce."""
    found = [
        form
        for form in forms
        if form.kind is kind and form.valid_from <= on and (form.valid_to is None or on < form.valid_to)
    ]
    if not found:
        raise NoFormInForce(f"{kind.label}: chưa có mẫu có hiệu lực ngày {on:%d/%m/%Y}.")
    return max(found, key=lambda form: form.valid_from)
