"""Fields that read numbers and moments as officials type them."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.hazards.rules.station_tables import read_moment, read_number
from khcn.lib.dates import VIETNAM


class NumberField(forms.Field):
    """A number with a comma or a dot as its decimal mark. Cleans to float, None when empty and not required."""

    widget = forms.TextInput

    def __init__(self, *, low: float | None = None, high: float | None = None, **kwargs: Any) -> None:
        self.low, self.high = low, high
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The number as a person writes it."""
        return f"{value:.10g}".replace(".", ",") if isinstance(value, int | float) else value

    def to_python(self, value: Any) -> float | None:
        """The number; raises ValidationError for what is none."""
        if value in self.empty_values:
            return None
        number = read_number(value)
        if number is None:
            raise ValidationError(_("“%(text)s” không phải là số.") % {"text": str(value)[:40]})
        if (self.low is not None and number < self.low) or (self.high is not None and number > self.high):
            raise ValidationError(
                _("Trị số phải từ %(low)s đến %(high)s.") % {"low": _bound(self.low), "high": _bound(self.high)}
            )
        return number


def _bound(value: float | None) -> str:
    return "…" if value is None else f"{value:g}".replace(".", ",")


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
