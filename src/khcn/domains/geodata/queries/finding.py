"""What the global search finds of the layers room, and how many registers are in use."""

from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse

from khcn.domains.geodata.choices import Access, LayerChangeState, LayerKind
from khcn.domains.geodata.models import ChangeProposal, Feature, Layer, LayerVersion
from khcn.domains.geodata.permissions import APPROVERS, clearance, visible_layers
from khcn.domains.geodata.rules.clearance import seen_at
from khcn.kernel.indicators.queries import Measurement, Question, Source
from khcn.lib.actor import Actor
from khcn.web.search import Hit, matching


def find_layers(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Layers by key, title and summary."""
    rows = matching(visible_layers(actor).select_related("owner"), "folded", text).order_by("title")[:limit]
    return [Hit(row.title, reverse("map_layer", args=[row.key]), row.key, row.owner.name, "map-2") for row in rows]


def find_objects(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Current objects by code and the fields that everybody who reads the layer may read."""
    by_level: dict[Access, list[int]] = {}
    for layer in visible_layers(actor):
        by_level.setdefault(clearance(actor, layer), []).append(layer.pk)
    allowed = Q(pk__in=[])
    for level, layers in by_level.items():
        allowed |= Q(layer__in=layers, access__in=seen_at(level))
    rows = Feature.objects.filter(allowed, valid_to=None).select_related("layer").defer("geometry")
    return [
        Hit(
            row.title or row.code,
            reverse("map_object", args=[row.layer.key, row.code]),
            row.code,
            row.layer.title,
            "map-pin",
        )
        for row in matching(rows, "folded", text).order_by("code")[:limit]
    ]


def registers_in_use(question: Question) -> Measurement:
    """Registers that hold objects and were renewed, or set up, by an import or a change in the period."""
    registers = Layer.objects.filter(kind=LayerKind.REGISTER, is_illustration=False, object_count__gt=0)
    changed = LayerVersion.objects.filter(
        made_at__date__gte=question.period_from, made_at__date__lte=min(question.period_to, question.as_of)
    ).values("layer")
    found = list(registers.filter(pk__in=changed).order_by("key").values_list("key", flat=True))
    everything = list(registers.order_by("key").values_list("key", flat=True))
    return Measurement(Decimal(len(found)), tuple(found), tuple(everything))


def home_panel(actor: Actor) -> dict[str, Any] | None:
    """Proposals that wait for the actor's decision; None for people who do not approve."""
    if actor.is_system or not actor.holds(*APPROVERS):
        return None
    offices = actor.organisation_ids
    rows = ChangeProposal.objects.filter(layer__owner__in=offices).exclude(proposed_by_id=actor.user_id)
    waiting = rows.filter(state__in=[LayerChangeState.PROPOSED, LayerChangeState.CHECKED])
    found = list(waiting.select_related("layer").order_by("proposed_at")[:5])
    return {"first": found} if found else None


SOURCES: dict[str, Source] = {"geodata.registers": registers_in_use}
