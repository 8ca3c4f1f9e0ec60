"""Guards of change requests, difficulties and report runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...choices import ChangeKind, IssueLevel
from ..transitions import Guard, guard
from .conditions import holds, holds_not, is_empty, is_given, on

is_empty("change.allowed", "change_breaches", "Không thể điều chỉnh: {items}.", "TT 04/2015/TT-BKHCN, Điều 12–18")
holds(
    "change.complete_file",
    "file_complete",
    "Hồ sơ đề nghị điều chỉnh chưa đầy đủ.",
    "TT 04/2015/TT-BKHCN, Điều 20 khoản 1",
)
is_given("change.annex_number", "annex_number", "Chưa có số phụ lục hợp đồng.", "TT 04/2015/TT-BKHCN, Điều 20 khoản 1")
holds("issue.has_assignee_and_due", "has_assignee_and_due", "Đề nghị chọn đơn vị xử lý và thời hạn trả lời.")
is_given("issue.answer_given", "answer", "Đề nghị ghi nội dung trả lời.")
holds("issue.confirmed_by_reporter", "actor_is_reporter", "Chỉ đơn vị đã nêu vướng mắc được xác nhận giải quyết xong.")
holds("issue.merge_target_open", "merge_target_open", "Vướng mắc được gộp vào phải đang mở và khác với vướng mắc này.")
is_empty("report.contributions_closed", "open_contributions", "Còn đơn vị chưa gửi số liệu: {items}.")
holds_not("report.second_pair_of_eyes", "reviewer_is_author", "Người soát xét phải khác người dự thảo báo cáo.")
holds("report.snapshot_intact", "digest_matches", "Số liệu đã chốt không khớp mã băm lưu trữ; không thể ký.")
is_given("report.number_assigned", "document_number", "Báo cáo chưa được cấp số.", "NĐ 30/2020/NĐ-CP")
holds("report.new_version_created", "new_version_created", "Chưa lập phiên bản đính chính.")


def _party(party: str, sentence: str) -> Any:
    def check(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
        return None if facts["deciding_party"] == party else sentence

    return check


def _consulted(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    if facts["council_required"] and not facts["council_recorded"]:
        return "Nội dung này phải có ý kiến của hội đồng tư vấn (Mẫu C-1-BBHĐTV) trước khi quyết định."
    if facts["consent_required"] and not facts["consent_recorded"]:
        return "Nội dung này phải có văn bản đồng thuận của cơ quan đề xuất đặt hàng trước khi quyết định."
    return None


def _objection(parameters: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    if facts["change_kind"] != ChangeKind.PI:
        return (
            "Cơ quan quản lý chỉ có quyền không đồng ý việc thay chủ nhiệm; nội dung này do tổ chức chủ trì quyết định."
        )
    days = int(parameters["change.objection_working_days"])
    if facts["working_days_since_notice"] > days:
        return f"Đã quá {days} ngày làm việc kể từ khi nhận văn bản điều chỉnh nên không còn quyền không đồng ý."
    return None


def _level_above(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    levels = IssueLevel.values()
    if levels.index(facts["to_level"]) > levels.index(facts["from_level"]):
        return None
    return "Chỉ được chuyển vướng mắc lên cấp cao hơn cấp đang xử lý."


def _cutoff(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    return None if on(facts, "today") > on(facts, "cutoff_on") else "Chưa qua ngày chốt số liệu của kỳ báo cáo."


guard(
    Guard(
        "change.decided_by_authority",
        ("deciding_party",),
        _party("authority", "Nội dung này do tổ chức chủ trì chủ động quyết định, chỉ cần thông báo."),
        (),
        "TT 04/2015/TT-BKHCN, Điều 19",
    )
)
guard(
    Guard(
        "change.decided_by_host",
        ("deciding_party",),
        _party("host", "Nội dung này thuộc thẩm quyền của cơ quan quản lý; đề nghị gửi hồ sơ đề nghị điều chỉnh."),
        (),
        "TT 04/2015/TT-BKHCN, Điều 19",
    )
)
guard(
    Guard(
        "change.consulted",
        ("council_required", "council_recorded", "consent_required", "consent_recorded"),
        _consulted,
        (),
        "TT 04/2015/TT-BKHCN, Điều 13 khoản 2",
    )
)
guard(
    Guard(
        "change.objection",
        ("change_kind", "working_days_since_notice"),
        _objection,
        ("change.objection_working_days",),
        "TT 04/2015/TT-BKHCN, Điều 20 khoản 2",
    )
)
guard(Guard("issue.level_above", ("from_level", "to_level"), _level_above))
guard(Guard("report.cutoff_passed", ("today", "cutoff_on"), _cutoff, (), "NĐ 09/2019/NĐ-CP, Điều 12"))
