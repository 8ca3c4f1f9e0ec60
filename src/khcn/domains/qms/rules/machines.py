"""The state machines of the quality system, each as one table of steps; guards beyond state and duty are services'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from khcn.domains.qms.choices import (
    AnnouncementState,
    AuditState,
    ChangeState,
    Duty,
    InspectionState,
    NonconformityState,
    ProgrammeState,
    ReviewState,
    RevisionState,
    YearState,
)
from khcn.lib.labelled import Labelled, gettext_noop

H, S, A, OW, ST, OV, SY = (
    Duty.HEAD, Duty.SECRETARY, Duty.AUDITOR, Duty.OWNER, Duty.STAFF, Duty.OVERSEER, Duty.SYSTEM,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the states it leaves, the state it reaches, its name, who may take it, and its guard in a sentence."""

    event: str
    sources: tuple[Labelled, ...]
    target: Labelled
    label: str
    duties: tuple[Duty, ...]
    guard: str = ""
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine: its code, its title, its states, where it begins, and its steps by event."""

    code: str
    title: str
    states: type[Labelled]
    initial: Labelled
    steps: tuple[Step, ...]

    def step(self, event: str) -> Step:
        """The step of an event. Raises KeyError."""
        return self.by_event[event]

    @property
    def by_event(self) -> Mapping[str, Step]:
        """Steps by event."""
        return {step.event: step for step in self.steps}

    def open_steps(self, state: str, duties: frozenset[str]) -> list[Step]:
        """Steps that somebody with the duties may take from the state."""
        return [step for step in self.steps if state in step.sources and duties & {str(one) for one in step.duties}]


R, C, P, AU, N, M, AN, IN, Y = (
    RevisionState, ChangeState, ProgrammeState, AuditState, NonconformityState, ReviewState, AnnouncementState,
    InspectionState, YearState,
)  # fmt: skip

_TABLES = (
    Machine("revision", gettext_noop("tài liệu kiểm soát"), R, R.DRAFT, (
        Step("submit", (R.DRAFT,), R.IN_REVIEW, gettext_noop("Gửi xem xét"), (OW, S),
             gettext_noop("có nội dung hoặc tệp; có lý do ban hành, sửa đổi")),
        Step("review", (R.IN_REVIEW,), R.IN_REVIEW, gettext_noop("Xác nhận đã xem xét"), (S, A),
             gettext_noop("người xem xét khác người soạn; chưa ai xem xét lần này")),
        Step("return", (R.IN_REVIEW,), R.DRAFT, gettext_noop("Trả lại để sửa"), (S, H), needs_reason=True),
        Step("approve", (R.IN_REVIEW,), R.APPROVED, gettext_noop("Phê duyệt"), (H,),
             gettext_noop("người duyệt khác người soạn; biểu mẫu và căn cứ đang hiệu lực")),
        Step("bring_into_effect", (R.APPROVED,), R.EFFECTIVE, gettext_noop("Cho hiệu lực"), (S, H, SY),
             gettext_noop("đến ngày hiệu lực; bản trước tự đóng; giao đọc và xác nhận")),
        Step("supersede", (R.EFFECTIVE,), R.SUPERSEDED, gettext_noop("Thay thế"), (SY,),
             gettext_noop("bản sau có hiệu lực")),
        Step("withdraw", (R.DRAFT, R.APPROVED, R.EFFECTIVE), R.WITHDRAWN, gettext_noop("Thu hồi"), (S, H),
             needs_reason=True),
    )),
    Machine("change_request", gettext_noop("yêu cầu thay đổi"), C, C.DRAFT, (
        Step("assess", (C.DRAFT, C.ASSESSED), C.ASSESSED, gettext_noop("Đánh giá tác động"), (S,),
             gettext_noop("nêu tác động đến tài liệu, đào tạo, hồ sơ đang xử lý")),
        Step("approve", (C.ASSESSED,), C.APPROVED, gettext_noop("Chấp thuận"), (H,),
             gettext_noop("người quyết định khác người đề nghị")),
        Step("refuse", (C.ASSESSED,), C.REFUSED, gettext_noop("Không chấp thuận"), (H,), needs_reason=True),
        Step("finish", (C.APPROVED,), C.DONE, gettext_noop("Đã thực hiện"), (S,),
             gettext_noop("hồ sơ đang xử lý đã chuyển sang bản mới, nếu đã chọn như vậy")),
    )),
    Machine("audit_programme", gettext_noop("chương trình đánh giá nội bộ"), P, P.DRAFT, (
        Step("submit", (P.DRAFT,), P.SUBMITTED, gettext_noop("Trình duyệt"), (S,), gettext_noop("có ít nhất một dòng")),
        Step("return", (P.SUBMITTED,), P.DRAFT, gettext_noop("Trả lại để sửa"), (H,), needs_reason=True),
        Step("approve", (P.SUBMITTED,), P.APPROVED, gettext_noop("Phê duyệt"), (H,),
             gettext_noop("người duyệt khác người lập")),
    )),
    Machine("audit", gettext_noop("đợt đánh giá nội bộ"), AU, AU.PLANNED, (
        Step("notify", (AU.PLANNED,), AU.NOTIFIED, gettext_noop("Gửi thông báo"), (S, A),
             gettext_noop("trước ngày đánh giá đủ số ngày; đoàn khác bộ phận, có chứng chỉ")),
        Step("start", (AU.NOTIFIED,), AU.RUNNING, gettext_noop("Bắt đầu đánh giá"), (OW,),
             gettext_noop("đã lấy mẫu hồ sơ và lập bảng câu hỏi")),
        Step("report", (AU.RUNNING,), AU.REPORTED, gettext_noop("Lập báo cáo"), (OW,),
             gettext_noop("mọi điểm đã kết luận")),
        Step("close", (AU.REPORTED,), AU.CLOSED, gettext_noop("Kết thúc đợt đánh giá"), (S,),
             gettext_noop("mọi phát hiện không phù hợp đã thành phiếu")),
        Step("cancel", (AU.PLANNED, AU.NOTIFIED), AU.CANCELLED, gettext_noop("Hủy đợt đánh giá"), (S, H),
             needs_reason=True),
    )),
    Machine("nonconformity", gettext_noop("sự không phù hợp"), N, N.DRAFT, (
        Step("open", (N.DRAFT, N.REOPENED), N.ANALYSIS, gettext_noop("Giao tìm nguyên nhân"), (S, H),
             gettext_noop("có người chịu trách nhiệm và thời hạn")),
        Step("plan", (N.ANALYSIS,), N.ACTION_PLAN, gettext_noop("Trình nguyên nhân và kế hoạch"), (OW, S),
             gettext_noop("có chuỗi vì sao, nguyên nhân gốc và ít nhất một hành động")),
        Step("return_plan", (N.ACTION_PLAN,), N.ANALYSIS, gettext_noop("Trả lại kế hoạch"), (S, H), needs_reason=True),
        Step("approve_plan", (N.ACTION_PLAN,), N.IN_PROGRESS, gettext_noop("Duyệt kế hoạch khắc phục"), (H,),
             gettext_noop("người duyệt khác người chịu trách nhiệm")),
        Step("finish", (N.IN_PROGRESS,), N.VERIFYING, gettext_noop("Báo đã khắc phục xong"), (OW, S),
             gettext_noop("mọi hành động đã xong, có minh chứng")),
        Step("close", (N.VERIFYING,), N.CLOSED, gettext_noop("Kiểm tra có hiệu lực, đóng"), (S, A, H),
             gettext_noop("sau số ngày quy định; người kiểm tra khác người chịu trách nhiệm")),
        Step("reopen", (N.VERIFYING, N.CLOSED), N.REOPENED, gettext_noop("Chưa có hiệu lực, mở lại"), (S, A, H),
             gettext_noop("người kiểm tra khác người chịu trách nhiệm"), True),
        Step("cancel", (N.DRAFT, N.ANALYSIS), N.CANCELLED, gettext_noop("Hủy phiếu"), (S, H), needs_reason=True),
    )),
    Machine("management_review", gettext_noop("xem xét của lãnh đạo"), M, M.PLANNED, (
        Step("freeze", (M.PLANNED,), M.INPUTS_FROZEN, gettext_noop("Chốt đầu vào"), (S,),
             gettext_noop("đủ nội dung 9.3.2 từ a đến f")),
        Step("hold", (M.INPUTS_FROZEN,), M.HELD, gettext_noop("Ghi biên bản họp"), (S,),
             gettext_noop("không trước ngày chốt đầu vào; có kết luận với người làm và thời hạn")),
        Step("sign", (M.HELD,), M.MINUTES_SIGNED, gettext_noop("Ký biên bản"), (H,)),
        Step("follow_up", (M.MINUTES_SIGNED,), M.FOLLOWED_UP, gettext_noop("Kết thúc theo dõi"), (S,),
             gettext_noop("mọi kết luận đã thực hiện")),
    )),
    Machine("announcement", gettext_noop("công bố phù hợp"), AN, AN.DRAFTED, (
        Step("confirm", (AN.DRAFTED,), AN.CONFIRMED, gettext_noop("Xác nhận hiệu lực của hệ thống"), (H,),
             gettext_noop("đã đánh giá nội bộ và xem xét của lãnh đạo; không còn lỗi nặng quá hạn")),
        Step("publish", (AN.CONFIRMED,), AN.PUBLISHED, gettext_noop("Công bố"), (S,),
             gettext_noop("có số; bản công bố trước tự được thay thế")),
        Step("supersede", (AN.PUBLISHED,), AN.SUPERSEDED, gettext_noop("Thay thế"), (SY,),
             gettext_noop("bản công bố lại được công bố")),
    )),
    Machine("inspection", gettext_noop("kiểm tra của Sở"), IN, IN.PLANNED, (
        Step("check", (IN.PLANNED,), IN.CHECKING, gettext_noop("Bắt đầu kiểm tra"), (OV,)),
        Step("conclude", (IN.CHECKING,), IN.REMEDYING, gettext_noop("Kết luận, yêu cầu khắc phục"), (OV,),
             gettext_noop("có kết luận")),
        Step("report", (IN.REMEDYING,), IN.REPORTED, gettext_noop("Báo cáo kết quả"), (OV,),
             gettext_noop("mọi tồn tại đã khắc phục")),
    )),
    Machine("agency_year", gettext_noop("kết quả áp dụng trong năm"), Y, Y.COMPUTED, (
        Step("confirm", (Y.COMPUTED,), Y.CONFIRMED, gettext_noop("Xác nhận kết quả"), (OV,),
             gettext_noop("minh chứng tính lại khớp; người xác nhận không thuộc cơ quan được xác nhận")),
        Step("revoke", (Y.CONFIRMED,), Y.REVOKED, gettext_noop("Hủy xác nhận"), (OV,), needs_reason=True),
    )),
)  # fmt: skip
MACHINES: dict[str, Machine] = {machine.code: machine for machine in _TABLES}
