"""The vocabulary of councils, seats, ballots and conflicts of interest."""

from __future__ import annotations

from khcn.lib.labelled import Labelled
from khcn.lib.labelled import gettext_noop as _


class CouncilKind(Labelled):
    """The kind of a council or team."""

    IDENTIFICATION = "identification", _("Hội đồng tư vấn xác định nhiệm vụ")
    SELECTION = "selection", _("Hội đồng tư vấn tuyển chọn, giao trực tiếp")
    BUDGET_APPRAISAL = "budget_appraisal", _("Tổ thẩm định kinh phí")
    ACCEPTANCE = "acceptance", _("Hội đồng đánh giá, nghiệm thu")
    CHANGE = "change", _("Hội đồng tư vấn điều chỉnh, chấm dứt")


class SeatRole(Labelled):
    """The role of a seat in a council."""

    CHAIR = "chair", _("Chủ tịch")
    VICE_CHAIR = "vice_chair", _("Phó chủ tịch")
    REVIEWER = "reviewer", _("Ủy viên phản biện")
    MEMBER = "member", _("Ủy viên")
    SCI_SECRETARY = "sci_secretary", _("Ủy viên thư ký khoa học")
    EXPERT = "expert", _("Chuyên gia, tổ chuyên gia")
    TEAM_HEAD = "team_head", _("Tổ trưởng")
    TEAM_VICE = "team_vice", _("Tổ phó")
    TEAM_MEMBER = "team_member", _("Thành viên tổ")
    ADMIN_SECRETARY = "admin_secretary", _("Thư ký hành chính")


class CriteriaKind(Labelled):
    """Which table of selection criteria applies to a dossier (TT 20/2023, Điều 11)."""

    APPLIED_RESEARCH = "applied_research", _("Đề tài nghiên cứu ứng dụng và phát triển công nghệ")
    SOCIAL_SCIENCE = "social_science", _("Đề tài khoa học xã hội và nhân văn, đề án khoa học")
    PILOT_PRODUCTION = "pilot_production", _("Dự án sản xuất thử nghiệm")


class Grade(Labelled):
    """The grade of a task at acceptance, and the level of a product line or of one ballot."""

    EXCELLENT = "excellent", _("Xuất sắc")
    PASS = "pass", _("Đạt")
    FAIL = "fail", _("Không đạt")


class PassFail(Labelled):
    """One item of an identification ballot."""

    PASS = "pass", _("Đạt")
    FAIL = "fail", _("Không đạt")


class IdentificationOutcome(Labelled):
    """What the identification council recommends."""

    PERFORM = "perform", _("Đề nghị thực hiện")
    DO_NOT_PERFORM = "do_not_perform", _("Đề nghị không thực hiện")


class ConflictKind(Labelled):
    """Why a person may not take a seat."""

    APPLICANT = "applicant", _("Là người đăng ký chủ nhiệm hoặc tham gia")
    EMPLOYEE = "employee", _("Công tác tại tổ chức chủ trì hoặc phối hợp")
    KINSHIP = "kinship", _("Có quan hệ gia đình với người thực hiện")
    SANCTIONED = "sanctioned", _("Đang bị xử phạt do vi phạm")
    CONVICTED = "convicted", _("Đang bị truy cứu hoặc chưa được xóa án tích")
    EVIDENT_BIAS = "evident_bias", _("Có bằng chứng không khách quan")
    RESERVED_SEAT = "reserved_seat", _("Không được giữ chức danh này trong hội đồng")


class RelationKind(Labelled):
    """A declared or known relation between two people, or a person and an organisation."""

    SPOUSE = "spouse", _("Vợ, chồng")
    PARENT = "parent", _("Cha, mẹ")
    CHILD = "child", _("Con")
    SIBLING = "sibling", _("Anh, chị, em ruột")
    EMPLOYEE_OF = "employee_of", _("Công tác tại")
