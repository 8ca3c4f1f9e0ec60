"""The menu: sections and pages, with the roles that see them. A page that is not installed is not shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from khcn.lib.actor import Actor
from khcn.lib.labelled import gettext_noop as _
from khcn.lib.roles import Role

STANDING_BODY = (Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.ADMIN_SECRETARY, Role.INFO_FOCAL)
MONEY = (
    Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.ACCOUNTANT, Role.FINANCE, Role.LEADER, Role.INSPECTOR,
)  # fmt: skip
ONE_STOP = (
    Role.ONE_STOP, Role.SPECIALIST, Role.OFFICER, Role.HEAD, Role.DIRECTOR, Role.AGENCY_HEAD, Role.LEADER,
    Role.INSPECTOR, Role.CLERK,
)  # fmt: skip
PAPERS = (
    Role.ONE_STOP, Role.CLERK, Role.SPECIALIST, Role.OFFICER, Role.HEAD, Role.DIRECTOR, Role.AGENCY_HEAD,
    Role.ADMIN_SECRETARY, Role.LEADER,
)  # fmt: skip
WHOLE_PROGRAMME = (*STANDING_BODY, Role.ACCOUNTANT, Role.FINANCE, Role.LEADER, Role.INSPECTOR)

TRACE = (Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.LEADER, Role.INSPECTOR, Role.PRODUCER)
TRACE_OFFICERS = TRACE[:-1]
MAP_KEEPERS = (
    Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.OFFICER, Role.AGENCY_HEAD, Role.INFO_FOCAL, Role.COORDINATOR,
    Role.LEADER, Role.INSPECTOR,
)  # fmt: skip

MARK_OFFICERS = (Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.OFFICER, Role.AGENCY_HEAD, Role.LEADER, Role.INSPECTOR)

STATION_OBSERVERS = (Role.SPECIALIST, Role.HEAD, Role.OFFICER, Role.COORDINATOR, Role.INFO_FOCAL)

QUALITY = (
    Role.AGENCY_HEAD,
    Role.ISO_SECRETARY,
    Role.INTERNAL_AUDITOR,
    Role.OFFICER,
    Role.SPECIALIST,
    Role.HEAD,
    Role.DIRECTOR,
    Role.LEADER,
    Role.INSPECTOR,
)


@dataclass(frozen=True, slots=True)
class Item:
    """A page of the menu: its title, the name of its URL, its icon and who sees it (everyone without roles).

    for_staff: only accounts that Django's administration lets in.
    """

    title: str
    url_name: str
    icon: str
    roles: tuple[Role, ...] = ()
    for_staff: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Pages under one heading; `key` names it where the browser remembers that it is folded."""

    key: str
    title: str
    items: tuple[Item, ...]


SECTIONS = (
    Section(
        "mine",
        "",
        (
            Item(_("Việc chờ tôi"), "home", "home"),
            Item(_("Việc theo hạn"), "work_list", "clock"),
            Item(_("Việc trong quy trình"), "step_worklist", "checklist"),
            Item(_("Hộp thư"), "inbox", "inbox"),
        ),
    ),
    Section(
        "plan",
        _("Kế hoạch"),
        (
            Item(_("Tổng quan kế hoạch"), "plan_list", "target-arrow"),
            Item(_("Phân công"), "assignment_list", "users-group"),
            Item(_("Tiến độ"), "task_timeline", "chart-bar"),
            Item(_("Báo cáo"), "report_list", "report", WHOLE_PROGRAMME),
        ),
    ),
    Section(
        "pipeline",
        _("Từ đề xuất đến tuyển chọn"),
        (
            Item(_("Đề xuất"), "proposal_list", "bulb"),
            Item(_("Danh mục đặt hàng"), "order_list_list", "list-check", WHOLE_PROGRAMME),
            Item(_("Thông báo tuyển chọn"), "call_list", "speakerphone"),
            Item(_("Hồ sơ đăng ký"), "application_list", "folders"),
            Item(_("Hội đồng"), "council_list", "gavel"),
            Item(_("Tra cứu trùng lặp"), "lookup", "zoom-scan"),
        ),
    ),
    Section(
        "tasks",
        _("Nhiệm vụ"),
        (
            Item(_("Nhiệm vụ"), "task_list", "microscope"),
            Item(_("Sản phẩm và ứng dụng"), "product_list", "package"),
            Item(_("Nơi ứng dụng kết quả"), "application_map", "map-pin"),
            Item(_("Kinh phí"), "money_overview", "coins", MONEY),
            Item(_("Sổ kinh phí"), "entry_list", "book-2", MONEY),
            Item(_("Khó khăn, vướng mắc"), "issue_list", "alert-octagon"),
        ),
    ),
    Section(
        "qms",
        _("ISO điện tử"),
        (
            Item(_("Hệ thống của cơ quan"), "qms_home", "certificate"),
            Item(_("Tài liệu kiểm soát"), "qms_document_list", "file-certificate", QUALITY),
            Item(_("Đánh giá nội bộ"), "qms_audit_list", "clipboard-check", QUALITY),
            Item(_("Sự không phù hợp"), "qms_nc_list", "alert-octagon", QUALITY),
            Item(_("Xem xét của lãnh đạo"), "qms_review_list", "presentation", QUALITY),
            Item(_("Công bố phù hợp"), "qms_announcement_list", "speakerphone", QUALITY),
            Item(_("Kiểm tra của Sở"), "qms_inspection_list", "zoom-check", QUALITY),
            Item(_("Kết quả hằng năm"), "qms_year_list", "award", QUALITY),
        ),
    ),
    Section(
        "onestop",
        _("Một cửa và văn bản"),
        (
            Item(_("Việc một cửa"), "dossier_work", "checkbox", ONE_STOP),
            Item(_("Hồ sơ một cửa"), "dossier_list", "folder", ONE_STOP),
            Item(_("Thủ tục hành chính"), "tthc_list", "list-details"),
            Item(_("Sổ theo dõi hồ sơ"), "dossier_register", "book", ONE_STOP),
            Item(_("Tổng quan một cửa"), "onestop_dashboard", "chart-pie", ONE_STOP),
            Item(_("Phản ánh, kiến nghị"), "complaint_list", "message-report", ONE_STOP),
            Item(_("Khảo sát mức độ hài lòng"), "campaign_list", "message-dots", ONE_STOP),
            Item(_("Đối soát Cổng dịch vụ công"), "reconciliation", "refresh", (Role.ONE_STOP, Role.SYSADMIN)),
            Item(_("Mã định danh cơ quan"), "identifier_list", "id", (Role.SYSADMIN,)),
            Item(_("Văn bản đi"), "paper_list", "file-text", PAPERS),
            Item(_("Văn bản đến"), "arrival_list", "mail", PAPERS),
            Item(_("Kiểm tra chữ ký số"), "verify_signatures", "shield-check"),
        ),
    ),
    Section(
        "trace",
        _("Truy xuất nguồn gốc"),
        (
            Item(_("Ghi nhật ký"), "trace_field_home", "pencil-plus", (Role.PRODUCER,)),
            Item(_("Lô hàng"), "trace_lot_list", "packages", TRACE),
            Item(_("Nhật ký sản xuất"), "trace_record_list", "notebook", TRACE),
            Item(_("Cơ sở truy xuất"), "trace_party_list", "building-store", TRACE),
            Item(_("Vùng trồng, địa điểm"), "trace_site_list", "map-pin", TRACE),
            Item(_("Bản đồ lô đất"), "trace_plot_map", "map", TRACE),
            Item(_("Sản phẩm truy xuất"), "trace_product_list", "package", TRACE),
            Item(_("Tờ khai EUDR"), "trace_statement_list", "file-certificate", TRACE),
            Item(_("Cảnh báo khối lượng"), "trace_alarm_list", "alert-triangle", TRACE),
            Item(_("Thu hồi"), "trace_recall_list", "arrow-back-up", TRACE),
            Item(_("Phản ánh hàng giả"), "trace_report_list", "message-report", TRACE_OFFICERS),
            Item(_("Mẫu ghi nhật ký"), "trace_template_list", "template", TRACE),
            Item(_("Kết quả gửi cho bên đăng ký"), "trace_delivery_list", "send", TRACE_OFFICERS),
        ),
    ),
    Section(
        "marks",
        _("Sở hữu trí tuệ"),
        (
            Item(_("Sổ quyền"), "mark_list", "rosette"),
            Item(_("Tin báo, phản ánh"), "mark_incidents", "message-report", MARK_OFFICERS),
            Item(_("Kiểm soát tại chỗ"), "control_field", "device-mobile", (*MARK_OFFICERS[:5], Role.PRODUCER)),
            Item(_("Bản quyền phần mềm"), "software_list", "code"),
        ),
    ),
    Section(
        "map",
        _("Bản đồ"),
        (
            Item(_("Lớp dữ liệu"), "map_layers", "map-2"),
            Item(_("Đề nghị biến động"), "map_changes", "git-pull-request", MAP_KEEPERS),
            Item(_("Kết nối QGIS"), "map_keys", "plug", MAP_KEEPERS),
        ),
    ),
    Section(
        "hazard",
        _("Quan trắc và cảnh báo"),
        (
            Item(_("Tình hình thiên tai"), "hazard_situation", "activity"),
            Item(_("Cảnh báo thiên tai"), "warning_list", "bell-ringing"),
            Item(_("Thiệt hại do thiên tai"), "damage_list", "camera"),
            Item(_("Trạm quan trắc"), "station_list", "antenna"),
            Item(_("Nhập tệp số liệu"), "station_files", "upload", STATION_OBSERVERS),
            Item(_("Gói số liệu không nhận"), "refused_message_list", "mail-x", STATION_OBSERVERS),
            Item(_("Kiểm tra mạng lưới"), "station_audit", "stethoscope", MAP_KEEPERS),
            Item(_("Bảng cấp độ rủi ro"), "level_table_list", "table", MAP_KEEPERS),
            Item(_("Đánh giá cảnh báo"), "warning_verification", "target"),
        ),
    ),
    Section(
        "rules",
        _("Quy định"),
        (
            Item(_("Quy tắc và căn cứ"), "rule_set_list", "scale"),
            Item(_("Lịch làm việc"), "work_calendar", "calendar-event"),
            Item(_("Quy trình"), "procedure_list", "route"),
            Item(_("Thống kê quy trình"), "procedure_statistics", "chart-bar", WHOLE_PROGRAMME),
        ),
    ),
    Section(
        "system",
        _("Quản trị"),
        (
            Item(_("Tài khoản và chức vụ"), "account_list", "user-cog", (Role.SYSADMIN,)),
            Item(_("Rà soát tài khoản"), "account_review", "user-search", (Role.SYSADMIN, Role.INSPECTOR)),
            Item(_("Lịch chạy tự động"), "schedule_list", "clock-play", (Role.SYSADMIN, Role.INSPECTOR)),
            Item(_("Dữ liệu tham chiếu"), "admin:index", "database-cog", (Role.SYSADMIN,), for_staff=True),
            Item(_("Bộ thành phần giao diện"), "style_guide", "palette", (Role.SYSADMIN,)),
        ),
    ),
    Section("help", "", (Item(_("Hướng dẫn sử dụng"), "guide", "book"),)),
)


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A menu line: translated title, address, icon, and whether the page shown is this one or below it."""

    title: str
    address: str
    icon: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A heading with its lines."""

    key: str
    title: str
    items: tuple[ShownItem, ...]


@cache
def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def navigation_for(actor: Actor, path: str, *, is_staff: bool = False) -> list[ShownSection]:
    """The sections with the pages that the actor may open; path: of the request, to mark the current page."""
    open_items = [
        (section, [item for item in section.items if _address(item.url_name) and _sees(actor, item, is_staff)])
        for section in SECTIONS
    ]
    addresses = [_address(item.url_name) for _section, items in open_items for item in items]
    below = [address for address in addresses if path == address or (address != "/" and path.startswith(address))]
    current = max(below, key=len, default="")
    return [
        ShownSection(
            section.key,
            gettext(section.title) if section.title else "",
            tuple(
                ShownItem(gettext(item.title), _address(item.url_name), item.icon, _address(item.url_name) == current)
                for item in items
            ),
        )
        for section, items in open_items
        if items
    ]


def pages_for(actor: Actor, *, is_staff: bool = False) -> list[ShownItem]:
    """Every page of the menu that the actor may open, in one list."""
    return [item for section in navigation_for(actor, "", is_staff=is_staff) for item in section.items]


def _sees(actor: Actor, item: Item, is_staff: bool) -> bool:
    return (is_staff or not item.for_staff) and (not item.roles or actor.holds(*item.roles))
