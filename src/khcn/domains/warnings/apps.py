"""Configuration of the warnings."""

from django.apps import AppConfig


class WarningsConfig(AppConfig):
    """Alerts in the Common Alerting Protocol."""

    name = "khcn.domains.warnings"
    label = "warnings"
    verbose_name = "Cảnh báo"
