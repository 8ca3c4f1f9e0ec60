"""Configuration of the places room."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The places room of the kernel."""

    name = "khcn.kernel.places"
    label = "places"
    verbose_name = "Địa bàn"
