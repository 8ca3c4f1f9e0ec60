"""What the global search finds of the room of marks."""

from django.urls import reverse

from khcn.domains.marks.permissions import visible_rights
from khcn.lib.actor import Actor
from khcn.web.search import Hit, matching


def find_rights(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Rights by code, numbers, name, sign and goods."""
    rows = matching(visible_rights(actor), "folded", text).order_by("name")[:limit]
    return [
        Hit(row.name, reverse("mark_page", args=[row.code]), row.registration_number or row.code,
            row.get_kind_display(), "rosette")
        for row in rows
    ]  # fmt: skip
