"""Writes the audit log; the only door to it."""

import json
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.audit.rules import GENESIS, canonical, digest
from khcn.lib.actor import Actor
from khcn.web.rows import Reading, insert

CHAIN_LOCK = 0x4B48434E  # "KHCN": one writer at a time, or the chain forks under normal concurrency
_newest = Reading(lambda: AuditEntry.objects.only("digest").order_by("-id")[:1], keys=0)


def record(
    *,
    by: Actor,
    verb: str,
    subject: models.Model | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    label: str = "",
) -> AuditEntry:
    """Append one entry to the chain, inside the caller's transaction.

    subject: any saved model (its `uid` is kept where it has one). before/after: JSON-able values of what changed.
    Raises TransactionManagementError outside a transaction: an act and its entry stand or fall together.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("audit.record needs the transaction of the act itself")
    hold_chain()
    newest = _newest()
    entry = AuditEntry(
        at=timezone.now(),
        actor_uid=by.uid,
        actor_name=by.name[:200],
        organisation=by.organisation_name[:300],
        verb=verb,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_uid=getattr(subject, "uid", None),
        subject_label=(label or (str(subject) if subject is not None else ""))[:300],
        before=_plain(before),
        after=_plain(after),
        previous=newest[0].digest if newest else GENESIS,
    )
    entry.digest = digest(entry.previous, entry.row())
    insert(entry)
    return entry


def hold_chain() -> None:
    """Wait for the end of the chain, and keep it until this transaction ends.

    PostgreSQL: a transaction-level advisory lock; readers are not held up. SQLite: transactions begin IMMEDIATE
    (settings), so the one writer already has it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _plain(value: Any) -> Any:
    """The value as JSON gives it back from either database: a whole float becomes an int, as jsonb would make it."""
    return None if value is None else json.loads(canonical(value), parse_float=_number)


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value
