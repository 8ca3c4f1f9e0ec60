"""Configuration of the notices room."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The notices room of the kernel."""

    name = "khcn.kernel.notices"
    label = "notices"
    verbose_name = "Thông báo"
