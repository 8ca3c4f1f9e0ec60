"""Acts on a council and on the records it judges, as data; each calls one service."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import CouncilKind, CouncilState, SeatRole
from khcn.domains.programme.forms import councils as forms
from khcn.domains.programme.forms.execution import ActForm, ReasonForm
from khcn.domains.programme.services import councils
from khcn.domains.programme.views.acts import Act, Shown
from khcn.kernel.procedures.models import Council, CouncilSubject
from khcn.kernel.procedures.permissions import presides, require_council_step
from khcn.kernel.procedures.queries import has_secretary_signed, seat_of
from khcn.kernel.procedures.rules import COUNCIL_STEPS
from khcn.kernel.procedures.services import (
    declare_conflict,
    declare_no_conflict,
    send_review,
    sign_as_secretary,
)
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

BEFORE = (CouncilState.ESTABLISHED, CouncilState.PAPERS_SENT)
MEMBERS = "member"


def by_step(step: str, *kinds: CouncilKind, apart: tuple[CouncilKind, ...] = ()) -> Shown:
    """Offered to those whom the kernel lets take the step, in its states, for these kinds (all without kinds)."""

    def shown(actor: Actor, council: Any) -> bool:
        if council.state not in COUNCIL_STEPS[step].sources or council.kind in apart:
            return False
        if kinds and council.kind not in kinds:
            return False
        try:
            require_council_step(actor, council, step)
        except Forbidden:
            return False
        return True

    return shown


def _declares(*, again: bool) -> Shown:
    def shown(actor: Actor, council: Any) -> bool:
        seat = seat_of(actor, council)
        states = (*BEFORE, CouncilState.IN_SESSION) if again else BEFORE
        return seat is not None and seat.declared_clear_at is None and council.state in states

    return shown


def _may_review(actor: Actor, line: Any) -> bool:
    seat = seat_of(actor, line.council)
    if seat is None or not seat.votes or line.council.kind == CouncilKind.BUDGET_APPRAISAL:
        return False
    return line.council.state in BEFORE and not line.reviews.filter(seat=seat).exclude(sent_at=None).exists()


def _may_vote(actor: Actor, line: Any) -> bool:
    council = line.council
    seat = seat_of(actor, council)
    if seat is None or council.kind == CouncilKind.BUDGET_APPRAISAL:
        return False
    return council.state == CouncilState.IN_SESSION and seat.votes and bool(seat.is_present and seat.declared_clear_at)


def _may_sign_as_secretary(actor: Actor, council: Any) -> bool:
    seat = seat_of(actor, council)
    is_secretary = seat is not None and seat.role == SeatRole.SCI_SECRETARY
    return is_secretary and council.state == CouncilState.COUNTED and not has_secretary_signed(council)


def _may_sign(actor: Actor, council: Any) -> bool:
    return council.state == CouncilState.COUNTED and presides(council, seat_of(actor, council))


def _may_close(actor: Actor, council: Any) -> bool:
    return actor.holds(Role.ADMIN_SECRETARY) and council.state == CouncilState.MINUTES_SIGNED


def _line(council: Any, uid: Any) -> CouncilSubject:
    return council.subjects.select_related("council").get(uid=uid)


def _own_seat(by: Actor, council: Council) -> Any:
    seat = seat_of(by, council)
    if seat is None:
        raise Forbidden("Chỉ thành viên của hội đồng được thực hiện.")
    return seat


def _send_call(by: Actor, council: Any, form: Any, version: Any) -> Any:
    data = form.cleaned_data
    return councils.send_call(
        by=by, council=council, sent_on=data["sent_on"], meets_at=form.meets_at, venue=data["venue"],
        documents=list(data["documents"]), expected_version=version,
    )  # fmt: skip


def _appraise(by: Actor, council: Any, form: Any, version: Any) -> Any:
    data = form.cleaned_data
    return councils.conclude_appraisal(
        by=by, council=council, amount_vnd=data["amount_vnd"], months=data["months"], lump_mode=data["lump_mode"],
        line_comments=form.line_comments, on=by.on, expected_version=version,
    )  # fmt: skip


ACTS: dict[str, Act] = {
    act.slug: act
    for act in (
        Act(
            "thanh-lap", _("Ban hành quyết định thành lập"), forms.EstablishForm,
            lambda by, council, form, version: councils.establish(
                by=by, council=council, expected_version=version, **form.cleaned_data
            ),
            by_step("establish"), _("Đã thành lập hội đồng."), icon="file-certificate", tone="primary",
            help=_("Thành phần phải đúng quy định và không ai có xung đột lợi ích."),
        ),
        Act(
            "gui-tai-lieu", _("Gửi tài liệu và mời họp"), forms.CallForm, _send_call, by_step("send_papers"),
            _("Đã gửi tài liệu và mời họp."), icon="send", tone="primary",
        ),
        Act(
            "khai-mac", _("Điểm danh, khai mạc"), forms.OpenForm,
            lambda by, council, form, version: councils.open_meeting(
                by=by, council=council, present=form.seats, on=by.on, expected_version=version,
                chaired_by_vice=form.cleaned_data["chaired_by_vice"],
            ),
            by_step("open_session"), _("Phiên họp đã khai mạc."), icon="door-enter", tone="primary",
        ),
        Act(
            "niem-phong", _("Niêm phong phiếu"), ActForm,
            lambda by, council, form, version: councils.seal(
                by=by, council=council, on=by.on, expected_version=version
            ),
            by_step("seal_ballots", apart=(CouncilKind.BUDGET_APPRAISAL,)), _("Đã niêm phong hòm phiếu."),
            icon="lock", tone="primary", help=_("Sau khi niêm phong không ai bỏ hoặc đổi phiếu được nữa."),
        ),
        Act(
            "kiem-phieu", _("Kiểm phiếu"), ActForm,
            lambda by, council, form, version: councils.count(
                by=by, council=council, on=by.on, expected_version=version
            ),
            by_step("count"), _("Đã kiểm phiếu."), icon="calculator", tone="primary",
            help=_("Hệ thống mở hòm phiếu, đối chiếu từng phiếu với nhật ký rồi tính kết quả theo bộ quy tắc."),
        ),
        Act(
            "tham-dinh", _("Ghi kết luận thẩm định"), forms.AppraisalForm, _appraise,
            by_step("conclude", CouncilKind.BUDGET_APPRAISAL), _("Đã ghi kết luận thẩm định."), icon="cash",
            tone="primary",
        ),
        Act(
            "hoan-hop", _("Hoãn phiên họp"), ReasonForm,
            lambda by, council, form, version: councils.adjourn(
                by=by, council=council, expected_version=version, **form.cleaned_data
            ),
            by_step("adjourn"), _("Đã hoãn phiên họp."), icon="player-pause",
            help=_("Phiếu đã bỏ bị hủy; phiên họp sau bỏ phiếu lại từ đầu."),
        ),
        Act(
            "thu-ky-ky", _("Ký biên bản (thư ký)"), ActForm,
            lambda by, council, form, version: sign_as_secretary(by=by, council=council),
            _may_sign_as_secretary, _("Đã ký biên bản."), icon="signature", tone="primary", is_addition=True,
        ),
        Act(
            "ky-bien-ban", _("Kết luận, ký biên bản"), forms.SignForm,
            lambda by, council, form, version: councils.sign(
                by=by, council=council, expected_version=version, **form.cleaned_data
            ),
            _may_sign, _("Đã ký biên bản."), icon="signature", tone="primary",
        ),
        Act(
            "ket-thuc", _("Ghi nhận kết quả, kết thúc"), forms.CloseForm,
            lambda by, council, form, version: councils.close(
                by=by, council=council, on=form.cleaned_data["on"], expected_version=version, **form.given
            ),
            _may_close, _("Đã ghi kết quả vào hồ sơ và kết thúc hội đồng."), icon="circle-check", tone="primary",
        ),
        Act(
            "thay", _("Thay hội đồng khác"), ReasonForm,
            lambda by, council, form, version: councils.replace(
                by=by, council=council, on=by.on, expected_version=version, **form.cleaned_data
            ),
            by_step("replace"), _("Đã ghi việc thay hội đồng."), icon="replace",
        ),
        Act(
            "cam-ket", _("Cam kết không xung đột lợi ích"), ActForm,
            lambda by, council, form, version: declare_no_conflict(by=by, seat=_own_seat(by, council)),
            _declares(again=True), _("Đã ghi cam kết."), group=MEMBERS, icon="shield-check", tone="primary",
            is_addition=True,
            help=_("Tôi cam kết không thuộc trường hợp không được tham gia hội đồng; đánh giá trung thực, khách quan."),
        ),
        Act(
            "bao-xung-dot", _("Báo xung đột lợi ích"), ReasonForm,
            lambda by, council, form, version: declare_conflict(
                by=by, seat=_own_seat(by, council), reason=form.cleaned_data["reason"]
            ),
            _declares(again=False), _("Đã ghi nhận; bạn không tham gia đánh giá nội dung này."), group=MEMBERS,
            icon="hand-stop", is_addition=True,
        ),
        Act(
            "nhan-xet", _("Gửi phiếu nhận xét"), forms.ReviewForm,
            lambda by, line, form, version: send_review(
                by=by, seat=_own_seat(by, line.council), subject=line, body=form.cleaned_data
            ),
            _may_review, _("Đã gửi phiếu nhận xét."), group="line", icon="message-2", part=_line,
            is_addition=True,
            help=_("Phiếu đã gửi không sửa được nữa."),
        ),
        Act(
            "bo-phieu", _("Bỏ phiếu kín"), forms.BallotForm,
            lambda by, line, form, version: councils.cast(
                by=by, seat=_own_seat(by, line.council), subject=line, content=form.content, on=by.on
            ),
            _may_vote, _("Đã bỏ phiếu. Có thể bỏ phiếu lại cho đến khi niêm phong hòm phiếu."), group="line",
            icon="checkbox", tone="primary", part=_line, is_addition=True,
            help=_("Phiếu được mã hóa ngay; không ai, kể cả người bỏ phiếu, đọc được trước khi kiểm phiếu."),
        ),
    )
}  # fmt: skip
