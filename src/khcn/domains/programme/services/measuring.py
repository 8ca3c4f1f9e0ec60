"""Measures a plan's targets and M1–M3 on a date and keeps the values; enters values of targets that have no source."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from khcn.domains.programme.models import Plan
from khcn.domains.programme.queries.targets import measured_indicators
from khcn.kernel.audit.services import record
from khcn.kernel.indicators.models import IndicatorValue, Target
from khcn.kernel.indicators.services import measure
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.digest import digest
from khcn.lib.failure import Refused
from khcn.lib.roles import Role

MEASURERS = (Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.LEADER, Role.INSPECTOR)
EVIDENCED = "manual"


def measure_plan(*, by: Actor, plan: Plan, as_of: date, today: date) -> list[IndicatorValue]:
    """Measure every target of the plan that has a source, and M1–M3, with all records up to a date."""
    require_role(by, *MEASURERS)
    if as_of > today:
        raise Refused("Ngày tính không được ở tương lai.", field="as_of")
    if as_of < date(plan.period_from, 1, 1):
        raise Refused("Ngày tính phải từ ngày đầu của giai đoạn kế hoạch.", field="as_of")
    indicators = measured_indicators(plan)
    if not indicators:
        raise Refused("Kế hoạch chưa có chỉ tiêu nào có nguồn tính.")
    return measure(
        by=by, indicators=indicators, scope_uid=plan.uid, period_from=date(plan.period_from, 1, 1), period_to=as_of,
        as_of=as_of,
    )  # fmt: skip


def enter_value(
    *, by: Actor, plan: Plan, target: Target, value: Decimal, evidence: str, as_of: date, today: date
) -> IndicatorValue:
    """Enter a value of a target whose indicator has no source, with the paper that proves it; earlier ones stay."""
    require_role(by, Role.SPECIALIST, Role.HEAD)
    if target.indicator.source:
        raise Refused("Chỉ tiêu này được tính từ hồ sơ; không nhập tay.")
    if value < 0:
        raise Refused("Giá trị không được âm.", field="value")
    if not evidence.strip():
        raise Refused("Ghi văn bản minh chứng.", field="evidence")
    if as_of > today:
        raise Refused("Ngày số liệu không được ở tương lai.", field="as_of")
    with transaction.atomic():
        content = {"evidence": evidence.strip(), "entered_by": by.name}
        stored = IndicatorValue.objects.create(
            indicator=target.indicator, scope_uid=plan.uid, period_from=min(date(plan.period_from, 1, 1), as_of),
            period_to=as_of, as_of=as_of, value=value, evidence=content, parameters={}, source=EVIDENCED,
            sha256=digest([target.indicator.code, str(plan.uid), as_of, value, content]), measured_by_id=by.user_id,
        )  # fmt: skip
        record(by=by, verb="indicators.enter", subject=stored, after={"value": str(value), "evidence": evidence})
    return stored
