"""The only place where the warnings room registers with the kernel and the shell."""

from khcn.domains.warnings.queries.finding import SOURCES, find_cases, home_panel
from khcn.domains.warnings.queries.published import stamp_now
from khcn.kernel.events.services import subscribe
from khcn.kernel.indicators.queries import register_source
from khcn.kernel.notices.services import DangerSeen
from khcn.lib.labelled import gettext_noop as _
from khcn.web import kept_answers
from khcn.web.panels import Panel, register_panel
from khcn.web.search import register


def connect() -> None:
    """Register the subscriber, search, the home panel, the indicator sources, and what the public reads."""
    subscribe(DangerSeen, "khcn.domains.warnings.services.hearing.hear_danger")
    register("warnings", _("Cảnh báo"), find_cases, order=48)
    register_panel(Panel("warnings", "warnings/panel.html", home_panel, order=30))
    for key, source in SOURCES.items():
        register_source(key, source)
    for name in ("warning_feed", "warning_json", "warning_public"):
        kept_answers.register(name, stamp_now)
    kept_answers.register("warning_cap", lambda: "for ever", has_key=True)
