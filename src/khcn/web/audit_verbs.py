"""What the verbs of the audit log say to a person; one place, so that every history reads alike."""

from khcn.lib.labelled import gettext_noop as _

VERBS = {
    "appoint": _("Bổ nhiệm"),
    "end_appointment": _("Thôi giữ chức vụ"),
    "give_delegation": _("Ủy quyền"),
    "withdraw_delegation": _("Rút ủy quyền"),
    "open_account": _("Mở tài khoản"),
    "change_account": _("Đổi thông tin tài khoản"),
    "close_account": _("Khóa tài khoản"),
    "reopen_account": _("Mở lại tài khoản"),
    "unlock_account": _("Mở khóa đăng nhập"),
    "issue_password_link": _("Cấp đường dẫn đặt mật khẩu"),
    "register_person": _("Ghi người mới"),
}
