"""Forms of the report of a year."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.marks.models import YearReport
from khcn.web.forms import DayField, KhcnForm


class FreezeForm(KhcnForm):
    """Of which year the figures are frozen."""

    year = forms.IntegerField(label=_("Năm"), min_value=1990, max_value=2200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("year", timezone.localdate().year)


class WordsForm(KhcnForm):
    """The words of a report."""

    assessment = forms.CharField(label=_("Đánh giá"), widget=forms.Textarea(attrs={"rows": 6}))
    difficulties = forms.CharField(
        label=_("Khó khăn, vướng mắc"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    proposals = forms.CharField(
        label=_("Kiến nghị, phương hướng"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )

    def __init__(self, *args: Any, report: YearReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(report, name) for name in self.fields}


class IssueForm(KhcnForm):
    """The day of a report."""

    on = DayField(label=_("Ngày ban hành"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())
