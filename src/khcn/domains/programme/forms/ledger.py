"""Filters of the ledger's list."""

from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import FundingSourceKind, LedgerEntryKind
from khcn.domains.programme.models import LedgerEntry, Plan, Task
from khcn.lib.text import fold_words
from khcn.web.filters import ALL, choices_of


class LedgerFilter(df.FilterSet):
    """Words of the task, its host or the voucher's number; plan, kind, source, budget year, days."""

    q = df.CharFilter(label=_("Tìm theo nhiệm vụ, chủ trì, số chứng từ"), method="search")
    plan = df.ModelChoiceFilter(
        label=_("Kế hoạch"), field_name="task__plan", to_field_name="uid", queryset=Plan.objects.all(), empty_label=ALL
    )
    kind = df.ChoiceFilter(label=_("Nghiệp vụ"), choices=choices_of(LedgerEntryKind), empty_label=ALL)
    source = df.ChoiceFilter(label=_("Nguồn"), choices=choices_of(FundingSourceKind), empty_label=ALL)
    year = df.NumberFilter(label=_("Năm ngân sách"))
    on = df.DateFromToRangeFilter(label=_("Ngày"))

    class Meta:
        model = LedgerEntry
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        """Rows of which every word stands in the task, its host or the voucher's number.

        The few thousand tasks are searched once for a word, not once for each of their entries.
        """
        for word in fold_words(text):
            tasks = Task.objects.filter(Q(folded__contains=word) | Q(host__folded__contains=word))
            rows = rows.filter(Q(task__in=tasks.order_by().values("pk")) | Q(document_number__icontains=word))
        return rows
