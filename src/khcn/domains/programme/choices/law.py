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


class ClockUnit(Labelled):
    """The unit in which a statutory period is counted."""

    WORKING_DAY = "WD", _("ngày làm việc")
    CALENDAR_DAY = "CD", _("ngày")
    MONTH = "month", _("tháng")


class LateReason(Labelled):
    """Why a statutory period was overrun, as entered in the why-late log."""

    INCOMPLETE_FILE = "incomplete_file", _("Hồ sơ chưa đầy đủ, phải bổ sung")
    WAITING_OPINION = "waiting_opinion", _("Chờ ý kiến cơ quan phối hợp")
    WAITING_COUNCIL = "waiting_council", _("Chưa bố trí được phiên họp hội đồng")
    WAITING_FUNDS = "waiting_funds", _("Chưa được bố trí kinh phí")
    HOST_DELAY = "host_delay", _("Tổ chức chủ trì chậm")
    PI_CHANGE = "pi_change", _("Thay đổi chủ nhiệm")
    FORCE_MAJEURE = "force_majeure", _("Thiên tai, dịch bệnh, bất khả kháng")
    LEGAL_CHANGE = "legal_change", _("Thay đổi quy định pháp luật, tổ chức bộ máy")
    OFFICE_WORKLOAD = "office_workload", _("Cơ quan quản lý chậm xử lý")
    OTHER = "other", _("Lý do khác")
