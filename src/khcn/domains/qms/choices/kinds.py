"""Kinds, sources and duties of the quality system."""

from khcn.lib.labelled import Labelled, gettext_noop


class Obligation(Labelled):
    """Whether an agency must run a quality system. Source: QĐ 19/2014/QĐ-TTg, scope of application."""

    MANDATORY = "mandatory", gettext_noop("Bắt buộc")
    ENCOURAGED = "encouraged", gettext_noop("Khuyến khích")


class Duty(Labelled):
    """In which standing a person takes a step on a record."""

    HEAD = "head", gettext_noop("Người đứng đầu cơ quan")
    SECRETARY = "secretary", gettext_noop("Thư ký ISO")
    AUDITOR = "auditor", gettext_noop("Chuyên gia đánh giá nội bộ")
    OWNER = "owner", gettext_noop("Người được giao")
    STAFF = "staff", gettext_noop("Cán bộ trong hệ thống")
    OVERSEER = "overseer", gettext_noop("Sở Khoa học và Công nghệ")
    SYSTEM = "system", gettext_noop("Hệ thống tự động")


class DocumentType(Labelled):
    """Kinds of controlled documents."""

    POLICY = "policy", gettext_noop("Chính sách chất lượng")
    OBJECTIVES = "objectives", gettext_noop("Mục tiêu chất lượng")
    MANUAL = "manual", gettext_noop("Mô tả hệ thống")
    PROCEDURE = "procedure", gettext_noop("Quy trình")
    INSTRUCTION = "instruction", gettext_noop("Hướng dẫn công việc")
    FORM = "form", gettext_noop("Biểu mẫu")
    EXTERNAL = "external", gettext_noop("Tài liệu bên ngoài")


class ChangePolicy(Labelled):
    """What happens to running dossiers when a procedure changes."""

    FINISH_OLD = "finish_old", gettext_noop("Làm nốt theo bản cũ")
    MIGRATE = "migrate", gettext_noop("Chuyển sang bản mới")


class Medium(Labelled):
    """What records are kept on."""

    ELECTRONIC = "electronic", gettext_noop("Điện tử")
    PAPER = "paper", gettext_noop("Giấy")
    BOTH = "both", gettext_noop("Giấy và điện tử")


class Disposal(Labelled):
    """What is done with records after their time."""

    DESTROY = "destroy", gettext_noop("Tiêu hủy")
    ARCHIVE = "archive", gettext_noop("Nộp lưu trữ lịch sử")
    KEEP = "keep", gettext_noop("Lưu vĩnh viễn")


class ContextKind(Labelled):
    """Where an issue of the context stands (SWOT)."""

    STRENGTH = "strength", gettext_noop("Nội bộ – điểm mạnh")
    WEAKNESS = "weakness", gettext_noop("Nội bộ – điểm yếu")
    OPPORTUNITY = "opportunity", gettext_noop("Bên ngoài – cơ hội")
    THREAT = "threat", gettext_noop("Bên ngoài – thách thức")


class ProcessKind(Labelled):
    """Groups of the process map."""

    MANAGEMENT = "management", gettext_noop("Quản lý")
    CORE = "core", gettext_noop("Cung cấp dịch vụ")
    SUPPORT = "support", gettext_noop("Hỗ trợ")


class RiskKind(Labelled):
    """Risk or opportunity."""

    RISK = "risk", gettext_noop("Rủi ro")
    OPPORTUNITY = "opportunity", gettext_noop("Cơ hội")


class Level(Labelled):
    """Bands of a 5×5 matrix, by the product of likelihood and impact."""

    LOW = "low", gettext_noop("Thấp")
    MEDIUM = "medium", gettext_noop("Trung bình")
    HIGH = "high", gettext_noop("Cao")
    EXTREME = "extreme", gettext_noop("Rất cao")


class Frequency(Labelled):
    """How often an objective is measured."""

    MONTH = "month", gettext_noop("Hằng tháng")
    QUARTER = "quarter", gettext_noop("Hằng quý")
    HALF_YEAR = "half_year", gettext_noop("Sáu tháng")
    YEAR = "year", gettext_noop("Hằng năm")


class MeasureSource(Labelled):
    """Where an objective's value comes from."""

    STEPS_IN_TIME = "steps_in_time", gettext_noop("Tính tự động: tỷ lệ bước đúng hạn (%)")
    CASES_IN_TIME = "cases_in_time", gettext_noop("Tính tự động: tỷ lệ hồ sơ đúng hạn (%)")
    CASES_ELECTRONIC = "cases_electronic", gettext_noop("Tính tự động: tỷ lệ hồ sơ xử lý trọn vẹn trên hệ thống (%)")
    READS_IN_TIME = "reads_in_time", gettext_noop("Tính tự động: tỷ lệ đọc tài liệu đúng hạn (%)")
    NC_CLOSED_IN_TIME = "nc_closed_in_time", gettext_noop("Tính tự động: tỷ lệ sự không phù hợp đóng đúng hạn (%)")
    COMPLAINTS_IN_TIME = "complaints_in_time", gettext_noop("Tính tự động: tỷ lệ phản ánh trả lời đúng hạn (%)")
    MANUAL = "manual", gettext_noop("Nhập tay, kèm minh chứng")


class CertificateKind(Labelled):
    """Certificates of people of the system."""

    INTERNAL_AUDITOR = "internal_auditor", gettext_noop("Đánh giá nội bộ")
    AWARENESS = "awareness", gettext_noop("Nhận thức ISO 9001")
    OTHER = "other", gettext_noop("Khác")


class FindingKind(Labelled):
    """What an auditor concludes on a point."""

    CONFORM = "conform", gettext_noop("Phù hợp")
    MINOR = "minor", gettext_noop("Không phù hợp nhẹ")
    MAJOR = "major", gettext_noop("Không phù hợp nặng")
    OBSERVATION = "observation", gettext_noop("Lưu ý")
    OFI = "ofi", gettext_noop("Cơ hội cải tiến")


class Severity(Labelled):
    """Weight of a nonconformity."""

    MINOR = "minor", gettext_noop("Nhẹ")
    MAJOR = "major", gettext_noop("Nặng")


class NonconformitySource(Labelled):
    """How a nonconformity came to light."""

    AUDIT = "audit", gettext_noop("Đánh giá nội bộ")
    INSPECTION = "inspection", gettext_noop("Kiểm tra của Sở")
    COMPLAINT = "complaint", gettext_noop("Phản ánh, kiến nghị")
    OVERDUE = "overdue", gettext_noop("Bước quá hạn lặp lại")
    SELF = "self", gettext_noop("Tự phát hiện")


class Disposition(Labelled):
    """What is done with a nonconforming output (8.7)."""

    CORRECT = "correct", gettext_noop("Sửa lại")
    RECALL = "recall", gettext_noop("Thu hồi kết quả")
    APOLOGISE = "apologise", gettext_noop("Xin lỗi và hẹn lại")
    CONCESSION = "concession", gettext_noop("Chấp nhận nhân nhượng")


class InspectionMode(Labelled):
    """How the standing body inspects."""

    ON_SITE = "on_site", gettext_noop("Tại trụ sở")
    BY_FILE = "by_file", gettext_noop("Qua báo cáo, hồ sơ")


class TemplateKind(Labelled):
    """For which type of agency a set of templates is made."""

    PROVINCIAL = "provincial", gettext_noop("Cơ quan chuyên môn cấp tỉnh")
    DISTRICT = "district", gettext_noop("Ủy ban nhân dân cấp huyện")
    COMMUNE = "commune", gettext_noop("Ủy ban nhân dân cấp xã")
    BRANCH = "branch", gettext_noop("Chi cục, đơn vị sự nghiệp")


class Tracked(Labelled):
    """Whether a planned thing was done."""

    OPEN = "open", gettext_noop("Chưa xong")
    DONE = "done", gettext_noop("Đã xong")
