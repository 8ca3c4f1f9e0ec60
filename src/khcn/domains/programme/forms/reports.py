"""Forms of measuring, of reports and of duties."""

from typing import Any

import django_filters as df
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import (
    AssignmentState,
    PeriodBasis,
    PeriodKind,
    ReportCode,
    ReportRunState,
    TaskKind,
    TaskState,
)
from khcn.domains.programme.models import Plan, ReportRun
from khcn.domains.programme.queries.reports.periods import period_of, presets
from khcn.domains.programme.rules.periods import ReportingPeriod, ad_hoc_period
from khcn.domains.programme.rules.reports import SECTIONS
from khcn.kernel.indicators.models import Target
from khcn.kernel.orgs.models import Organisation
from khcn.lib.text import fold, fold_words
from khcn.web.filters import ALL, choices_of
from khcn.web.forms import DayField, DayInput, EnumChoiceField, EnumMultipleField, KhcnForm
from khcn.web.wording import said

AD_HOC = "ad_hoc"


class MeasureForm(KhcnForm):
    """The date up to which records count."""

    as_of = DayField(label=_("Số liệu đến ngày"), widget=DayInput({"class": "form-control"}))


class EnterValueForm(KhcnForm):
    """A value of a target that no source computes."""

    target = forms.ModelChoiceField(Target.objects.none(), label=_("Chỉ tiêu"), to_field_name="uid")
    value = forms.DecimalField(label=_("Giá trị"), min_value=0, max_digits=18, decimal_places=3)
    as_of = DayField(label=_("Số liệu đến ngày"))
    evidence = forms.CharField(label=_("Văn bản minh chứng"), max_length=300)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = Target.objects.filter(scope_uid=plan.uid, indicator__source="").select_related("indicator")
        self.fields["target"].queryset = targets  # type: ignore[attr-defined]
        self.fields["target"].label_from_instance = lambda target: target.sentence[:120]  # type: ignore[attr-defined]


class StartRunForm(KhcnForm):
    """Which report of which plan and period; an ad hoc period and question where they are asked for."""

    plan = forms.ModelChoiceField(Plan.objects.none(), label=_("Kế hoạch"), to_field_name="uid", empty_label=None)
    report = EnumChoiceField(ReportCode, label=_("Báo cáo"))
    period = forms.ChoiceField(label=_("Kỳ báo cáo"))
    basis = EnumChoiceField(PeriodBasis, label=_("Cách chốt số liệu"), initial=PeriodBasis.ADMINISTRATIVE)
    start = DayField(label=_("Từ ngày"), required=False)
    end = DayField(label=_("Đến ngày"), required=False)
    due_on = DayField(label=_("Hạn gửi"), required=False)
    planned_new = forms.IntegerField(
        label=_("Số nhiệm vụ dự kiến mở mới (R9)"), min_value=0, max_value=999, required=False
    )
    text = forms.CharField(label=_("Có từ ngữ (R12)"), max_length=100, required=False)
    state = EnumMultipleField(TaskState, label=_("Trạng thái nhiệm vụ (R12)"), required=False)
    kind = EnumMultipleField(TaskKind, label=_("Loại nhiệm vụ (R12)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = Plan.objects.exclude(state="draft")  # type: ignore[attr-defined]
        offered = [(item.value, said(item.period.days.name)) for item in presets(on=timezone.localdate())]
        self.fields["period"].choices = [*offered, (AD_HOC, _("Khoảng thời gian khác"))]  # type: ignore[attr-defined]
        self.fields["report"].choices = [  # type: ignore[attr-defined]
            (code.value, f"{code.value}. {said(code.label)}") for code in ReportCode
        ]

    def clean(self) -> dict[str, Any]:
        """An ad hoc period needs both its days, in order."""
        data = super().clean() or self.cleaned_data
        if data.get("period") == AD_HOC:
            start, end = data.get("start"), data.get("end")
            if start is None or end is None:
                self.add_error("start", _("Ghi ngày bắt đầu và ngày kết thúc của khoảng thời gian."))
            elif start > end:
                self.add_error("end", _("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
        return data

    def chosen_period(self) -> ReportingPeriod:
        """The period that was chosen; call on a valid form."""
        data = self.cleaned_data
        if data["period"] == AD_HOC:
            name = f"{data['start']:%d/%m/%Y} – {data['end']:%d/%m/%Y}"
            return ad_hoc_period(data["start"], data["end"], name, data["due_on"])
        kind, year, number = data["period"].rsplit("-", 2)
        return period_of(PeriodKind(kind), data["basis"], int(year), int(number), on=timezone.localdate())

    def query(self) -> dict[str, Any]:
        """The run's own question: planned new tasks of R9, the filters of R12."""
        data = self.cleaned_data
        if data["report"] is ReportCode.R9 and data["planned_new"] is not None:
            return {"planned_new": data["planned_new"]}
        if data["report"] is not ReportCode.R12:
            return {}
        asked = {"text": data["text"], "state": [item.value for item in data["state"]],
                 "kind": [item.value for item in data["kind"]]}  # fmt: skip
        return {key: value for key, value in asked.items() if value}


class NarrativeForm(KhcnForm):
    """The five sections, to whom the report goes, and who else gets it."""

    addressees = forms.CharField(label=_("Kính gửi (mỗi dòng một nơi)"), widget=forms.Textarea(attrs={"rows": 2}))
    recipients = forms.CharField(label=_("Nơi nhận (mỗi dòng một nơi)"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for numeral, (key, title) in zip(("I", "II", "III", "IV", "V"), SECTIONS, strict=True):
            self.fields[key] = forms.CharField(
                label=f"{numeral}. {title}", required=False, widget=forms.Textarea(attrs={"rows": 4})
            )

    def sections(self) -> list[Any]:
        """The bound fields of the sections, in order."""
        return [self[key] for key, _title in SECTIONS]

    def lines(self, name: str) -> list[str]:
        """The lines of a field."""
        return [line.strip() for line in self.cleaned_data[name].splitlines() if line.strip()]


class CloseWithoutForm(KhcnForm):
    """Why figures are frozen although units still owe contributions."""

    close_without = forms.CharField(label=_("Lý do chốt khi còn thiếu"), required=False, max_length=300)


class ReasonForm(KhcnForm):
    """A reason."""

    reason = forms.CharField(label=_("Lý do"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class DutyReportForm(KhcnForm):
    """What a unit did of a duty, in its own judgement."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Đơn vị"), to_field_name="uid", empty_label=None
    )
    state = EnumChoiceField(AssignmentState, label=_("Tự đánh giá"))
    result = forms.CharField(label=_("Kết quả thực hiện"), widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]
            pk__in=[body.pk for body in organisations]
        )


class AppraiseForm(KhcnForm):
    """The standing body's judgement of a unit's report."""

    appraisal = EnumChoiceField(AssignmentState, label=_("Sở đánh giá"))
    note = forms.CharField(label=_("Nhận xét"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ReportRunFilter(df.FilterSet):
    """Words of the report's title, code or number, report, state, and the year in which the period ends."""

    q = df.CharFilter(label=_("Tìm theo tên, mã, số ký hiệu"), method="search")
    report = df.ChoiceFilter(label=_("Báo cáo"), choices=choices_of(ReportCode), empty_label=ALL)
    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(ReportRunState), empty_label=ALL)
    year = df.NumberFilter(label=_("Năm"), field_name="period_to", lookup_expr="year")

    class Meta:
        model = ReportRun
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        """Rows of which every word stands in the report's title, the code or the number."""
        for word in fold_words(text):
            titled = [code.value for code in ReportCode if word in fold(code.label)]
            rows = rows.filter(Q(report__in=titled) | Q(code__icontains=word) | Q(document_number__icontains=word))
        return rows
