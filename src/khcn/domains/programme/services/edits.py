"""Applies the fields a person edited to a draft record: whitelist, normalised text, version claimed, audit."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.text import nfc
from khcn.web.fields import Versioned


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
