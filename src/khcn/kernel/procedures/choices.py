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

    HOST = "host", gettext_noop("Tổ chức chủ trì nộp chậm")
    COUNCIL = "council", gettext_noop("Chưa họp được hội đồng")
    MONEY = "money", gettext_noop("Chưa bố trí được kinh phí")
    OPINION = "opinion", gettext_noop("Chờ ý kiến cơ quan khác")
    STAFF = "staff", gettext_noop("Thiếu người xử lý")
    FORCE_MAJEURE = "force_majeure", gettext_noop("Thiên tai, dịch bệnh, bất khả kháng")
    REORGANISATION = "reorganisation", gettext_noop("Sắp xếp bộ máy")
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
