"""The only place where the programme registers with the kernel."""

from khcn.domains.programme.queries.dashboard import home_panel
from khcn.domains.programme.queries.measures import SOURCES
from khcn.kernel.indicators.queries import register_source
from khcn.web.panels import Panel, register_panel


def connect() -> None:
    """Register indicator sources, event subscribers and panels of the home page."""
    for key, source in SOURCES.items():
        register_source(key, source)
    register_panel(Panel("plan", "programme/dashboard/panel.html", home_panel, order=50))
