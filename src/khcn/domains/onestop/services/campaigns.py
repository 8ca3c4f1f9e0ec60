"""Surveys of everybody an agency serves: opened for some days, answered by whoever has the address, ended early."""

from datetime import date, datetime
from secrets import choice

from django.db import transaction
from django.utils import timezone

from khcn.domains.onestop.choices import Satisfaction
from khcn.domains.onestop.models import CampaignAnswer, SurveyCampaign
from khcn.domains.onestop.permissions import may_publish
from khcn.domains.onestop.services.intake import TRACKING_LENGTH, TRACKING_LETTERS
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused


def open_campaign(
    *, by: Actor, agency: Organisation, title: str, opens_on: date, closes_on: date, introduction: str = "",
    is_illustration: bool = False,
) -> SurveyCampaign:  # fmt: skip
    """Prepare a campaign; its address works from the first day to the end of the last."""
    _require_own(by, agency.pk)
    if not title.strip():
        raise Refused("Ghi tên đợt khảo sát.", field="title")
    if closes_on < opens_on:
        raise Refused("Ngày kết thúc không thể trước ngày bắt đầu.", field="closes_on")
    with transaction.atomic():
        campaign = SurveyCampaign.objects.create(
            agency=agency, title=title.strip()[:200], introduction=introduction.strip(), opens_on=opens_on,
            closes_on=closes_on, opened_by_id=by.user_id, is_illustration=is_illustration,
            tracking="".join(choice(TRACKING_LETTERS) for _ in range(TRACKING_LENGTH)),
        )  # fmt: skip
        record(by=by, verb="campaign.open", subject=campaign, after={"title": title, "closes_on": closes_on})
    return campaign


def end_campaign(*, by: Actor, campaign: SurveyCampaign, expected_version: int | None = None) -> SurveyCampaign:
    """Take no answers after today."""
    _require_own(by, campaign.agency_id)
    with transaction.atomic():
        campaign.claim(expected_version)
        if campaign.closes_on <= by.on:
            raise Refused("Đợt khảo sát này đã kết thúc.")
        campaign.closes_on = max(by.on, campaign.opens_on)
        campaign.save()
        record(by=by, verb="campaign.end", subject=campaign, after={"closes_on": campaign.closes_on})
    return campaign


def answer_campaign(
    *, by: Actor, campaign: SurveyCampaign, overall: Satisfaction, attitude: Satisfaction, time: Satisfaction,
    comment: str = "", now: datetime | None = None,
) -> CampaignAnswer:  # fmt: skip
    """Keep one answer while the campaign is open; nobody is asked who they are."""
    now = now or timezone.now()
    if not campaign.is_open_on(timezone.localdate(now)):
        raise Refused("Đợt khảo sát này chưa mở hoặc đã kết thúc. Xin cảm ơn.")
    return CampaignAnswer.objects.create(
        campaign=campaign, overall=overall, attitude=attitude, time=time, comment=comment[:2000], at=now
    )


def _require_own(by: Actor, organisation_id: int) -> None:
    if not may_publish(by, organisation_id):
        raise Forbidden("Việc này dành cho chuyên viên và lãnh đạo của cơ quan khảo sát.")
