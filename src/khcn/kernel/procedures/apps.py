"""Configuration of the procedures room."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """The procedures room of the kernel."""

    name = "khcn.kernel.procedures"
    label = "procedures"
    verbose_name = "Thủ tục"

    def ready(self) -> None:
        """Register what the room itself offers to procedures."""
        from khcn.kernel.procedures import wiring

        wiring.connect()
