"""The vocabulary of tasks and their products."""

from __future__ import annotations

from khcn.lib.labelled import Labelled
from khcn.lib.labelled import gettext_noop as _


class TaskKind(Labelled):
    """The kind of an S&T task (NĐ 08/2014, Điều 3 and 25)."""

    RESEARCH = "research", _("Đề tài")
    PILOT_PRODUCTION = "pilot_production", _("Dự án sản xuất thử nghiệm")
    SCHEME = "scheme", _("Đề án")
    PROJECT = "project", _("Dự án khoa học và công nghệ")
    POTENTIAL = "potential", _("Nhiệm vụ khoa học và công nghệ tiềm năng")


class TaskLevel(Labelled):
    """The level that manages a task."""

    NATIONAL = "national", _("Cấp quốc gia")
    MINISTERIAL = "ministerial", _("Cấp bộ")
    PROVINCIAL = "provincial", _("Cấp tỉnh")
    GRASSROOTS = "grassroots", _("Cấp cơ sở")


class AwardMode(Labelled):
    """How the host of a task is found."""

    SELECTION = "selection", _("Tuyển chọn")
    DIRECT = "direct", _("Giao trực tiếp")


class DirectGround(Labelled):
    """The ground on which a task may be given without a call (Luật 29/2013/QH13, Điều 30)."""

    SECRET = "secret", _("Thuộc bí mật nhà nước, đặc thù quốc phòng, an ninh")
    UNFORESEEN = "unforeseen", _("Cấp bách, đột xuất")
    ONLY_ONE_CAPABLE = "only_one_capable", _("Chỉ có một tổ chức đủ điều kiện")


class CancelGround(Labelled):
    """The ground on which a result of selection is cancelled before approval (TT 20/2023/TT-BKHCN, Điều 17 khoản 1)."""

    FRAUD = "fraud", _("Giả mạo, gian lận hoặc khai báo, cam kết không trung thực")
    NOT_ELIGIBLE = "not_eligible", _("Vi phạm điều kiện đăng ký chủ trì, chủ nhiệm")
    DOUBLE_FUNDING = "double_funding", _("Trùng lắp kinh phí từ nguồn ngân sách nhà nước khác")
    NOT_REVISED = "not_revised", _("Không nộp hồ sơ chỉnh sửa theo kết luận của hội đồng")
    NOT_FINALISED = "not_finalised", _("Không hoàn thiện hồ sơ theo kết luận của tổ thẩm định")


class LumpMode(Labelled):
    """How the state budget of a task is lumped (phương thức khoán chi, TTLT 27/2015)."""

    FINAL_PRODUCT = "final_product", _("Khoán chi đến sản phẩm cuối cùng")
    PARTIAL = "partial", _("Khoán chi từng phần")
    NONE = "none", _("Không khoán chi")


class ProductType(Labelled):
    """The type of a product, from the list that the plan's targets count."""

    SOFTWARE = "software", _("Phần mềm, hệ thống thông tin")
    MECHANISATION = "mechanisation", _("Hệ thống cơ giới, tự động hóa")
    BIOPRODUCT = "bioproduct", _("Chế phẩm sinh học")
    NANOMATERIAL = "nanomaterial", _("Sản phẩm vật liệu nano")
    PROCESS = "process", _("Quy trình kỹ thuật, công nghệ")
    VARIETY = "variety", _("Giống cây trồng, vật nuôi")
    MODEL = "model", _("Mô hình trình diễn")
    DATABASE = "database", _("Cơ sở dữ liệu, bản đồ")
    PAPER = "paper", _("Bài báo, sách")
    TRAINING = "training", _("Kết quả đào tạo")
    INTELLECTUAL_PROPERTY = "ip", _("Đối tượng sở hữu trí tuệ")
    REPORT = "report", _("Báo cáo, luận cứ, giải pháp chính sách")
    OTHER = "other", _("Sản phẩm khác")


class ProductForm(Labelled):
    """The form of a product in the acceptance criteria (dạng I, II, III)."""

    FORM_1 = "form_1", _("Dạng I: mẫu, vật liệu, thiết bị, giống, quy trình, phần mềm")
    FORM_2 = "form_2", _("Dạng II: báo cáo, bản đồ, cơ sở dữ liệu, giải pháp")
    FORM_3 = "form_3", _("Dạng III: bài báo, sách, kết quả đào tạo")


class Purpose(Labelled):
    """What a product serves, as the plan's targets name it."""

    PUBLIC_ADMINISTRATION = "public_administration", _("Quản lý nhà nước")
    PRODUCTION = "production", _("Sản xuất kinh doanh")
    HAZARD_WARNING = "hazard_warning", _("Cảnh báo thiên tai")
    ENVIRONMENT = "environment", _("Bảo vệ tài nguyên và môi trường")
    OTHER = "other", _("Mục đích khác")


class Sector(Labelled):
    """The sector of the economy in which a product is put to use."""

    AGRICULTURE = "agriculture", _("Nông, lâm nghiệp, thủy sản")
    INDUSTRY = "industry", _("Công nghiệp")
    HEALTH = "health", _("Y tế, dược")
    EDUCATION = "education", _("Giáo dục, đào tạo")
    ENVIRONMENT = "environment", _("Tài nguyên, môi trường")
    PUBLIC_SERVICE = "public_service", _("Hành chính, dịch vụ công")
    TRADE = "trade", _("Thương mại, dịch vụ")
    CONSTRUCTION = "construction", _("Xây dựng, giao thông")
    CULTURE = "culture", _("Văn hóa, xã hội, du lịch")
    SECURITY = "security", _("Quốc phòng, an ninh")
    OTHER = "other", _("Lĩnh vực khác")


class IpKind(Labelled):
    """The kind of an intellectual-property right."""

    INVENTION = "invention", _("Sáng chế")
    UTILITY_SOLUTION = "utility_solution", _("Giải pháp hữu ích")
    INDUSTRIAL_DESIGN = "industrial_design", _("Kiểu dáng công nghiệp")
    TRADEMARK = "trademark", _("Nhãn hiệu")
    GEOGRAPHICAL_INDICATION = "geographical_indication", _("Chỉ dẫn địa lý")
    PLANT_VARIETY = "plant_variety", _("Giống cây trồng")
    COPYRIGHT = "copyright", _("Quyền tác giả, phần mềm")


class WorkTitle(Labelled):
    """The title under which a person works on a task (TT 02/2023/TT-BKHCN, Điều 3)."""

    PI = "pi", _("Chủ nhiệm nhiệm vụ")
    SECRETARY = "secretary", _("Thư ký khoa học")
    MAIN_MEMBER = "main_member", _("Thành viên chính")
    MEMBER = "member", _("Thành viên")
    TECHNICIAN = "technician", _("Kỹ thuật viên, nhân viên hỗ trợ")
