"""The vocabulary of dated law: regimes, checking status, clocks and the reasons for overrunning them."""

from __future__ import annotations

from khcn.lib.labelled import Labelled
from khcn.lib.labelled import gettext_noop as _


class Regime(Labelled):
    """The family of law that governs a task or one of its steps."""

    A = "A", _("Luật Khoa học và công nghệ 2013 và văn bản hướng dẫn")
    B = "B", _("Thông tư 09/2024/TT-BKHCN")
    C = "C", _("Luật Khoa học, công nghệ và đổi mới sáng tạo 2025 và văn bản hướng dẫn")


class RuleStatus(Labelled):
    """How far a figure of a rule set has been checked."""

    VERIFIED = "verified", _("Đã đối chiếu với toàn văn")
    UNVERIFIED = "unverified", _("Chưa đối chiếu với toàn văn")
    PROVINCIAL = "provincial", _("Quy định của tỉnh")


class PinningPolicy(Labelled):
    """Which rule set follows a file that is under way when the law changes."""

    AT_FILING = "at_filing", _("Theo quy định tại thời điểm nộp hồ sơ")
    AT_APPROVAL = "at_approval", _("Theo quy định tại thời điểm phê duyệt")
    NEW_RULE_IF_UNAPPROVED = "new_rule_if_unapproved", _("Chưa phê duyệt thì chuyển sang quy định mới")
