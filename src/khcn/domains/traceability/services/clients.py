"""Registers the programs that may capture and ask."""

import secrets
from hashlib import sha256

from django.db import transaction

from khcn.domains.traceability.models import Client
from khcn.domains.traceability.permissions import may_register_clients
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused

_KEY_BYTES = 32
_SHORTEST_PREFIX, _LONGEST_PREFIX = 4, 12


@transaction.atomic
def register_client(
    *,
    by: Actor,
    name: str,
    prefixes: list[str],
    may_capture: bool = True,
    may_query: bool = True,
    sees_all: bool = False,
) -> tuple[Client, str]:
    """The new client and its key, which is shown once and never stored.

    prefixes: GS1 company prefixes of the party, or a province's own. Raises Forbidden and Refused.
    """
    may_register_clients(by)
    wrong = [
        prefix for prefix in prefixes if not (prefix.isdecimal() and _SHORTEST_PREFIX <= len(prefix) <= _LONGEST_PREFIX)
    ]
    if wrong:
        raise Refused(
            f"Mã doanh nghiệp gồm {_SHORTEST_PREFIX} đến {_LONGEST_PREFIX} chữ số; hãy sửa: {', '.join(wrong)}.",
            field="prefixes",
        )
    key = secrets.token_urlsafe(_KEY_BYTES)
    client = Client.objects.create(
        name=name,
        key_digest=key_digest(key),
        prefixes=sorted(set(prefixes)),
        may_capture=may_capture,
        may_query=may_query,
        sees_all=sees_all,
    )
    record(by=by, verb="client_registered", subject=client, after={"name": name, "prefixes": client.prefixes})
    return client, key


@transaction.atomic
def close_client(*, by: Actor, client: Client) -> None:
    """The client's key opens nothing from now on. Raises Forbidden."""
    may_register_clients(by)
    client.is_active = False
    client.save(update_fields=["is_active"])
    record(by=by, verb="client_closed", subject=client)


def key_digest(key: str) -> str:
    """What is stored of a key; keys are random, so no salt is needed."""
    return sha256(key.encode()).hexdigest()
