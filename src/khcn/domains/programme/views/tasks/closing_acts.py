"""Acts after the work: dossier, acceptance, registration, recognition, handover, application, assets, settlement."""

from typing import Any

from django import forms as django_forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.forms import closing as forms
from khcn.domains.programme.forms.execution import Area, DatedForm, DatedReasonForm, DecisionForm, ReasonForm
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.rules.procedure_steps import MEASURE_MONTHS
from khcn.domains.programme.rules.uses import open_marks
from khcn.domains.programme.services import acceptance, assets, results, settlement, uses
from khcn.domains.programme.views.acts import Act, by_event, by_role
from khcn.kernel.places.services import register_place
from khcn.lib.roles import Role


class RemarkForm(DatedForm):
    """What the dossier lacks."""

    remark = django_forms.CharField(label=_("Nội dung cần bổ sung"), widget=Area)


class SignedForm(DatedForm):
    """An act that both sides sign."""

    signed_by_both = django_forms.BooleanField(label=_("Biên bản đã đủ chữ ký hai bên"), required=False)


def _data(form: Any) -> dict[str, Any]:
    return dict(form.cleaned_data)


def _product(task: Any, uid: Any) -> Any:
    return task.products.select_related("task").get(uid=uid)


def _handover(task: Any, uid: Any) -> Any:
    return results.Handover.objects.select_related("product__task").get(uid=uid, product__task=task)


def _application(task: Any, uid: Any) -> Any:
    return results.ApplicationRecord.objects.select_related("product__task").get(uid=uid, product__task=task)


def _may_measure(actor: Any, item: Any) -> bool:
    """Offered to whoever uses the result, and to the standing body, once a mark of a confirmed use has come."""
    if item.confirmed_on is None or not open_marks(uses.use_of(item), marks=MEASURE_MONTHS, on=actor.on):
        return False
    return item.user_organisation_id in actor.organisation_ids or Role.SPECIALIST in roles_on(actor, item.product.task)


def _save_dossier(by: Any, task: Any, form: Any, version: Any) -> Any:
    data = form.cleaned_data
    grade = data["self_grade"]
    return acceptance.save_dossier(
        by=by, task=task, items=dict.fromkeys(data["items"], True), self_grade=grade.value if grade else "",
        self_evaluated_on=data["self_evaluated_on"],
    )  # fmt: skip


def _dossier_initial(task: Any) -> dict[str, Any]:
    dossier = getattr(task, "dossier", None)
    if dossier is None:
        return {}
    return {
        "items": [key for key, present in dossier.items.items() if present],
        "self_grade": dossier.self_grade,
        "self_evaluated_on": dossier.self_evaluated_on,
    }


def _record_application(by: Any, product: Any, form: Any, version: Any) -> Any:
    data = dict(form.cleaned_data)
    name, unit = data.pop("place_name"), data.pop("unit")
    latitude, longitude = data.pop("latitude"), data.pop("longitude")
    place = None
    if name or unit or latitude is not None:
        place = register_place(
            by=by,
            name=name or str(unit or product.application_place),
            unit=unit,
            latitude=latitude,
            longitude=longitude,
        )
    return results.record_application(by=by, product=product, place=place, **data)


CLOSING: tuple[Act, ...] = (
    Act(
        "ho-so-nghiem-thu", _("Lập hồ sơ nghiệm thu"), forms.DossierForm, _save_dossier,
        by_role(Role.HOST, Role.PI, when=lambda task: task.state in {"running", "dossier_due"}),
        _("Đã ghi hồ sơ nghiệm thu."), group="acceptance", icon="folder-open", initial=_dossier_initial,
        record=lambda task: getattr(task, "dossier", None),
    ),
    Act(
        "nop-ho-so-nghiem-thu", _("Nộp hồ sơ nghiệm thu"), DatedForm,
        lambda by, task, form, version: acceptance.submit_dossier(
            by=by, task=task, expected_version=version, **_data(form)
        ),
        by_event("task", "submit_dossier"), _("Đã nộp hồ sơ nghiệm thu."), group="acceptance", icon="send",
        tone="primary",
    ),
    Act(
        "yeu-cau-bo-sung", _("Yêu cầu bổ sung hồ sơ nghiệm thu"), RemarkForm,
        lambda by, task, form, version: acceptance.return_dossier(by=by, task=task, **_data(form)),
        by_event("task", "return_dossier"), _("Đã yêu cầu bổ sung."), group="acceptance", icon="arrow-back",
    ),
    Act(
        "mo-nghiem-thu", _("Xác nhận hợp lệ, đưa ra hội đồng"), DatedForm,
        lambda by, task, form, version: acceptance.open_acceptance(by=by, task=task, **_data(form)),
        by_event("task", "open_acceptance"), _("Hồ sơ hợp lệ; nhiệm vụ đang được nghiệm thu."), group="acceptance",
        icon="users-group", tone="primary",
    ),
    Act(
        "ket-qua-san-pham", _("Ghi kết quả nghiệm thu sản phẩm"), forms.ProductGradeForm,
        lambda by, product, form, version: acceptance.grade_product(by=by, product=product, **_data(form)),
        by_role(
            Role.ADMIN_SECRETARY, Role.SCI_SECRETARY, Role.SPECIALIST,
            when=lambda product: product.task.state == "in_acceptance",
        ),
        _("Đã ghi kết quả sản phẩm."), group="product", icon="certificate", part=_product,
        initial=lambda product: {
            "grade": product.grade, "on": product.graded_on or timezone.localdate(),
            "delivered": product.delivered_quantity if product.grade else product.ordered_quantity,
        },
    ),
    Act(
        "ket-qua-nghiem-thu", _("Ghi kết quả nghiệm thu"), forms.AcceptanceForm,
        lambda by, task, form, version: acceptance.record_acceptance(by=by, task=task, **_data(form)),
        by_event("task", "record_pass", "record_fail"), _("Đã ghi kết quả nghiệm thu."), group="acceptance",
        icon="award", tone="primary",
        help=_("Kết quả của hội đồng được ghi tự động khi ký biên bản; dùng mục này khi hội đồng họp trên giấy."),
    ),
    Act(
        "khong-dat-do-nop-cham", _("Xếp loại Không đạt do nộp chậm"), DatedForm,
        lambda by, task, form, version: acceptance.declare_late_failure(by=by, task=task, **_data(form)),
        by_event("task", "declare_late_failure"), _("Đã xếp loại Không đạt."), group="acceptance", icon="ban",
    ),
    Act(
        "hoan-thien", _("Xác nhận hoàn thiện sau nghiệm thu"), DatedForm,
        lambda by, task, form, version: results.confirm_finalised(by=by, task=task, **_data(form)),
        by_event("result", "confirm_finalised"), _("Đã xác nhận hoàn thiện hồ sơ."), group="result", icon="checks",
    ),
    Act(
        "nop-dang-ky", _("Nộp hồ sơ đăng ký kết quả"), forms.RegistrationForm,
        lambda by, task, form, version: results.submit_registration(by=by, task=task, **_data(form)),
        by_role(
            Role.HOST, Role.PI,
            when=lambda task: task.result_state in {"finalising", "finalised"}
            and getattr(task, "registration", None) is None,
        ),
        _("Đã nộp hồ sơ đăng ký kết quả."), group="result", icon="send", tone="primary",
    ),
    Act(
        "cap-gcn", _("Cấp giấy chứng nhận đăng ký"), forms.CertificateForm,
        lambda by, task, form, version: results.certify_registration(by=by, task=task, **_data(form)),
        by_event("result", "register"), _("Đã cấp giấy chứng nhận."), group="result", icon="certificate",
        tone="primary",
    ),
    Act(
        "cong-bo", _("Công bố kết quả"), DatedForm,
        lambda by, task, form, version: results.publish_registration(by=by, task=task, **_data(form)),
        by_role(
            Role.INFO_FOCAL,
            when=lambda task: getattr(task, "registration", None) is not None
            and task.registration.certified_on is not None
            and task.registration.published_on is None,
        ),
        _("Đã công bố kết quả."), group="result", icon="world",
    ),
    Act(
        "cong-nhan", _("Công nhận kết quả"), DecisionForm,
        lambda by, task, form, version: results.recognise_result(by=by, task=task, **_data(form)),
        by_event("result", "recognise"), _("Đã công nhận kết quả."), group="result", icon="rosette", tone="primary",
    ),
    Act(
        "ban-giao", _("Bàn giao sản phẩm"), forms.HandoverForm,
        lambda by, product, form, version: results.hand_over_product(by=by, product=product, **_data(form)),
        by_role(
            Role.HOST, Role.SPECIALIST,
            when=lambda product: product.task.uptake_state in {"awaiting_handover", "in_application", "applied"},
        ),
        _("Đã lập biên bản bàn giao; chờ đơn vị nhận ký."), group="product", icon="package-export", part=_product,
        is_addition=True,
    ),
    Act(
        "ky-nhan", _("Ký nhận bàn giao"), DatedForm,
        lambda by, item, form, version: results.sign_handover(by=by, handover=item, **_data(form)),
        lambda actor, item: item.signed_on is None and item.receiver_id in actor.organisation_ids,
        _("Đã ký nhận bàn giao."), group="handover", icon="signature", tone="primary", part=_handover,
    ),
    Act(
        "phieu-ung-dung", _("Lập phiếu ứng dụng"), forms.ApplicationForm, _record_application,
        by_role(
            Role.HOST, Role.PI, Role.SPECIALIST, Role.COORDINATOR,
            when=lambda product: product.task.uptake_state in {"in_application", "applied"},
        ),
        _("Đã lập phiếu ứng dụng; chờ đơn vị ứng dụng xác nhận."), group="product", icon="plant", part=_product,
        is_addition=True,
    ),
    Act(
        "xac-nhan-ung-dung", _("Xác nhận ứng dụng"), forms.ConfirmationForm,
        lambda by, item, form, version: results.confirm_application(by=by, application=item, **_data(form)),
        lambda actor, item: item.confirmed_on is None and item.user_organisation_id in actor.organisation_ids,
        _("Đã xác nhận ứng dụng."), group="application", icon="circle-check", tone="primary", part=_application,
    ),
    Act(
        "khong-xac-nhan", _("Không xác nhận"), ReasonForm,
        lambda by, item, form, version: results.refuse_application(by=by, application=item, **_data(form)),
        lambda actor, item: item.confirmed_on is None and item.user_organisation_id in actor.organisation_ids,
        _("Đã ghi không xác nhận."), group="application", icon="circle-x", part=_application,
    ),
    Act(
        "kiem-tra-tu-ung-dung", _("Xác nhận tự ứng dụng qua kiểm tra"), DatedForm,
        lambda by, item, form, version: results.verify_host_use(by=by, application=item, **_data(form)),
        by_role(
            Role.SPECIALIST, Role.HEAD,
            when=lambda item: item.user_organisation_id == item.product.task.host_id
            and item.host_use_verified_on is None,
        ),
        _("Đã xác nhận qua kiểm tra."), group="application", icon="clipboard-check", part=_application,
    ),
    Act(
        "ket-luan-ung-dung", _("Kết luận đã ứng dụng"), DatedForm,
        lambda by, item, form, version: results.confirm_applied(
            by=by, task=item.product.task, application=item, on=form.cleaned_data["on"]
        ),
        lambda actor, item: item.confirmed_on is not None
        and by_event("uptake", "confirm_applied")(actor, item.product.task),
        _("Nhiệm vụ được ghi nhận đã ứng dụng."), group="application", icon="award", part=_application,
    ),
    Act(
        "do-hieu-qua", _("Ghi số đo ứng dụng"), forms.UseMeasureForm,
        lambda by, item, form, version: uses.record_measure(by=by, application=item, **_data(form)),
        _may_measure, _("Đã ghi số đo ứng dụng."), group="application", icon="ruler-measure", tone="primary",
        part=_application, is_addition=True,
    ),
    Act(
        "chua-ung-dung", _("Ghi nhận chưa ứng dụng được"), DatedReasonForm,
        lambda by, task, form, version: results.record_not_applied(by=by, task=task, **_data(form)),
        by_event("uptake", "record_not_applied"), _("Đã ghi lý do chưa ứng dụng."), group="uptake", icon="circle-x",
    ),
    Act(
        "theo-doi-lai", _("Theo dõi ứng dụng trở lại"), DatedReasonForm,
        lambda by, task, form, version: uses.resume_uptake(by=by, task=task, **_data(form)),
        by_event("uptake", "resume"), _("Đã theo dõi ứng dụng trở lại."), group="uptake", icon="refresh",
    ),
    Act(
        "ke-khai-tai-san", _("Kê khai tài sản"), forms.AssetForm,
        lambda by, task, form, version: assets.add_asset(by=by, task=task, on=by.on, **_data(form)),
        by_role(Role.HOST, Role.ACCOUNTANT, Role.SPECIALIST, when=lambda task: task.asset_state == "open"),
        _("Đã kê khai tài sản."), group="assets", icon="plus", is_addition=True,
    ),
    Act(
        "khong-co-tai-san", _("Xác nhận không có tài sản"), DatedReasonForm,
        lambda by, task, form, version: assets.declare_no_assets(by=by, task=task, **_data(form)),
        by_event("assets", "declare_none"), _("Đã xác nhận không có tài sản."), group="assets", icon="circle-off",
    ),
    Act(
        "kiem-ke", _("Hoàn thành kiểm kê, đề xuất phương án"), forms.AssetPlanForm,
        lambda by, task, form, version: assets.finish_inventory(by=by, task=task, **_data(form)),
        by_event("assets", "record_inventory"), _("Đã ghi kiểm kê."), group="assets", icon="list-check",
    ),
    Act(
        "trinh-phuong-an", _("Trình phương án xử lý tài sản"), DatedForm,
        lambda by, task, form, version: assets.submit_asset_plan(by=by, task=task, **_data(form)),
        by_event("assets", "submit_plan"), _("Đã trình phương án."), group="assets", icon="send",
    ),
    Act(
        "tra-phuong-an", _("Trả lại phương án"), DatedReasonForm,
        lambda by, task, form, version: assets.return_asset_plan(by=by, task=task, **_data(form)),
        by_event("assets", "return"), _("Đã trả lại phương án."), group="assets", icon="arrow-back",
    ),
    Act(
        "quyet-dinh-tai-san", _("Quyết định xử lý tài sản"), forms.AssetDecisionForm,
        lambda by, task, form, version: assets.decide_assets(by=by, task=task, **_data(form)),
        by_event("assets", "decide"), _("Đã quyết định xử lý tài sản."), group="assets", icon="gavel",
    ),
    Act(
        "ban-giao-tai-san", _("Bàn giao tài sản"), SignedForm,
        lambda by, task, form, version: assets.hand_over_assets(by=by, task=task, **_data(form)),
        by_event("assets", "hand_over"), _("Đã bàn giao tài sản."), group="assets", icon="package-export",
    ),
    Act(
        "thanh-ly", _("Thanh lý hợp đồng"), forms.LiquidationForm,
        lambda by, task, form, version: settlement.liquidate(by=by, task=task, **_data(form)),
        by_event("settlement", "liquidate"), _("Đã thanh lý hợp đồng."), group="settlement", icon="file-off",
    ),
    Act(
        "quyet-toan", _("Phê duyệt quyết toán"), forms.SettlementForm,
        lambda by, task, form, version: settlement.settle_task(by=by, task=task, **_data(form)),
        by_event("settlement", "settle", "settle_without_acceptance"), _("Đã phê duyệt quyết toán."),
        group="settlement", icon="receipt",
    ),
    Act(
        "luu-tru", _("Lưu trữ"), DatedForm,
        lambda by, task, form, version: assets.archive_task(by=by, task=task, **_data(form)),
        by_event("task", "archive"), _("Đã lưu trữ nhiệm vụ."), icon="archive",
    ),
)  # fmt: skip
