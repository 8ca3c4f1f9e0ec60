"""Applies the fields a person edited to a draft record: whitelist, normalised text, version claimed, audit.

`held_as_seen` guards acts that change a record in other ways against what somebody else saved meanwhile.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused, Stale
from khcn.lib.text import nfc
from khcn.web.fields import Versioned, state_mark

Difference = list[tuple[str, str, str]]


@contextmanager
def held_as_seen(
    record: models.Model | None, expected_version: int | None, difference: Callable[[], Difference]
) -> Iterator[None]:
    """Run an act in one transaction in which the record is locked and is still as the person saw it, or raise Stale.

    expected_version: its `state_mark` when the form was filled; 0 when there was no record yet; None asks nothing.
    """
    with transaction.atomic():
        refuse_unless_as_seen(record, expected_version, difference)
        yield


@transaction.atomic
def refuse_unless_as_seen(
    record: models.Model | None, expected_version: int | None, difference: Callable[[], Difference]
) -> None:
    """Lock the record for the rest of the caller's transaction; raise Stale when it is not as the person saw it."""
    if record is None or expected_version is None:
        return
    current = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if state_mark(current) != expected_version:
        raise Stale(difference=difference())


def apply_changes(
    *,
    by: Actor,
    subject: Versioned,
    changes: Mapping[str, Any],
    allowed: Collection[str],
    verb: str,
    expected_version: int | None,
    is_quiet: bool = False,
) -> dict[str, Any]:
    """Write the changed fields inside the caller's transaction; returns {field: new value} of what really changed.

    is_quiet: keystrokes of a draft kept by the server; they are no act and leave no audit entry. Raises Stale with the
    difference, Refused (with the field) for a value that the model does not take.
    """
    unknown = set(changes) - set(allowed)
    if unknown:
        raise Refused(f"Không được sửa trường {', '.join(sorted(unknown))}.")
    wanted = {name: nfc(value).strip() if isinstance(value, str) else value for name, value in changes.items()}
    subject.claim(expected_version, wanted)
    subject.refresh_from_db(fields=list(wanted))
    changed = {name: value for name, value in wanted.items() if getattr(subject, name) != value}
    before = {name: _plain(getattr(subject, name)) for name in changed}
    for name, value in changed.items():
        setattr(subject, name, value)
    try:
        subject.clean_fields(exclude=[field.name for field in subject._meta.fields if field.name not in changed])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], field=field) from error
    subject.save()
    if changed and not is_quiet:
        record(
            by=by, verb=verb, subject=subject, before=before,
            after={name: _plain(value) for name, value in changed.items()},
        )  # fmt: skip
    return changed


def _plain(value: Any) -> Any:
    return str(value) if hasattr(value, "_meta") else value
