"""Filters of the lists, as the addresses carry them."""

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from khcn.domains.marks.choices import FileState, IncidentKind, IncidentState, RightKind, RightState, Tier, UseState
from khcn.domains.marks.models import ControlVisit, Incident, Right, SoftwareFile, UseRight
from khcn.web.filters import ALL, Folded, choices_of
from khcn.web.search import matching


class RightFilter(Folded):
    """By kind and state."""

    kind = df.ChoiceFilter(label=_("Loại quyền"), choices=choices_of(RightKind), empty_label=ALL)
    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(RightState), empty_label=ALL)

    class Meta:
        model = Right
        fields: list[str] = []


class UseFilter(Folded):
    """By state."""

    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(UseState), empty_label=ALL)

    class Meta:
        model = UseRight
        fields: list[str] = []


class VisitFilter(df.FilterSet):
    """By member, tier, and whether it is done."""

    q = df.CharFilter(label=_("Tìm theo tên"), method="search")
    tier = df.ChoiceFilter(label=_("Cấp kiểm soát"), choices=choices_of(Tier), empty_label=ALL)

    class Meta:
        model = ControlVisit
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        """Rows whose member holds every word."""
        return matching(rows, "use__folded", text)


class IncidentFilter(Folded):
    """By kind and state."""

    kind = df.ChoiceFilter(label=_("Loại"), choices=choices_of(IncidentKind), empty_label=ALL)
    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(IncidentState), empty_label=ALL)

    class Meta:
        model = Incident
        fields: list[str] = []


class SoftwareFilter(Folded):
    """By state."""

    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(FileState), empty_label=ALL)

    class Meta:
        model = SoftwareFile
        fields: list[str] = []
