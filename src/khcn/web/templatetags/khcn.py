"""Tags and filters of every template: đồng, labels, dates."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.translation import gettext

from khcn.lib.money import format_vnd, in_words

register = template.Library()


@register.filter
def vnd(amount: int | None) -> str:
    """45.000.000.000 đồng; empty for None."""
    return "" if amount is None else format_vnd(amount)


@register.filter
def words(amount: int | None) -> str:
    """The amount in words."""
    return "" if amount is None else in_words(amount)


@register.filter
def label(value: Any) -> str:
    """The translated label of an enumeration's member."""
    return gettext(getattr(value, "label", str(value)))


@register.filter
def day(value: date | datetime | None) -> str:
    """dd/mm/yyyy, or a dash."""
    return "–" if value is None else f"{value:%d/%m/%Y}"
