"""What the search over everything finds here."""

from collections.abc import Iterable

from django.urls import reverse

from khcn.domains.hazards.permissions import visible_stations
from khcn.lib.actor import Actor
from khcn.web.search import Hit, matching


def find_stations(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Stations by code, name, place or river."""
    rows = matching(visible_stations(actor), "folded", text).select_related("owner")
    return [
        Hit(one.name, reverse("station_page", args=[one.code]), one.code, str(one.owner), "antenna")
        for one in rows[:limit]
    ]
