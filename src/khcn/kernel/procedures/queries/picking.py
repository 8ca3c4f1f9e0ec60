"""Records that fields of a form choose from – people, organisations, places, files of the case – and what they say.

Reads names only; a person's telephone or address is never among what is offered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from khcn.kernel.orgs.models import Organisation, Person
from khcn.kernel.orgs.queries import organisations_on
from khcn.kernel.places.models import AdministrativeUnit
from khcn.kernel.places.queries import units_on
from khcn.kernel.procedures.choices import FieldKind
from khcn.kernel.procedures.engine.definition import Field
from khcn.kernel.procedures.engine.forms import as_text
from khcn.kernel.procedures.models import Case, CaseAttachment
from khcn.web.pickers import Pick, Source
from khcn.web.search import matching

PICKED_KINDS = frozenset({FieldKind.PERSON, FieldKind.ORGANISATION, FieldKind.PLACE})


def _people(text: str, limit: int) -> list[Pick]:
    rows = matching(Person.objects.select_related("employer"), "folded", text)[:limit]
    return [Pick(str(row.uid), str(row), str(row.employer or "")) for row in rows]


def _organisations(text: str, limit: int) -> list[Pick]:
    rows = matching(organisations_on(timezone.localdate()), "folded", text)[:limit]
    return [Pick(str(row.uid), row.name, row.code) for row in rows]


def _places(text: str, limit: int) -> list[Pick]:
    rows = matching(units_on(timezone.localdate()).select_related("parent"), "folded", text)[:limit]
    return [Pick(str(row.uid), row.name, str(row.parent or row.get_level_display())) for row in rows]


def _uids(values: Collection[str]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(UUID(str(value)))
        except ValueError:
            continue
    return found


def _named(rows: QuerySet[Any], values: Collection[str]) -> dict[str, str]:
    wanted = _uids(values)
    return {str(row.uid): str(row) for row in rows.filter(uid__in=wanted)} if wanted else {}


SOURCES: Mapping[FieldKind, Source] = {
    FieldKind.PERSON: Source(
        reverse_lazy("record_picks", args=["nguoi"]), _people, lambda values: _named(Person.objects.all(), values)
    ),
    FieldKind.ORGANISATION: Source(
        reverse_lazy("record_picks", args=["co-quan"]), _organisations,
        lambda values: _named(Organisation.objects.all(), values),
    ),
    FieldKind.PLACE: Source(
        reverse_lazy("record_picks", args=["dia-ban"]), _places,
        lambda values: _named(AdministrativeUnit.objects.all(), values),
    ),
}  # fmt: skip
BY_ADDRESS = {"nguoi": FieldKind.PERSON, "co-quan": FieldKind.ORGANISATION, "dia-ban": FieldKind.PLACE}


@dataclass(frozen=True, slots=True)
class Told:
    """One answer as people read it. address: of the file it names. head/rows: of a table."""

    label: str
    text: str = ""
    address: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def names_in(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, str]:
    """What the records are called that the values of the fields, and of their tables, name. Three queries at most."""
    wanted: dict[FieldKind, set[str]] = {kind: set() for kind in PICKED_KINDS}
    for field in fields:
        value = values.get(field.key)
        if field.kind in PICKED_KINDS and value:
            wanted[field.kind].add(str(value))
        elif field.kind is FieldKind.TABLE and isinstance(value, list | tuple):
            for column in field.columns:
                if column.kind in PICKED_KINDS:
                    wanted[column.kind] |= {str(row[column.key]) for row in value if row.get(column.key)}
    names: dict[str, str] = {}
    for kind, uids in wanted.items():
        if uids:
            names |= SOURCES[kind].named(uids)
    return names


def text_of(field: Field, value: Any, names: Mapping[str, str]) -> str:
    """A value as a person reads it: as `as_text`, with the names of records in place of their uids."""
    return names.get(str(value), "") if field.kind in PICKED_KINDS else as_text(field, value)


def told(case: Case, fields: Iterable[Field], values: Mapping[str, Any]) -> list[Told]:
    """What the case's forms have brought, in the order of the fields; what was left empty is passed over."""
    asked = [field for field in fields if values.get(field.key) not in (None, "", [])]
    names = names_in(asked, values)
    files = {
        str(file.uid): file
        for file in (case.attachments.all() if any(field.kind is FieldKind.FILE for field in asked) else ())
    }
    return [_told(field, values[field.key], names, files) for field in asked]


def _told(field: Field, value: Any, names: Mapping[str, str], files: Mapping[str, CaseAttachment]) -> Told:
    if field.kind is FieldKind.FILE:
        file = files.get(str(value))
        return Told(field.label, file.filename, reverse("case_file", args=[file.uid])) if file else Told(field.label)
    if field.kind is FieldKind.TABLE:
        rows = [row for row in value if isinstance(row, Mapping)]
        return Told(
            field.label, head=tuple(column.label for column in field.columns),
            rows=tuple(tuple(text_of(column, row.get(column.key), names) for column in field.columns) for row in rows),
        )  # fmt: skip
    return Told(field.label, text_of(field, value, names))
