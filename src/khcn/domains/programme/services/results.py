"""After acceptance: finalised, registered, recognised, handed over, applied; each with its own evidence."""

from datetime import date

from django.db import transaction

from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import (
    ApplicationRecord,
    Handover,
    Product,
    Recognition,
    Registration,
    Task,
)
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.services.acceptance import dossier_of
from khcn.domains.programme.services.procedure_cases import give_to_user
from khcn.domains.programme.services.transitions import advance, log_clock_start, stop_running_clock
from khcn.domains.programme.services.uses import begin_watch
from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import next_number
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify, settle
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.queries import holders_of, staff_of
from khcn.kernel.places.models import Place
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role


def confirm_finalised(*, by: Actor, task: Task, on: date) -> Task:
    """The council's chair confirms that the host finalised the dossier as the council asked."""
    with transaction.atomic():
        advance(by=by, subject=task, machine="result", event="confirm_finalised", on=on, facts={})
        dossier = dossier_of(task)
        dossier.finalised_on, dossier.chair_confirmed_on = dossier.finalised_on or on, on
        dossier.save()
    return task


def submit_registration(
    *, by: Actor, task: Task, abstract: str, has_source_code: bool | None, on: date
) -> Registration:
    """The host files the result for registration; the focal point is told."""
    if not roles_on(by, task) & {Role.HOST, Role.PI}:
        raise Forbidden("Chỉ tổ chức chủ trì được nộp hồ sơ đăng ký kết quả.")
    if task.result_state not in {"finalising", "finalised"}:
        raise NotNow("Chỉ đăng ký kết quả sau khi nhiệm vụ được nghiệm thu đạt.")
    if not abstract.strip():
        raise Refused("Ghi tóm tắt kết quả để công bố.", field="abstract")
    with transaction.atomic():
        registration, _ = Registration.objects.update_or_create(
            task=task,
            defaults={"submitted_on": on, "abstract": abstract.strip(), "has_source_code": has_source_code},
        )
        record(by=by, verb="registration.submit", subject=registration, after={"on": on})
        notify(
            recipients=holders_of(Role.INFO_FOCAL, on=on), kind=NoticeKind.DO, subject=registration,
            url=address_of(task), title=f"Đăng ký kết quả nhiệm vụ {task.code}",
        )  # fmt: skip
    return registration


def certify_registration(*, by: Actor, task: Task, on: date, number: str = "") -> Registration:
    """Issue the registration certificate; its number is taken from the year's register when none is given."""
    registration = Registration.objects.filter(task=task).first()
    missing = registration_items_missing(task, registration)
    with transaction.atomic():
        advance(
            by=by, subject=task, machine="result", event="register", on=on,
            facts={"registration_items_missing": missing},
        )  # fmt: skip
        if registration is None:
            raise NotNow("Tổ chức chủ trì chưa nộp hồ sơ đăng ký kết quả.")
        registration.certificate_number = (
            number.strip() or f"{next_number(series='GCN', year=on.year):03d}/{on.year}/GCN"
        )
        registration.certified_on, registration.certified_by_id = on, by.user_id
        registration.save()
        settle(subject=registration)
        log_clock_start(subject=task, key="recognition.decide", on=on)
        record(
            by=by, verb="registration.certify", subject=registration, after={"number": registration.certificate_number}
        )
    return registration


def publish_registration(*, by: Actor, task: Task, on: date) -> Registration:
    """Put the certified result on the public page."""
    if Role.INFO_FOCAL not in roles_on(by, task):
        raise Forbidden("Chỉ đầu mối thông tin được công bố kết quả.")
    registration = Registration.objects.filter(task=task).exclude(certified_on=None).first()
    if registration is None:
        raise NotNow("Kết quả chưa được cấp giấy chứng nhận đăng ký.")
    with transaction.atomic():
        registration.claim(None)
        registration.published_on = on
        registration.save()
        stop_running_clock(subject=task, key="registration.publish", on=on)
        record(by=by, verb="registration.publish", subject=registration, after={"on": on})
    return registration


def registration_items_missing(task: Task, registration: Registration | None) -> list[str]:
    """What a registration file lacks, in words. Source: TT 14/2014/TT-BKHCN, Điều 3 khoản 3."""
    if registration is None:
        return ["hồ sơ đăng ký của tổ chức chủ trì"]
    missing = []
    if not registration.abstract:
        missing.append("tóm tắt kết quả")
    if task.products.filter(type="software").exists() and not registration.has_source_code:
        missing.append("mã nguồn phần mềm")
    if task.accepted_on is None:
        missing.append("biên bản nghiệm thu")
    return missing


def recognise_result(*, by: Actor, task: Task, decision_number: str, on: date) -> Recognition:
    """Decide the recognition of a result; the registration certificate comes first."""
    if not decision_number.strip():
        raise Refused("Ghi số quyết định công nhận.", field="decision_number")
    registration = Registration.objects.filter(task=task).first()
    missing = []
    if registration is None or registration.certified_on is None:
        missing.append("giấy chứng nhận đăng ký kết quả")
    if task.accepted_on is None:
        missing.append("biên bản nghiệm thu")
    with transaction.atomic():
        task.recognised_on = on
        advance(
            by=by, subject=task, machine="result", event="recognise", on=on, note=decision_number,
            facts={"recognition_items_missing": missing},
        )  # fmt: skip
        recognition = Recognition.objects.create(
            task=task, decision_number=decision_number.strip(), decided_on=on, decided_by_id=by.user_id
        )
        record(by=by, verb="result.recognise", subject=recognition, after={"number": decision_number})
    return recognition


def hand_over_product(
    *, by: Actor, product: Product, receiver: Organisation, on: date, minutes_number: str, content: str = ""
) -> Handover:
    """Hand a product to the body that will use it; it counts when the receiver has signed."""
    if not roles_on(by, product.task) & {Role.HOST, Role.SPECIALIST}:
        raise Forbidden("Chỉ tổ chức chủ trì hoặc Sở được lập biên bản bàn giao.")
    if product.task.uptake_state not in {"awaiting_handover", "in_application", "applied"}:
        raise NotNow("Chỉ bàn giao sản phẩm sau khi nhiệm vụ được nghiệm thu đạt.")
    if not minutes_number.strip():
        raise Refused("Ghi số biên bản bàn giao.", field="minutes_number")
    with transaction.atomic():
        handover = Handover.objects.create(
            product=product,
            receiver=receiver,
            handed_on=on,
            minutes_number=minutes_number.strip(),
            content=content.strip(),
        )
        record(by=by, verb="handover.draw_up", subject=handover, after={"to": str(receiver), "on": on})
        notify(
            recipients=staff_of(receiver, on=on), kind=NoticeKind.APPROVE, subject=handover,
            url=address_of(product.task),
            title=f"Ký nhận bàn giao: {product.name}",
        )  # fmt: skip
    return handover


def sign_handover(*, by: Actor, handover: Handover, on: date) -> Handover:
    """The receiver signs; the task moves to application with the first signed handover."""
    if not by.is_system and handover.receiver_id not in by.organisation_ids:
        raise Forbidden("Chỉ đơn vị nhận bàn giao được ký nhận.")
    if handover.signed_on is not None:
        raise NotNow("Biên bản bàn giao đã được ký nhận.")
    task = handover.product.task
    with transaction.atomic():
        handover.claim(None)
        handover.signed_on, handover.received_by_id = on, by.user_id
        handover.save()
        settle(subject=handover)
        record(by=by, verb="handover.sign", subject=handover, after={"on": on})
        if task.uptake_state == "awaiting_handover":
            advance(
                by=by, subject=task, machine="uptake", event="hand_over", on=on,
                facts={"handover_signed_by_both": True}, roles=frozenset({Role.HOST.value}),
            )  # fmt: skip
    return handover


def record_application(
    *,
    by: Actor,
    product: Product,
    user_organisation: Organisation,
    used_from: date,
    scale: str,
    on: date,
    place: Place | None = None,
    used_to: date | None = None,
    benefit: str = "",
    benefit_vnd: int | None = None,
) -> ApplicationRecord:
    """Record that somebody uses a product; it proves nothing until that body confirms it."""
    if not roles_on(by, product.task) & {Role.HOST, Role.PI, Role.SPECIALIST, Role.COORDINATOR}:
        raise Forbidden("Chỉ tổ chức chủ trì, Sở hoặc đơn vị ứng dụng được lập phiếu ứng dụng.")
    if used_from > on:
        raise Refused("Ngày bắt đầu ứng dụng không được ở tương lai.", field="used_from")
    if used_to is not None and used_to < used_from:
        raise Refused("Ngày thôi ứng dụng phải sau ngày bắt đầu.", field="used_to")
    if not scale.strip():
        raise Refused("Ghi quy mô ứng dụng.", field="scale")
    if benefit_vnd is not None and benefit_vnd < 0:
        raise Refused("Giá trị làm lợi không được âm.", field="benefit_vnd")
    with transaction.atomic():
        application = ApplicationRecord.objects.create(
            product=product, user_organisation=user_organisation, place=place, used_from=used_from, used_to=used_to,
            scale=scale.strip(), benefit=benefit.strip(), benefit_vnd=benefit_vnd, recorded_by_id=by.user_id,
        )  # fmt: skip
        record(by=by, verb="application.record", subject=application, after={"user": str(user_organisation)})
        notify(
            recipients=staff_of(user_organisation, on=on), kind=NoticeKind.APPROVE, subject=application,
            url=address_of(product.task), title=f"Xác nhận ứng dụng: {product.name}",
        )  # fmt: skip
        give_to_user(by=by, task=product.task)
    return application


def confirm_application(*, by: Actor, application: ApplicationRecord, number: str, on: date) -> ApplicationRecord:
    """The using body confirms its use, with the number of its paper; nobody confirms for another."""
    if not by.is_system and application.user_organisation_id not in by.organisation_ids:
        raise Forbidden("Chỉ đơn vị ứng dụng được xác nhận việc ứng dụng của mình.")
    if not number.strip():
        raise Refused("Ghi số văn bản xác nhận.", field="number")
    if application.confirmed_on is not None:
        raise NotNow("Phiếu ứng dụng đã được xác nhận.")
    with transaction.atomic():
        application.claim(None)
        application.confirmation_number, application.confirmed_on = number.strip(), on
        application.confirmed_by_id, application.refused_reason = by.user_id, ""
        application.save()
        settle(subject=application)
        record(by=by, verb="application.confirm", subject=application, after={"number": number.strip(), "on": on})
        begin_watch(by=by, application=application, on=on)
    return application


def refuse_application(*, by: Actor, application: ApplicationRecord, reason: str) -> ApplicationRecord:
    """The body named as user says that it does not use the product."""
    if application.user_organisation_id not in by.organisation_ids:
        raise Forbidden("Chỉ đơn vị được nêu trong phiếu có quyền không xác nhận.")
    if not reason.strip():
        raise Refused("Ghi lý do không xác nhận.", field="reason")
    if application.confirmed_on is not None:
        raise NotNow("Phiếu đã xác nhận thì không thể từ chối; hãy đề nghị Sở ghi nhận ngày thôi ứng dụng.")
    with transaction.atomic():
        application.claim(None)
        application.refused_reason = reason.strip()
        application.save()
        settle(subject=application)
        record(by=by, verb="application.refuse", subject=application, after={"reason": reason.strip()})
    return application


def verify_host_use(*, by: Actor, application: ApplicationRecord, on: date) -> ApplicationRecord:
    """An inspection verified that the host itself uses its product."""
    if not roles_on(by, application.product.task) & {Role.SPECIALIST, Role.HEAD}:
        raise Forbidden("Chỉ Sở được xác nhận qua kiểm tra.")
    if application.user_organisation_id != application.product.task.host_id:
        raise Refused("Phiếu này không phải trường hợp tổ chức chủ trì tự ứng dụng.")
    with transaction.atomic():
        application.claim(None)
        application.host_use_verified_on = on
        application.save()
        record(by=by, verb="application.verify_host_use", subject=application, after={"on": on})
    return application


def confirm_applied(*, by: Actor, task: Task, application: ApplicationRecord, on: date) -> Task:
    """Conclude that a task's result is applied, on the evidence of one confirmed application."""
    if application.product.task_id != task.pk:
        raise Refused("Phiếu ứng dụng không thuộc nhiệm vụ này.")
    until = min(application.used_to or on, on)
    with transaction.atomic():
        advance(
            by=by, subject=task, machine="uptake", event="confirm_applied", on=on,
            facts={
                "confirmation_signed": application.confirmed_on is not None and application.confirmed_on <= on,
                "user_is_host": application.user_organisation_id == task.host_id,
                "verified_by_inspection": application.host_use_verified_on is not None,
                "days_in_use": (until - application.used_from).days,
            },
        )  # fmt: skip
    return task


def record_not_applied(*, by: Actor, task: Task, reason: str, on: date) -> Task:
    """Say honestly that a result is not applied, and why."""
    with transaction.atomic():
        task.not_applied_reason = reason.strip()
        advance(by=by, subject=task, machine="uptake", event="record_not_applied", on=on, facts={}, note=reason)
    return task
