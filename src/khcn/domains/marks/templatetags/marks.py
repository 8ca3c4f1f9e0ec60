"""How the room of marks says limits."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

from khcn.domains.marks.models import SpecParameter, UsePlot
from khcn.domains.marks.queries.register import said_share
from khcn.domains.marks.rules.lines import plain
from khcn.domains.marks.rules.spans import Span

register = template.Library()


@register.filter
def limits(parameter: SpecParameter) -> str:
    """ "14,5 – 18 mm", "ít nhất 30 %", or the wording."""
    low, high = plain(parameter.minimum), plain(parameter.maximum)
    if low and high:
        said = f"{low} – {high}"
    elif low:
        said = gettext("ít nhất %(low)s") % {"low": low}
    elif high:
        said = gettext("không quá %(high)s") % {"high": high}
    else:
        return parameter.wording
    said = f"{said} {parameter.unit}".strip()
    return f"{said}; {parameter.wording}" if parameter.wording else said


@register.filter
def inside(plot: UsePlot) -> str:
    """How much of a plot lies in the area, in words."""
    return said_share(Span(plot.least, plot.most))


@register.filter
def amount(value: Decimal | None) -> str:
    """A measured number without the zeros at its end, thousands apart: 16,2 or 1.642,5; a dash for None."""
    return "–" if value is None else number_format(f"{value.normalize():f}", use_l10n=True, force_grouping=True)
