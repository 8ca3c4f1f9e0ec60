"""A small plan whose every figure can be counted on one's fingers; all names are invented."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path

from khcn.domains.programme.models import (
    ApplicationRecord,
    Contract,
    Handover,
    LedgerEntry,
    Plan,
    PlanEnvelope,
    PlanField,
    Product,
    RuleParameter,
    RuleSet,
    Task,
)
from khcn.domains.programme.services.reference_indicators import load_indicators
from khcn.kernel.indicators.models import Indicator, Target
from khcn.lib.actor import Actor

TODAY = date(2025, 6, 20)
PARAMETERS = {
    "uptake.min_days": "180",
    "uptake.grace_months": "12",
    "target.at_risk_share": "3/4",
    "reporting.cutoff_day": "14",
    "reporting.province_due_day": "25",
}
GOALS = {"T1": 3, "T2": 3, "T3": 2, "T4": 2, "T5": 2, "T6": 100, "T7": 100}
FOUR = {"uptake.min_days": 180, "uptake.grace_months": 12}
REFERENCE = Path(__file__).resolve().parents[6] / "data/reference/indicators/indicators.csv"


def rule_set() -> RuleSet:
    """One rule set with the figures that reports and targets read."""
    rules, created = RuleSet.objects.get_or_create(
        code="A", defaults={"title": "Bộ quy tắc thử", "regime": "A", "pinning": "at_filing",
                            "valid_from": date(2014, 1, 1)},
    )  # fmt: skip
    if created:
        for key, value in PARAMETERS.items():
            RuleParameter.objects.create(rule_set=rules, key=key, value=value, valid_from=date(2014, 1, 1))
    return rules


@dataclass
class World:
    """A plan and everybody around it. Make rows with the verbs; dates are given, the rest is invented."""

    cast: object
    by: Actor
    plan: Plan
    rules: RuleSet
    field: PlanField
    host: object
    user: object
    numbers: object = field(default_factory=lambda: count(1))

    def task(self, *, approved_on: date, **fields) -> Task:
        """A task of the plan."""
        number = next(self.numbers)
        fields.setdefault("code", f"KHCN-{approved_on.year}-{number:02d}")
        fields.setdefault("title", f"Nghiên cứu ứng dụng số {number}")
        fields.setdefault("state_vnd", 1_000_000_000)
        fields.setdefault("decision_number", f"{number}/QĐ-UBND")
        return Task.objects.create(
            plan=self.plan, field=self.field, kind="research", host=fields.pop("host", self.host),
            pi=self.cast.person(f"Chủ nhiệm {number}"), rule_set=self.rules, approved_on=approved_on, **fields,
        )  # fmt: skip

    def contract(self, task: Task, signed_on: date, end_on: date | None = None) -> Contract:
        """Its contract."""
        end = end_on or date(signed_on.year + 2, signed_on.month, 1)
        task.start_on, task.end_on, task.original_end_on = signed_on, end, end
        task.save()
        return Contract.objects.create(
            task=task, number=f"{task.code}/HĐ", signed_on=signed_on, start_on=signed_on, end_on=end,
            state_vnd=task.state_vnd,
        )  # fmt: skip

    def product(self, task: Task, type: str = "software", **fields) -> Product:
        """A product of the task, of the kind that T1 counts unless told otherwise."""
        fields.setdefault("purpose", "public_administration")
        fields.setdefault("sector", "agriculture")
        number = next(self.numbers)
        return Product.objects.create(
            task=task, code=f"SP-{number}", name=f"Sản phẩm {number}", type=type, unit="hệ thống", **fields
        )

    def accept(self, task: Task, on: date, *, recognised_on: date | None = None, grade: str = "pass") -> None:
        """The council's grade of the task and of all its products."""
        task.grade, task.accepted_on, task.recognised_on = grade, on, recognised_on
        task.state = "failed" if grade == "fail" else "accepted"
        task.save()
        task.products.filter(grade="").update(grade=grade, graded_on=on, delivered_quantity=1)

    def apply(
        self, product: Product, *, used_from: date, confirmed_on: date | None, handed_on: date | None = None, user=None,
        **fields,
    ) -> ApplicationRecord:  # fmt: skip
        """A hand-over signed by both and one use of the product."""
        user = user or self.user
        if handed_on is not None:
            Handover.objects.create(product=product, receiver=user, handed_on=handed_on, signed_on=handed_on)
        return ApplicationRecord.objects.create(
            product=product, user_organisation=user, used_from=used_from, scale="01 huyện", confirmed_on=confirmed_on,
            confirmation_number="15/XN" if confirmed_on else "", **fields,
        )  # fmt: skip

    def entry(self, task: Task, kind: str, amount_vnd: int, *, year: int, on: date, source: str = "S1", reverses=None):
        """One row of the ledger."""
        return LedgerEntry.objects.create(
            task=task, kind=kind, source=source, year=year, amount_vnd=amount_vnd, on=on, document_number="CT",
            key=f"k{next(self.numbers)}", reverses=reverses,
        )  # fmt: skip

    def envelope(self, source: str, year: int, planned_vnd: int, granted_vnd: int) -> PlanEnvelope:
        """What a source is to give in a year."""
        return PlanEnvelope.objects.create(
            plan=self.plan, source=source, year=year, planned_vnd=planned_vnd, granted_vnd=granted_vnd
        )

    def target(self, code: str) -> Target:
        """The plan's target on the indicator."""
        return Target.objects.get(scope_uid=self.plan.uid, indicator__code=code)

    def applied_product(self, type: str = "software", *, since: date = date(2024, 3, 1), **fields) -> Product:
        """A product that counts as applied on TODAY: accepted, recognised, handed over, used and confirmed."""
        task = self.task(approved_on=date(2022, 3, 1))
        self.contract(task, date(2022, 4, 1), end_on=date(2024, 1, 31))
        product = self.product(task, type, **fields)
        self.accept(task, date(2024, 1, 15), recognised_on=date(2024, 2, 15))
        self.apply(product, used_from=since, confirmed_on=date(2025, 1, 10), handed_on=date(2024, 2, 20))
        product.refresh_from_db()
        return product


def build_world(cast, by: Actor) -> World:
    """A plan 2021–2025 of 45 tỷ đồng with its seven targets and nothing done yet."""
    rules = rule_set()
    load_indicators(by, REFERENCE)
    department = cast.organisation(
        "Sở Khoa học và Công nghệ", short_name="SKHCN", parent=cast.organisation("Ủy ban nhân dân tỉnh Hương Giang")
    )
    plan = Plan.objects.create(
        code="KH-2021", title="Kế hoạch nghiên cứu, ứng dụng khoa học và công nghệ giai đoạn 2021 - 2025",
        number="299/KH-UBND", issued_on=date(2022, 10, 17), issuer="Ủy ban nhân dân tỉnh Hương Giang",
        period_from=2021, period_to=2025, total_vnd=45_000_000_000, state="adopted", standing_body=department,
    )  # fmt: skip
    for ordinal, (code, goal) in enumerate(GOALS.items(), 1):
        is_share = goal == 100
        indicator = Indicator.objects.get(code=code)
        Target.objects.create(
            indicator=indicator, scope_uid=plan.uid, ordinal=ordinal, operator="=" if is_share else ">=",
            value=Decimal(goal), unit=indicator.unit, sentence=f"{indicator.name} ({goal})", due_on=date(2025, 12, 31),
            denominator="frozen" if code == "T6" else "none", frozen_on=date(2025, 6, 30) if code == "T6" else None,
        )  # fmt: skip
    plan_field = PlanField.objects.create(plan=plan, ordinal=1, title="Công nghệ thông tin", area="it")
    return World(
        cast, by, plan, rules, plan_field, cast.organisation("Viện Nghiên cứu Ánh Dương", kind="research"),
        cast.organisation("Hợp tác xã Bình Minh", kind="cooperative"),
    )  # fmt: skip
