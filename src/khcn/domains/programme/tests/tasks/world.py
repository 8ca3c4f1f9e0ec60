"""A small world for tests of tasks: rules loaded, a plan, a task with a product, the people around it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings

from khcn.domains.programme.choices import (
    AwardMode,
    Certainty,
    FundingSourceKind,
    ProductType,
    Purpose,
    Sector,
    TaskKind,
    TaskState,
)
from khcn.domains.programme.models import Plan, Product, RuleSet, Task
from khcn.domains.programme.services import money
from khcn.domains.programme.services.reference import load_rules
from khcn.kernel.orgs.choices import OrganisationKind
from khcn.kernel.orgs.tests.cast import Member, make_member, make_organisation
from khcn.lib.actor import Actor
from khcn.lib.roles import Role

SYSTEM = Actor(uid=UUID(int=0), name="Hệ thống", on=date(2023, 1, 1), is_system=True)
RULES = Path(settings.ROOT) / "data" / "reference" / "rules"


@dataclass
class World:
    """The people and the task of one story."""

    specialist: Member
    director: Member
    accountant: Member
    leader: Member
    finance: Member
    focal: Member
    host: Member
    user: Member
    chair: Member
    plan: Plan
    task: Task
    product: Product


def make_world(*, state_vnd: int = 1_000_000_000, on: date = date(2022, 6, 1)) -> World:
    """Rules of the repository, one plan, one approved task that owes one biological product for agriculture."""
    load_rules(by=SYSTEM, folder=RULES)
    department = make_organisation("Sở Khoa học và Công nghệ")
    institute = make_organisation("Viện Sinh học", kind=OrganisationKind.RESEARCH)
    cooperative = make_organisation("Hợp tác xã Tiêu", kind=OrganisationKind.COOPERATIVE)
    host = make_member(Role.HOST, organisation=institute)
    plan = Plan.objects.create(
        code="KH-T",
        title="Kế hoạch thử",
        issuer="UBND tỉnh",
        period_from=2021,
        period_to=2025,
        total_vnd=45_000_000_000,
    )
    task = Task.objects.create(
        code="NV-2022-01", plan=plan, title="Chế phẩm nấm phòng bệnh hồ tiêu", kind=TaskKind.RESEARCH,
        mode=AwardMode.SELECTION, host=institute, pi=host.person, rule_set=RuleSet.objects.get(code="A"),
        approved_on=on, decision_number="100/QĐ-UBND", state_vnd=state_vnd, state=TaskState.APPROVED,
    )  # fmt: skip
    product = Product.objects.create(
        task=task, code="SP-01", name="Chế phẩm Trichoderma", type=ProductType.BIOPRODUCT, purpose=Purpose.PRODUCTION,
        sector=Sector.AGRICULTURE,
    )  # fmt: skip
    finance = make_member(Role.FINANCE)
    money.set_envelope(
        by=finance.actor, plan=plan, source=FundingSourceKind.S1_RECURRENT, year=2022, planned_vnd=state_vnd,
        granted_vnd=state_vnd, certainty=Certainty.SECURED,
    )  # fmt: skip
    return World(
        specialist=make_member(Role.SPECIALIST, organisation=department),
        director=make_member(Role.DIRECTOR, organisation=department),
        accountant=make_member(Role.ACCOUNTANT, organisation=department),
        leader=make_member(Role.LEADER),
        finance=finance,
        focal=make_member(Role.INFO_FOCAL),
        host=host,
        user=make_member(Role.COORDINATOR, organisation=cooperative),
        chair=make_member(),
        plan=plan,
        task=task,
        product=product,
    )
