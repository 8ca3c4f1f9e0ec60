"""Configuration of the programme."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """Plan, tasks, councils, money, reports."""

    name = "khcn.domains.programme"
    label = "programme"
    verbose_name = "Chương trình khoa học và công nghệ"

    def ready(self) -> None:
        """Register sources and subscribers with the kernel."""
        from khcn.domains.programme import wiring

        wiring.connect()
