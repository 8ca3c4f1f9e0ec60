"""The only place where the programme registers with the kernel."""

from khcn.domains.programme.queries.measures import SOURCES
from khcn.kernel.indicators.queries import register_source


def connect() -> None:
    """Register indicator sources and event subscribers."""
    for key, source in SOURCES.items():
        register_source(key, source)
