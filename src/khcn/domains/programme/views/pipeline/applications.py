"""Screens of application dossiers: list, write, replace, page; appraisal, approval, cancellation."""

from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import ApplicationState
from khcn.domains.programme.forms.applications import (
    ApplicationForm,
    AppraisalForm,
    ApprovalForm,
    CancelForm,
    HostForm,
    RevisionForm,
    line_sets,
)
from khcn.domains.programme.forms.pipeline_filters import ApplicationFilter
from khcn.domains.programme.forms.proposals import AttachForm, ReasonForm
from khcn.domains.programme.models import Application
from khcn.domains.programme.permissions import roles_on, visible_applications
from khcn.domains.programme.queries import papers
from khcn.domains.programme.queries.applications import (
    OPEN_TO_HOST,
    attached_papers,
    missing_parts,
    required_papers,
    shown_budget,
    shown_products,
    shown_team,
)
from khcn.domains.programme.queries.eligibility import eligibility_of, evidence_codes
from khcn.domains.programme.queries.lump_mode import lump_mode_findings, mode_of_appraisal, mode_of_council
from khcn.domains.programme.queries.norms import findings_of_application, norm_sheet
from khcn.domains.programme.queries.order_lists import visible_calls
from khcn.domains.programme.queries.record_history import history, open_steps
from khcn.domains.programme.queries.saved_filters import filters_of
from khcn.domains.programme.services import applications as services
from khcn.domains.programme.services import approvals
from khcn.domains.programme.services.approvals import TEAM_SEATS
from khcn.domains.programme.views.pipeline.acting import office_of
from khcn.domains.programme.views.pipeline.files import attach, word_file
from khcn.lib.money import format_number
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column

ORDERS = {
    "code": ("code",),
    "host": ("host__sort_key",),
    "submitted": ("submitted_at",),
    "rank": ("rank",),
    "state": ("state",),
}
EXPORT = Export(
    name="Ho so dang ky",
    title="Hồ sơ đăng ký tuyển chọn, giao trực tiếp",
    columns=(
        Column("Mã", width=14), Column("Nhiệm vụ", width=50), Column("Tổ chức chủ trì", width=40),
        Column("Chủ nhiệm", width=28), Column("Trạng thái", width=24), Column("Nộp lúc", CellKind.DATETIME),
        Column("Ngân sách nhà nước (đồng)", CellKind.DONG), Column("Ngoài ngân sách (đồng)", CellKind.DONG),
        Column("Xếp hạng", CellKind.INTEGER),
    ),
    row=lambda item: (
        item.code, item.call.order.title, item.host.name, str(item.pi), ApplicationState(item.state).label,
        item.submitted_at, item.state_vnd, item.counterpart_vnd, item.rank,
    ),
)  # fmt: skip


@screen
def application_list(request: HttpRequest) -> HttpResponseBase:
    """The dossiers that the person may read; sealed ones are their hosts' alone."""
    rows = visible_applications(actor_of(request)).select_related("host", "pi", "call__order")
    filters = filtered(ApplicationFilter, request, rows)
    found, ordering = order(filters.rows, request, ORDERS, default="-code")
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, found)
    context = {
        "filters": filters, "ordering": ordering, "page": paginate(found, request),
        "saved": filters_of(actor_of(request), "applications"),
    }  # fmt: skip
    return page(request, "programme/pipeline/application_list.html", context, part="list")


@screen
def application_new(request: HttpRequest, uid: str) -> HttpResponse:
    """Begin a dossier for a call, for one of the person's units."""
    call = get_object_or_404(visible_calls(actor_of(request)), uid=uid)
    choice = HostForm(request.POST or None, actor=actor_of(request), call=call)
    host = choice.cleaned_data["host"] if choice.is_valid() else choice.fields["host"].queryset.first()  # type: ignore[attr-defined]
    form = ApplicationForm(request.POST or None, host=host)
    parts = line_sets(request.POST or None, None, host)
    if _all_valid(request, choice, form, *parts.values()):
        with form.refusals():
            made = services.create_application(
                by=actor_of(request), call=call, host=host, on=timezone.localdate(),
                partners=form.cleaned_data["partners"], **form.changes(parts),
            )  # fmt: skip
            return done(request, _("Đã lập hồ sơ %(code)s.") % {"code": made.code}, _address(made))
    context = {"form": form, "choice": choice, "parts": parts, "call": call}
    return page(request, "programme/pipeline/application_form.html", context, status=form.status)


@screen
def application_edit(request: HttpRequest, uid: str) -> HttpResponse:
    """Edit a draft or a dossier under revision; a submitted one is replaced as a whole, with the new time."""
    application = _own(request, uid)
    form = ApplicationForm(request.POST or None, host=application.host, application=application)
    parts = line_sets(request.POST or None, application, application.host)
    if _all_valid(request, form, *parts.values()):
        with form.refusals():
            changes, partners = form.changes(parts), form.cleaned_data["partners"]
            if application.state not in (ApplicationState.DRAFT, ApplicationState.SUBMITTED):
                changes.pop("pi")
            told: dict[str, Any] = {
                "by": actor_of(request),
                "application": application,
                "changes": changes,
                "partners": partners,
            }
            if application.state == ApplicationState.SUBMITTED:
                services.replace_application(**told, at=timezone.now(), expected_version=version_of(request))
            else:
                services.edit_application(**told, expected_version=version_of(request))
            return done(request, _("Đã ghi hồ sơ %(code)s.") % {"code": application.code}, _address(application))
    context = {"form": form, "parts": parts, "call": application.call, "application": application}
    is_fresh = request.method == "GET"
    context["norms"] = norm_sheet(findings_of_application(application) if is_fresh else ())
    context["lump_findings"] = lump_mode_findings(application, on=timezone.localdate()) if is_fresh else []
    return page(request, "programme/pipeline/application_form.html", context, status=form.status)


@screen
def application_page(request: HttpRequest, uid: str) -> HttpResponse:
    """One dossier: what it says, what it lacks, what past tasks say, what may be done now, its history."""
    application = _visible(request, uid)
    roles, today = roles_on(actor_of(request), application), timezone.localdate()
    is_host = bool(roles & {Role.HOST, Role.PI})
    eligibility = application.eligibility
    if eligibility is None and is_host:
        closing_on = application.call.closes_on or today
        eligibility = eligibility_of(application, closing_on=closing_on).as_json(checked_on=today)
    bars = [*(eligibility or {}).get("host_bars", ()), *(eligibility or {}).get("pi_bars", ())]
    context: dict[str, Any] = {
        "application": application, "call": application.call, "order": application.call.order,
        "steps": open_steps(actor_of(request), application, "application"), "is_host": is_host,
        "is_open": application.state in OPEN_TO_HOST or application.state == ApplicationState.SUBMITTED,
        "missing": missing_parts(application), "required": required_papers(application),
        "attached": attached_papers(application), "team": shown_team(application), "eligibility": eligibility,
        "products": shown_products(application), "budget": shown_budget(application), "score": _score(application),
        "lump_findings": lump_mode_findings(application, on=today), "council_mode": mode_of_council(application),
        "appraisal_mode": mode_of_appraisal(application),
        "norms": norm_sheet(findings_of_application(application)), "bars": bars, "evidence": evidence_codes(bars),
        "history": history(application, "application", today=today), "deadline": services.deadline_of(application.call),
        "reason_form": ReasonForm(), "revision_form": RevisionForm(), "cancel_form": CancelForm(),
        "approval_form": ApprovalForm(initial={"on": today}),
        "attach_form": AttachForm(papers=tuple(required_papers(application))),
        "may_appraise": application.state == ApplicationState.REVISED and bool(roles & (TEAM_SEATS | {Role.APPRAISER})),
        "task": getattr(application, "task", None), "shows_judgement": not is_host or application.state in _TOLD,
    }  # fmt: skip
    return page(request, "programme/pipeline/application_page.html", context)


@screen(methods=("POST",))
def application_act(request: HttpRequest, uid: str, event: str) -> HttpResponse:
    """Take one step of a dossier."""
    application, today = _visible(request, uid), timezone.localdate()
    told: dict[str, Any] = {"by": actor_of(request), "application": application}
    match event:
        case "submit":
            services.submit_application(**told, at=timezone.now(), expected_version=version_of(request))
        case "withdraw":
            services.withdraw_application(**told, at=timezone.now(), reason=request.POST.get("reason", ""))
        case "return_revised":
            explanation = request.POST.get("explanation", "")
            services.submit_revision(**told, explanation=explanation, on=today, expected_version=version_of(request))
        case "promote":
            approvals.promote_reserve(**told, on=today)
        case "reject":
            approvals.reject_reserve(**told, on=today)
        case "cancel":
            form = CancelForm(request.POST)
            if not form.is_valid():
                return done(request, form.problems[0][2], _address(application))
            approvals.cancel_application(**told, **form.cleaned_data, on=today)
        case "approve":
            approval = ApprovalForm(request.POST)
            if not approval.is_valid():
                return done(request, approval.problems[0][2], _address(application))
            task = approvals.approve_application(**told, **approval.cleaned_data, expected_version=version_of(request))
            message = _("Đã phê duyệt. Nhiệm vụ mang mã số %(code)s.") % {"code": task.code}
            return done(request, message, _address(application))
        case _:
            raise Http404
    state = _(ApplicationState(application.state).label)
    return done(request, _("Đã ghi hồ sơ: %(state)s.") % {"state": state}, _address(application))


@screen
def application_appraisal(request: HttpRequest, uid: str) -> HttpResponse:
    """Write what the appraisal team concluded, line by line."""
    application = _visible(request, uid)
    asked = {
        "amount_vnd": application.state_vnd, "months": application.months, "lump_mode": application.lump_mode,
    }  # fmt: skip
    form = AppraisalForm(request.POST or None, initial=asked)
    if form.is_valid():
        comments = {
            number: request.POST.get(f"comment-{number}", "")
            for number in range(len(application.dossier.get("budget", ())))
        }
        with form.refusals():
            approvals.record_appraisal(
                by=actor_of(request), application=application, on=timezone.localdate(), line_comments=comments,
                expected_version=version_of(request), **form.cleaned_data,
            )  # fmt: skip
            return done(request, _("Đã ghi kết luận thẩm định kinh phí."), _address(application))
    context = {"form": form, "application": application, "call": application.call}
    context |= {"budget": shown_budget(application), "norms": norm_sheet(findings_of_application(application))}
    context["lump_findings"] = lump_mode_findings(application, on=timezone.localdate())
    return page(request, "programme/pipeline/application_appraisal.html", context, status=form.status)


@screen(methods=("POST",))
def application_attach(request: HttpRequest, uid: str) -> HttpResponse:
    """Attach a paper to a dossier."""
    application = _visible(request, uid)
    return attach(request, application, papers=tuple(required_papers(application)))


@screen(methods=("GET", "HEAD"))
def application_decision_word(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The decision B3-4 of an approved dossier as a Word file."""
    application = _visible(request, uid)
    task = getattr(application, "task", None)
    if task is None:
        raise Http404
    return word_file(papers.approval_decision(task, office=office_of(request)), f"B3-4-QDPDKP {task.code}")


#: States in which the council's judgement has been told to the host; before, it is the council's.
_TOLD = frozenset(
    {
        ApplicationState.SELECTED, ApplicationState.RESERVE, ApplicationState.REJECTED, ApplicationState.REVISED,
        ApplicationState.APPRAISED, ApplicationState.REVISED_AFTER_APPRAISAL, ApplicationState.APPROVED,
        ApplicationState.CANCELLED,
    }
)  # fmt: skip


def _score(application: Application) -> str:
    """The mean as people write it: 82,33."""
    exact = ((application.score or {}).get("count") or {}).get("mean_score")
    return format_number(Fraction(exact), decimals=2) if exact else ""


def _all_valid(request: HttpRequest, *forms: Any) -> bool:
    """Validate every part, so that every error shows at once."""
    verdicts = [form.is_valid() for form in forms]
    return request.method == "POST" and all(verdicts)


def _visible(request: HttpRequest, uid: str) -> Application:
    rows = visible_applications(actor_of(request)).select_related(
        "host", "pi", "call__order__proposal", "call__order__order_list", "call__order__orderer", "call__rule_set"
    )
    return get_object_or_404(rows, uid=uid)


def _own(request: HttpRequest, uid: str) -> Application:
    application = _visible(request, uid)
    if not roles_on(actor_of(request), application) & {Role.HOST, Role.PI}:
        raise Http404
    return application


def _address(application: Application) -> str:
    return reverse("application_page", args=[application.uid])
