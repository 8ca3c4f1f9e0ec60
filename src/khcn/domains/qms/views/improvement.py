"""Screens of nonconformities: list, board, a record, its actions."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.qms.choices import NonconformitySource, NonconformityState
from khcn.domains.qms.forms.acts import EvidenceForm, ExtendForm, NonconformityForm
from khcn.domains.qms.models import CorrectiveAction, Nonconformity
from khcn.domains.qms.permissions import duties_on, visible_systems
from khcn.domains.qms.services import nonconformities
from khcn.domains.qms.views import catalogue
from khcn.domains.qms.views.acts import history, offered
from khcn.domains.qms.views.lists import show
from khcn.domains.qms.views.standing import required_system, system_of
from khcn.web.acting import actor_of
from khcn.web.fields import state_mark
from khcn.web.screens import done, page, screen, version_of

BOARD = (
    NonconformityState.DRAFT, NonconformityState.ANALYSIS, NonconformityState.ACTION_PLAN,
    NonconformityState.IN_PROGRESS, NonconformityState.VERIFYING, NonconformityState.REOPENED,
)  # fmt: skip
SHOWN_PER_COLUMN = 30


@screen(methods=("GET", "HEAD"))
def nc_list(request: HttpRequest) -> HttpResponseBase:
    """Nonconformities."""
    links = [{"address": reverse("qms_nc_board"), "icon": "layout-kanban", "title": _("Bảng theo trạng thái")}]
    return show(request, catalogue.NONCONFORMITIES, {"links": links})


@screen(methods=("GET", "HEAD"))
def nc_board(request: HttpRequest) -> HttpResponse:
    """Open nonconformities by state."""
    system = system_of(request)
    rows = catalogue.NONCONFORMITIES.rows(actor_of(request)).select_related("owner__person")
    if system is not None:
        rows = rows.filter(system=system)
    columns = [(state, rows.filter(state=state).order_by("due_on", "id")[:SHOWN_PER_COLUMN]) for state in BOARD]
    context = {"columns": columns, "system": system, "today": timezone.localdate()}
    return page(request, "qms/improvement/board.html", context)


@screen
def nc_start(request: HttpRequest) -> HttpResponse:
    """The form without an agency in the address: goes to the asker's own."""
    system = required_system(request)
    return done(request, _("Ghi sự không phù hợp."), f"{reverse('qms_nc_new')}?co_quan={system.uid}")


@screen
def nc_new(request: HttpRequest) -> HttpResponse:
    """Note a nonconformity."""
    actor, system = actor_of(request), required_system(request)
    form = NonconformityForm(request.POST or None, system=system)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            found = nonconformities.note_nonconformity(
                by=actor, system=system, source=NonconformitySource.SELF, **form.cleaned_data
            )
            return done(request, _("Đã ghi phiếu."), reverse("qms_nc_page", args=[found.uid]))
    context = {"form": form, "system": system, "title": _("Ghi sự không phù hợp"), "back": reverse("qms_nc_list")}
    return page(request, "qms/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def nc_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A nonconformity with its cause, actions, checks."""
    found, actor = _nc(request, uid), actor_of(request)
    over = found.state in (NonconformityState.CLOSED, NonconformityState.CANCELLED)
    duties = duties_on(actor, found.system, found)
    context = {
        "nc": found, "system": found.system, "acts": offered(actor, "nonconformity", found), "history": history(found),
        "measures": found.actions.select_related("owner__person"), "checks": found.checks.select_related("checked_by"),
        "findings": found.findings.select_related("audit"), "today": timezone.localdate(), "is_over": over,
        "can_extend": "head" in duties and found.due_on is not None and not over,
        "can_complete": found.state == NonconformityState.IN_PROGRESS,
    }  # fmt: skip
    return page(request, "qms/improvement/nc.html", context)


@screen
def nc_extend(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Approve a later deadline."""
    found = _nc(request, uid)
    form = ExtendForm(request.POST or None, record=found)
    back = reverse("qms_nc_page", args=[found.uid])
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            nonconformities.extend_deadline(
                by=actor_of(request), nonconformity=found, expected_version=version_of(request), **form.cleaned_data
            )
            return done(request, _("Đã gia hạn."), back)
    context = {
        "form": form,
        "system": found.system,
        "title": _("Gia hạn khắc phục"),
        "version": found.version,
        "subtitle": str(found),
        "back": back,
    }
    return page(request, "qms/form.html", context, status=form.status)


@screen
def action_done(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say that an action was done."""
    rows = CorrectiveAction.objects.filter(nonconformity__system__in=visible_systems(actor_of(request)))
    action = get_object_or_404(rows.select_related("nonconformity__system__organisation", "owner"), uid=uid)
    form = EvidenceForm(request.POST or None, record=action.nonconformity, initial={"evidence": action.evidence})
    back = reverse("qms_nc_page", args=[action.nonconformity.uid])
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            nonconformities.complete_action(
                by=actor_of(request), action=action, expected_version=version_of(request), **form.cleaned_data
            )
            return done(request, _("Đã ghi hành động xong."), back)
    context = {
        "form": form, "system": action.nonconformity.system, "title": _("Hành động đã xong"), "subtitle": action.what,
        "back": back, "version": state_mark(action),
    }  # fmt: skip
    return page(request, "qms/form.html", context, status=form.status)


def _nc(request: HttpRequest, uid: UUID) -> Nonconformity:
    rows = Nonconformity.objects.filter(system__in=visible_systems(actor_of(request)))
    return get_object_or_404(
        rows.select_related("system__organisation", "owner__person", "document", "unit", "risk"), uid=uid
    )
