"""Keeps a list's filters under a name."""

from django.db import transaction

from khcn.domains.programme.models import SavedFilter
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused


def save_filter(*, by: Actor, page: str, name: str, query: str, is_shared: bool) -> SavedFilter:
    """Keep the query string of a list; the same name again replaces it."""
    if by.user_id is None:
        raise Forbidden()
    if not name.strip():
        raise Refused("Đặt tên cho bộ lọc.", field="name")
    if len(query) > 1000:
        raise Refused("Bộ lọc quá dài để lưu.")
    with transaction.atomic():
        saved, _ = SavedFilter.objects.update_or_create(
            owner_id=by.user_id, page=page, name=name.strip()[:80], defaults={"query": query, "is_shared": is_shared}
        )
    return saved


def forget_filter(*, by: Actor, saved: SavedFilter) -> None:
    """Remove one of one's own filters."""
    if saved.owner_id != by.user_id:
        raise Forbidden("Chỉ người lưu mới xóa được bộ lọc này.")
    saved.delete()
