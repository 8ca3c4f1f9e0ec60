"""Opens, changes and closes accounts. One person, one account; nobody is deleted, no password is known to us."""

import re

from django.db import transaction

from khcn.kernel.audit.services import record
from khcn.kernel.orgs.errors import AccountRefused
from khcn.kernel.orgs.models import Person, User
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.roles import Role
from khcn.web.fields import claim_seen

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


@transaction.atomic
def open_account(*, by: Actor, person: Person, username: str, email: str = "") -> User:
    """Open an account without a password; its holder sets one through a link that works once.

    username: 3–40 of a–z, 0–9 and . _ -. Raises Forbidden unless the actor administers the system; AccountRefused for
    a second account of the person or a name or address already used.
    """
    require_role(by, Role.SYSADMIN)
    name = username.strip().lower()
    if not _USERNAME.fullmatch(name):
        raise AccountRefused("Tên đăng nhập gồm 3 đến 40 chữ thường không dấu, chữ số hoặc dấu . _ -", field="username")
    if User.objects.filter(person=person).exists():
        raise AccountRefused(f"{person} đã có tài khoản. Một người chỉ có một tài khoản.", field="person")
    if User.objects.filter(username__iexact=name).exists():
        raise AccountRefused("Tên đăng nhập này đã có người dùng.", field="username")
    _refuse_taken_address(email, None)
    user = User(username=name, person=person, email=email.strip())
    user.set_unusable_password()
    user.save()
    record(
        by=by, verb="open_account", subject=user, after={"username": name, "email": user.email, "person": str(person)}
    )
    return user


@transaction.atomic
def change_account(*, by: Actor, user: User, email: str, expected_version: int | None = None) -> User:
    """Change the address to which the account's mail goes. Raises Forbidden, Stale, AccountRefused for one in use.

    expected_version: the `state_mark` of the address as it was read.
    """
    require_role(by, Role.SYSADMIN)
    claim_seen(user, expected_version, {"email": email.strip()}, names=("email",))
    _refuse_taken_address(email, user)
    before = {"email": user.email}
    user.email = email.strip()
    user.save(update_fields=["email"])
    record(by=by, verb="change_account", subject=user, before=before, after={"email": user.email})
    return user


@transaction.atomic
def close_account(*, by: Actor, user: User, reason: str) -> User:
    """Close an account: no sign-in from now on; what it did stays on record.

    Raises Forbidden unless the actor administers the system; AccountRefused for one's own account or without a reason.
    """
    require_role(by, Role.SYSADMIN)
    if user.pk == by.user_id:
        raise AccountRefused("Không thể tự khóa tài khoản của mình; hãy nhờ người quản trị khác.")
    if not reason.strip():
        raise AccountRefused("Ghi lý do khóa tài khoản.", field="reason")
    return _set_active(by, user, False, reason.strip())


@transaction.atomic
def reopen_account(*, by: Actor, user: User, reason: str) -> User:
    """Open a closed account again. Raises Forbidden unless the actor administers the system."""
    require_role(by, Role.SYSADMIN)
    return _set_active(by, user, True, reason.strip())


def _set_active(by: Actor, user: User, active: bool, reason: str) -> User:
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active == active:
        raise AccountRefused("Tài khoản đang hoạt động." if active else "Tài khoản đã khóa từ trước.")
    user.is_active = active
    user.save(update_fields=["is_active"])
    verb = "reopen_account" if active else "close_account"
    record(
        by=by, verb=verb, subject=user, before={"is_active": not active}, after={"is_active": active, "reason": reason}
    )
    return user


def _refuse_taken_address(email: str, user: User | None) -> None:
    others = User.objects.exclude(pk=user.pk) if user is not None else User.objects.all()
    if email.strip() and others.filter(email__iexact=email.strip()).exists():
        raise AccountRefused("Địa chỉ thư điện tử này đã gắn với tài khoản khác.", field="email")
