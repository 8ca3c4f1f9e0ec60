"""Configuration of traceability."""

from django.apps import AppConfig


class TraceabilityConfig(AppConfig):
    """Events, the graph between things, the diary of producers, and the interfaces of EPCIS."""

    name = "khcn.domains.traceability"
    label = "traceability"
    verbose_name = "Truy xuất nguồn gốc"

    def ready(self) -> None:
        """Register search and actions."""
        from khcn.domains.traceability import wiring

        wiring.connect()
