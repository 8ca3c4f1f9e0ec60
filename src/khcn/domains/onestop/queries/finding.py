"""What the global search finds of the one-stop room."""

from django.urls import reverse

from khcn.domains.onestop.permissions import visible_dossiers
from khcn.domains.onestop.queries.dossiers import find_procedures
from khcn.lib.actor import Actor
from khcn.web.search import Hit, matching


def find_dossiers(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Dossiers by code, tracking code, applicant and telephone."""
    rows = matching(visible_dossiers(actor).select_related("procedure"), "folded", text).order_by("-id")[:limit]
    return [
        Hit(
            row.applicant_name, reverse("dossier_page", args=[row.uid]), str(row),
            f"{row.get_status_display()} · {row.procedure.title}", "folder",
        )
        for row in rows
    ]  # fmt: skip


def find_tthc(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Administrative procedures in force by code, title and field."""
    return [
        Hit(row.title, reverse("tthc_page", args=[row.uid]), row.code, row.field, "list-details")
        for row in find_procedures(text).order_by("code")[:limit]
    ]
