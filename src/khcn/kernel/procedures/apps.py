"""Configuration of the procedures room."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """The procedures room of the kernel."""

    name = "khcn.kernel.procedures"
    label = "procedures"
    verbose_name = "Thủ tục"
