"""What the province may decide about how effectiveness is judged: each number, its name, unit and limits."""

from collections.abc import Mapping
from dataclasses import dataclass

from khcn.domains.qms.rules.effectiveness import SCORES
from khcn.lib.failure import Refused
from khcn.lib.labelled import gettext_noop as _

POINTS, MONTHS, WORKING_DAYS, DAYS, TIMES = _("điểm"), _("tháng"), _("ngày làm việc"), _("ngày"), _("lượt")


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter: what it is called, its unit, and the least and most that make sense."""

    title: str
    unit: str
    least: int
    most: int


PARAMETERS: dict[str, Named] = {
    "weight.E1": Named(_("E1 – Hồ sơ xử lý trọn vẹn trên hệ thống"), POINTS, 0, 100),
    "weight.E2": Named(_("E2 – Bước đúng hạn"), POINTS, 0, 100),
    "weight.E3": Named(_("E3 – Hồ sơ đúng hạn"), POINTS, 0, 100),
    "weight.E4": Named(_("E4 – Kiểm soát tài liệu"), POINTS, 0, 100),
    "weight.E5": Named(_("E5 – Mục tiêu chất lượng"), POINTS, 0, 100),
    "weight.E6": Named(_("E6 – Đóng sự không phù hợp"), POINTS, 0, 100),
    "weight.E7": Named(_("E7 – Hài lòng và trả lời phản ánh"), POINTS, 0, 100),
    "threshold": Named(_("Ngưỡng tổng điểm để coi là áp dụng hiệu quả"), POINTS, 1, 100),
    "validity_months": Named(_("Kết quả của một năm còn giá trị sau năm đó"), MONTHS, 0, 60),
    "scope_grace_days": Named(_("Thời gian bổ sung quy trình sau khi công bố thủ tục"), WORKING_DAYS, 0, 250),
    "read_days": Named(_("Hạn đọc và xác nhận tài liệu mới"), WORKING_DAYS, 1, 60),
    "audit_notice_days": Named(_("Thông báo trước đánh giá nội bộ"), DAYS, 0, 60),
    "effectiveness_days": Named(_("Kiểm tra hiệu lực sau khi khắc phục"), DAYS, 1, 365),
    "overdue_to_nc": Named(_("Số lượt quá hạn của một bước trong tháng thì mở phiếu"), TIMES, 1, 100),
    "complaint_days": Named(_("Hạn trả lời phản ánh, kiến nghị"), WORKING_DAYS, 1, 60),
    "nc_days": Named(_("Hạn khắc phục mặc định"), DAYS, 1, 365),
}
"""Key of reference data → the parameter, in the order of the page."""


def check(values: Mapping[str, int]) -> None:
    """Raise Refused for a number outside its limits, and for weights that do not sum up to 100; all keys are given."""
    for key, value in values.items():
        named = PARAMETERS[key]
        if not named.least <= value <= named.most:
            raise Refused(f"Nhập số từ {named.least} đến {named.most}.", field=field_of(key))
    total = sum(values[f"weight.{code}"] for code in SCORES)
    if total != 100:
        raise Refused(f"Trọng số E1 đến E7 phải cộng thành 100; hiện là {total}.", field=field_of("weight.E1"))


def field_of(key: str) -> str:
    """The name of the parameter's field in a form."""
    return key.replace(".", "_")
