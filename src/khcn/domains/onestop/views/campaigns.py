"""Survey campaigns: list, opening one, what was answered; the page of whoever answers."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.onestop.choices import Satisfaction
from khcn.domains.onestop.forms.campaigns import CampaignForm
from khcn.domains.onestop.forms.dossiers import SurveyForm
from khcn.domains.onestop.forms.filters import CampaignFilter
from khcn.domains.onestop.models import SurveyCampaign
from khcn.domains.onestop.permissions import may_publish
from khcn.domains.onestop.queries.campaigns import outcome_of, visible_campaigns
from khcn.domains.onestop.services import campaigns
from khcn.domains.onestop.views.public import WORDS_PER_HOUR, citizen, qr_of, within_limit
from khcn.kernel.orgs.queries import organisations_on
from khcn.lib.dates import format_moment
from khcn.lib.failure import Forbidden
from khcn.web.acting import actor_of
from khcn.web.charts import Series, bars
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column

LIST = Export(
    name="dot-khao-sat", title="Đợt khảo sát mức độ hài lòng",
    columns=(
        Column("Cơ quan", width=40), Column("Tên đợt khảo sát", width=50), Column("Từ ngày", CellKind.DATE),
        Column("Đến hết ngày", CellKind.DATE), Column("Số phiếu", CellKind.INTEGER),
    ),
    row=lambda row: (row.agency.name, row.title, row.opens_on, row.closes_on, row.answered),
)  # fmt: skip
ANSWERS = Export(
    name="phieu-khao-sat", title="Phiếu khảo sát mức độ hài lòng",
    columns=(
        Column("Trả lời lúc", width=18), Column("Mức độ hài lòng chung", width=22), Column("Thái độ phục vụ", width=22),
        Column("Thời gian giải quyết", width=22), Column("Góp ý thêm", width=60),
    ),
    row=lambda row: (
        format_moment(timezone.localtime(row.at)), row.get_overall_display(), row.get_attitude_display(),
        row.get_time_display(), row.comment,
    ),
)  # fmt: skip


@screen(methods=("GET", "HEAD"))
def campaign_list(request: HttpRequest) -> HttpResponseBase:
    """Campaigns of the person's agencies."""
    filters = filtered(CampaignFilter, request, visible_campaigns(actor_of(request)))
    orders = {"title": "title", "opens": "opens_on", "closes": "closes_on", "answers": "answered"}
    found, ordering = order(filters.rows, request, orders, default="-opens")
    if LIST.asked_for(request):
        return LIST.respond(request, found)
    context = {
        "filters": filters, "page": paginate(found, request), "ordering": ordering, "today": timezone.localdate(),
        "may_open": _bodies(request).exists(),
    }  # fmt: skip
    return page(request, "onestop/campaign_list.html", context, part="list")


@screen
def campaign_new(request: HttpRequest) -> HttpResponseBase:
    """Open a campaign."""
    bodies = _bodies(request)
    if not bodies.exists():
        raise Forbidden("Việc này dành cho chuyên viên và lãnh đạo của cơ quan khảo sát.")
    form = CampaignForm(request.POST or None, bodies=bodies)
    if form.is_valid():
        with form.refusals():
            campaign = campaigns.open_campaign(by=actor_of(request), **form.cleaned_data)
            return done(request, _("Đã lập đợt khảo sát."), reverse("campaign_page", args=[campaign.uid]))
    context = {
        "form": form, "label": _("Lập đợt khảo sát"), "title": "", "place": _("Khảo sát mức độ hài lòng"),
        "back": reverse("campaign_list"),
    }  # fmt: skip
    return page(request, "onestop/act.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def campaign_page(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """What was answered so far, the address with its QR code, and every answer as a file."""
    campaign = get_object_or_404(visible_campaigns(actor_of(request)), uid=uid)
    if ANSWERS.asked_for(request):
        return ANSWERS.respond(request, campaign.answers.all())
    outcome = outcome_of(campaign)
    levels = [_(level.label) for level in Satisfaction]
    chart = bars(
        _("Số phiếu theo mức"), levels,
        [
            Series(_("Mức độ hài lòng chung"), list(outcome.overall.values())),
            Series(_("Thái độ phục vụ"), list(outcome.attitude.values())),
            Series(_("Thời gian giải quyết"), list(outcome.time.values())),
        ],
        heading=_("Mức"), download="?",
    )  # fmt: skip
    context = {
        "campaign": campaign, "outcome": outcome, "chart": chart, "mean": outcome.mean and float(outcome.mean),
        "address": request.build_absolute_uri(reverse("campaign_answer", args=[campaign.tracking])),
        "comments": campaign.answers.exclude(comment="")[:100], "is_open": campaign.is_open_on(timezone.localdate()),
        "may_end": may_publish(actor_of(request), campaign.agency_id) and campaign.closes_on > timezone.localdate(),
    }  # fmt: skip
    return page(request, "onestop/campaign_page.html", context)


@screen(methods=("POST",))
def campaign_end(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Take no answers after today."""
    campaign = get_object_or_404(visible_campaigns(actor_of(request)), uid=uid)
    campaigns.end_campaign(by=actor_of(request), campaign=campaign, expected_version=version_of(request))
    return done(request, _("Đã kết thúc đợt khảo sát."), reverse("campaign_page", args=[uid]))


@screen(login=False)
def campaign_answer(request: HttpRequest, tracking: str) -> HttpResponseBase:
    """The page of whoever answers; no account, no name."""
    campaign = get_object_or_404(SurveyCampaign.objects.select_related("agency"), tracking=tracking)
    form = SurveyForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            within_limit(request, "campaign", WORDS_PER_HOUR, 3600)
            campaigns.answer_campaign(by=citizen(), campaign=campaign, **form.cleaned_data)
            return done(request, _("Cảm ơn bạn đã đánh giá."), reverse("campaign_answer", args=[tracking]))
    context = {"campaign": campaign, "form": form, "is_open": campaign.is_open_on(timezone.localdate())}
    return page(request, "onestop/campaign_answer.html", context, status=form.status)


@screen(login=False, methods=("GET", "HEAD"))
def campaign_qr(request: HttpRequest, tracking: str) -> HttpResponseBase:
    """The QR code that leads to the campaign."""
    get_object_or_404(SurveyCampaign, tracking=tracking)
    return qr_of(request.build_absolute_uri(reverse("campaign_answer", args=[tracking])))


def _bodies(request: HttpRequest) -> Any:
    actor = actor_of(request)
    bodies = organisations_on(timezone.localdate()).filter(pk__in=actor.organisation_ids)
    return bodies.filter(pk__in=[body.pk for body in bodies if may_publish(actor, body.pk)])
