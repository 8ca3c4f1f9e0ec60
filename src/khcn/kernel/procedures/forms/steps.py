"""A step's own form, built from its definition: what is shown, what was sent, what is wrong with it.

Answers are read by the engine; this module draws fields and gathers what a browser sends, files and picked records
included.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict, ErrorList
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from khcn.kernel.procedures.choices import FieldKind
from khcn.kernel.procedures.engine.definition import Field, Form
from khcn.kernel.procedures.engine.forms import answers, as_text, shown
from khcn.kernel.procedures.queries.picking import PICKED_KINDS, SOURCES
from khcn.lib.failure import Failure
from khcn.web.forms import DayInput, FileDropInput, KhcnForm, MoneyInput
from khcn.web.pickers import TYPED, Picked, PickerField, PickerInput, picked
from khcn.web.wording import said

TABLE_ROWS_EXTRA = 3
RADIO_LIMIT = 6
#: Names the conditional fields that the page shows, so that a saved draft can tell which have come or gone.
SHOWN = "_hien"


class KeptFileInput(FileDropInput):
    """A file area that says which file of the case was already sent, and sends its uid along."""

    template_name = "procedures/kept_file.html"

    def __init__(self, names: Mapping[str, str], attrs: dict[str, Any] | None = None) -> None:
        self.names = names
        super().__init__(attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With the uid and the name of the file kept."""
        kept = str(value or "")
        kept = kept if kept in self.names else ""
        return super().get_context(name, None, attrs) | {"kept": kept, "kept_name": self.names.get(kept, "")}


def widget_of(one: Field, files: Mapping[str, str]) -> forms.Field:
    """A form field that shows the definition's field. files: names of the case's files by uid."""
    options: dict[str, Any] = {"label": one.label, "required": one.required, "help_text": one.help}
    if one.unit and one.kind is not FieldKind.MONEY:
        options["label"] = f"{one.label} ({one.unit})"
    if one.kind in PICKED_KINDS:
        return PickerField(SOURCES[one.kind], **options)
    blank = [] if one.required else [("", "—")]
    match one.kind:
        case FieldKind.LONG_TEXT:
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **options)
        case FieldKind.NUMBER:
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options)
        case FieldKind.MONEY:
            return forms.CharField(widget=MoneyInput(), **options)
        case FieldKind.DATE:
            return forms.CharField(widget=DayInput(), **options)
        case FieldKind.YES_NO:
            return forms.BooleanField(**{**options, "required": False})
        case FieldKind.FILE:
            return forms.CharField(widget=KeptFileInput(files), **options)
        case FieldKind.CHOICE:
            few = len(one.options) < RADIO_LIMIT
            choices: list[tuple[str, Any]] = [*blank, *((text, text) for text in one.options)]
            if not few and one.required:
                choices = [("", _("– chọn –")), *choices]
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect if few else forms.Select, **options)
        case FieldKind.CHOICES:
            return forms.MultipleChoiceField(
                choices=[(text, text) for text in one.options], widget=forms.CheckboxSelectMultiple,
                **{**options, "required": False},
            )  # fmt: skip
    return forms.CharField(**options)


def shown_keys(form: Form, facts: Mapping[str, Any], values: Mapping[str, Any]) -> set[str]:
    """Keys of the fields that are asked, given what was typed so far."""
    read = {**facts, **answers(form, values, facts).values}
    return {one.key for one in form.fields if shown(one, read)}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table in a form: the column and its control."""

    label: str
    control: str


@dataclass(frozen=True, slots=True)
class Part:
    """One field as the page draws it. bound: of a plain field; head/lines: of a table. is_shown: asked now."""

    key: str
    is_shown: bool
    is_conditional: bool
    bound: Any = None
    label: str = ""
    help: str = ""
    error: str = ""
    lines: tuple[tuple[Cell, ...], ...] = ()


def parts_of(
    form: Form, facts: Mapping[str, Any], values: Mapping[str, Any], *, errors: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
) -> list[Part]:  # fmt: skip
    """Every field of the form in order, filled with the values. files: names of the case's files by uid."""
    errors, files = errors or {}, files or {}
    asked = shown_keys(form, facts, values)
    made = KhcnForm(initial=dict(values))
    for one in form.fields:
        if one.kind is not FieldKind.TABLE:
            made.fields[one.key] = widget_of(one, files)
    found = ErrorDict({key: ErrorList([said(text)]) for key, text in errors.items() if key in made.fields})
    made._errors = found  # type: ignore[attr-defined]
    parts = []
    for one in form.fields:
        told = Part(one.key, one.key in asked, bool(one.shown_if), label=one.label, help=one.help)
        if one.kind is FieldKind.TABLE:
            rows = values.get(one.key)
            rows = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list | tuple) else []
            lines = _lines(one, [*rows, *({} for _n in range(TABLE_ROWS_EXTRA))])
            told = Part(
                told.key, told.is_shown, told.is_conditional, label=one.label, help=one.help,
                error=said(errors[one.key]) if one.key in errors else "", lines=lines,
            )  # fmt: skip
        else:
            told = Part(told.key, told.is_shown, told.is_conditional, bound=made[one.key], label=one.label)
        parts.append(told)
    return parts


def _lines(table: Field, rows: list[Mapping[str, Any]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        tuple(Cell(column.label, _control(table, column, row, number)) for column in table.columns)
        for number, row in enumerate(rows, 1)
    )


def _control(table: Field, column: Field, row: Mapping[str, Any], number: int) -> str:
    """A cell's control; every cell sends exactly one value, so that columns stay aligned."""
    name, value = f"{table.key}.{column.key}", row.get(column.key, "")
    css = {"aria-label": f"{column.label}, {number}", "autocomplete": "off"}
    if column.kind in PICKED_KINDS:
        kept = value if isinstance(value, Picked) else str(value or "")
        return PickerInput(SOURCES[column.kind]).render(name, kept, {**css, "class": "form-control"})
    if column.kind in (FieldKind.CHOICE, FieldKind.YES_NO):
        offered = [_t("Có"), _t("Không")] if column.kind is FieldKind.YES_NO else column.options
        chosen = (offered[0] if value else offered[1]) if isinstance(value, bool) else str(value or "")
        select = forms.Select(choices=[("", "—"), *((text, text) for text in offered)])
        return select.render(name, chosen, {**css, "class": "form-select"})
    text = value if isinstance(value, str) else as_text(column, value)
    widget = {FieldKind.MONEY: MoneyInput, FieldKind.DATE: DayInput}.get(column.kind, forms.TextInput)()
    return widget.render(name, text, {**css, "class": "form-control"})


@dataclass
class Sent:
    """What a browser sent for a form: answers for the engine, what to show again, and what does not fit yet."""

    values: dict[str, Any] = field(default_factory=dict)
    again: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def sent_answers(
    form: Form, data: MultiValueDict[str, Any], files: Mapping[str, UploadedFile], *,
    keep: Callable[[Field, UploadedFile], str] | None, kept: Collection[str] = (),
) -> Sent:  # fmt: skip
    """Gather answers by field key. keep: stores an uploaded file and returns its uid; without it files are passed over.

    kept: uids of the case's files, the only ones that a form may name.
    """
    sent = Sent()
    for one in form.fields:
        if one.kind is FieldKind.CHOICES:
            sent.values[one.key] = data.getlist(one.key)
        elif one.kind is FieldKind.TABLE:
            _gather_table(one, data, sent)
            continue
        elif one.kind is FieldKind.FILE:
            _gather_file(one, data, files, keep, kept, sent)
            continue
        elif one.kind in PICKED_KINDS:
            _gather_pick(one, data, sent)
            continue
        else:
            sent.values[one.key] = data.get(one.key, "")
        sent.again[one.key] = sent.values[one.key]
    return sent


def _gather_pick(one: Field, data: MultiValueDict[str, Any], sent: Sent) -> None:
    found = picked(SOURCES[one.kind], str(data.get(one.key) or ""), str(data.get(f"{one.key}{TYPED}") or ""))
    sent.values[one.key], sent.again[one.key] = found.value, found
    if found.problem:
        sent.errors[one.key] = found.problem


def _gather_file(
    one: Field, data: MultiValueDict[str, Any], files: Mapping[str, UploadedFile],
    keep: Callable[[Field, UploadedFile], str] | None, kept: Collection[str], sent: Sent,
) -> None:  # fmt: skip
    value = str(data.get(one.key) or "")
    value = value if value in kept else ""
    if one.key in files and keep is not None:
        try:
            value = keep(one, files[one.key])
        except Failure as fault:
            sent.errors[one.key] = f"{one.label}: {said(fault.message)}"
    sent.values[one.key] = sent.again[one.key] = value


def _gather_table(one: Field, data: MultiValueDict[str, Any], sent: Sent) -> None:
    cells = {column.key: data.getlist(f"{one.key}.{column.key}") for column in one.columns}
    longest = max((len(column) for column in cells.values()), default=0)
    values: list[dict[str, Any]] = []
    again: list[dict[str, Any]] = []
    for place in range(longest):
        row = {key: column[place] if place < len(column) else "" for key, column in cells.items()}
        drawn: dict[str, Any] = dict(row)
        for column in one.columns:
            if column.kind in PICKED_KINDS:
                typed = data.getlist(f"{one.key}.{column.key}{TYPED}")
                found = picked(SOURCES[column.kind], row[column.key], typed[place] if place < len(typed) else "")
                row[column.key], drawn[column.key] = found.value, found
                if found.problem:
                    sent.errors.setdefault(one.key, f"{one.label}, {place + 1}: {found.problem}")
            elif column.kind is FieldKind.YES_NO and row[column.key]:
                row[column.key] = "có" if row[column.key] == _t("Có") else "không"
        if any(str(item) or getattr(item, "typed", "") for item in drawn.values()):
            values.append(row)
            again.append(drawn)
    sent.values[one.key], sent.again[one.key] = values, again


def storable(sent: Sent) -> dict[str, Any]:
    """What a draft keeps of what was sent: texts only; a box in which no record was chosen keeps its text."""

    def plain(value: Any) -> Any:
        if isinstance(value, Picked):
            return value.value or {"typed": value.typed}
        if isinstance(value, list):
            return [plain(item) for item in value]
        if isinstance(value, Mapping):
            return {key: plain(item) for key, item in value.items()}
        return value

    return {key: plain(value) for key, value in sent.again.items()}


def restored(form: Form, contents: Mapping[str, Any]) -> dict[str, Any]:
    """A draft's contents as values to show; what it keeps empty is left out, so that it hides nothing known."""

    def back(value: Any) -> Any:
        if isinstance(value, Mapping) and set(value) == {"typed"}:
            return Picked("", str(value["typed"]))
        return value

    found: dict[str, Any] = {}
    for one in form.fields:
        value = contents.get(one.key)
        if value in (None, "", []):
            continue
        if isinstance(value, list):
            value = [{k: back(v) for k, v in row.items()} if isinstance(row, Mapping) else row for row in value]
        found[one.key] = back(value)
    return found
