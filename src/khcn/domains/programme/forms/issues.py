"""Forms of difficulties and directives, and the filters of their list."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import IssueKind, IssueLevel, IssueState
from khcn.domains.programme.forms.execution import ActForm, Area, DatedForm, ReasonForm
from khcn.domains.programme.models import Issue, Plan, Task
from khcn.domains.programme.permissions import visible_tasks
from khcn.domains.programme.services.issues import OPEN_STATES
from khcn.kernel.orgs.models import Organisation
from khcn.web.filters import ALL, choices_of
from khcn.web.forms import DayField, EnumChoiceField
from khcn.web.search import matching


class IssueFilter(django_filters.FilterSet):
    """Search, state, kind, level, lateness."""

    q = django_filters.CharFilter(method="search", label=_("Tìm vướng mắc"))
    state = django_filters.ChoiceFilter(choices=choices_of(IssueState), label=_("Trạng thái"), empty_label=ALL)
    kind = django_filters.ChoiceFilter(choices=choices_of(IssueKind), label=_("Loại"), empty_label=ALL)
    level = django_filters.ChoiceFilter(choices=choices_of(IssueLevel), label=_("Cấp giải quyết"), empty_label=ALL)
    # asked for by the page of a unit; the list shows them as chips and offers no choice of its own
    reporter = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.all(), label=_("Đơn vị nêu"), to_field_name="uid", widget=forms.HiddenInput
    )
    assignee = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.all(), label=_("Đơn vị giải quyết"), to_field_name="uid", widget=forms.HiddenInput
    )
    mo = django_filters.ChoiceFilter(
        method="still_open", label=_("Đang mở"), choices=[("1", _("Chỉ việc đang mở"))], empty_label=ALL
    )
    tre = django_filters.ChoiceFilter(
        method="late", label=_("Thời hạn"), choices=[("1", _("Quá hạn"))], empty_label=ALL
    )

    class Meta:
        model = Issue
        fields: list[str] = []

    def search(self, issues: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        """Rows of which every word stands in the title, the code or the task, diacritics aside."""
        return matching(issues, ("folded", "task__folded"), value)

    def still_open(self, issues: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        """Those not closed or merged."""
        return issues.filter(state__in=OPEN_STATES) if value else issues

    def late(self, issues: QuerySet[Issue], name: str, value: str) -> QuerySet[Issue]:
        """Those past their deadline without an answer."""
        if not value:
            return issues
        return issues.filter(due_on__lt=timezone.localdate(), answered_on=None, state__in=OPEN_STATES)


class IssueForm(ActForm):
    """A new difficulty, in the name of one of the actor's units."""

    title = forms.CharField(label=_("Vướng mắc"), max_length=300)
    kind = EnumChoiceField(IssueKind, label=_("Loại"))
    description = forms.CharField(label=_("Mô tả"), widget=Area, required=False)
    proposal = forms.CharField(label=_("Đề xuất giải quyết"), widget=Area, required=False)
    reporter = forms.ModelChoiceField(Organisation.objects.none(), label=_("Đơn vị nêu"))
    plan = forms.ModelChoiceField(Plan.objects.all(), label=_("Thuộc kế hoạch"), required=False, to_field_name="uid")
    task = forms.ModelChoiceField(Task.objects.none(), label=_("Thuộc nhiệm vụ"), required=False, to_field_name="uid")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Organisation.objects.filter(pk__in=self.actor.organisation_ids)
        self.fields["reporter"].queryset = units  # type: ignore[attr-defined]
        self.fields["task"].queryset = visible_tasks(self.actor).order_by("code")  # type: ignore[attr-defined]
        if units.count() == 1:
            self.fields["reporter"].initial = units.get().pk


class ClassifyForm(ActForm):
    """Kind and level."""

    kind = EnumChoiceField(IssueKind, label=_("Loại"))
    level = EnumChoiceField(IssueLevel, label=_("Cấp có thẩm quyền giải quyết"))


class AssignForm(ActForm):
    """Who must solve it by when."""

    assignee = forms.ModelChoiceField(Organisation.objects.filter(valid_to=None), label=_("Đơn vị giải quyết"))
    due_on = DayField(label=_("Hạn giải quyết"))


class EscalateForm(ReasonForm):
    """To which level."""

    level = EnumChoiceField(IssueLevel, label=_("Chuyển lên cấp"))
    due_on = DayField(label=_("Hạn mới"), required=False)


class AnswerForm(ActForm):
    """The answer."""

    answer = forms.CharField(label=_("Nội dung trả lời, kết quả giải quyết"), widget=Area)


class NoteForm(ActForm):
    """State of play."""

    text = forms.CharField(label=_("Tình hình xử lý trong kỳ"), widget=Area)


class MergeForm(ActForm):
    """Which difficulty it is merged into."""

    into = forms.ModelChoiceField(Issue.objects.none(), label=_("Gộp vào"), to_field_name="uid")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Issue.objects.filter(state__in=OPEN_STATES)
        if self.subject is not None:
            others = others.exclude(pk=self.subject.pk)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


class DirectiveForm(ActForm):
    """A paper that urges."""

    number = forms.CharField(label=_("Số, ký hiệu"), max_length=80, required=False)
    issued_on = DayField(label=_("Ngày ban hành"), initial=timezone.localdate)
    addressee = forms.ModelChoiceField(Organisation.objects.filter(valid_to=None), label=_("Gửi"))
    content = forms.CharField(label=_("Nội dung chỉ đạo"), widget=Area)
    due_on = DayField(label=_("Hạn thực hiện"), required=False)


class DirectiveDoneForm(DatedForm):
    """What came of a directive."""

    result = forms.CharField(label=_("Kết quả thực hiện"), widget=Area)
