"""Filters of the programme's templates: what a step is called, how a rule's trace is shown."""

import json
from typing import Any

from django import template
from django.utils.translation import gettext

from khcn.domains.programme.choices import FundingSourceKind
from khcn.domains.programme.rules.machines import MACHINES
from khcn.web.audit_verbs import VERBS

register = template.Library()


@register.filter
def act_label(event: str, machine: str) -> str:
    """The name of a machine's event, or of a verb of the audit log, which may be `machine.event`; else the verb."""
    if event in VERBS:
        return gettext(VERBS[event])
    named, _dot, rest = event.rpartition(".")
    definition = MACHINES.get(named or machine)
    rows = definition.transitions if definition else ()
    return next((gettext(row.label) for row in rows if row.event == rest), event)


@register.filter
def pretty(value: Any) -> str:
    """A rule's trace as indented JSON, readable and copyable."""
    return json.dumps(value, ensure_ascii=False, indent=2)


@register.filter
def source_name(value: str) -> str:
    """The label of a funding source by its value."""
    return gettext(FundingSourceKind(value).label)
