"""Filters of layers, objects and proposals, as the addresses carry them."""

from typing import Any

import django_filters as df
from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.domains.geodata.choices import Access, FieldType, LayerChangeState, LayerKind
from khcn.domains.geodata.models import ChangeProposal, Feature, Layer
from khcn.domains.geodata.queries.features import View
from khcn.domains.geodata.queries.filters import condition_of, plain_conditions, queryables_of
from khcn.standards.ogcapi.cql2 import read_filter
from khcn.standards.ogcapi.parameters import ParameterRefused
from khcn.web.filters import ALL, Folded, choices_of
from khcn.web.wording import said


class LayerFilter(Folded):
    """Purpose and level of layers."""

    kind = df.ChoiceFilter(label=_("Dùng làm"), choices=choices_of(LayerKind), empty_label=ALL)
    access = df.ChoiceFilter(label=_("Mức truy cập"), choices=choices_of(Access), empty_label=ALL)

    class Meta:
        model = Layer
        fields: list[str] = []


class ChangeFilter(Folded):
    """State and layer of proposals."""

    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(LayerChangeState), empty_label=ALL)
    layer = df.CharFilter(label=_("Lớp"), field_name="layer__key")

    class Meta:
        model = ChangeProposal
        fields: list[str] = []


class _Condition(forms.CharField):
    """A CQL2 condition; a sentence says what is wrong with it."""

    def __init__(self, *, queryables: dict[str, str], **kwargs: Any) -> None:
        self.queryables = queryables
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The checked tree, None when empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_filter(text, self.queryables)
        except ParameterRefused as refused:
            raise forms.ValidationError(said(refused.message)) from refused


class _ConditionFilter(df.Filter):
    field_class = _Condition

    def filter(self, qs: Any, value: Any) -> Any:
        return qs if value is None else qs.filter(condition_of(value))


def object_filter(view: View) -> type[df.FilterSet]:
    """The filters of a layer's objects: words, each list of choices that the reader sees, and a condition."""
    filters: dict[str, Any] = {}
    for field in view.fields:
        if field.type is FieldType.CHOICE:
            filters[field.name] = df.ChoiceFilter(
                label=field.title, choices=[(one, one) for one in field.choices], empty_label=ALL,
                method=f"by_{field.name}",
            )  # fmt: skip
            filters[f"by_{field.name}"] = _chosen(view, field.name)
    filters["loc"] = _ConditionFilter(
        label=_("Điều kiện (CQL2)"), queryables=queryables_of(view.fields), required=False,
        help_text=_("Ví dụ: dien_tich_m2 > 10000 AND ma LIKE 'A%'"),
    )  # fmt: skip
    meta = type("Meta", (), {"model": Feature, "fields": []})
    return type("ObjectFilter", (Folded,), {**filters, "Meta": meta})


def _chosen(view: View, name: str) -> Any:
    def by(self: Any, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(plain_conditions(view.fields, {name: value}))

    return by
