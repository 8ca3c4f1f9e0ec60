"""Configuration of the events room."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The events room of the kernel."""

    name = "khcn.kernel.events"
    label = "events"
    verbose_name = "Sự kiện"
