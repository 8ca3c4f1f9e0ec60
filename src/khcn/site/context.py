"""What every page of the shell shows."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Actor of the request; counts are read lazily by the templates that show them."""
    return {"actor": getattr(request, "actor", None)}
