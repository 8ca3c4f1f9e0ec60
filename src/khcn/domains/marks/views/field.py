"""Visits of control on a phone, where there may be no signal: what is to be visited, and one visit's form."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.domains.marks.choices import Tier
from khcn.domains.marks.forms.control import VisitForm
from khcn.domains.marks.models import ControlVisit
from khcn.domains.marks.permissions import may_keep, may_keep_use, visible_uses
from khcn.domains.marks.services import control
from khcn.web.acting import actor_of, one_of
from khcn.web.field import worker_of
from khcn.web.screens import done, page, screen

MOST = 60


def may_fill(request: HttpRequest, visit: ControlVisit) -> bool:
    """Whether the actor writes down what this visit found."""
    actor = actor_of(request)
    return may_keep_use(actor, visit.use) if visit.tier == Tier.SELF else may_keep(actor, visit.use.right)


@screen(methods=("GET", "HEAD"))
def control_field(request: HttpRequest) -> HttpResponseBase:
    """What the actor is to visit, the nearest day first; the phone keeps these pages."""
    rows = ControlVisit.objects.filter(use__in=visible_uses(actor_of(request)), done_on=None)
    rows = rows.select_related("use__right", "use__organisation").order_by("planned_on", "-risk", "id")[: 3 * MOST]
    visits = [one for one in rows if may_fill(request, one)][:MOST]
    return page(request, "marks/field_home.html", {"visits": visits})


@screen
def control_field_visit(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One visit's form. A page that asks for JSON (the phone's queue) is told by JSON what became of it."""
    rows = ControlVisit.objects.filter(use__in=visible_uses(actor_of(request))).select_related("use__right")
    visit: ControlVisit = one_of(rows, uid=uid)
    if not may_fill(request, visit):
        raise Http404
    form = VisitForm(request.POST or None, request.FILES or None, visit=visit)
    if request.method == "POST" and "application/json" in request.headers.get("Accept", ""):
        return _answer_phone(request, form, visit)
    if form.is_valid():
        with form.refusals():
            _finish(request, form, visit, None)
            return done(request, _("Đã ghi kết quả kiểm soát."), reverse("control_field"))
    return page(request, "marks/field_visit.html", {"form": form, "visit": visit}, status=form.status)


def _finish(request: HttpRequest, form: VisitForm, visit: ControlVisit, record: UUID | None) -> None:
    control.finish_visit(by=actor_of(request), visit=visit, record_uid=record, **form.values())


def _answer_phone(request: HttpRequest, form: VisitForm, visit: ControlVisit) -> JsonResponse:
    record = _record(request)
    if record is not None and visit.record == record:
        return JsonResponse({"state": "known", "message": _("Đã ghi kết quả kiểm soát.")})
    if form.is_valid():
        with form.refusals():
            _finish(request, form, visit, record)
            return JsonResponse({"state": "stored", "message": _("Đã ghi kết quả kiểm soát.")})
    problems = [f"{label}: {text}" if label else text for _id, label, text in form.problems]
    return JsonResponse({"state": "refused", "message": " ".join(problems), "problems": form.errors}, status=422)


def _record(request: HttpRequest) -> UUID | None:
    try:
        return UUID(str(request.POST.get("record", "")))
    except ValueError:
        return None


def control_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker of the visits."""
    return worker_of("khcn-kiem-soat-1")


def control_manifest(_request: HttpRequest) -> HttpResponse:
    """What makes the visits installable."""
    home = reverse("control_field")
    value: dict[str, Any] = {
        "name": _("Kiểm soát tại chỗ"), "short_name": _("Kiểm soát"), "lang": "vi", "display": "standalone",
        "start_url": home, "scope": home, "id": "khcn-kiem-soat", "background_color": "#ffffff",
        "theme_color": "#0b6e4f", "icons": [],
    }  # fmt: skip
    return JsonResponse(value, content_type="application/manifest+json")
