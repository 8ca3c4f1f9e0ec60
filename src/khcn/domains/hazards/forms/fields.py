"""Fields that read numbers as officials type them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from khcn.domains.hazards.rules.station_tables import read_number


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
