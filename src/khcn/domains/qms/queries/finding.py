"""Finds controlled documents and nonconformities from the global search."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from khcn.domains.qms.models import ControlledDocument, Nonconformity
from khcn.domains.qms.permissions import visible_systems
from khcn.lib.actor import Actor
from khcn.web.search import Hit, matching


def find_documents(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Documents of systems the actor may read."""
    rows = matching(ControlledDocument.objects.filter(system__in=visible_systems(actor)), "folded", text)
    for row in rows.select_related("system__organisation")[:limit]:
        yield Hit(
            row.title, reverse("qms_document_page", args=[row.uid]), row.code, str(row.system), icon="file-certificate"
        )


def find_nonconformities(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Nonconformities of systems the actor may read, by code or title."""
    rows = Nonconformity.objects.filter(system__in=visible_systems(actor))
    for word in text.split():
        rows = rows.filter(Q(title__icontains=word) | Q(code__icontains=word))
    for row in rows.select_related("system__organisation")[:limit]:
        yield Hit(row.title, reverse("qms_nc_page", args=[row.uid]), row.code, str(row.system), icon="alert-octagon")
