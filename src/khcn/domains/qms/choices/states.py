"""States of the machines of the quality system."""

from khcn.lib.labelled import Labelled, gettext_noop


class RevisionState(Labelled):
    """A revision of a controlled document."""

    DRAFT = "draft", gettext_noop("Đang soạn")
    IN_REVIEW = "in_review", gettext_noop("Đang xem xét")
    APPROVED = "approved", gettext_noop("Đã phê duyệt")
    EFFECTIVE = "effective", gettext_noop("Đang hiệu lực")
    SUPERSEDED = "superseded", gettext_noop("Đã thay thế")
    WITHDRAWN = "withdrawn", gettext_noop("Đã thu hồi")


class ChangeState(Labelled):
    """A request to change a document or a procedure."""

    DRAFT = "draft", gettext_noop("Đang soạn")
    ASSESSED = "assessed", gettext_noop("Đã đánh giá tác động")
    APPROVED = "approved", gettext_noop("Đã chấp thuận")
    REFUSED = "refused", gettext_noop("Không chấp thuận")
    DONE = "done", gettext_noop("Đã thực hiện")


class ProgrammeState(Labelled):
    """The yearly audit programme."""

    DRAFT = "draft", gettext_noop("Đang lập")
    SUBMITTED = "submitted", gettext_noop("Chờ phê duyệt")
    APPROVED = "approved", gettext_noop("Đã phê duyệt")


class AuditState(Labelled):
    """One internal audit."""

    PLANNED = "planned", gettext_noop("Đã lập kế hoạch")
    NOTIFIED = "notified", gettext_noop("Đã thông báo")
    RUNNING = "running", gettext_noop("Đang đánh giá")
    REPORTED = "reported", gettext_noop("Đã báo cáo")
    CLOSED = "closed", gettext_noop("Kết thúc")
    CANCELLED = "cancelled", gettext_noop("Hủy")


class NonconformityState(Labelled):
    """A nonconformity, from its note to its proven end."""

    DRAFT = "draft", gettext_noop("Mới ghi nhận")
    ANALYSIS = "analysis", gettext_noop("Đang tìm nguyên nhân")
    ACTION_PLAN = "action_plan", gettext_noop("Chờ duyệt kế hoạch khắc phục")
    IN_PROGRESS = "in_progress", gettext_noop("Đang khắc phục")
    VERIFYING = "verifying", gettext_noop("Chờ kiểm tra hiệu lực")
    CLOSED = "closed", gettext_noop("Đã đóng")
    REOPENED = "reopened", gettext_noop("Mở lại")
    CANCELLED = "cancelled", gettext_noop("Hủy")


class ReviewState(Labelled):
    """A management review."""

    PLANNED = "planned", gettext_noop("Đã lên lịch")
    INPUTS_FROZEN = "inputs_frozen", gettext_noop("Đã chốt đầu vào")
    HELD = "held", gettext_noop("Đã họp")
    MINUTES_SIGNED = "minutes_signed", gettext_noop("Đã ký biên bản")
    FOLLOWED_UP = "followed_up", gettext_noop("Đã thực hiện kết luận")


class AnnouncementState(Labelled):
    """An announcement of conformity."""

    DRAFTED = "drafted", gettext_noop("Đang soạn")
    CONFIRMED = "confirmed", gettext_noop("Người đứng đầu đã xác nhận")
    PUBLISHED = "published", gettext_noop("Đã công bố")
    SUPERSEDED = "superseded", gettext_noop("Đã thay bằng bản công bố khác")


class InspectionState(Labelled):
    """An inspection of an agency by the standing body."""

    PLANNED = "planned", gettext_noop("Đã lập kế hoạch")
    CHECKING = "checking", gettext_noop("Đang kiểm tra")
    REMEDYING = "remedying", gettext_noop("Chờ khắc phục")
    REPORTED = "reported", gettext_noop("Đã báo cáo")


class YearState(Labelled):
    """An agency's score of a year."""

    COMPUTED = "computed", gettext_noop("Tạm tính")
    CONFIRMED = "confirmed", gettext_noop("Sở đã xác nhận")
    REVOKED = "revoked", gettext_noop("Đã hủy xác nhận")
