"""The lists of the quality systems: which columns, filters and orders each has."""

from collections.abc import Callable

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.qms import choices as words
from khcn.domains.qms import models
from khcn.domains.qms.permissions import may_keep
from khcn.domains.qms.queries import waiting
from khcn.domains.qms.queries.waiting import NC_OVER
from khcn.domains.qms.views.lists import Col, Listing
from khcn.lib.actor import Actor


def _state(label: object = _("Trạng thái")) -> Col:
    return Col(label, lambda row: row.state, "state", "state", "state", 18)


def _keeper(actor: Actor, system: models.QualitySystem) -> bool:
    return may_keep(actor, system)


def due(condition: waiting.Condition) -> Callable[[], Q]:
    """A condition as it stands on the day of the request."""
    return lambda: condition(timezone.localdate())


DOCUMENTS = Listing(
    "document", _("Tài liệu kiểm soát"), _("tài liệu"), "file-certificate", models.DocumentRevision,
    [
        Col(_("Mã"), lambda row: row.document.code, "document__code", width=14),
        Col(_("Tên"), lambda row: row.document.title, "document__title", "lead", width=50),
        Col(_("Loại"), lambda row: row.document.get_type_display(), "document__type"),
        Col(_("Lần"), lambda row: row.number, "", "num", width=8),
        Col(_("Hiệu lực từ"), lambda row: row.effective_from, "effective_from", "date", width=14),
        _state(),
    ],
    ("document__code", "document__title"), "c0", page="qms_revision_page", new="qms_document_new",
    new_title=_("Soạn tài liệu"), choices={"state": (words.RevisionState, _("Trạng thái"))},
    related=("document",), clause="7.5",
    extra={
        "hieu_luc": (_("Đang hiệu lực"), Q(state="effective")),
        "soat_xet": (_("Đến hạn soát xét"), due(waiting.document_due)),
        "ngoai_het": (_("Tài liệu bên ngoài hết hiệu lực"), due(waiting.outside_ended)),
    },
    help=_("Mỗi dòng là một lần ban hành, sửa đổi. Mỗi tài liệu chỉ có một bản đang hiệu lực."),
)  # fmt: skip

CHANGES = Listing(
    "change", _("Yêu cầu thay đổi"), _("yêu cầu"), "git-pull-request", models.ChangeRequest,
    [
        Col(_("Mã"), lambda row: row.code, "code", "code", width=16),
        Col(_("Nội dung"), lambda row: row.title, "title", "lead", width=50),
        Col(_("Tài liệu"), lambda row: row.document.code if row.document else "", "document__code"),
        Col(_("Đề nghị ngày"), lambda row: row.asked_on, "asked_on", "date"), _state(),
    ],
    ("code", "title"), "-c3", page="qms_change_page", new="qms_change_new", new_title=_("Đề nghị thay đổi"),
    choices={"state": (words.ChangeState, _("Trạng thái"))}, related=("document",), clause="6.3",
    extra={"mo": (_("Chưa xong"), Q(state__in=["draft", "assessed", "approved"]))},
    help=_("Thay đổi được đánh giá tác động đến tài liệu, đào tạo và hồ sơ đang xử lý trước khi làm."),
)  # fmt: skip

AUDITS = Listing(
    "audit", _("Đánh giá nội bộ"), _("đợt đánh giá"), "clipboard-check", models.Audit,
    [
        Col(_("Mã"), lambda row: row.code, "code", "code", width=16),
        Col(_("Bộ phận"), lambda row: row.auditee, "auditee__name", "lead", width=36),
        Col(_("Từ ngày"), lambda row: row.starts_on, "starts_on", "date"),
        Col(_("Đến ngày"), lambda row: row.ends_on, "ends_on", "date"), _state(),
    ],
    ("code", "auditee__name", "scope"), "-c2", page="qms_audit_page",
    choices={"state": (words.AuditState, _("Trạng thái"))}, related=("auditee",), clause="9.2",
    help=_("Chương trình năm theo rủi ro; mỗi đợt lấy mẫu hồ sơ thật, tái lập được từ số gieo."),
)  # fmt: skip

NONCONFORMITIES = Listing(
    "nc", _("Sự không phù hợp"), _("phiếu"), "alert-octagon", models.Nonconformity,
    [
        Col(_("Mã"), lambda row: row.code, "code", "code", width=16),
        Col(_("Nội dung"), lambda row: row.title, "title", "lead", width=50),
        Col(_("Mức"), lambda row: row.get_severity_display(), "severity"),
        Col(_("Nguồn"), lambda row: row.get_source_display(), "source"),
        Col(_("Phát hiện"), lambda row: row.detected_on, "detected_on", "date"),
        Col(_("Hạn"), lambda row: row.deadline if row.finished_on is None else None, "due_on", "due"), _state(),
    ],
    ("code", "title", "description"), "-c4", page="qms_nc_page", new="qms_nc_new", new_title=_("Ghi sự không phù hợp"),
    choices={
        "state": (words.NonconformityState, _("Trạng thái")), "severity": (words.Severity, _("Mức")),
        "source": (words.NonconformitySource, _("Nguồn")),
    },
    extra={"mo": (_("Đang mở"), ~Q(state__in=NC_OVER)), "tre": (_("Quá hạn"), due(waiting.late))}, clause="10.2",
    help=_("Xử lý ngay, tìm nguyên nhân gốc, khắc phục, rồi người khác kiểm tra hiệu lực sau một thời gian."),
)  # fmt: skip

REVIEWS = Listing(
    "review", _("Xem xét của lãnh đạo"), _("cuộc xem xét"), "presentation", models.ManagementReview,
    [
        Col(_("Mã"), lambda row: row.code, "code", "lead", width=16),
        Col(_("Năm"), lambda row: str(row.year), "year", "num", width=8),
        Col(_("Dự kiến"), lambda row: row.planned_on, "planned_on", "date"),
        Col(_("Họp ngày"), lambda row: row.held_on, "held_on", "date"), _state(),
    ],
    ("code", "minutes"), "-c2", page="qms_review_page", new="qms_review_new", new_title=_("Lên lịch xem xét"),
    choices={"state": (words.ReviewState, _("Trạng thái"))}, year="year", clause="9.3", may_add=_keeper,
    help=_("Đầu vào a đến f của điều 9.3.2 được lấy từ hồ sơ của hệ thống và chốt kèm dấu vết."),
)  # fmt: skip

ANNOUNCEMENTS = Listing(
    "announcement", _("Công bố phù hợp"), _("bản công bố"), "speakerphone", models.Announcement,
    [
        Col(_("Số"), lambda row: row.number or _("(dự thảo)"), "number", "lead", width=24),
        Col(_("Tiêu chuẩn"), lambda row: row.standard, "standard"),
        Col(_("Số quy trình"), lambda row: len(row.procedures), "", "num", width=10),
        Col(_("Hiệu lực từ"), lambda row: row.effective_from, "effective_from", "date"), _state(),
    ],
    ("number", "scope"), "-c3", page="qms_announcement_page", new="qms_announcement_new",
    new_title=_("Soạn bản công bố"), choices={"state": (words.AnnouncementState, _("Trạng thái"))}, may_add=_keeper,
    help=_("Phải công bố lại khi phạm vi được điều chỉnh, mở rộng hoặc thu hẹp (QĐ 19/2014/QĐ-TTg, Điều 4 khoản 3)."),
)  # fmt: skip

INSPECTIONS = Listing(
    "inspection", _("Kiểm tra của Sở"), _("cuộc kiểm tra"), "zoom-check", models.Inspection,
    [
        Col(_("Mã"), lambda row: row.code, "code", "code", width=16),
        Col(_("Cơ quan được kiểm tra"), lambda row: row.system, "system__organisation__sort_key", "lead", width=40),
        Col(_("Hình thức"), lambda row: row.get_mode_display(), "mode"),
        Col(_("Dự kiến"), lambda row: row.planned_on, "planned_on", "date"), _state(),
    ],
    ("code", "system__organisation__name", "conclusion"), "-c3", page="qms_inspection_page",
    choices={"state": (words.InspectionState, _("Trạng thái")), "mode": (words.InspectionMode, _("Hình thức"))},
    year="year", names_agency=True,
    help=_("Sở Khoa học và Công nghệ kiểm tra tại trụ sở hoặc qua báo cáo; khác với đánh giá nội bộ của cơ quan."),
)  # fmt: skip

YEARS = Listing(
    "year", _("Kết quả áp dụng hằng năm"), _("kết quả"), "award", models.AgencyYear,
    [
        Col(_("Cơ quan"), lambda row: row.system, "system__organisation__sort_key", "lead", width=40),
        Col(_("Năm"), lambda row: str(row.year), "year", "num", width=8),
        Col(_("Điểm"), lambda row: row.total, "total", "num", width=10),
        Col(_("Hiệu quả"), lambda row: _("Có") if row.is_effective else _("Chưa"), "is_effective", width=10),
        Col(_("Số liệu đến"), lambda row: row.as_of, "as_of", "date"), _state(),
    ],
    ("system__organisation__name", "decision_number"), "-c1", page="qms_year_page",
    choices={"state": (words.YearState, _("Trạng thái"))}, year="year", names_agency=True,
    help=_("Năm điều kiện và bảy điểm thành phần, tính từ hồ sơ; minh chứng được chốt kèm dấu vết SHA-256."),
)  # fmt: skip

MAIN = (DOCUMENTS, CHANGES, AUDITS, NONCONFORMITIES, REVIEWS, ANNOUNCEMENTS, INSPECTIONS, YEARS)
