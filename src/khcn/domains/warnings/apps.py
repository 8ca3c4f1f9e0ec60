"""Configuration of the warnings."""

from django.apps import AppConfig


class WarningsConfig(AppConfig):
    """Alerts in the Common Alerting Protocol: from a sign or a bulletin to what reached whom."""

    name = "khcn.domains.warnings"
    label = "warnings"
    verbose_name = "Cảnh báo"

    def ready(self) -> None:
        """Register subscribers, search, panels and sources."""
        from khcn.domains.warnings import wiring

        wiring.connect()
