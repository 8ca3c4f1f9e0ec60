"""Issues and revokes the keys with which desktop programs act in a person's name."""

import secrets
from datetime import date, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from khcn.domains.geodata.models import MapKey
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused

LONGEST_DAYS = 366
MOST_KEYS = 10


def issue_key(*, by: Actor, name: str, ends_on: date) -> tuple[MapKey, str]:
    """A new key of the actor's own and its text, which is shown once. Raises Refused."""
    if by.user_id is None:
        raise Forbidden("Cần tài khoản để có khóa kết nối.")
    if not name.strip():
        raise Refused("Ghi khóa dùng cho việc gì.", field="name")
    if not by.on < ends_on <= by.on + timedelta(days=LONGEST_DAYS):
        raise Refused("Khóa có hạn từ một ngày đến một năm.", field="ends_on")
    if MapKey.objects.filter(user_id=by.user_id, revoked_at=None, ends_on__gt=by.on).count() >= MOST_KEYS:
        raise Refused(f"Mỗi người có tối đa {MOST_KEYS} khóa đang dùng; thu hồi bớt khóa cũ.")
    text = secrets.token_urlsafe(32)
    with transaction.atomic():
        key = MapKey.objects.create(
            user_id=by.user_id, name=name.strip()[:120], digest=digest_of(text), ends_on=ends_on
        )  # fmt: skip
        record(by=by, verb="map_key.issue", subject=key, after={"name": key.name, "ends_on": ends_on})
    return key, text


def revoke_key(*, by: Actor, key: MapKey) -> None:
    """End a key of one's own at once."""
    if key.user_id != by.user_id:
        raise Forbidden("Chỉ thu hồi được khóa của mình.")
    with transaction.atomic():
        key.revoked_at = timezone.now()
        key.save()
        record(by=by, verb="map_key.revoke", subject=key)


def digest_of(text: str) -> str:
    """What is kept of a key; keys are random, so the digest alone finds one."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
