"""Who may do what in traceability: officers by role, programs by their own rights."""

from khcn.domains.traceability.errors import NotAllowed
from khcn.domains.traceability.models import Client
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role


def may_register_clients(actor: Actor) -> None:
    """Accounts of programs are given out by the system's administrators. Raises Forbidden."""
    if not actor.holds(Role.SYSADMIN):
        raise Forbidden("Chỉ quản trị hệ thống được cấp khóa cho chương trình kết nối.")


def may_capture(client: Client) -> None:
    """Raises NotAllowed."""
    if not client.may_capture:
        raise NotAllowed("Chương trình này không được ghi sự kiện.")


def may_query(client: Client) -> None:
    """Raises NotAllowed."""
    if not client.may_query:
        raise NotAllowed("Chương trình này không được truy vấn.")
