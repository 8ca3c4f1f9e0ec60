"""Asking for roles in one sentence."""

from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role


def require_role(actor: Actor, *roles: Role) -> None:
    """Pass when the actor holds one of the roles; else Forbidden, naming who may."""
    if not actor.holds(*roles):
        names = ", ".join(role.label for role in roles)
        raise Forbidden(f"Việc này dành cho: {names}.")
