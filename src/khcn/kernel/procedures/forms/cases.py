"""Forms about cases; a step's own form is built from its definition."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.kernel.procedures.choices import FieldKind
from khcn.kernel.procedures.engine.definition import Field, Form
from khcn.kernel.procedures.engine.forms import shown
from khcn.web.forms import DayInput, DropFileField, KhcnForm, MoneyInput

TABLE_ROWS_EXTRA = 3
RADIO_LIMIT = 6


class StepForm(KhcnForm):
    """What every step asks besides its own form."""

    outcome = forms.CharField(label=_("Kết quả"), max_length=120, required=False)
    note = forms.CharField(label=_("Ghi chú"), max_length=2000, required=False, widget=forms.Textarea)


class ReturnForm(KhcnForm):
    """Where a case is sent back to, and why."""

    to = forms.ChoiceField(label=_("Trả lại về bước"))
    reason = forms.CharField(label=_("Lý do trả lại"), max_length=1000, widget=forms.Textarea)

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = targets  # type: ignore[attr-defined]


class CommentForm(KhcnForm):
    """A remark."""

    text = forms.CharField(label=_("Ý kiến"), max_length=4000, widget=forms.Textarea)


class AttachForm(KhcnForm):
    """A file for the case."""

    file = DropFileField(label=_("Tệp"), max_mb=50)
    title = forms.CharField(label=_("Tên tệp"), max_length=300, required=False)


def widget_of(field: Field) -> forms.Field:
    """A form field that shows the definition's field; what is typed is read by the engine, not here."""
    options: dict[str, Any] = {"label": field.label, "required": field.required, "help_text": field.help}
    if field.unit:
        options["label"] = f"{field.label} ({field.unit})"
    blank = [] if field.required else [("", "—")]
    choices = [*blank, *((one, one) for one in field.options)]
    match field.kind:
        case FieldKind.LONG_TEXT:
            return forms.CharField(widget=forms.Textarea, **options)
        case FieldKind.MONEY:
            return forms.CharField(widget=MoneyInput(), **options)
        case FieldKind.DATE:
            return forms.CharField(widget=DayInput(), **options)
        case FieldKind.YES_NO:
            return forms.BooleanField(**{**options, "required": False})
        case FieldKind.CHOICE:
            return forms.ChoiceField(
                choices=choices, widget=forms.RadioSelect if len(choices) < 6 else forms.Select, **options
            )
        case FieldKind.CHOICES:
            options["required"] = False
            return forms.MultipleChoiceField(
                choices=[(one, one) for one in field.options], widget=forms.CheckboxSelectMultiple, **options
            )
    return forms.CharField(**options)


def step_form(form: Form, facts: Mapping[str, Any], initial: Mapping[str, Any]) -> KhcnForm:
    """The step's fields that are shown now (tables apart), filled with what is known."""
    made = KhcnForm(initial=dict(initial))
    for field in form.fields:
        if field.kind is not FieldKind.TABLE and shown(field, {**facts, **initial}):
            made.fields[field.key] = widget_of(field)
    return made
