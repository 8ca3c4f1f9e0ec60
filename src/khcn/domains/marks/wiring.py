"""The only place where the room of marks registers with the kernel and the shell."""

from khcn.domains.marks.queries.finding import find_rights
from khcn.lib.labelled import gettext_noop as _
from khcn.web.search import register


def connect() -> None:
    """Register search."""
    register("marks", _("Chỉ dẫn địa lý, nhãn hiệu"), find_rights, order=42)
