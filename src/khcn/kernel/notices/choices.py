"""Kinds of notices."""

from khcn.lib.labelled import Labelled, gettext_noop


class NoticeKind(Labelled):
    """What a notice asks of its reader."""

    APPROVE = "approve", gettext_noop("Chờ duyệt")
    DO = "do", gettext_noop("Việc cần làm")
    LATE = "late", gettext_noop("Quá hạn")
    INFORM = "inform", gettext_noop("Để biết")
