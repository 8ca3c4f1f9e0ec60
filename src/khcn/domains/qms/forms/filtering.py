"""Filters of lists, built from what a list says it can be narrowed by."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import django_filters
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from khcn.domains.qms.models import QualitySystem
from khcn.domains.qms.permissions import visible_systems
from khcn.lib.labelled import Labelled

ALL = _("Tất cả")


def _systems(request: Any) -> QuerySet[QualitySystem]:
    return visible_systems(request.actor) if request is not None else QualitySystem.objects.none()


class SystemChoice(django_filters.ModelChoiceFilter):
    """The agencies whose systems the asker may read, by uid."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("to_field_name", "uid")
        super().__init__(queryset=_systems, label=_("Cơ quan"), empty_label=ALL, **kwargs)


def filter_for(
    model: type[Model],
    *,
    search: Sequence[str],
    choices: Mapping[str, tuple[type[Labelled], Any]],
    path: str = "system",
    extra: Mapping[str, tuple[Any, Q | Callable[[], Q]]] | None = None,
    year: str = "",
) -> type[django_filters.FilterSet]:
    """A FilterSet with a search box, the agency, one choice per enumeration field, a year and yes/only conditions.

    search: fields that hold every word typed. choices: field → (enumeration, label). extra: name → (label, condition,
    or what makes it at each request).
    """

    def find(self: Any, rows: QuerySet, name: str, value: str) -> QuerySet:
        for word in value.split():
            condition = Q()
            for field in search:
                condition |= Q(**{f"{field}__icontains": word})
            rows = rows.filter(condition)
        return rows

    conditions = {name: condition for name, (_label, condition) in (extra or {}).items()}

    def only(self: Any, rows: QuerySet, name: str, value: str) -> QuerySet:
        condition = conditions[name]
        return rows.filter(condition() if callable(condition) else condition) if value else rows

    filters: dict[str, Any] = {
        "q": django_filters.CharFilter(method="find", label=_("Tìm")),
        "find": find,
        "only": only,
    }
    filters["co_quan"] = SystemChoice(field_name=path)
    for name, (enum, label) in choices.items():
        filters[name] = django_filters.ChoiceFilter(
            choices=[(value, _(text)) for value, text in enum.choices()], label=label, empty_label=ALL
        )
    if year:
        filters["nam"] = django_filters.NumberFilter(field_name=year, label=_("Năm"))
    for name, (label, _condition) in (extra or {}).items():
        filters[name] = django_filters.ChoiceFilter(
            method="only", choices=[("1", _("Chỉ các mục này"))], label=label, empty_label=ALL
        )
    meta = type("Meta", (), {"model": model, "fields": []})
    return type(f"{model.__name__}Filter", (django_filters.FilterSet,), {**filters, "Meta": meta})
