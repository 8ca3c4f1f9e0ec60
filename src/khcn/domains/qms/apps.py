"""Configuration of the quality systems."""

from django.apps import AppConfig


class QmsConfig(AppConfig):
    """Documents, audits, nonconformities, reviews, announcements and the yearly score of every agency."""

    name = "khcn.domains.qms"
    label = "qms"
    verbose_name = "ISO điện tử"

    def ready(self) -> None:
        """Register search, panels and subscribers with the kernel."""
        from khcn.domains.qms import wiring

        wiring.connect()
