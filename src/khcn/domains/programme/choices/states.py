"""The states of the programme's state machines, as the transition tables name them."""

from __future__ import annotations

from khcn.lib.labelled import Labelled
from khcn.lib.labelled import gettext_noop as _


class ProposalState(Labelled):
    """States of a proposal (phiếu đề xuất)."""

    DRAFT = "draft", _("Đang soạn")
    SUBMITTED = "submitted", _("Đã nộp")
    VALID = "valid", _("Hợp lệ")
    RETURNED = "returned", _("Trả lại để bổ sung")
    SIMILARITY_CHECKED = "similarity_checked", _("Đã tra cứu trùng lặp")
    IN_COUNCIL = "in_council", _("Đưa ra hội đồng")
    RECOMMENDED = "recommended", _("Đề nghị thực hiện")
    NOT_RECOMMENDED = "not_recommended", _("Đề nghị không thực hiện")
    LISTED = "listed", _("Vào danh mục đặt hàng")
    DROPPED = "dropped", _("Không đưa vào danh mục")
    WITHDRAWN = "withdrawn", _("Đã rút")


class OrderListState(Labelled):
    """States of an order list (danh mục đặt hàng)."""

    DRAFT = "draft", _("Đang soạn")
    SUBMITTED = "submitted", _("Đã trình")
    APPROVED = "approved", _("Đã phê duyệt")
    PUBLISHED = "published", _("Đã công bố")
    SUPERSEDED = "superseded", _("Đã được thay thế")


class CallState(Labelled):
    """States of a call (thông báo tuyển chọn, giao trực tiếp)."""

    DRAFT = "draft", _("Đang soạn")
    OPEN = "open", _("Đang nhận hồ sơ")
    CLOSED = "closed", _("Đã hết hạn nhận hồ sơ")
    DOSSIERS_OPENED = "dossiers_opened", _("Đã mở hồ sơ")
    CONCLUDED = "concluded", _("Đã có kết quả")
    UNSUCCESSFUL = "unsuccessful", _("Không có hồ sơ trúng tuyển")
    CANCELLED = "cancelled", _("Đã hủy")


class ApplicationState(Labelled):
    """States of an application dossier (hồ sơ đăng ký)."""

    DRAFT = "draft", _("Đang soạn")
    SUBMITTED = "submitted", _("Đã nộp")
    VALID = "valid", _("Hợp lệ")
    INVALID = "invalid", _("Không hợp lệ")
    SCORED = "scored", _("Đã chấm điểm")
    RANKED = "ranked", _("Đã xếp hạng")
    SELECTED = "selected", _("Được đề nghị trúng tuyển")
    RESERVE = "reserve", _("Dự bị")
    REJECTED = "rejected", _("Không trúng tuyển")
    REVISED = "revised", _("Đã chỉnh sửa theo hội đồng")
    APPRAISED = "appraised", _("Đã thẩm định kinh phí")
    REVISED_AFTER_APPRAISAL = "revised_after_appraisal", _("Đã chỉnh sửa sau thẩm định")
    APPROVED = "approved", _("Đã phê duyệt")
    CANCELLED = "cancelled", _("Đã hủy kết quả")
    WITHDRAWN = "withdrawn", _("Đã rút")


class TaskState(Labelled):
    """The main track of a task; what follows acceptance runs on the parallel tracks below."""

    APPROVED = "approved", _("Đã phê duyệt")
    CONTRACTED = "contracted", _("Đã ký hợp đồng")
    RUNNING = "running", _("Đang thực hiện")
    PAUSED = "paused", _("Tạm dừng")
    DOSSIER_DUE = "dossier_due", _("Chờ hồ sơ nghiệm thu")
    DOSSIER_SUBMITTED = "dossier_submitted", _("Đã nộp hồ sơ nghiệm thu")
    IN_ACCEPTANCE = "in_acceptance", _("Đang nghiệm thu")
    ACCEPTED = "accepted", _("Đã nghiệm thu đạt")
    FAILED = "failed", _("Nghiệm thu không đạt")
    TERMINATED = "terminated", _("Đã chấm dứt")
    CANCELLED = "cancelled", _("Đã hủy quyết định phê duyệt")
    ARCHIVED = "archived", _("Đã lưu trữ")


class ResultState(Labelled):
    """The track of finalising, registering and recognising the results."""

    NOT_STARTED = "not_started", _("Chưa bắt đầu")
    FINALISING = "finalising", _("Đang hoàn thiện hồ sơ sau nghiệm thu")
    FINALISED = "finalised", _("Đã hoàn thiện")
    REGISTERED = "registered", _("Đã đăng ký kết quả")
    RECOGNISED = "recognised", _("Đã công nhận kết quả")
    NOT_REQUIRED = "not_required", _("Không phải công nhận")


class SettlementState(Labelled):
    """The track of settlement and liquidation."""

    NOT_STARTED = "not_started", _("Chưa bắt đầu")
    OPEN = "open", _("Đang quyết toán")
    SETTLED = "settled", _("Đã quyết toán")
    LIQUIDATED = "liquidated", _("Đã thanh lý hợp đồng")


class AssetTrackState(Labelled):
    """The track of assets bought or made with the task's money."""

    NOT_STARTED = "not_started", _("Chưa bắt đầu")
    OPEN = "open", _("Chờ kiểm kê")
    INVENTORIED = "inventoried", _("Đã kiểm kê, lập phương án")
    PLAN_SUBMITTED = "plan_submitted", _("Đã trình phương án xử lý")
    DECIDED = "decided", _("Đã có quyết định xử lý")
    HANDED_OVER = "handed_over", _("Đã bàn giao tài sản")
    NO_ASSETS = "no_assets", _("Không có tài sản")


class UptakeState(Labelled):
    """The track of handing over and applying the results."""

    NOT_STARTED = "not_started", _("Chưa bắt đầu")
    AWAITING_HANDOVER = "awaiting_handover", _("Chờ bàn giao kết quả")
    IN_APPLICATION = "in_application", _("Đang ứng dụng")
    APPLIED = "applied", _("Đã ứng dụng")
    NOT_APPLIED = "not_applied", _("Chưa ứng dụng được")


class RecoveryState(Labelled):
    """The track of paying money back after a failure or termination."""

    NOT_STARTED = "not_started", _("Không phát sinh")
    OPEN = "open", _("Đang xác định số phải hoàn trả")
    DEMANDED = "demanded", _("Đã có quyết định thu hồi")
    RECOVERED = "recovered", _("Đã thu hồi đủ")
    WAIVED = "waived", _("Không phải hoàn trả")


class ChangeRequestState(Labelled):
    """States of a change request (đề nghị điều chỉnh)."""

    DRAFT = "draft", _("Đang soạn")
    SUBMITTED = "submitted", _("Đã gửi")
    RETURNED = "returned", _("Trả lại để bổ sung")
    COMPLETE = "complete", _("Hồ sơ đầy đủ")
    ORDERER_CONSENTED = "orderer_consented", _("Cơ quan đặt hàng đồng ý")
    COUNCIL_ADVISED = "council_advised", _("Hội đồng đã tư vấn")
    APPROVED = "approved", _("Được chấp thuận")
    REFUSED = "refused", _("Không được chấp thuận")
    ANNEXED = "annexed", _("Đã ký phụ lục hợp đồng")
    NOTIFIED = "notified", _("Đã thông báo")
    NOTED = "noted", _("Đã ghi nhận")
    OBJECTED = "objected", _("Cơ quan quản lý không đồng ý")


class IssueState(Labelled):
    """States of a difficulty (khó khăn, vướng mắc)."""

    RAISED = "raised", _("Mới nêu")
    CLASSIFIED = "classified", _("Đã phân loại")
    ASSIGNED = "assigned", _("Đã giao xử lý")
    ESCALATED = "escalated", _("Đã chuyển cấp trên")
    ANSWERED = "answered", _("Đã trả lời")
    VERIFIED_CLOSED = "verified_closed", _("Đã xác nhận giải quyết xong")
    MERGED = "merged", _("Đã gộp")


class ReportRunState(Labelled):
    """States of one run of a report; a correction is a new version, never an overwrite."""

    COLLECTING = "collecting", _("Đang thu thập số liệu")
    CONSOLIDATED = "consolidated", _("Đã tổng hợp, chốt số liệu")
    DRAFTED = "drafted", _("Đã dự thảo")
    REVIEWED = "reviewed", _("Đã soát xét")
    SIGNED = "signed", _("Đã ký")
    ISSUED = "issued", _("Đã ban hành")
    CORRECTED = "corrected", _("Đã có bản đính chính")


class PaymentFileState(Labelled):
    """States of a payment file (hồ sơ thanh toán), from drawing it up to the entry in the ledger."""

    DRAFTING = "drafting", _("Đang lập")
    SENT = "sent", _("Đã gửi Kho bạc")
    ENTERED = "entered", _("Đã ghi sổ")
    DROPPED = "dropped", _("Đã hủy")
