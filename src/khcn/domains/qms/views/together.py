"""Screens that do one thing for many documents: drafts for what has no procedure yet, one step on many drafts."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.domains.qms.choices import Duty, RevisionState
from khcn.domains.qms.forms.documents import TogetherForm
from khcn.domains.qms.models import DocumentRevision
from khcn.domains.qms.permissions import duties_on
from khcn.domains.qms.rules.machines import MACHINES
from khcn.domains.qms.services import drafting
from khcn.domains.qms.views.standing import required_system
from khcn.lib.actor import Actor
from khcn.web.acting import actor_of
from khcn.web.listing import paginate
from khcn.web.screens import done, page, screen

OPEN = (RevisionState.DRAFT, RevisionState.IN_REVIEW)
TOLD = 5
EVENTS = {
    "submit": (gettext_lazy("Gửi xem xét"), "send"), "review": (gettext_lazy("Xác nhận đã xem xét"), "eye-check"),
    "approve": (gettext_lazy("Phê duyệt"), "circle-check"),
}  # fmt: skip
"""Step of the machine that can be taken on many → its button."""


@screen(methods=("POST",))
def draft_missing(request: HttpRequest) -> HttpResponse:
    """Draft a procedure for every service that has none."""
    actor, system = actor_of(request), required_system(request)
    drafted = drafting.draft_missing(by=actor, system=system)
    to = f"{reverse('qms_documents_together')}?co_quan={system.uid}"
    return done(request, _("Đã soạn %(n)d quy trình từ thủ tục đã công bố.") % {"n": len(drafted)}, to)


@screen
def documents_together(request: HttpRequest) -> HttpResponse:
    """Drafts and documents under review, to be sent, looked at or approved together."""
    actor, system = actor_of(request), required_system(request)
    rows = DocumentRevision.objects.filter(system=system, state__in=OPEN).order_by("state", "document__code", "pk")
    rows = rows.select_related("document", "author__person", "reviewer__person", "system__organisation")
    form = TogetherForm(request.POST or None)
    here = f"{reverse('qms_documents_together')}?co_quan={system.uid}"
    may = duties_on(actor, system) | {str(Duty.OWNER)}
    machine = MACHINES["revision"]
    open_events = [name for name in EVENTS if may & {str(duty) for duty in machine.step(name).duties}]
    if request.method == "POST" and form.is_valid():
        ticked = set(request.POST.getlist("chon"))
        chosen = [row for row in rows if str(row.uid) in ticked]
        acts: dict[str, Callable[[Actor], drafting.Together]] = {
            "submit": lambda by: drafting.submit_all(by=by, revisions=chosen),
            "review": lambda by: drafting.review_all(by=by, revisions=chosen),
            "approve": lambda by: drafting.approve_all(
                by=by, revisions=chosen, effective_from=form.cleaned_data["effective_from"] or by.on
            ),
        }
        event = request.POST.get("event", "")
        if not chosen or event not in acts:
            messages.error(request, _("Chọn ít nhất một tài liệu và một việc cần làm."))
        else:
            outcome = acts[event](actor)
            for code, why in outcome.refused[:TOLD]:
                messages.error(request, f"{code}: {_(why)}")
            return done(request, _("Đã làm %(n)d tài liệu.") % {"n": len(outcome.done)}, here)
    context = {
        "form": form, "system": system, "page": paginate(rows, request),
        "events": [(name, *EVENTS[name]) for name in open_events], "approves": "approve" in open_events,
    }  # fmt: skip
    return page(request, "qms/documents/together.html", context, status=form.status)
