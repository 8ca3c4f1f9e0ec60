"""Forms of tables of levels: a draft, its lines, a decision on it, facts that are declared, facts to ask about."""

from typing import Any

import django_filters as df
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from khcn.domains.hazards.choices import ExceedanceState
from khcn.domains.hazards.forms.fields import NumberField
from khcn.domains.hazards.models import Exceedance, Station
from khcn.domains.hazards.rules.table_words import CODES, INPUTS, POLICIES
from khcn.kernel.orgs.models import Organisation
from khcn.web.forms import DayField, KhcnForm


class DraftForm(KhcnForm):
    """A province's table begun from another."""

    owner = forms.ModelChoiceField(Organisation.objects.none(), to_field_name="code", label=_("Cơ quan trình"))
    decision = forms.CharField(
        label=_("Số quyết định"), max_length=120, help_text=_("Ví dụ 12/2026/QĐ-UBND; ghi “dự thảo” khi chưa ban hành.")
    )
    valid_from = DayField(label=_("Áp dụng từ"), initial=timezone.localdate)

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        if owners.count() == 1:
            self.fields["owner"].initial = owners.first()


class LinesForm(KhcnForm):
    """The lines of a draft."""

    decision = forms.CharField(label=_("Số quyết định"), max_length=120)
    valid_from = DayField(label=_("Áp dụng từ"))
    policy = forms.ChoiceField(label=_("Khi nhiều dòng cùng đúng"))
    lines_text = forms.CharField(
        label=_("Các dòng"), widget=forms.Textarea(attrs={"rows": 18, "class": "h-lines", "spellcheck": "false"}),
        help_text=_("Mỗi điều kiện một dòng: số dòng | cấp | điều khoản | yếu tố | điều kiện, ví dụ (200,400]."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policy"].choices = [(key, _now(word)) for key, word in POLICIES.items()]  # type: ignore[attr-defined]


class ReasonForm(KhcnForm):
    """Why a draft is not approved."""

    reason = forms.CharField(label=_("Lý do"), max_length=400)


class EndForm(KhcnForm):
    """The day from which a province's table holds no longer."""

    on = DayField(label=_("Thôi áp dụng từ"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Lý do"), max_length=400)


class FactForm(KhcnForm):
    """A fact that no station measures."""

    owner = forms.ModelChoiceField(Organisation.objects.none(), to_field_name="code", label=_("Cơ quan"))
    input = forms.ChoiceField(label=_("Yếu tố"))
    place = forms.ModelChoiceField(
        Station.objects.none(), to_field_name="code", label=_("Trạm"), required=False,
        help_text=_("Để trống nếu đúng cho toàn tỉnh."),
    )  # fmt: skip
    value = forms.CharField(label=_("Giá trị"), max_length=40, help_text=_("Số, hoặc mã như hills, south, 1, 2, 3."))
    source = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_("Văn bản, số, ngày."))
    valid_from = DayField(label=_("Đúng từ ngày"), initial=timezone.localdate)

    def __init__(self, *args: Any, owners: Any, stations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        self.fields["place"].queryset = stations  # type: ignore[attr-defined]
        self.fields["input"].choices = [(key, _now(word)) for key, (word, _unit) in INPUTS.items()]  # type: ignore[attr-defined]
        if owners.count() == 1:
            self.fields["owner"].initial = owners.first()


class AskForm(KhcnForm):
    """Facts to ask a table about; what is left empty is not known."""

    def __init__(self, *args: Any, asked: list[tuple[str, list[str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, codes in asked:
            word, unit = INPUTS.get(name, (name, ""))
            label = f"{_now(word)} ({_now(unit)})" if unit else _now(word)
            if codes:
                choices = [("", _now("– chưa biết –")), *((code, _now(CODES.get(code, code))) for code in codes)]
                self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
            else:
                self.fields[name] = NumberField(label=label, required=False)

    @property
    def facts(self) -> dict[str, Any]:
        """The facts given; None for what is not known."""
        return {name: (value if value != "" else None) for name, value in self.cleaned_data.items()}


class ExceedanceFilter(df.FilterSet):
    """Stretches by hazard and whether they last."""

    hazard = df.ChoiceFilter(label=_("Loại thiên tai"), empty_label=_("Tất cả"))
    state = df.ChoiceFilter(
        label=_("Trạng thái"), choices=[(value, _(label)) for value, label in ExceedanceState.choices()],
        empty_label=_("Tất cả"),
    )  # fmt: skip

    class Meta:
        model = Exceedance
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(Exceedance.objects.order_by().values_list("hazard", "evaluation__table__name").distinct())
        self.filters["hazard"].extra["choices"] = [(key, _now(word)) for key, word in names.items()]
