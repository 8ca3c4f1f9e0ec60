"""Filters of the pipeline's lists, as the addresses carry them."""

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import (
    ApplicationState,
    AwardMode,
    CallState,
    OrderListState,
    ProposalState,
    TaskKind,
)
from khcn.domains.programme.models import Application, Call, OrderList, PlanField, Proposal
from khcn.kernel.orgs.models import Organisation
from khcn.web.filters import ALL, Folded, choices_of


class ProposalFilter(Folded):
    """State, kind, field, proposer and a year of the proposed time."""

    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(ProposalState), empty_label=ALL)
    kind = df.ChoiceFilter(label=_("Loại"), choices=choices_of(TaskKind), empty_label=ALL)
    field = df.ModelChoiceFilter(
        label=_("Lĩnh vực"), queryset=PlanField.objects.all(), to_field_name="uid", empty_label=ALL
    )
    proposer = df.ModelChoiceFilter(
        label=_("Đơn vị đề xuất"), to_field_name="uid", empty_label=ALL,
        queryset=Organisation.objects.filter(pk__in=Proposal.objects.values("proposer_id")),
    )  # fmt: skip
    year = df.NumberFilter(label=_("Năm thực hiện"), method="in_year")

    class Meta:
        model = Proposal
        fields: list[str] = []

    def in_year(self, rows: QuerySet[Any], _name: str, year: Any) -> QuerySet[Any]:
        """Proposals whose time holds the year."""
        return rows.filter(year_from__lte=int(year), year_to__gte=int(year))


class OrderListFilter(Folded):
    """Words of the code, name and decision, year and state of order lists."""

    q = df.CharFilter(label=_("Tìm theo mã, tên danh mục, quyết định"), method="search")
    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(OrderListState), empty_label=ALL)
    year = df.NumberFilter(label=_("Năm"))

    class Meta:
        model = OrderList
        fields: list[str] = []


class CallFilter(Folded):
    """Words of the code and the task's name, state, way of award and year of calls."""

    folded = ("folded", "order__folded")
    q = df.CharFilter(label=_("Tìm theo mã, tên nhiệm vụ"), method="search")
    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(CallState), empty_label=ALL)
    mode = df.ChoiceFilter(
        label=_("Phương thức"), field_name="order__mode", choices=choices_of(AwardMode), empty_label=ALL
    )
    year = df.NumberFilter(label=_("Năm thông báo"), field_name="opens_on", lookup_expr="year")

    class Meta:
        model = Call
        fields: list[str] = []


class ApplicationFilter(Folded):
    """State and year of dossiers and words of the task's, host's or leader's name."""

    folded = ("folded", "call__order__folded", "host__folded", "pi__folded")
    q = df.CharFilter(label=_("Tìm theo mã, nhiệm vụ, tổ chức, chủ nhiệm"), method="search")
    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(ApplicationState), empty_label=ALL)
    year = df.NumberFilter(label=_("Năm nộp"), field_name="submitted_at", lookup_expr="year")

    class Meta:
        model = Application
        fields: list[str] = []
