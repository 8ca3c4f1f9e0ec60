"""The vocabulary of funding, the ledger and the estimate."""

from __future__ import annotations

from khcn.lib.labelled import Labelled
from khcn.lib.labelled import gettext_noop as _


class FundingSourceKind(Labelled):
    """The four sources of the plan, and the state of having none."""

    S1_RECURRENT = "S1", _("Kinh phí sự nghiệp khoa học và công nghệ")
    S2_CAPITAL = "S2", _("Vốn đầu tư từ ngân sách tỉnh")
    S3_CENTRAL = "S3", _("Vốn hỗ trợ Trung ương")
    S4_COUNTERPART = "S4", _("Vốn đối ứng, tài trợ của doanh nghiệp, tổ chức khác")
    UNDETERMINED = "undetermined", _("Chưa xác định nguồn")


class LedgerEntryKind(Labelled):
    """The kind of a row of the ledger; a wrong row is reversed by a row of the same kind with `reverses` set."""

    PLAN = "plan", _("Kế hoạch")
    ESTIMATE = "estimate", _("Dự toán giao")
    ALLOCATION = "allocation", _("Phân bổ")
    ADVANCE = "advance", _("Tạm ứng")
    CLEARANCE = "clearance", _("Thanh toán tạm ứng")
    PAYMENT = "payment", _("Thanh toán")
    CARRY_OVER_OUT = "carry_over_out", _("Chuyển nguồn sang năm sau")
    CARRY_OVER_IN = "carry_over_in", _("Nhận chuyển nguồn từ năm trước")
    RECOVERY = "recovery", _("Thu hồi")
    SETTLEMENT = "settlement", _("Quyết toán")


class TreasuryPayment(Labelled):
    """What is asked of the State Treasury; it decides which papers go with it (TTLT 27/2015, Điều 13)."""

    FIRST_ADVANCE = "first_advance", _("Tạm ứng lần đầu")
    NEXT_ADVANCE = "next_advance", _("Tạm ứng các lần tiếp theo")
    CLEARANCE = "clearance", _("Thanh toán tạm ứng")
    PAYMENT = "payment", _("Thanh toán trực tiếp")
    LAST_PAYMENT = "last_payment", _("Thanh toán lần cuối")


class PaperNeed(Labelled):
    """What it means that a paper of a payment file is missing; `NONE` takes away what another rule set asks for."""

    BLOCK = "block", _("Bắt buộc")
    WARN = "warn", _("Nên có")
    NONE = "none", _("Không yêu cầu")


class PaperKeeper(Labelled):
    """Who gets a paper of a payment file."""

    TREASURY = "treasury", _("Gửi Kho bạc Nhà nước")
    HOST = "host", _("Lưu tại tổ chức chủ trì")


class PaperCondition(Labelled):
    """A fact of a payment under which a paper is asked for."""

    ALWAYS = "always", _("Mọi trường hợp")
    TENDER = "tender", _("Có phần việc phải đấu thầu")
    EQUIPMENT = "equipment", _("Thiết bị chưa đủ thủ tục thanh toán")


class BudgetLineKind(Labelled):
    """The ten input lines of an estimate (TT 03/2023/TT-BTC, Điều 3)."""

    REMUNERATION = "remuneration", _("Thù lao, nhân công, chuyên gia")
    MATERIALS = "materials", _("Nguyên vật liệu, tài liệu, dữ liệu, quyền sở hữu trí tuệ")
    ASSETS = "assets", _("Sửa chữa, mua sắm, thuê tài sản")
    CONFERENCES_TRAVEL = "conferences_travel", _("Hội nghị, hội thảo, công tác phí, đoàn ra, đoàn vào")
    OUTSOURCED = "outsourced", _("Dịch vụ thuê ngoài")
    SURVEYS = "surveys", _("Điều tra, khảo sát, thu thập số liệu")
    OFFICE = "office", _("Văn phòng phẩm, in ấn")
    SELF_EVALUATION = "self_evaluation", _("Tự đánh giá kết quả")
    OVERHEAD = "overhead", _("Quản lý chung")
    OTHER = "other", _("Chi khác")


class EstimateBasis(Labelled):
    """How an amount of an estimate was reckoned; what a norm can be held against."""

    OTHER = "other", _("Theo báo giá hoặc thuyết minh riêng")
    PAY = "pay", _("Thù lao chức danh: tháng × hệ số × mức của chủ nhiệm")
    LABOUR = "labour", _("Lao động phổ thông: số ngày công")
    DOMESTIC_EXPERT = "domestic_expert", _("Thuê chuyên gia trong nước")
    FOREIGN_EXPERT = "foreign_expert", _("Thuê chuyên gia ngoài nước")
    FEE = "fee", _("Chi theo định mức: số lượng × mức chi")


class NormVerdict(Labelled):
    """What a departure from a norm means for the estimate."""

    STOP = "stop", _("Phải sửa")
    EXPLAIN = "explain", _("Phải giải trình")
    EXPLAINED = "explained", _("Đã giải trình")
    NOTE = "note", _("Lưu ý")


class AdvanceAge(Labelled):
    """How old an advance that is not cleared has become since the term ended (TTLT 27/2015, Điều 13 khoản 2)."""

    RUNNING = "running", _("Còn thời gian thực hiện")
    TO_CLEAR = "to_clear", _("Phải thanh toán")
    OVERDUE = "overdue", _("Quá hạn thanh toán")
    DEDUCTED = "deducted", _("Phải trừ vào dự toán năm sau")


class CounterpartState(Labelled):
    """How far a counterpart contribution has come."""

    PLEDGED = "pledged", _("Cam kết")
    PROVEN = "proven", _("Đã chứng minh")
    SPENT = "spent", _("Đã chi")


class FailureCause(Labelled):
    """Why a task failed, as the authority concluded; it decides what is paid back (TTLT 27/2015, Điều 16)."""

    OBJECTIVE = "objective", _("Nguyên nhân khách quan")
    SUBJECTIVE = "subjective", _("Nguyên nhân chủ quan")
