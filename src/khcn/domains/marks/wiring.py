"""The only place where the room of marks registers with the kernel and the shell."""

from khcn.domains.marks.queries.finding import find_rights
from khcn.domains.marks.queries.measures import SOURCES
from khcn.kernel.indicators.queries import register_source
from khcn.lib.labelled import gettext_noop as _
from khcn.web.search import register


def connect() -> None:
    """Register indicator sources and search."""
    for key, source in SOURCES.items():
        register_source(key, source)
    register("marks", _("Chỉ dẫn địa lý, nhãn hiệu"), find_rights, order=42)
