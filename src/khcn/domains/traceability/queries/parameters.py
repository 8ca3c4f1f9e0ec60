"""Dated thresholds, templates and items in force on a day."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from khcn.domains.traceability.models import FormTemplate, ProfileItem, TraceParameter


def parameters_on(on: date) -> Mapping[str, Decimal]:
    """Every threshold in force, by key."""
    return dict(TraceParameter.objects.valid_on(on).order_by("valid_from").values_list("key", "value"))


def templates_on(on: date) -> QuerySet[FormTemplate]:
    """Templates in force on a day."""
    return FormTemplate.objects.valid_on(on)


def profile_on(on: date) -> list[ProfileItem]:
    """The items that the law wants known on a day, in its order."""
    return list(ProfileItem.objects.valid_on(on).order_by("number"))
