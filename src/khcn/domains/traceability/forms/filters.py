"""Filters of the lists, as the addresses carry them."""

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from khcn.domains.traceability.choices import FakeReportState, FieldAct, NotificationState, PartyKind, Sector, SiteKind
from khcn.domains.traceability.models import Delivery, FakeReport, FieldRecord, Lot, Party, Product, Site
from khcn.web.filters import ALL, Folded, choices_of


class PartyFilter(Folded):
    """By what a party does."""

    kind = df.ChoiceFilter(label=_("Loại cơ sở"), choices=choices_of(PartyKind), empty_label=ALL)

    class Meta:
        model = Party
        fields: list[str] = []


class SiteFilter(Folded):
    """By what a place is, and which crop stands on it."""

    kind = df.ChoiceFilter(label=_("Loại địa điểm"), choices=choices_of(SiteKind), empty_label=ALL)
    sector = df.ChoiceFilter(label=_("Ngành hàng"), choices=choices_of(Sector), empty_label=ALL)

    class Meta:
        model = Site
        fields: list[str] = []


class ProductFilter(Folded):
    """By trade, and by kind of code."""

    sector = df.ChoiceFilter(label=_("Ngành hàng"), choices=choices_of(Sector), empty_label=ALL)
    codes = df.ChoiceFilter(
        label=_("Loại mã"), choices=[("gtin", _("Có mã vạch")), ("rieng", _("Mã riêng"))], empty_label=ALL,
        method="by_code",
    )  # fmt: skip

    class Meta:
        model = Product
        fields: list[str] = []

    def by_code(self, rows: QuerySet[Any], _name: str, kind: str) -> QuerySet[Any]:
        """With a GTIN, or with a local code only."""
        return rows.exclude(gtin="") if kind == "gtin" else rows.filter(gtin="")


class LotFilter(Folded):
    """By trade, by day."""

    sector = df.ChoiceFilter(
        label=_("Ngành hàng"), choices=choices_of(Sector), empty_label=ALL, field_name="product__sector"
    )

    class Meta:
        model = Lot
        fields: list[str] = []


class RecordFilter(df.FilterSet):
    """By work, and by words of the sentence."""

    q = df.CharFilter(label=_("Tìm trong nội dung"), field_name="sentence", lookup_expr="icontains")
    act = df.ChoiceFilter(
        label=_("Loại việc"), choices=choices_of(FieldAct), empty_label=ALL, field_name="template__act"
    )

    class Meta:
        model = FieldRecord
        fields: list[str] = []


class DeliveryFilter(df.FilterSet):
    """By state."""

    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(NotificationState), empty_label=ALL)

    class Meta:
        model = Delivery
        fields: list[str] = []


class ReportFilter(df.FilterSet):
    """By state."""

    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(FakeReportState), empty_label=ALL)

    class Meta:
        model = FakeReport
        fields: list[str] = []
