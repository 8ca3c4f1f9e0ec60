"""The vocabulary of the plan, its targets, duties and reporting periods."""

from __future__ import annotations

from khcn.lib.labelled import Labelled
from khcn.lib.labelled import gettext_noop as _


class PlanState(Labelled):
    """The life of a plan document in the system."""

    DRAFT = "draft", _("Bản nháp từ văn bản")
    ADOPTED = "adopted", _("Đã đưa vào theo dõi")
    SUPERSEDED = "superseded", _("Đã được thay thế")
    CLOSED = "closed", _("Đã tổng kết")


class ContentArea(Labelled):
    """The content field of a plan (lĩnh vực của kế hoạch)."""

    INFORMATION_TECHNOLOGY = "it", _("Công nghệ thông tin")
    BIOTECHNOLOGY = "biotech", _("Công nghệ sinh học")
    NEW_MATERIALS = "new_materials", _("Công nghệ vật liệu mới")
    MECHANISATION = "mech_auto", _("Cơ khí – tự động hóa")
    OTHER = "other", _("Lĩnh vực khác")


class ScienceField(Labelled):
    """The field of science in the national classification, first level."""

    NATURAL = "natural", _("Khoa học tự nhiên")
    ENGINEERING = "engineering", _("Khoa học kỹ thuật và công nghệ")
    MEDICAL = "medical", _("Khoa học y, dược")
    AGRICULTURAL = "agricultural", _("Khoa học nông nghiệp")
    SOCIAL = "social", _("Khoa học xã hội")
    HUMANITIES = "humanities", _("Khoa học nhân văn")


class TargetOperator(Labelled):
    """How a target's value is compared with its goal."""

    AT_LEAST = "at_least", _("ít nhất")
    EQUALS = "equals", _("bằng")
    AT_MOST = "at_most", _("không quá")
    MORE_THAN = "more_than", _("trên")
    LESS_THAN = "less_than", _("dưới")


class TargetStatus(Labelled):
    """The computed status of a target on a date."""

    NOT_STARTED = "not_started", _("Chưa triển khai")
    COMMITTED = "committed", _("Đã ký hợp đồng")
    PRODUCED = "produced", _("Đã có sản phẩm nghiệm thu")
    APPLIED = "applied", _("Đã ứng dụng một phần")
    ACHIEVED = "achieved", _("Đạt")
    AT_RISK = "at_risk", _("Có nguy cơ không đạt")
    MISSED = "missed", _("Không đạt")


class DenominatorPolicy(Labelled):
    """Which agencies a percentage target is measured against when organisations are merged or abolished."""

    FROZEN = "frozen", _("Cố định tại ngày gốc")
    AS_OF = "as_of", _("Theo danh sách tại ngày báo cáo")
    SUCCESSOR_MAPPED = "successor_mapped", _("Quy đổi sang cơ quan kế thừa")


class AssignmentRole(Labelled):
    """The part that a unit plays in a duty of the plan."""

    LEAD = "lead", _("Chủ trì")
    COORDINATE = "coordinate", _("Phối hợp")
    PROPAGATE = "propagate", _("Tuyên truyền, vận động")
    FUND = "fund", _("Bố trí kinh phí")


class AssignmentState(Labelled):
    """Where a duty of the plan stands."""

    NOT_STARTED = "not_started", _("Chưa thực hiện")
    IN_PROGRESS = "in_progress", _("Đang thực hiện")
    DONE = "done", _("Hoàn thành")
    OVERDUE = "overdue", _("Quá hạn")


class Certainty(Labelled):
    """How sure an amount of the envelope is."""

    SECURED = "secured", _("Đã giao dự toán")
    TARGETED = "targeted", _("Dự kiến")
    UNFUNDED = "unfunded", _("Chưa xác định nguồn")


class ReportCode(Labelled):
    """The twelve report forms."""

    R1 = "R1", _("Tình hình thực hiện kế hoạch")
    R2 = "R2", _("Tình hình nhiệm vụ")
    R3 = "R3", _("Kinh phí theo nguồn và năm")
    R4 = "R4", _("Sản phẩm và ứng dụng")
    R5 = "R5", _("Khó khăn, vướng mắc")
    R6 = "R6", _("Nghiệm thu, đăng ký, công nhận kết quả")
    R7 = "R7", _("Ứng dụng kết quả hằng năm")
    R8 = "R8", _("Công tác kiểm tra")
    R9 = "R9", _("Kế hoạch và dự toán năm sau")
    R10 = "R10", _("Nhiệm vụ đã phê duyệt và ký hợp đồng")
    R11 = "R11", _("Kết quả thực hiện phân công")
    R12 = "R12", _("Báo cáo đột xuất")


class PeriodKind(Labelled):
    """The kind of a reporting period."""

    MONTH = "month", _("Tháng")
    QUARTER = "quarter", _("Quý")
    HALF_YEAR = "half_year", _("6 tháng")
    YEAR = "year", _("Năm")
    AD_HOC = "ad_hoc", _("Đột xuất")


class PeriodBasis(Labelled):
    """The calendar on which a period is cut off."""

    ADMINISTRATIVE = "administrative", _("Chế độ báo cáo hành chính")
    STATISTICAL = "statistical", _("Chế độ báo cáo thống kê")
    OWN = "own", _("Thời điểm chốt số liệu của Ủy ban nhân dân tỉnh")
