"""Filters of the list of products."""

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import Grade, ProductType, Purpose, Sector
from khcn.domains.programme.models import Product
from khcn.kernel.orgs.models import Organisation
from khcn.lib.text import fold_words


def _choices(enum: Any) -> list[tuple[str, Any]]:
    return [(value, _(label)) for value, label in enum.choices()]


class ProductFilter(df.FilterSet):
    """Words of the task, type, purpose, sector, grade, host, and whether somebody confirmed its use."""

    q = df.CharFilter(label=_("Tìm theo sản phẩm, nhiệm vụ"), method="search")
    type = df.ChoiceFilter(label=_("Loại"), choices=_choices(ProductType), empty_label=_("Tất cả"))
    purpose = df.ChoiceFilter(label=_("Phục vụ"), choices=_choices(Purpose), empty_label=_("Tất cả"))
    sector = df.ChoiceFilter(label=_("Ngành"), choices=_choices(Sector), empty_label=_("Tất cả"))
    grade = df.ChoiceFilter(label=_("Kết quả"), choices=_choices(Grade), empty_label=_("Tất cả"))
    host = df.ModelChoiceFilter(
        label=_("Tổ chức chủ trì"), field_name="task__host", to_field_name="uid", empty_label=_("Tất cả"),
        queryset=Organisation.objects.filter(hosted_tasks__isnull=False).distinct(),
    )  # fmt: skip
    applied = df.BooleanFilter(label=_("Đã được xác nhận ứng dụng"), method="confirmed")

    class Meta:
        model = Product
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        """Rows in which every word stands in the product's or the task's folded name."""
        for word in fold_words(text):
            rows = rows.filter(folded__contains=word) | rows.filter(task__folded__contains=word)
        return rows

    def confirmed(self, rows: QuerySet[Any], _name: str, wanted: bool) -> QuerySet[Any]:
        """Products with, or without, a confirmed use."""
        return rows.filter(uses__gt=0) if wanted else rows.filter(uses=0)
