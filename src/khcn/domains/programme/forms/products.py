"""Filters of the list of products and of the map of the places where they are used."""

from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import Grade, ProductType, Purpose, Sector
from khcn.domains.programme.models import ApplicationRecord, Plan, PlanField, Product
from khcn.domains.programme.queries.application_map import STAGES
from khcn.domains.programme.queries.figures import STAGE_TITLES
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.places.models import Place
from khcn.lib.text import fold_words
from khcn.web.filters import ALL, choices_of
from khcn.web.search import matching


class ProductFilter(df.FilterSet):
    """Words of the task, type, purpose, sector, grade, host, and whether somebody confirmed its use."""

    q = df.CharFilter(label=_("Tìm theo sản phẩm, nhiệm vụ"), method="search")
    type = df.ChoiceFilter(label=_("Loại"), choices=choices_of(ProductType), empty_label=ALL)
    purpose = df.ChoiceFilter(label=_("Phục vụ"), choices=choices_of(Purpose), empty_label=ALL)
    sector = df.ChoiceFilter(label=_("Ngành"), choices=choices_of(Sector), empty_label=ALL)
    grade = df.ChoiceFilter(label=_("Kết quả"), choices=choices_of(Grade), empty_label=ALL)
    host = df.ModelChoiceFilter(
        label=_("Tổ chức chủ trì"), field_name="task__host", to_field_name="uid", empty_label=ALL,
        queryset=Organisation.objects.filter(hosted_tasks__isnull=False).distinct(),
    )  # fmt: skip
    applied = df.BooleanFilter(label=_("Đã được xác nhận ứng dụng"), method="confirmed")

    class Meta:
        model = Product
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        """Rows in which every word stands in the product's or the task's folded name."""
        return matching(rows, ("folded", "task__folded"), text)

    def confirmed(self, rows: QuerySet[Any], _name: str, wanted: bool) -> QuerySet[Any]:
        """Products with, or without, a confirmed use."""
        return rows.filter(uses__gt=0) if wanted else rows.filter(uses=0)


class ApplicationMapFilter(df.FilterSet):
    """Words without diacritics, plan, field, type, the stage reached and its year, and one place.

    Reads products with `stage` and `stage_on`, as `queries.application_map` gives them.
    """

    q = df.CharFilter(label=_("Tìm theo sản phẩm, nhiệm vụ, nơi, đơn vị ứng dụng"), method="search")
    plan = df.ModelChoiceFilter(
        label=_("Kế hoạch"), field_name="task__plan", to_field_name="uid", empty_label=ALL,
        queryset=Plan.objects.exclude(state="draft"),
    )  # fmt: skip
    field = df.ModelChoiceFilter(
        label=_("Lĩnh vực"), field_name="task__field", to_field_name="uid", empty_label=ALL,
        queryset=PlanField.objects.all(),
    )  # fmt: skip
    type = df.ChoiceFilter(label=_("Loại"), choices=choices_of(ProductType), empty_label=ALL)
    stage = df.ChoiceFilter(
        label=_("Giai đoạn"), choices=[(key, _(STAGE_TITLES[key])) for key in STAGES], empty_label=ALL
    )
    year = df.NumberFilter(label=_("Năm đạt giai đoạn"), field_name="stage_on", lookup_expr="year")
    place = df.ModelChoiceFilter(
        label=_("Nơi ứng dụng"), to_field_name="uid", empty_label=ALL, method="at_place",
        queryset=Place.objects.filter(
            Q(pk__in=ApplicationRecord.objects.values("place_id")) | Q(pk__in=Product.objects.values("place_id"))
        ),
    )  # fmt: skip

    class Meta:
        model = Product
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        """Rows of which every word stands in the product's, task's, host's, a user's or a place's folded name."""
        for word in fold_words(text):
            spots = Place.objects.filter(folded__contains=word).order_by().values("pk")
            uses = ApplicationRecord.objects.filter(Q(user_organisation__folded__contains=word) | Q(place__in=spots))
            rows = rows.filter(
                Q(folded__contains=word) | Q(task__folded__contains=word) | Q(task__host__folded__contains=word)
                | Q(place__in=spots) | Q(pk__in=uses.order_by().values("product_id"))
            )  # fmt: skip
        return rows

    def at_place(self, rows: QuerySet[Any], _name: str, place: Place) -> QuerySet[Any]:
        """Products meant for the place or used there."""
        return rows.filter(
            Q(place=place) | Q(pk__in=ApplicationRecord.objects.filter(place=place).values("product_id"))
        )
