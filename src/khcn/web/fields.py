"""Model fields and abstract bases that governed records share: identity, version, enumerations, đồng."""

import uuid
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
        changes: the caller's new values by field name, for the difference shown.
        """
        current = type(self)._default_manager.select_for_update().get(pk=self.pk)
        if expected is not None and current.version != expected:
            raise Stale(difference=differences(current, changes or {}))
        self.version = current.version + 1


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
        field = current._meta.get_field(name)
        theirs = getattr(current, name)
        if theirs != mine:
            label = str(getattr(field, "verbose_name", name))
            rows.append((label, shown(current, name), shown(current, name, mine)))
    return rows
