"""Configuration of the layers room."""

from django.apps import AppConfig


class GeodataConfig(AppConfig):
    """Map layers as governed registers."""

    name = "khcn.domains.geodata"
    label = "geodata"
    verbose_name = "Dữ liệu bản đồ"

    def ready(self) -> None:
        """Register sources, search, panels and actions."""
        from khcn.domains.geodata import wiring

        wiring.connect()
