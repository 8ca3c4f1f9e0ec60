"""Reads norms in force and holds estimates against them: dossiers of applications and budgets of tasks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import (
    BudgetLineKind,
    EstimateBasis,
    FundingSourceKind,
    NormVerdict,
    RuleStatus,
    WorkTitle,
)
from khcn.domains.programme.models import Application, BudgetVersion, CostNorm, RuleSet
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.rules import norms as rules
from khcn.domains.programme.rules.estimates import EstimateLine, NormFinding, estimate_findings
from khcn.lib.money import format_number, format_vnd

#: Councils whose fees are a share of the acceptance council's, not rows of their own.
SHARED_FEES: Final = {"self_evaluation": _("Hội đồng tự đánh giá"), "other_council": _("Hội đồng khác")}
FEE_ACTIVITIES: Final = {
    "identification": _("Hội đồng xác định nhiệm vụ"), "order_writing": _("Viết đặt hàng"),
    "selection": _("Hội đồng tuyển chọn"), "acceptance": _("Hội đồng nghiệm thu"),
    "budget_appraisal": _("Tổ thẩm định"),
    "technical_expert": _("Tổ chuyên gia"), "seminar": _("Hội thảo khoa học"), **SHARED_FEES,
}  # fmt: skip
FEE_ROLES: Final = {
    "chair": _("chủ trì, chủ tịch"), "member": _("thành viên"), "sci_secretary": _("thư ký khoa học"),
    "admin_secretary": _("thư ký hành chính"), "guest": _("khách mời"), "review": _("phiếu nhận xét của ủy viên"),
    "reviewer_review": _("phiếu nhận xét của phản biện"), "expert": _("chuyên gia"), "secretary": _("thư ký"),
    "paper_presented": _("báo cáo trình bày"), "paper_written": _("báo cáo không trình bày"), "attendee": _("người dự"),
}  # fmt: skip


def cost_norms() -> tuple[rules.CostNorm, ...]:
    """Every dated fee ceiling, as the rules read them; which one holds on a day is the rule's own choice."""
    return tuple(
        rules.CostNorm(
            activity=row.activity, role=row.role, unit=row.unit, amount_vnd=row.amount_vnd or 0,
            citation=row.citation, status=RuleStatus(row.status), valid_from=row.valid_from or date.min,
            valid_to=row.valid_to,
        )
        for row in CostNorm.objects.exclude(amount_vnd=None)
    )  # fmt: skip


def fee_choices(*, on: date) -> list[tuple[str, str]]:
    """(activity.role, words) of the fees that an estimate may name on the day."""
    known = CostNorm.objects.valid_on(on).exclude(amount_vnd=None).order_by("id").values_list("activity", "role")
    pairs = list(dict.fromkeys(known))
    pairs += [(activity, role) for activity in SHARED_FEES for known_in, role in pairs if known_in == "acceptance"]
    return [(f"{activity}.{role}", fee_words(f"{activity}.{role}")) for activity, role in pairs]


def fee_words(fee: str) -> str:
    """A fee as people read it: "Hội thảo khoa học – chủ trì, chủ tịch"."""
    activity, _dot, role = fee.partition(".")
    return " – ".join(str(part) for part in (FEE_ACTIVITIES.get(activity, activity), FEE_ROLES.get(role, role)) if part)


def findings_of_rows(rows: Iterable[Mapping[str, Any]], *, rule_set: RuleSet, on: date) -> tuple[NormFinding, ...]:
    """Hold the rows of a dossier's estimate (flat, as they are kept) against the norms of the day. Two queries."""
    lines = [estimate_line(row) for row in rows]
    if not lines:
        return ()
    return estimate_findings(lines, norms=cost_norms(), values=parameters_of(rule_set, on=on), on=on)


def findings_of_application(application: Application, *, on: date | None = None) -> tuple[NormFinding, ...]:
    """Hold a dossier's estimate against the norms of the day it was handed in (today for a draft)."""
    handed_in = application.submitted_at.date() if application.submitted_at else timezone.localdate()
    rows = application.dossier.get("budget", ())
    return findings_of_rows(rows, rule_set=application.call.rule_set, on=on or handed_in)


def findings_of_budget(budget: BudgetVersion, *, on: date) -> tuple[NormFinding, ...]:
    """Hold a task's estimate against the norms of the day."""
    rows = [
        {
            "kind": line.kind, "source": line.source, "amount_vnd": line.amount_vnd, "basis": line.basis,
            "justification": line.justification, **line.reckoning,
        }
        for line in budget.lines.all()
    ]  # fmt: skip
    return findings_of_rows(rows, rule_set=budget.task.rule_set, on=on)


@dataclass(frozen=True, slots=True)
class NormSheet:
    """Findings on an estimate as a page shows them: by line (from 0), on the whole, and how many of each verdict."""

    lines: dict[int, list[dict[str, Any]]]
    whole: list[dict[str, Any]]
    stops: int
    explained: int

    @property
    def all(self) -> list[dict[str, Any]]:
        """Every finding, in the order of the lines."""
        return [item for place in sorted(self.lines) for item in self.lines[place]] + self.whole


def norm_sheet(findings: Iterable[NormFinding | Mapping[str, Any]]) -> NormSheet:
    """Sort findings, fresh or kept, for a page."""
    rows = [item.as_json() if isinstance(item, NormFinding) else dict(item) for item in findings]
    lines: dict[int, list[dict[str, Any]]] = {}
    whole = []
    for row in rows:
        row["verdict"] = NormVerdict(row["verdict"])
        if row["line"] is None:
            whole.append(row)
        else:
            lines.setdefault(row["line"], []).append(row)
    verdicts = [row["verdict"] for row in rows]
    stops = verdicts.count(NormVerdict.STOP) + verdicts.count(NormVerdict.EXPLAIN)
    return NormSheet(lines, whole, stops, verdicts.count(NormVerdict.EXPLAINED))


def reckoning_words(row: Mapping[str, Any]) -> str:
    """How a line was reckoned, in a few words: "Thành viên · 6 tháng × 0,4 × 30.000.000 đồng"."""
    line = estimate_line(row)
    if line.basis is EstimateBasis.PAY:
        title = line.title.label if line.title else ""
        return (
            f"{title} · {format_number(line.quantity)} tháng × {format_number(line.coefficient)} × "
            f"{format_vnd(line.unit_vnd)}"
        )
    if line.basis is EstimateBasis.LABOUR:
        return f"{format_number(line.quantity)} ngày công"
    if line.basis is EstimateBasis.FEE:
        return f"{fee_words(line.fee)} · {format_number(line.quantity)} × {format_vnd(line.unit_vnd)}"
    return "" if line.basis is EstimateBasis.OTHER else line.basis.label


def estimate_line(row: Mapping[str, Any]) -> EstimateLine:
    """A kept row as the rules read it; what is absent counts as not stated."""
    title = str(row.get("title") or "")
    return EstimateLine(
        kind=BudgetLineKind(row["kind"]), source=FundingSourceKind(row["source"]), amount_vnd=int(row["amount_vnd"]),
        basis=EstimateBasis(row.get("basis") or EstimateBasis.OTHER),
        title=WorkTitle(title) if title in WorkTitle.values() else None,
        person=str(row.get("person") or ""), content=str(row.get("content") or ""), job=str(row.get("job") or ""),
        quantity=_exact(row.get("quantity")), coefficient=_exact(row.get("coefficient")),
        unit_vnd=int(row.get("unit_vnd") or 0), fee=str(row.get("fee") or ""),
        justification=str(row.get("justification") or ""),
    )  # fmt: skip


def _exact(value: Any) -> Fraction:
    return Fraction(Decimal(str(value))) if value not in (None, "") else Fraction(0)
