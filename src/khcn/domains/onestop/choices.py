"""Words for one-stop dossiers: the national statuses, channels, the three other states, papers, surveys, complaints."""

from khcn.lib.labelled import Labelled, gettext_noop


class NationalStatus(Labelled):
    """Where a dossier stands, in the ten statuses that provinces report to the national portal."""

    SUBMITTED = "submitted", gettext_noop("Mới đăng ký")
    ACCEPTED = "accepted", gettext_noop("Được tiếp nhận")
    REFUSED = "refused", gettext_noop("Không được tiếp nhận")
    IN_PROGRESS = "in_progress", gettext_noop("Đang xử lý")
    AWAITING_SUPPLEMENT = "awaiting_supplement", gettext_noop("Yêu cầu bổ sung giấy tờ")
    AWAITING_FEE = "awaiting_fee", gettext_noop("Yêu cầu thực hiện nghĩa vụ tài chính")
    WITHDRAWAL_ASKED = "withdrawal_asked", gettext_noop("Công dân yêu cầu rút hồ sơ")
    STOPPED = "stopped", gettext_noop("Dừng xử lý")
    DECIDED = "decided", gettext_noop("Đã xử lý xong")
    RETURNED = "returned", gettext_noop("Đã trả kết quả")

    @property
    def number(self) -> int:
        """The number 1–10 under which the status travels."""
        return list(NationalStatus).index(self) + 1


class Channel(Labelled):
    """How a dossier came in; the value is the number that travels to the portal."""

    COUNTER = "1", gettext_noop("Trực tiếp")
    ONLINE = "2", gettext_noop("Trực tuyến")
    POST = "3", gettext_noop("Bưu chính")


class FinanceState(Labelled):
    """The money side of a dossier."""

    NONE = "none", gettext_noop("Không thu phí")
    NOT_DEMANDED = "not_demanded", gettext_noop("Có phí, chưa yêu cầu nộp")
    DEMANDED = "demanded", gettext_noop("Chờ nộp phí, lệ phí")
    PAID = "paid", gettext_noop("Đã nộp")
    WAIVED = "waived", gettext_noop("Được miễn")


class DeliveryState(Labelled):
    """Where the result is on its way to the person."""

    NOT_READY = "not_ready", gettext_noop("Chưa có kết quả")
    READY = "ready", gettext_noop("Chờ nhận")
    POSTED = "posted", gettext_noop("Đã gửi bưu chính")
    HANDED_OVER = "handed_over", gettext_noop("Đã giao")


class SyncState(Labelled):
    """Whether the national portal knows the present status."""

    NOT_SENT = "not_sent", gettext_noop("Chưa gửi")
    WAITING = "waiting", gettext_noop("Chờ gửi")
    SENT = "sent", gettext_noop("Đã đồng bộ")
    FAILED = "failed", gettext_noop("Lỗi đồng bộ")


class SupplementClock(Labelled):
    """What happens to the time limit when a supplement comes in."""

    RESTART = "restart", gettext_noop("Tính lại từ đầu")
    RESUME = "resume", gettext_noop("Tính tiếp phần còn lại")


class SupplementStage(Labelled):
    """When a supplement was asked for."""

    INTAKE = "intake", gettext_noop("Trước khi tiếp nhận")
    APPRAISAL = "appraisal", gettext_noop("Khi thẩm định")


class ReturnMethod(Labelled):
    """How the person wants the result."""

    COUNTER = "counter", gettext_noop("Nhận tại bộ phận một cửa")
    POST = "post", gettext_noop("Nhận qua bưu chính")
    ONLINE = "online", gettext_noop("Nhận bản điện tử")


class ApplicantKind(Labelled):
    """Who applies."""

    CITIZEN = "citizen", gettext_noop("Cá nhân")
    ENTERPRISE = "enterprise", gettext_noop("Doanh nghiệp")
    ORGANISATION = "organisation", gettext_noop("Tổ chức khác")


class OnlineLevel(Labelled):
    """How much of the procedure can be done on line."""

    NONE = "none", gettext_noop("Chỉ nộp trực tiếp hoặc bưu chính")
    PARTIAL = "partial", gettext_noop("Dịch vụ công trực tuyến một phần")
    FULL = "full", gettext_noop("Dịch vụ công trực tuyến toàn trình")


class PaperKind(Labelled):
    """Papers of the one-stop mechanism; their numbers depend on the set of forms in force."""

    RECEIPT = "receipt", gettext_noop("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
    SUPPLEMENT = "supplement", gettext_noop("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ")
    REFUSAL = "refusal", gettext_noop("Phiếu từ chối tiếp nhận, giải quyết hồ sơ")
    APOLOGY = "apology", gettext_noop("Văn bản xin lỗi và hẹn lại ngày trả kết quả")
    STOP = "stop", gettext_noop("Thông báo dừng giải quyết hồ sơ")
    CONTROL = "control", gettext_noop("Phiếu kiểm soát quá trình giải quyết hồ sơ")
    REGISTER = "register", gettext_noop("Sổ theo dõi hồ sơ")


class Satisfaction(Labelled):
    """The five levels of the survey, best first."""

    VERY_SATISFIED = "5", gettext_noop("Rất hài lòng")
    SATISFIED = "4", gettext_noop("Hài lòng")
    NEUTRAL = "3", gettext_noop("Bình thường")
    DISSATISFIED = "2", gettext_noop("Không hài lòng")
    VERY_DISSATISFIED = "1", gettext_noop("Rất không hài lòng")


class ComplaintState(Labelled):
    """Where a complaint or suggestion stands."""

    RECEIVED = "received", gettext_noop("Mới nhận")
    REFUSED = "refused", gettext_noop("Từ chối tiếp nhận")
    MORE_ASKED = "more_asked", gettext_noop("Đề nghị cung cấp thêm")
    IN_PROGRESS = "in_progress", gettext_noop("Đang xử lý")
    ANSWERED = "answered", gettext_noop("Đã trả lời")
    PUBLISHED = "published", gettext_noop("Đã công khai")


class PaymentMethod(Labelled):
    """How a fee was paid."""

    CASH = "cash", gettext_noop("Tiền mặt tại quầy")
    TRANSFER = "transfer", gettext_noop("Chuyển khoản")
    PORTAL = "portal", gettext_noop("Trực tuyến qua Cổng dịch vụ công")


class MessageState(Labelled):
    """Where a message to the national portal stands."""

    WAITING = "waiting", gettext_noop("Chờ gửi")
    SENT = "sent", gettext_noop("Đã nhận")
    REFUSED = "refused", gettext_noop("Bị từ chối")
    GIVEN_UP = "given_up", gettext_noop("Dừng gửi lại")
