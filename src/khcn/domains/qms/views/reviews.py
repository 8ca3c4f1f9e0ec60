"""Screens of management reviews, announcements and inspections."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.qms.choices import Duty, InspectionState, ReviewState
from khcn.domains.qms.forms.acts import ResultForm, ReviewPlanForm
from khcn.domains.qms.forms.inspections import InspectionFindingForm, InspectionForm, RemedyForm
from khcn.domains.qms.models import Announcement, Inspection, InspectionFinding, ManagementReview, ReviewDecision
from khcn.domains.qms.permissions import OVERSEERS, duties_on, require_duty, visible_systems
from khcn.domains.qms.queries.papers import announcement_paper, review_minutes
from khcn.domains.qms.queries.papers.review_inputs import compile_inputs
from khcn.domains.qms.queries.scope import scope_difference
from khcn.domains.qms.services import announcements, inspections, reviews
from khcn.domains.qms.views import catalogue
from khcn.domains.qms.views.acts import history, offered
from khcn.domains.qms.views.lists import show
from khcn.domains.qms.views.standing import required_system
from khcn.kernel.documents.queries import content_of
from khcn.kernel.orgs.models import Organisation
from khcn.standards.nd30.pdf_writer import render_pdf
from khcn.web.acting import actor_of
from khcn.web.fields import state_mark
from khcn.web.screens import done, page, screen, version_of
from khcn.web.uploads import download_response


@screen(methods=("GET", "HEAD"))
def review_list(request: HttpRequest) -> HttpResponseBase:
    """Management reviews."""
    return show(request, catalogue.REVIEWS)


@screen
def review_new(request: HttpRequest) -> HttpResponse:
    """Set a day for a review."""
    actor, system = actor_of(request), required_system(request)
    require_duty(actor, system, Duty.SECRETARY, Duty.HEAD)
    form = ReviewPlanForm(request.POST or None, system=system)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            review = reviews.plan_review(by=actor, system=system, **form.cleaned_data)
            return done(request, _("Đã lên lịch."), reverse("qms_review_page", args=[review.uid]))
    context = {"form": form, "system": system, "title": _("Lên lịch xem xét"), "back": reverse("qms_review_list")}
    return page(request, "qms/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def review_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A review: its inputs (as they are now, until frozen), minutes, decisions."""
    review, actor = _review(request, uid), actor_of(request)
    frozen = review.state != ReviewState.PLANNED
    inputs = review.inputs.get("inputs", []) if frozen else [
        item.plain() for item in compile_inputs(review.system, on=actor.on)
    ]  # fmt: skip
    context = {
        "review": review, "system": review.system, "inputs": inputs, "is_frozen": frozen,
        "acts": offered(actor, "management_review", review), "history": history(review),
        "decisions": review.decisions.select_related("owner__person"), "today": timezone.localdate(),
    }  # fmt: skip
    return page(request, "qms/reviews/review.html", context)


@screen(methods=("GET", "HEAD"))
def review_paper(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The minutes: the signed paper, or a draft of it."""
    review = _review(request, uid)
    if review.paper is not None:
        content = content_of(review.paper.revisions.latest("number"))
    else:
        content = render_pdf(review_minutes(review, signer=""))
    return _pdf(content, f"{review.code}.pdf")


@screen
def decision_done(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say what came of a decision."""
    rows = ReviewDecision.objects.filter(review__system__in=visible_systems(actor_of(request)))
    decision = get_object_or_404(rows.select_related("review__system__organisation", "owner"), uid=uid)
    form = ResultForm(request.POST or None, record=decision.review)
    back = reverse("qms_review_page", args=[decision.review.uid])
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            reviews.complete_decision(by=actor_of(request), decision=decision, **form.cleaned_data)
            return done(request, _("Đã ghi kết quả."), back)
    context = {
        "form": form, "system": decision.review.system, "title": _("Kết quả thực hiện kết luận"),
        "subtitle": decision.what, "back": back,
    }  # fmt: skip
    return page(request, "qms/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def announcement_list(request: HttpRequest) -> HttpResponseBase:
    """Announcements."""
    return show(request, catalogue.ANNOUNCEMENTS)


@screen
def announcement_new(request: HttpRequest) -> HttpResponse:
    """Draft an announcement from what is in effect."""
    actor, system = actor_of(request), required_system(request)
    require_duty(actor, system, Duty.SECRETARY)
    if request.method == "POST":
        found = announcements.draft_announcement(by=actor, system=system)
        return done(request, _("Đã soạn bản công bố."), reverse("qms_announcement_page", args=[found.uid]))
    context = {"system": system, "difference": scope_difference(system), "back": reverse("qms_announcement_list")}
    return page(request, "qms/reviews/announcement_new.html", context)


@screen(methods=("GET", "HEAD"))
def announcement_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An announcement with its procedures, and how the scope stands now."""
    found, actor = _announcement(request, uid), actor_of(request)
    context = {
        "announcement": found, "system": found.system, "acts": offered(actor, "announcement", found),
        "history": history(found), "difference": scope_difference(found.system),
    }  # fmt: skip
    return page(request, "qms/reviews/announcement.html", context)


@screen(methods=("GET", "HEAD"))
def announcement_file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The announcement in the official layout: as published, or as it would be."""
    found = _announcement(request, uid)
    if found.paper is not None:
        return _pdf(content_of(found.paper.revisions.latest("number")), "ban-cong-bo.pdf")
    if found.effective_from is None:
        found.effective_from = timezone.localdate()
    return _pdf(render_pdf(announcement_paper(found)), "ban-cong-bo-du-thao.pdf")


@screen(methods=("GET", "HEAD"))
def inspection_list(request: HttpRequest) -> HttpResponseBase:
    """Inspections."""
    links = []
    if actor_of(request).holds(*OVERSEERS):
        links.append({"address": reverse("qms_inspection_new"), "icon": "plus", "title": _("Lập kế hoạch kiểm tra")})
    return show(request, catalogue.INSPECTIONS, {"links": links})


@screen
def inspection_new(request: HttpRequest) -> HttpResponse:
    """Plan an inspection."""
    actor = actor_of(request)
    inspector = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    if not actor.holds(*OVERSEERS) or inspector is None:
        raise Http404
    form = InspectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            values = dict(form.cleaned_data)
            found = inspections.plan_inspection(by=actor, system=values.pop("agency"), inspector=inspector, **values)
            return done(request, _("Đã lập kế hoạch kiểm tra."), reverse("qms_inspection_page", args=[found.uid]))
    context = {"form": form, "title": _("Lập kế hoạch kiểm tra"), "back": reverse("qms_inspection_list")}
    return page(request, "qms/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def inspection_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An inspection with its findings."""
    found, actor = _inspection(request, uid), actor_of(request)
    duties = duties_on(actor, found.system)
    context = {
        "inspection": found, "system": found.system, "findings": found.findings.select_related("nonconformity"),
        "acts": offered(actor, "inspection", found), "history": history(found), "today": timezone.localdate(),
        "can_find": found.state == InspectionState.CHECKING and "overseer" in duties,
        "can_remedy": found.state == InspectionState.REMEDYING and bool(duties & {"secretary", "head"}),
    }  # fmt: skip
    return page(request, "qms/reviews/inspection.html", context)


@screen
def inspection_finding_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write down what is wrong."""
    found = _inspection(request, uid)
    form = InspectionFindingForm(request.POST or None, record=found)
    back = reverse("qms_inspection_page", args=[found.uid])
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            inspections.add_inspection_finding(by=actor_of(request), inspection=found, **form.cleaned_data)
            return done(request, _("Đã ghi tồn tại."), back)
    context = {"form": form, "system": found.system, "title": _("Ghi tồn tại"), "subtitle": str(found), "back": back}
    return page(request, "qms/form.html", context, status=form.status)


@screen
def remedy(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say how a finding was mended."""
    rows = InspectionFinding.objects.filter(inspection__system__in=visible_systems(actor_of(request)))
    finding = get_object_or_404(rows.select_related("inspection__system__organisation"), uid=uid)
    form = RemedyForm(request.POST or None, record=finding.inspection, initial={"remedy": finding.remedy})
    back = reverse("qms_inspection_page", args=[finding.inspection.uid])
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            inspections.report_remedy(
                by=actor_of(request), finding=finding, expected_version=version_of(request), **form.cleaned_data
            )
            return done(request, _("Đã báo cáo khắc phục."), back)
    context = {
        "form": form, "system": finding.inspection.system, "title": _("Báo cáo khắc phục"), "subtitle": finding.content,
        "back": back, "version": state_mark(finding),
    }  # fmt: skip
    return page(request, "qms/form.html", context, status=form.status)


def _pdf(content: bytes, filename: str) -> HttpResponseBase:
    return download_response(content, filename, media_type="application/pdf")


def _review(request: HttpRequest, uid: UUID) -> ManagementReview:
    rows = ManagementReview.objects.filter(system__in=visible_systems(actor_of(request)))
    return get_object_or_404(rows.select_related("system__organisation", "paper"), uid=uid)


def _announcement(request: HttpRequest, uid: UUID) -> Announcement:
    rows = Announcement.objects.filter(system__in=visible_systems(actor_of(request)))
    return get_object_or_404(rows.select_related("system__organisation__parent", "paper", "confirmed_by"), uid=uid)


def _inspection(request: HttpRequest, uid: UUID) -> Inspection:
    rows = Inspection.objects.filter(system__in=visible_systems(actor_of(request)))
    return get_object_or_404(rows.select_related("system__organisation", "inspector"), uid=uid)
