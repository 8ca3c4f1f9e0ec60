"""Configuration of the web floor: templates, tags, static files and the geometry field, no models."""

from django.apps import AppConfig
from django.core.checks import register
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class WebConfig(AppConfig):
    """Helpers for pages and fields."""

    name = "khcn.web"
    label = "web"

    def ready(self) -> None:
        """Register the spatial look-ups, functions, indexes and their check; both signals are Django's own."""
        from khcn.web.geometry import lookups
        from khcn.web.geometry.checks import check_spatial_index
        from khcn.web.geometry.indexes import ensure_spatial_indexes
        from khcn.web.geometry.sqlite import register_functions

        register(check_spatial_index)
        connection_created.connect(register_functions, dispatch_uid=lookups.__name__)
        post_migrate.connect(ensure_spatial_indexes, dispatch_uid=lookups.__name__)
