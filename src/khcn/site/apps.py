"""Configuration of the composition floor."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Settings, home page, search, demonstration."""

    name = "khcn.site"
    label = "site"
    verbose_name = "KHCN"

    def ready(self) -> None:
        """Join the rooms that do not know each other."""
        from khcn.site import wiring

        wiring.connect()
