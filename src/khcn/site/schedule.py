"""What runs by itself: one line per job with its time of day in Vietnam and the service, and how often if not daily.

`./khcn serve` and `./khcn demo` look at it every minute; on a server with systemd `khcn-schedule.timer` does as well. A
slot runs once whoever asks first, and after downtime the latest slot is made up for.
"""

from datetime import time, timedelta
from typing import Final

from khcn.kernel.schedules.rules import Job
from khcn.lib.labelled import gettext_noop as _

_PROGRAMME = "khcn.domains.programme.services"

JOBS: Final = (
    Job("close_due_calls", _("Đóng thông báo đã hết hạn nhận hồ sơ"), time(0, 5),
        f"{_PROGRAMME}.calls.close_due_calls"),
    Job("end_terms", _("Chuyển nhiệm vụ hết thời gian thực hiện sang chờ hồ sơ nghiệm thu"), time(0, 10),
        f"{_PROGRAMME}.contracts.end_terms"),
    Job("stop_funding", _("Ngừng cấp kinh phí nhiệm vụ không nộp báo cáo định kỳ"), time(0, 15),
        f"{_PROGRAMME}.monitoring.stop_funding_of_silent_hosts"),
    Job("apply_map_changes", _("Cập nhật vào lớp bản đồ các biến động đã duyệt đến ngày hiệu lực"), time(0, 20),
        "khcn.domains.geodata.services.changes.apply_due"),
    Job("overdue_issues", _("Báo lãnh đạo phòng các vướng mắc quá hạn giải quyết"), time(6, 30),
        f"{_PROGRAMME}.issues.overdue_issues_to_leaders"),
    Job("deadlines", _("Nhắc việc sắp đến hạn và quá hạn"), time(6, 40), f"{_PROGRAMME}.deadlines.remind_of_deadlines"),
    Job("mark_terms", _("Nhắc quyền sử dụng sắp hết hạn và điểm không phù hợp quá hạn"), time(6, 35),
        "khcn.domains.marks.services.reminders.remind_of_terms"),
    Job("run_quality", _("Việc hằng ngày của ISO điện tử: tài liệu đến hiệu lực, bước quá hạn lặp lại, đo mục tiêu"),
        time(6, 0), "khcn.domains.qms.services.daily.run_day"),
    Job("sweep_cases", _("Đánh thức bước hẹn giờ và báo bước quá hạn của hồ sơ"), time(0, 0),
        "khcn.kernel.procedures.services.cases.sweep_cases", timedelta(minutes=15)),
    Job("deliver_papers", _("Chuyển văn bản điện tử đang chờ gửi"), time(0, 5),
        "khcn.kernel.documents.jobs.deliver_on_schedule", timedelta(minutes=15)),
    Job("push_portal", _("Đồng bộ trạng thái hồ sơ với Cổng dịch vụ công quốc gia"), time(0, 10),
        "khcn.domains.onestop.drivers.push_on_schedule", timedelta(minutes=15)),
    Job("watch_hazards", _("Đối chiếu số liệu trạm với bảng cấp độ rủi ro thiên tai"), time(0, 0),
        "khcn.domains.hazards.services.evaluations.look_on_schedule", timedelta(minutes=10)),
    Job("send_warnings", _("Gửi cảnh báo đang chờ đến nơi nhận"), time(0, 0),
        "khcn.domains.warnings.drivers.send_on_schedule", timedelta(minutes=1)),
    Job("end_warnings", _("Kết thúc cảnh báo hết hiệu lực và làm mới trang công khai"), time(0, 0),
        "khcn.domains.warnings.services.issuing.end_on_schedule", timedelta(minutes=1)),
    Job("report_subscribers", _("Gửi kết quả truy vấn sự kiện cho bên đăng ký nhận"), time(0, 0),
        "khcn.domains.traceability.drivers.report_on_schedule", timedelta(minutes=5)),
    Job("ask_statements", _("Hỏi trạng thái tờ khai EUDR đã gửi"), time(0, 20),
        "khcn.domains.traceability.drivers.ask_on_schedule", timedelta(minutes=30)),
)  # fmt: skip
