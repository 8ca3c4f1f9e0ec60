"""The only place where the procedures room registers with itself and the floor below."""

from khcn.kernel.events.services import subscribe
from khcn.kernel.procedures.engine.drawings.events import SEND
from khcn.kernel.procedures.queries import register_system_step
from khcn.kernel.procedures.services.cases.sending import MessageSent, send_from_step
from khcn.lib.labelled import gettext_noop as _


def connect() -> None:
    """Register the step that sends messages, and the job that delivers them."""
    register_system_step(SEND, _("Gửi thông điệp cho hồ sơ đang chờ"), send_from_step)
    subscribe(MessageSent, "khcn.kernel.procedures.jobs.deliver_message")
