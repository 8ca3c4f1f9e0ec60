"""Whether an organisation may ask to host a task and a person to lead it, computed from their past tasks.

Source: TT 20/2023/TT-BKHCN, Điều 4; TTLT 27/2015/TTLT-BKHCN-BTC, Điều 17. Facts are passed in as of the closing day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from khcn.lib.dates import add_months

from ..choices import TaskLevel
from .findings import Finding

_HOST = "TT 20/2023/TT-BKHCN, Điều 4 khoản 2 điểm {}"
_PI = "TT 20/2023/TT-BKHCN, Điều 4 khoản {}"
_RECOVERY = "TTLT 27/2015/TTLT-BKHCN-BTC, Điều 17 khoản {}"


@dataclass(frozen=True, slots=True)
class PastTask:
    """What the rule needs to know of another task. Dates are None while the thing has not happened or is not owed.

    ends_on: end of the contract with its extension. registration_due_on, application_report_due_on: when the duty fell
    due. recovery_owed_vnd: demanded and not yet paid. suspended_on: decision that stopped the task for a fault of this
    host or leader. led_until: last day of leading, None while the person still leads.
    """

    task: str
    code: str
    level: TaskLevel
    ends_on: date
    dossier_submitted_on: date | None = None
    registration_due_on: date | None = None
    registered_on: date | None = None
    application_report_due_on: date | None = None
    application_reported_on: date | None = None
    recovery_owed_vnd: int = 0
    suspended_on: date | None = None
    led_from: date | None = None
    led_until: date | None = None


@dataclass(frozen=True, slots=True)
class Leader:
    """The person who asks to lead. active_since: start of unbroken work in the field, None when not shown."""

    has_degree: bool
    active_since: date | None
    can_give_the_time: bool


@dataclass(frozen=True, slots=True)
class EligibilityThresholds:
    """The periods of the rule, in days, months and years."""

    dossier_late_days: int
    host_suspension_months: int
    pi_suspension_months: int
    pi_active_years: int

    @classmethod
    def from_parameters(cls, values: Mapping[str, str]) -> EligibilityThresholds:
        """Read them from resolved parameters `eligibility.*`. Raises KeyError for a missing one."""
        return cls(
            dossier_late_days=int(values["eligibility.dossier_late_days"]),
            host_suspension_months=int(values["eligibility.host_suspension_months"]),
            pi_suspension_months=int(values["eligibility.pi_suspension_months"]),
            pi_active_years=int(values["eligibility.pi_active_years"]),
        )


def host_bars(
    tasks: Sequence[PastTask], *, level: TaskLevel, closing_on: date, thresholds: EligibilityThresholds
) -> tuple[Finding, ...]:
    """Return every bar on an organisation that asks to host a task of `level` whose call closes on `closing_on`.

    tasks: the other tasks that it hosts or hosted. Registration, application reports and dossiers count at the same
    level; unpaid recovery and suspension at every level. Source: TT 20/2023/TT-BKHCN, Điều 4 khoản 2.
    """
    same = [task for task in tasks if task.level is level]
    found = [
        *_overdue_registration(same, closing_on),
        *_overdue_application_report(same, closing_on),
        *_late_dossiers(same, closing_on, thresholds, _HOST.format("c")),
        *_unpaid(tasks, "host_recovery", "Chưa hoàn trả đủ kinh phí phải thu hồi", _HOST.format("d")),
        *_suspended(tasks, closing_on, thresholds.host_suspension_months, "host_suspended", _HOST.format("đ")),
    ]
    return tuple(found)


def leader_bars(
    leader: Leader,
    led: Sequence[PastTask],
    *,
    level: TaskLevel,
    closing_on: date,
    thresholds: EligibilityThresholds,
    unpaid_by_hosts: Sequence[PastTask] = (),
) -> tuple[Finding, ...]:
    """Return every bar on a person who asks to lead a task of `level`.

    led: the tasks that the person leads or led. unpaid_by_hosts: tasks with unpaid recovery in which the person was
    leader, main member or scientific secretary. Source: TT 20/2023/TT-BKHCN, Điều 4 khoản 3, 4; TTLT 27/2015, Điều 17
    khoản 2.
    """
    same = [task for task in led if task.level is level]
    found = [
        *_unfit(leader, closing_on, thresholds),
        *_leads_already(same, closing_on),
        *_late_dossiers(same, closing_on, thresholds, _PI.format("4 điểm b")),
        *_suspended(led, closing_on, thresholds.pi_suspension_months, "leader_suspended", _PI.format("4 điểm c")),
        *_unpaid(
            unpaid_by_hosts,
            "leader_recovery",
            "Tổ chức chủ trì nhiệm vụ đã tham gia chưa hoàn trả đủ kinh phí phải thu hồi",
            _RECOVERY.format("2"),
        ),
    ]
    return tuple(found)


def _overdue_registration(tasks: Iterable[PastTask], closing_on: date) -> Iterable[Finding]:
    for task in tasks:
        if _overdue(task.registration_due_on, task.registered_on, closing_on):
            yield Finding(
                "registration",
                f"Chưa đăng ký, giao nộp kết quả nhiệm vụ {task.code}.",
                _HOST.format("a"),
                (task.task,),
            )


def _overdue_application_report(tasks: Iterable[PastTask], closing_on: date) -> Iterable[Finding]:
    for task in tasks:
        if _overdue(task.application_report_due_on, task.application_reported_on, closing_on):
            yield Finding(
                "application_report",
                f"Chưa báo cáo ứng dụng kết quả nhiệm vụ {task.code}.",
                _HOST.format("b"),
                (task.task,),
            )


def _late_dossiers(
    tasks: Iterable[PastTask], closing_on: date, thresholds: EligibilityThresholds, citation: str
) -> Iterable[Finding]:
    for task in tasks:
        limit = task.ends_on + timedelta(days=thresholds.dossier_late_days)
        if task.suspended_on is None and _overdue(limit, task.dossier_submitted_on, closing_on):
            yield Finding(
                "acceptance_dossier",
                f"Chưa nộp hồ sơ nghiệm thu nhiệm vụ {task.code} sau {thresholds.dossier_late_days} ngày "
                f"kể từ ngày kết thúc {task.ends_on:%d/%m/%Y}.",
                citation,
                (task.task,),
            )


def _unpaid(tasks: Iterable[PastTask], code: str, text: str, citation: str) -> Iterable[Finding]:
    for task in tasks:
        if task.recovery_owed_vnd > 0:
            yield Finding(code, f"{text} (nhiệm vụ {task.code}).", citation, (task.task,))


def _suspended(tasks: Iterable[PastTask], closing_on: date, months: int, code: str, citation: str) -> Iterable[Finding]:
    for task in tasks:
        if task.suspended_on is not None and task.suspended_on <= closing_on < add_months(task.suspended_on, months):
            yield Finding(
                code,
                f"Bị đình chỉ nhiệm vụ {task.code} từ {task.suspended_on:%d/%m/%Y}, chưa đủ {months} tháng.",
                citation,
                (task.task,),
            )


def _unfit(leader: Leader, closing_on: date, thresholds: EligibilityThresholds) -> Iterable[Finding]:
    if not leader.has_degree:
        yield Finding("degree", "Chưa có trình độ đại học trở lên.", _PI.format("3 điểm a"))
    years = thresholds.pi_active_years
    if leader.active_since is None or add_months(leader.active_since, 12 * years) > closing_on:
        yield Finding(
            "activity",
            f"Chưa hoạt động trong lĩnh vực đủ {years} năm gần nhất tính đến hạn nộp hồ sơ.",
            _PI.format("3 điểm b"),
        )
    if not leader.can_give_the_time:
        yield Finding("time", "Chưa bảo đảm thời gian để tổ chức thực hiện nhiệm vụ.", _PI.format("3 điểm c"))


def _leads_already(tasks: Iterable[PastTask], closing_on: date) -> Iterable[Finding]:
    for task in tasks:
        began = task.led_from is not None and task.led_from <= closing_on
        if began and (task.led_until is None or task.led_until >= closing_on):
            yield Finding(
                "leads_already",
                f"Đang làm chủ nhiệm nhiệm vụ {task.code} cùng cấp.",
                _PI.format("4 điểm a"),
                (task.task,),
            )


def _overdue(due_on: date | None, done_on: date | None, closing_on: date) -> bool:
    return due_on is not None and due_on < closing_on and (done_on is None or done_on > closing_on)
