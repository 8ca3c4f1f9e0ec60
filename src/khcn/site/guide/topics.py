"""Which page of the guide explains which screen: by the beginning of the name of the screen's address."""

#: Longest beginning first wins. A page may be followed by # and a heading.
TOPICS: dict[str, str] = {
    "home": "bat-dau#viec-cho-toi",
    "work_list": "bat-dau#viec-cho-toi",
    "inbox": "bat-dau#hop-thu",
    "search": "bat-dau#tim-nhanh",
    "profile": "bat-dau#ho-so-cua-toi",
    "delegation": "bat-dau#uy-quyen",
    "plan_": "ke-hoach",
    "plan_read": "ke-hoach#doc-ke-hoach-tu-tep",
    "plan_dashboard": "chi-tieu-bao-cao#tong-quan-ke-hoach",
    "plan_figure": "chi-tieu-bao-cao#tu-con-so-den-ho-so",
    "plan_values": "chi-tieu-bao-cao#do-va-luu-gia-tri",
    "plan_entries": "chi-tieu-bao-cao#tu-con-so-den-ho-so",
    "annex_": "ke-hoach#phu-luc-danh-muc-nhiem-vu",
    "assignment_": "ke-hoach#phan-cong-cho-don-vi",
    "unit_page": "ke-hoach#phan-cong-cho-don-vi",
    "proposal_": "de-xuat-tra-cuu",
    "look": "de-xuat-tra-cuu#tra-cuu-trung-lap",
    "order_": "dat-hang-tuyen-chon#danh-muc-dat-hang",
    "call_": "dat-hang-tuyen-chon#thong-bao-tuyen-chon",
    "application_": "dat-hang-tuyen-chon#ho-so-dang-ky",
    "council_": "hoi-dong",
    "task_": "theo-doi",
    "money_": "hop-dong-kinh-phi#kinh-phi",
    "envelope_": "hop-dong-kinh-phi#khung-kinh-phi",
    "budget_": "hop-dong-kinh-phi#kinh-phi",
    "payment_file_": "hop-dong-kinh-phi#ho-so-thanh-toan-gui-kho-bac",
    "issue_": "theo-doi#kho-khan-vuong-mac",
    "directive_": "theo-doi#kho-khan-vuong-mac",
    "report_": "chi-tieu-bao-cao#bao-cao",
    "account_": "tai-khoan",
    "appointment_": "tai-khoan#giao-chuc-vu",
    "rule_set_": "cau-hoi-thuong-gap#quy-tac-va-can-cu",
    "parameter_": "cau-hoi-thuong-gap#quy-tac-va-can-cu",
    "work_calendar": "cau-hoi-thuong-gap#lich-lam-viec",
    "trace_": "truy-xuat",
    "trace_lot": "truy-xuat#lo-hang-va-tem",
    "trace_record": "truy-xuat#ghi-nham-thi-lam-gi",
    "trace_field_sheet": "truy-xuat#nhap-tu-excel",
    "trace_alarm": "truy-xuat#cong-chuc-quan-ly",
    "trace_recall": "truy-xuat#cong-chuc-quan-ly",
    "trace_template": "truy-xuat#cong-chuc-quan-ly",
    "trace_report": "truy-xuat#cong-chuc-quan-ly",
    "clock_": "theo-doi#thoi-han-va-ly-do-tre",
    "map_": "ban-do",
    "map_import": "ban-do#nhap-tep",
    "map_change": "ban-do#bien-dong",
    "map_key": "ban-do#noi-bang-qgis",
}


def topic_of(url_name: str) -> str:
    """The page (and heading) that explains the screen; empty where the guide has none of its own."""
    fitting = [beginning for beginning in TOPICS if url_name.startswith(beginning)]
    return TOPICS[max(fitting, key=len)] if fitting else ""
