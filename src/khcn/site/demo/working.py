"""Tells how approved tasks went on: contract, money, reports, acceptance, results in use, difficulties."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from khcn.domains.programme.choices import (
    ChangeKind,
    CounterpartState,
    FundingSourceKind,
    Grade,
    IssueKind,
    IssueLevel,
    LedgerEntryKind,
)
from khcn.domains.programme.models import Product, Task
from khcn.domains.programme.services import (
    acceptance,
    assets,
    changes,
    contracts,
    issues,
    money,
    monitoring,
    results,
    settlement,
)
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.places.services import register_place
from khcn.lib.dates import add_months
from khcn.site.demo.cast import PLACES
from khcn.site.demo.payments import open_clearance, open_first_advance
from khcn.site.demo.stories import TaskStory

if TYPE_CHECKING:
    from khcn.site.demo.telling import World

STEPS = ("accepted", "settling", "registered", "recognised", "in_application", "applied")
LATE_HOST_REPORTS = 2


def work(world: World, story: TaskStory, task: Task, signed_on: date) -> None:
    """Run a task from its contract to its stage."""
    by = world.office(signed_on)
    if story.counterpart_mn:
        money.add_counterpart(
            by=by, task=task, state=CounterpartState.PROVEN, giver=task.host, amount_vnd=task.counterpart_vnd,
            on=signed_on, document_number=f"{world.number()}/CK",
        )  # fmt: skip
    ends = add_months(signed_on, story.months)
    contracts.sign_contract(
        by=by, task=task, number=f"{world.number():03d}/{signed_on.year}/HĐ-SKHCN", signed_on=signed_on,
        start_on=signed_on, end_on=ends, signed_by_both=True,
    )  # fmt: skip
    _advance_money(world, story, task, signed_on)
    if story.stage == "contracted":
        open_first_advance(world, task)
        return
    contracts.start_task(by=by, task=task, on=signed_on + timedelta(days=3))
    _report(world, story, task)
    if story.stage in {"running", "running_late", "extended"}:
        open_clearance(world, task)
    if story.stage == "paused":
        on = world.today - timedelta(days=40)
        changes.pause_task(by=world.office(on), task=task, reason="Chờ mặt bằng lắp đặt thiết bị.", on=on)
        _difficulty(world, task, IssueKind.TECHNICAL, "Chưa có mặt bằng lắp đặt thiết bị", on, answered=False)
    elif story.stage == "extended":
        _extend(world, task)
    elif story.stage == "terminated":
        _terminate(world, story, task)
    elif story.stage in {"dossier_due", "dossier_submitted", "in_acceptance", "failed", "not_applied", *STEPS}:
        _close(world, story, task)


def _advance_money(world: World, story: TaskStory, task: Task, on: date) -> None:
    source = FundingSourceKind(story.source)
    lines = task.budgets.get(number=1).lines.filter(source=source)
    for year in sorted(set(lines.values_list("year", flat=True))):
        if year > world.today.year or (year > on.year and story.stage == "contracted"):
            break
        amount = sum(line.amount_vnd for line in lines.filter(year=year))
        _enter(world, task, LedgerEntryKind.ALLOCATION, source, year, amount, max(on, date(year, 1, 20)))
    first = lines.order_by("year").values_list("year", flat=True)[0]
    if first > world.today.year or story.stage == "contracted":
        return
    ceiling = sum(line.amount_vnd for line in lines.filter(year=first))
    paid_on = max(on + timedelta(days=15), date(first, 2, 10))
    if paid_on > world.today:
        return
    advance = min(task.state_vnd // 2, ceiling) // 1000 * 1000
    _enter(world, task, LedgerEntryKind.ADVANCE, source, first, advance, paid_on)
    cleared_on = paid_on + timedelta(days=200)
    if cleared_on < world.today and story.stage != "running_late":
        _enter(world, task, LedgerEntryKind.CLEARANCE, source, first, advance, cleared_on)


def _enter(
    world: World, task: Task, kind: LedgerEntryKind, source: FundingSourceKind, year: int, amount: int, on: date
) -> None:
    money.enter(
        by=world.office(on), task=task, kind=kind, source=source, year=year, amount_vnd=amount, on=on,
        document_number=f"CT-{world.number():04d}", key=f"demo-{task.code}-{kind}-{year}",
        without_file="khoản minh họa đã chi trước khi lập hồ sơ trên hệ thống",
    )  # fmt: skip


def _report(world: World, story: TaskStory, task: Task) -> None:
    owed = list(task.obligations.filter(due_on__lt=world.today).order_by("due_on"))
    if story.stage == "running_late":
        owed = owed[:-LATE_HOST_REPORTS]
    for index, obligation in enumerate(owed, 1):
        on = obligation.due_on - timedelta(days=3)
        percent = min(95, 100 * index // (len(owed) + 1))
        report = monitoring.submit_progress(
            by=world.office(on), task=task, obligation=obligation, percent_done=percent, on=on,
            content="Đã hoàn thành các nội dung của kỳ theo thuyết minh (minh họa).",
            spent_vnd=task.state_vnd * percent // 100,
            difficulties="Thời tiết bất thường làm chậm thử nghiệm." if index % 3 == 0 else "",
        )  # fmt: skip
        monitoring.check_progress(
            by=world.office(on), report=report, is_accepted=True, remark="Đúng tiến độ.", on=on + timedelta(days=4)
        )
    if owed:
        task.contents.filter(ordinal=1).update(percent_done=100)
        task.contents.filter(ordinal=2).update(percent_done=60)
        _inspect(world, task, owed[0].due_on + timedelta(days=30))


def _inspect(world: World, task: Task, on: date) -> None:
    if on >= world.today:
        return
    by = world.office(on)
    inspection = monitoring.plan_inspection(
        by=by, task=task, kind="periodic", notified_on=on - timedelta(days=10), held_on=on
    )
    monitoring.record_inspection(
        by=by, inspection=inspection, findings="Kiểm tra hồ sơ và hiện trường.",
        conclusion="Thực hiện đúng thuyết minh.", recommendations="Bổ sung nhật ký thử nghiệm.",
    )  # fmt: skip
    monitoring.confirm_volume(by=by, inspection=inspection, percent=40, on=on + timedelta(days=5))
    monitoring.record_compliance(by=by, inspection=inspection, text="Đã bổ sung nhật ký.", is_complied=True)


def _extend(world: World, task: Task) -> None:
    if task.end_on is None:
        return
    on = min(world.today - timedelta(days=30), add_months(task.end_on, -2))
    by = world.office(on)
    change = changes.draft_change(
        by=by, task=task, kind=ChangeKind.DURATION, new={"end_on": add_months(task.end_on, 5).isoformat()},
        reason="Dịch bệnh làm chậm đợt thử nghiệm trên đàn.", detail={},
    )  # fmt: skip
    changes.file_change(by=by, change=change, on=on)
    changes.declare_complete(by=by, change=change, on=on + timedelta(days=3))
    changes.approve_change(
        by=by, change=change, decision_number=f"{world.number()}/QĐ-SKHCN", on=on + timedelta(days=12)
    )
    contracts.sign_annex(
        by=by, contract=task.contract, number=f"PL{world.number()}", signed_on=on + timedelta(days=15),
        summary="Gia hạn thời gian thực hiện.", change=change,
    )  # fmt: skip
    _difficulty(world, task, IssueKind.NATURAL, "Dịch bệnh trên đàn vật nuôi làm chậm thử nghiệm", on, answered=True)


def _terminate(world: World, story: TaskStory, task: Task) -> None:
    if task.start_on is None:
        return
    on = add_months(task.start_on, 11)
    by = world.office(on)
    termination = changes.ask_termination(by=by, task=task, ground=story.note, is_objective=True, on=on)
    changes.check_site(
        by=by, termination=termination, findings="Nguồn nguyên liệu đã ngừng cung cấp.", on=on + timedelta(days=9)
    )
    changes.terminate_task(
        by=by, task=task, decision_number=f"{world.number()}/QĐ-SKHCN", refund_vnd=0,
        assets_note="Không mua sắm tài sản cố định.", on=on + timedelta(days=20),
    )  # fmt: skip


def _close(world: World, story: TaskStory, task: Task) -> None:
    if task.end_on is None:
        return
    ended = task.end_on + timedelta(days=1)
    contracts.end_terms(by=world.office(ended), on=ended)
    task.refresh_from_db()
    if story.stage == "dossier_due":
        return
    filed = task.end_on + timedelta(days=20)
    by = world.office(filed)
    acceptance.save_dossier(
        by=by, task=task, items=dict.fromkeys(acceptance.DOSSIER_ITEMS, True), self_grade=Grade.PASS,
        self_evaluated_on=filed - timedelta(days=5),
    )  # fmt: skip
    acceptance.submit_dossier(by=by, task=task, on=filed)
    if story.stage == "dossier_submitted":
        return
    acceptance.open_acceptance(by=by, task=task, on=filed + timedelta(days=2))
    if story.stage == "in_acceptance":
        return
    met = filed + timedelta(days=35)
    by = world.office(met)
    grade = Grade.FAIL if story.stage == "failed" else Grade.EXCELLENT if story.field == 4 else Grade.PASS
    for product in task.products.all():
        acceptance.grade_product(by=by, product=product, grade=grade, delivered=product.ordered_quantity, on=met)
    acceptance.record_acceptance(by=by, task=task, grade=grade, minutes_signed=True, on=met)
    if story.stage != "failed":
        _use(world, story, task, met)


def _use(world: World, story: TaskStory, task: Task, met: date) -> None:
    stage = "in_application" if story.stage == "not_applied" else story.stage
    reached = STEPS.index(stage)
    if reached < STEPS.index("registered"):
        if story.stage == "settling":
            _settle(world, task, met + timedelta(days=40))
        return
    on = met + timedelta(days=20)
    results.confirm_finalised(by=world.office(on), task=task, on=on)
    results.submit_registration(
        by=world.office(on), task=task, abstract=f"Kết quả minh họa: {story.title}.", has_source_code=True, on=on
    )
    results.certify_registration(by=world.office(on), task=task, on=on + timedelta(days=10))
    if reached < STEPS.index("recognised"):
        return
    recognised = on + timedelta(days=25)
    results.recognise_result(
        by=world.office(recognised), task=task, decision_number=f"{world.number()}/QĐ-SKHCN", on=recognised
    )
    results.publish_registration(by=world.office(recognised), task=task, on=recognised)
    adopter = world.bodies.get(story.adopter)
    if reached < STEPS.index("in_application") or (adopter is None and story.stage != "not_applied"):
        return
    _hand_over(world, story, task, adopter or world.bodies["HTX-RAU"], recognised + timedelta(days=15))


def _hand_over(world: World, story: TaskStory, task: Task, adopter: Organisation, on: date) -> None:
    by = world.office(on)
    for product in Product.objects.filter(task=task):
        handover = results.hand_over_product(
            by=by, product=product, receiver=adopter, on=on, minutes_number=f"{world.number()}/BB-BG"
        )
        results.sign_handover(by=by, handover=handover, on=on + timedelta(days=2))
        if story.stage == "not_applied":
            continue
        product = Product.objects.get(pk=product.pk)
        used_from = on + timedelta(days=10)
        if used_from >= world.today:
            continue
        application = results.record_application(
            by=by, product=product, user_organisation=adopter, used_from=used_from, scale="25 ha, 40 hộ (minh họa)",
            on=used_from + timedelta(days=1), benefit="Giảm công lao động, tăng chất lượng.",
            benefit_vnd=120_000_000, place=_place(world, story, used_from),
        )  # fmt: skip
        confirmed = used_from + timedelta(days=200)
        if story.stage == "applied" and confirmed < world.today:
            results.confirm_application(
                by=world.office(confirmed), application=application, number=f"{world.number()}/XN", on=confirmed
            )
            task = Task.objects.get(pk=task.pk)
            if task.uptake_state == "in_application":
                results.confirm_applied(by=world.office(confirmed), task=task, application=application, on=confirmed)
    if story.stage == "not_applied":
        late = on + timedelta(days=120)
        results.record_not_applied(by=world.office(late), task=Task.objects.get(pk=task.pk), reason=story.note, on=late)
        _difficulty(world, task, IssueKind.MARKET, "Sản phẩm chưa được nông dân chấp nhận", late, answered=False)
    if story.stage == "applied":
        _settle(world, Task.objects.get(pk=task.pk), on + timedelta(days=60))


def _settle(world: World, task: Task, on: date) -> None:
    by = world.office(on)
    assets.declare_no_assets(by=by, task=task, reason="Không mua sắm tài sản cố định.", on=on)
    settlement.liquidate(by=by, task=Task.objects.get(pk=task.pk), on=on, handed_over=True)


def _place(world: World, story: TaskStory, on: date):
    for name, (latitude, longitude) in PLACES.items():
        if name in story.place:
            spread = (world.number() % 9 - 4) / 200
            return register_place(
                by=world.office(on), name=f"Điểm ứng dụng tại {name} (minh họa)", latitude=latitude + spread,
                longitude=longitude - spread,
            )  # fmt: skip
    return None


def _difficulty(world: World, task: Task, kind: IssueKind, title: str, on: date, *, answered: bool) -> None:
    by = world.office(on)
    issue = issues.raise_issue(
        by=by, kind=kind, title=title, description="Nội dung minh họa.", reporter=task.host, task=task, on=on,
        proposal="Đề nghị Sở hướng dẫn, hỗ trợ.", is_illustration=True,
    )  # fmt: skip
    issues.classify_issue(by=by, issue=issue, kind=kind, level=IssueLevel.DEPARTMENT, on=on + timedelta(days=2))
    issues.assign_issue(
        by=by, issue=issue, assignee=world.bodies["BP-SKHCN"], due_on=on + timedelta(days=30), on=on + timedelta(days=3)
    )
    issues.note_state_of_play(
        by=by, issue=issue, text="Đang làm việc với các bên liên quan.", on=on + timedelta(days=9)
    )
    if answered:
        issues.answer_issue(
            by=by, issue=issue, answer="Đã thống nhất gia hạn thời gian thực hiện.", on=on + timedelta(days=20)
        )
        issues.confirm_issue(by=by, issue=issue, on=on + timedelta(days=25))
