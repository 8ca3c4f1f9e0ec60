"""What a step of the programme's state machines does to the cases of the five science procedures: one pure table.

The machines decide; cases follow. The table names steps and acts as `data/reference/procedures` writes them, and every
event of every machine stands either here or in `NO_STEP` with the reason; a test compares both with the machines.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from khcn.lib.labelled import gettext_noop as _

from .machines import MACHINES


class Science(StrEnum):
    """The five procedures, by their code on the cover."""

    IDENTIFY = "QT-KHCN-01"
    SELECT = "QT-KHCN-02"
    MONITOR = "QT-KHCN-03"
    ACCEPT = "QT-KHCN-04"
    USE = "QT-KHCN-05"


class Does(StrEnum):
    """What happens to a case: it is opened, one of its steps is done, its clock stands or runs, it is cancelled."""

    OPEN = "open"
    COMPLETE = "complete"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing done to the open case of a procedure. steps: for COMPLETE, of which the case stands at one at most."""

    procedure: Science
    does: Does
    steps: tuple[str, ...] = ()


MONITORING: Final = "monitoring"
MONITORING_EVENTS: Final = {
    "report": _("Nộp báo cáo tiến độ"),
    "accept_report": _("Chấp nhận báo cáo tiến độ"),
    "return_report": _("Trả lại báo cáo tiến độ"),
    "plan_inspection": _("Lên lịch kiểm tra"),
    "record_inspection": _("Ghi biên bản kiểm tra"),
}
"""Events of a running task that no state machine has, with their labels."""

USE: Final = "use"
USE_EVENTS: Final = {
    "confirm": _("Đơn vị ứng dụng xác nhận"),
    "measure_6": _("Đo hiệu quả sau 6 tháng"),
    "measure_12": _("Đo hiệu quả sau 12 tháng"),
    "measure_24": _("Đo hiệu quả sau 24 tháng"),
}
"""Events of a result in use that no state machine has, with their labels."""

MEASURE_MONTHS: Final = (6, 12, 24)
"""Months after the use began at which the fifth procedure has it measured."""

_EVENTS_BESIDE: Final = {MONITORING: MONITORING_EVENTS, USE: USE_EVENTS}


def _open(procedure: Science) -> Effect:
    return Effect(procedure, Does.OPEN)


def _done(procedure: Science, *steps: str) -> Effect:
    return Effect(procedure, Does.COMPLETE, steps)


def _cancel(*procedures: Science) -> tuple[Effect, ...]:
    return tuple(Effect(procedure, Does.CANCEL) for procedure in procedures)


_IDENTIFY, _SELECT, _MONITOR, _ACCEPT, _USE = Science
_MONITOR_ENDS = _done(_MONITOR, "bao_cao", "xem_bao_cao")
_MEASURES = tuple(f"do_{months}" for months in MEASURE_MONTHS)

EFFECTS: Final[dict[str, tuple[Effect, ...]]] = {
    "proposal.submit": (_open(_IDENTIFY), _done(_IDENTIFY, "bo_sung")),
    "proposal.withdraw": _cancel(_IDENTIFY),
    "proposal.accept": (_done(_IDENTIFY, "tiep_nhan"),),
    "proposal.return": (_done(_IDENTIFY, "tiep_nhan"),),
    "proposal.record_similarity": (_done(_IDENTIFY, "tra_cuu"),),
    "proposal.place_in_council": (_done(_IDENTIFY, "lap_hoi_dong"),),
    "proposal.recommend": (_done(_IDENTIFY, "hop_hoi_dong"),),
    "proposal.do_not_recommend": (_done(_IDENTIFY, "hop_hoi_dong"),),
    "proposal.list": (_done(_IDENTIFY, "lap_danh_muc"),),
    "proposal.drop": (_done(_IDENTIFY, "lap_danh_muc"),),
    "order_list.submit": (_done(_IDENTIFY, "hoan_thien"),),
    "order_list.return": (_done(_IDENTIFY, "phe_duyet"),),
    "order_list.approve": (_done(_IDENTIFY, "phe_duyet"),),
    "order_list.publish": (_done(_IDENTIFY, "cong_bo"),),
    "call.open": (_open(_SELECT),),
    "call.close": (_done(_SELECT, "nhan_ho_so"),),
    "call.open_dossiers": (_done(_SELECT, "mo_ho_so"),),
    "call.declare_unsuccessful": (_done(_SELECT, "mo_ho_so", "lap_hoi_dong", "hop_hoi_dong", "xet_du_bi"),),
    "call.void_result": (_done(_SELECT, "xet_du_bi"),),
    "call.open_again": (_done(_SELECT, "lan_hai"),),
    "call.cancel": _cancel(_SELECT),
    "application.select": (_done(_SELECT, "lap_hoi_dong", "hop_hoi_dong"),),
    "application.promote": (_done(_SELECT, "xet_du_bi"),),
    "application.return_revised": (_done(_SELECT, "chinh_sua", "hoan_thien"),),
    "application.appraise": (_done(_SELECT, "tham_dinh"),),
    "application.approve": (_done(_SELECT, "phe_duyet"),),
    "application.cancel": (_done(_SELECT, "chinh_sua", "tham_dinh", "hoan_thien", "phe_duyet"),),
    "council.establish": (_done(_SELECT, "lap_hoi_dong"), _done(_ACCEPT, "lap_hoi_dong")),
    "council.replace": (_done(_SELECT, "hop_hoi_dong"), _done(_ACCEPT, "hop_hoi_dong")),
    "task.sign_contract": (_done(_SELECT, "ky_hop_dong"),),
    "task.cancel": _cancel(_SELECT),
    "task.start": (_open(_MONITOR),),
    "task.pause": (Effect(_MONITOR, Does.PAUSE),),
    "task.resume": (_open(_MONITOR), Effect(_MONITOR, Does.RESUME)),
    "task.end_term": (_MONITOR_ENDS, _open(_ACCEPT)),
    "task.submit_dossier": (_MONITOR_ENDS, _open(_ACCEPT), _done(_ACCEPT, "nop_ho_so")),
    "task.return_dossier": (_done(_ACCEPT, "kiem_tra_ho_so"),),
    "task.open_acceptance": (_done(_ACCEPT, "kiem_tra_ho_so"),),
    "task.record_pass": (_done(_ACCEPT, "lap_hoi_dong", "hop_hoi_dong"),),
    "task.record_fail": (_done(_ACCEPT, "lap_hoi_dong", "hop_hoi_dong"),),
    "task.declare_late_failure": (_done(_ACCEPT, "nop_ho_so"),),
    "task.terminate": _cancel(_MONITOR, _ACCEPT),
    "result.confirm_finalised": (_done(_ACCEPT, "hoan_thien"),),
    "result.register": (_done(_ACCEPT, "dang_ky"),),
    "result.recognise": (_done(_ACCEPT, "cong_nhan"),),
    "settlement.liquidate": (_done(_ACCEPT, "thanh_ly", "thanh_ly_khong_dat"),),
    "settlement.settle": (_done(_ACCEPT, "quyet_toan", "quyet_toan_khong_dat"),),
    "settlement.settle_without_acceptance": (_done(_ACCEPT, "quyet_toan_khong_dat"),),
    "recovery.demand": (_done(_ACCEPT, "ket_luan_thu_hoi"),),
    "recovery.waive": (_done(_ACCEPT, "ket_luan_thu_hoi"),),
    "recovery.confirm_paid": (_done(_ACCEPT, "hoan_tra"),),
    "uptake.open": (_open(_USE),),
    "uptake.hand_over": (_done(_USE, "ban_giao"),),
    "uptake.confirm_applied": (_done(_USE, "xac_nhan"), _done(_USE, "theo_doi")),
    "uptake.record_not_applied": (_done(_USE, "ban_giao", "xac_nhan", "theo_doi", *_MEASURES),),
    "uptake.resume": (_open(_USE),),
    "use.confirm": (_done(_USE, "xac_nhan"),),
    **{f"use.measure_{months}": (_done(_USE, f"do_{months}"),) for months in MEASURE_MONTHS},
    "monitoring.report": (_done(_MONITOR, "bao_cao"),),
    "monitoring.accept_report": (_done(_MONITOR, "xem_bao_cao"),),
    "monitoring.return_report": (_done(_MONITOR, "xem_bao_cao"),),
    "monitoring.plan_inspection": (_done(_MONITOR, "len_lich"),),
    "monitoring.record_inspection": (_done(_MONITOR, "kiem_tra"),),
}
"""By act (`machine.event`), in the order in which they happen."""

_SEALED = "a dossier is judged within its call's case; before the opening nothing may be told of it"
_INNER = "a step within the council's own machine; its result moves the case"
_OPENS_WITH = "opens a track; the case goes on with the act that opened it"
_OWN_MATTER = "a matter of its own, not one of the five procedures"

NO_STEP: Final[dict[str, str]] = {
    "order_list.supersede": "the case ended with the publication of the list",
    "call.conclude": "accepts the council's result, which already moved the case",
    **dict.fromkeys(
        (
            "application.submit", "application.replace", "application.withdraw", "application.declare_valid",
            "application.declare_invalid", "application.score", "application.rank", "application.keep_in_reserve",
            "application.reject",
        ),
        _SEALED,
    ),
    **dict.fromkeys(
        (
            "council.send_papers", "council.open_session", "council.adjourn", "council.seal_ballots",
            "council.conclude", "council.count", "council.sign_minutes", "council.close",
        ),
        _INNER,
    ),
    "task.extend": "moves the end of the task, not the case",
    "task.archive": "after every case has ended",
    **dict.fromkeys(
        ("result.open", "result.set_aside", "settlement.open", "assets.open", "recovery.open"), _OPENS_WITH
    ),
    "recovery.record_explanation": "heard before the conclusion, which moves the case",
    **{
        f"{code}.{row.event}": _OWN_MATTER
        for code in ("assets", "change_request", "issue", "payment_file", "report_run")
        for row in MACHINES[code].transitions
        if row.event != "open"
    },
}  # fmt: skip
"""Acts that move no case, each with the reason."""

CLOCKS: Final[dict[tuple[Science, str], tuple[str, ...]]] = {
    (_IDENTIFY, "lap_danh_muc"): ("identification.finalise", "order_list.review"),
    (_IDENTIFY, "cong_bo"): ("order_list.publish",),
    (_SELECT, "mo_ho_so"): ("call.opening",),
    (_SELECT, "chinh_sua"): ("application.revise_after_council",),
    (_SELECT, "tham_dinh"): ("appraisal.session",),
    (_SELECT, "hoan_thien"): ("application.revise_after_appraisal",),
    (_SELECT, "phe_duyet"): ("approval.submit",),
    (_SELECT, "lan_hai"): ("call.second_call",),
    (_MONITOR, "bao_cao"): ("report.progress",),
    (_ACCEPT, "nop_ho_so"): ("acceptance.dossier", "acceptance.supplement"),
    (_ACCEPT, "kiem_tra_ho_so"): ("acceptance.validity",),
    (_ACCEPT, "lap_hoi_dong"): ("acceptance.establish",),
    (_ACCEPT, "hop_hoi_dong"): ("acceptance.session",),
    (_ACCEPT, "hoan_thien"): ("acceptance.finalise",),
    (_ACCEPT, "dang_ky"): ("registration.register",),
    (_ACCEPT, "cong_nhan"): ("recognition.decide",),
    (_ACCEPT, "thanh_ly"): ("settlement.advances", "settlement.deduction"),
    (_ACCEPT, "thanh_ly_khong_dat"): ("settlement.advances", "settlement.deduction"),
    (_ACCEPT, "ket_luan_thu_hoi"): ("recovery.explain", "recovery.check"),
    (_ACCEPT, "hoan_tra"): ("recovery.pay",),
    (_USE, "theo_doi"): ("uptake.yearly_report",),
    **{(_USE, f"do_{months}"): (f"uptake.measure_{months}",) for months in MEASURE_MONTHS},
}
"""The statutory clocks that say when a step is due: the soonest that runs on the record; other steps have none."""

HOST_STEPS: Final = frozenset({(_SELECT, "chinh_sua"), (_SELECT, "hoan_thien")})
"""Steps of the organisation that was selected, which is not known when the case is opened."""

USER_STEPS: Final = frozenset({(_USE, "xac_nhan"), *((_USE, step) for step in _MEASURES)})
"""Steps of the organisation that uses the result, which is known with the handover."""


def label_of_act(machine: str, event: str) -> str:
    """The event as people read it: the label of its row, or of an event beside the machines. Raises LookupError."""
    if machine in _EVENTS_BESIDE:
        return _EVENTS_BESIDE[machine][event]
    return next(row.label for row in MACHINES[machine].transitions if row.event == event)
