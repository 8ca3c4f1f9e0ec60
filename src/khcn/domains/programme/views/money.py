"""Screens of the plan's money: by source and year with the gap, envelopes, uncleared advances; a task's estimate."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import EstimateBasis, FundingSourceKind
from khcn.domains.programme.forms.estimates import ASKED_BY as RECKONING_NAMES
from khcn.domains.programme.forms.money import BudgetHeadForm, BudgetLines, EnvelopeForm
from khcn.domains.programme.models import BudgetLine, BudgetVersion, LedgerEntry, Plan, PlanEnvelope
from khcn.domains.programme.permissions import visible_tasks
from khcn.domains.programme.queries import money as queries
from khcn.domains.programme.queries.norms import fee_choices, norm_sheet
from khcn.domains.programme.services import estimates
from khcn.domains.programme.services import money as services
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.roles import Role
from khcn.web.listing import Export
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column

READERS = (
    Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.ACCOUNTANT, Role.FINANCE, Role.LEADER, Role.INSPECTOR,
)  # fmt: skip
AMOUNTS = (
    "planned_vnd", "estimated_vnd", "allocated_vnd", "advanced_vnd", "paid_vnd", "uncleared_vnd", "carried_out_vnd",
    "recovered_vnd", "settled_vnd",
)  # fmt: skip


@screen
def money_overview(request: HttpRequest) -> HttpResponseBase:
    """The fund table of a plan by source and year, its envelopes, and advances that should be cleared."""
    actor = request.actor  # type: ignore[attr-defined]
    require_role(actor, *READERS)
    plans = Plan.objects.all()
    plan = plans.filter(uid=request.GET["plan"]).first() if request.GET.get("plan") else plans.first()
    context: dict[str, Any] = {"plans": plans, "plan": plan, "may_set": actor.holds(Role.FINANCE, Role.ACCOUNTANT)}
    if plan is not None:
        entries = LedgerEntry.objects.filter(task__plan=plan)
        rows = sorted(queries.fund_rows(entries, group_by=("source", "year")), key=lambda row: row.key)
        export = _export(plan)
        if export.asked_for(request):
            return export.respond(request, rows)
        total = next(iter(queries.fund_rows(entries, group_by=())), None)
        named = sum(item.planned_vnd for item in plan.envelopes.exclude(source=FundingSourceKind.UNDETERMINED))
        context |= {
            "rows": rows,
            "total": total.columns if total else None,
            "envelopes": plan.envelopes.all(),
            "named_vnd": named,
            "gap_vnd": (plan.total_vnd or 0) - named,
            "uncleared": queries.uncleared_advances(on=timezone.localdate()).filter(plan=plan).select_related("host"),
        }
    return page(request, "programme/money/overview.html", context)


@screen
def envelope_set(request: HttpRequest, uid: UUID, envelope: UUID | None = None) -> HttpResponse:
    """Set an envelope of a plan."""
    actor = request.actor  # type: ignore[attr-defined]
    require_role(actor, Role.FINANCE, Role.ACCOUNTANT, Role.DIRECTOR)
    plan = get_object_or_404(Plan, uid=uid)
    current = get_object_or_404(PlanEnvelope, uid=envelope, plan=plan) if envelope else None
    names = ("source", "year", "planned_vnd", "granted_vnd", "certainty", "basis")
    initial = {name: getattr(current, name) for name in names} if current else {}
    form = EnvelopeForm(request.POST or None, initial=initial)
    back = f"{reverse('money_overview')}?plan={plan.uid}"
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            services.set_envelope(
                by=actor, plan=plan, expected_version=version_of(request) if current else None, **form.cleaned_data
            )
            return done(request, _("Đã ghi khung kinh phí."), back)
    context = {"form": form, "plan": plan, "back": back, "version": current.version if current else ""}
    return page(request, "programme/money/envelope.html", context, status=form.status)


@screen
def budget_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Draw up a task's estimate line by line."""
    actor = request.actor  # type: ignore[attr-defined]
    task = get_object_or_404(visible_tasks(actor), uid=uid)
    last = task.budgets.order_by("-number").prefetch_related("lines").first()
    today, back = timezone.localdate(), reverse("task_tab", args=[task.uid, "kinh-phi"])
    form = BudgetHeadForm(request.POST or None, initial={"drawn_from": last.number if last else 0})
    # sent lines are read as they are: compared with stored ones, an unchanged line would count as left empty
    stored = [_shown_line(line) for line in last.lines.all()] if last and request.method != "POST" else []
    lines = BudgetLines(
        request.POST or None, initial=stored, prefix="budget", form_kwargs={"fees": fee_choices(on=today)}
    )
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        with form.refusals():
            drafts = [_draft(item.cleaned_data) for item in lines.forms if _is_filled(item)]
            made = estimates.draft_budget(
                by=actor, task=task, lines=drafts, on=today, reason=form.cleaned_data["reason"],
                expected_number=form.cleaned_data["drawn_from"],
            )  # fmt: skip
            return done(request, _drawn_up(made), back)
    norms = norm_sheet(last.norm_breaches) if last and request.method != "POST" else None
    context = {"task": task, "form": form, "lines": lines, "norms": norms, "back": back}
    return page(request, "programme/money/budget.html", context, status=422 if request.method == "POST" else 200)


LINE_NAMES = ("kind", "source", "year", "amount_vnd", "is_lump", "note", "justification", "basis")


def _shown_line(line: BudgetLine) -> dict[str, Any]:
    return {**{name: getattr(line, name) for name in LINE_NAMES}, **line.reckoning}


def _is_filled(form: Any) -> bool:
    return bool(form.cleaned_data) and not form.cleaned_data.get("DELETE")


def _draft(data: dict[str, Any]) -> estimates.LineDraft:
    named = {name: data[name] for name in LINE_NAMES}
    basis = named.pop("basis") or EstimateBasis.OTHER
    return estimates.LineDraft(**named, basis=basis, reckoning={name: data[name] for name in RECKONING_NAMES})


def _drawn_up(budget: BudgetVersion) -> str:
    stops = norm_sheet(budget.norm_breaches).stops
    if stops:
        return _("Đã ghi dự toán; còn %(n)s khoản chưa đúng định mức, phải sửa hoặc giải trình.") % {"n": stops}
    return _("Đã lập dự toán đúng định mức; chờ phê duyệt.")


def _export(plan: Plan) -> Export:
    titles = (
        _("Kế hoạch"), _("Dự toán giao"), _("Phân bổ"), _("Tạm ứng"), _("Đã thanh toán"), _("Dư tạm ứng"),
        _("Chuyển nguồn"), _("Thu hồi"), _("Quyết toán"),
    )  # fmt: skip
    return Export(
        _("Kinh phí"),
        _("Kinh phí theo nguồn và năm: %(plan)s") % {"plan": plan.title},
        [
            Column(_("Nguồn"), width=44),
            Column(_("Năm"), CellKind.INTEGER),
            *(Column(title, CellKind.DONG) for title in titles),
        ],
        lambda row: [
            queries.source_label(row.key[0]), row.key[1], *(getattr(row.columns, name) for name in AMOUNTS),
        ],
    )  # fmt: skip
