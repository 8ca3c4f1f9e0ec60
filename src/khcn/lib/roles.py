"""The machine codes of the roles that act in the programme; who holds one, where and when, is kept by `kernel.orgs`."""

from __future__ import annotations

from khcn.lib.labelled import Labelled, gettext_noop


class Role(Labelled):
    """A role named by the transition tables; a person acts in it through an appointment or a seat, never for ever."""

    PROPOSER = "proposer", gettext_noop("Đơn vị, cá nhân đề xuất")
    HOST = "host", gettext_noop("Tổ chức chủ trì")
    PI = "pi", gettext_noop("Chủ nhiệm nhiệm vụ")
    SPECIALIST = "specialist", gettext_noop("Chuyên viên quản lý khoa học")
    ADMIN_SECRETARY = "admin_secretary", gettext_noop("Thư ký hành chính")
    CHAIR = "chair", gettext_noop("Chủ tịch hội đồng")
    VICE_CHAIR = "vice_chair", gettext_noop("Phó chủ tịch hội đồng")
    REVIEWER = "reviewer", gettext_noop("Ủy viên phản biện")
    MEMBER = "member", gettext_noop("Ủy viên hội đồng")
    SCI_SECRETARY = "sci_secretary", gettext_noop("Ủy viên thư ký khoa học")
    APPRAISER = "appraiser", gettext_noop("Thành viên tổ thẩm định")
    ACCOUNTANT = "accountant", gettext_noop("Kế toán, đơn vị quản lý kinh phí")
    HEAD = "head", gettext_noop("Trưởng phòng")
    DIRECTOR = "director", gettext_noop("Lãnh đạo Sở")
    FINANCE = "finance", gettext_noop("Sở Tài chính")
    COORDINATOR = "coordinator", gettext_noop("Đơn vị phối hợp, cấp xã")
    LEADER = "leader", gettext_noop("Lãnh đạo Ủy ban nhân dân tỉnh")
    INFO_FOCAL = "info_focal", gettext_noop("Đầu mối thông tin khoa học và công nghệ")
    INSPECTOR = "inspector", gettext_noop("Thanh tra, kiểm toán")
    AGENCY_HEAD = "agency_head", gettext_noop("Người đứng đầu cơ quan")
    ISO_SECRETARY = "iso_secretary", gettext_noop("Thư ký ISO")
    ONE_STOP = "one_stop", gettext_noop("Cán bộ một cửa")
    CLERK = "clerk", gettext_noop("Văn thư")
    INTERNAL_AUDITOR = "internal_auditor", gettext_noop("Chuyên gia đánh giá nội bộ")
    OFFICER = "officer", gettext_noop("Công chức, viên chức của cơ quan")
    PRODUCER = "producer", gettext_noop("Cơ sở sản xuất, kinh doanh")
    SYSADMIN = "sysadmin", gettext_noop("Quản trị hệ thống")
