"""Who a key belongs to."""

from datetime import date
from hashlib import sha256

from khcn.domains.geodata.models import MapKey
from khcn.kernel.orgs.queries import actor_for
from khcn.lib.actor import Actor


def actor_of_key(text: str, *, on: date) -> Actor | None:
    """The actor behind a key that is in force, None for any other text."""
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    key = MapKey.objects.filter(digest=digest, revoked_at=None, ends_on__gte=on).select_related("user__person").first()
    return actor_for(key.user, on=on) if key is not None and key.user.is_active else None
