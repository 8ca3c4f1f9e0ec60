"""Configuration of the one-stop room."""

from django.apps import AppConfig


class OnestopConfig(AppConfig):
    """Administrative procedures and their dossiers."""

    name = "khcn.domains.onestop"
    label = "onestop"
    verbose_name = "Một cửa"

    def ready(self) -> None:
        """Register sources, search, panels and actions."""
        from khcn.domains.onestop import wiring

        wiring.connect()
