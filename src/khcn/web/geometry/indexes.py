"""Sees to it, after every migrate, that each geometry column has its spatial index."""

from typing import Any

from django.apps import AppConfig
from django.db import connections

from khcn.web.geometry.fields import GeometryField
from khcn.web.geometry.postgis import ensure_gist
from khcn.web.geometry.sqlite import ensure_rtree


def ensure_spatial_indexes(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Receiver of `post_migrate`: index the geometry columns of one app, on tables that exist."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    for model in sender.get_models():
        table = model._meta.db_table
        for field in model._meta.local_fields:
            if not isinstance(field, GeometryField) or table not in present:
                continue
            column, key = str(field.column), str(model._meta.pk.column)
            with connection.cursor() as cursor:
                columns = {item.name for item in connection.introspection.get_table_description(cursor, table)}
            if column not in columns:
                continue  # migrated to a state before the field
            if connection.vendor == "postgresql":
                ensure_gist(connection, table, column)
            else:
                ensure_rtree(connection, table, key, column)
