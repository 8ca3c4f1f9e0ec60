"""Filters of the programme's templates: what a step is called, how a rule's trace is shown."""

import json
from typing import Any

from django import template
from django.utils.translation import gettext

from khcn.domains.programme.choices import FundingSourceKind
from khcn.domains.programme.rules.machines import MACHINES

register = template.Library()


@register.filter
def act_label(event: str, machine: str) -> str:
    """The Vietnamese name of a state machine's event; the verb itself for other acts."""
    definition = MACHINES.get(machine)
    rows = definition.transitions if definition else ()
    return next((gettext(row.label) for row in rows if row.event == event), event)


@register.filter
def pretty(value: Any) -> str:
    """A rule's trace as indented JSON, readable and copyable."""
    return json.dumps(value, ensure_ascii=False, indent=2)


@register.filter
def source_name(value: str) -> str:
    """The label of a funding source by its value."""
    return gettext(FundingSourceKind(value).label)
