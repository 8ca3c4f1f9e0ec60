"""Configuration of the audit room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit room of the kernel."""

    name = "khcn.kernel.audit"
    label = "audit"
    verbose_name = "Nhật ký"
