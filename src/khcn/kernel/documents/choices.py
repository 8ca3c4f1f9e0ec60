"""Words for documents and legal instruments."""

from khcn.lib.labelled import Labelled, gettext_noop


class DocumentKind(Labelled):
    """What a document is; the value is its sign in a number."""

    PLAN = "KH", gettext_noop("Kế hoạch")
    DECISION = "QĐ", gettext_noop("Quyết định")
    REPORT = "BC", gettext_noop("Báo cáo")
    LETTER = "CV", gettext_noop("Công văn")
    NOTICE = "TB", gettext_noop("Thông báo")
    MINUTES = "BB", gettext_noop("Biên bản")
    CONTRACT = "HĐ", gettext_noop("Hợp đồng")
    FORM = "PH", gettext_noop("Phiếu")
    CERTIFICATE = "GCN", gettext_noop("Giấy chứng nhận")
    SUBMISSION = "TTr", gettext_noop("Tờ trình")
    PROPOSAL = "ĐX", gettext_noop("Phiếu đề xuất")
    EVIDENCE = "MC", gettext_noop("Minh chứng")
    OTHER = "KHAC", gettext_noop("Văn bản khác")


class LegalStatus(Labelled):
    """How sure the text behind a legal instrument is."""

    VERIFIED = "verified", gettext_noop("Đã đối chiếu văn bản")
    UNVERIFIED = "unverified", gettext_noop("Chưa đối chiếu văn bản")


class PaperState(Labelled):
    """Where an official paper stands on its way from draft to receiver."""

    DRAFT = "draft", gettext_noop("Dự thảo")
    CHECKED = "checked", gettext_noop("Đúng thể thức")
    INITIALLED = "initialled", gettext_noop("Đã ký nháy")
    SIGNED = "signed", gettext_noop("Đã ký, chờ lấy số")
    NUMBERED = "numbered", gettext_noop("Đã lấy số")
    SEALED = "sealed", gettext_noop("Đã ký số cơ quan")
    SENT = "sent", gettext_noop("Đã gửi")
    ACKNOWLEDGED = "acknowledged", gettext_noop("Nơi nhận đã tiếp nhận")
    RECALLED = "recalled", gettext_noop("Đã thu hồi")
    REPLACED = "replaced", gettext_noop("Đã thay thế")


class Urgency(Labelled):
    """How fast a paper must go; the value is the number in edXML."""

    ORDINARY = "0", gettext_noop("Thường")
    URGENT = "1", gettext_noop("Khẩn")
    VERY_URGENT = "2", gettext_noop("Thượng khẩn")
    EXPRESS = "3", gettext_noop("Hỏa tốc")


class SignatureKind(Labelled):
    """Whose signature stands in a file."""

    PERSON = "person", gettext_noop("Chữ ký cá nhân")
    ORGANISATION = "organisation", gettext_noop("Chữ ký cơ quan")


class DispatchState(Labelled):
    """Where a paper under way to one receiver stands."""

    WAITING = "waiting", gettext_noop("Chờ gửi")
    SENT = "sent", gettext_noop("Đã gửi")
    ARRIVED = "arrived", gettext_noop("Đã đến")
    REFUSED = "refused", gettext_noop("Bị từ chối")
    ACCEPTED = "accepted", gettext_noop("Đã tiếp nhận")
    IN_PROGRESS = "in_progress", gettext_noop("Đang xử lý")
    COMPLETED = "completed", gettext_noop("Hoàn thành")
    RECALL_AGREED = "recall_agreed", gettext_noop("Đồng ý thu hồi")
    RECALL_REFUSED = "recall_refused", gettext_noop("Không đồng ý thu hồi")
    GIVEN_UP = "given_up", gettext_noop("Gửi không được")


class DispatchKind(Labelled):
    """What a message on the axis asks for; the value is the number in edXML."""

    NEW = "0", gettext_noop("Văn bản mới")
    RECALL = "1", gettext_noop("Thu hồi")
    UPDATE = "2", gettext_noop("Cập nhật")
    REPLACE = "3", gettext_noop("Thay thế")


class IncomingState(Labelled):
    """What the receiver did with a paper that came in."""

    ARRIVED = "arrived", gettext_noop("Mới đến")
    ACCEPTED = "accepted", gettext_noop("Đã vào sổ")
    REFUSED = "refused", gettext_noop("Từ chối tiếp nhận")
    RECALLED = "recalled", gettext_noop("Bị thu hồi")
    REPLACED = "replaced", gettext_noop("Bị thay thế")
