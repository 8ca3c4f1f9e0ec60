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
        """Name models in every language; register spatial look-ups, functions, indexes and their check."""
        from django.apps import apps

        from khcn.web.geometry import lookups
        from khcn.web.geometry.checks import check_spatial_index
        from khcn.web.geometry.indexes import ensure_spatial_indexes
        from khcn.web.geometry.sqlite import register_functions
        from khcn.web.text_sql import register_text_functions
        from khcn.web.wording import name_in_every_language

        ours = [model for model in apps.get_models() if model.__module__.startswith("khcn.")]
        name_in_every_language(ours)
        register(check_spatial_index)
        connection_created.connect(register_functions, dispatch_uid=lookups.__name__)
        connection_created.connect(register_text_functions, dispatch_uid=register_text_functions.__name__)
        post_migrate.connect(ensure_spatial_indexes, dispatch_uid=lookups.__name__)
