"""PostgreSQL's side: the PostGIS extension and a GiST index for each geometry column."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


def enable_postgis(apps: Any, editor: Any) -> None:
    """Forward step of a migration: see that PostGIS is there before a geometry column is made.

    Does nothing elsewhere. Raises ImproperlyConfigured with the command to give where the account may not create it.
    """
    connection = editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
        if cursor.fetchone():
            return
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION postgis")
        except DatabaseError as error:
            name = connection.settings_dict["NAME"]
            raise ImproperlyConfigured(
                f"Cơ sở dữ liệu “{name}” chưa có PostGIS và tài khoản hiện tại không tạo được. Cài gói "
                "postgresql-15-postgis-3 trên máy chủ cơ sở dữ liệu, rồi chạy bằng tài khoản quản trị: "
                f"psql -d {name} -c 'CREATE EXTENSION postgis'"
            ) from error


def ensure_gist(connection: BaseDatabaseWrapper, table: str, column: str) -> None:
    """Create the GiST index of a geometry column where it is missing."""
    quote = connection.ops.quote_name
    index = quote(f"{table}_{column}_gist")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {index} ON {quote(table)} USING gist ({quote(column)})")
