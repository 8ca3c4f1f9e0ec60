"""Configuration of the indicators room."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """The indicators room of the kernel."""

    name = "khcn.kernel.indicators"
    label = "indicators"
    verbose_name = "Chỉ tiêu"
