"""Guards of a task and of the tracks that run after acceptance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from khcn.lib.periods import add_months

from ...choices import Grade
from ..transitions import Guard, guard
from .conditions import holds, is_empty, on

holds(
    "contract.both_signed",
    "both_parties_signed",
    "Hợp đồng chưa đủ chữ ký của hai bên.",
    "Luật 29/2013/QH13, Điều 33 khoản 1",
)
holds(
    "contract.counterpart_proven",
    "counterpart_proven",
    "Chưa có tài liệu chứng minh vốn đối ứng theo cam kết.",
    "TT 20/2023/TT-BKHCN, Điều 13 khoản 2",
)
holds(
    "approval.cancel_ground",
    "has_cancel_ground",
    "Chỉ được hủy quyết định phê duyệt khi có một trong các căn cứ luật định; đề nghị chọn căn cứ.",
    "TT 20/2023/TT-BKHCN, Điều 17 khoản 2",
)
holds(
    "extension.approved",
    "change_approved",
    "Chưa có văn bản chấp thuận gia hạn.",
    "TT 04/2015/TT-BKHCN, Điều 20 khoản 1",
)
is_empty(
    "extension.limits", "extension_breaches", "Gia hạn vượt giới hạn quy định: {items}.", "TT 04/2015/TT-BKHCN, Điều 12"
)
holds(
    "termination.site_checked",
    "site_checked",
    "Phải kiểm tra, đánh giá hồ sơ và hiện trường trước khi ra quyết định chấm dứt hợp đồng.",
    "TT 04/2015/TT-BKHCN, Điều 22 khoản 3",
)
holds(
    "termination.refund_stated",
    "refund_and_assets_stated",
    "Quyết định chấm dứt phải nêu số kinh phí phải hoàn trả và phương án xử lý sản phẩm, tài sản.",
    "TT 04/2015/TT-BKHCN, Điều 22 khoản 3",
)
is_empty(
    "acceptance.dossier_complete",
    "dossier_items_missing",
    "Hồ sơ nghiệm thu còn thiếu: {items}.",
    "TT 11/2014/TT-BKHCN, Điều 6",
)
holds(
    "acceptance.self_evaluated",
    "self_evaluated",
    "Tổ chức chủ trì chưa tự đánh giá kết quả (Mẫu 1).",
    "TT 11/2014/TT-BKHCN, Điều 5",
)
holds(
    "acceptance.dossier_valid",
    "dossier_valid",
    "Hồ sơ nghiệm thu chưa được xác nhận hợp lệ.",
    "TT 11/2014/TT-BKHCN, Điều 7 khoản 3",
)
is_empty("task.tracks_closed", "open_tracks", "Chưa thể lưu trữ vì còn việc chưa kết thúc: {items}.")
is_empty(
    "registration.items_complete",
    "registration_items_missing",
    "Hồ sơ đăng ký kết quả còn thiếu: {items}.",
    "TT 14/2014/TT-BKHCN, Điều 3 khoản 3",
)
is_empty(
    "recognition.file_complete",
    "recognition_items_missing",
    "Hồ sơ công nhận kết quả còn thiếu: {items}.",
    "TT 11/2014/TT-BKHCN, Điều 17 khoản 1",
)
holds(
    "settlement.products_handed_over",
    "products_and_assets_handed_over",
    "Sản phẩm và tài sản mua sắm bằng ngân sách chưa được kiểm kê, bàn giao.",
    "TT 11/2014/TT-BKHCN, Điều 15 khoản 1",
)
holds(
    "handover.signed_by_both",
    "handover_signed_by_both",
    "Biên bản bàn giao chưa đủ chữ ký của bên giao và bên nhận.",
    "Luật 29/2013/QH13, Điều 35 khoản 2",
)
holds(
    "recovery.cause_concluded",
    "cause_concluded",
    "Chưa có kết luận về nguyên nhân không hoàn thành nhiệm vụ.",
    "TTLT 27/2015/TTLT-BKHCN-BTC, Điều 16",
)
is_empty(
    "assets.inventory_complete", "assets_not_counted", "Còn tài sản chưa kiểm kê: {items}.", "NĐ 70/2018/NĐ-CP, Điều 10"
)


def _term_ended(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    return None if on(facts, "today") > on(facts, "ends_on") else "Chưa hết thời gian thực hiện theo hợp đồng."


def _grade_in(*grades: Grade) -> Any:
    def check(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
        if facts["council_grade"] in grades:
            return None
        return f"Hội đồng xếp loại “{Grade(facts['council_grade']).label}” nên không thể ghi nhận kết quả này."

    return check


def _dossier_late(parameters: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    months = int(parameters["acceptance.late_months"])
    if on(facts, "today") > add_months(on(facts, "ends_on"), months):
        return None
    return f"Chưa quá {months} tháng kể từ ngày kết thúc hợp đồng nên chưa thể xếp loại không đạt vì nộp chậm."


def _ended_as(*outcomes: str, sentence: str) -> Any:
    def check(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
        return None if facts["task_state"] in outcomes else sentence

    return check


guard(Guard("task.term_ended", ("today", "ends_on"), _term_ended, (), "TT 11/2014/TT-BKHCN, Điều 7 khoản 1"))
guard(
    Guard(
        "acceptance.grade_passes",
        ("council_grade",),
        _grade_in(Grade.EXCELLENT, Grade.PASS),
        (),
        "TT 11/2014/TT-BKHCN, Điều 13 khoản 2",
    )
)
guard(
    Guard(
        "acceptance.grade_fails", ("council_grade",), _grade_in(Grade.FAIL), (), "TT 11/2014/TT-BKHCN, Điều 13 khoản 2"
    )
)
guard(
    Guard(
        "acceptance.dossier_late",
        ("today", "ends_on"),
        _dossier_late,
        ("acceptance.late_months",),
        "TT 11/2014/TT-BKHCN, Điều 13 khoản 1",
    )
)
guard(
    Guard(
        "task.is_accepted",
        ("task_state",),
        _ended_as("accepted", "archived", sentence="Nhiệm vụ chưa được nghiệm thu từ mức “Đạt” trở lên."),
    )
)
guard(
    Guard(
        "task.has_failed",
        ("task_state",),
        _ended_as("failed", "terminated", sentence="Nhiệm vụ không thuộc trường hợp không hoàn thành."),
    )
)
guard(
    Guard(
        "task.has_ended",
        ("task_state",),
        _ended_as("accepted", "failed", "terminated", sentence="Nhiệm vụ chưa kết thúc."),
    )
)


def _cleared(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    if facts["uncleared_vnd"] == 0:
        return None
    return "Còn tạm ứng chưa thanh toán; đề nghị thanh toán hết trước khi thanh lý hợp đồng."


def _fully_paid(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    if facts["recovered_vnd"] >= facts["demanded_vnd"]:
        return None
    return "Số đã nộp hoàn trả chưa đủ số phải thu hồi."


def _nothing_to_recover(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    return None if facts["recovery_vnd"] == 0 else "Vẫn còn số kinh phí phải hoàn trả nên không thể miễn."


def _third_party_evidence(parameters: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    if not facts["confirmation_signed"]:
        return "Chưa có xác nhận của đơn vị ứng dụng."
    if facts["user_is_host"] and not facts["verified_by_inspection"]:
        return "Tổ chức chủ trì tự ứng dụng thì phải có biên bản kiểm tra xác nhận."
    days = int(parameters["uptake.min_days"])
    if facts["days_in_use"] < days:
        return f"Thời gian ứng dụng chưa đủ {days} ngày."
    return None


guard(
    Guard(
        "settlement.advances_cleared", ("uncleared_vnd",), _cleared, (), "TTLT 27/2015/TTLT-BKHCN-BTC, Điều 13 khoản 2"
    )
)
guard(
    Guard(
        "recovery.fully_paid",
        ("recovered_vnd", "demanded_vnd"),
        _fully_paid,
        (),
        "TTLT 27/2015/TTLT-BKHCN-BTC, Điều 17 khoản 1",
    )
)
guard(
    Guard(
        "recovery.nothing_due",
        ("recovery_vnd",),
        _nothing_to_recover,
        (),
        "TTLT 27/2015/TTLT-BKHCN-BTC, Điều 16 khoản 2",
    )
)
guard(
    Guard(
        "uptake.third_party_evidence",
        ("confirmation_signed", "user_is_host", "verified_by_inspection", "days_in_use"),
        _third_party_evidence,
        ("uptake.min_days",),
        "TT 11/2014/TT-BKHCN, Điều 19 khoản 2",
    )
)
