"""The vocabulary of difficulties, inspections, report obligations and changes."""

from __future__ import annotations

from khcn.lib.labelled import Labelled
from khcn.lib.labelled import gettext_noop as _


class IssueKind(Labelled):
    """The kind of a difficulty."""

    LEGAL = "legal", _("Cơ chế, pháp lý")
    MONEY = "money", _("Kinh phí")
    PEOPLE = "people", _("Nhân lực")
    TECHNICAL = "technical", _("Kỹ thuật")
    MARKET = "market", _("Thị trường, ứng dụng")
    NATURAL = "natural", _("Thiên tai, dịch bệnh")


class IssueLevel(Labelled):
    """The lowest level that can solve a difficulty."""

    HOST = "host", _("Tổ chức chủ trì")
    DEPARTMENT = "department", _("Sở Khoa học và Công nghệ")
    PROVINCE = "province", _("Ủy ban nhân dân tỉnh")
    MINISTRY = "ministry", _("Bộ, ngành Trung ương")


class InspectionKind(Labelled):
    """Why an inspection takes place."""

    PERIODIC = "periodic", _("Định kỳ")
    AD_HOC = "ad_hoc", _("Đột xuất")


class ObligationKind(Labelled):
    """A report that a host owes because it has signed a contract."""

    PROGRESS = "progress", _("Báo cáo định kỳ")
    FINAL = "final", _("Báo cáo tổng hợp kết quả")
    APPLICATION = "application", _("Báo cáo ứng dụng kết quả")


class ObligationStatus(Labelled):
    """Where a report obligation stands on a date."""

    NOT_DUE = "not_due", _("Chưa đến hạn")
    DUE_SOON = "due_soon", _("Sắp đến hạn")
    RECEIVED = "received", _("Đã nộp")
    RECEIVED_LATE = "received_late", _("Đã nộp chậm")
    MISSED = "missed", _("Quá hạn chưa nộp")


class ChangeKind(Labelled):
    """What a change request changes (TT 04/2015, Điều 12–20)."""

    NAME = "name", _("Tên nhiệm vụ")
    OBJECTIVE = "objective", _("Mục tiêu")
    PRODUCT = "product", _("Sản phẩm")
    CONTENT = "content", _("Nội dung")
    DURATION = "duration", _("Thời gian thực hiện")
    PI = "pi", _("Chủ nhiệm")
    HOST = "host", _("Tổ chức chủ trì")
    TEAM = "team", _("Thành viên thực hiện")
    MATERIALS = "materials", _("Nguyên vật liệu trong phạm vi mục chi")
    EQUIPMENT = "equipment", _("Mua sắm tài sản, thiết bị")
    TRIP_CONTENT = "trip_content", _("Nội dung, thời điểm, thời gian đoàn ra")
    TRIP_SCOPE = "trip_scope", _("Nước đến, số người tham gia đoàn ra")
    NON_STATE_PLAN = "non_state_plan", _("Kế hoạch vốn ngoài ngân sách nhà nước")
    LUMP_MODE = "lump_mode", _("Phương thức khoán chi")
    LUMP_TOTAL = "lump_total", _("Tổng kinh phí được giao khoán")
    LUMP_ALLOCATION = "lump_allocation", _("Điều chỉnh giữa các phần việc được giao khoán")
    NON_LUMP_BUDGET = "non_lump_budget", _("Kinh phí không được giao khoán")
    OTHER = "other", _("Điều chỉnh khác")


class PiChangeCause(Labelled):
    """A cause for which the principal investigator may be replaced (TT 04/2015)."""

    LONG_ASSIGNMENT = "long_assignment", _("Đi học tập, công tác dài hạn")
    ILLNESS = "illness", _("Ốm đau không đủ khả năng điều hành")
    OWN_REQUEST = "own_request", _("Tự nguyện xin thôi")
    DEATH = "death", _("Tử vong hoặc mất tích")
    MISCONDUCT = "misconduct", _("Vi phạm, bị đình chỉ hoặc không hoàn thành tiến độ")
