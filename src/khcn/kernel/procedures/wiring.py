"""The only place where the procedures room registers with itself and the floor below."""

from khcn.kernel.events.services import subscribe
from khcn.kernel.procedures.engine.drawings.events import SEND
from khcn.kernel.procedures.queries import register_system_step
from khcn.kernel.procedures.queries.panel import home_panel
from khcn.kernel.procedures.services.cases.sending import MessageSent, send_from_step
from khcn.lib.labelled import gettext_noop as _
from khcn.web.panels import Panel, register_panel


def connect() -> None:
    """Register the step that sends messages, the job that delivers them, and the part of the home page."""
    register_system_step(SEND, _("Gửi thông điệp cho hồ sơ đang chờ"), send_from_step)
    subscribe(MessageSent, "khcn.kernel.procedures.jobs.deliver_message")
    register_panel(Panel("procedures", "procedures/home_panel.html", home_panel, order=15))
