"""Kinds and states of the room of marks; values are stored and appear in addresses."""

from khcn.lib.labelled import Labelled, gettext_noop


class RightKind(Labelled):
    """What is protected."""

    GEOGRAPHICAL_INDICATION = "gi", gettext_noop("Chỉ dẫn địa lý")
    CERTIFICATION = "certification", gettext_noop("Nhãn hiệu chứng nhận")
    COLLECTIVE = "collective", gettext_noop("Nhãn hiệu tập thể")


class RightState(Labelled):
    """Where a right stands at the national office."""

    PREPARING = "preparing", gettext_noop("Đang lập hồ sơ")
    FILED = "filed", gettext_noop("Đã nộp đơn")
    REGISTERED = "registered", gettext_noop("Đang được bảo hộ")
    ENDED = "ended", gettext_noop("Chấm dứt, hủy bỏ")


class RightRole(Labelled):
    """What a body is to a right."""

    OWNER = "owner", gettext_noop("Chủ sở hữu")
    MANAGER = "manager", gettext_noop("Cơ quan, tổ chức quản lý")


class AreaKind(Labelled):
    """How an area is described."""

    SHAPE = "shape", gettext_noop("Theo ranh giới vẽ")
    UNITS = "units", gettext_noop("Theo danh sách xã, phường")


class Outcome(Labelled):
    """What the trace says of a lot and a mark."""

    CERTAIN = "certain", gettext_noop("Được mang")
    POSSIBLE = "possible", gettext_noop("Chưa đủ chắc chắn")
    NO = "no", gettext_noop("Không được mang")


class UseState(Labelled):
    """Where a right to use stands."""

    APPLIED = "applied", gettext_noop("Đang xét")
    GRANTED = "granted", gettext_noop("Được sử dụng")
    SUSPENDED = "suspended", gettext_noop("Bị tạm dừng")
    REVOKED = "revoked", gettext_noop("Đã thu hồi")
    REFUSED = "refused", gettext_noop("Không cấp")


class UseAct(Labelled):
    """What is done to a right to use."""

    APPLY = "apply", gettext_noop("Nộp hồ sơ")
    GRANT = "grant", gettext_noop("Cấp")
    REFUSE = "refuse", gettext_noop("Từ chối cấp")
    AMEND = "amend", gettext_noop("Sửa đổi")
    RENEW = "renew", gettext_noop("Gia hạn")
    SUSPEND = "suspend", gettext_noop("Tạm dừng")
    RESUME = "resume", gettext_noop("Cho dùng lại")
    REVOKE = "revoke", gettext_noop("Thu hồi")
    RESTORE = "restore", gettext_noop("Khôi phục sau khiếu nại")


class CheckKind(Labelled):
    """What is checked before a right to use is granted."""

    PLACE = "place", gettext_noop("Nơi trồng")
    PRODUCT = "product", gettext_noop("Chất lượng hàng")
    PEOPLE = "people", gettext_noop("Con người, kỹ thuật")


class Tier(Labelled):
    """Who controls."""

    SELF = "self", gettext_noop("Tự kiểm soát")
    INTERNAL = "internal", gettext_noop("Kiểm soát nội bộ")
    EXTERNAL = "external", gettext_noop("Kiểm soát bên ngoài")


class FaultGrade(Labelled):
    """How grave a nonconformity is."""

    MINOR = "minor", gettext_noop("Nhẹ")
    MAJOR = "major", gettext_noop("Nặng")
    CRITICAL = "critical", gettext_noop("Nghiêm trọng")


class FaultState(Labelled):
    """Where a nonconformity of a member stands."""

    OPEN = "open", gettext_noop("Chờ khắc phục")
    APPEALED = "appealed", gettext_noop("Đang khiếu nại")
    CLOSED = "closed", gettext_noop("Đã khép lại")
    LIFTED = "lifted", gettext_noop("Đã bỏ sau khiếu nại")


class Sanction(Labelled):
    """What follows a nonconformity."""

    NONE = "none", gettext_noop("Chưa xử lý")
    WARNING = "warning", gettext_noop("Nhắc nhở")
    SUSPENSION = "suspension", gettext_noop("Tạm dừng quyền")
    REVOCATION = "revocation", gettext_noop("Thu hồi quyền")


class FileState(Labelled):
    """Where a file of software copyright stands."""

    DRAFT = "draft", gettext_noop("Đang chuẩn bị")
    FILED = "filed", gettext_noop("Đã nộp")
    SUPPLEMENT = "supplement", gettext_noop("Phải bổ sung")
    CERTIFIED = "certified", gettext_noop("Đã có giấy chứng nhận")
    REFUSED = "refused", gettext_noop("Bị từ chối")


class FeeCause(Labelled):
    """What a member pays the manager of a right for."""

    GRANT = "grant", gettext_noop("Cấp quyền sử dụng")
    RENEW = "renew", gettext_noop("Gia hạn quyền sử dụng")


class IncidentKind(Labelled):
    """What was reported about a right."""

    INFRINGEMENT = "infringement", gettext_noop("Xâm phạm quyền")
    CONSUMER = "consumer", gettext_noop("Phản ánh của người tiêu dùng")


class IncidentState(Labelled):
    """Where a report of an infringement, or of a consumer, stands."""

    RECEIVED = "received", gettext_noop("Mới nhận")
    CHECKING = "checking", gettext_noop("Đang xác minh")
    HANDED = "handed", gettext_noop("Đã chuyển cơ quan thanh tra")
    CONCLUDED = "concluded", gettext_noop("Có vi phạm, đã xử lý")
    UNFOUNDED = "unfounded", gettext_noop("Không có căn cứ")


class IncidentAct(Labelled):
    """What is done with such a report."""

    RECEIVE = "receive", gettext_noop("Tiếp nhận")
    CHECK = "check", gettext_noop("Xác minh")
    HAND_OVER = "hand_over", gettext_noop("Chuyển cơ quan thanh tra")
    CONCLUDE = "conclude", gettext_noop("Kết luận có vi phạm")
    DISMISS = "dismiss", gettext_noop("Kết luận không có căn cứ")


class YearReportState(Labelled):
    """Where the report of a year stands."""

    DRAFT = "draft", gettext_noop("Đang viết")
    ISSUED = "issued", gettext_noop("Đã ban hành")
