"""Forms: fields that read what officials type (45 tỷ, 01072025), and refusals of services shown beside their field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.lib.dates import VIETNAM, parse_date_vi
from khcn.lib.failure import Failure, Forbidden, Stale
from khcn.lib.labelled import Labelled
from khcn.lib.moments import read_moment
from khcn.lib.money import format_number, parse_vnd
from khcn.lib.text import nfc
from khcn.lib.unreadable import Unreadable
from khcn.web.fields import label_of, shown
from khcn.web.wording import said


class MoneyInput(forms.TextInput):
    """A text box that groups thousands and shows the amount in words below it while one types."""

    look = "money"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"inputmode": "text", "autocomplete": "off", "data-money": reverse_lazy("amount_in_words"), **(attrs or {})}
        )

    def format_value(self, value: Any) -> str:
        """45.000.000.000 for a number; what was typed for anything else."""
        return format_number(value) if isinstance(value, int) else "" if value is None else str(value)


class MoneyField(forms.Field):
    """Whole đồng from "45 tỷ", "45.000.000.000", "45,5 triệu". Cleans to int, or None when empty and not required."""

    widget = MoneyInput

    def __init__(self, *, negative: bool = False, **kwargs: Any) -> None:
        self.negative = negative
        kwargs.setdefault("help_text", gettext_lazy("Ví dụ: 45.000.000.000, 45 tỷ hoặc 45,5 triệu."))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        """Đồng; raises ValidationError with the sentence of `parse_vnd`."""
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        try:
            return parse_vnd(str(value), allow_negative=self.negative)
        except Unreadable as error:
            raise ValidationError(said(error.message), code=error.code) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares amounts, not spellings."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class DayInput(forms.TextInput):
    """A text box for a date, with a calendar to choose from; accepts 01072025."""

    look = "day"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                "inputmode": "numeric",
                "autocomplete": "off",
                "placeholder": "dd/mm/yyyy",
                "data-day": "",
                **(attrs or {}),
            }
        )

    def format_value(self, value: Any) -> str:
        """dd/mm/yyyy for a date; what was typed for anything else."""
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else "" if value is None else str(value)


class DayField(forms.Field):
    """A date as people write it: 13/10/2022, 01072025, 1.7.2025, ISO. Cleans to date."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        """The date; raises ValidationError with the sentence of `parse_date_vi`."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return parse_date_vi(str(value))
        except Unreadable as error:
            raise ValidationError(said(error.message), code=error.code) from error


class MomentField(forms.Field):
    """A day with its time, in Vietnam's time: 14:30 03/10/2017. Cleans to an aware datetime."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"placeholder": "hh:mm dd/mm/yyyy", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """14:30 03/10/2017 for a moment."""
        return f"{timezone.localtime(value):%H:%M %d/%m/%Y}" if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        """The moment; raises ValidationError for what is none."""
        if value in self.empty_values:
            return None
        found = read_moment(value, VIETNAM)
        if found is None:
            raise ValidationError(_("Không đọc được thời gian; ghi như 14:30 03/10/2017."))
        return found


class EnumChoiceField(forms.TypedChoiceField):
    """A choice among the members of a `Labelled` enumeration; cleans to the member, or None.

    members: the members offered, all by default. blank: text of the empty choice.
    """

    def __init__(self, enum: type[Labelled], *, members: Any = None, blank: Any = None, **kwargs: Any) -> None:
        offered = list(members if members is not None else enum)
        empty = [("", blank if blank is not None else gettext_lazy("– chọn –"))]
        choices = empty + [(member.value, gettext_lazy(member.label)) for member in offered]
        super().__init__(choices=choices, coerce=enum, empty_value=None, **kwargs)


class EnumMultipleField(forms.TypedMultipleChoiceField):
    """Several members of a `Labelled` enumeration as check boxes; cleans to a list of members."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, enum: type[Labelled], *, members: Any = None, **kwargs: Any) -> None:
        offered = list(members if members is not None else enum)
        super().__init__(
            choices=[(member.value, gettext_lazy(member.label)) for member in offered],
            coerce=enum, empty_value=[], **kwargs,
        )  # fmt: skip


class FileDropInput(forms.ClearableFileInput):
    """A file input drawn as an area onto which files may be dropped."""

    look = "file"
    template_name = "django/forms/widgets/file.html"


class DropFileField(forms.FileField):
    """One uploaded file, limited in size and ending.

    endings: e.g. (".docx", ".pdf"). What the file really is, the service checks.
    """

    widget = FileDropInput

    def __init__(self, *, endings: tuple[str, ...] = (), max_mb: int = 50, **kwargs: Any) -> None:
        self.endings, self.max_mb = endings, max_mb
        super().__init__(**kwargs)
        if endings:
            self.widget.attrs["accept"] = ",".join(endings)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file; raises ValidationError for another ending, an empty file or too many bytes."""
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            if self.endings and not str(file.name).lower().endswith(self.endings):
                raise ValidationError(_("Chỉ nhận tệp %(endings)s.") % {"endings": ", ".join(self.endings)})
            if (file.size or 0) > self.max_mb * 1024 * 1024:
                raise ValidationError(
                    _("Tệp lớn hơn %(mb)d MB. Vui lòng giảm dung lượng rồi gửi lại.") % {"mb": self.max_mb}
                )
        return file


class Refusals:
    """What every form of the house does: NFC text, and services' refusals as errors beside their field."""

    errors: Any
    fields: Any

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn a service's refusal into an error of the form.

            if form.is_valid():
                with form.refusals():
                    task = services.register_task(by=request.actor, **form.cleaned_data)
                    return done(request, _("Đã ghi."), task_address)
            return page(request, "programme/task_form.html", {"form": form}, status=form.status)

        Forbidden and Stale pass through: the `screen` decorator has pages for them.
        """
        try:
            yield
        except (Forbidden, Stale):
            raise
        except Failure as failure:
            name = failure.field.strip("/").split("/")[0]
            self.add_error(name if name in self.fields else None, said(failure.message))  # type: ignore[attr-defined]

    @property
    def status(self) -> int:
        """422 for a form sent with errors, else 200."""
        return 422 if self.is_bound and self.errors else 200  # type: ignore[attr-defined]

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """(field's id, label, sentence) of every error, in the order of the fields; general ones first, without id."""
        found = [("", "", message) for message in self.errors.get(NON_FIELD_ERRORS, [])]
        for name in self.fields:
            bound = self[name]  # type: ignore[index]
            found += [(bound.id_for_label or bound.auto_id, str(bound.label), message) for message in bound.errors]
        return found


def _prepare(field: Any) -> None:
    """Dress a field once, whenever it came to its form."""
    if getattr(field, "is_prepared", False):
        return
    field.is_prepared = True
    if isinstance(field, forms.ModelChoiceField) and field.empty_label == "---------":
        field.empty_label = _("– chọn –")
    if isinstance(field, forms.DateField) and not isinstance(field.widget, forms.HiddenInput | DayInput):
        field.widget = DayInput(field.widget.attrs)
    if field.required and not isinstance(field.widget, forms.CheckboxSelectMultiple):
        field.widget.attrs.setdefault("aria-required", "true")
    label = str(field.label or "").lower()
    field.error_messages["required"] = _("Cần ghi %(what)s.") % {"what": label} if label else _("Cần ghi mục này.")


def form_value(form: Any, name: str, value: Any) -> str:
    """A value of a form's field as a person reads it: labels of choices, dates and amounts as they are typed."""
    field = form.fields[name]
    choices = {str(key): str(text) for key, text in getattr(field, "choices", []) or []}
    if isinstance(value, list | tuple | set):
        return ", ".join(choices.get(str(item), str(item)) for item in value)
    if isinstance(value, bool):
        return _("có") if value else _("không")
    key = str(getattr(value, "value", getattr(value, "pk", value)))
    return choices.get(key) or str(field.widget.format_value(value) or "")


def form_difference(form: Any, stored: Mapping[str, Any], record: models.Model, act: str) -> list[tuple[str, str, str]]:
    """(label, stored now, yours) of each field of a valid form that shows something else than is stored now.

    stored: what the form would show of the record as it is now, by field. Where nothing of it differs, the state
    that the record is in stands beside `act`, the name of what the person wanted to do.
    """
    rows = [
        (str(form.fields[name].label), form_value(form, name, stored[name]), form_value(form, name, mine))
        for name, mine in form.cleaned_data.items()
        if name in stored and stored[name] != mine
    ]
    if not rows and hasattr(record, "state"):
        rows = [(label_of(record, "state"), shown(record, "state"), act)]
    return rows


class KhcnForm(Refusals, forms.Form):
    """A form of the house: no colons after labels, errors as whole sentences. Draw it with `<c-form :form="form">`."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _prepare(field)

    def __getitem__(self, name: str) -> Any:
        """The bound field; one that was added after the form was made is dressed as the others are."""
        if name in self.fields:
            _prepare(self.fields[name])
        return super().__getitem__(name)

    def clean(self) -> dict[str, Any] | None:
        """Text in NFC."""
        data = super().clean() or self.cleaned_data
        return {name: nfc(value) if isinstance(value, str) else value for name, value in data.items()}


class KhcnModelForm(Refusals, forms.ModelForm):
    """As `KhcnForm`, with fields and labels taken from a model; a view still writes through a service, not `save()`."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _prepare(field)

    def __getitem__(self, name: str) -> Any:
        """The bound field; one that was added after the form was made is dressed as the others are."""
        if name in self.fields:
            _prepare(self.fields[name])
        return super().__getitem__(name)
