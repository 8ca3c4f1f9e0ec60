"""The form of the numbers by which effectiveness is judged."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from khcn.domains.qms.rules.parameters import PARAMETERS, field_of
from khcn.web.forms import DayField, KhcnForm


class ParametersForm(KhcnForm):
    """A decision: its number, from when, and every number as it is to hold; what stands now is filled in."""

    decision = forms.CharField(label=_("Quyết định số, ngày"), max_length=200)
    valid_from = DayField(label=_("Áp dụng từ ngày"))

    def __init__(self, *args: Any, standing: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, named in PARAMETERS.items():
            if key in standing:
                self.fields[field_of(key)] = forms.IntegerField(
                    label=f"{_t(named.title)} ({_t(named.unit)})", initial=standing[key], min_value=named.least,
                    max_value=named.most,
                )  # fmt: skip

    def values(self) -> dict[str, int]:
        """The numbers by key."""
        return {key: self.cleaned_data[field_of(key)] for key in PARAMETERS if field_of(key) in self.cleaned_data}
