"""Products with the stage they reached and the places they are meant for or used at; reads, counts, draws nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from khcn.domains.programme.models import ApplicationRecord, Product
from khcn.domains.programme.permissions import visible_products
from khcn.domains.programme.queries.targets import figures_on
from khcn.domains.programme.queries.uptake import is_accepted, is_applied, is_lost
from khcn.kernel.places.models import Place
from khcn.lib.actor import Actor

STAGES = ("ordered", "contracted", "accepted", "applied")
PLACES_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the map: products meant for it, uses there and those confirmed.

    latitude, longitude: WGS 84, of the place, else of the centre of its administrative unit (`is_centre`), else None.
    """

    place: Place
    planned: int
    uses: int
    confirmed: int
    latitude: float | None
    longitude: float | None
    is_centre: bool


def staged_products(actor: Actor, *, on: date) -> QuerySet[Product]:
    """Products of readable, not lost tasks, with `stage` and `stage_on` as of `on`; secret tasks are left out.

    stage: the furthest of STAGES, by the conditions of the targets. stage_on: the day the order or task was approved,
    the contract signed, the task accepted, or the earliest confirmed use began.
    """
    days = figures_on(on).min_days if Product.objects.exists() else 0  # a new house has no rules yet either
    accepted, applied = is_accepted(on), is_applied(on, days)
    contracted = accepted | Q(task__contract__signed_on__lte=on)
    used = ApplicationRecord.objects.filter(product=OuterRef("pk"), confirmed_on__lte=on).order_by("used_from")
    return (
        visible_products(actor)
        .exclude(is_lost(on))
        .annotate(ordered_on=Coalesce("task__order__order_list__approved_on", "task__approved_on"))
        .filter(contracted | Q(ordered_on__lte=on))
        .annotate(
            stage=Case(
                When(applied, then=Value("applied")),
                When(accepted, then=Value("accepted")),
                When(contracted, then=Value("contracted")),
                default=Value("ordered"),
                output_field=CharField(),
            )
        )
        .annotate(
            stage_on=Case(
                When(stage="applied", then=Subquery(used.values("used_from")[:1])),
                When(stage="accepted", then=F("task__accepted_on")),
                When(stage="contracted", then=F("task__contract__signed_on")),
                default=F("ordered_on"),
                output_field=DateField(),
            )
        )
    )


def with_places(products: QuerySet[Product], *, on: date) -> QuerySet[Product]:
    """The products with their place and, as `used_at`, their uses begun by `on`. Two queries."""
    uses = ApplicationRecord.objects.filter(used_from__lte=on).select_related("user_organisation", "place")
    return products.select_related("task__host", "task__field", "place").prefetch_related(
        Prefetch("applications", queryset=uses.order_by("used_from", "pk"), to_attr="used_at")
    )


def spots_of(products: QuerySet[Product], *, on: date) -> tuple[list[Spot], int, int]:
    """The places of the products, the most used first, at most PLACES_SHOWN, how many there are, of how many products.

    Three queries.
    """
    chosen = products.order_by().values("pk")
    planned = dict(products.order_by().values_list("place_id").annotate(n=Count("pk")))
    count = sum(planned.values())
    planned.pop(None, None)
    uses = {
        place: (count, confirmed)
        for place, count, confirmed in ApplicationRecord.objects.filter(
            product__in=chosen, used_from__lte=on, place__isnull=False
        )
        .order_by()
        .values_list("place_id")
        .annotate(n=Count("pk"), confirmed=Count("pk", filter=Q(confirmed_on__lte=on)))
    }
    keys = sorted(planned.keys() | uses.keys(), key=lambda key: (-uses.get(key, (0, 0))[0], -planned.get(key, 0), key))
    places = Place.objects.select_related("unit").in_bulk(keys[:PLACES_SHOWN])
    return [_spot(places[key], planned, uses) for key in keys[:PLACES_SHOWN]], len(keys), count


def _spot(place: Place, planned: Mapping[int, int], uses: Mapping[int, tuple[int, int]]) -> Spot:
    latitude, longitude, is_centre = place.latitude, place.longitude, False
    if (latitude is None or longitude is None) and place.unit is not None:
        latitude, longitude, is_centre = place.unit.latitude, place.unit.longitude, True
    count, confirmed = uses.get(place.pk, (0, 0))
    return Spot(place, planned.get(place.pk, 0), count, confirmed, latitude, longitude, is_centre)
