"""Guards of councils: composition, conflicts, papers, quorum and ballots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..transitions import Guard, guard
from .conditions import holds, is_empty, share

is_empty(
    "council.composition",
    "composition_breaches",
    "Thành phần hội đồng chưa đúng quy định: {items}.",
    "TT 06/2023/TT-BKHCN, Điều 10; TT 20/2023/TT-BKHCN, Điều 8; TT 11/2014/TT-BKHCN, Điều 9",
)
is_empty(
    "council.no_conflicts",
    "conflicts",
    "Có thành viên thuộc trường hợp không được tham gia hội đồng: {items}.",
    "TT 20/2023/TT-BKHCN, Điều 8 khoản 2; TT 11/2014/TT-BKHCN, Điều 9 khoản 5",
)
is_empty(
    "council.reviews_received",
    "reviews_missing",
    "Chưa nhận đủ phiếu nhận xét bằng văn bản, còn thiếu: {items}.",
    "TT 11/2014/TT-BKHCN, Điều 10 khoản 2",
)
holds(
    "council.kind_is_appraisal",
    "is_appraisal_team",
    "Chỉ tổ thẩm định kinh phí kết luận mà không bỏ phiếu.",
    "TT 20/2023/TT-BKHCN, Điều 13 khoản 1",
)
holds(
    "council.secretary_signed",
    "secretary_signed",
    "Thư ký khoa học chưa ký biên bản.",
    "TT 20/2023/TT-BKHCN, Điều 11 khoản 10",
)
holds(
    "council.minutes_signed",
    "minutes_signed",
    "Chưa có biên bản họp hội đồng được ký.",
    "TT 11/2014/TT-BKHCN, Điều 10 khoản 5",
)


def _papers(parameters: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    needed = int(parameters[f"{facts['council_kind']}.papers_working_days"])
    if facts["papers_working_days"] >= needed:
        return None
    return f"Tài liệu phải được gửi ít nhất {needed} ngày làm việc trước phiên họp; đề nghị lùi ngày họp."


def _quorum(parameters: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    kind = facts["council_kind"]
    needed = share(parameters, f"{kind}.quorum_share")
    present, total = facts["members_present"], facts["members_total"]
    if present < needed * total:
        return f"Phiên họp phải có mặt ít nhất {needed} số thành viên; hiện có {present}/{total}."
    if not facts["chair_presides"]:
        return "Phiên họp phải do chủ tịch, hoặc phó chủ tịch được ủy quyền bằng văn bản, chủ trì."
    if parameters[f"{kind}.quorum_reviewers"] == "yes" and facts["reviewers_absent"] > 0:
        return "Phiên họp phải có mặt đủ các ủy viên phản biện."
    if parameters[f"{kind}.quorum_secretary"] == "yes" and not facts["secretary_present"]:
        return "Phiên họp phải có mặt ủy viên thư ký khoa học."
    return None


def _all_voted(_: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    if facts["ballots_cast"] == facts["voters_present"]:
        return None
    return f"Mới có {facts['ballots_cast']}/{facts['voters_present']} thành viên có mặt bỏ phiếu."


guard(
    Guard(
        "council.papers_in_time",
        ("council_kind", "papers_working_days"),
        _papers,
        ("{council_kind}.papers_working_days",),
        "TT 06/2023/TT-BKHCN, Điều 11 khoản 4; TT 20/2023/TT-BKHCN, Điều 9 khoản 1; "
        "TT 11/2014/TT-BKHCN, Điều 10 khoản 1",
    )
)
guard(
    Guard(
        "council.quorum",
        ("council_kind", "members_total", "members_present", "chair_presides", "reviewers_absent", "secretary_present"),
        _quorum,
        ("{council_kind}.quorum_share", "{council_kind}.quorum_reviewers", "{council_kind}.quorum_secretary"),
        "NĐ 08/2014/NĐ-CP, Điều 33 khoản 1; TT 06/2023/TT-BKHCN, Điều 11 khoản 2; TT 20/2023/TT-BKHCN, Điều 10 "
        "khoản 2; TT 11/2014/TT-BKHCN, Điều 10 khoản 2",
    )
)
guard(
    Guard(
        "council.all_voted", ("ballots_cast", "voters_present"), _all_voted, (), "TT 20/2023/TT-BKHCN, Điều 11 khoản 5"
    )
)
