"""Guards of proposals, order lists, calls and applications."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from khcn.lib.periods import add_months

from ..transitions import Guard, guard
from .conditions import holds, holds_not, is_empty, on, share

holds(
    "proposal.form_complete",
    "form_complete",
    "Phiếu đề xuất chưa đủ các mục bắt buộc; đề nghị điền đủ trước khi nộp.",
    "TT 06/2023/TT-BKHCN, Điều 7 khoản 4",
)
holds_not(
    "act.not_secret",
    "is_secret",
    "Nhiệm vụ thuộc bí mật nhà nước phải lập và gửi hồ sơ bằng bản giấy, không nộp qua hệ thống này.",
    "TT 06/2023/TT-BKHCN, Điều 16 khoản 2; TT 20/2023/TT-BKHCN, Điều 22 khoản 2",
)
holds(
    "similarity.look_up_signed",
    "look_up_signed",
    "Chưa có kết quả tra cứu thông tin (Mẫu C0-KQTrC) được ký; đề nghị tra cứu trước khi đưa ra hội đồng.",
    "TT 06/2023/TT-BKHCN, Điều 9 khoản 2",
)
holds(
    "council.established",
    "council_established",
    "Chưa có quyết định thành lập hội đồng.",
    "TT 06/2023/TT-BKHCN, Điều 10 khoản 1",
)
is_empty(
    "order_list.all_recommended",
    "items_not_recommended",
    "Danh mục có đề xuất chưa được hội đồng đề nghị thực hiện: {items}.",
    "TT 06/2023/TT-BKHCN, Điều 15 khoản 2",
)
holds("order_list.not_empty", "has_items", "Danh mục chưa có nhiệm vụ nào.")
holds("order_list.replacement_approved", "replacement_approved", "Chưa có danh mục thay thế được phê duyệt.")
holds(
    "call.list_published",
    "list_published",
    "Danh mục nhiệm vụ đặt hàng chưa được phê duyệt và công bố.",
    "TT 06/2023/TT-BKHCN, Điều 15 khoản 2",
)
holds("call.has_dossiers", "has_dossiers", "Không có hồ sơ đăng ký nào để mở.", "TT 20/2023/TT-BKHCN, Điều 7")
holds_not(
    "call.no_valid_dossier",
    "has_valid_dossier",
    "Vẫn còn hồ sơ hợp lệ, không thể kết luận là không có hồ sơ trúng tuyển.",
    "TT 20/2023/TT-BKHCN, Điều 3 khoản 3",
)
holds(
    "call.has_selected",
    "has_selected",
    "Chưa có hồ sơ nào được đề nghị trúng tuyển.",
    "TT 20/2023/TT-BKHCN, Điều 11 khoản 8",
)
holds(
    "application.file_complete",
    "file_complete",
    "Hồ sơ chưa đủ thành phần theo danh mục; đề nghị bổ sung.",
    "TT 20/2023/TT-BKHCN, Điều 5",
)
is_empty(
    "eligibility.host_clear",
    "host_bars",
    "Tổ chức chủ trì không đủ điều kiện: {items}.",
    "TT 20/2023/TT-BKHCN, Điều 4 khoản 2",
)
is_empty(
    "eligibility.pi_clear",
    "pi_bars",
    "Cá nhân đăng ký chủ nhiệm không đủ điều kiện: {items}.",
    "TT 20/2023/TT-BKHCN, Điều 4 khoản 3, 4",
)
holds(
    "selection.counted",
    "council_counted",
    "Hội đồng chưa kiểm phiếu hồ sơ này.",
    "TT 20/2023/TT-BKHCN, Điều 11 khoản 6",
)
is_empty(
    "selection.zero_criteria",
    "criteria_with_excess_zeros",
    "Có tiêu chí bị quá nhiều thành viên có mặt cho 0 điểm: {items}.",
    "TT 20/2023/TT-BKHCN, Điều 11 khoản 8",
)
holds(
    "selection.ranked_first",
    "ranked_first",
    "Hồ sơ này không xếp thứ nhất nên không được đề nghị trúng tuyển.",
    "TT 20/2023/TT-BKHCN, Điều 11 khoản 8",
)
holds(
    "application.winner_cancelled",
    "winner_cancelled",
    "Hồ sơ trúng tuyển chưa bị hủy kết quả.",
    "TT 20/2023/TT-BKHCN, Điều 17",
)
holds(
    "application.cancel_ground",
    "has_cancel_ground",
    "Chỉ được hủy kết quả khi có một trong các căn cứ luật định; đề nghị chọn căn cứ.",
    "TT 20/2023/TT-BKHCN, Điều 17 khoản 1, 2",
)
holds(
    "approval.lines_sum",
    "lines_equal_total",
    "Tổng các mục chi theo năm chưa bằng tổng kinh phí được thẩm định.",
    "TT 20/2023/TT-BKHCN, Điều 13 khoản 2",
)
is_empty(
    "approval.lump_mode",
    "lump_mode_breaches",
    "Chưa đủ điều kiện khoán chi đến sản phẩm cuối cùng: {items}.",
    "TTLT 27/2015/TTLT-BKHCN-BTC, Điều 6 khoản 1",
)


def _pass_share(parameters: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    needed = share(parameters, "identification.pass_share")
    if facts["ballots_pass"] > needed * facts["ballots_total"] and facts["ballots_total"] > 0:
        return None
    return (
        f"Mới có {facts['ballots_pass']}/{facts['ballots_total']} phiếu đánh giá đạt yêu cầu; "
        f"phải có trên {needed} tổng số phiếu."
    )


def _pass_share_missed(parameters: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    if _pass_share(parameters, facts) is not None:
        return None
    return "Đề xuất đã đạt trên ngưỡng số phiếu nên phải ghi nhận là đề nghị thực hiện."


_IDENTIFICATION = ("ballots_total", "ballots_pass")
guard(
    Guard(
        "identification.pass_share",
        _IDENTIFICATION,
        _pass_share,
        ("identification.pass_share",),
        "TT 06/2023/TT-BKHCN, Điều 12 khoản 7",
    )
)
guard(
    Guard(
        "identification.pass_share_missed",
        _IDENTIFICATION,
        _pass_share_missed,
        ("identification.pass_share",),
        "TT 06/2023/TT-BKHCN, Điều 12 khoản 7",
    )
)


def _notice_days(parameters: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    days = int(parameters["call.notice_days"])
    if (on(facts, "closes_on") - on(facts, "opens_on")).days >= days:
        return None
    return f"Thời gian thông báo phải đủ {days} ngày kể từ ngày mở; đề nghị lùi hạn nộp hồ sơ."


def _deadline_passed(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    return None if on(facts, "today") > on(facts, "closes_on") else "Chưa hết hạn nộp hồ sơ."


def _second_call(parameters: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    months = int(parameters["call.second_call_months"])
    if on(facts, "opens_on") <= add_months(on(facts, "first_opened_on"), months):
        return None
    return f"Thông báo lần 2 phải trong vòng {months} tháng kể từ ngày bắt đầu thông báo lần 1."


def _before_deadline(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    if datetime.fromisoformat(facts["acted_at"]) <= datetime.fromisoformat(facts["deadline_at"]):
        return None
    return "Đã hết hạn nộp hồ sơ nên không thể nộp, thay thế hoặc rút hồ sơ."


guard(
    Guard(
        "call.notice_days",
        ("opens_on", "closes_on"),
        _notice_days,
        ("call.notice_days",),
        "TT 20/2023/TT-BKHCN, Điều 3 khoản 2",
    )
)
guard(
    Guard("call.deadline_passed", ("today", "closes_on"), _deadline_passed, (), "TT 20/2023/TT-BKHCN, Điều 7 khoản 1")
)
guard(
    Guard(
        "call.second_call_months",
        ("opens_on", "first_opened_on"),
        _second_call,
        ("call.second_call_months",),
        "TT 20/2023/TT-BKHCN, Điều 3 khoản 3",
    )
)
guard(
    Guard(
        "application.before_deadline",
        ("acted_at", "deadline_at"),
        _before_deadline,
        (),
        "TT 20/2023/TT-BKHCN, Điều 6 khoản 3",
    )
)


def _min_score(parameters: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    floor = share(parameters, "selection.min_score")
    if share(facts, "mean_score") >= floor:
        return None
    return f"Điểm trung bình chưa đạt từ {floor}/100 trở lên."


def _appraisal_quorum(parameters: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    needed = share(parameters, "appraisal.quorum_share")
    if facts["members_present"] < needed * facts["members_total"]:
        return f"Phiên họp thẩm định phải có mặt ít nhất {needed} thành viên tổ thẩm định."
    if not facts["council_member_present"]:
        return "Phiên họp thẩm định phải có chủ tịch, phó chủ tịch hoặc ủy viên phản biện của hội đồng."
    return None


def _within_appraisal(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    if facts["approved_vnd"] <= facts["appraised_vnd"]:
        return None
    return "Kinh phí phê duyệt không được vượt mức tổ thẩm định kiến nghị."


guard(
    Guard(
        "selection.min_score",
        ("mean_score",),
        _min_score,
        ("selection.min_score",),
        "TT 20/2023/TT-BKHCN, Điều 11 khoản 8",
    )
)
guard(
    Guard(
        "appraisal.quorum",
        ("members_total", "members_present", "council_member_present"),
        _appraisal_quorum,
        ("appraisal.quorum_share",),
        "TT 20/2023/TT-BKHCN, Điều 13 khoản 1",
    )
)
guard(
    Guard(
        "approval.within_appraisal",
        ("approved_vnd", "appraised_vnd"),
        _within_appraisal,
        (),
        "TT 20/2023/TT-BKHCN, Điều 13 khoản 2",
    )
)
