"""Configuration of the hazards room."""

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    """Stations, observations, levels of natural hazard and how good warnings were."""

    name = "khcn.domains.hazards"
    label = "hazards"
    verbose_name = "Quan trắc và thiên tai"

    def ready(self) -> None:
        """Register sources, search, panels, actions and subscribers."""
        from khcn.domains.hazards import wiring

        wiring.connect()
