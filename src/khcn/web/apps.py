"""Configuration of the web floor: templates, tags and static files, no models."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Helpers for pages."""

    name = "khcn.web"
    label = "web"
