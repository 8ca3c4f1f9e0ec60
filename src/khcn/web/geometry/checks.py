"""System check: an SQLite that cannot keep an R*Tree is told before the first migration, not in the middle of it."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connection

from khcn.web.geometry.sqlite import has_rtree


def check_spatial_index(**kwargs: Any) -> list[CheckMessage]:
    """One error when the default database is an SQLite built without R*Tree."""
    if connection.vendor != "sqlite" or has_rtree():
        return []
    return [
        Error(
            "SQLite của Python trên máy này được biên dịch thiếu R*Tree nên không lập được chỉ mục bản đồ.",
            hint="Dùng Python của hệ điều hành (Debian, Ubuntu đều có R*Tree), hoặc PostgreSQL qua DATABASE_URL.",
            id="khcn.E010",
        )
    ]
