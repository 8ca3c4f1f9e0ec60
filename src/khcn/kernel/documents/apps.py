"""Configuration of the documents room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The documents room of the kernel."""

    name = "khcn.kernel.documents"
    label = "documents"
    verbose_name = "Văn bản"
