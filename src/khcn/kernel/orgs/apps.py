"""Configuration of the orgs room."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """The orgs room of the kernel."""

    name = "khcn.kernel.orgs"
    label = "orgs"
    verbose_name = "Tổ chức và người"
