"""Configuration of traceability."""

from django.apps import AppConfig


class TraceabilityConfig(AppConfig):
    """Events, the graph between things, and the interfaces of EPCIS."""

    name = "khcn.domains.traceability"
    label = "traceability"
    verbose_name = "Truy xuất nguồn gốc"
