"""Acts of recovering money from a task that was not completed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.forms import recovery as forms
from khcn.domains.programme.queries.recovery import split_to_begin_with
from khcn.domains.programme.services import recovery
from khcn.domains.programme.views.acts import Act, by_event, by_role
from khcn.lib.roles import Role


def _data(form: Any) -> dict[str, Any]:
    return dict(form.cleaned_data)


def _known(task: Any) -> Any:
    return getattr(task, "recovery", None)


def _conclusion_initial(task: Any) -> dict[str, Any]:
    known = _known(task)
    if known is None or known.concluded_on is None:
        return split_to_begin_with(task)
    return {
        "cause": known.cause, "unspent_vnd": known.unspent_vnd, "proper_vnd": known.proper_vnd,
        "unproven_vnd": known.unproven_vnd, "conclusion": known.conclusion,
    }  # fmt: skip


def _owes(task: Any) -> bool:
    known = _known(task)
    return bool(known is not None and known.concluded_on and known.due_vnd)


def _owes_nothing(task: Any) -> bool:
    known = _known(task)
    return bool(known is not None and known.concluded_on and not known.due_vnd)


RECOVERY: tuple[Act, ...] = (
    Act(
        "mo-thu-hoi", _("Mở thu hồi kinh phí"), forms.DatedForm,
        lambda by, task, form, version: recovery.open_recovery(by=by, task=task, **_data(form)),
        lambda actor, task: task.state in {"failed", "terminated"} and by_event("recovery", "open")(actor, task),
        _("Đã mở việc xác định số phải thu hồi."), group="recovery", icon="receipt-refund",
    ),
    Act(
        "giai-trinh", _("Nộp giải trình không hoàn thành"), forms.ExplanationForm,
        lambda by, task, form, version: recovery.record_explanation(by=by, task=task, **_data(form)),
        by_event("recovery", "record_explanation"), _("Đã ghi báo cáo giải trình."), group="recovery",
        icon="message-2",
        help=_("Nêu nguyên nhân khách quan hoặc chủ quan, kèm kinh phí đã dùng và chứng từ."),
        initial=lambda task: {"text": getattr(_known(task), "explanation", "")}, record=_known,
    ),
    Act(
        "ket-luan-nguyen-nhan", _("Kết luận nguyên nhân và số phải hoàn trả"), forms.CauseForm,
        lambda by, task, form, version: recovery.conclude_cause(by=by, task=task, **_data(form)),
        by_role(*recovery.CONCLUDERS, when=lambda task: task.recovery_state == "open"),
        _("Đã kết luận; số phải hoàn trả tối thiểu được tính theo quy định."), group="recovery", icon="gavel",
        initial=_conclusion_initial, record=_known,
        help=_("Khách quan: chỉ hoàn trả phần chưa sử dụng. Chủ quan: thêm tỷ lệ tối thiểu của phần đã dùng đúng và "
               "toàn bộ phần chưa chứng minh được. Căn cứ: TTLT 27/2015/TTLT-BKHCN-BTC, Điều 16."),
    ),
    Act(
        "quyet-dinh-thu-hoi", _("Ban hành quyết định thu hồi"), forms.DemandForm,
        lambda by, task, form, version: recovery.demand_recovery(by=by, task=task, **_data(form)),
        lambda actor, task: _owes(task) and by_event("recovery", "demand")(actor, task),
        _("Đã ban hành quyết định thu hồi; thời hạn nộp bắt đầu tính."), group="recovery", icon="file-certificate",
        tone="primary", record=_known,
        initial=lambda task: {
            "demanded_vnd": getattr(_known(task), "demanded_vnd", None) or getattr(_known(task), "due_vnd", None),
            "decision_number": getattr(_known(task), "decision_number", ""),
        },
        help=_("Đến khi nộp đủ, tổ chức chủ trì không được đăng ký nhiệm vụ mới."),
    ),
    Act(
        "khong-phai-hoan-tra", _("Kết luận không phải hoàn trả"), forms.DatedReasonForm,
        lambda by, task, form, version: recovery.waive_recovery(by=by, task=task, **_data(form)),
        lambda actor, task: _owes_nothing(task) and by_event("recovery", "waive")(actor, task),
        _("Đã kết luận không phải hoàn trả."), group="recovery", icon="circle-check", record=_known,
    ),
    Act(
        "nop-hoan-tra", _("Ghi số tiền nộp hoàn trả"), forms.RepaymentForm,
        lambda by, task, form, version: recovery.record_recovery_payment(by=by, task=task, **_data(form)),
        by_role(Role.ACCOUNTANT, when=lambda task: task.recovery_state == "demanded"),
        _("Đã ghi số nộp hoàn trả vào sổ kinh phí."), group="recovery", icon="cash", tone="primary",
        is_addition=True,
    ),
)  # fmt: skip
