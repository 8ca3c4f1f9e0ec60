"""Configuration of the room of marks."""

from django.apps import AppConfig


class MarksConfig(AppConfig):
    """Geographical indications, certification and collective marks, and files of software copyright."""

    name = "khcn.domains.marks"
    label = "marks"
    verbose_name = "Sở hữu trí tuệ"

    def ready(self) -> None:
        """Register sources, search, panels and actions."""
        from khcn.domains.marks import wiring

        wiring.connect()
