"""Screens of internal audits: list, programme, an audit with its checklist for the phone, the report."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.qms.choices import AuditState, Duty, FindingKind, ProgrammeState
from khcn.domains.qms.forms.acts import AuditPlanForm, FindingForm, QuestionForm
from khcn.domains.qms.models import Audit, AuditProgramme, ChecklistItem, ProgrammeLine
from khcn.domains.qms.permissions import duties_on, may_keep, require_duty, visible_systems
from khcn.domains.qms.queries.papers import audit_plan, audit_report
from khcn.domains.qms.services import audits
from khcn.domains.qms.views import catalogue
from khcn.domains.qms.views.acts import history, offered
from khcn.domains.qms.views.lists import show
from khcn.domains.qms.views.standing import required_system, system_of
from khcn.standards.nd30.pdf_writer import render_pdf
from khcn.web.acting import actor_of
from khcn.web.fields import state_mark
from khcn.web.screens import done, page, screen, version_of
from khcn.web.uploads import download_response


@screen(methods=("GET", "HEAD"))
def audit_list(request: HttpRequest) -> HttpResponseBase:
    """Audits, with the programmes above them."""
    actor, system = actor_of(request), system_of(request)
    programmes = AuditProgramme.objects.filter(system__in=visible_systems(actor))
    links = [
        {"address": reverse("qms_programme_page", args=[row.uid]), "icon": "calendar-stats", "title": str(row)}
        for row in (programmes.filter(system=system)[:3] if system else [])
    ]
    if system is not None and may_keep(actor, system):
        year = actor.on.year
        if not programmes.filter(system=system, year=year).exists():
            address = f"{reverse('qms_programme_new')}?co_quan={system.uid}"
            links.append({"address": address, "icon": "plus", "title": _("Lập chương trình năm %(y)d") % {"y": year}})
    return show(request, catalogue.AUDITS, {"links": links})


@screen
def programme_new(request: HttpRequest) -> HttpResponse:
    """Draw up the year's programme from risks and history."""
    actor, system = actor_of(request), required_system(request)
    require_duty(actor, system, Duty.SECRETARY)
    if request.method == "POST":
        programme = audits.draft_programme(by=actor, system=system, year=actor.on.year)
        return done(request, _("Đã lập dự thảo chương trình."), reverse("qms_programme_page", args=[programme.uid]))
    context = {"system": system, "year": actor.on.year, "back": reverse("qms_audit_list")}
    return page(request, "qms/audits/programme_new.html", context)


@screen(methods=("GET", "HEAD"))
def programme_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A programme with its lines and audits."""
    programme, actor = _programme(request, uid), actor_of(request)
    lines = programme.lines.select_related("unit", "document").prefetch_related("audits")
    duties = duties_on(actor, programme.system)
    context = {
        "programme": programme, "system": programme.system, "lines": lines, "audits": programme.audits.all(),
        "acts": offered(actor, "audit_programme", programme), "history": history(programme),
        "can_edit": programme.state == ProgrammeState.DRAFT and "secretary" in duties,
        "can_plan": programme.state == ProgrammeState.APPROVED and bool(duties & {"secretary", "auditor"}),
    }  # fmt: skip
    return page(request, "qms/audits/programme.html", context)


@screen(methods=("POST",))
def line_remove(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a line out of a draft programme."""
    rows = ProgrammeLine.objects.filter(programme__system__in=visible_systems(actor_of(request)))
    line = get_object_or_404(rows.select_related("programme__system"), uid=uid)
    audits.remove_line(by=actor_of(request), line=line)
    return done(request, _("Đã bỏ dòng."), reverse("qms_programme_page", args=[line.programme.uid]))


@screen
def audit_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Plan an audit of lines of the programme."""
    programme, actor = _programme(request, uid), actor_of(request)
    require_duty(actor, programme.system, Duty.SECRETARY, Duty.AUDITOR)
    form = AuditPlanForm(request.POST or None, record=programme)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            values = {**form.cleaned_data, "team": list(form.cleaned_data["team"])}
            audit = audits.plan_audit(by=actor, programme=programme, **values)
            return done(request, _("Đã lập kế hoạch đánh giá."), reverse("qms_audit_page", args=[audit.uid]))
    context = {
        "form": form, "system": programme.system, "title": _("Lập kế hoạch đánh giá"), "subtitle": str(programme),
        "back": reverse("qms_programme_page", args=[programme.uid]),
    }  # fmt: skip
    return page(request, "qms/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def audit_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An audit: plan, team, sample, checklist, report."""
    audit, actor = _audit(request, uid), actor_of(request)
    items = list(audit.items.select_related("document", "nonconformity"))
    counts = [(kind, sum(item.finding == kind for item in items)) for kind in FindingKind]
    duties = duties_on(actor, audit.system, audit)
    context = {
        "audit": audit, "system": audit.system, "items": items, "counts": counts, "today": timezone.localdate(),
        "team": audit.team.select_related("member__person", "member__unit"), "acts": offered(actor, "audit", audit),
        "history": history(audit), "open_items": sum(not item.finding for item in items),
        "can_sample": audit.state in (AuditState.PLANNED, AuditState.NOTIFIED)
        and bool(duties & {"secretary", "owner"}),
        "can_find": audit.state == AuditState.RUNNING and "owner" in duties,
    }  # fmt: skip
    return page(request, "qms/audits/audit.html", context)


@screen(methods=("POST",))
def checklist_prepare(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Draw the sample and write the questions."""
    audit = _audit(request, uid)
    items = audits.prepare_checklist(by=actor_of(request), audit=audit)
    return done(request, _("Đã lập %(n)d câu hỏi.") % {"n": len(items)}, reverse("qms_audit_page", args=[audit.uid]))


@screen
def question_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Add a point on the spot."""
    audit = _audit(request, uid)
    form = QuestionForm(request.POST or None, record=audit)
    back = reverse("qms_audit_page", args=[audit.uid])
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            audits.add_question(by=actor_of(request), audit=audit, **form.cleaned_data)
            return done(request, _("Đã thêm câu hỏi."), back)
    context = {"form": form, "system": audit.system, "title": _("Thêm câu hỏi"), "subtitle": str(audit), "back": back}
    return page(request, "qms/form.html", context, status=form.status)


@screen
def item_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One point on the phone: question, dossier, conclusion; then the next one without a conclusion."""
    rows = ChecklistItem.objects.filter(audit__system__in=visible_systems(actor_of(request)))
    item = get_object_or_404(rows.select_related("audit__system__organisation", "document"), uid=uid)
    initial = {"finding": item.finding, "evidence": item.evidence, "statement": item.statement}
    form = FindingForm(request.POST or None, system=item.audit.system, initial=initial)
    back = reverse("qms_audit_page", args=[item.audit.uid])
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            audits.record_finding(
                by=actor_of(request), item=item, expected_version=version_of(request), **form.cleaned_data
            )
            left = item.audit.items.filter(finding="").first()
            to = reverse("qms_item_page", args=[left.uid]) if left else back
            return done(request, _("Đã ghi điểm %(n)d.") % {"n": item.ordinal}, to)
    context = {
        "form": form, "item": item, "version": state_mark(item), "audit": item.audit, "system": item.audit.system,
        "back": back,
        "total": item.audit.items.count(), "before": item.audit.items.filter(ordinal__lt=item.ordinal).last(),
        "after": item.audit.items.filter(ordinal__gt=item.ordinal).first(),
    }  # fmt: skip
    return page(request, "qms/audits/item.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def report_file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The report in the official layout."""
    audit = _audit(request, uid)
    content = render_pdf(audit_report(audit))
    return download_response(content, f"{audit.code}.pdf", media_type="application/pdf")


@screen(methods=("GET", "HEAD"))
def plan_file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The plan in the official layout."""
    audit = _audit(request, uid)
    content = render_pdf(audit_plan(audit))
    return download_response(content, f"{audit.code}-ke-hoach.pdf", media_type="application/pdf")


def _programme(request: HttpRequest, uid: UUID) -> AuditProgramme:
    rows = AuditProgramme.objects.filter(system__in=visible_systems(actor_of(request)))
    return get_object_or_404(rows.select_related("system__organisation"), uid=uid)


def _audit(request: HttpRequest, uid: UUID) -> Audit:
    rows = Audit.objects.filter(system__in=visible_systems(actor_of(request)))
    return get_object_or_404(rows.select_related("system__organisation", "auditee", "programme"), uid=uid)
