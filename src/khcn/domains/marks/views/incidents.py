"""Reports about rights: the register for the office and inspectors, one report, and the page where buyers write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.domains.marks.choices import IncidentAct
from khcn.domains.marks.forms import incidents as forms
from khcn.domains.marks.forms.filters import IncidentFilter
from khcn.domains.marks.models import Incident, IncidentEvidence
from khcn.domains.marks.permissions import (
    is_of_the_state,
    may_conclude,
    may_decide,
    may_keep,
    visible_incidents,
    visible_rights,
)
from khcn.domains.marks.queries.incidents import hand_over_paper
from khcn.domains.marks.rules.incidents import INCIDENT_STEPS, OPEN_STATES
from khcn.domains.marks.services import incidents
from khcn.domains.marks.views.acting import kept_right
from khcn.kernel.documents.queries import bytes_of
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.standards.nd30.docx_writer import render_docx
from khcn.standards.nd30.pdf_writer import render_pdf
from khcn.web.acting import actor_of, one_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import DOCX, IMAGE_KINDS, PDF, download_response

MOST_AN_HOUR = 5
NOBODY = UUID(int=1)
EXPORT = Export(
    name="Tin bao phan anh",
    title="Sổ tin báo, phản ánh về quyền",
    columns=(
        Column("Mã", width=16), Column("Quyền", width=30), Column("Loại", width=24),
        Column("Nhận lúc", CellKind.DATETIME), Column("Nội dung", width=60), Column("Nơi thấy", width=30),
        Column("Bên bị phản ánh", width=30), Column("Mã tem", width=18), Column("Trạng thái", width=24),
        Column("Chuyển đến", width=30), Column("Ngày chuyển", CellKind.DATE), Column("Kết luận", width=50),
        Column("Quyết định xử lý", width=26), Column("Mức phạt (đồng)", CellKind.DONG),
    ),
    row=lambda one: (
        one.code, one.right.name, one.get_kind_display(), one.received_at, one.text, one.place, one.suspect,
        one.stamp_code, one.get_state_display(), one.handed_to.name if one.handed_to else "", one.handed_on,
        one.conclusion, one.decision, one.penalty_vnd,
    ),
)  # fmt: skip


@screen
def mark_incidents(request: HttpRequest) -> HttpResponseBase:
    """Reports that the actor may read, as a page or a file."""
    actor = actor_of(request)
    if not is_of_the_state(actor):
        raise Http404
    filters = filtered(IncidentFilter, request, visible_incidents(actor).select_related("handed_to"))
    orders = {"received": "received_at", "state": ("state", "-received_at"), "right": ("right__name", "-received_at")}
    found, ordering = order(filters.rows, request, orders, default="-received")
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, found)
    context = {"filters": filters, "ordering": ordering, "page": paginate(found, request)}
    return page(request, "marks/incident_list.html", context, part="list")


@screen
def mark_incident_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Enter a report."""
    right = kept_right(request, code)
    form, back = forms.IncidentForm(request.POST or None, right=right), reverse("mark_page", args=[code])
    if form.is_valid():
        with form.refusals():
            incident = incidents.receive_incident(
                by=actor_of(request), right=right, now=timezone.now(), **form.cleaned_data
            )
            return done(request, _("Đã ghi tin báo."), reverse("mark_incident", args=[incident.code]))
    context = {"form": form, "label": _("Ghi tin báo"), "back": back, "subject": right}
    return page(request, "marks/form.html", context, status=form.status)


@dataclass(frozen=True)
class Act:
    """One thing done with a report."""

    act: IncidentAct
    label: Any
    form: Callable[..., Any]
    run: Callable[[HttpRequest, Incident, dict[str, Any]], Any]
    needs: str


ACTS: Mapping[str, Act] = {
    "xac-minh": Act(
        IncidentAct.CHECK, gettext_lazy("Xác minh"), forms.StepForm,
        lambda request, one, data: incidents.check_incident(
            by=actor_of(request), incident=one, expected_version=version_of(request), **data), "keep",
    ),
    "chuyen": Act(
        IncidentAct.HAND_OVER, gettext_lazy("Chuyển cơ quan thanh tra"), forms.HandOverForm,
        lambda request, one, data: incidents.hand_over(
            by=actor_of(request), incident=one, expected_version=version_of(request), **data), "decide",
    ),
    "ket-luan": Act(
        IncidentAct.DISMISS, gettext_lazy("Ghi kết luận"), forms.ConcludeForm,
        lambda request, one, data: incidents.conclude_incident(
            by=actor_of(request), incident=one, expected_version=version_of(request), **data), "conclude",
    ),
}  # fmt: skip


def _allowed(actor: Actor, incident: Incident) -> dict[str, bool]:
    return {
        "keep": may_keep(actor, incident.right), "decide": may_decide(actor, incident.right),
        "conclude": may_conclude(actor, incident),
    }  # fmt: skip


def _incident(request: HttpRequest, code: str) -> Incident:
    rows = visible_incidents(actor_of(request)).select_related("handed_to", "use")
    found: Incident = one_of(rows, code=code)
    return found


@screen
def mark_incident(request: HttpRequest, code: str) -> HttpResponseBase:
    """One report as a whole."""
    incident, actor = _incident(request, code), actor_of(request)
    allowed = _allowed(actor, incident)
    acts = [
        (key, one.label) for key, one in ACTS.items()
        if allowed[one.needs] and incident.state in INCIDENT_STEPS[one.act][0]
    ]  # fmt: skip
    context = {
        "incident": incident, "right": incident.right, "steps": incident.steps.select_related("done_by__person"),
        "evidence": incident.evidence.select_related("file"), "acts": acts,
        "may_add": (allowed["keep"] or allowed["conclude"]) and incident.state in OPEN_STATES,
    }  # fmt: skip
    return page(request, "marks/incident_page.html", context)


@screen
def mark_incident_act(request: HttpRequest, code: str, act: str) -> HttpResponseBase:
    """Do one of the things that are done with a report."""
    incident, chosen = _incident(request, code), ACTS.get(act)
    if chosen is None or not _allowed(actor_of(request), incident)[chosen.needs]:
        raise Http404
    form, back = chosen.form(request.POST or None), reverse("mark_incident", args=[code])
    if form.is_valid():
        with form.refusals():
            chosen.run(request, incident, form.cleaned_data)
            return done(request, _("Đã ghi."), back)
    context = {
        "form": form, "label": chosen.label, "back": back, "subject": incident, "version": incident.version,
    }  # fmt: skip
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_evidence_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Keep a picture or paper with a report."""
    incident, actor = _incident(request, code), actor_of(request)
    if not may_keep(actor, incident.right) and not may_conclude(actor, incident):
        raise Http404
    form, back = forms.EvidenceForm(request.POST or None, request.FILES or None), reverse("mark_incident", args=[code])
    if form.is_valid():
        with form.refusals():
            sent = form.cleaned_data["file"]
            incidents.add_evidence(
                by=actor, incident=incident, content=sent.read(), filename=sent.name, title=form.cleaned_data["title"]
            )
            return done(request, _("Đã thêm chứng cứ."), back)
    context = {"form": form, "label": _("Thêm chứng cứ"), "back": back, "subject": incident}
    return page(request, "marks/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def mark_evidence(request: HttpRequest, uid: str) -> HttpResponseBase:
    """A file of a report, for those who may read the report."""
    rows = IncidentEvidence.objects.filter(incident__in=visible_incidents(actor_of(request)))
    found: IncidentEvidence = one_of(rows.select_related("file"), uid=uid)
    media = found.file.media_type
    inline = media in {kind.media_type for kind in IMAGE_KINDS}
    return download_response(bytes_of(found.file), found.filename, media_type=media, inline=inline)


@screen(methods=("GET", "HEAD"))
def mark_incident_paper(request: HttpRequest, code: str, ending: str) -> HttpResponseBase:
    """The paper with which a report is handed over, as Word or PDF."""
    incident = _incident(request, code)
    if incident.handed_to is None:
        raise Http404
    paper = hand_over_paper(incident)
    if ending == "docx":
        return download_response(render_docx(paper), f"{incident.code}.docx", media_type=DOCX.media_type)
    return download_response(render_pdf(paper), f"{incident.code}.pdf", media_type=PDF.media_type)


@screen(login=False)
def public_report(request: HttpRequest, code: str) -> HttpResponseBase:
    """Say that goods do not look like what the mark promises; nobody needs an account."""
    right = visible_rights(None).filter(code=code).first()
    if right is None:
        raise Http404
    initial = {"stamp_code": request.GET.get("tem", "")[:60]}
    form = forms.ConsumerForm(request.POST or None, request.FILES or None, initial=initial)
    back = reverse("public_mark", args=[code])
    if form.is_valid():
        with form.refusals():
            _within_limit(request)
            data = dict(form.cleaned_data)
            photo = data.pop("photo")
            nobody = Actor(uid=NOBODY, name="Người tiêu dùng", on=timezone.localdate())
            incident = incidents.receive_consumer(
                by=nobody, right=right, now=timezone.now(), photo=(photo.read(), photo.name) if photo else None, **data
            )
            return done(
                request, _("Đã nhận phản ánh. Mã của bạn: %(code)s. Cảm ơn bạn.") % {"code": incident.code}, back
            )
    return page(request, "marks/public_report.html", {"right": right, "form": form, "back": back}, status=form.status)


def _within_limit(request: HttpRequest) -> None:
    key = f"marks.report.{request.META.get('REMOTE_ADDR', '')}.{int(timezone.now().timestamp()) // 3600}"
    cache.add(key, 0, timeout=3600)
    if cache.incr(key) > MOST_AN_HOUR:
        raise Refused("Quá nhiều phản ánh trong thời gian ngắn. Vui lòng thử lại sau một giờ.")
