"""Tells the stories by calling services, step by step, each at its own date; nothing is written past the rules."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from khcn.domains.programme.choices import AwardMode, CriteriaKind, LumpMode, PassFail
from khcn.domains.programme.models import Application, Call, Order, OrderList, Plan, Proposal
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.rules.councils.identification import IdentificationBallot, count_identification
from khcn.domains.programme.rules.councils.selection import (
    Contender,
    ScoreBallot,
    SelectionThresholds,
    criteria_maxima,
    rank_contenders,
    score_application,
)
from khcn.domains.programme.services import applications, approvals, calls, orders, proposals, similarity
from khcn.kernel.orgs.models import Organisation, Person
from khcn.kernel.procedures.models import Council
from khcn.kernel.procedures.services.councils import add_seat, add_subject, draft_council, establish_council
from khcn.lib.actor import Actor
from khcn.lib.dates import VIETNAM
from khcn.site.demo.cast import FAMILY, GIVEN, SEATS
from khcn.site.demo.stories import TaskStory
from khcn.site.demo.working import work

MILLION = 1_000_000
BEFORE_CALL = frozenset(
    {"proposal_draft", "proposal_submitted", "returned", "similarity", "in_council", "not_recommended", "dropped"}
)
BEFORE_TASK = BEFORE_CALL | {"listed", "call_open", "applied_for", "invalid", "rejected", "selected"}
RUNNING = frozenset({"approved", "contracted", "running", "running_late", "paused", "extended"})
ENDED = frozenset({"dossier_due", "dossier_submitted", "in_acceptance", "terminated", "failed"})


@dataclass
class World:
    """Who and what the stories need: plan, bodies, leaders, experts, and the day that counts as today."""

    plan: Plan
    today: date
    bodies: dict[str, Organisation]
    leaders: dict[str, Person]
    experts: list[Person]
    shift: timedelta
    councils: dict[int, Council] = field(default_factory=dict)
    lists: dict[int, OrderList] = field(default_factory=dict)
    counter: int = 0

    def number(self) -> int:
        """The next number for invented papers."""
        self.counter += 1
        return self.counter

    def office(self, on: date) -> Actor:
        """The programme's own hand, for the steps of the standing body and the province."""
        return Actor(uid=UUID(int=1), name="Dữ liệu minh họa", on=on, is_system=True)


def tell(world: World, stories: Iterable[TaskStory]) -> dict[str, int]:
    """Tell every story as far as its stage; returns how many of each stage."""
    told: dict[str, int] = {}
    chosen = list(stories)
    begun = [(story, _propose(world, story)) for story in chosen]
    for year in sorted({story.year for story in chosen}):
        _order(world, year, [(story, proposal) for story, proposal in begun if story.year == year])
    for story, proposal in begun:
        proposal.refresh_from_db()
        if story.stage not in BEFORE_CALL and story.stage != "listed":
            if not Order.objects.filter(proposal=proposal).exists():
                raise LookupError(f"{story.title}: {proposal.state}")
            _select(world, story, proposal)
        told[story.stage] = told.get(story.stage, 0) + 1
    return told


def _day(world: World, year: int, month: int, day: int) -> date:
    return date(year, month, day) + world.shift


def _propose(world: World, story: TaskStory) -> Proposal:
    on = _day(world, story.year, 2, 1 + world.number() % 25)
    by, host = world.office(on), world.bodies[story.host]
    fields = {item.ordinal: item for item in world.plan.fields.all()}
    plan_field = fields[story.field]
    adopter = world.bodies.get(story.adopter)
    proposal = proposals.create_proposal(
        by=by, proposer=host, title=story.title, on=on, is_illustration=True, plan=world.plan, field=plan_field,
        line=plan_field.lines.get(ordinal=story.line), kind=story.kind, place=story.place,
        grounds="Kế hoạch nghiên cứu, ứng dụng khoa học và công nghệ của tỉnh (minh họa).",
        need=f"Sản xuất và quản lý tại {story.place} cần giải pháp này (nội dung minh họa).",
        objective=f"Có {story.products[0].name.lower()} dùng được tại {story.place}.",
        contents="Khảo sát hiện trạng; nghiên cứu, chế tạo; thử nghiệm tại chỗ; hoàn thiện và chuyển giao.",
        expected_products="; ".join(f"{item.quantity} {item.unit} {item.name}" for item in story.products),
        application_address=str(adopter or host), effects="Giảm chi phí, tăng chất lượng (minh họa).",
        year_from=story.year + 1, year_to=story.year + 1 + story.months // 12,
        budget_vnd=(story.state_mn + story.counterpart_mn) * MILLION, orderer=adopter, is_secret=False,
    )  # fmt: skip
    if story.stage == "proposal_draft":
        return proposal
    proposals.submit_proposal(by=by, proposal=proposal, on=on)
    if story.stage == "proposal_submitted":
        return proposal
    if story.stage == "returned":
        proposals.return_proposal(
            by=by, proposal=proposal, reason="Chưa nêu rõ đơn vị sẽ sử dụng kết quả.", on=on + timedelta(days=6)
        )
        return proposal
    later = on + timedelta(days=10)
    proposals.accept_proposal(by=world.office(later), proposal=proposal, on=later)
    check = similarity.check_topic(by=world.office(later), proposal=proposal)
    similarity.sign_check(
        by=world.office(later), check=check, is_duplicate=False, on=later,
        verdict="Có nhiệm vụ gần chủ đề nhưng khác đối tượng, địa bàn; không trùng lặp.",
    )  # fmt: skip
    proposal.refresh_from_db()
    return proposal


def _council(world: World, year: int, before: list[Proposal], on: date) -> Council:
    if year not in world.councils:
        by = world.office(on)
        council = draft_council(
            by=by, kind="identification", title=f"Hội đồng tư vấn xác định nhiệm vụ năm {year}", rule_set="A", on=on,
            organisation=world.bodies["BP-UBND"], is_illustration=True,
        )  # fmt: skip
        for person, role in zip(world.experts, SEATS, strict=False):
            add_seat(by=by, council=council, person=person, role=role)
        for proposal in before:
            add_subject(by=by, council=council, subject=proposal, label=proposal.title)
        world.councils[year] = establish_council(
            by=by, council=council, decision_number=f"{100 + world.number()}/QĐ-UBND", established_on=on
        )
    return world.councils[year]


def _order(world: World, year: int, told: list[tuple[TaskStory, Proposal]]) -> None:
    on = _day(world, year, 4, 10)
    early = {"proposal_draft", "proposal_submitted", "returned", "similarity"}
    before = [proposal for story, proposal in told if story.stage not in early]
    for story, proposal in told:
        if story.stage in early:
            continue
        by = world.office(on)
        proposals.place_in_council(by=by, proposal=proposal, council=_council(world, year, before, on), on=on)
        if story.stage == "in_council":
            continue
        passing = 3 if story.stage == "not_recommended" else 7
        ballots = [
            IdentificationBallot(f"phiếu {index}", {"need": PassFail.PASS if index < passing else PassFail.FAIL})
            for index in range(7)
        ]
        proposals.record_identification_result(
            by=by, proposal=proposal, result=count_identification(ballots, "3/4"), on=on,
            conclusion="Hội đồng thống nhất." if passing == 7 else "Chưa rõ tính mới và khả năng thực hiện.",
        )  # fmt: skip
        if story.stage == "dropped":
            proposals.drop_proposal(by=by, proposal=proposal, reason="Chưa cân đối được kinh phí.", on=on)
    wanted = [
        (story, proposal)
        for story, proposal in told
        if story.stage not in BEFORE_CALL and proposal.state == "recommended"
    ]
    if not wanted:
        return
    listed = on + timedelta(days=20)
    by = world.office(listed)
    order_list = orders.create_order_list(
        by=by,
        title=f"Danh mục nhiệm vụ đặt hàng năm {year}",
        year=year,
        on=listed,
        plan=world.plan,
        is_illustration=True,
    )
    for story, proposal in wanted:
        mode: dict[str, Any] = {}
        if story.mode == "direct":
            mode = {
                "mode": AwardMode.DIRECT, "direct_ground": "only_one_capable",
                "direct_reason": "Chỉ một đơn vị có đủ năng lực trên địa bàn (minh họa).",
            }  # fmt: skip
        orders.add_order(by=by, order_list=order_list, proposal=proposal, **mode)
    orders.submit_order_list(by=by, order_list=order_list, on=listed)
    orders.approve_order_list(
        by=by, order_list=order_list, decision_number=f"{700 + year % 100}/QĐ-UBND", on=listed + timedelta(days=8)
    )
    orders.publish_order_list(by=by, order_list=order_list, on=listed + timedelta(days=12))
    world.lists[year] = order_list


def _select(world: World, story: TaskStory, proposal: Proposal) -> None:
    order = Order.objects.select_related("order_list", "proposal", "orderer").get(proposal=proposal)
    approved_on = _approval_day(world, story)
    opens = approved_on - timedelta(days=140)
    by = world.office(opens)
    host = world.bodies[story.host]
    call = calls.create_call(
        by=by, order=order, opens_on=opens, on=opens, invited=host if story.mode == "direct" else None
    )
    if story.stage == "call_open":
        opens = world.today - timedelta(days=9)
        calls.open_call(by=world.office(opens), call=call, on=opens, closes_on=opens + timedelta(days=30))
        return
    if story.stage == "applied_for":
        opens = world.today - timedelta(days=20)
    calls.open_call(by=by, call=call, on=opens, closes_on=opens + timedelta(days=30))
    application = _apply(world, story, call, opens + timedelta(days=21))
    if story.stage == "applied_for":
        return
    _judge(world, story, call, application, opens + timedelta(days=31))
    if story.stage in {"invalid", "rejected", "selected"}:
        return
    _approve(world, story, application, approved_on)


def _approval_day(world: World, story: TaskStory) -> date:
    usual = _day(world, story.year, 10, 10)
    if story.stage in RUNNING and story.stage != "running_late":
        started = {"approved": 20, "contracted": 60}.get(story.stage, int(story.months * 30 * 0.55))
        return max(usual, world.today - timedelta(days=started + 25))
    if story.stage == "running_late":
        return max(usual, world.today - timedelta(days=int(story.months * 30 * 0.9)))
    if story.stage in ENDED and story.stage not in {"failed", "terminated"}:
        return world.today - timedelta(days=story.months * 30 + 60)
    if story.stage == "selected":
        return world.today + timedelta(days=60)
    return usual


def _apply(world: World, story: TaskStory, call: Call, on: date) -> Application:
    by, host = world.office(on), world.bodies[story.host]
    partner = world.bodies.get(story.adopter)
    years = max(1, round(story.months / 12))
    share, rest = divmod(story.state_mn * MILLION, years)
    budget = [
        {
            "kind": kind, "source": story.source, "year": on.year + 1 + index,
            "amount_vnd": amount, "is_lump": kind == "remuneration", "note": "", "justification": "",
        }
        for index in range(years)
        for kind, amount in (
            ("remuneration", (share + (rest if index == 0 else 0)) * 4 // 10),
            ("materials", (share + (rest if index == 0 else 0)) - (share + (rest if index == 0 else 0)) * 4 // 10),
        )
    ]  # fmt: skip
    if story.counterpart_mn:
        budget.append(
            {
                "kind": "materials", "source": "S4", "year": on.year + 1, "amount_vnd": story.counterpart_mn * MILLION,
                "is_lump": False, "note": "Vốn của tổ chức chủ trì", "justification": "",
            }
        )  # fmt: skip
    third = max(1, story.months // 3)
    dossier = {
        "objective": f"Có {story.products[0].name.lower()} dùng được tại {story.place}.",
        "place": story.place,
        "contents": [
            {"title": "Khảo sát, thiết kế", "month_from": 1, "month_to": third},
            {"title": "Nghiên cứu, chế tạo, thử nghiệm", "month_from": third + 1, "month_to": 2 * third},
            {"title": "Hoàn thiện, tập huấn, chuyển giao", "month_from": 2 * third + 1, "month_to": story.months},
        ],
        "products": [
            {
                "name": item.name, "type": item.type, "form": "form_1", "purpose": item.purpose, "sector": item.sector,
                "quantity": str(item.quantity), "unit": item.unit, "quality": "Đạt yêu cầu kỹ thuật trong thuyết minh.",
                "place": story.place,
            }
            for item in story.products
        ],
        "team": [],
        "budget": budget,
        "papers": dict.fromkeys(("TCPL", "B1-3-LLTC", "B1-4-LLCN", "B1-5-PHNC", "VDU"), True),
    }  # fmt: skip
    application = applications.create_application(
        by=by, call=call, host=host, pi=_leader(world, story), on=on,
        partners=[partner] if partner is not None and partner != host else [], is_illustration=True,
        summary=f"Thuyết minh minh họa: {story.title}.", dossier=dossier, state_vnd=story.state_mn * MILLION,
        counterpart_vnd=story.counterpart_mn * MILLION, months=story.months, lump_mode=LumpMode.PARTIAL,
    )  # fmt: skip
    return applications.submit_application(by=by, application=application, at=_moment(on))


def _leader(world: World, story: TaskStory) -> Person:
    """The body's own leader for the first task, an invented colleague for the next: nobody leads two at a time."""
    leader = world.leaders[story.host]
    if not Application.objects.filter(pi=leader).exists():
        return leader
    number = world.number()
    name = f"{FAMILY[number % len(FAMILY)]} {GIVEN[number % len(GIVEN)]}"
    return Person.objects.create(
        full_name=name, degree="TS.", field=leader.field, in_field_since=2005, employer=leader.employer,
        is_illustration=True,
    )  # fmt: skip


def _judge(world: World, story: TaskStory, call: Call, application: Application, on: date) -> None:
    by = world.office(on)
    calls.close_call(by=by, call=call, on=on)
    opened = on + timedelta(days=5)
    reasons = {application: "Thiếu xác nhận phối hợp của đơn vị ứng dụng."} if story.stage == "invalid" else {}
    calls.open_dossiers(by=world.office(opened), call=call, reasons=reasons, on=opened)
    application.refresh_from_db()
    if application.state == "invalid" and story.stage != "invalid":
        raise LookupError(f"{story.title}: {application.invalid_reason}")
    if story.stage == "invalid":
        return
    met = opened + timedelta(days=25)
    figures = {key: str(value) for key, value in parameters_of(call.rule_set, on=met).items()}
    maxima = criteria_maxima(figures, CriteriaKind(call.order.criteria))
    level = Fraction(6, 10) if story.stage == "rejected" else Fraction(82, 100)
    ballots = [
        ScoreBallot(f"phiếu {index}", {key: most * level - Fraction(index % 3, 2) for key, most in maxima.items()})
        for index in range(9)
    ]
    count = score_application(
        ballots, maxima, SelectionThresholds.from_parameters(figures), members_present=9, host_is_proposer=False
    )
    place = rank_contenders(
        [
            Contender(
                str(application.uid), count.final_score, count.is_candidate, application.state_vnd, False, Fraction(20)
            )
        ]
    )[0]
    applications.record_selection_result(
        by=world.office(met), call=call, results=[applications.SelectionResult(application, count, place)], on=met
    )
    application.refresh_from_db()


def _approve(world: World, story: TaskStory, application: Application, approved_on: date) -> None:
    revised = approved_on - timedelta(days=45)
    by = world.office(revised)
    applications.submit_revision(by=by, application=application, explanation="Đã tiếp thu ý kiến.", on=revised)
    appraised = revised + timedelta(days=8)
    approvals.record_appraisal(
        by=world.office(appraised), application=application, amount_vnd=application.state_vnd, months=story.months,
        lump_mode=LumpMode.PARTIAL, conclusion="Thống nhất mức kinh phí đề nghị.", members_total=5, members_present=5,
        council_member_present=True, on=appraised,
    )  # fmt: skip
    applications.submit_revision(
        by=by, application=application, explanation="Đã hoàn thiện dự toán.", on=appraised + timedelta(days=10)
    )
    task = approvals.approve_application(
        by=world.office(approved_on), application=application, on=approved_on,
        decision_number=f"{1200 + world.number()}/QĐ-UBND",
    )  # fmt: skip
    if story.stage != "approved":
        work(world, story, task, approved_on + timedelta(days=25))


def _moment(on: date) -> datetime:
    return datetime.combine(on, time(9, 30), VIETNAM)
