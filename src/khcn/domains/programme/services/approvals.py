"""From the selected dossier to the task: appraisal of the estimate, approval that makes the task, cancellation."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from khcn.domains.programme.choices import ApplicationState, CancelGround, LumpMode, TaskState, WorkTitle
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import (
    Application,
    BudgetLine,
    BudgetVersion,
    Participation,
    Product,
    Task,
    WorkContent,
)
from khcn.domains.programme.models.task import folded_product
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.queries.applications import budget_sums
from khcn.domains.programme.queries.lump_mode import final_product_trace, lump_mode_findings
from khcn.domains.programme.queries.norms import findings_of_application, findings_of_budget
from khcn.domains.programme.queries.pinning import governing_rule_set
from khcn.domains.programme.rules.dossier_contents import checked_reckoning
from khcn.domains.programme.rules.rule_trace import RuleTrace
from khcn.domains.programme.services.asking import ask, inform
from khcn.domains.programme.services.estimates import write_plan
from khcn.domains.programme.services.numbering import next_code
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Person
from khcn.kernel.procedures.services import log_transition
from khcn.lib.actor import Actor
from khcn.lib.dates import VIETNAM, add_months
from khcn.lib.failure import Refused
from khcn.lib.roles import Role

TEAM_SEATS: Final = frozenset({"team_head", "team_vice", "team_member"})


def record_appraisal(
    *,
    by: Actor,
    application: Application,
    amount_vnd: int,
    months: int,
    lump_mode: LumpMode,
    conclusion: str,
    members_total: int,
    members_present: int,
    council_member_present: bool,
    on: date,
    line_comments: Mapping[int, str] | None = None,
    roles: frozenset[str] | None = None,
    expected_version: int | None = None,
) -> Application:
    """Write what the appraisal team concluded on a revised dossier.

    amount_vnd: state money it recommends. line_comments: by place in the estimate, from 0. roles: given when the
    caller has resolved the actor's seat; a seat on the team counts as appraiser. Raises Refused with the field.
    """
    if not 0 <= amount_vnd <= application.state_vnd:
        raise Refused("Kinh phí thẩm định phải từ 0 đến mức hồ sơ đề nghị.", field="amount_vnd")
    if not conclusion.strip():
        raise Refused("Ghi kết luận của tổ thẩm định.", field="conclusion")
    held = roles_on(by, application) if roles is None else roles
    if held & TEAM_SEATS:
        held = held | {Role.APPRAISER.value}
    lumped = final_product_trace(application, on=on) if lump_mode == LumpMode.FINAL_PRODUCT else None
    refuse_final_product(lumped)
    with transaction.atomic():
        application.claim(expected_version, {"appraised_vnd": amount_vnd})
        application.appraised_vnd = amount_vnd
        application.appraisal = {
            "amount_vnd": amount_vnd, "months": months, "lump_mode": str(lump_mode), "conclusion": conclusion.strip(),
            "members_total": members_total, "members_present": members_present, "held_on": on.isoformat(),
            "line_comments": {str(line): text for line, text in (line_comments or {}).items() if text.strip()},
            "norm_findings": [item.as_json() for item in findings_of_application(application)],
            "lump_mode_trace": lumped.as_json() if lumped else None,
        }  # fmt: skip
        advance(
            by=by, subject=application, machine="application", event="appraise", on=on, note=conclusion.strip(),
            roles=held,
            facts={
                "members_total": members_total, "members_present": members_present,
                "council_member_present": council_member_present,
            },
        )  # fmt: skip
        ask(
            subject=application, on=on, roles=[Role.HOST], at=application.host,
            title=f"Hoàn thiện hồ sơ {application.code} theo kết luận thẩm định kinh phí",
        )  # fmt: skip
    return application


def refuse_final_product(trace: RuleTrace | None) -> None:
    """Refuse to recommend lumping to the final product while the traced conditions are not met. None: not asked for."""
    if trace is not None and trace.outcome:
        told = " ".join(item["text"] for item in trace.outcome)
        raise Refused(f"Chưa đủ điều kiện khoán chi đến sản phẩm cuối cùng. {told}", field="lump_mode")


def approve_application(
    *, by: Actor, application: Application, decision_number: str, on: date, approved_vnd: int | None = None,
    expected_version: int | None = None,
) -> Task:  # fmt: skip
    """Approve host, leader, money and time by a decision; the task is born with people, work, products and budget.

    approved_vnd: state money, the dossier's by default. The rule set is pinned by the transition policy of filing and
    approval days. Raises Refused with the field, NotNow with the guard's sentence.
    """
    if not decision_number.strip():
        raise Refused("Ghi số quyết định phê duyệt.", field="decision_number")
    amount = application.state_vnd if approved_vnd is None else approved_vnd
    state_lines, other_lines = budget_sums(application)
    with transaction.atomic():
        advance(
            by=by, subject=application, machine="application", event="approve", on=on,
            note=f"Quyết định {decision_number.strip()}", expected_version=expected_version,
            facts={
                "approved_vnd": amount, "appraised_vnd": application.appraised_vnd or 0,
                "lines_equal_total": (state_lines, other_lines) == (amount, application.counterpart_vnd),
                "lump_mode_breaches": [item["text"] for item in lump_mode_findings(application, on=on)],
            },
        )  # fmt: skip
        task = _make_task(by, application, decision_number.strip(), amount, on)
        ask(
            subject=task, on=on, roles=[Role.SPECIALIST, Role.HOST], title=f"Ký hợp đồng nhiệm vụ {task.code}",
        )  # fmt: skip
        inform(
            subject=application, on=on, roles=[Role.HOST], at=application.host,
            title=f"Nhiệm vụ {task.code} đã được phê duyệt theo Quyết định {decision_number.strip()}",
        )  # fmt: skip
    return task


def cancel_application(
    *, by: Actor, application: Application, ground: CancelGround | str, reason: str, on: date
) -> Application:
    """Cancel a result of selection before approval, on a ground of the law and with the reason."""
    is_lawful = str(ground) in CancelGround.values()
    words = f"{CancelGround(ground).label}. {reason.strip()}" if is_lawful and reason.strip() else reason.strip()
    with transaction.atomic():
        advance(
            by=by, subject=application, machine="application", event="cancel", on=on, note=words,
            facts={"has_cancel_ground": is_lawful, "reason": reason.strip()},
        )  # fmt: skip
        ask(
            subject=application, on=on, roles=[Role.SPECIALIST, Role.DIRECTOR],
            title=f"Thông báo hủy kết quả hồ sơ {application.code}; xem xét hồ sơ dự bị",
        )  # fmt: skip
        inform(
            subject=application, on=on, roles=[Role.HOST], at=application.host,
            title=f"Kết quả tuyển chọn hồ sơ {application.code} đã bị hủy",
        )  # fmt: skip
    return application


def promote_reserve(*, by: Actor, application: Application, on: date) -> Application:
    """Choose a dossier in reserve after the winner's result was cancelled."""
    winner_gone = application.call.applications.filter(state=ApplicationState.CANCELLED).exists()
    still_there = application.call.applications.filter(
        state__in=[
            ApplicationState.SELECTED, ApplicationState.REVISED, ApplicationState.APPRAISED,
            ApplicationState.REVISED_AFTER_APPRAISAL, ApplicationState.APPROVED,
        ]
    ).exists()  # fmt: skip
    with transaction.atomic():
        advance(
            by=by, subject=application, machine="application", event="promote", on=on,
            facts={"winner_cancelled": winner_gone and not still_there},
        )  # fmt: skip
        ask(
            subject=application, on=on, roles=[Role.HOST], at=application.host,
            title=f"Chỉnh sửa hồ sơ {application.code} theo kết luận hội đồng",
        )  # fmt: skip
    return application


def reject_reserve(*, by: Actor, application: Application, on: date) -> Application:
    """Let a dossier in reserve go once the winner's task is approved."""
    with transaction.atomic():
        advance(by=by, subject=application, machine="application", event="reject", on=on, facts={})
    return application


def _make_task(by: Actor, application: Application, decision_number: str, amount_vnd: int, on: date) -> Task:
    order, proposal = application.call.order, application.call.order.proposal
    if proposal is None or application.submitted_at is None:
        raise NotNow("Đặt hàng không gắn với đề xuất nào nên không lập được nhiệm vụ.")
    filed_on = application.submitted_at.astimezone(VIETNAM).date()
    rules = governing_rule_set(level=proposal.level, filed_on=filed_on, approved_on=on, today=on)
    dossier = application.dossier
    task = Task.objects.create(
        code=next_code(kind="task", on=on, rule_set=rules), plan=proposal.plan, field=proposal.field,
        line=proposal.line, plan_item=proposal.plan_item, order=order, application=application, title=order.title,
        kind=order.kind, level=proposal.level, mode=order.mode, lump_mode=application.lump_mode,
        objective=dossier.get("objective") or order.objective, place=dossier.get("place") or proposal.place,
        host=application.host, pi=application.pi, orderer=order.orderer, rule_set=rules,
        decision_number=decision_number, approved_on=on, state_vnd=amount_vnd,
        counterpart_vnd=application.counterpart_vnd, is_illustration=application.is_illustration,
    )  # fmt: skip
    task.partners.set(application.partners.all())
    _add_people(task, application)
    _add_work(task, dossier, on)
    _add_budget(by, task, dossier, decision_number, on)
    log_transition(
        by=by, subject=task, machine="task", event="approve", from_state="", to_state=TaskState.APPROVED,
        rule_set=rules.code, note=f"Quyết định {decision_number}",
    )  # fmt: skip
    record(
        by=by, verb="task.create", subject=task,
        after={"application": application.code, "state_vnd": amount_vnd, "rule_set": rules.code},
    )  # fmt: skip
    return task


def _add_people(task: Task, application: Application) -> None:
    team = {row["person"]: row for row in application.dossier.get("team", ())}
    people = {str(person.uid): person for person in Person.objects.filter(uid__in=team)}
    leader = team.pop(str(application.pi.uid), None)
    rows = [
        Participation(
            task=task, person=application.pi, title=WorkTitle.PI,
            months=Decimal(leader["months"]) if leader else Decimal(application.months),
        )
    ]  # fmt: skip
    rows += [
        Participation(task=task, person=people[uid], title=row["title"], months=Decimal(row["months"]))
        for uid, row in team.items()
        if uid in people
    ]
    Participation.objects.bulk_create(rows)


def _add_work(task: Task, dossier: Mapping[str, Any], on: date) -> None:
    """Contents with foreseen dates from the month after approval (the contract moves them), and products."""
    start = add_months(on.replace(day=1), 1)
    WorkContent.objects.bulk_create(
        WorkContent(
            task=task, ordinal=number, title=row["title"], start_on=add_months(start, row["month_from"] - 1),
            end_on=add_months(start, row["month_to"]),
        )
        for number, row in enumerate(dossier.get("contents", ()), start=1)
    )  # fmt: skip
    Product.objects.bulk_create(
        Product(
            task=task, code=f"{task.code}-SP{number:02d}", name=row["name"], type=row["type"], form=row["form"],
            purpose=row["purpose"], sector=row["sector"],
            folded=folded_product(f"{task.code}-SP{number:02d}", row["name"]),
            ordered_quantity=Decimal(row["quantity"]),
            unit=row["unit"], quality=row["quality"], application_place=row["place"],
        )
        for number, row in enumerate(dossier.get("products", ()), start=1)
    )  # fmt: skip


def _add_budget(by: Actor, task: Task, dossier: Mapping[str, Any], decision_number: str, on: date) -> None:
    budget = BudgetVersion.objects.create(task=task, number=1, reason="Phê duyệt nhiệm vụ", created_by_id=by.user_id)
    BudgetLine.objects.bulk_create(
        BudgetLine(
            budget=budget, kind=row["kind"], source=row["source"], year=row["year"], amount_vnd=row["amount_vnd"],
            is_lump=row["is_lump"], note=row["note"][:300], justification=row["justification"][:500],
            **_reckoning(row),
        )
        for row in dossier.get("budget", ())
    )  # fmt: skip
    budget.norm_breaches = [item.as_json() for item in findings_of_budget(budget, on=on)]
    budget.approved_on, budget.decision_number = on, decision_number
    budget.save()
    write_plan(by=by, budget=budget)


def _reckoning(row: Mapping[str, Any]) -> dict[str, Any]:
    kept, _problems = checked_reckoning(row)
    return {"basis": kept.pop("basis"), "reckoning": kept}
