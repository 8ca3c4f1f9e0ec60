"""The states of a scheduled run."""

from khcn.lib.labelled import Labelled
from khcn.lib.labelled import gettext_noop as _


class JobRunState(Labelled):
    """How far a scheduled run has come."""

    QUEUED = "queued", _("Chờ chạy")
    RUNNING = "running", _("Đang chạy")
    DONE = "done", _("Đã xong")
    FAILED = "failed", _("Bị lỗi")
