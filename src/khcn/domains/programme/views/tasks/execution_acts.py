"""Acts while a task runs: contract, start, reports, inspections, changes, pause, termination."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.forms import execution as forms
from khcn.domains.programme.services import changes, contracts, monitoring
from khcn.domains.programme.views.acts import Act, by_event, by_role
from khcn.lib.roles import Role

WORKING = {"contracted", "running", "paused", "dossier_due"}
OPEN_CHANGE = {"complete", "orderer_consented", "council_advised"}


def _is_working(task: Any) -> bool:
    return task.state in WORKING


def _data(form: Any) -> dict[str, Any]:
    return dict(form.cleaned_data)


def _change(task: Any, uid: Any) -> Any:
    return task.changes.select_related("task").get(uid=uid)


def _inspection(task: Any, uid: Any) -> Any:
    return task.inspections.select_related("task").get(uid=uid)


def _report(task: Any, uid: Any) -> Any:
    return task.progress_reports.select_related("task").get(uid=uid)


def _termination(task: Any) -> Any:
    return getattr(task, "termination", None)


def _stored(*names: str) -> Any:
    """What the form shows of the record: its fields of the same names."""
    return lambda record: {name: getattr(record, name) for name in names}


def _file_change(actor: Any, task: Any, form: Any, version: Any) -> Any:
    data = form.cleaned_data
    change = changes.draft_change(
        by=actor, task=task, kind=data["kind"], new=form.new_values(), reason=data["reason"], detail=form.details()
    )
    return changes.file_change(by=actor, change=change, on=data["on"])


EXECUTION: tuple[Act, ...] = (
    Act(
        "ky-hop-dong", _("Ký hợp đồng"), forms.ContractForm,
        lambda by, task, form, version: contracts.sign_contract(
            by=by, task=task, expected_version=version, **_data(form)
        ),
        by_event("task", "sign_contract"), _("Đã ký hợp đồng; loại, mục đích và ngành của sản phẩm đã khóa."),
        icon="signature", tone="primary",
        help=_("Sau khi ký, lịch báo cáo tiến độ 6 tháng được lập và phân loại sản phẩm không đổi được nữa."),
    ),
    Act(
        "bat-dau", _("Bắt đầu thực hiện"), forms.DatedForm,
        lambda by, task, form, version: contracts.start_task(by=by, task=task, on=form.cleaned_data["on"]),
        by_event("task", "start"), _("Nhiệm vụ đã bắt đầu thực hiện."), icon="player-play", tone="primary",
    ),
    Act(
        "bao-cao-tien-do", _("Nộp báo cáo tiến độ"), forms.ProgressForm,
        lambda by, task, form, version: monitoring.submit_progress(by=by, task=task, **_data(form)),
        by_role(Role.HOST, Role.PI, when=_is_working), _("Đã nộp báo cáo tiến độ."), group="progress",
        icon="report", tone="primary", is_addition=True,
    ),
    Act(
        "kiem-tra-bao-cao", _("Kiểm tra báo cáo"), forms.ProgressCheckForm,
        lambda by, report, form, version: monitoring.check_progress(
            by=by, report=report, on=by.on, expected_version=version, **_data(form)
        ),
        by_role(Role.SPECIALIST, when=lambda report: report.is_accepted is None), _("Đã ghi kết luận."),
        group="progress_report", icon="checks", part=_report, initial=_stored("remark"),
    ),
    Act(
        "ke-hoach-kiem-tra", _("Lập kế hoạch kiểm tra"), forms.InspectionPlanForm,
        lambda by, task, form, version: monitoring.plan_inspection(by=by, task=task, **_data(form)),
        by_role(Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, when=_is_working), _("Đã lập kế hoạch kiểm tra."),
        group="inspections", icon="clipboard-search", is_addition=True,
    ),
    Act(
        "bien-ban-kiem-tra", _("Ghi biên bản kiểm tra"), forms.InspectionForm,
        lambda by, item, form, version: monitoring.record_inspection(
            by=by, inspection=item, expected_version=version, **_data(form)
        ),
        by_role(Role.SPECIALIST, Role.HEAD, when=lambda item: not item.conclusion), _("Đã ghi biên bản kiểm tra."),
        group="inspection", icon="clipboard-text", part=_inspection,
        initial=_stored("findings", "conclusion", "recommendations"),
    ),
    Act(
        "xac-nhan-khoi-luong", _("Xác nhận khối lượng (B-1)"), forms.VolumeForm,
        lambda by, item, form, version: monitoring.confirm_volume(by=by, inspection=item, **_data(form)),
        by_role(Role.SPECIALIST, when=lambda item: bool(item.conclusion) and item.volume_confirmed_on is None),
        _("Đã xác nhận khối lượng."), group="inspection", icon="ruler", part=_inspection,
        initial=lambda item: {"percent": item.percent_confirmed},
    ),
    Act(
        "xac-nhan-kinh-phi", _("Xác nhận kinh phí (B-2)"), forms.FundsForm,
        lambda by, item, form, version: monitoring.confirm_funds(by=by, inspection=item, **_data(form)),
        by_role(Role.ACCOUNTANT, when=lambda item: bool(item.conclusion) and item.funds_confirmed_on is None),
        _("Đã xác nhận kinh phí."), group="inspection", icon="cash", part=_inspection,
        initial=lambda item: {"amount_vnd": item.funds_confirmed_vnd},
    ),
    Act(
        "chap-hanh", _("Ghi tình hình chấp hành"), forms.ComplianceForm,
        lambda by, item, form, version: monitoring.record_compliance(by=by, inspection=item, **_data(form)),
        by_role(Role.SPECIALIST, Role.HEAD, when=lambda item: bool(item.recommendations)),
        _("Đã ghi tình hình chấp hành."), group="inspection", icon="list-check", part=_inspection,
        initial=lambda item: {"text": item.compliance, "is_complied": item.is_complied},
    ),
    Act(
        "de-nghi-dieu-chinh", _("Đề nghị điều chỉnh"), forms.ChangeForm, _file_change,
        by_role(Role.HOST, Role.PI, when=lambda task: task.state in changes.CHANGEABLE),
        _("Đã gửi đề nghị điều chỉnh."), group="changes", icon="adjustments", is_addition=True,
        help=_(
            "Thẩm quyền quyết định tùy theo nội dung điều chỉnh và phương thức khoán chi; hệ thống tự xác định "
            "theo quy định."
        ),
    ),
    Act(
        "tra-lai-dieu-chinh", _("Trả lại để bổ sung"), forms.DatedReasonForm,
        lambda by, change, form, version: changes.return_change(by=by, change=change, **_data(form)),
        by_event("change_request", "return"), _("Đã trả lại đề nghị."), group="change", part=_change,
    ),
    Act(
        "du-ho-so-dieu-chinh", _("Xác nhận hồ sơ đầy đủ"), forms.DatedForm,
        lambda by, change, form, version: changes.declare_complete(by=by, change=change, **_data(form)),
        by_event("change_request", "declare_complete"), _("Đã xác nhận hồ sơ đầy đủ."), group="change", part=_change,
        tone="primary",
    ),
    Act(
        "dong-y-dat-hang", _("Ghi đồng ý của cơ quan đặt hàng"), forms.ConsentForm,
        lambda by, change, form, version: changes.record_consent(by=by, change=change, **_data(form)),
        by_event("change_request", "record_consent"), _("Đã ghi văn bản đồng ý."), group="change", part=_change,
    ),
    Act(
        "chap-thuan-dieu-chinh", _("Chấp thuận"), forms.DecisionForm,
        lambda by, change, form, version: changes.approve_change(by=by, change=change, **_data(form)),
        by_event("change_request", "approve"), _("Đã chấp thuận điều chỉnh và cập nhật nhiệm vụ."), group="change",
        part=_change, tone="primary",
    ),
    Act(
        "tu-choi-dieu-chinh", _("Không chấp thuận"), forms.DatedReasonForm,
        lambda by, change, form, version: changes.refuse_change(by=by, change=change, **_data(form)),
        by_event("change_request", "refuse"), _("Đã ghi không chấp thuận."), group="change", part=_change,
    ),
    Act(
        "ghi-nhan-dieu-chinh", _("Ghi nhận"), forms.DatedForm,
        lambda by, change, form, version: changes.note_change(by=by, change=change, **_data(form)),
        by_event("change_request", "note"), _("Đã ghi nhận nội dung tự điều chỉnh."), group="change", part=_change,
    ),
    Act(
        "khong-dong-y", _("Không đồng ý thay chủ nhiệm"), forms.DatedReasonForm,
        lambda by, change, form, version: changes.object_to_change(by=by, change=change, **_data(form)),
        by_event("change_request", "object"), _("Đã ghi ý kiến không đồng ý."), group="change", part=_change,
    ),
    Act(
        "ky-phu-luc", _("Ký phụ lục hợp đồng"), forms.AnnexForm,
        lambda by, change, form, version: contracts.sign_annex(
            by=by, contract=change.task.contract, change=change, **_data(form)
        ),
        by_event("change_request", "annex"), _("Đã ký phụ lục hợp đồng."), group="change", part=_change,
        tone="primary",
    ),
    Act(
        "tam-dung", _("Tạm dừng"), forms.DatedReasonForm,
        lambda by, task, form, version: changes.pause_task(by=by, task=task, **_data(form)),
        by_event("task", "pause"), _("Đã tạm dừng nhiệm vụ."), icon="player-pause",
    ),
    Act(
        "tiep-tuc", _("Cho tiếp tục"), forms.DatedReasonForm,
        lambda by, task, form, version: changes.resume_task(by=by, task=task, **_data(form)),
        by_event("task", "resume"), _("Nhiệm vụ được tiếp tục."), icon="player-play",
    ),
    Act(
        "cap-lai-kinh-phi", _("Cho cấp lại kinh phí"), forms.DatedReasonForm,
        lambda by, task, form, version: monitoring.resume_funding(by=by, task=task, **_data(form)),
        by_role(Role.DIRECTOR, Role.LEADER, when=lambda task: task.funding_stopped_on is not None),
        _("Nhiệm vụ được cấp lại kinh phí."), icon="cash",
    ),
    Act(
        "de-nghi-cham-dut", _("Đề nghị chấm dứt"), forms.TerminationForm,
        lambda by, task, form, version: changes.ask_termination(by=by, task=task, **_data(form)),
        by_role(
            Role.HOST, Role.SPECIALIST, Role.HEAD, Role.DIRECTOR,
            when=lambda task: _is_working(task) and getattr(task, "termination", None) is None,
        ),
        _("Đã lập hồ sơ đề nghị chấm dứt."), icon="ban", group="changes", record=_termination,
    ),
    Act(
        "kiem-tra-cham-dut", _("Ghi kết quả kiểm tra trước khi chấm dứt"), forms.SiteForm,
        lambda by, task, form, version: changes.check_site(by=by, termination=task.termination, **_data(form)),
        by_role(
            Role.SPECIALIST, Role.HEAD,
            when=lambda task: getattr(task, "termination", None) is not None and task.termination.checked_on is None,
        ),
        _("Đã ghi kết quả kiểm tra."), icon="clipboard-search", group="changes", record=_termination,
        initial=lambda task: {"findings": getattr(_termination(task), "findings", "")},
    ),
    Act(
        "cham-dut", _("Quyết định chấm dứt"), forms.TerminateForm,
        lambda by, task, form, version: changes.terminate_task(by=by, task=task, **_data(form)),
        lambda actor, task: getattr(task, "termination", None) is not None
        and by_event("task", "terminate")(actor, task),
        _("Đã chấm dứt nhiệm vụ."), icon="ban", tone="danger", group="changes", record=_termination,
        help=_("Quyết định nêu số phải hoàn trả và cách xử lý tài sản; không hoàn tác được."),
    ),
)  # fmt: skip
