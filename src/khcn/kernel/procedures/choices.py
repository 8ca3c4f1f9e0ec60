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


class ProcedureKind(Labelled):
    """What a procedure serves."""

    TTHC = "tthc", gettext_noop("Thủ tục hành chính")
    INTERNAL = "internal", gettext_noop("Công việc nội bộ")
    SCIENCE = "science", gettext_noop("Nhiệm vụ khoa học và công nghệ")
    QMS = "qms", gettext_noop("Hệ thống quản lý chất lượng")


class VersionState(Labelled):
    """States of a version of a procedure, a controlled revision."""

    DRAFT = "draft", gettext_noop("Bản nháp")
    IN_REVIEW = "in_review", gettext_noop("Chờ phê duyệt")
    APPROVED = "approved", gettext_noop("Đã phê duyệt")
    EFFECTIVE = "effective", gettext_noop("Có hiệu lực")
    SUPERSEDED = "superseded", gettext_noop("Đã thay thế")
    WITHDRAWN = "withdrawn", gettext_noop("Đã thu hồi")


class StepKind(Labelled):
    """What a step of a procedure does when a token reaches it."""

    START = "start", gettext_noop("Bắt đầu")
    END = "end", gettext_noop("Kết thúc")
    TERMINATE = "terminate", gettext_noop("Kết thúc toàn bộ")
    HUMAN = "human", gettext_noop("Việc của người")
    COUNCIL = "council", gettext_noop("Hội đồng")
    DECISION = "decision", gettext_noop("Rẽ nhánh theo điều kiện")
    FORK = "fork", gettext_noop("Tách nhánh song song")
    JOIN = "join", gettext_noop("Gộp nhánh song song")
    FIRST = "first", gettext_noop("Chờ việc xảy ra trước")
    SYSTEM = "system", gettext_noop("Việc của máy")
    TIMER = "timer", gettext_noop("Chờ thời gian")
    MESSAGE = "message", gettext_noop("Chờ thông điệp")
    CALL = "call", gettext_noop("Gọi quy trình khác")
    SUBPROCESS = "subprocess", gettext_noop("Quy trình con")


class NormUnit(Labelled):
    """Units of a step's time norm and of a case's limit."""

    WORKING_HOUR = "WH", gettext_noop("giờ làm việc")
    WORKING_DAY = "WD", gettext_noop("ngày làm việc")
    CALENDAR_DAY = "CD", gettext_noop("ngày")
    MONTH = "month", gettext_noop("tháng")


class UnitRule(Labelled):
    """Which of a case's organisations does a step."""

    DECIDING = "deciding", gettext_noop("Cơ quan giải quyết")
    RECEIVING = "receiving", gettext_noop("Nơi tiếp nhận")
    SUPPORT = "support", gettext_noop("Nơi hỗ trợ")
    ANY = "any", gettext_noop("Không gắn cơ quan")


class StepClock(Labelled):
    """Whether the case's time runs while the step waits."""

    RUN = "run", gettext_noop("Tính thời gian")
    PAUSE = "pause", gettext_noop("Tạm dừng thời gian")


class StepSign(Labelled):
    """Whose signature the step's output carries."""

    NONE = "none", gettext_noop("Không ký")
    PERSON = "person", gettext_noop("Ký cá nhân")
    ORGANISATION = "org", gettext_noop("Ký của cơ quan")


class HitPolicy(Labelled):
    """How many rows of a decision table may apply."""

    UNIQUE = "UNIQUE", gettext_noop("Đúng một dòng")
    FIRST = "FIRST", gettext_noop("Dòng đầu tiên")


class CaseState(Labelled):
    """States of a case. Overdue is computed and never a state."""

    RUNNING = "running", gettext_noop("Đang xử lý")
    PAUSED = "paused", gettext_noop("Tạm dừng")
    ENDED = "ended", gettext_noop("Đã kết thúc")
    CANCELLED = "cancelled", gettext_noop("Đã hủy")


class RunState(Labelled):
    """States of one run of a step; `pending` is a branch that waits at a join."""

    PENDING = "pending", gettext_noop("Chờ nhánh khác")
    READY = "ready", gettext_noop("Chờ nhận")
    CLAIMED = "claimed", gettext_noop("Đang làm")
    DONE = "done", gettext_noop("Đã xong")
    RETURNED = "returned", gettext_noop("Đã trả lại")
    SKIPPED = "skipped", gettext_noop("Bỏ qua")
    CANCELLED = "cancelled", gettext_noop("Đã hủy")


class ClockReason(Labelled):
    """Why a segment of a case's clock began."""

    STARTED = "started", gettext_noop("Bắt đầu")
    RESUMED = "resumed", gettext_noop("Chạy tiếp")
    RESTARTED = "restarted", gettext_noop("Tính lại từ đầu")
    SUPPLEMENT = "supplement", gettext_noop("Chờ bổ sung hồ sơ")
    FEE = "fee", gettext_noop("Chờ nộp phí, lệ phí")
    OUTSIDE = "outside", gettext_noop("Chờ cơ quan khác")
    STEP = "step", gettext_noop("Bước không tính thời gian")
    OTHER = "other", gettext_noop("Lý do khác")


class FieldKind(Labelled):
    """Types of a form's fields."""

    TEXT = "text", gettext_noop("Chữ")
    LONG_TEXT = "long_text", gettext_noop("Đoạn văn")
    NUMBER = "number", gettext_noop("Số")
    MONEY = "money", gettext_noop("Tiền (đồng)")
    DATE = "date", gettext_noop("Ngày")
    YES_NO = "yes_no", gettext_noop("Có, không")
    CHOICE = "choice", gettext_noop("Chọn một")
    CHOICES = "choices", gettext_noop("Chọn nhiều")
    FILE = "file", gettext_noop("Tệp")
    TABLE = "table", gettext_noop("Bảng")
    PERSON = "person", gettext_noop("Người")
    ORGANISATION = "organisation", gettext_noop("Cơ quan, tổ chức")
    PLACE = "place", gettext_noop("Địa bàn")
