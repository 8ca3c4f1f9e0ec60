"""The audit log; rows are only ever added."""

from datetime import UTC
from typing import Any

from django.db import models


class AuditEntry(models.Model):
    """One act by one actor on one subject.

    Born in the same transaction as the act; never changed or deleted (the database refuses both).
    Identity: `id` is the place in the chain. `digest` covers the row and `previous`.
    """

    at = models.DateTimeField("lúc")
    actor_uid = models.UUIDField("tài khoản")
    actor_name = models.CharField("người thực hiện", max_length=200)
    organisation = models.CharField("đơn vị", max_length=300, blank=True)
    verb = models.CharField("việc", max_length=80)
    subject_type = models.CharField("loại đối tượng", max_length=80)
    subject_uid = models.UUIDField("đối tượng", null=True)
    subject_label = models.CharField("tên đối tượng", max_length=300, blank=True)
    before = models.JSONField("trước", null=True)
    after = models.JSONField("sau", null=True)
    previous = models.CharField("băm trước", max_length=64)
    digest = models.CharField("băm", max_length=64, unique=True)

    class Meta:
        verbose_name = "dòng nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ["id"]
        indexes = [models.Index(fields=["subject_type", "subject_uid"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.actor_name} {self.verb} {self.subject_label}"

    def row(self) -> dict[str, Any]:
        """The values that are digested, as JSON-able text."""
        return {
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor_uid": str(self.actor_uid),
            "actor_name": self.actor_name,
            "organisation": self.organisation,
            "verb": self.verb,
            "subject_type": self.subject_type,
            "subject_uid": str(self.subject_uid) if self.subject_uid else None,
            "subject_label": self.subject_label,
            "before": self.before,
            "after": self.after,
        }
