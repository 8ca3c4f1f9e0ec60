"""Words for the calendar, clocks and councils."""

from khcn.lib.labelled import Labelled, gettext_noop


class DayKind(Labelled):
    """How a date differs from the ordinary week."""

    HOLIDAY = "holiday", gettext_noop("Nghỉ lễ, tết")
    SWAP_OFF = "swap_off", gettext_noop("Nghỉ hoán đổi")
    SWAP_ON = "swap_on", gettext_noop("Làm bù")
    LOCAL = "local", gettext_noop("Nghỉ riêng của địa phương")


class ClockUnit(Labelled):
    """Units of statutory time."""

    WORKING_DAY = "WD", gettext_noop("ngày làm việc")
    CALENDAR_DAY = "CD", gettext_noop("ngày")
    MONTH = "month", gettext_noop("tháng")


class LateReason(Labelled):
    """Why a clock was overrun."""

    INCOMPLETE_FILE = "incomplete_file", gettext_noop("Hồ sơ chưa đầy đủ, phải bổ sung")
    WAITING_OPINION = "waiting_opinion", gettext_noop("Chờ ý kiến cơ quan phối hợp")
    WAITING_COUNCIL = "waiting_council", gettext_noop("Chưa bố trí được phiên họp hội đồng")
    WAITING_FUNDS = "waiting_funds", gettext_noop("Chưa được bố trí kinh phí")
    HOST_DELAY = "host_delay", gettext_noop("Tổ chức chủ trì chậm")
    PI_CHANGE = "pi_change", gettext_noop("Thay đổi chủ nhiệm")
    FORCE_MAJEURE = "force_majeure", gettext_noop("Thiên tai, dịch bệnh, bất khả kháng")
    LEGAL_CHANGE = "legal_change", gettext_noop("Thay đổi quy định pháp luật, tổ chức bộ máy")
    OFFICE_WORKLOAD = "office_workload", gettext_noop("Cơ quan quản lý chậm xử lý")
    OTHER = "other", gettext_noop("Lý do khác")


class CouncilState(Labelled):
    """States of a council, from its draft list to its closing."""

    DRAFTED = "drafted", gettext_noop("Dự kiến")
    ESTABLISHED = "established", gettext_noop("Đã thành lập")
    PAPERS_SENT = "papers_sent", gettext_noop("Đã gửi tài liệu")
    IN_SESSION = "in_session", gettext_noop("Đang họp")
    BALLOTS_SEALED = "ballots_sealed", gettext_noop("Đã niêm phiếu")
    COUNTED = "counted", gettext_noop("Đã kiểm phiếu")
    MINUTES_SIGNED = "minutes_signed", gettext_noop("Đã ký biên bản")
    CLOSED = "closed", gettext_noop("Kết thúc")
    REPLACED = "replaced", gettext_noop("Đã thay bằng hội đồng khác")
