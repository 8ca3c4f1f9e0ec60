"""Steps taken on a dossier: each asks for what it needs, then calls its service; the engine's steps; absences."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.domains.onestop.forms import dossiers as forms
from khcn.domains.onestop.forms.campaigns import OriginalForm, ReturnForm
from khcn.domains.onestop.models import Absence
from khcn.domains.onestop.permissions import LEADERS
from khcn.domains.onestop.rules.statuses import STEPS
from khcn.domains.onestop.services import handling, intake, originals, work
from khcn.domains.onestop.views.acting import colleagues, dossier_of
from khcn.kernel.procedures.models import StepRun
from khcn.web.acting import actor_of
from khcn.web.screens import done, page, screen, version_of

ACTS: dict[str, tuple[Any, Callable[..., Any], dict[str, Any]]] = {
    "accept": (forms.AcceptForm, intake.accept, {}),
    "ask_intake": (forms.ContentsForm, intake.ask_intake, {}),
    "refuse": (forms.ReasonForm, intake.refuse, {}),
    "start": (None, handling.start, {}),
    "ask_supplement": (forms.SupplementForm, handling.ask_supplement, {}),
    "supplied": (forms.SuppliedForm, handling.supplied, {}),
    "demand_fee": (forms.FeeForm, handling.demand_fee, {}),
    "paid": (forms.PaymentForm, handling.record_payment, {}),
    "extend": (forms.ExtendForm, handling.extend, {}),
    "ask_withdraw": (forms.ReasonForm, handling.ask_withdraw, {}),
    "deny_withdraw": (forms.ReasonForm, handling.answer_withdrawal, {"allow": False}),
    "allow_withdraw": (forms.ReasonForm, handling.answer_withdrawal, {"allow": True}),
    "stop": (forms.ReasonForm, handling.stop, {}),
    "decide": (forms.DecideForm, handling.decide, {}),
    "hand_over": (forms.HandOverForm, handling.hand_over, {}),
}
"""Event → the form that asks, the service that acts, and what the event itself says."""


@screen
def dossier_act(request: HttpRequest, uid: str, event: str) -> HttpResponseBase:
    """Take one step on a dossier."""
    dossier = dossier_of(request, uid)
    if event not in ACTS:
        raise Http404
    form_class, act, fixed = ACTS[event]
    back, label = reverse("dossier_page", args=[dossier.uid]), STEPS[event].label
    arguments = {"by": actor_of(request), "dossier": dossier, "expected_version": version_of(request), **fixed}
    if form_class is None:
        if request.method == "POST":
            act(**arguments)
            return done(request, _("Đã thực hiện: %(step)s.") % {"step": _(label)}, back)
        form = None
    else:
        sent = request.method == "POST"
        form = form_class(request.POST if sent else None, request.FILES if sent else None, dossier=dossier)
        if form.is_valid():
            with form.refusals():
                act(**arguments, **form.values())
                return done(request, _("Đã thực hiện: %(step)s.") % {"step": _(label)}, back)
    context = {"dossier": dossier, "form": form, "label": label, "event": event, "back": back}
    return page(request, "onestop/act.html", context, status=form.status if form else 200)


@screen(methods=("POST",))
def run_complete(request: HttpRequest, uid: str, run: str) -> HttpResponseBase:
    """Finish a step of the internal procedure."""
    dossier, form = dossier_of(request, uid), forms.WorkForm(request.POST)
    found = get_object_or_404(StepRun, uid=run, case_id=dossier.case_id)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    work.complete_work(by=actor_of(request), dossier=dossier, run=found, note=note)
    return done(request, _("Đã xong bước “%(name)s”.") % {"name": found.name}, reverse("dossier_page", args=[uid]))


@screen
def run_assign(request: HttpRequest, uid: str, run: str) -> HttpResponseBase:
    """Hand a step to a colleague, or to whoever stands in for them."""
    dossier = dossier_of(request, uid)
    found = get_object_or_404(StepRun, uid=run, case_id=dossier.case_id)
    form = forms.AssignForm(request.POST or None, people=colleagues(actor_of(request)))
    back = reverse("dossier_page", args=[uid])
    if form.is_valid():
        with form.refusals():
            _run, actual = work.assign_work(by=actor_of(request), run=found, to=form.cleaned_data["to"])
            return done(request, _("Đã giao cho %(name)s.") % {"name": actual}, back)
    context = {"dossier": dossier, "form": form, "label": found.name, "back": back}
    return page(request, "onestop/act.html", context, status=form.status)


@screen
def original_take(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Take an original paper of the applicant in."""
    dossier, form = dossier_of(request, uid), OriginalForm(request.POST or None)
    back = reverse("dossier_page", args=[uid])
    if form.is_valid():
        with form.refusals():
            originals.take_original(by=actor_of(request), dossier=dossier, **form.cleaned_data)
            return done(request, _("Đã ghi bản chính nhận giữ."), back)
    context = {"dossier": dossier, "form": form, "label": _("Nhận giữ bản chính"), "back": back}
    return page(request, "onestop/act.html", context, status=form.status)


@screen
def original_return(request: HttpRequest, uid: str, original: str) -> HttpResponseBase:
    """Give an original back."""
    dossier = dossier_of(request, uid)
    found = get_object_or_404(dossier.originals.select_related("dossier"), uid=original)
    form = ReturnForm(request.POST or None, dossier=dossier)
    back = reverse("dossier_page", args=[uid])
    if form.is_valid():
        with form.refusals():
            originals.return_original(by=actor_of(request), original=found, **form.cleaned_data)
            return done(request, _("Đã ghi trả bản chính."), back)
    context = {"dossier": dossier, "form": form, "label": _("Trả bản chính"), "back": back}
    return page(request, "onestop/act.html", context, status=form.status)


@screen
def absence_list(request: HttpRequest) -> HttpResponseBase:
    """Who is away and who stands in; declare one's own, or one's people's as a head."""
    actor, people = actor_of(request), colleagues(actor_of(request))
    form = forms.AbsenceForm(request.POST or None, people=people, initial={"person": None})
    if form.is_valid():
        with form.refusals():
            _absence, moved = work.declare_absence(by=actor, **form.cleaned_data)
            message = _("Đã ghi vắng mặt; chuyển %(count)d việc cho người làm thay.") % {"count": moved}
            return done(request, message, reverse("absence_list"))
    rows = Absence.objects.filter(person__in=people).select_related("person__person", "substitute__person")[:100]
    context = {"form": form, "absences": rows, "is_head": actor.holds(*LEADERS)}
    return page(request, "onestop/absences.html", context, status=form.status)
