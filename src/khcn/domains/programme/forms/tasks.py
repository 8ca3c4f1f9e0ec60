"""Filters of the list of tasks."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import Grade, TaskKind, TaskLevel, TaskState, UptakeState
from khcn.domains.programme.models import Plan, PlanField, Product, Task
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.models import Clock
from khcn.web.filters import ALL, choices_of
from khcn.web.search import matching


class TaskFilter(django_filters.FilterSet):
    """Search without diacritics, state, field, kind, level, plan, host, years, lateness."""

    q = django_filters.CharFilter(method="search", label=_("Tìm theo mã, tên, chủ trì, chủ nhiệm"))
    plan = django_filters.ModelChoiceFilter(
        queryset=Plan.objects.all(), field_name="plan", label=_("Kế hoạch"), to_field_name="uid", empty_label=ALL
    )
    state = django_filters.ChoiceFilter(choices=choices_of(TaskState), label=_("Trạng thái"), empty_label=ALL)
    field = django_filters.ModelChoiceFilter(queryset=PlanField.objects.all(), label=_("Lĩnh vực"), to_field_name="uid")
    kind = django_filters.ChoiceFilter(choices=choices_of(TaskKind), label=_("Loại"), empty_label=ALL)
    level = django_filters.ChoiceFilter(choices=choices_of(TaskLevel), label=_("Cấp"), empty_label=ALL)
    host = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.filter(hosted_tasks__isnull=False).distinct(), label=_("Tổ chức chủ trì"),
        to_field_name="uid", empty_label=ALL,
    )  # fmt: skip
    # asked for by the page of a unit; the list shows them as chips and offers no choice of its own
    orderer = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.all(), label=_("Cơ quan đặt hàng"), to_field_name="uid", widget=forms.HiddenInput
    )
    user = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.all(), label=_("Đơn vị ứng dụng"), to_field_name="uid", method="used_by",
        widget=forms.HiddenInput,
    )  # fmt: skip
    nam = django_filters.NumberFilter(method="in_year", label=_("Thực hiện trong năm"))
    grade = django_filters.ChoiceFilter(choices=choices_of(Grade), label=_("Xếp loại"), empty_label=ALL)
    uptake_state = django_filters.ChoiceFilter(choices=choices_of(UptakeState), label=_("Ứng dụng"), empty_label=ALL)
    tre = django_filters.ChoiceFilter(
        method="late", label=_("Thời hạn"), choices=[("1", _("Có việc trễ hạn"))], empty_label=ALL
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def search(self, tasks: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Every word must stand in code, title, host or leader; diacritics do not matter."""
        return matching(tasks, ("folded", "host__folded", "pi__folded"), value)

    def used_by(self, tasks: QuerySet[Task], name: str, unit: Organisation) -> QuerySet[Task]:
        """Tasks whose results the unit uses."""
        return tasks.filter(pk__in=Product.objects.filter(applications__user_organisation=unit).values("task_id"))

    def in_year(self, tasks: QuerySet[Task], name: str, value: Any) -> QuerySet[Task]:
        """Tasks under way in a year."""
        year = int(value)
        return tasks.filter(start_on__year__lte=year, end_on__year__gte=year)

    def late(self, tasks: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Tasks with a running clock past its due day."""
        if not value:
            return tasks
        overdue = Clock.objects.filter(
            subject_type="programme.task", subject_uid=OuterRef("uid"), stopped_on=None, cancelled=False,
            due_on__lt=timezone.localdate(),
        )  # fmt: skip
        return tasks.filter(Exists(overdue))
