"""Model fields and abstract bases that governed records share: identity, version, enumerations, đồng."""

import uuid
import zlib
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from khcn.lib.failure import Stale


class EnumField(models.CharField):
    """A CharField whose choices are a `Labelled` enumeration; labels are translated when shown.

    enum: class with `choices() -> list[(value, label)]`. max_length follows the longest value, at least 24.
    """

    def __init__(self, *args: Any, enum: Any = None, **kwargs: Any) -> None:
        self.enum = enum
        if enum is not None:
            kwargs["choices"] = [(value, gettext_lazy(label)) for value, label in enum.choices()]
            kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Leaves the choices out of migrations: a new label is not a change of the schema."""
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        if "default" in kwargs and not callable(kwargs["default"]):
            kwargs["default"] = str(kwargs["default"])
        return name, "django.db.models.CharField", args, kwargs


class VndField(models.BigIntegerField):
    """An amount in whole đồng."""

    def deconstruct(self) -> Any:
        """Stored as a plain big integer."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BigIntegerField", args, kwargs


class Identified(models.Model):
    """Three identities: `id` for keys, `uid` for the outside, `code` (where there is one) for people."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class Versioned(Identified):
    """A record that two officials may open at once: `version` grows with every save by a service."""

    version = models.PositiveIntegerField("phiên bản", default=1)
    created_at = models.DateTimeField("tạo lúc", auto_now_add=True)
    updated_at = models.DateTimeField("sửa lúc", auto_now=True)

    class Meta:
        abstract = True

    def claim(self, expected: int | None, changes: dict[str, Any] | None = None) -> None:
        """Take the next version inside a transaction, or raise Stale with the difference.

        expected: the version the caller read (None: the caller read it in this transaction).
        changes: the caller's new values by field name, for the difference shown; None: the caller cannot tell.
        """
        current = type(self)._default_manager.select_for_update().get(pk=self.pk)
        if expected is not None and current.version != expected:
            raise Stale(difference=None if changes is None else differences(current, changes))
        self.version = current.version + 1


def state_mark(record: models.Model, *names: str) -> int:
    """A number for a form to carry that tells whether the record was saved with other values since it was read.

    The version of a versioned record; of any other, a sum of its stored values. names: only of these fields.
    """
    if isinstance(record, Versioned):
        return record.version
    kept = [field for field in record._meta.concrete_fields if not names or field.name in names]
    values = [repr(getattr(record, field.attname)) for field in kept]
    return zlib.crc32("\x1f".join(values).encode())


def claim_seen(
    record: models.Model, expected: int | None, changes: dict[str, Any] | None = None, *, names: tuple[str, ...] = ()
) -> None:
    """Hold a record inside a transaction and raise Stale, with the difference, when it is not as it was seen.

    expected: the `state_mark` (of the names) of the record as read; None: not asked. A versioned record takes its next
    version.
    """
    if isinstance(record, Versioned):
        record.claim(expected, changes)
        return
    current = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if expected is not None and state_mark(current, *names) != expected:
        raise Stale(difference=None if changes is None else differences(current, changes))


def label_of(record: models.Model | type[models.Model], name: str) -> str:
    """What a field is called on screens."""
    return str(getattr(record._meta.get_field(name), "verbose_name", name))


def shown(instance: models.Model, name: str, value: Any = None) -> str:
    """A field's value as a person reads it: the label of a choice, the text of a relation."""
    field = instance._meta.get_field(name)
    raw = getattr(instance, name) if value is None else value
    choices = dict(getattr(field, "flatchoices", []) or [])
    return str(choices.get(raw, "" if raw is None else raw))


def differences(current: models.Model, changes: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(label, stored now, yours) for each changed field whose stored value differs from yours."""
    rows: list[tuple[str, str, str]] = []
    for name, mine in changes.items():
        theirs = getattr(current, name)
        if theirs != mine:
            rows.append((label_of(current, name), shown(current, name), shown(current, name, mine)))
    return rows
