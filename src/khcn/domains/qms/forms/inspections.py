"""Forms of inspections by the standing body."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.domains.qms.choices import InspectionMode, Severity
from khcn.domains.qms.forms.acts import ActForm, Area
from khcn.domains.qms.models import QualitySystem
from khcn.web.forms import DayField, EnumChoiceField


class InspectionForm(ActForm):
    """A planned inspection."""

    agency = forms.ModelChoiceField(QualitySystem.objects.none(), label=_("Cơ quan được kiểm tra"))
    mode = EnumChoiceField(InspectionMode, label=_("Hình thức"))
    decision_number = forms.CharField(label=_("Kế hoạch, quyết định số"), max_length=120)
    planned_on = DayField(label=_("Dự kiến kiểm tra ngày"))
    team = forms.CharField(label=_("Đoàn kiểm tra"), widget=Area, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = QualitySystem.objects.select_related("organisation")  # type: ignore[attr-defined]


class InspectionFindingForm(ActForm):
    """Something wrong that an inspection found."""

    content = forms.CharField(label=_("Nội dung tồn tại"), widget=Area)
    clause = forms.CharField(label=_("Điều khoản"), max_length=12, required=False)
    severity = EnumChoiceField(Severity, label=_("Mức"), initial=Severity.MINOR)
    due_on = DayField(label=_("Hạn khắc phục"))


class RemedyForm(ActForm):
    """How a finding was mended."""

    remedy = forms.CharField(label=_("Kết quả khắc phục"), widget=Area)
