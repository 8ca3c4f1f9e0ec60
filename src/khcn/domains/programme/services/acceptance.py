"""From the acceptance dossier to the recorded grade: papers, validity, product lines, outcome."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction

from khcn.domains.programme.choices import Grade
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import AcceptanceDossier, Product, Task
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify
from khcn.kernel.orgs.queries import holders_of
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

DOSSIER_ITEMS: dict[str, str] = {
    "request": "Công văn đề nghị đánh giá, nghiệm thu",
    "final_report": "Báo cáo tổng hợp kết quả nhiệm vụ",
    "product_report": "Báo cáo về sản phẩm khoa học và công nghệ",
    "contract_copy": "Bản sao hợp đồng và thuyết minh",
    "product_papers": "Văn bản xác nhận, tài liệu về công bố, đào tạo, chuyển giao, sử dụng sản phẩm",
    "measurements": "Số liệu gốc, kết quả đo kiểm, nhật ký",
    "usage_opinion": "Ý kiến của tổ chức sử dụng, thử nghiệm",
    "finance_report": "Báo cáo tình hình sử dụng kinh phí",
    "self_evaluation": "Báo cáo tự đánh giá (Mẫu 1)",
    "other": "Tài liệu khác có liên quan",
}
"""The papers of an acceptance dossier. Source: TT 11/2014/TT-BKHCN, Điều 6; the last one is optional."""
OPTIONAL_ITEMS = frozenset({"other", "measurements"})


def dossier_of(task: Task) -> AcceptanceDossier:
    """The task's dossier, begun when it does not exist yet."""
    dossier, _ = AcceptanceDossier.objects.get_or_create(task=task)
    return dossier


def save_dossier(
    *,
    by: Actor,
    task: Task,
    items: Mapping[str, bool],
    self_grade: str,
    self_evaluated_on: date | None,
    expected_version: int | None = None,
) -> AcceptanceDossier:
    """Keep the dossier as the host has it so far; unknown papers are refused."""
    if Role.HOST not in roles_on(by, task) and Role.PI not in roles_on(by, task):
        raise Forbidden("Chỉ tổ chức chủ trì được lập hồ sơ nghiệm thu.")
    unknown = set(items) - set(DOSSIER_ITEMS)
    if unknown:
        raise Refused(f"Thành phần hồ sơ không có trong danh mục: {', '.join(sorted(unknown))}.", field="items")
    with transaction.atomic():
        dossier = dossier_of(task)
        dossier.claim(expected_version)
        dossier.items = {key: bool(items.get(key)) for key in DOSSIER_ITEMS}
        dossier.self_grade, dossier.self_evaluated_on = self_grade, self_evaluated_on
        dossier.save()
        record(by=by, verb="acceptance.save_dossier", subject=dossier, after={"items": dossier.items})
    return dossier


def submit_dossier(*, by: Actor, task: Task, on: date, expected_version: int | None = None) -> AcceptanceDossier:
    """Submit the dossier; its missing papers are named in the refusal."""
    with transaction.atomic():
        dossier = dossier_of(task)
        missing = [
            label for key, label in DOSSIER_ITEMS.items() if key not in OPTIONAL_ITEMS and not dossier.items.get(key)
        ]
        dossier.claim(None)
        dossier.submitted_on, dossier.is_valid, dossier.checked_on = on, None, None
        dossier.save()
        advance(
            by=by, subject=task, machine="task", event="submit_dossier", on=on, expected_version=expected_version,
            facts={
                "dossier_items_missing": missing,
                "self_evaluated": bool(dossier.self_grade and dossier.self_evaluated_on),
            },
        )  # fmt: skip
        notify(
            recipients=holders_of(Role.SPECIALIST, on=on), kind=NoticeKind.DO, subject=task, url=address_of(task),
            title=f"Kiểm tra hồ sơ nghiệm thu {task.code}",
        )  # fmt: skip
    return dossier


def return_dossier(*, by: Actor, task: Task, remark: str, on: date) -> AcceptanceDossier:
    """Ask the host for what the dossier lacks."""
    with transaction.atomic():
        dossier = dossier_of(task)
        dossier.claim(None)
        dossier.is_valid, dossier.checked_on, dossier.remark = False, on, remark.strip()
        dossier.save()
        advance(by=by, subject=task, machine="task", event="return_dossier", on=on, facts={}, note=remark)
    return dossier


def open_acceptance(*, by: Actor, task: Task, on: date) -> AcceptanceDossier:
    """Declare the dossier valid and open the official acceptance."""
    with transaction.atomic():
        dossier = dossier_of(task)
        dossier.claim(None)
        dossier.is_valid, dossier.checked_on, dossier.remark = True, on, ""
        dossier.save()
        advance(by=by, subject=task, machine="task", event="open_acceptance", on=on, facts={"dossier_valid": True})
    return dossier


def grade_product(*, by: Actor, product: Product, grade: Grade, delivered: Decimal, on: date) -> Product:
    """Record the council's verdict on one product line."""
    if not roles_on(by, product.task) & {Role.ADMIN_SECRETARY, Role.SCI_SECRETARY, Role.SPECIALIST}:
        raise Forbidden("Chỉ thư ký hội đồng được ghi kết quả từng sản phẩm.")
    if product.task.state != "in_acceptance":
        raise NotNow("Chỉ ghi kết quả sản phẩm khi nhiệm vụ đang được nghiệm thu.")
    if delivered < 0:
        raise Refused("Số lượng đạt không được âm.", field="delivered")
    with transaction.atomic():
        product.claim(None)
        product.grade, product.graded_on, product.delivered_quantity = grade, on, delivered
        product.save()
        record(by=by, verb="product.grade", subject=product, after={"grade": grade, "delivered": str(delivered)})
    return product


def record_acceptance(*, by: Actor, task: Task, grade: Grade, minutes_signed: bool, on: date, note: str = "") -> Task:
    """Record the council's grade of the whole task; the parallel tracks open.

    grade: as the count gave it. Products without a line of their own are taken to have the task's fate on failure.
    """
    event = "record_fail" if grade == Grade.FAIL else "record_pass"
    with transaction.atomic():
        task.grade, task.accepted_on = grade, on
        if grade == Grade.FAIL:
            task.products.filter(grade="").update(grade=Grade.FAIL, graded_on=on)
        elif task.products.filter(grade="").exists():
            raise NotNow("Còn sản phẩm chưa có kết quả đánh giá; ghi kết quả từng sản phẩm trước.")
        advance(
            by=by, subject=task, machine="task", event=event, on=on, note=note,
            facts={"minutes_signed": minutes_signed, "council_grade": str(grade)},
        )  # fmt: skip
    return task


def declare_late_failure(*, by: Actor, task: Task, on: date) -> Task:
    """Fail a task whose dossier is later than the rule allows."""
    with transaction.atomic():
        task.grade, task.accepted_on = Grade.FAIL, on
        advance(
            by=by, subject=task, machine="task", event="declare_late_failure", on=on, facts={"ends_on": task.end_on},
            note="Nộp hồ sơ nghiệm thu quá thời hạn quy định",
        )  # fmt: skip
        task.products.filter(grade="").update(grade=Grade.FAIL, graded_on=on)
    return task
