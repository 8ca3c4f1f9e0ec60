"""What the search over everything finds of traceability."""

from collections.abc import Iterable

from django.urls import reverse

from khcn.domains.traceability.permissions import visible_lots, visible_parties, visible_products
from khcn.lib.actor import Actor
from khcn.web.search import Hit, matching


def find_parties(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Parties by code and name."""
    return [
        Hit(one.name, reverse("trace_party", args=[one.code]), one.code, one.address, "building-store")
        for one in matching(visible_parties(actor), "folded", text)[:limit]
    ]


def find_products(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Products by code and name."""
    return [
        Hit(one.name, reverse("trace_product_edit", args=[one.uid]), one.gtin or one.code, one.party.name, "package")
        for one in matching(visible_products(actor), "folded", text)[:limit]
    ]


def find_lots(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Lots by number and product."""
    return [
        Hit(f"{one.product.name} – {one.code}", reverse("trace_lot", args=[one.uid]), one.code, one.product.party.name)
        for one in matching(visible_lots(actor), "folded", text)[:limit]
    ]
