"""Configuration of the schedules room."""

from django.apps import AppConfig


class SchedulesConfig(AppConfig):
    """The schedules room of the kernel."""

    name = "khcn.kernel.schedules"
    label = "schedules"
    verbose_name = "Lịch chạy tự động"
