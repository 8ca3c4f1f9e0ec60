"""Screens of proposals: list, new, edit with a draft that keeps itself, page with its whole history, papers."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import ProposalState, TaskKind
from khcn.domains.programme.forms.pipeline_filters import ProposalFilter
from khcn.domains.programme.forms.proposals import (
    AttachForm,
    NewProposalForm,
    ProposalForm,
    ReasonForm,
    proposing_units,
)
from khcn.domains.programme.models import Proposal
from khcn.domains.programme.permissions import roles_on, visible_proposals
from khcn.domains.programme.queries import papers
from khcn.domains.programme.queries.procedure_cases import cases_of_proposal
from khcn.domains.programme.queries.proposals import ORDERS, form_code, missing_parts
from khcn.domains.programme.queries.record_history import history, open_steps
from khcn.domains.programme.queries.saved_filters import filters_of
from khcn.domains.programme.services import proposals as services
from khcn.domains.programme.views.pipeline.files import attach, word_file
from khcn.lib.failure import Failure, Stale
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.wording import said

EXPORT = Export(
    name="De xuat",
    title="Danh sách đề xuất nhiệm vụ khoa học và công nghệ",
    columns=(
        Column("Mã", width=14), Column("Tên nhiệm vụ đề xuất", width=60), Column("Loại", width=24),
        Column("Lĩnh vực"), Column("Đơn vị đề xuất", width=40), Column("Trạng thái", width=24),
        Column("Từ năm", CellKind.INTEGER), Column("Đến năm", CellKind.INTEGER),
        Column("Kinh phí dự kiến (đồng)", CellKind.DONG), Column("Ngày nộp", CellKind.DATE),
    ),
    row=lambda item: (
        item.code, item.title, TaskKind(item.kind).label, str(item.field or ""), item.proposer.name,
        ProposalState(item.state).label, item.year_from, item.year_to, item.budget_vnd, item.submitted_on,
    ),
)  # fmt: skip


@screen
def proposal_list(request: HttpRequest) -> HttpResponseBase:
    """The proposals that the person may read, filtered, sorted, as a page or a file."""
    rows = visible_proposals(actor_of(request)).select_related("proposer", "field")
    filters = filtered(ProposalFilter, request, rows)
    found, ordering = order(filters.rows, request, ORDERS, default="-code")
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, found)
    context = {
        "filters": filters, "ordering": ordering, "page": paginate(found, request),
        "saved": filters_of(actor_of(request), "proposals"), "may_propose": proposing_units(actor_of(request)).exists(),
    }  # fmt: skip
    return page(request, "programme/pipeline/proposal_list.html", context, part="list")


@screen
def proposal_new(request: HttpRequest) -> HttpResponse:
    """Begin a proposal for one of the person's units."""
    form = NewProposalForm(request.POST or None, actor=actor_of(request))
    if form.is_valid():
        values = dict(form.cleaned_data)
        with form.refusals():
            proposal = services.create_proposal(
                by=actor_of(request), proposer=values.pop("proposer"), on=timezone.localdate(), **values
            )
            return done(request, _("Đã lập phiếu %(code)s.") % {"code": proposal.code}, _edit_address(proposal))
    return page(request, "programme/pipeline/proposal_form.html", {"form": form}, status=form.status)


@screen
def proposal_edit(request: HttpRequest, uid: str) -> HttpResponse:
    """Edit a draft or returned proposal; it keeps itself every few seconds."""
    proposal = _own(request, uid)
    form = ProposalForm(request.POST or None, instance=proposal)
    if form.is_valid():
        with form.refusals():
            services.edit_proposal(
                by=actor_of(request), proposal=proposal, changes=form.cleaned_data, expected_version=version_of(request)
            )
            return done(request, _("Đã ghi phiếu đề xuất."), _address(proposal))
    context = {"form": form, "proposal": proposal}
    return page(request, "programme/pipeline/proposal_form.html", context, status=form.status)


@screen(methods=("POST",))
def proposal_autosave(request: HttpRequest, uid: str) -> HttpResponse:
    """Keep what can be read of a draft; answers with the time and the new version."""
    proposal = _own(request, uid)
    form = ProposalForm(request.POST, instance=proposal)
    try:
        services.edit_proposal(
            by=actor_of(request), proposal=proposal, changes=form.readable(), expected_version=version_of(request),
            is_quiet=True,
        )  # fmt: skip
    except Stale as stale:
        return JsonResponse({"problem": said(stale.message)}, status=409)
    except Failure as failure:
        return JsonResponse({"problem": said(failure.message)}, status=422)
    told = _("đã lưu %(at)s") % {"at": f"{timezone.localtime():%H:%M}"}
    return JsonResponse({"version": proposal.version, "told": told})


@screen
def proposal_page(request: HttpRequest, uid: str) -> HttpResponse:
    """One proposal: what it says, what may be done now, and everything that happened to it."""
    proposal = _visible(request, uid)
    steps = open_steps(actor_of(request), proposal, "proposal")
    context = {
        "proposal": proposal, "steps": steps, "missing": missing_parts(proposal), "form_code": form_code(proposal),
        "history": history(proposal, "proposal", today=timezone.localdate()), "checks": proposal.checks.all(),
        "procedure_cases": cases_of_proposal(actor_of(request), proposal, now=timezone.now()),
        "reason_form": ReasonForm(), "attach_form": AttachForm(),
        "may_edit": "submit" in steps, "may_attach": _may_attach(request, proposal),
    }  # fmt: skip
    return page(request, "programme/pipeline/proposal_page.html", context)


@screen(methods=("POST",))
def proposal_act(request: HttpRequest, uid: str, event: str) -> HttpResponse:
    """Take one step of a proposal."""
    proposal = _visible(request, uid)
    if event not in _ACTS:
        raise Http404
    act, takes_reason, message = _ACTS[event]
    extra: dict[str, Any] = {"reason": request.POST.get("reason", "")} if takes_reason else {}
    act(by=actor_of(request), proposal=proposal, on=timezone.localdate(), expected_version=version_of(request), **extra)
    return done(request, _(message), _address(proposal))


@screen(methods=("POST",))
def proposal_attach(request: HttpRequest, uid: str) -> HttpResponse:
    """Attach a file to a proposal."""
    return attach(request, _visible(request, uid))


@screen(methods=("GET", "HEAD"))
def proposal_word(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The proposal form A1, A2 or A3 as a Word file."""
    proposal = _visible(request, uid)
    return word_file(papers.proposal_form(proposal), f"Phieu de xuat {proposal.code}")


@screen(methods=("GET", "HEAD"))
def proposal_print(request: HttpRequest, uid: str) -> HttpResponse:
    """The proposal on an A4 page."""
    proposal = _visible(request, uid)
    context = {"proposal": proposal, "form_code": form_code(proposal)}
    return page(request, "programme/pipeline/proposal_print.html", context)


_ACTS: dict[str, tuple[Callable[..., Any], bool, str]] = {
    "submit": (services.submit_proposal, False, "Đã nộp phiếu đề xuất."),
    "accept": (services.accept_proposal, False, "Đã xác nhận phiếu hợp lệ."),
    "return": (services.return_proposal, True, "Đã trả lại phiếu để bổ sung."),
    "withdraw": (services.withdraw_proposal, True, "Đã rút phiếu đề xuất."),
    "drop": (services.drop_proposal, True, "Đã ghi không đưa vào danh mục."),
}


def _visible(request: HttpRequest, uid: str) -> Proposal:
    rows = visible_proposals(actor_of(request)).select_related(
        "plan", "field", "line", "plan_item", "proposer__parent", "orderer", "proposed_by__person", "rule_set"
    )
    return get_object_or_404(rows, uid=uid)


def _own(request: HttpRequest, uid: str) -> Proposal:
    """The proposal when the person may write it; what others may only read is not found here."""
    proposal = _visible(request, uid)
    if Role.PROPOSER not in roles_on(actor_of(request), proposal):
        raise Http404
    return proposal


def _may_attach(request: HttpRequest, proposal: Proposal) -> bool:
    return bool(roles_on(actor_of(request), proposal) & {Role.PROPOSER, Role.SPECIALIST, Role.HEAD})


def _address(proposal: Proposal) -> str:
    return reverse("proposal_page", args=[proposal.uid])


def _edit_address(proposal: Proposal) -> str:
    return reverse("proposal_edit", args=[proposal.uid])
