"""Original papers that applicants leave with the office: taken in, kept, given back (customer's property)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from khcn.domains.onestop.models import Dossier, HeldOriginal
from khcn.domains.onestop.permissions import require
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused


def take_original(
    *, by: Actor, dossier: Dossier, name: str, copies: int = 1, state_note: str = "", now: datetime | None = None
) -> HeldOriginal:
    """Take an original paper in at the counter. Raises Refused without a name, or when the dossier is over."""
    require(by, "originals", dossier)
    if not name.strip() or copies < 1:
        raise Refused("Ghi tên giấy tờ và số bản.", field="name")
    if dossier.ended_at is not None:
        raise Refused("Hồ sơ đã kết thúc nên không nhận thêm bản chính.")
    with transaction.atomic():
        original = HeldOriginal.objects.create(
            dossier=dossier, name=name.strip()[:300], copies=copies, state_note=state_note[:300],
            taken_at=now or timezone.now(), taken_by_id=by.user_id,
        )  # fmt: skip
        record(by=by, verb="dossier.take_original", subject=dossier, after={"name": original.name, "copies": copies})
    return original


def return_original(
    *, by: Actor, original: HeldOriginal, returned_to: str, now: datetime | None = None
) -> HeldOriginal:
    """Give an original back, once, to somebody whose paper was looked at."""
    dossier = original.dossier
    require(by, "originals", dossier)
    if not returned_to.strip():
        raise Refused("Ghi họ tên và giấy tờ của người nhận lại.", field="returned_to")
    with transaction.atomic():
        locked = HeldOriginal.objects.select_for_update().get(pk=original.pk)
        if locked.returned_at is not None:
            raise Refused("Bản chính này đã được trả.")
        locked.returned_at, locked.returned_by_id = now or timezone.now(), by.user_id
        locked.returned_to = returned_to.strip()[:200]
        locked.save()
        record(by=by, verb="dossier.return_original", subject=dossier, after={"name": locked.name, "to": returned_to})
    return locked
