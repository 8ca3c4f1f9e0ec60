"""Filters and tags that draw figures of the dashboard: shares, counts, the bar of four stages."""

from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from khcn.domains.programme.queries.figures import STAGE_TITLES
from khcn.domains.programme.queries.uptake import StageTally
from khcn.domains.programme.rules.reports.snapshot import NOTHING_YET, percent_text
from khcn.lib.money import format_number
from khcn.web import wording

register = template.Library()
STAGES = ("ordered", "contracted", "accepted", "applied")
TONES = {"ordered": "draft", "contracted": "waiting", "accepted": "active", "applied": "done"}
VARIANT_PARTS = {"strict": "counted"}


@register.filter
def share_text(value: Decimal | None) -> str:
    """A share given in percent as "66,7%"; "chưa có" for None: nothing to divide by is never 100 %."""
    return gettext(NOTHING_YET) if value is None else wording.number(percent_text(Decimal(value)))


@register.filter
def figure(value: Decimal | int | None) -> str:
    """A count or measured value without needless zeros; "chưa có" for None."""
    return gettext(NOTHING_YET) if value is None else wording.number(format_number(Decimal(value).normalize()))


@register.filter
def stage_counts(stages: StageTally) -> list[tuple[str, int]]:
    """The four stages with their counts, in order."""
    return [(name, getattr(stages, name)) for name in STAGES]


@register.filter
def stage_name(key: str) -> str:
    """What a stage or part of a figure is called."""
    return gettext(STAGE_TITLES[key])


@register.filter
def variant_part(key: str) -> str:
    """The part of the indicator's figure that a way of counting stands for."""
    return VARIANT_PARTS.get(key, key)


@register.simple_tag
def stage_bar(stages: StageTally, goal: Decimal) -> SafeString:
    """The four stages as one small bar; each lies inside the one before it. The numbers stand beside it as links."""
    widest = max(stages.ordered, int(goal), 1)
    rects = format_html_join(
        "",
        '<rect class="k-stage-{}" width="{}" height="8" rx="2"/>',
        ((TONES[name], round(getattr(stages, name) * 100 / widest, 1)) for name in STAGES),
    )
    told = ", ".join(f"{gettext(STAGE_TITLES[name])}: {getattr(stages, name)}" for name in STAGES)
    return format_html(
        '<svg class="k-stages" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="k-progress-track" width="100" height="8" rx="2"/>{}</svg>',
        told,
        rects,
    )
