"""Screens of the plan's money: by source and year with the gap, envelopes, uncleared advances; a task's estimate."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import EstimateBasis, RecoveryState
from khcn.domains.programme.forms.estimates import ASKED_BY as RECKONING_NAMES
from khcn.domains.programme.forms.money import BudgetHeadForm, BudgetLines, EnvelopeForm
from khcn.domains.programme.models import BudgetLine, BudgetVersion, Plan, PlanEnvelope
from khcn.domains.programme.permissions import visible_tasks
from khcn.domains.programme.queries import money as queries
from khcn.domains.programme.queries.funds import GapLine, funding_gap
from khcn.domains.programme.queries.norms import fee_choices, norm_sheet
from khcn.domains.programme.queries.oversight import ageing
from khcn.domains.programme.queries.recovery import RecoveryStanding, open_recoveries
from khcn.domains.programme.services import estimates
from khcn.domains.programme.services import money as services
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
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
SHOWN = 10


@screen
def money_overview(request: HttpRequest) -> HttpResponseBase:
    """The fund table of a plan by source and year, its envelopes, and advances that should be cleared."""
    actor = actor_of(request)
    require_role(actor, *READERS)
    plans = Plan.objects.all()
    plan = plans.filter(uid=request.GET["plan"]).first() if request.GET.get("plan") else plans.first()
    context: dict[str, Any] = {"plans": plans, "plan": plan, "may_set": actor.holds(Role.FINANCE, Role.ACCOUNTANT)}
    if plan is not None:
        table = queries.fund_table(queries.plan_entries(plan), group_by=("source", "year"))
        today = timezone.localdate()
        gap, recoveries = funding_gap(plan), open_recoveries(on=today, plan_id=plan.pk)
        tables = {"nguon": (_gap_export(plan), gap.lines), "thu-hoi": (_recovery_export(plan), recoveries)}
        export, exported = tables.get(request.GET.get("bang", ""), (_export(plan), table.rows))
        if export.asked_for(request):
            return export.respond(request, exported)
        ended = ageing(visible_tasks(actor).filter(plan=plan), on=today).where(lambda row: row.is_past_end)
        context |= {
            "rows": table.rows,
            "total": table.total,
            "envelopes": plan.envelopes.all(),
            "gap": gap,
            "recoveries": recoveries,
            "uncleared": ended[:SHOWN],
            "uncleared_count": len(ended),
            "uncleared_vnd": sum(row.uncleared_vnd for row in ended.keys),
        }
    return page(request, "programme/money/overview.html", context)


@screen
def envelope_set(request: HttpRequest, uid: UUID, envelope: UUID | None = None) -> HttpResponse:
    """Set an envelope of a plan."""
    actor = actor_of(request)
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
                by=actor, plan=plan, expected_version=version_of(request) if current else None,
                as_new=current is None, **form.cleaned_data,
            )  # fmt: skip
            return done(request, _("Đã ghi khung kinh phí."), back)
    context = {"form": form, "plan": plan, "back": back, "version": current.version if current else ""}
    return page(request, "programme/money/envelope.html", context, status=form.status)


@screen
def budget_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Draw up a task's estimate line by line."""
    actor = actor_of(request)
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
    return estimates.LineDraft(
        **named, basis=basis, reckoning={name: data[name] for name in (*RECKONING_NAMES, "is_abroad")}
    )


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


def _gap_export(plan: Plan) -> Export:
    def row(line: GapLine) -> list[object]:
        return [_(line.source.label), line.year, line.planned_vnd, line.granted_vnd, line.missing_vnd]

    return Export(
        _("Nguồn kinh phí"),
        _("Kế hoạch, đã giao và còn thiếu theo nguồn và năm: %(plan)s") % {"plan": plan.title},
        [
            Column(_("Nguồn"), width=44), Column(_("Năm"), CellKind.INTEGER), Column(_("Kế hoạch"), CellKind.DONG),
            Column(_("Dự toán giao"), CellKind.DONG), Column(_("Còn thiếu"), CellKind.DONG),
        ],
        row,
    )  # fmt: skip


def _recovery_export(plan: Plan) -> Export:
    def row(item: RecoveryStanding) -> list[object]:
        title = _("(nhiệm vụ mật)") if item.task.is_secret else item.task.title
        return [
            item.task.code, title, item.task.host.name, _(RecoveryState(item.task.recovery_state).label),
            item.received_vnd, item.recovery.demanded_vnd if item.recovery else None, item.recovered_vnd,
            item.left_vnd, item.pay_by,
        ]  # fmt: skip

    return Export(
        _("Thu hồi kinh phí"),
        _("Thu hồi kinh phí chưa xong: %(plan)s") % {"plan": plan.title},
        [
            Column(_("Nhiệm vụ"), width=18), Column(_("Tên nhiệm vụ"), width=50),
            Column(_("Tổ chức chủ trì"), width=36), Column(_("Tình trạng"), width=24),
            Column(_("Đã tạm ứng, thanh toán"), CellKind.DONG), Column(_("Phải hoàn trả"), CellKind.DONG),
            Column(_("Đã thu"), CellKind.DONG), Column(_("Còn phải thu"), CellKind.DONG),
            Column(_("Hạn"), CellKind.DATE),
        ],
        row,
    )  # fmt: skip
