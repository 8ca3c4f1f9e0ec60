"""Screens of difficulties: list, page, raising one, acts; directives."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.domains.programme.choices import IssueKind, IssueLevel, IssueState
from khcn.domains.programme.forms import issues as forms
from khcn.domains.programme.forms.execution import ActForm, ReasonForm
from khcn.domains.programme.models import Directive, Issue
from khcn.domains.programme.permissions import visible_issues, visible_tasks
from khcn.domains.programme.queries.saved_filters import filters_of
from khcn.domains.programme.services import issues as services
from khcn.domains.programme.views.acts import Act, by_event, by_role, offered, run_act
from khcn.kernel.procedures.queries import transitions_of
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column

ORDERS = {"code": "code", "title": "title", "raised": "raised_on", "due": "due_on", "state": "state"}


def _open(issue: Any) -> bool:
    return issue.state in services.OPEN_STATES


def _assignee(actor: Any, issue: Any) -> bool:
    mine = issue.assignee_id is not None and issue.assignee_id in actor.organisation_ids
    return (mine and issue.state in {"assigned", "escalated"}) or by_event("issue", "answer")(actor, issue)


ACTS: dict[str, Act] = {
    act.slug: act
    for act in (
        Act(
            "phan-loai", gettext_lazy("Phân loại"), forms.ClassifyForm,
            lambda by, issue, form, version: services.classify_issue(
                by=by, issue=issue, on=by.on, expected_version=version, **form.cleaned_data
            ),
            by_event("issue", "classify"), gettext_lazy("Đã phân loại."), icon="tags", tone="primary",
            initial=lambda issue: {"kind": issue.kind, "level": issue.level},
        ),
        Act(
            "giao-xu-ly", gettext_lazy("Giao xử lý"), forms.AssignForm,
            lambda by, issue, form, version: services.assign_issue(by=by, issue=issue, on=by.on, **form.cleaned_data),
            by_event("issue", "assign"), gettext_lazy("Đã giao xử lý."), icon="user-share", tone="primary",
            initial=lambda issue: {"assignee": issue.assignee, "due_on": issue.due_on},
        ),
        Act(
            "chuyen-cap-tren", gettext_lazy("Chuyển cấp trên"), forms.EscalateForm,
            lambda by, issue, form, version: services.escalate_issue(by=by, issue=issue, on=by.on, **form.cleaned_data),
            by_event("issue", "escalate"), gettext_lazy("Đã chuyển cấp trên."), icon="arrow-up",
        ),
        Act(
            "tra-loi", gettext_lazy("Trả lời"), forms.AnswerForm,
            lambda by, issue, form, version: services.answer_issue(by=by, issue=issue, on=by.on, **form.cleaned_data),
            _assignee, gettext_lazy("Đã trả lời; chờ đơn vị nêu xác nhận."), icon="message-reply", tone="primary",
            initial=lambda issue: {"answer": issue.answer},
        ),
        Act(
            "xac-nhan", gettext_lazy("Xác nhận đã giải quyết xong"), ActForm,
            lambda by, issue, form, version: services.confirm_issue(by=by, issue=issue, on=by.on),
            lambda actor, issue: issue.state == IssueState.ANSWERED and issue.reporter_id in actor.organisation_ids,
            gettext_lazy("Đã đóng vướng mắc."), icon="circle-check", tone="primary",
        ),
        Act(
            "xu-ly-tiep", gettext_lazy("Đề nghị xử lý tiếp"), ReasonForm,
            lambda by, issue, form, version: services.reopen_issue(by=by, issue=issue, on=by.on, **form.cleaned_data),
            lambda actor, issue: issue.state == IssueState.ANSWERED and issue.reporter_id in actor.organisation_ids,
            gettext_lazy("Đã đề nghị xử lý tiếp."), icon="refresh",
        ),
        Act(
            "gop", gettext_lazy("Gộp vào vướng mắc khác"), forms.MergeForm,
            lambda by, issue, form, version: services.merge_issue(by=by, issue=issue, on=by.on, **form.cleaned_data),
            by_event("issue", "merge"), gettext_lazy("Đã gộp."), icon="arrows-join",
        ),
        Act(
            "tinh-hinh", gettext_lazy("Ghi tình hình"), forms.NoteForm,
            lambda by, issue, form, version: services.note_state_of_play(
                by=by, issue=issue, on=by.on, **form.cleaned_data
            ),
            by_role(*Role, when=_open), gettext_lazy("Đã ghi tình hình xử lý."), icon="notes",
            is_addition=True,
        ),
        Act(
            "don-doc", gettext_lazy("Ban hành văn bản đôn đốc"), forms.DirectiveForm,
            lambda by, issue, form, version: services.issue_directive(by=by, issue=issue, **form.cleaned_data),
            by_role(Role.HEAD, Role.DIRECTOR, Role.LEADER, when=_open), gettext_lazy("Đã ban hành văn bản đôn đốc."),
            icon="speakerphone", is_addition=True,
        ),
    )
}  # fmt: skip


@screen
def issue_list(request: HttpRequest) -> HttpResponseBase:
    """Difficulties the actor may read."""
    mine = visible_issues(actor_of(request))
    visible = mine.select_related("reporter", "assignee", "task", "plan")
    filters = filtered(forms.IssueFilter, request, visible)
    rows, ordering = order(filters.rows, request, ORDERS, default="-raised")
    export = Export(
        _("Vướng mắc"), _("Khó khăn, vướng mắc"),
        [
            Column(_("Mã")), Column(_("Vướng mắc"), width=50), Column(_("Loại")), Column(_("Đơn vị nêu"), width=36),
            Column(_("Ngày nêu"), CellKind.DATE), Column(_("Cấp giải quyết"), width=26),
            Column(_("Nơi giải quyết"), width=36),
            Column(_("Hạn"), CellKind.DATE), Column(_("Trạng thái"), width=20),
        ],
        lambda item: [
            item.code, item.title, _(IssueKind(item.kind).label), str(item.reporter), item.raised_on,
            _(IssueLevel(item.level).label), str(item.assignee or ""), item.due_on, _(IssueState(item.state).label),
        ],
    )  # fmt: skip
    if export.asked_for(request):
        return export.respond(request, rows)
    context = {
        "filters": filters, "ordering": ordering, "page": paginate(rows, request), "today": timezone.localdate(),
        "saved": filters_of(actor_of(request), "issues"),
    }  # fmt: skip
    return page(request, "programme/issues/list.html", context, part="rows")


@screen
def issue_new(request: HttpRequest) -> HttpResponse:
    """Raise a difficulty."""
    actor = actor_of(request)
    form = forms.IssueForm(request.POST or None, actor=actor, initial={"task": request.GET.get("task")})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            issue = services.raise_issue(by=actor, on=timezone.localdate(), **form.cleaned_data)
            return done(request, _("Đã ghi vướng mắc."), reverse("issue_page", args=[issue.uid]))
    return page(request, "programme/issues/new.html", {"form": form}, status=form.status)


@screen(methods=("GET", "HEAD"))
def issue_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One difficulty with its history."""
    issue = _issue(request, uid)
    context = {
        "issue": issue,
        "opens_task": issue.task and visible_tasks(actor_of(request)).contains(issue.task),
        "notes": issue.notes.select_related("written_by").order_by("-on", "-id"),
        "directives": issue.directives.select_related("addressee"),
        "history": transitions_of(subject_uid=issue.uid).order_by("-id"),
        "acts": offered(ACTS, actor_of(request), issue, group="task"),
        "today": timezone.localdate(),
    }
    return page(request, "programme/issues/page.html", context)


@screen
def issue_act(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    """Run one act on a difficulty."""
    issue = _issue(request, uid)
    act = ACTS.get(slug)
    if act is None:
        raise Http404
    back = reverse("issue_page", args=[issue.uid])
    return run_act(request, act, issue, task=issue.task, back=back, template="programme/issues/act.html")


@screen
def directive_done(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say what came of a directive."""
    actor = actor_of(request)
    directive = get_object_or_404(Directive.objects.select_related("addressee", "issue", "task"), uid=uid)
    if not (actor.holds(Role.SPECIALIST, Role.HEAD) or directive.addressee_id in actor.organisation_ids):
        raise Http404
    known = {"result": directive.result, "on": directive.done_on or timezone.localdate()}
    form = forms.DirectiveDoneForm(request.POST or None, subject=directive, actor=actor, initial=known)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            services.complete_directive(
                by=actor, directive=directive, expected_version=version_of(request), **form.cleaned_data
            )
            back = reverse("issue_page", args=[directive.issue.uid]) if directive.issue else reverse("home")
            return done(request, _("Đã ghi kết quả thực hiện."), back)
    return page(request, "programme/issues/directive.html", {"form": form, "directive": directive}, status=form.status)


def _issue(request: HttpRequest, uid: UUID) -> Issue:
    visible = visible_issues(actor_of(request)).select_related("reporter", "assignee", "task", "plan", "merged_into")
    return get_object_or_404(visible, uid=uid)
